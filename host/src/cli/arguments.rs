//! Arguments that several commands read.

use std::time::Duration;

/// Seconds, with one decimal at most: `10` or `0.5`.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let millis = match text.split_once('.') {
        Some((whole, part)) if part.len() == 1 => format!("{whole}{part}00"),
        _ => format!("{text}000"),
    };
    let millis = millis.parse().map_err(|_| "write seconds, such as 10 or 0.5".to_owned())?;
    Ok(Duration::from_millis(millis))
}
