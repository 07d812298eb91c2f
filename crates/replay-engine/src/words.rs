//! A read model for audits: every word of every record, with the positions at which it stands, as a search engine keeps them.

use crate::loaded::Loaded;
use crate::window::row;
use replay_core::Replay;
use replay_lean as lean;
use replay_log::{Json, Payload, Record};
use replay_protocol::{WordsFound, WordsRequest};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// Records that are put into the index: it is meant to be looked at, and words cost more memory than the log.
pub(crate) const MAX_RECORDS: u64 = 200_000;
/// Longer words are no words.
const MAX_WORD: usize = 64;
/// Rows given at once.
const MAX_ROWS: u32 = 200;

/// Positions by word, the words in alphabetical order.
pub(crate) struct Index {
    words: Vec<(Box<str>, Vec<u32>)>,
    records: u64,
    is_cut: bool,
    /// Bytes that it takes.
    pub(crate) memory: u64,
}

/// Where a log keeps its index once there is one.
pub(crate) type Kept = Arc<OnceLock<Index>>;

/// Building the index, if it is not there yet, and a look into it.
pub(crate) struct WordsJob {
    replay: Replay,
    type_places: Arc<[u32]>,
    kept: Kept,
    wanted: WordsRequest,
    words: FxHashMap<Box<str>, Vec<u32>>,
    next: u64,
}

impl WordsJob {
    pub(crate) fn new(loaded: &Loaded, wanted: WordsRequest) -> WordsJob {
        WordsJob {
            replay: loaded.replay.clone(),
            type_places: loaded.type_places.as_slice().into(),
            kept: loaded.words.clone(),
            wanted,
            words: FxHashMap::default(),
            next: 1,
        }
    }

    fn end(&self) -> u64 {
        self.replay.order().len().min(MAX_RECORDS)
    }

    /// Takes so many records more into the index; the answer when all are in it.
    #[inline(never)]
    pub(crate) fn step(&mut self, records: usize) -> Option<WordsFound> {
        if self.kept.get().is_none() {
            let until = self.next.saturating_add(records.max(1) as u64).min(self.end() + 1);
            let mut found = Vec::new();
            for position in self.next..until {
                let Some(index) = self.replay.order().record_at(position) else { continue };
                words_of(&self.replay.log().record(index), &mut found);
                found.sort_unstable();
                found.dedup();
                for word in found.drain(..) {
                    self.words.entry(word).or_default().push(position as u32);
                }
            }
            self.next = until;
            if until <= self.end() {
                return None;
            }
            let mut words: Vec<_> = std::mem::take(&mut self.words).into_iter().collect();
            words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            let one = |(word, list): &(Box<str>, Vec<u32>)| {
                size_of::<(Box<str>, Vec<u32>)>() + word.len() + list.capacity() * 4
            };
            let memory = words.iter().map(one).sum::<usize>() as u64;
            let (records, is_cut) = (self.end(), self.end() < self.replay.order().len());
            // An index that another job has built meanwhile is the same.
            let _ = self.kept.set(Index { words, records, is_cut, memory });
        }
        Some(self.kept.get().map(|index| self.look_up(index)).unwrap_or_default())
    }

    /// Records done and to do.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.next - 1, self.end())
    }

    fn look_up(&self, index: &Index) -> WordsFound {
        let position = self.wanted.position.min(index.records);
        let mut wanted = Vec::new();
        words_in(&self.wanted.text, &mut wanted);
        wanted.sort_unstable();
        wanted.dedup();
        let mut answer = WordsFound {
            indexed: position as u32,
            words: index.words.len() as u32,
            is_cut: index.is_cut,
            ..WordsFound::default()
        };
        // The rarest word first: the others only have to be looked for among its records.
        let lists = wanted.iter().map(|word| {
            let at = index.words.binary_search_by(|(other, _)| (**other).cmp(word)).ok();
            let list = at.map(|at| index.words[at].1.as_slice()).unwrap_or_default();
            &list[..list.partition_point(|&at| u64::from(at) <= position)]
        });
        let mut lists: Vec<&[u32]> = lists.collect();
        lean::sort_by_key(&mut lists, |list| list.len());
        let Some((rarest, others)) = lists.split_first() else { return answer };
        answer.entries_read = rarest.len() as u32;
        let limit = self.wanted.limit.min(MAX_ROWS) as usize;
        for &at in *rarest {
            let is_match = others.iter().all(|list| {
                answer.entries_read += 1;
                list.binary_search(&at).is_ok()
            });
            if !is_match {
                continue;
            }
            answer.total += 1;
            if answer.rows.len() < limit
                && let Some(record) = self.replay.order().record_at(u64::from(at))
            {
                let log = self.replay.log();
                let event_type = log.event_type(record).and_then(|id| self.type_places.get(id as usize).copied());
                answer.rows.push(row(&self.replay, event_type, u64::from(at), record, &log.record(record)));
            }
        }
        answer
    }
}

/// The words of a record: key, type, headers and every scalar of the value; names of members are no words of it.
fn words_of(record: &Record<'_>, into: &mut Vec<Box<str>>) {
    let mut take = |bytes: &[u8]| words_in(&String::from_utf8_lossy(bytes), into);
    if let Some(key) = record.key.as_deref() {
        take(key);
    }
    if let Some(name) = record.event_type.as_deref() {
        take(name.as_bytes());
    }
    for header in &record.headers {
        if let Some(value) = header.value.as_deref() {
            take(value);
        }
    }
    if let Payload::Bytes(value) = &record.value {
        match Json::parse(value) {
            Ok(json) => scalars(&json, into),
            Err(_) => take(value),
        }
    }
}

fn scalars(json: &Json, into: &mut Vec<Box<str>>) {
    match json {
        Json::String(text) | Json::Number(text) => words_in(text, into),
        Json::Bool(value) => words_in(if *value { "true" } else { "false" }, into),
        Json::Array(elements) => elements.iter().for_each(|element| scalars(element, into)),
        Json::Object(members) => members.iter().for_each(|(_, member)| scalars(member, into)),
        Json::Null => {}
    }
}

/// Runs of letters and digits in lower case. Where a script writes no spaces, each character and each pair of neighbours is a word.
fn words_in(text: &str, into: &mut Vec<Box<str>>) {
    let mut word = String::new();
    let mut before = None;
    let flush = |word: &mut String, into: &mut Vec<Box<str>>| {
        if !word.is_empty() && word.len() <= MAX_WORD {
            into.push(word.as_str().into());
        }
        word.clear();
    };
    for c in text.chars() {
        if is_ideographic(c) {
            flush(&mut word, into);
            into.push(c.to_string().into());
            if let Some(before) = before {
                into.push([before, c].iter().collect::<String>().into());
            }
            before = Some(c);
            continue;
        }
        before = None;
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else {
            flush(&mut word, into);
        }
    }
    flush(&mut word, into);
}

/// Han, Hiragana, Katakana and Hangul syllables.
fn is_ideographic(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut found = Vec::new();
        words_in(text, &mut found);
        found.sort();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        check("Spray-0212 IN_USE", "0212 in spray use");
        check("", "");
        check("欧阳娜", "娜 欧 欧阳 阳 阳娜");
        check("张a三", "a 三 张");
        check(&"x".repeat(65), "");
    }
}
