//! What a person may type to go somewhere: a position, `partition@offset`, or a time.

/// A place as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// A position.
    Position(u64),
    /// A partition by the broker's number, and an offset in it.
    Offset { partition: u32, offset: i64 },
    /// Milliseconds since 1970 UTC.
    Time(f64),
}

/// Reads `5120`, `5 120`, `P1@1706`, `1@1706`, `2026-03-01`, `2026-03-01 10:42`, or `2026-03-01T10:42:07.5Z` (UTC).
pub(crate) fn parse_target(text: &str) -> Option<Target> {
    let text = text.trim();
    if let Some((partition, offset)) = text.split_once('@') {
        let partition = partition.trim().trim_start_matches(['P', 'p']).parse().ok()?;
        return Some(Target::Offset { partition, offset: offset.trim().parse().ok()? });
    }
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',' && *c != '\'').collect();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().ok().map(Target::Position);
    }
    parse_time(text).map(Target::Time)
}

fn parse_time(text: &str) -> Option<f64> {
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1..=12).contains(&month) || !(0..=9999).contains(&year) {
        return None;
    }
    let next_month = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let days = days_from_civil(next_month.0, next_month.1, 1) - days_from_civil(year, month, 1);
    if !(1..=days).contains(&day) {
        return None;
    }
    let time = time.trim().trim_end_matches(['Z', 'z']);
    if time.split(':').count() > 3 {
        return None;
    }
    let mut seconds = 0.0;
    for (part, (unit, end)) in time.split(':').zip([(3600.0, 24.0), (60.0, 60.0), (1.0, 60.0)]) {
        if !part.is_empty() {
            seconds += part.parse::<f64>().ok().filter(|part| (0.0..end).contains(part))? * unit;
        }
    }
    Some((days_from_civil(year, month, day) as f64).mul_add(86_400_000.0, (seconds * 1000.0).round()))
}

/// Days since 1970; the year is counted from March, so that the leap day is its last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    #[allow(clippy::needless_pass_by_value, reason = "cases read better without a reference")]
    fn check(text: &str, expected: Option<Target>) {
        assert_eq!(parse_target(text), expected, "{text}");
    }

    #[test]
    fn positions() {
        check("5120", Some(Target::Position(5120)));
        check(" 5 120 ", Some(Target::Position(5120)));
        check("5,120", Some(Target::Position(5120)));
    }

    #[test]
    fn offsets() {
        check("P1@1706", Some(Target::Offset { partition: 1, offset: 1706 }));
        check("0@0", Some(Target::Offset { partition: 0, offset: 0 }));
        check("P@3", None);
    }

    #[test]
    fn times() {
        check("1970-01-02", Some(Target::Time(86_400_000.0)));
        check("2000-02-29 00:00:00.250", Some(Target::Time(951_782_400_250.0)));
        check("2000-02-29T00:01Z", Some(Target::Time(951_782_460_000.0)));
        check("2000-02-29T00:00:59.999", Some(Target::Time(951_782_459_999.0)));
        check("2000-12-31 23", Some(Target::Time(978_303_600_000.0)));
        for none in [
            "2000-13-01",
            "2001-02-29",
            "2000-04-31",
            "2000-01-00",
            "2000-01-01 24:00",
            "2000-01-01 1:60",
            "2000-01-01 1:2:3:4",
        ] {
            check(none, None);
        }
    }

    #[test]
    fn anything_else_is_no_place() {
        check("", None);
        check("soon", None);
    }
}
