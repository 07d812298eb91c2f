//! A topic as an address: `kafka+http://HOST:PORT/TOPIC?from=…`.

use crate::failure::Failure;
use crate::plan::{From, Range, Until};
use std::collections::BTreeMap;

/// The variable of the environment that holds the token, if the address names no other.
pub const TOKEN_VARIABLE: &str = "REPLAYGROUND_KAFKA_TOKEN";

/// A server, a topic and what of it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `http://HOST:PORT` with the path before the topic.
    pub server: String,
    /// Its name.
    pub topic: String,
    /// What of it.
    pub range: Range,
    /// The variable of the environment that holds the token.
    pub token_variable: String,
}

impl Address {
    /// Whether a text is meant as such an address.
    pub fn is_one(text: &str) -> bool {
        text.starts_with("kafka+http://") || text.starts_with("kafka+https://")
    }

    /// Reads an address.
    ///
    /// Parameters: `from` is `beginning`, `end`, an offset, `-N` (the last N offsets of each partition), `0:15,1:20` (offsets by
    /// partition) or a time (`2026-01-31T10:00:00Z`, or `@` and milliseconds since 1970 UTC); `to` is `end`, an offset or a time;
    /// `partitions` are numbers; `isolation` is `read_committed` or `read_uncommitted`; `token_env` names the variable with the token.
    ///
    /// # Errors
    /// [`Failure::Wish`] with the part that cannot be read.
    pub fn parse(text: &str) -> Result<Address, Failure> {
        let wish = |what: String| Failure::Wish { what };
        let rest = text.strip_prefix("kafka+").unwrap_or(text);
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = path.trim_end_matches('/');
        let form = "an address is kafka+http://HOST:PORT/TOPIC?from=…";
        let (scheme, place) = path.split_once("://").ok_or_else(|| wish(form.to_owned()))?;
        let (_, topic) = place.rsplit_once('/').ok_or_else(|| wish(format!("no topic is named; {form}")))?;
        let server = path[..path.len() - topic.len()].trim_end_matches('/').to_owned();
        if !matches!(scheme, "http" | "https") || topic.is_empty() || place.starts_with('/') {
            return Err(wish(form.to_owned()));
        }
        let topic = unescaped(topic);
        let mut range = Range::default();
        let mut token_variable = TOKEN_VARIABLE.to_owned();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = unescaped(value);
            let bad = |how: &str| wish(format!("{name}={value}: {how}"));
            match name {
                "from" => range.from = from(&value).ok_or_else(|| bad(FROM))?,
                "to" => range.until = until(&value).ok_or_else(|| bad("must be end, an offset or a time"))?,
                "partitions" | "partition" => {
                    let numbers: Result<Vec<i32>, _> = value.split(',').map(str::parse).collect();
                    range.partitions = numbers.map_err(|_| bad("must be numbers separated by commas"))?;
                }
                "isolation" => {
                    range.read_committed = match value.as_str() {
                        "read_committed" => true,
                        "read_uncommitted" => false,
                        _ => return Err(bad("must be read_committed or read_uncommitted")),
                    }
                }
                "token_env" if !value.is_empty() => token_variable = value,
                _ => {
                    return Err(wish(format!("{name}: unknown; there are from, to, partitions, isolation, token_env")));
                }
            }
        }
        Ok(Address { server, topic, range, token_variable })
    }
}

const FROM: &str = "must be beginning, end, an offset, -N for the last N, PARTITION:OFFSET pairs or a time";

fn from(text: &str) -> Option<From> {
    Some(match text {
        "beginning" | "earliest" => From::Beginning,
        "end" | "latest" => From::End,
        _ if text.contains(':') && !text.contains('T') => {
            let pair = |pair: &str| {
                let (partition, offset) = pair.split_once(':')?;
                Some((partition.parse().ok()?, offset.parse().ok().filter(|offset: &i64| *offset >= 0)?))
            };
            From::Offsets(text.split(',').map(pair).collect::<Option<BTreeMap<i32, i64>>>()?)
        }
        _ => match text.strip_prefix('-') {
            Some(last) => From::Last(last.parse().ok()?),
            None => text.parse().map(From::Offset).ok().or_else(|| time(text).map(From::Timestamp))?,
        },
    })
}

fn until(text: &str) -> Option<Until> {
    match text {
        "end" | "latest" => Some(Until::End),
        _ => {
            let offset = text.parse().ok().filter(|offset: &i64| *offset >= 0).map(Until::Offset);
            offset.or_else(|| time(text).map(Until::Timestamp))
        }
    }
}

/// Milliseconds since 1970 UTC.
fn time(text: &str) -> Option<i64> {
    match text.strip_prefix('@') {
        Some(ms) => ms.parse().ok(),
        None => text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
    }
}

/// What an address writes as `%40`, as it is.
pub fn unescaped(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Address, From, Range, Until};
    use std::collections::BTreeMap;

    #[track_caller]
    fn check(query: &str, expected: &Range) {
        let address = Address::parse(&format!("kafka+http://localhost:8082/orders?{query}")).unwrap();
        assert_eq!((address.server.as_str(), address.topic.as_str()), ("http://localhost:8082", "orders"));
        assert_eq!(address.range, *expected);
    }

    #[test]
    fn every_way_to_say_where_reading_begins_and_ends() {
        let range = |from, until| Range { from, until, ..Range::default() };
        check("", &Range::default());
        check("from=beginning&to=end", &Range::default());
        check("from=end", &range(From::End, Until::End));
        check("from=17&to=20", &range(From::Offset(17), Until::Offset(20)));
        check("from=-1000", &range(From::Last(1000), Until::End));
        check("from=0:15,1:20", &range(From::Offsets(BTreeMap::from([(0, 15), (1, 20)])), Until::End));
        check("from=1970-01-01T00:00:01Z&to=@2000", &range(From::Timestamp(1000), Until::Timestamp(2000)));
        check(
            "partitions=0,2&isolation=read_committed",
            &Range { partitions: vec![0, 2], read_committed: true, ..Range::default() },
        );
    }

    #[test]
    fn a_path_before_the_topic_belongs_to_the_server() {
        let address = Address::parse("kafka+https://example.org/kafka/rest/a%20b").unwrap();
        assert_eq!((address.server.as_str(), address.topic.as_str()), ("https://example.org/kafka/rest", "a b"));
    }

    #[test]
    fn an_escape_is_two_hexadecimal_digits() {
        let cases = [
            ("a%20b", "a b"),
            ("%e6%9D%8e", "李"),
            ("%+5", "%+5"),
            ("%-1 %5", "%-1 %5"),
            ("%", "%"),
            ("%%41", "%A"),
            ("%4é", "%4é"),
        ];
        for (text, expected) in cases {
            assert_eq!(super::unescaped(text), expected);
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let cases = [
            ("kafka+http://localhost:8082", "no topic"),
            ("kafka+http://localhost:8082/", "no topic"),
            ("kafka+http:///orders", "kafka+http://HOST"),
            ("kafka+http://h/t?from=soon", "from=soon"),
            ("kafka+http://h/t?from=0:-5", "from=0:-5"),
            ("kafka+http://h/t?to=-5", "to=-5"),
            ("kafka+http://h/t?offset=5", "offset: unknown"),
            ("kafka+http://h/t?isolation=none", "read_committed"),
        ];
        for (address, expected) in cases {
            let told = Address::parse(address).unwrap_err().to_string();
            assert!(told.contains(expected), "{address}: {told}");
        }
    }
}
