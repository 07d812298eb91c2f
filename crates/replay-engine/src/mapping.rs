//! Mappings between the readers' types and the plain data of the protocol, which is also a file that people keep.

use replay_formats::{BadConversion, BadKcatFormat, BadMapping, Mapping, MappingChoice, Part, TimeUnit};
use replay_protocol::{Failure, Mapping as Told, RememberedMapping};

/// Reads a mapping from JSON text.
///
/// # Errors
/// What is no JSON, no member, or no place: the member's path and what would be right.
pub fn read_mapping(text: &str) -> Result<MappingChoice, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    let told: Told = serde_path_to_error::deserialize(&mut json).map_err(|error| match error.path().to_string() {
        path if path == "." => error.inner().to_string(),
        path => format!("{path}: {}", error.inner()),
    })?;
    json.end().map_err(|error| error.to_string())?;
    choice(&told).map_err(|refused| refused.english)
}

/// A mapping that makes no sense.
struct Refused {
    /// Of a failure.
    code: &'static str,
    /// What goes into its text.
    detail: String,
    /// All of it in English.
    english: String,
}

fn choice(told: &Told) -> Result<MappingChoice, Refused> {
    let plain = |text: String| Refused { code: "bad-mapping", detail: text.clone(), english: text };
    let refused = |part: &Part, error: &BadMapping| {
        let (code, place) = match error {
            BadMapping::Place(place) => ("bad-mapping-place", place),
            BadMapping::Part { place, .. } => ("bad-mapping-part", place),
        };
        let detail = format!("{}: {place}", part.name());
        Refused { code, detail, english: format!("{}: {error}", part.name()) }
    };
    let mut choice = MappingChoice::default();
    if let Some(format) = told.format.as_deref().filter(|name| !name.is_empty()) {
        choice.format = Some(format.parse().map_err(|error| plain(format!("format: {error}")))?);
    }
    if let Some(text) = told.kcat_format.as_deref().filter(|text| !text.is_empty()) {
        choice.kcat_format = Some(text.parse().map_err(|error: BadKcatFormat| Refused {
            code: error.code(),
            detail: error.detail(),
            english: format!("kcat_format: {error}"),
        })?);
    }
    for (column, text) in &told.columns {
        let conversion = text.parse().map_err(|error: BadConversion| Refused {
            code: "bad-conversion",
            detail: format!("{column}: {text}"),
            english: format!("columns.{column}: {error}"),
        })?;
        choice.columns.push((column.clone(), conversion));
    }
    if let Some(unit) = told.timestamp_unit.as_deref().filter(|name| !name.is_empty()) {
        let found = TimeUnit::ALL.into_iter().find(|known| known.name() == unit);
        let known = || TimeUnit::ALL.map(TimeUnit::name).join(", ");
        choice.timestamp_unit =
            Some(found.ok_or_else(|| plain(format!("timestamp_unit: {unit:?} is none of {}", known())))?);
    }
    choice.message = told.message.clone().filter(|name| !name.is_empty());
    for part in Part::ALL {
        let Some(place) = told.part(part.name()) else { continue };
        let place = if place.is_empty() { Ok(None) } else { place.parse().map(Some) };
        place.and_then(|place| choice.set(*part, place)).map_err(|error| refused(part, &error))?;
    }
    Ok(choice)
}

/// The same as a failure of the request.
pub(crate) fn asked(told: &Told) -> Result<MappingChoice, Failure> {
    choice(told).map_err(|refused| Failure::new(refused.code, refused.detail))
}

/// What was remembered, without what no longer makes sense.
pub(crate) fn remembered(told: &[RememberedMapping]) -> Vec<(String, MappingChoice)> {
    told.iter().filter_map(|one| Some((one.signature.clone(), choice(&one.mapping).ok()?))).collect()
}

/// Where the parts of a record were taken from.
pub(crate) fn in_force(mapping: &Mapping) -> Told {
    let mut told = Told { timestamp_unit: Some(mapping.timestamp_unit.name().to_owned()), ..Told::default() };
    for part in Part::ALL {
        told.set_part(part.name(), mapping.place(*part).map(ToString::to_string));
    }
    told
}

/// What was chosen.
pub(crate) fn chosen(choice: &MappingChoice) -> Told {
    let mut told = Told {
        format: choice.format.map(|format| format.to_string()),
        timestamp_unit: choice.timestamp_unit.map(|unit| unit.name().to_owned()),
        kcat_format: choice.kcat_format.as_ref().map(ToString::to_string),
        columns: choice.columns.iter().map(|(name, conversion)| (name.clone(), conversion.to_string())).collect(),
        message: choice.message.clone(),
        ..Told::default()
    };
    for part in choice.parts() {
        let place = choice.get(part).flatten().map(ToString::to_string);
        told.set_part(part.name(), Some(place.unwrap_or_default()));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_reads_back_as_it_was_written() {
        let text = r#"{"format":"kcat-json","kcat_format":"%k:%s\\n","columns":{"at":"timestamp-us","price":"decimal:2"},"topic":"","timestamp":"value:/at","timestamp_unit":"s","key":".","event_type":"header:t","message":"a.B"}"#;
        let read = read_mapping(text).expect("a mapping");
        assert_eq!(serde_json::to_string(&chosen(&read)).expect("plain data"), text);
        assert!(read_mapping("{}").expect("nothing").is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_member() {
        for (text, expected) in [
            (r#"{"keys":"/a"}"#, "unknown field `keys`"),
            (r#"{"key":7}"#, "key: invalid type"),
            (r#"{"key":"a"}"#, "key: \"a\" is no place"),
            (r#"{"value":"header:a"}"#, "value: the value can only be"),
            (r#"{"timestamp_unit":"days"}"#, "timestamp_unit: \"days\" is none of guessed, s, ms"),
            (r#"{"kcat_format":"%k%s"}"#, "kcat_format: nothing stands between %k and %s"),
            (r#"{"columns":{"a":"days"}}"#, "columns.a: \"days\" is none of decimal:SCALE"),
            (r#"{"format":"word"}"#, "format: there is no format"),
            ("{} x", "trailing characters"),
        ] {
            let told = read_mapping(text).expect_err(text);
            assert!(told.contains(expected), "{text}: {told}");
        }
    }
}
