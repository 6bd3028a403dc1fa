//! What can happen in the town.

mod bank;
mod cases;
mod close;
mod corrections;
mod decisions;
mod hearings;
mod payments;
mod reports;

use std::fmt;

use anyhow::Result;
use demo_municipality::people::Dice;
use ydun_domain::Month;

use crate::world::World;
pub(crate) use reports::REPORTS;

/// Something that happens. What it happens to is chosen when it does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    OpenCase,
    CloseCase,
    /// Papers are written down, late and out of order.
    MailComes,
    /// A fact turns out to be another, also one from long ago.
    CorrectFact,
    RunMonth {
        benefit: &'static str,
        month: Month,
    },
    /// A month that was run long ago is run again.
    RunAgain,
    SignList,
    RejectOne,
    Correct,
    SignCorrection,
    BeginHearing,
    HearingArrives,
    PartyAnswers,
    DecisionArrives,
    Stop,
    PayAgain,
    Redirect,
    Repay,
    SendStops,
    Send,
    Publish,
    BankWorks,
    HearBank,
    BankChanges,
    Reconcile,
    CheckClose,
    Report,
    RegisterChanges,
    NewCard,
    ReportOtherwise,
}

impl Deed {
    /// One of those that need no order.
    pub(crate) fn any(dice: &mut Dice) -> Self {
        const CHANCES: [(u64, Deed); 21] = [
            (1, Deed::CloseCase),
            (10, Deed::CorrectFact),
            (4, Deed::RunAgain),
            (7, Deed::SignList),
            (2, Deed::RejectOne),
            (5, Deed::Correct),
            (5, Deed::SignCorrection),
            (10, Deed::BeginHearing),
            (8, Deed::HearingArrives),
            (3, Deed::PartyAnswers),
            (10, Deed::DecisionArrives),
            (8, Deed::Stop),
            (10, Deed::PayAgain),
            (2, Deed::Redirect),
            (4, Deed::Repay),
            (7, Deed::BankChanges),
            (3, Deed::Reconcile),
            (3, Deed::CheckClose),
            (3, Deed::Report),
            (1, Deed::RegisterChanges),
            (1, Deed::NewCard),
        ];
        if dice.roll(40) == 0 {
            return Self::ReportOtherwise;
        }
        let mut rest = dice.roll(CHANCES.iter().map(|(chance, _)| chance).sum());
        for (chance, deed) in CHANCES {
            if rest < chance {
                return deed;
            }
            rest -= chance;
        }
        unreachable!("the rest is less than all chances together")
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunMonth { benefit, month } => write!(f, "run {month} of {benefit}"),
            other => fmt::Debug::fmt(other, f),
        }
    }
}

impl World<'_> {
    /// Does it, and says what came of it.
    pub(crate) async fn perform(&mut self, deed: Deed) -> Result<String> {
        match deed {
            Deed::OpenCase => self.open_case().await,
            Deed::CloseCase => self.close_case().await,
            Deed::MailComes => self.mail_comes().await,
            Deed::CorrectFact => self.correct_fact().await,
            Deed::RunMonth { benefit, month } => self.run_month(benefit, month).await,
            Deed::RunAgain => self.run_again().await,
            Deed::SignList => self.sign_list().await,
            Deed::RejectOne => self.reject_one().await,
            Deed::Correct => self.correct().await,
            Deed::SignCorrection => self.sign_correction().await,
            Deed::BeginHearing => self.begin_hearing().await,
            Deed::HearingArrives => self.hearing_arrives().await,
            Deed::PartyAnswers => self.party_answers().await,
            Deed::DecisionArrives => self.decision_arrives().await,
            Deed::Stop => self.stop().await,
            Deed::PayAgain => self.pay_again().await,
            Deed::Redirect => self.redirect().await,
            Deed::Repay => self.repay().await,
            Deed::SendStops => self.send_stops().await,
            Deed::Send => self.send().await,
            Deed::Publish => self.publish().await,
            Deed::BankWorks => self.bank_works(),
            Deed::HearBank => self.hear_bank().await,
            Deed::BankChanges => self.bank_changes(),
            Deed::Reconcile => self.reconcile().await,
            Deed::CheckClose => {
                self.check_close().await?;
                Ok("it names what differs".to_owned())
            }
            Deed::Report => self.report().await,
            Deed::RegisterChanges => Ok(self.register_changes()),
            Deed::NewCard => self.new_card().await,
            Deed::ReportOtherwise => self.report_otherwise().await,
        }
    }
}
