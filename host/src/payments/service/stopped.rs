//! What the bank's answers mean for requests to stop payments, and for money nobody wants paid.

use ydun_domain::Dkk;
use ydun_domain::ids::PaymentId;

use super::due::{are_overpaid, count_anew};
use super::moves::QUEUE;
use super::understand::{Requests, Step, Understood};
use super::withdraw::{Withdrawal, by_payment, withdraw};
use crate::access::{Act, Pay};
use crate::db::{Result, Tx};
use crate::payments::stop::StopState;
use crate::payments::store::{self, Part};
use crate::payments::{Payment, State};
use crate::tasks::{self, About, NewTask};

/// Moves the requests: by the bank's word on them, and by what became of the payment.
///
/// A payment that is paid after all was not stopped; one that is refused or comes back is not paid,
/// which is all that was asked for.
pub(super) async fn answer_requests(
    tx: &mut Tx,
    act: &Act<Pay>,
    requests: &Requests,
    understood: &Understood<'_>,
) -> Result<()> {
    let words = understood.stops.iter().map(|word| (word.payment, word.to, &word.cause));
    let ends = understood.steps.iter().filter_map(|step| {
        let to = match step.to {
            State::Settled => StopState::Refused,
            State::Stopped | State::Rejected | State::Returned => StopState::Stopped,
            _ => return None,
        };
        Some((step.payment, to, &step.cause))
    });
    let mut refused = Vec::new();
    for (payment, to, cause) in words.chain(ends) {
        let Some(request) = requests.get(&payment.id) else { continue };
        // A refusal can be overtaken by a stop; nothing else moves what has come to an end.
        let moves = request.state.is_open()
            || (request.state, to) == (StopState::Refused, StopState::Stopped);
        if moves {
            let answer = (!to.is_open()).then_some((act.at(), cause.as_str()));
            store::set_stop(tx, act.tenant(), payment.id, to, answer).await?;
            refused.extend((to == StopState::Refused).then_some((payment, cause)));
        }
    }
    for (payment, cause) in refused {
        tell_refused(tx, act, payment, cause).await?;
    }
    Ok(())
}

/// Takes back what is parked now and was not to be paid: somebody asked to stop it, or less is due by
/// a newer decision. What is still due of it becomes a task.
pub(super) async fn let_go(
    tx: &mut Tx,
    act: &Act<Pay>,
    requests: &Requests,
    steps: &[Step<'_>],
) -> Result<()> {
    let undone = |step: &&Step<'_>| step.to == State::Stopped || step.to.is_parked();
    let ids: Vec<PaymentId> = steps.iter().filter(undone).map(|step| step.payment.id).collect();
    let parts = by_payment(store::parts_of_payments(tx, act.tenant(), &ids).await?);
    for step in steps.iter().filter(undone) {
        let payment = step.payment;
        let Some(parts) = parts.get(&payment.id) else { continue };
        let overpaid = are_overpaid(tx, act.tenant(), parts).await?;
        let is_wanted = !requests.contains_key(&payment.id);
        if parts[0].state.is_parked() && (overpaid || !is_wanted) {
            take_back(tx, act, parts.clone(), is_wanted).await?;
        }
        if overpaid {
            let left = count_anew(tx, act, parts).await?;
            if is_wanted && left > Dkk::ZERO {
                ask_about_rest(tx, act, payment, left).await?;
            }
        }
    }
    Ok(())
}

async fn take_back(tx: &mut Tx, act: &Act<Pay>, parts: Vec<Part>, is_wanted: bool) -> Result<()> {
    let cause = if is_wanted {
        "taget tilbage, fordi der er mindre til gode efter en nyere afgørelse"
    } else {
        "taget tilbage, fordi den skulle standses"
    };
    withdraw(tx, act, vec![Withdrawal { parts, cause: cause.to_owned() }]).await
}

async fn tell_refused(tx: &mut Tx, act: &Act<Pay>, payment: &Payment, cause: &str) -> Result<()> {
    let title = format!("Banken har ikke standset udbetalingen på {}", payment.amount);
    let advice =
        "Pengene når frem til modtageren. Ret afgørelsen, hvis de ikke skulle være udbetalt.";
    tell(tx, act, payment, "stop-refused", title, format!("{cause}. {advice}")).await
}

async fn ask_about_rest(tx: &mut Tx, act: &Act<Pay>, payment: &Payment, left: Dkk) -> Result<()> {
    let title = format!("Der er stadig {left} til gode af en udbetaling, der ikke nåede frem");
    let advice = "Afgørelsen er ændret, siden pengene blev sendt. \
                  Udbetal igen, når modtageren har en konto; så udbetales det, der er til gode.";
    tell(tx, act, payment, "rest", title, advice.to_owned()).await
}

/// Tells once; whoever has dealt with it marks the task as done.
async fn tell(
    tx: &mut Tx,
    act: &Act<Pay>,
    payment: &Payment,
    what: &str,
    title: String,
    detail: String,
) -> Result<()> {
    let topic = format!("payment:{}:{what}", payment.id);
    let task = NewTask {
        business_key: topic.clone(),
        about: About::Case(payment.case_id),
        topic: topic.clone(),
        queue: QUEUE.to_owned(),
        title,
        detail: format!("{}. {detail}", payment.message),
        questions: Vec::new(),
        amount: Some(payment.amount),
        due: None,
    };
    let cases = payment.case_id..=payment.case_id;
    tasks::service::ask(tx, act, &topic, &cases, vec![task]).await
}
