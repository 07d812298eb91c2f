//! What a shared link says, in the part of the address that is never sent to a server.

use std::fmt::Write;

/// Longer pasted texts are not put into a link: mail programs and chats cut them.
const LONGEST_TEXT: usize = 4000;

/// Where the log of a link comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkSource {
    /// An embedded sample, by name.
    Sample(String),
    /// The text itself.
    Text(String),
}

/// A place in a log, as a link tells it. `None` means: as guessed, or at the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Link {
    /// The log.
    pub source: Option<LinkSource>,
    /// The cursor.
    pub position: u64,
    /// Key of the entity looked at.
    pub entity: Option<String>,
    /// Overrides the guess.
    pub projection: Option<String>,
    /// The program of the projection `jq`.
    pub jq: Option<String>,
    /// Overrides the guess.
    pub key_by: Option<String>,
    /// Overrides the guess.
    pub schedule: Option<String>,
    /// Overrides detection.
    pub format: Option<String>,
    /// Where the parts of a record are, as JSON, if a person has said so.
    pub mapping: Option<String>,
    /// The tab, if it is not the first.
    pub view: Option<String>,
    /// The side of that tab, if it is not its first.
    pub side: Option<String>,
    /// The laboratory's scenario as JSON, if it is not the log as it is.
    pub scenario: Option<String>,
}

impl Link {
    /// The text after `#`. `None` if the log cannot be named in a link or is too long for one.
    pub(crate) fn to_hash(&self) -> Option<String> {
        let mut hash = String::new();
        match self.source.as_ref()? {
            LinkSource::Sample(name) => add(&mut hash, "sample", name),
            LinkSource::Text(text) if text.len() <= LONGEST_TEXT => add(&mut hash, "text", text),
            LinkSource::Text(_) => return None,
        }
        add(&mut hash, "at", &self.position.to_string());
        let optional = [
            ("entity", &self.entity),
            ("projection", &self.projection),
            ("jq", &self.jq),
            ("key-by", &self.key_by),
            ("schedule", &self.schedule),
            ("format", &self.format),
            ("mapping", &self.mapping),
            ("view", &self.view),
            ("side", &self.side),
            ("scenario", &self.scenario),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                add(&mut hash, name, value);
            }
        }
        // A link that does not say what it was made from is not given away.
        (Self::from_hash(&hash) == *self).then_some(hash)
    }

    /// Reads what stands after `#`. Unknown names are passed over.
    pub(crate) fn from_hash(hash: &str) -> Self {
        let mut link = Self::default();
        for part in hash.trim_start_matches('#').split('&') {
            let Some((name, value)) = part.split_once('=') else { continue };
            let value = decode(value);
            match name {
                "sample" => link.source = Some(LinkSource::Sample(value)),
                "text" => link.source = Some(LinkSource::Text(value)),
                "at" => link.position = value.parse().unwrap_or(0),
                "entity" => link.entity = Some(value),
                "projection" => link.projection = Some(value),
                "jq" => link.jq = Some(value),
                "key-by" => link.key_by = Some(value),
                "schedule" => link.schedule = Some(value),
                "format" => link.format = Some(value),
                "mapping" => link.mapping = Some(value),
                "view" => link.view = Some(value),
                "side" => link.side = Some(value),
                "scenario" => link.scenario = Some(value),
                _ => {}
            }
        }
        link
    }
}

fn add(hash: &mut String, name: &str, value: &str) {
    if !hash.is_empty() {
        hash.push('&');
    }
    hash.push_str(name);
    hash.push('=');
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@,".contains(&byte) {
            hash.push(byte as char);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(hash, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_back_as_what_it_was_made_from() {
        let link = Link {
            source: Some(LinkSource::Text("{\"操作\":\"a&b=50%\"}\n".to_owned())),
            position: 7,
            entity: Some("喷头 1#2".to_owned()),
            projection: Some("merge".to_owned()),
            key_by: Some("/a/b~1c".to_owned()),
            view: Some("simulate".to_owned()),
            mapping: Some("{\"key\":\"value:/id\"}".to_owned()),
            scenario: Some("{\"topic\":{\"key\":\"/操作\"}}".to_owned()),
            ..Link::default()
        };
        let hash = link.to_hash().expect("short enough");
        assert!(hash.is_ascii() && !hash.contains('#'));
        assert_eq!(Link::from_hash(&format!("#{hash}")), link);
    }

    #[test]
    fn a_long_text_makes_no_link() {
        let source = Some(LinkSource::Text("x".repeat(LONGEST_TEXT + 1)));
        assert_eq!(Link { source, ..Link::default() }.to_hash(), None);
    }

    #[test]
    fn a_broken_link_is_read_as_far_as_it_goes() {
        let link = Link::from_hash("#sample=a%2&at=many&what=ever&&%");
        assert_eq!(link.source, Some(LinkSource::Sample("a%2".to_owned())));
        assert_eq!(link.position, 0);
        assert_eq!(Link::from_hash("#sample=%+5%41").source, Some(LinkSource::Sample("%+5A".to_owned())));
    }
}
