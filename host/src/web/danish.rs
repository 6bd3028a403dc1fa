//! What the pages call things: the words, and whether they are good news.

use chrono::{DateTime, Utc, Weekday};
use ydun_domain::benefit::{Attribute, Scalar, State as Condition, Verdict};
use ydun_domain::{Day, Period, Validity};
use ydun_runtime::replay::Class;

use crate::audit::hide_personal_numbers;
use crate::clock::danish_wall;
use crate::decisions::oversight::Over;
use crate::decisions::{Objection, Ruling, Status};
use crate::freezes::{self, Frozen};
use crate::hearings::Channel;
use crate::letters::post::State as Way;
use crate::modules::campaigns::State as Campaign;
use crate::modules::replay::Origin;
use crate::operations::CaseResult;
use crate::operations::correction::{LegKind, LegState, Status as Correction};
use crate::payments::standing::Standing;
use crate::payments::{Lane, State as Payment};

/// A word with a colour and a sign, so that it is told apart in three ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) word: &'static str,
    /// The class that gives the colour.
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
}

const fn good(word: &'static str) -> Mark {
    Mark { word, tone: "good", sign: "✓" }
}

const fn bad(word: &'static str) -> Mark {
    Mark { word, tone: "bad", sign: "✕" }
}

const fn wait(word: &'static str) -> Mark {
    Mark { word, tone: "wait", sign: "!" }
}

const fn plain(word: &'static str) -> Mark {
    Mark { word, tone: "plain", sign: "–" }
}

pub(super) fn result(result: CaseResult) -> Mark {
    match result {
        CaseResult::Proposed => good("Indstillet"),
        CaseResult::Unchanged => plain("Uændret"),
        CaseResult::Nothing => plain("Ingen udbetaling"),
        CaseResult::Refused => bad("Afslag"),
        CaseResult::Incomplete => wait("Mangler oplysninger"),
        CaseResult::NeedsHuman => wait("Skal vurderes"),
        CaseResult::Unanswered => wait("Afventer anmodning"),
        CaseResult::Fault => bad("Beregningsfejl"),
    }
}

pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::DigitalPost => "Digital Post",
        Channel::Letter => "Brev med posten",
        Channel::Desk => "Udlevering i borgerservice",
    }
}

pub(super) fn way(state: Way) -> Mark {
    match state {
        Way::Planned => plain("Venter på at blive sendt"),
        Way::Sent => wait("På vej"),
        Way::Arrived => good("Nået frem"),
        Way::Failed => bad("Kom tilbage"),
    }
}

pub(super) fn condition(state: Condition) -> Mark {
    match state {
        Condition::Met => good("Opfyldt"),
        Condition::NotMet => bad("Ikke opfyldt"),
        Condition::NeedsHuman => wait("Skal vurderes"),
        Condition::NotAssessed => plain("Ikke vurderet"),
    }
}

pub(super) fn verdict(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Granted => good("Bevilges"),
        Verdict::PartlyGranted => good("Bevilges delvist"),
        Verdict::Refused => bad("Afslag"),
        Verdict::Incomplete => wait("Mangler oplysninger"),
        Verdict::NeedsHuman => wait("Skal vurderes"),
    }
}

pub(super) fn ruling(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Granted => "Bevilling",
        Ruling::PartlyGranted => "Delvis bevilling",
        Ruling::Refused => "Afslag",
    }
}

pub(super) fn status(status: &Status) -> Mark {
    match status {
        Status::Proposed => wait("Afventer godkendelse"),
        Status::Approved(_) => good("Godkendt"),
        Status::Rejected { .. } => bad("Forkastet"),
        Status::Superseded(_) => plain("Afløst af en nyere"),
    }
}

pub(super) fn payment(state: Payment) -> Mark {
    match state {
        Payment::Planned => wait("Planlagt"),
        Payment::Sent => wait("Sendt til banken"),
        Payment::Received => wait("Modtaget i banken"),
        Payment::Accepted => good("Godkendt af banken"),
        Payment::Settled => good("Betalt"),
        Payment::Stopped => plain("Stoppet"),
        Payment::Rejected => bad("Afvist af banken"),
        Payment::Returned => bad("Kommet retur"),
        Payment::Unknown => wait("Ukendt, spørg banken"),
    }
}

pub(super) fn standing(standing: Standing) -> Mark {
    match standing {
        Standing::Held => wait("Holdt tilbage"),
        Standing::In(state) => payment(state),
    }
}

/// What a right is called, by its word.
pub(super) fn right(word: &str) -> &'static str {
    match word {
        "look" => "Se sager",
        "register" => "Registrere oplysninger og svare på opgaver",
        "propose" => "Beregne og indstille",
        "approve" => "Godkende",
        "pay" => "Sende betalinger og lukke måneder",
        "administer" => "Administrere brugere, moduler og kommunens valg",
        _ => "Andet",
    }
}

/// Why a proposal takes a third person.
pub(super) fn over(over: Over) -> &'static str {
    match over {
        Over::Amount => "Beløbet er over grænsen",
        Over::Deviation => "Ændringen er over grænsen",
    }
}

/// Why a proposal is sent back.
pub(super) fn objection(objection: Objection) -> &'static str {
    match objection {
        Objection::Facts => "Oplysninger mangler eller er forkerte",
        Objection::Judgement => "Vurderingen er en anden",
        Objection::Calculation => "Beregningen er forkert",
        Objection::Other => "Andet",
    }
}

/// Why something is not done now, and what to do.
pub(super) fn frozen(Frozen { freeze }: &Frozen) -> String {
    let (days, reason) = (days(freeze.days), hide_personal_numbers(&freeze.reason));
    let next = freeze.days.last().next().in_words();
    let advice = match freeze.kind {
        freezes::Kind::Approval => {
            "Det, der ikke kan vente, udbetales straks, når en anden tillader det for sagen under \
             Udbetalinger, Spærringer."
        }
        freezes::Kind::Activation | freezes::Kind::Sending => {
            "Den, der har sat spærringen, kan ophæve den under Udbetalinger, Spærringer."
        }
    };
    format!(
        "Kommunen har spærret for {} {days}: {reason}. Gør det fra {next}. {advice}",
        freeze.kind.in_words()
    )
}

/// How far a consequence of a correction has come.
pub(super) fn leg(state: LegState) -> Mark {
    match state {
        LegState::NotNeeded => plain("Ikke nødvendig"),
        LegState::UnderWay => wait("På vej"),
        LegState::Stuck => bad("Venter på nogen"),
        LegState::Done => good("På plads"),
    }
}

/// Where a correction has consequences.
pub(super) fn leg_kind(kind: LegKind) -> &'static str {
    match kind {
        LegKind::Payment => "Betaling",
        LegKind::Tax => "eIndkomst",
        LegKind::Refund => "Refusion fra staten",
        LegKind::Index => "Ydelsesindekset",
        LegKind::Claim => "Tilbagebetaling",
        LegKind::Notice => "Besked til modtageren",
    }
}

pub(super) fn correction(status: Correction) -> Mark {
    match status {
        Correction::Proposed => wait("Afventer godkendelse"),
        Correction::Approved => good("Godkendt"),
        Correction::Dropped => plain("Bortfaldet"),
    }
}

pub(super) fn class(class: Class) -> Mark {
    match class {
        Class::Identical => plain("Ens"),
        Class::ToldDifferently => plain("Anderledes begrundet"),
        Class::AmountChanged => wait("Beløb ændret"),
        Class::VerdictChanged => bad("Afgørelse ændret"),
        Class::NewFailure => bad("Kan ikke længere beregnes"),
    }
}

/// What a replay is called.
pub(super) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Replay => "Genberegning",
        Origin::Shadow => "Skyggekørsel",
        Origin::Campaign => "Prøve af satser",
        Origin::Wave => "Bølge med nye satser",
    }
}

pub(super) fn campaign(state: Campaign) -> Mark {
    match state {
        Campaign::Draft => plain("Kladde"),
        Campaign::Tried => wait("Prøvet"),
        Campaign::Sampled => wait("Stikprøve"),
        Campaign::Waves => wait("I gang"),
        Campaign::Paused => wait("På pause"),
        Campaign::Halted => bad("Stoppet af sig selv"),
        Campaign::Done => good("Gennemført"),
        Campaign::Withdrawn => plain("Opgivet"),
    }
}

/// How work on many cases is going.
pub(super) fn under_way(is_finished: bool, is_held: bool) -> Mark {
    match (is_finished, is_held) {
        (true, _) => good("Færdig"),
        (false, true) => wait("I gang"),
        (false, false) => bad("Afbrudt"),
    }
}

pub(super) fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Almindelig => "Almindelig",
        Lane::DagTilDag => "Dag til dag",
        Lane::Straks => "Straks",
    }
}

/// What a part in a case is called; a module's own word where we have none.
pub(super) fn role(role: &str) -> String {
    match role {
        "apprentice" => "Lærling".to_owned(),
        "employer" => "Arbejdsgiver".to_owned(),
        other => capital(other),
    }
}

/// The first letter large, as at the beginning of a cell.
pub(super) fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// The time of day here: `14.05`.
pub(super) fn time(at: DateTime<Utc>) -> String {
    danish_wall(at).format("%H.%M").to_string()
}

/// The day without its year: `26. oktober`.
pub(super) fn day_and_month(day: Day) -> String {
    let whole = day.in_words();
    whole.rsplit_once(' ').map_or_else(|| whole.clone(), |(short, _)| short.to_owned())
}

pub(super) fn weekday(day: Day) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "mandag",
        Weekday::Tue => "tirsdag",
        Weekday::Wed => "onsdag",
        Weekday::Thu => "torsdag",
        Weekday::Fri => "fredag",
        Weekday::Sat => "lørdag",
        Weekday::Sun => "søndag",
    }
}

/// `oktober 2020`, or the days when they are no whole month.
pub(super) fn days(period: Period) -> String {
    let (first, last) = (period.first(), period.last());
    if first == last {
        first.in_words()
    } else if period == first.month().period() {
        first.month().in_words()
    } else if last.month() == first.month() {
        format!("{}.–{}", first.number(), last.in_words())
    } else {
        format!("{} – {}", first.in_words(), last.in_words())
    }
}

/// As [`days`], or from a day on.
pub(super) fn validity(valid: Validity) -> String {
    match valid.last().map(|last| Period::new(valid.first(), last)) {
        Some(Ok(period)) => days(period),
        _ => format!("fra {}", valid.first().in_words()),
    }
}

/// A name and a value for a reader; a personal number that somebody has typed is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
}

pub(super) fn pairs(attributes: &[Attribute]) -> Vec<Pair> {
    let pair = |told: &Attribute| Pair { name: capital(&told.name), value: value(&told.value) };
    attributes.iter().map(pair).collect()
}

pub(super) fn value(value: &Scalar) -> String {
    match value {
        Scalar::Day(day) => day.in_words(),
        Scalar::Span(span) => validity(*span),
        Scalar::Text(text) => hide_personal_numbers(text),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_no_longer_than_needed() {
        let check = |period: &str, told: &str| assert_eq!(days(period.parse().unwrap()), told);
        check("2020-10-31..2020-10-31", "31. oktober 2020");
        check("2020-10-01..2020-10-31", "oktober 2020");
        check("2020-10-05..2020-10-16", "5.–16. oktober 2020");
        check("2020-10-01..2020-11-30", "1. oktober 2020 – 30. november 2020");
        assert_eq!(validity("2020-10-05..".parse().unwrap()), "fra 5. oktober 2020");
    }

    #[test]
    fn a_personal_number_in_a_text_is_not_shown() {
        assert_eq!(value(&Scalar::Text("ringet til 070761-4285".into())), "ringet til 070761-••••");
    }
}
