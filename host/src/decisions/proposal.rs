//! A proposal, and whether there is anything in it to decide.

use ydun_domain::benefit::Outcome;
use ydun_domain::ids::{DecisionId, MonthRunId, RunId};
use ydun_domain::{Dkk, Period, Tenant};
use ydun_runtime::Digest;

use super::line::Stranger;
use super::{Basis, DecidedLine, Decision, Ruling, Status};
use crate::modules::run::{Answer, Run};

/// What a calculation would have decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub basis: Basis,
    pub run: RunId,
    pub month_run: Option<MonthRunId>,
    pub lines: Vec<DecidedLine>,
}

/// What a proposal changes, beside what is decided already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weighed {
    /// There is something to decide; `before` is what was decided for the days so far.
    New { id: DecisionId, digest: Digest, total: Dkk, before: Dkk },
    /// The same as is decided already: nothing to do.
    Unchanged(Dkk),
    /// No money, and none decided before.
    Nothing,
    /// A decision that begins on another day has some of the same days.
    Clashes(Period),
}

impl Proposal {
    /// What a run's outcome would decide; nothing when it is incomplete or needs a human.
    pub fn of(tenant: Tenant, run: &Run, outcome: &Outcome) -> Result<Option<Self>, Stranger> {
        let (Some(ruling), Answer::Given(answer)) = (Ruling::of(outcome.verdict), &run.answer)
        else {
            return Ok(None);
        };
        let basis = Basis {
            tenant,
            case: run.case,
            period: run.span,
            ruling,
            artifact: run.artifact,
            dossier: run.dossier.digest,
            outcome: answer.digest,
        };
        let lines = outcome.lines.iter().map(DecidedLine::of).collect::<Result<_, _>>()?;
        Ok(Some(Self { basis, run: run.id, month_run: None, lines }))
    }

    pub(super) fn total(&self) -> Dkk {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// Compares with the case's decisions that are in force.
    pub(super) fn weigh(&self, in_force: &[Decision]) -> Weighed {
        let period = self.basis.period;
        let clashes = |other: &&Decision| {
            other.basis.period.first() != period.first()
                && other.basis.period.overlap(period).is_some()
        };
        if let Some(other) = in_force.iter().find(clashes) {
            return Weighed::Clashes(other.basis.period);
        }
        let is_approved = |other: &&Decision| {
            other.basis.period.first() == period.first()
                && matches!(other.status, Status::Approved(_))
        };
        match in_force.iter().find(is_approved) {
            Some(approved) if self.says_the_same(approved) => Weighed::Unchanged(approved.total),
            None if self.lines.is_empty() && self.basis.ruling != Ruling::Refused => {
                Weighed::Nothing
            }
            before => Weighed::New {
                id: DecisionId::generate(),
                digest: self.basis.digest(&self.lines),
                total: self.total(),
                before: before.map_or(Dkk::ZERO, |before| before.total),
            },
        }
    }

    /// Whether there is something to decide beside the decision in force for the same days.
    pub fn changes(&self, in_force: Option<&Decision>) -> bool {
        let in_force = in_force.map_or(&[][..], std::slice::from_ref);
        matches!(self.weigh(in_force), Weighed::New { .. })
    }

    /// The steps may be told in other words; what is decided is the same.
    fn says_the_same(&self, approved: &Decision) -> bool {
        let same = |a: &Basis, b: &Basis| (a.period, a.ruling) == (b.period, b.ruling);
        same(&self.basis, &approved.basis) && self.lines == approved.lines
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use ydun_domain::ids::{CaseId, PartyId};

    use super::*;
    use crate::decisions::Mark;

    fn proposal(period: &str, ruling: Ruling, amounts: &[i64]) -> Proposal {
        let period: Period = period.parse().unwrap();
        let line = |(place, kroner): (usize, &i64)| DecidedLine {
            key: place.to_string(),
            payee: PartyId(uuid::Uuid::nil()),
            about: None,
            period,
            amount: Dkk::from_kroner(*kroner),
            posting: "tilskud".into(),
            reference: None,
            details: vec![],
        };
        let digest = Digest::of(b"");
        let case = CaseId(uuid::Uuid::nil());
        let tenant = 561.try_into().unwrap();
        Proposal {
            basis: Basis {
                tenant,
                case,
                period,
                ruling,
                artifact: digest,
                dossier: digest,
                outcome: digest,
            },
            run: RunId::generate(),
            month_run: None,
            lines: amounts.iter().enumerate().map(line).collect(),
        }
    }

    fn decision(proposal: Proposal, status: impl FnOnce(Mark) -> Status) -> Decision {
        let mark = Mark { at: DateTime::UNIX_EPOCH, by: "a".into() };
        let total = proposal.total();
        let Proposal { basis, run, month_run, lines } = proposal;
        let digest = basis.digest(&lines);
        let id = DecisionId::generate();
        Decision {
            id,
            run,
            month_run,
            basis,
            lines,
            total,
            digest,
            proposed: mark.clone(),
            status: status(mark),
        }
    }

    #[track_caller]
    fn check(new: &Proposal, in_force: &[Decision], expected: &str) {
        let found = match new.weigh(in_force) {
            Weighed::New { total, before, .. } => format!("new {total} before {before}"),
            Weighed::Unchanged(total) => format!("unchanged {total}"),
            Weighed::Nothing => "nothing".into(),
            Weighed::Clashes(other) => format!("clashes {other}"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn only_a_change_is_put_to_decision() {
        let october = "2020-10-01..2020-10-31";
        let granted = |amounts: &[i64]| proposal(october, Ruling::Granted, amounts);
        let refused = proposal(october, Ruling::Refused, &[]);
        let approved = |proposal: Proposal| decision(proposal, Status::Approved);
        let open = decision(granted(&[1]), |_| Status::Proposed);

        check(&granted(&[5, 2]), &[], "new 7,00 kr. before 0,00 kr.");
        check(&granted(&[5, 2]), &[approved(granted(&[5, 2]))], "unchanged 7,00 kr.");
        check(&granted(&[5, 2]), &[approved(granted(&[2, 5]))], "new 7,00 kr. before 7,00 kr."); // the same sum is not the same
        check(&granted(&[]), &[approved(granted(&[5]))], "new 0,00 kr. before 5,00 kr."); // taken back
        check(&granted(&[]), &[], "nothing");
        check(&granted(&[1]), &[open], "new 1,00 kr. before 0,00 kr."); // what is only proposed is not decided
        check(&refused, &[], "new 0,00 kr. before 0,00 kr."); // a refusal is a decision
        check(&refused, &[approved(refused.clone())], "unchanged 0,00 kr.");
        check(&refused, &[approved(granted(&[]))], "new 0,00 kr. before 0,00 kr.");
    }

    #[test]
    fn days_that_begin_elsewhere_may_not_overlap() {
        let october = proposal("2020-10-01..2020-10-31", Ruling::Granted, &[1]);
        let other = |period| decision(proposal(period, Ruling::Granted, &[1]), Status::Approved);
        check(&october, &[other("2020-09-01..2020-09-30")], "new 1,00 kr. before 0,00 kr.");
        check(&october, &[other("2020-09-15..2020-10-01")], "clashes 2020-09-15..2020-10-01");
        check(&october, &[other("2020-10-31..2020-11-30")], "clashes 2020-10-31..2020-11-30");
        check(&october, &[other("2020-10-01..2020-10-15")], "new 1,00 kr. before 1,00 kr."); // same first day: replaces it
    }
}
