//! Charts made in the server: bars as SVG, for screen and paper. The figures stand in a table beside it.

use askama::Template;

const WIDTH: i64 = 720;
/// What the highest bar is.
const HEIGHT: i64 = 140;
/// Room above the bars for their figures, and below them for their words.
const ABOVE: i64 = 24;
const GAP: i64 = 8;

/// A bar for each of some months.
#[derive(Debug, Template)]
#[template(path = "chart.html")]
pub(super) struct Chart {
    /// Names the chart within the page.
    id: &'static str,
    title: &'static str,
    /// The whole of it in a sentence, for those who do not see it.
    told: String,
    bars: Vec<Bar>,
}

#[derive(Debug)]
struct Bar {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    middle: i64,
    word: String,
    figure: String,
}

/// What a bar shows; without a value there is none.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) word: String,
    pub(super) value: Option<i64>,
    pub(super) figure: String,
}

impl Chart {
    pub(super) fn new(id: &'static str, title: &'static str, points: Vec<Point>) -> Self {
        let told = points.iter().map(|point| format!("{}: {}", point.word, point.figure));
        let told = told.collect::<Vec<_>>().join(", ");
        let highest = points.iter().filter_map(|point| point.value).max().unwrap_or(0).max(1);
        let step = WIDTH / i64::try_from(points.len().max(1)).expect("a year has twelve months");
        let bar = |(place, point): (i64, Point)| {
            let height = point.value.map_or(0, |value| HEIGHT * value / highest);
            Bar {
                x: place * step + GAP / 2,
                y: ABOVE + HEIGHT - height,
                width: step - GAP,
                height,
                middle: place * step + step / 2,
                word: point.word,
                figure: point.figure,
            }
        };
        Self { id, title, told, bars: (0..).zip(points).map(bar).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_is_as_high_as_there_is_room_for_and_nothing_has_none() {
        let point = |word: &str, value: Option<i64>| Point {
            word: word.to_owned(),
            value,
            figure: value.map_or("–".to_owned(), |value| value.to_string()),
        };
        let points = vec![point("jan", Some(50)), point("feb", Some(100)), point("mar", None)];
        let chart = Chart::new("prøve", "Prøve", points);
        let heights: Vec<i64> = chart.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [70, 140, 0]);
        assert!(chart.bars.iter().all(|bar| bar.y + bar.height == ABOVE + HEIGHT));
        assert_eq!(chart.told, "jan: 50, feb: 100, mar: –");
        let empty = Chart::new("tom", "Tom", vec![point("jan", Some(0))]);
        assert_eq!(empty.bars[0].height, 0);
    }
}
