//! Times as ISO 8601 texts, in UTC.

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (month * 153 + 2) / 5 + day - 1;
    era * 146_097 + day_of_era - 719_468
}

/// `1970-01-01T00:00:00Z` for 0. `None` for years beyond 9999.
pub(crate) fn write(seconds: i64) -> Option<String> {
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // The last year that begins no later than the day.
    let mut year = 1970 + day.div_euclid(366);
    if !(0..=9999).contains(&year) {
        return None;
    }
    while days(year + 1, 1, 1) <= day {
        year += 1;
    }
    while days(year, 1, 1) > day {
        year -= 1;
    }
    if !(0..=9999).contains(&year) {
        return None;
    }
    let month = (1..=12).rev().find(|month| days(year, *month, 1) <= day)?;
    let date = day - days(year, month, 1) + 1;
    Some(format!("{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60))
}

/// Seconds of `YYYY-MM-DDThh:mm:ssZ`.
pub(crate) fn read(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let shape = b"0000-00-00T00:00:00Z";
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    if bytes.len() != shape.len() || !bytes.iter().zip(shape).all(fits) {
        return None;
    }
    let part = |from: usize, upto: usize| text.get(from..upto)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    let next = if month == 12 { days(year + 1, 1, 1) } else { days(year, month + 1, 1) };
    let is_date = (1..=12).contains(&month) && day >= 1 && days(year, month, day) < next;
    (is_date && hour < 24 && minute < 60 && second < 61)
        .then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_undoes_writing() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!(write(seconds).as_deref(), Some(text));
            assert_eq!(read(text), Some(seconds));
        }
        for seconds in (-4_000_000_000..8_000_000_000_i64).step_by(86_399 * 97) {
            assert_eq!(read(&write(seconds).unwrap()), Some(seconds));
        }
        for text in ["2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-1-1", "", "2023-11-14T24:00:00Z"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!((write(i64::MAX), write(i64::MIN)), (None, None));
    }
}
