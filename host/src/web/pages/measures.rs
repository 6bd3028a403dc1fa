//! `/drift/maal`: what the municipality wanted to gain, month by month, and the cases behind each figure.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::Html;
use ydun_domain::Month;

use super::html;
use crate::access::Look;
use crate::audit::{self, Subject};
use crate::operations::measures::service::{behind, figures};
use crate::operations::measures::{Behind, Figures, Measure, Share};
use crate::web::chart::{Chart, Point};
use crate::web::danish;
use crate::web::desk::Desk;
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::month_query::MonthQuery;

const MONTHS_SHOWN: usize = 12;
const CASES_SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "measures.html")]
struct MeasuresPage {
    frame: Frame,
    last: Month,
    parts: Vec<MeasurePart>,
}

/// A measure over some months.
struct MeasurePart {
    words: Words,
    chart: Chart,
    rows: Vec<MeasureRow>,
}

/// What a measure is called, and what is counted.
struct Words {
    id: &'static str,
    title: &'static str,
    definition: &'static str,
    /// Over the columns; without a whole there is no such column.
    part: &'static str,
    whole: &'static str,
    figure: &'static str,
}

struct MeasureRow {
    month: String,
    part: String,
    whole: String,
    figure: String,
    /// The cases behind it.
    address: String,
}

pub(super) async fn show(
    desk: Desk,
    query: Result<Query<MonthQuery>, QueryRejection>,
) -> Result<Html<String>, PageError> {
    let last = query?.0.month(desk.app.clock.today())?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let mut months = Vec::with_capacity(MONTHS_SHOWN);
    for month in months_until(last) {
        months.push(figures(&mut tx, &act, month).await?);
    }
    audit::record_look(&mut tx, &act, Subject::Municipality, "measures").await?;
    tx.commit().await?;
    html(&MeasuresPage { frame, last, parts: parts(&months) })
}

/// The months shown, the oldest first.
fn months_until(last: Month) -> Vec<Month> {
    let back = std::iter::successors(Some(last), |month| Some(month.previous()));
    let mut months: Vec<Month> = back.take(MONTHS_SHOWN).collect();
    months.reverse();
    months
}

fn parts(months: &[Figures]) -> Vec<MeasurePart> {
    let share = |of: fn(&Figures) -> Share| move |month: &Figures| Told::share(of(month));
    vec![
        part(months, CORRECTED, cases(Measure::Corrected), share(|month| month.corrected)),
        part(months, SELF_SERVICE, cases(Measure::SelfService), share(|month| month.self_service)),
        part(months, TYPED, cases(Measure::Typed), share(|month| month.facts.typed_share())),
        part(months, TIME, cases(Measure::Time), Told::time),
        part(months, TASKS, cases(Measure::Tasks), |month| Told::ratio(month.tasks_per_decided)),
        part(
            months,
            EVENTS,
            |month| format!("/haendelser?maaned={month}"),
            share(|month| month.events_closed),
        ),
    ]
}

/// Where the cases behind a measure are listed.
fn cases(measure: Measure) -> impl Fn(Month) -> String {
    move |month| format!("/drift/maal/{measure}/{month}")
}

const CORRECTED: Words = Words {
    id: "rettede",
    title: "Udbetalinger, der er rettet",
    definition: "Betalinger, der er nået frem, efter den dag, de var til disposition. Rettet er de, hvis afgørelse \
                 er afløst af en ny for de samme dage.",
    part: "Rettet",
    whole: "Nået frem",
    figure: "Andel",
};

const SELF_SERVICE: Words = Words {
    id: "selvbetjening",
    title: "Ansøgninger ved selvbetjening",
    definition: "Sager, der er åbnet i måneden. Selvbetjening er de, hvor borgeren eller virksomheden selv har \
                 fortalt mindst én oplysning.",
    part: "Selvbetjening",
    whole: "Åbnet",
    figure: "Andel",
};

const TYPED: Words = Words {
    id: "tastede",
    title: "Oplysninger, der er tastet i hånden",
    definition: "Oplysninger, der er registreret i måneden. Tastet er de, en sagsbehandler har skrevet for at \
                 svare på en opgave; de andre kommer fra registre, selvbetjening eller filer.",
    part: "Tastet",
    whole: "Oplysninger",
    figure: "Andel",
};

const TIME: Words = Words {
    id: "tid",
    title: "Tid fra opgave til svar",
    definition: "Opgaver, der er løst i måneden. Tiden er den midterste opgaves, fra den blev stillet, til den var \
                 løst, i hele timer.",
    part: "Løste opgaver",
    whole: "",
    figure: "Timer",
};

const TASKS: Words = Words {
    id: "opgaver",
    title: "Opgaver for hver afgjort sag",
    definition: "Opgaver, der er stillet i måneden, for hver sag med en afgørelse, der er godkendt i måneden.",
    part: "Opgaver",
    whole: "Afgjorte sager",
    figure: "Pr. sag",
};

const EVENTS: Words = Words {
    id: "haendelser",
    title: "Hændelser, der er lukket, uden at nogen blev forstyrret",
    definition: "Hændelser fra registre, der er modtaget i måneden. Lukket er de, der ikke ændrede noget og ikke \
                 blev til en opgave.",
    part: "Lukket",
    whole: "Modtaget",
    figure: "Andel",
};

/// What a figure says.
struct Told {
    part: String,
    whole: String,
    /// How high the bar is.
    value: Option<i64>,
    figure: String,
}

impl Told {
    fn share(share: Share) -> Self {
        let percent = |permille: i64| format!("{},{} %", permille / 10, permille % 10);
        Self::of(share, share.permille(), percent)
    }

    /// How many for each, with a decimal.
    fn ratio(share: Share) -> Self {
        let tenths = share.permille().map(|permille| permille / 100);
        Self::of(share, tenths, |tenths| format!("{},{}", tenths / 10, tenths % 10))
    }

    fn time(month: &Figures) -> Self {
        let done = Share { part: month.tasks_done, whole: 0 };
        Self::of(done, month.hours_middle, |hours| hours.to_string())
    }

    fn of(share: Share, value: Option<i64>, figure: impl Fn(i64) -> String) -> Self {
        Self {
            part: share.part.to_string(),
            whole: share.whole.to_string(),
            value,
            figure: value.map_or_else(|| "–".to_owned(), figure),
        }
    }
}

fn part(
    months: &[Figures],
    words: Words,
    behind: impl Fn(Month) -> String,
    told: impl Fn(&Figures) -> Told,
) -> MeasurePart {
    let told: Vec<(Month, Told)> = months.iter().map(|month| (month.month, told(month))).collect();
    let point = |(month, told): &(Month, Told)| Point {
        word: short(*month),
        value: told.value,
        figure: told.figure.clone(),
    };
    let row = |(month, told): &(Month, Told)| MeasureRow {
        month: danish::capital(&month.in_words()),
        part: told.part.clone(),
        whole: told.whole.clone(),
        figure: told.figure.clone(),
        address: behind(*month),
    };
    let chart = Chart::new(words.id, words.title, told.iter().map(point).collect());
    MeasurePart { chart, rows: told.iter().rev().map(row).collect(), words }
}

/// `okt 20`
fn short(month: Month) -> String {
    let word: String = month.in_words().chars().take(3).collect();
    format!("{word} {:02}", month.year() % 100)
}

#[derive(Template)]
#[template(path = "measure_rows.html")]
struct BehindPage {
    frame: Frame,
    title: &'static str,
    month: Month,
    rows: Vec<Behind>,
    is_cut: bool,
}

/// `/drift/maal/{measure}/{month}`: the cases behind a figure.
pub(super) async fn rows_behind(
    desk: Desk,
    Path((measure, month)): Path<(String, String)>,
) -> Result<Html<String>, PageError> {
    let measure: Measure = measure.parse().map_err(|_| Failure::NotFound("measure"))?;
    let month: Month = month.parse().map_err(|_| Failure::NotFound("month"))?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let rows = behind(&mut tx, &act, measure, month, CASES_SHOWN).await?;
    let looked = format!("{} cases behind {measure}", rows.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
    tx.commit().await?;
    let is_cut = rows.len() == CASES_SHOWN as usize;
    html(&BehindPage { frame, title: counted(measure), month, rows, is_cut })
}

/// What is counted of a case.
fn counted(measure: Measure) -> &'static str {
    match measure {
        Measure::Corrected => "Rettede udbetalinger",
        Measure::SelfService => "Oplysninger ved selvbetjening",
        Measure::Typed => "Tastede oplysninger",
        Measure::Time => "Løste opgaver",
        Measure::Tasks => "Stillede opgaver",
    }
}
