//! Numbers and times as the page shows them, the same in every language.

use yew::prelude::*;

/// `1204` as `1 204`, with a narrow space that does not break.
pub(crate) fn grouped(number: u64) -> String {
    groups(number).join("\u{202f}")
}

/// The same, but with the gaps drawn by the style sheet: the text stays plain digits, which can be copied and parsed.
pub(crate) fn grouped_html(number: u64) -> Html {
    let groups = groups(number);
    html! {
        <span class="number">{ for groups.into_iter().map(|group| html! { <span>{ group }</span> }) }</span>
    }
}

fn groups(number: u64) -> Vec<String> {
    let digits = number.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let (head, tail) = digits.split_at(first.min(digits.len()));
    let mut groups = vec![head.to_owned()];
    groups.extend(tail.as_bytes().chunks(3).map(|chunk| String::from_utf8_lossy(chunk).into_owned()));
    groups
}

/// `2026-03-01 10:42:07.250` in UTC. Pure, so that a link shows the same everywhere.
pub(crate) fn date_time(timestamp_ms: f64) -> String {
    if !timestamp_ms.is_finite() || timestamp_ms.abs() > 8.64e15 {
        return String::new();
    }
    let ms = timestamp_ms as i64;
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    let (hour, minute, second, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction}")
}

/// A duration in the largest unit that leaves it above one: the unit's code, and how many of them.
pub(super) fn in_unit_of_time(ms: f64) -> (&'static str, String) {
    let units = [(86_400_000.0, "d"), (3_600_000.0, "h"), (60_000.0, "min"), (1000.0, "s")];
    match units.iter().find(|(unit, _)| ms.abs() >= *unit) {
        Some((unit, name)) => (name, format!("{:.1}", ms / unit)),
        None => ("ms", format!("{ms:.0}")),
    }
}

/// Bytes for people, in units of 1000.
pub(crate) fn bytes(bytes: f64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes / unit),
        None => format!("{bytes:.0} B"),
    }
}

/// Year, month and day of a day since 1970, in the Gregorian calendar. The year is counted from March, so that the leap
/// day is its last.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_threes() {
        let shown = [0, 12, 999, 1000, 12_345, 1_234_567].map(grouped);
        assert_eq!(shown.map(|text| text.replace('\u{202f}', " ")), ["0", "12", "999", "1 000", "12 345", "1 234 567"]);
    }

    #[test]
    fn times_are_shown_in_utc() {
        assert_eq!(date_time(0.0), "1970-01-01 00:00:00");
        assert_eq!(date_time(951_782_400_250.0), "2000-02-29 00:00:00.250");
        assert_eq!(date_time(-1000.0), "1969-12-31 23:59:59");
        assert_eq!(date_time(f64::NAN), "");
    }
}
