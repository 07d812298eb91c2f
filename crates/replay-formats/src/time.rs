//! Times as exports write them: numbers in four units and ISO 8601 text.

/// What a number in a time field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeUnit {
    /// Told by the size of the number, or ISO text.
    #[default]
    Guessed,
    /// Seconds, perhaps with a fraction.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [TimeUnit; 5] =
        [TimeUnit::Guessed, TimeUnit::Seconds, TimeUnit::Millis, TimeUnit::Micros, TimeUnit::Nanos];

    /// The name that people see and type.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Guessed => "guessed",
            TimeUnit::Seconds => "s",
            TimeUnit::Millis => "ms",
            TimeUnit::Micros => "us",
            TimeUnit::Nanos => "ns",
        }
    }
}

/// Milliseconds since 1970 in UTC of a number or text. -1 is Kafka's word for "none".
///
/// Text without a zone is read as UTC.
pub(crate) fn timestamp_ms(text: &[u8], unit: TimeUnit) -> Option<i64> {
    if let Some(number) = integer(text) {
        if number == -1 {
            return None;
        }
        let unit = if unit == TimeUnit::Guessed { unit_of(number) } else { unit };
        return match unit {
            TimeUnit::Seconds => number.checked_mul(1000),
            TimeUnit::Guessed | TimeUnit::Millis => Some(number),
            TimeUnit::Micros => Some(number.div_euclid(1000)),
            TimeUnit::Nanos => Some(number.div_euclid(1_000_000)),
        };
    }
    if let Some(seconds) = seconds_with_fraction(text) {
        return Some(seconds);
    }
    iso_ms(text)
}

/// The unit that puts a number between 1973 and 5138. Small numbers, as tests and examples have them, are Kafka's milliseconds.
fn unit_of(number: i64) -> TimeUnit {
    match number.unsigned_abs() {
        0..100_000_000 | 100_000_000_000..100_000_000_000_000 => TimeUnit::Millis,
        100_000_000..100_000_000_000 => TimeUnit::Seconds,
        100_000_000_000_000..100_000_000_000_000_000 => TimeUnit::Micros,
        _ => TimeUnit::Nanos,
    }
}

/// A decimal integer that fits, with nothing around it.
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    // 19 digits always fit.
    let value = match digits.len() {
        length @ 9..=16 => {
            let (first, last) = (digits.first_chunk()?, digits.last_chunk()?);
            let behind = length - 8;
            // The last eight, of which those that are among the first eight count nothing.
            let counts = u64::MAX << (64 - 8 * behind);
            let last = u64::from_le_bytes(*last) & counts | ZEROS & !counts;
            eight_digits(u64::from_le_bytes(*first))? * 10_u64.pow(behind as u32) + eight_digits(last)?
        }
        8 => eight_digits(u64::from_le_bytes(*digits.first_chunk()?))?,
        length @ 4..8 => {
            let (first, last) = (digits.first_chunk()?, digits.last_chunk()?);
            // The first four and the last four, which may overlap, behind zeros.
            let (first, last) = (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
            eight_digits(ZEROS >> (8 * length) | first << (64 - 8 * length) | last << 32)?
        }
        1..4 | 17..=19 => digits
            .iter()
            .try_fold(0, |value: u64, digit| digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0')))?,
        _ => return None,
    };
    let value = i64::try_from(value).ok()?;
    Some(if negative { -value } else { value })
}

/// Eight zeros as text.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Eight digits at once, the first in the lowest byte: neighbours are put together to numbers below 100, those to numbers below 10 000, and those to one.
#[inline]
fn eight_digits(bytes: u64) -> Option<u64> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    // A digit is 0x30 to 0x39: its upper half is 3, also when 6 is added.
    if bytes & HIGH | (bytes.wrapping_add(0x0606_0606_0606_0606) & HIGH) >> 4 != 0x3333_3333_3333_3333 {
        return None;
    }
    let ones = bytes & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = ones.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000 << 32 | 1) >> 32)
}

/// `1740960000.137` in milliseconds; digits after the third are dropped.
fn seconds_with_fraction(text: &[u8]) -> Option<i64> {
    let dot = memchr::memchr(b'.', text)?;
    let whole = integer(&text[..dot])?;
    let fraction = &text[dot + 1..];
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let ms = millis(fraction);
    whole.checked_mul(1000)?.checked_add(if text[0] == b'-' { -ms } else { ms })
}

fn millis(fraction: &[u8]) -> i64 {
    (0..3).fold(0, |ms, i| ms * 10 + fraction.get(i).map_or(0, |digit| i64::from(digit - b'0')))
}

/// `2025-03-03T00:00:00.137Z` and its kin: `T` or a blank, any number of decimals, `Z`, `+08`, `+08:00`, `+0800` or no zone.
pub(crate) fn iso_ms(text: &[u8]) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        if digits.iter().all(u8::is_ascii_digit) { integer(digits) } else { None }
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    if text[4] != b'-' || text[7] != b'-' || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let days = days_from_civil(year, month, day);
    if text.len() == 10 {
        return Some(days * 86_400_000);
    }
    if !matches!(text[10], b'T' | b't' | b' ') {
        return None;
    }
    let (hour, minute) = (number(11..13)?, number(14..16)?);
    if text[13] != b':' || hour > 24 || minute > 59 {
        return None;
    }
    let mut at = 16;
    let mut ms = (hour * 60 + minute) * 60_000;
    if text.get(at) == Some(&b':') {
        ms += number(17..19)?.min(60) * 1000;
        at = 19;
        // NServiceBus puts a colon before the decimals.
        if matches!(text.get(at), Some(b'.' | b',' | b':')) {
            let end = text[at + 1..].iter().position(|b| !b.is_ascii_digit()).map_or(text.len(), |n| at + 1 + n);
            ms += millis(&text[at + 1..end]);
            at = end;
        }
    }
    let zone = text[at..].trim_ascii();
    let zone_minutes = match zone {
        [] | [b'Z' | b'z'] | [b'U', b'T', b'C'] => 0,
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let digits: Vec<u8> = rest.iter().copied().filter(|b| *b != b':').collect();
            let value = match digits.len() {
                2 => integer(&digits)? * 60,
                4 => integer(&digits[..2])? * 60 + integer(&digits[2..])?,
                _ => return None,
            };
            if *sign == b'-' { -value } else { value }
        }
        _ => return None,
    };
    Some(days * 86_400_000 + ms - zone_minutes * 60_000)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day number, as year, month, day.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// `2025-03-03`.
pub(crate) fn date_text(days: i64) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `00:31:00.411` of a time of day in units of `per_second`; decimals as many as needed, in threes.
pub(crate) fn time_text(count: i64, per_second: i64) -> String {
    let seconds = count.div_euclid(per_second);
    let fraction = count.rem_euclid(per_second);
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction != 0 {
        let width = per_second.ilog10() as usize;
        let digits = format!("{fraction:0width$}");
        let mut keep = digits.trim_end_matches('0').len();
        keep = keep.div_ceil(3) * 3;
        text.push('.');
        text.push_str(&digits[..keep.min(width)]);
    }
    text
}

/// `2025-03-03T00:31:00.411` of a count of units since 1970: wall time, so no zone is named.
pub(crate) fn date_time_text(count: i64, per_second: i64) -> String {
    let per_day = per_second.saturating_mul(86_400);
    format!("{}T{}", date_text(count.div_euclid(per_day)), time_text(count.rem_euclid(per_day), per_second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(timestamp_ms(text.as_bytes(), TimeUnit::Guessed), expected, "{text}");
    }

    #[test]
    fn integers_have_nothing_but_digits_and_fit() {
        let numbers = [0, 7, 12_345_678, -12_345_678, 123_456_789, 1_740_960_000_137, i64::MAX, -i64::MAX];
        for number in numbers {
            assert_eq!(integer(number.to_string().as_bytes()), Some(number));
        }
        for length in 1..=19 {
            let digits = &b"1234567890987654321"[19 - length..];
            assert_eq!(integer(digits), str::from_utf8(digits).unwrap().parse().ok());
            for n in 0..length {
                for byte in (0..=255).filter(|byte: &u8| !byte.is_ascii_digit()) {
                    let mut text = digits.to_vec();
                    text[n] = byte;
                    let expected = (n == 0 && byte == b'-').then(|| integer(&digits[1..])).flatten();
                    assert_eq!(integer(&text), expected.map(|number| -number), "{text:?}");
                }
            }
        }
        for wrong in ["", "-", "9223372036854775808", "99999999999999999999", "1.5", "1e3", " 1", "+1"] {
            assert_eq!(integer(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_are_read_in_the_unit_that_their_size_tells() {
        check("1740960000", Some(1_740_960_000_000));
        check("1740960000137", Some(1_740_960_000_137));
        check("1740960000137005", Some(1_740_960_000_137));
        check("1740960000137005000", Some(1_740_960_000_137));
        check("1740960060.137", Some(1_740_960_060_137));
        check("-1", None);
        check("17", Some(17));
    }

    #[test]
    fn iso_text_is_read_with_and_without_zone() {
        check("2025-03-03T00:00:00.137Z", Some(1_740_960_000_137));
        check("2025-03-03T08:00:00.137+08:00", Some(1_740_960_000_137));
        check("2025-03-03 00:00:00.137+00", Some(1_740_960_000_137));
        check("2025-03-03 00:00:00.137005", Some(1_740_960_000_137));
        check("2025-03-03", Some(1_740_960_000_000));
        check("2025-03-03 00:00:00:137005 Z", Some(1_740_960_000_137));
        check("1969-12-31T23:59:59Z", Some(-1000));
        check("2025-13-03", None);
        check("tomorrow", None);
    }

    #[test]
    fn dates_come_back_from_day_numbers() {
        assert_eq!(date_text(20_150), "2025-03-03");
        assert_eq!(date_text(-1), "1969-12-31");
        assert_eq!(date_time_text(1_740_961_860_411, 1000), "2025-03-03T00:31:00.411");
        assert_eq!(date_time_text(1_740_961_860_411_005, 1_000_000), "2025-03-03T00:31:00.411005");
        assert_eq!(date_time_text(1_740_961_860_000, 1000), "2025-03-03T00:31:00");
    }
}
