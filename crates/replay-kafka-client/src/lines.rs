//! Lines of records as they come in pieces: whole ones are passed on, and each partition's next offset is known.

use crate::failure::Failure;
use std::collections::BTreeMap;

/// Collects pieces of a body of lines and knows where each partition stands.
#[derive(Debug)]
pub(crate) struct Lines {
    /// What every record's line begins with.
    head: Vec<u8>,
    rest: Vec<u8>,
    /// The next offset to be read, by partition.
    pub(crate) next: BTreeMap<i32, i64>,
    /// Records so far.
    pub(crate) records: u64,
}

impl Lines {
    pub(crate) fn new(topic: &str, next: BTreeMap<i32, i64>) -> Lines {
        let topic = serde_json::Value::from(topic).to_string();
        Lines { head: format!("{{\"topic\":{topic},\"partition\":").into_bytes(), rest: Vec::new(), next, records: 0 }
    }

    /// Takes a piece and gives the lines that are whole by now, with their number. A record that came before is left out.
    ///
    /// # Errors
    /// What a line says that is an error and no record: the server broke off.
    pub(crate) fn push(&mut self, piece: &[u8], server: &str) -> Result<(Vec<u8>, u64), Failure> {
        let Some(end) = memchr::memrchr(b'\n', piece) else {
            self.rest.extend_from_slice(piece);
            return Ok((Vec::new(), 0));
        };
        let mut text = std::mem::take(&mut self.rest);
        text.extend_from_slice(&piece[..=end]);
        self.rest.extend_from_slice(&piece[end + 1..]);
        let (mut start, mut count, mut kept) = (0, 0, Vec::new());
        // Where the lines that have not been copied yet begin: mostly all of them are kept.
        let mut from = 0;
        for end in memchr::memchr_iter(b'\n', &text) {
            let line = &text[start..end];
            let is_new = match self.place(line) {
                Some((partition, offset)) => self.advance(partition, offset),
                None if line.trim_ascii().is_empty() => false,
                None => return Err(Failure::answered(server, 200, line, "")),
            };
            if is_new {
                count += 1;
            } else {
                kept.extend_from_slice(&text[from..start]);
                from = end + 1;
            }
            start = end + 1;
        }
        self.records += count;
        if from == 0 {
            return Ok((text, count));
        }
        kept.extend_from_slice(&text[from..]);
        Ok((kept, count))
    }

    /// Whether the record had not come before.
    pub(crate) fn advance(&mut self, partition: i32, offset: i64) -> bool {
        let next = self.next.entry(partition).or_insert(offset);
        let is_new = offset >= *next;
        if is_new {
            *next = offset + 1;
        }
        is_new
    }

    /// Forgets a line of which only a part has come.
    pub(crate) fn forget_rest(&mut self) {
        self.rest.clear();
    }

    fn place(&self, line: &[u8]) -> Option<(i32, i64)> {
        let rest = line.strip_prefix(self.head.as_slice())?;
        let (partition, rest) = number(rest)?;
        let (offset, _) = number(rest.strip_prefix(b",\"offset\":")?)?;
        Some((i32::try_from(partition).ok()?, offset))
    }
}

fn number(text: &[u8]) -> Option<(i64, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use std::collections::BTreeMap;

    fn line(partition: i32, offset: i64) -> String {
        format!("{{\"topic\":\"t\",\"partition\":{partition},\"offset\":{offset},\"value\":1}}\n")
    }

    #[test]
    fn any_cut_gives_the_same_records_and_none_twice() {
        let text = [line(0, 5), line(1, 0), line(0, 5), line(0, 7), line(1, 1), line(1, 0)].concat();
        let expected = [line(0, 5), line(1, 0), line(0, 7), line(1, 1)].concat();
        for cut in 0..=text.len() {
            let mut lines = Lines::new("t", BTreeMap::from([(0, 5)]));
            let (head, tail) = text.as_bytes().split_at(cut);
            let (mut all, first) = lines.push(head, "").unwrap();
            let (more, second) = lines.push(tail, "").unwrap();
            all.extend(more);
            assert_eq!((String::from_utf8(all).unwrap(), first + second), (expected.clone(), 4), "{cut}");
            assert_eq!(lines.next, BTreeMap::from([(0, 8), (1, 2)]));
        }
    }

    #[test]
    fn a_line_that_is_an_error_is_one() {
        let mut lines = Lines::new("t", BTreeMap::new());
        let error = b"{\"error_code\":50301,\"message\":\"gone\"}\n";
        assert_eq!(lines.push(error, "").unwrap_err().code(), "kafka-broker-down");
    }
}
