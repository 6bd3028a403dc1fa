//! The smallest complete benefit. Form, settings, letters and event stand in `manifest.json`.

use ydun_benefit::explain::why_refused;
use ydun_benefit::prelude::*;

/// An amount for each child at home, once a year.
#[derive(Debug)]
pub struct Julehjaelp;

impl Benefit for Julehjaelp {
    fn check(form: &Dossier) -> Vec<Finding> {
        let childless = |fact: &FactRef<'_>| fact.integer("children").is_ok_and(|count| count < 1);
        let finding = |application: FactRef<'_>| Finding {
            path: Some(application.id().to_owned()),
            code: "no-children".into(),
            severity: Severity::Warning,
            attributes: vec![],
        };
        Facts::of(form).kind("application").keep(childless).iter().map(finding).collect()
    }

    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
        let mut file = CaseFile::default();
        let in_time = |fact: &FactRef<'_>| dossier.span.contains(fact.valid().first());
        let Some(application) = Facts::of(dossier).kind("application").keep(in_time).first() else {
            let test = Test::new("application", "Der er søgt om julehjælp", "Julehjælp, pkt. 1");
            file.condition(test.state(State::NotAssessed));
            return Ok(file.close());
        };
        file.condition(has_children(application)?);
        file.condition(lives_here(application, dossier)?);
        file.condition(first_this_year(dossier));
        pay(application, dossier, &mut file)?;
        let mut outcome = file.close();
        outcome.effects = letter(application, &outcome).map(Effect::Letter).into_iter().collect();
        Ok(outcome)
    }
}

fn has_children(application: FactRef<'_>) -> Result<Tested, Failure> {
    let children = application.integer("children")?;
    let test = Test::new("children", "Der bor børn under 18 år hjemme", "Julehjælp, pkt. 1");
    Ok(test.rests_on(application).note("børn", children).is(children > 0))
}

fn lives_here(application: FactRef<'_>, dossier: &Dossier) -> Result<Tested, Failure> {
    let (applicant, day) = (application.about(), application.day("received")?);
    let test = Test::new("residence", "Ansøgeren bor i kommunen", "Julehjælp, pkt. 2");
    let Some(home) = Facts::of(dossier).kind("residence").about(applicant).on(day).only()? else {
        let reason = "Det er ikke oplyst, hvor ansøgeren bor.";
        return Ok(test.lacks(need("residence", applicant, Period::of_day(day), reason)));
    };
    let ours = home.text("municipality")? == Settings::of(dossier).text("municipality")?;
    Ok(test.rests_on(home).is(ours))
}

fn first_this_year(dossier: &Dossier) -> Tested {
    let first = dossier.span.first();
    let is_earlier = |day: Day| day < first && day.year() == first.year();
    let test = Test::new("once", "Der er ikke givet julehjælp i år", "Julehjælp, pkt. 3");
    test.is(!dossier.prior.iter().any(|line| is_earlier(line.period.last())))
}

fn pay(application: FactRef<'_>, dossier: &Dossier, file: &mut CaseFile) -> Result<(), Failure> {
    let children = application.integer("children")?;
    let each = Settings::of(dossier).amount("amount-per-child")?;
    let step = file.step("beloeb", "Julehjælp", "Julehjælp, pkt. 4");
    let step = step.input("børn", children).input("for hvert barn", each);
    let amount =
        step.gives_amount(each.decimal() * Decimal::from(children), Rounding::NearestOere)?;
    file.pay(PaymentLine {
        key: format!("julehjaelp:{}", dossier.span.first().year()),
        payee: application.about(),
        about: None,
        period: dossier.span,
        amount: &amount,
        posting: "julehjaelp",
        reference: None,
        details: vec![told("børn", children)],
    });
    Ok(())
}

fn letter(application: FactRef<'_>, outcome: &Outcome) -> Option<Letter> {
    let (template, fields) = match outcome.verdict {
        Verdict::Granted => ("bevilling", vec![told("beloeb", outcome.lines.first()?.amount)]),
        Verdict::Refused => ("afslag", vec![told("grund", why_refused(outcome))]),
        _ => return None,
    };
    Some(Letter {
        key: template.into(),
        template: template.into(),
        recipient: application.about().clone(),
        fields,
        steps: outcome.lines.iter().flat_map(|line| line.steps.clone()).collect(),
    })
}

ydun_benefit::export!(Julehjaelp);
