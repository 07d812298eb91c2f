//! Guesses about values from a sample of them: which member is the key, the type, the id, the version, the time, and
//! which projection suits.

use crate::mapping::Role;
use crate::time::{integer, iso_ms};
use crate::value::string_content;
use replay_lean as lean;
use replay_log::scan;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// A member that could be the key of bare events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCandidate {
    /// JSON pointer into the value.
    pub pointer: String,
    /// Different values in the sample.
    pub distinct: usize,
    /// Values of the sample that have it.
    pub present: usize,
}

/// The member that was taken for the key, and what else could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyGuess {
    /// JSON pointer into the value.
    pub pointer: String,
    /// Best first; the guess is among them.
    pub candidates: Vec<KeyCandidate>,
}

/// What is known of one member of the sampled values.
#[derive(Debug, Default)]
struct Member {
    pointer: String,
    /// In the value, or in a member of it.
    is_top: bool,
    name: String,
    present: usize,
    strings: usize,
    integers: usize,
    times: usize,
    longest: usize,
    distinct: FxHashSet<u64>,
}

/// Members of the sampled values, in the order of their first appearance.
#[derive(Debug, Default)]
pub(crate) struct ValueStats {
    /// Where in a record's value the values lie that are counted: the pointers of their members begin so.
    within: String,
    members: Vec<Member>,
    by_pointer: FxHashMap<String, usize>,
    objects: usize,
    patches: usize,
    values: usize,
    /// Names of members at the top, null or not.
    names: FxHashSet<String>,
    /// Member sets of the objects: one means that all have the same.
    shapes: FxHashSet<u64>,
}

/// Members that name an event's type, as [`plain_name`] gives them, best first.
pub(crate) const TYPE_NAMES: &[&str] =
    &["eventtype", "@type", "__typename", "eventname", "type", "event", "messagetype", "kind"];
/// Members that identify an event.
pub(crate) const ID_NAMES: &[&str] = &["eventid", "messageid", "msgid", "eventuuid", "uuid", "id", "_id"];
/// Members that count the events of an entity.
pub(crate) const VERSION_NAMES: &[&str] =
    &["version", "aggregateversion", "streamversion", "sequencenumber", "sequence", "seq", "eventnumber", "revision"];

/// More members than this make no table, but a map.
const MAX_MEMBERS: usize = 500;

impl ValueStats {
    /// Of values that lie there in those of the records.
    pub(crate) fn new(within: String) -> ValueStats {
        ValueStats { within, ..ValueStats::default() }
    }

    /// Counts one value.
    pub(crate) fn add(&mut self, value: &[u8]) {
        let at = scan::skip_ws(value, 0);
        self.values += 1;
        match value.get(at) {
            Some(b'[') if is_patch(value, at) => self.patches += 1,
            Some(b'{') => {
                self.objects += 1;
                if scan::pointer(value, "/patch")
                    .is_some_and(|patch| patch.first() == Some(&b'[') && is_patch(patch, 0))
                {
                    self.patches += 1;
                }
                let mut shape = FxHasher::default();
                let within = self.within.clone();
                self.add_members(value, at, &within, true, &mut shape);
                self.shapes.insert(shape.finish());
            }
            _ => {}
        }
    }

    fn add_members(&mut self, text: &[u8], at: usize, prefix: &str, is_top: bool, shape: &mut FxHasher) {
        for member in scan::members(text, at).flatten() {
            let Ok(name) = std::str::from_utf8(member.name) else { continue };
            prefix.hash(shape);
            name.hash(shape);
            if is_top && self.names.len() < MAX_MEMBERS && !self.names.contains(name) {
                self.names.insert(name.to_owned());
            }
            if name.contains('\\') {
                continue;
            }
            let pointer = format!("{prefix}/{}", name.replace('~', "~0").replace('/', "~1"));
            let token = &text[member.value.clone()];
            match token.first() {
                Some(b'{') if is_top => self.add_members(text, member.value.start, &pointer, false, shape),
                Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f') => self.add_scalar(pointer, name, is_top, token),
                _ => {}
            }
        }
    }

    fn add_scalar(&mut self, pointer: String, name: &str, is_top: bool, token: &[u8]) {
        let index = match self.by_pointer.get(&pointer) {
            Some(index) => *index,
            None if self.members.len() >= MAX_MEMBERS => return,
            None => {
                self.by_pointer.insert(pointer.clone(), self.members.len());
                self.members.push(Member { pointer, is_top, name: name.to_owned(), ..Member::default() });
                self.members.len() - 1
            }
        };
        let member = &mut self.members[index];
        member.present += 1;
        member.longest = member.longest.max(token.len());
        let mut hasher = FxHasher::default();
        token.hash(&mut hasher);
        member.distinct.insert(hasher.finish());
        if let Some(content) = string_content(token) {
            member.strings += 1;
            member.times += usize::from(content.len() >= 16 && iso_ms(&content).is_some());
        } else {
            let number = integer(token);
            member.integers += usize::from(number.is_some());
            // From 2001 on, in seconds or finer.
            member.times += usize::from(number.is_some_and(|n| n > 1_000_000_000));
        }
    }

    /// What a pointer into the values that are counted is in those of the records.
    pub(crate) fn place(&self, pointer: &str) -> String {
        let place = [&self.within, pointer].concat();
        if self.by_pointer.contains_key(&place) { place } else { pointer.to_owned() }
    }

    /// Members that could be the key, best first.
    pub(crate) fn key_candidates(&self) -> Vec<KeyCandidate> {
        let mut scored: Vec<(i64, &Member)> = self
            .members
            .iter()
            .enumerate()
            .filter(|(_, member)| member.strings + member.integers == member.present && member.longest <= 200)
            .map(|(i, member)| (self.key_score(i, member), member))
            .filter(|(score, _)| *score > -50)
            .collect();
        lean::sort_by_key(&mut scored, |(score, _)| -score);
        let candidates = scored.into_iter().take(20).map(|(_, member)| KeyCandidate {
            pointer: member.pointer.clone(),
            distinct: member.distinct.len(),
            present: member.present,
        });
        candidates.collect()
    }

    /// The best candidate, if it is good enough to be used unasked.
    pub(crate) fn key(&self) -> Option<String> {
        let best = self.key_candidates().into_iter().next()?;
        let index = *self.by_pointer.get(&best.pointer)?;
        (self.key_score(index, &self.members[index]) >= 20).then_some(best.pointer)
    }

    fn key_score(&self, index: usize, member: &Member) -> i64 {
        let name = plain_name(&member.name);
        let (present, distinct) = (member.present as i64, member.distinct.len() as i64);
        let mut score = 0;
        // Whole identifiers, as words: `id`, `orderId`, `account_no`; not `paid`.
        score += match name.as_str() {
            _ if is_event_id(&name) => -120,
            "key" | "aggregateid" | "streamid" | "entityid" | "stream" | "aggregate" | "entity" => 90,
            "id" | "_id" => 60,
            _ if ends_with_word(&member.name, "id") || ends_with_word(&member.name, "key") => 80,
            _ if ["no", "number", "code", "nr", "uuid", "iban", "sku"]
                .iter()
                .any(|end| ends_with_word(&member.name, end)) =>
            {
                50
            }
            "account" | "user" | "customer" | "order" | "device" | "sensor" | "username" | "email" | "name" => 35,
            _ if is_other_role(&name) => -80,
            _ => 0,
        };
        if member.times * 2 > member.present {
            score -= 80;
        }
        if present < self.objects as i64 {
            score -= 40 + 60 * (self.objects as i64 - present) / (self.objects as i64).max(1);
        }
        // A key repeats: that is what makes a history. A member that is different each time names the event.
        if distinct == present && present > 2 {
            score -= 40;
        } else if distinct > 1 {
            score += 20 + 20 * distinct / present.max(1);
        } else if present > 1 {
            score -= 10;
        }
        if !member.is_top {
            score -= 15;
        }
        score - (index as i64).min(10)
    }

    /// Where values tell type, id, version and time of the event.
    pub(crate) fn roles(&self, key: Option<&str>) -> Vec<(String, Role)> {
        let mut roles = Vec::new();
        let candidates = || self.members.iter().filter(|member| Some(member.pointer.as_str()) != key);
        let best = |names: &[&str], test: &dyn Fn(&Member) -> bool| {
            names.iter().find_map(|name| {
                candidates()
                    .find(|member| plain_name(&member.name) == *name && test(member))
                    .map(|member| member.pointer.clone())
            })
        };
        let is_name = |member: &Member| {
            member.strings == member.present
                && member.longest <= 120
                && (member.distinct.len() <= 4.max(member.present / 2))
        };
        if let Some(pointer) = best(TYPE_NAMES, &is_name) {
            roles.push((pointer, Role::EventType));
        }
        let is_unique = |member: &Member| member.distinct.len() * 10 >= member.present * 8;
        if let Some(pointer) = best(ID_NAMES, &is_unique) {
            roles.push((pointer, Role::EventId));
        }
        if let Some(pointer) = best(VERSION_NAMES, &|member| member.integers == member.present && member.times == 0) {
            roles.push((pointer, Role::Version));
        }
        let times = [
            "timestamp",
            "@timestamp",
            "eventtime",
            "occurredat",
            "occurredon",
            "time",
            "ts",
            "createdat",
            "created",
            "date",
            "datetime",
            "happenedat",
            "recordedat",
            "updatedat",
            "at",
            "when",
        ];
        if let Some(pointer) = best(&times, &|member| member.times == member.present) {
            roles.push((pointer, Role::Timestamp));
        }
        roles
    }

    /// The projection that suits values which are no change data.
    pub(crate) fn projection(&self) -> &'static str {
        if self.patches > 0 && self.patches * 2 > self.values {
            return "json-patch";
        }
        let has_status = self.names.iter().any(|name| {
            let stem = name.strip_prefix("new").filter(|stem| stem.starts_with(|c: char| c.is_uppercase() || c == '_'));
            stem.is_some_and(|stem| self.names.contains(&format!("old{stem}")))
        });
        if has_status {
            "status"
        } else if self.objects > 1 && self.shapes.len() == 1 {
            "latest"
        } else {
            "merge"
        }
    }

    /// True if nothing but JSON Patch stands in the arrays of the sample.
    pub(crate) fn is_patches(&self) -> bool {
        self.patches > 0 && self.patches == self.values
    }
}

/// True if all elements are operations of RFC 6902.
pub(crate) fn is_patch(text: &[u8], at: usize) -> bool {
    let mut n = 0;
    for element in scan::elements(text, at) {
        let Ok(element) = element else { return false };
        let operation = &text[element];
        let is_operation = operation.first() == Some(&b'{')
            && scan::pointer(operation, "/path").is_some()
            && scan::pointer(operation, "/op")
                .and_then(string_content)
                .is_some_and(|op| matches!(&op[..], b"add" | b"remove" | b"replace" | b"move" | b"copy" | b"test"));
        if !is_operation {
            return false;
        }
        n += 1;
    }
    n > 0
}

/// The name without case and separators.
pub(crate) fn plain_name(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '.' | ' ') && (*c != '_' || name.starts_with('_')))
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_event_id(name: &str) -> bool {
    [
        "eventid",
        "messageid",
        "msgid",
        "eventuuid",
        "traceid",
        "spanid",
        "correlationid",
        "causationid",
        "requestid",
        "transactionid",
        "commandid",
        "tenantid",
        "sessionid",
        "txid",
        "xid",
    ]
    .contains(&name)
}

fn is_other_role(name: &str) -> bool {
    [
        "type",
        "eventtype",
        "kind",
        "event",
        "status",
        "state",
        "version",
        "sequence",
        "seq",
        "timestamp",
        "ts",
        "time",
        "date",
        "amount",
        "balance",
        "quantity",
        "op",
        "action",
    ]
    .contains(&name)
        || name.starts_with("old")
        || name.starts_with("new")
}

/// True for `orderId`, `order_id`, `ORDER_ID`, `id`; not for `paid` or `hybrid`.
fn ends_with_word(name: &str, word: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(stem) = lower.strip_suffix(word) else { return false };
    let Some(before) = stem.chars().last() else { return true };
    if !before.is_alphanumeric() {
        return true;
    }
    name.get(stem.len()..).and_then(|end| end.chars().next()).is_some_and(char::is_uppercase)
        && name.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(values: &[&str]) -> ValueStats {
        let mut stats = ValueStats::default();
        for value in values {
            stats.add(value.as_bytes());
        }
        stats
    }

    #[test]
    fn the_key_repeats_and_is_named_like_one() {
        let stats = stats(&[
            r#"{"eventId":"e1","orderId":"o1","paid":true,"type":"A","version":1}"#,
            r#"{"eventId":"e2","orderId":"o2","paid":true,"type":"A","version":1}"#,
            r#"{"eventId":"e3","orderId":"o1","paid":true,"type":"B","version":2}"#,
        ]);
        assert_eq!(stats.key().as_deref(), Some("/orderId"));
        assert_eq!(
            stats.roles(Some("/orderId")),
            [
                ("/type".to_owned(), Role::EventType),
                ("/eventId".to_owned(), Role::EventId),
                ("/version".to_owned(), Role::Version)
            ]
        );
    }

    #[test]
    fn projections_follow_from_the_members() {
        assert_eq!(stats(&[r#"{"oldStatus":null,"newStatus":"A"}"#]).projection(), "status");
        assert_eq!(stats(&[r#"[{"op":"add","path":"","value":1}]"#]).projection(), "json-patch");
        assert_eq!(stats(&[r#"{"a":1}"#, r#"{"a":2}"#]).projection(), "latest");
        assert_eq!(stats(&[r#"{"a":1}"#, r#"{"b":2}"#]).projection(), "merge");
    }
}
