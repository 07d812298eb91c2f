//! Numbers that keep their digits: a number nobody calculates with stays as it was written, whole numbers are exact up to 38 digits.

use replay_log::Json;
use std::cmp::Ordering;
use std::sync::Arc;

/// A number of a jq program.
#[derive(Debug, Clone)]
pub(crate) enum Number {
    /// A whole number.
    Int(i64),
    /// A result of floating-point arithmetic; never a whole number that [`Number::Int`] holds.
    Float(f64),
    /// As it was written: decimals, exponents, integers beyond 64 bits.
    Text(Arc<str>),
}

/// Up to here every whole number is a floating-point number of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Number {
    /// A number as JSON writes it.
    pub(crate) fn from_text(text: &str) -> Number {
        match text.parse::<i64>() {
            // `-0` and the like would lose their sign.
            Ok(whole) if whole != 0 || text == "0" => Number::Int(whole),
            _ => Number::Text(text.into()),
        }
    }

    pub(crate) fn from_f64(value: f64) -> Number {
        if value.abs() <= EXACT && value.fract() == 0.0 { Number::Int(value as i64) } else { Number::Float(value) }
    }

    fn from_i128(value: i128) -> Number {
        i64::try_from(value).map_or_else(|_| Number::Text(value.to_string().into()), Number::Int)
    }

    /// The exact value if it is whole and has at most 38 digits.
    pub(crate) fn as_int(&self) -> Option<i128> {
        match self {
            Number::Int(value) => Some(i128::from(*value)),
            Number::Text(text) => text.parse().ok(),
            Number::Float(_) => None,
        }
    }

    pub(crate) fn as_f64(&self) -> f64 {
        match self {
            Number::Int(value) => *value as f64,
            Number::Float(value) => *value,
            Number::Text(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// A whole number, what is behind the point cut off; saturates.
    pub(crate) fn to_i64(&self) -> i64 {
        match self {
            Number::Int(value) => *value,
            other => other.as_f64() as i64,
        }
    }

    /// What JSON can hold of it: not-a-number is null, infinity the largest number.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Number::Float(value) if value.is_nan() => Json::Null,
            other => Json::Number(other.to_text().into()),
        }
    }

    pub(crate) fn to_text(&self) -> String {
        match self {
            Number::Int(value) => value.to_string(),
            Number::Float(value) if value.is_nan() => "null".to_owned(),
            Number::Float(value) => {
                let value = value.clamp(f64::MIN, f64::MAX);
                if (1e-5..1e17).contains(&value.abs()) { value.to_string() } else { format!("{value:e}") }
            }
            Number::Text(text) => text.to_string(),
        }
    }

    /// Exact for whole numbers as long as the result has at most 38 digits, else by floating point.
    fn calculate(&self, other: &Number, exact: fn(i128, i128) -> Option<i128>, rounded: fn(f64, f64) -> f64) -> Number {
        let whole = self.as_int().zip(other.as_int()).and_then(|(a, b)| exact(a, b));
        whole.map_or_else(|| Number::from_f64(rounded(self.as_f64(), other.as_f64())), Number::from_i128)
    }

    pub(crate) fn add(&self, other: &Number) -> Number {
        self.calculate(other, i128::checked_add, |a, b| a + b)
    }

    pub(crate) fn subtract(&self, other: &Number) -> Number {
        self.calculate(other, i128::checked_sub, |a, b| a - b)
    }

    pub(crate) fn multiply(&self, other: &Number) -> Number {
        self.calculate(other, i128::checked_mul, |a, b| a * b)
    }

    /// `None` for a division by zero.
    pub(crate) fn divide(&self, other: &Number) -> Option<Number> {
        if other.as_f64() == 0.0 {
            return None;
        }
        let exact = |a: i128, b: i128| (a.checked_rem(b)? == 0).then(|| a.checked_div(b))?;
        Some(self.calculate(other, exact, |a, b| a / b))
    }

    /// The remainder of the whole parts, with the sign of the first; `None` for a division by zero.
    pub(crate) fn remainder(&self, other: &Number) -> Option<Number> {
        let whole = |number: &Number| number.as_int().unwrap_or_else(|| number.as_f64() as i128);
        whole(self).checked_rem(whole(other).checked_abs()?).map(Number::from_i128)
    }

    pub(crate) fn negate(&self) -> Number {
        match self {
            Number::Float(value) => Number::Float(-value),
            Number::Int(0) => Number::Int(0),
            Number::Int(value) => Number::from_i128(-i128::from(*value)),
            Number::Text(text) => {
                Number::from_text(&text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned))
            }
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By value: `1.50` equals `1.5`, and numbers that differ beyond floating point differ. Not-a-number is below all others, as in jq.
impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        if let Some((a, b)) = self.as_int().zip(other.as_int()) {
            return a.cmp(&b);
        }
        let (a, b) = (self.as_f64(), other.as_f64());
        let order = match (a.is_nan(), b.is_nan()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            _ => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        };
        // Beyond what floating point tells apart only equal texts are equal; any fixed order serves the rest.
        order.then_with(|| self.to_json().canonical().cmp(&other.to_json().canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::from_text(text)
    }

    #[test]
    fn what_nobody_calculates_with_keeps_its_spelling() {
        for text in ["0", "-0", "1.50", "1e400", "9007199254740993", "123456789012345678901234567890", "-0.10"] {
            assert_eq!(n(text).to_text(), text);
        }
    }

    #[test]
    fn whole_numbers_are_exact_to_38_digits() {
        assert_eq!(n("9007199254740992").add(&n("1")).to_text(), "9007199254740993");
        assert_eq!(n("9223372036854775807").add(&n("1")).to_text(), "9223372036854775808");
        assert_eq!(n("99999999999999999999").multiply(&n("3")).to_text(), "299999999999999999997");
        assert_eq!(n("99999999999999999998").divide(&n("2")).unwrap().to_text(), "49999999999999999999");
        assert_eq!(n("1e30").add(&n("1")).to_text(), "1e30");
    }

    #[test]
    fn the_rest_is_floating_point() {
        assert_eq!(n("0.1").add(&n("0.2")).to_text(), "0.30000000000000004");
        assert_eq!(n("7").divide(&n("2")).unwrap().to_text(), "3.5");
        assert_eq!(n("1.5").add(&n("1.5")).to_text(), "3");
        assert_eq!(n("1").divide(&n("0")), None);
        assert_eq!(n("-7").remainder(&n("3")).unwrap().to_text(), "-1");
        assert_eq!(n("5").remainder(&n("0.5")), None);
    }

    #[test]
    fn equality_is_by_value() {
        assert_eq!(n("1.50"), n("15e-1"));
        assert_ne!(n("9007199254740993"), n("9007199254740992"));
        assert_ne!(n("0.10000000000000000001"), n("0.1"));
        assert!(n("2") < n("1e1"));
    }
}
