//! What the municipality has agreed with its bank.
//!
//! All of it is data, because banks differ and agreements change. Not verified against a live bank:
//! which of the two tags a bank reads the payee's number from, the service level code of same-day
//! payments, and the cut-off times. Those of [`BankProfile::demo`] are ours and belong to no bank.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use ydun_domain::{AccountNumber, Cvr, Day, bank_days};

use super::Lane;
use crate::clock::danish_wall;

/// What the municipality has agreed with its bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BankProfile {
    /// The municipality, as the payer.
    pub sender: Sender,
    pub payee_tag: PayeeTag,
    #[serde(default)]
    pub format: FileFormat,
    /// ISO 20022 code of what the payments are for, such as `BENE` for unemployment and other benefits.
    pub purpose: String,
    /// How many payments a file holds at most.
    pub payments_max: u32,
    /// Every version of every lane's terms.
    pub terms: Vec<Terms>,
}

/// Who pays, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sender {
    pub name: String,
    pub cvr: Cvr,
    /// The bank, by its BIC.
    pub bic: String,
    pub account: AccountNumber,
}

/// In which files payments go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFormat {
    /// To the bank.
    #[default]
    #[serde(rename = "iso20022")]
    Iso20022,
    /// To an older ERP, which pays.
    G68,
}

/// Where in the message the payee's number stands. Both are lawful ISO 20022.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayeeTag {
    /// In place of an account number.
    Othr,
    /// As the creditor's own identity, with no account.
    CdtrId,
}

/// A lane's terms from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Terms {
    pub lane: Lane,
    pub from: Day,
    /// Bank days from approval to the money's being at the payee's disposal.
    pub lead_bank_days: u32,
    /// Danish time after which a bank day no longer counts.
    pub cut_off: NaiveTime,
    /// ISO 20022 code of how quick the bank is to be.
    pub service_level: String,
    /// Until when the bank stops a payment it has, when it has promised that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopTerms>,
}

/// Until when a bank stops payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StopTerms {
    /// Bank days before the money is at the payee's disposal.
    pub bank_days: u32,
    /// Danish time on that day after which it is too late.
    pub cut_off: NaiveTime,
}

/// When a payment leaves, and when the money is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub send_by: Day,
    pub disposal: Day,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("the bank profile is not the JSON it should be: {0}")]
    Json(#[from] serde_json::Error),
    #[error("'{0}' is not the BIC of a bank, such as SIMBDKKKXXX")]
    Bic(String),
    #[error("the bank profile has no terms for the lane '{0}'; add them under 'terms'")]
    NoTerms(Lane),
    #[error("a file must hold at least one payment; raise 'payments-max'")]
    NoPayments,
    #[error("'{0}' is not a code of ISO 20022; it has one to four letters")]
    Code(String),
}

/// The lane had no terms on the day; they begin later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bank profile has no terms for the lane '{lane}' on {day}; add them under 'terms'")]
pub struct NoTermsYet {
    pub lane: Lane,
    pub day: Day,
}

impl BankProfile {
    /// Reads a profile and checks it.
    pub fn from_json(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = serde_json::from_str(text)?;
        profile.check()?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), ProfileError> {
        if !is_bic(&self.sender.bic) {
            return Err(ProfileError::Bic(self.sender.bic.clone()));
        }
        if self.payments_max == 0 {
            return Err(ProfileError::NoPayments);
        }
        let codes = self.terms.iter().map(|terms| &terms.service_level).chain([&self.purpose]);
        for code in codes {
            if !(1..=4).contains(&code.len())
                || !code.bytes().all(|byte| byte.is_ascii_alphanumeric())
            {
                return Err(ProfileError::Code(code.clone()));
            }
        }
        let lacking =
            Lane::ALL.iter().find(|lane| self.terms.iter().all(|terms| terms.lane != **lane));
        lacking.map_or(Ok(()), |lane| Err(ProfileError::NoTerms(*lane)))
    }

    /// A bank that does not exist, for demonstrations and tests.
    ///
    /// The leads are those of the letter from Esbjerg (four days) and the words quick and immediate. The
    /// cut-off times and stop deadlines are ours.
    pub fn demo(name: &str, cvr: Cvr) -> Self {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour of the day");
        let terms = |lane, lead_bank_days, hour, service_level: &str, stop| Terms {
            lane,
            from: Day::new(2000, 1, 1),
            lead_bank_days,
            cut_off: time(hour),
            service_level: service_level.to_owned(),
            stop,
        };
        let day_before = Some(StopTerms { bank_days: 1, cut_off: time(12) });
        Self {
            sender: Sender {
                name: name.to_owned(),
                cvr,
                bic: "SIMBDKKKXXX".to_owned(),
                account: "9999 0000000001".parse().expect("it is written above"),
            },
            payee_tag: PayeeTag::Othr,
            format: FileFormat::default(),
            purpose: "BENE".to_owned(),
            payments_max: 10_000,
            terms: vec![
                terms(Lane::Almindelig, 4, 15, "NURG", day_before),
                terms(Lane::DagTilDag, 1, 15, "NURG", day_before),
                terms(Lane::Straks, 0, 12, "SDVA", None),
            ],
        }
    }

    /// The terms of a lane that hold on a day.
    pub fn terms(&self, lane: Lane, day: Day) -> Result<&Terms, NoTermsYet> {
        let versions = self.terms.iter().filter(|terms| terms.lane == lane && terms.from <= day);
        versions.max_by_key(|terms| terms.from).ok_or(NoTermsYet { lane, day })
    }

    /// Until when the bank stops a payment of a lane, if it has promised that.
    pub fn stop_until(&self, lane: Lane, disposal: Day) -> Option<(Day, NaiveTime)> {
        let StopTerms { bank_days, cut_off } = self.terms(lane, disposal).ok()?.stop?;
        Some((bank_days::minus(disposal, bank_days), cut_off))
    }

    /// When a payment approved at a moment leaves and is there: on the last bank day on or before
    /// the due day, or the first bank day the lane can make.
    pub fn schedule(
        &self,
        lane: Lane,
        approved_at: DateTime<Utc>,
        due: Day,
    ) -> Result<Schedule, NoTermsYet> {
        let day = self.counts_as(lane, approved_at)?;
        self.schedule_from(lane, day, bank_days::on_or_before(due))
    }

    /// The day that what is approved at a moment counts as approved on: the next one after the cut-off.
    pub fn counts_as(&self, lane: Lane, approved_at: DateTime<Utc>) -> Result<Day, NoTermsYet> {
        let today = crate::clock::danish(approved_at);
        let cut_off = self.terms(lane, today)?.cut_off;
        let is_late = danish_wall(approved_at).time() >= cut_off && bank_days::is_bank_day(today);
        Ok(if is_late { today.next() } else { today })
    }

    /// When a payment leaves that cannot leave before `day`, and is wanted on a bank day.
    pub fn schedule_from(&self, lane: Lane, day: Day, wanted: Day) -> Result<Schedule, NoTermsYet> {
        let lead = self.terms(lane, day)?.lead_bank_days;
        let disposal = wanted.max(bank_days::plus(day, lead));
        Ok(Schedule { send_by: bank_days::minus(disposal, lead), disposal })
    }
}

/// Six letters for bank and country, two for the place, and three or none for the branch.
fn is_bic(text: &str) -> bool {
    let letters = |part: &[u8]| part.iter().all(u8::is_ascii_uppercase);
    let signs =
        |part: &[u8]| part.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let bytes = text.as_bytes();
    matches!(bytes.len(), 8 | 11) && letters(&bytes[..6]) && signs(&bytes[6..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> BankProfile {
        BankProfile::demo("Prøvekøbing Kommune", "29189803".parse().unwrap())
    }

    /// Approved at a moment (UTC), due on a day; sent by, and at disposal on.
    #[track_caller]
    fn check(lane: Lane, approved: &str, due: &str, send_by: &str, disposal: &str) {
        let found =
            profile().schedule(lane, approved.parse().unwrap(), due.parse().unwrap()).unwrap();
        let expected =
            Schedule { send_by: send_by.parse().unwrap(), disposal: disposal.parse().unwrap() };
        assert_eq!(found, expected);
    }

    #[test]
    fn money_is_there_on_the_last_bank_day_before_it_is_due() {
        check(Lane::Almindelig, "2020-10-20T08:00:00Z", "2020-10-31", "2020-10-26", "2020-10-30"); // a Saturday
        check(Lane::Almindelig, "2018-03-01T08:00:00Z", "2018-03-31", "2018-03-22", "2018-03-28"); // Easter
        check(Lane::DagTilDag, "2020-10-20T08:00:00Z", "2020-10-30", "2020-10-29", "2020-10-30");
        check(Lane::Straks, "2020-10-20T08:00:00Z", "2020-10-30", "2020-10-30", "2020-10-30");
    }

    #[test]
    fn a_late_approval_gives_the_first_bank_day_the_lane_can_make() {
        check(Lane::Almindelig, "2020-10-28T08:00:00Z", "2020-10-30", "2020-10-28", "2020-11-03");
        check(Lane::DagTilDag, "2020-12-23T08:00:00Z", "2020-12-01", "2020-12-23", "2020-12-28");
        check(Lane::Straks, "2020-10-28T08:00:00Z", "2020-10-01", "2020-10-28", "2020-10-28");
    }

    #[test]
    fn after_the_cut_off_the_day_no_longer_counts() {
        // Winter time: 10:59 UTC is 11:59 in Denmark.
        check(Lane::Straks, "2020-10-28T10:59:59Z", "2020-10-28", "2020-10-28", "2020-10-28");
        check(Lane::Straks, "2020-10-28T11:00:00Z", "2020-10-28", "2020-10-29", "2020-10-29");
        check(Lane::Straks, "2020-10-31T23:30:00Z", "2020-10-31", "2020-11-02", "2020-11-02"); // a Sunday already
    }

    #[test]
    fn newer_terms_hold_from_their_first_day() {
        let mut profile = profile();
        let changed =
            Terms { from: Day::new(2021, 1, 4), lead_bank_days: 2, ..profile.terms[0].clone() };
        profile.terms.push(changed);
        let send_by = |approved: &str| {
            let schedule = profile.schedule(
                Lane::Almindelig,
                approved.parse().unwrap(),
                Day::new(2021, 1, 29),
            );
            schedule.unwrap().send_by
        };
        assert_eq!(send_by("2020-12-30T08:00:00Z"), Day::new(2021, 1, 25));
        assert_eq!(send_by("2021-01-04T08:00:00Z"), Day::new(2021, 1, 27));
        let earlier = profile.terms(Lane::Straks, Day::new(1999, 12, 31));
        assert_eq!(earlier, Err(NoTermsYet { lane: Lane::Straks, day: Day::new(1999, 12, 31) }));
    }

    #[test]
    fn a_profile_is_read_as_it_is_written_and_a_wrong_one_refused() {
        let json = serde_json::to_value(profile()).unwrap();
        assert_eq!(BankProfile::from_json(&json.to_string()).unwrap(), profile());
        for (path, wrong, says) in [
            ("/sender/bic", "simb", "'simb' is not the BIC of a bank, such as SIMBDKKKXXX"),
            (
                "/purpose",
                "BENEFIT",
                "'BENEFIT' is not a code of ISO 20022; it has one to four letters",
            ),
            (
                "/sender/account",
                "1",
                "an account is a registration number of four digits and an account of up to ten",
            ),
        ] {
            let mut json = json.clone();
            *json.pointer_mut(path).unwrap() = wrong.into();
            let error = BankProfile::from_json(&json.to_string()).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let mut json = json.clone();
        json["terms"].as_array_mut().unwrap().pop();
        let error = BankProfile::from_json(&json.to_string()).unwrap_err().to_string();
        assert_eq!(
            error,
            "the bank profile has no terms for the lane 'straks'; add them under 'terms'"
        );
    }
}
