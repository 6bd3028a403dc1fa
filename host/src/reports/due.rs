//! What should be reported: what was paid and is not paid back.

use std::collections::BTreeMap;

use ydun_domain::ids::PartyId;
use ydun_domain::{Cpr, Day, Dkk, Period};
use ydun_runtime::manifest::{IncomeReport, RefundKind};

use super::difference::Due;
use super::{Amounts, Field, Key, Source, field};
use crate::tax::Settings;
use crate::tax::settings::RefundAmount;
use crate::tax::share::share;

/// An income that was paid, less what is paid back of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paid {
    pub(super) source: Source,
    pub(super) benefit: String,
    pub(super) party: PartyId,
    pub(super) cpr: Cpr,
    pub(super) posting_code: String,
    pub(super) period: Period,
    pub(super) disposal: Day,
    /// 13 or 14.
    pub(super) field: Field,
    /// What it costs.
    pub(super) gross: Dkk,
    /// After the person's own contributions.
    pub(super) income: Dkk,
    pub(super) a_tax: Dkk,
    pub(super) am_bidrag: Dkk,
    pub(super) atp: Dkk,
    pub(super) pension: Dkk,
    pub(super) report: Option<IncomeReport>,
}

impl Paid {
    pub(super) fn amounts(&self) -> Amounts {
        let amounts = [
            (self.field, self.income),
            (field::A_TAX, self.a_tax),
            (field::AM_BIDRAG, self.am_bidrag),
            (field::ATP, self.atp),
            (field::PENSION, self.pension),
        ];
        amounts.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
    }
}

/// What should be reported, and the payments of which nobody has said how.
pub(super) fn due<'a>(
    paid: &'a [Paid],
    settings: &Settings,
) -> (BTreeMap<Key, Due>, Vec<&'a Paid>) {
    let mut due: BTreeMap<Key, Due> = BTreeMap::new();
    let mut unreportable = Vec::new();
    for paid in paid {
        let Some(report) = &paid.report else {
            unreportable.push(paid);
            continue;
        };
        for (period, amounts) in by_year(paid.period, &told_amounts(paid, settings)) {
            let new = || Due { amounts: Amounts::new(), disposal: paid.disposal };
            let due = due.entry(key(paid, report, period)).or_insert_with(new);
            due.disposal = due.disposal.max(paid.disposal);
            for (field, amount) in amounts {
                *due.amounts.entry(field).or_default() += amount;
            }
        }
    }
    due.retain(|_, due| {
        due.amounts.retain(|_, amount| !amount.is_zero());
        !due.amounts.is_empty()
    });
    (due, unreportable)
}

/// What is told of an income, with what the refund rests on where there is an account for it.
pub(super) fn told_amounts(paid: &Paid, settings: &Settings) -> Amounts {
    let mut amounts = paid.amounts();
    if let Some(report) = &paid.report {
        let basis = settings.at(paid.disposal).refund_amount;
        amounts.extend(refund(paid, report, basis).filter(|(_, amount)| !amount.is_zero()));
    }
    amounts
}

fn key(paid: &Paid, report: &IncomeReport, period: Period) -> Key {
    let account = report.refund.as_ref().map(|refund| refund.text.clone());
    Key {
        cpr: paid.cpr,
        party: paid.party,
        period,
        income_type: report.income_type.clone(),
        income_kind: report.income_kind.clone().unwrap_or_default(),
        account: account.unwrap_or_default(),
    }
}

/// The amount that goes with the refund account.
fn refund(
    paid: &Paid,
    report: &IncomeReport,
    basis: RefundAmount,
) -> impl Iterator<Item = (Field, Dkk)> {
    let amount = match basis {
        RefundAmount::Gross => paid.gross,
        RefundAmount::Income => paid.income,
    };
    let field = report.refund.as_ref().map(|refund| match refund.kind {
        RefundKind::Benefit => field::REFUNDABLE_BENEFIT,
        RefundKind::CitizenSubsidy => field::CITIZEN_SUBSIDY,
    });
    field.map(|field| (field, amount)).into_iter()
}

/// Each earning year's part, so that a tax year can be opened again by itself: in proportion to its days.
pub(super) fn by_year(period: Period, amounts: &Amounts) -> Vec<(Period, Amounts)> {
    let years: Vec<Period> = (period.first().year()..=period.last().year())
        .filter_map(|year| Period::new(Day::new(year, 1, 1), Day::new(year, 12, 31)).ok())
        .filter_map(|year| year.overlap(period))
        .collect();
    let days: Vec<Dkk> = years.iter().map(|year| Dkk::from_oere(year.len().into())).collect();
    let mut by_year: Vec<(Period, Amounts)> =
        years.into_iter().map(|year| (year, Amounts::new())).collect();
    for (field, amount) in amounts {
        for ((_, amounts), part) in by_year.iter_mut().zip(share(*amount, &days)) {
            if !part.is_zero() {
                amounts.insert(*field, part);
            }
        }
    }
    by_year
}

#[cfg(test)]
mod tests {
    use ydun_domain::ids::PaymentId;

    use super::*;

    fn paid(period: &str, income: i64) -> Paid {
        Paid {
            source: Source::Payment(PaymentId::generate()),
            benefit: "b".to_owned(),
            party: PartyId(uuid::Uuid::from_u128(1)),
            cpr: "0101901234".parse().unwrap(),
            posting_code: "x".to_owned(),
            period: period.parse().unwrap(),
            disposal: "2026-01-30".parse().unwrap(),
            field: field::INCOME,
            gross: Dkk::from_kroner(income),
            income: Dkk::from_kroner(income),
            a_tax: Dkk::from_kroner(1),
            am_bidrag: Dkk::ZERO,
            atp: Dkk::ZERO,
            pension: Dkk::ZERO,
            report: Some(IncomeReport {
                income_type: "04".to_owned(),
                income_kind: None,
                refund: None,
                atp: false,
                pension: false,
            }),
        }
    }

    #[test]
    fn a_back_payment_over_years_is_one_report_for_each_year() {
        let both = [paid("2025-12-17..2026-01-15", 300)];
        let (due, unreportable) = due(&both, &Settings::new(vec![]));
        assert!(unreportable.is_empty());
        let shown: Vec<(String, Vec<i64>)> = due
            .iter()
            .map(|(key, due)| {
                (key.period.to_string(), due.amounts.values().map(|amount| amount.oere()).collect())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("2025-12-17..2025-12-31".to_owned(), vec![15_000, 50]),
                ("2026-01-01..2026-01-15".to_owned(), vec![15_000, 50]),
            ]
        );
    }

    #[test]
    fn payments_of_the_same_days_are_one_sum_and_one_without_a_way_is_named() {
        let mut mute = paid("2026-01-01..2026-01-31", 7);
        mute.report = None;
        let january =
            [paid("2026-01-01..2026-01-31", 300), paid("2026-01-01..2026-01-31", 20), mute];
        let (due, unreportable) = due(&january, &Settings::new(vec![]));
        assert_eq!(due.len(), 1);
        assert_eq!(due.values().next().unwrap().amounts[&field::INCOME], Dkk::from_kroner(320));
        assert_eq!(unreportable.len(), 1);
    }
}
