//! What is said about tasks: what people wish, what was done, and why something was not.

use super::danish::{capital, time};
use super::entry;
use super::form::Fields;
use super::task_row::Teller;
use crate::audit::hide_personal_numbers;
use crate::clock::danish;
use crate::facts::{Refused, Why};
use crate::tasks::moves::{Move, Moved, Wish};
use crate::tasks::service::MoveError;

/// What a queue is called; a module's own word where we have none.
pub(super) fn queue(queue: &str) -> String {
    match queue {
        "needs-human" => "Skal vurderes".to_owned(),
        "incomplete" => "Mangler oplysninger".to_owned(),
        "fault" => "Beregningsfejl".to_owned(),
        "module-owner" => "Modulets ejer".to_owned(),
        "rollback" => "Beregn igen".to_owned(),
        "letters" => "Breve".to_owned(),
        "returned" => "Sendt tilbage".to_owned(),
        "partshoering" => "Partshøring".to_owned(),
        other => capital(&other.replace('-', " ")),
    }
}

/// What a worker wishes, as the button says that was pressed; else what the form lacks.
pub(super) fn wish(pressed: &str, form: &Fields) -> Result<Wish, String> {
    let text = |name: &str| form.get(name).to_owned();
    Ok(match pressed {
        "tag" => Wish::Take,
        "overdrag" => Wish::HandOver { to: text("til"), note: text("besked") },
        "giv-tilbage" => Wish::GiveBack,
        "vent" => {
            let until = entry::day(form.get("dag"))
                .ok_or("Skriv den dag, opgaven skal frem igen, for eksempel 010226.")?;
            Wish::Wait { until, reason: text("grund") }
        }
        "genoptag" => Wish::Resume,
        "navn" => Wish::Rename(text("navn")),
        "maerk" => Wish::Label(text("maerke")),
        "fjern-maerke" => Wish::Unlabel(text("maerke")),
        _ => return Err("Vælg, hvad der skal ske.".to_owned()),
    })
}

/// Why nothing was done with a task.
pub(super) fn not_moved(refused: &MoveError) -> String {
    match refused {
        MoveError::NotOpen(_) => "Opgaven er løst af en anden i mellemtiden.".to_owned(),
        MoveError::Held { holder } => {
            format!(
                "{holder} har taget opgaven. Overdrag den til dig selv, hvis I er enige om det."
            )
        }
        MoveError::Changed => {
            "Opgaven er ændret, siden du åbnede den. Se den igennem, og prøv igen.".to_owned()
        }
        MoveError::NoWorker(_) => "Vælg, hvem der skal have opgaven.".to_owned(),
        MoveError::NotToCome(_) => "Vælg en dag efter i dag.".to_owned(),
        MoveError::Text => "Skriv en tekst på højst 200 tegn.".to_owned(),
        MoveError::Store(_) => "Det kunne ikke gemmes. Prøv igen.".to_owned(),
    }
}

/// `14. november 2020 kl. 14.05: Anna B. Carlsen tog opgaven`
pub(super) fn moved(moved: &Moved, teller: &Teller<'_>) -> String {
    let at = format!("{} kl. {}", danish(moved.at).in_words(), time(moved.at));
    let note = hide_personal_numbers(&moved.note);
    let (by, to) = (teller.name(&moved.by), note.split_once(':'));
    let did = match moved.what {
        Move::Taken => "tog opgaven".to_owned(),
        Move::HandedOver => match to {
            Some((to, note)) => format!("gav opgaven til {}: {}", teller.name(to), note.trim()),
            None => format!("gav opgaven til {}", teller.name(&note)),
        },
        Move::Distributed => {
            let (to, rule) = to.unwrap_or((&note, ""));
            format!("gav den til {} efter reglen {}", teller.name(to), rule.trim())
        }
        Move::GivenBack => "gav opgaven fri".to_owned(),
        Move::Waits => format!("lod den vente til {note}"),
        Move::Resumed => "tog den frem igen".to_owned(),
        Move::Renamed if note.is_empty() => "gav den dens første navn igen".to_owned(),
        Move::Renamed => format!("kaldte den '{note}'"),
        Move::Labelled => format!("satte mærket {note}"),
        Move::Unlabelled => format!("fjernede mærket {note}"),
        Move::Answered => "svarede på noget af den".to_owned(),
        Move::Done if note.is_empty() => "løste opgaven".to_owned(),
        Move::Done => format!("løste opgaven: {note}"),
    };
    format!("{at}: {by} {did}")
}

/// Why a fact is not taken in, to whoever typed it.
pub(super) fn not_a_fact(refused: &Refused) -> String {
    match &*refused.why {
        Why::Missing { expected, .. } | Why::WrongType { expected, .. } => {
            entry::expected(*expected).to_owned()
        }
        Why::TooSmall { min, .. } => format!("Det mindste, der kan skrives, er {min}."),
        Why::TooLarge { max, .. } => format!("Det største, der kan skrives, er {max}."),
        Why::TooManyDigits { .. } => "Tallet har for mange cifre.".to_owned(),
        Why::UnknownCode { .. } | Why::UnknownParty { .. } => "Vælg et af svarene.".to_owned(),
        Why::Overlap { other, .. } => format!(
            "Der er allerede registreret en oplysning af samme slags for {other}. Ret den i stedet."
        ),
        Why::NoEnd { .. } => "Oplysningen skal have en sidste dag.".to_owned(),
        Why::UnknownKind { .. }
        | Why::WrongParty { .. }
        | Why::UnknownField { .. }
        | Why::Twice => {
            "Modulet beder om noget, det ikke kan bruge. Fortæl det til modulets ejer.".to_owned()
        }
    }
}
