//! Who is paid for a month: the parent, the pension firm and ATP, and what is held back.

use ydun_benefit::prelude::*;

use crate::facts::{Atp, Case, PensionScheme, saved_on};
use crate::gross::{MonthGross, Part};
use crate::law::{self, Act};
use crate::rates;

/// The benefit has a posting for each act, because the state's share is verified for the older only.
fn benefit_posting(act: Act) -> &'static str {
    match act {
        Act::Services => "ydelse-serviceloven",
        Act::Children => "ydelse",
    }
}

/// What a benefit line tells beside the amount.
fn details(gross: &MonthGross, own_atp: Dkk) -> Vec<Attribute> {
    vec![told("bruttoydelse", gross.amount.value), told("eget ATP-bidrag", own_atp)]
}

/// Writes every line of a month.
pub(crate) fn pay(case: &Case<'_>, gross: &MonthGross, file: &mut CaseFile) -> Result<(), Failure> {
    pay_parent_and_atp(case, gross, file)?;
    pay_pension(case, gross, file)?;
    hold_back_savings(case, gross, file)
}

/// A line about this applicant, in this month.
struct Draft<'a> {
    name: &'a str,
    payee: &'a Party,
    amount: &'a Explained<Dkk>,
    posting: &'a str,
    reference: Option<&'a str>,
    details: Vec<Attribute>,
}

impl Draft<'_> {
    /// No money, no line.
    fn pay(self, case: &Case<'_>, gross: &MonthGross, file: &mut CaseFile) {
        if self.amount.value.is_zero() {
            return;
        }
        let about = Some(case.parent).filter(|parent| *parent != self.payee);
        file.pay(PaymentLine {
            key: format!("{}:{}:{}", self.name, case.parent, gross.month),
            payee: self.payee,
            about,
            period: gross.period,
            amount: self.amount,
            posting: self.posting,
            reference: self.reference,
            details: self.details,
        });
    }
}

/// The own share of ATP is taken before tax; what is left is field 13 of the tax report.
fn pay_parent_and_atp(
    case: &Case<'_>,
    gross: &MonthGross,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let atp = Atp::on(case, gross.period.first())?.expect("the condition 'atp' is met");
    let own = contribution("atp-own", atp.own, case.settings.atp_own, gross)?;
    let municipality =
        contribution("atp-municipality", atp.municipality, case.settings.atp_municipality, gross)?;
    let month = gross.month;
    let section = law::section(month.first());
    let own = file
        .step(&format!("atp-eget:{month}"), "Eget bidrag til ATP", section)
        .input("bidrag pr. måned", own)
        .from("bruttoydelse", &gross.amount)
        .gives(own.min(gross.amount.value));
    let municipality = file
        .step(&format!("atp-kommune:{month}"), "Kommunens bidrag til ATP", section)
        .input("bidrag pr. måned", municipality)
        .from_all([&gross.amount])
        .gives(municipality);
    let paid = file
        .step(&format!("ydelse:{month}"), format!("Ydelse for {}", month.in_words()), section)
        .from("bruttoydelse", &gross.amount)
        .from("eget bidrag til ATP", &own)
        .gives(gross.amount.value - own.value);

    let line = |name, payee, amount, posting| Draft {
        name,
        payee,
        amount,
        posting,
        reference: None,
        details: vec![],
    };
    let posting = benefit_posting(Act::on(month.first()));
    let benefit = line("ydelse", case.parent, &paid, posting);
    Draft { details: details(gross, own.value), ..benefit }.pay(case, gross, file);
    line("atp-eget", atp.receiver, &own, "atp-eget").pay(case, gross, file);
    line("atp-kommune", atp.receiver, &municipality, "atp-kommune").pay(case, gross, file);
    Ok(())
}

/// The amount of the case, else the municipality's; nothing is guessed.
fn contribution(
    key: &str,
    own_amount: Option<Dkk>,
    setting: Option<Dkk>,
    gross: &MonthGross,
) -> Result<Dkk, Failure> {
    let missing = || Failure::MissingRate(format!("{key} on {}", gross.month.first()));
    own_amount.or(setting).ok_or_else(missing)
}

/// A tenth of the gross benefit, and at most what the employer paid before.
fn pay_pension(case: &Case<'_>, gross: &MonthGross, file: &mut CaseFile) -> Result<(), Failure> {
    let day = gross.period.first();
    let (limit, firm, reference) = match PensionScheme::on(case, day)? {
        PensionScheme::Employer { contribution, firm, reference } => {
            (contribution, firm, reference)
        }
        PensionScheme::NotPaidIn => return Ok(()),
        PensionScheme::Unclear => {
            let reason = "Pensionsselskabet og arbejdsgiverens hidtidige bidrag mangler.";
            file.need(need("pension-scheme", case.parent, gross.period, reason));
            return Ok(());
        }
    };
    let percent = rates::pension(case, day)?;
    let share = percent.value / Decimal::ONE_HUNDRED;
    let of_part = |part: &Part| (part.gross * share).min(limit.decimal() * part.pension_share);
    let sum: Decimal = gross.parts.iter().map(of_part).sum();
    let label = format!("Bidrag til pension for {}", gross.month.in_words());
    let amount = file
        .step(&format!("pension:{}", gross.month), label, law::section(day))
        .from("bruttoydelse", &gross.amount)
        .input("procent", percent.value)
        .input("kilde", percent.source)
        .input("arbejdsgiverens hidtidige bidrag pr. måned", limit)
        .input("bidraget nedsættes efter timerne", case.settings.scales_pension_limit)
        .gives_amount(sum, Rounding::NearestOere)?;
    let posting = "pension";
    Draft { name: posting, payee: firm, amount: &amount, posting, reference, details: vec![] }
        .pay(case, gross, file);
    Ok(())
}

/// Saved expenses, for the days of the month with weekly hours. They are taken from the net after
/// tax, which only the host knows; so the line is below zero and has a posting of its own.
fn hold_back_savings(
    case: &Case<'_>,
    gross: &MonthGross,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let month = gross.month;
    let mut sum = Decimal::ZERO;
    let mut step = file
        .step(&format!("besparelser:{month}"), "Sparede udgifter", law::section(month.first()))
        .from_all([&gross.amount]);
    for (saving, monthly) in saved_on(case, gross.period)? {
        let days = saving.valid().within(month.period()).map(|own| gross.days.within(own));
        let (covered, all) = (days.map_or(0, |days| days.weekdays()), month.period().weekdays());
        sum += monthly.decimal() * Decimal::from(covered) / Decimal::from(all);
        step = step.input("sparet pr. måned", monthly);
        step = step.input("hverdage", format!("{covered} af {all}"));
    }
    if sum.is_zero() {
        return Ok(());
    }
    let amount = step.gives_amount(-sum, Rounding::NearestOere)?;
    let posting = "besparelser";
    Draft {
        name: posting,
        payee: case.parent,
        amount: &amount,
        posting,
        reference: None,
        details: vec![],
    }
    .pay(case, gross, file);
    Ok(())
}
