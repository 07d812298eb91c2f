//! Server-sent events as they come in pieces.

/// An event: its name, and its lines of data, each with a line end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
}

/// Cuts a stream into events. Comments, which are heartbeats, give none.
#[derive(Debug, Default)]
pub(crate) struct Events {
    rest: Vec<u8>,
    open: Event,
}

impl Events {
    /// Takes a piece and gives the events that are whole by now.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Vec<Event> {
        let mut found = Vec::new();
        let mut text = std::mem::take(&mut self.rest);
        text.extend_from_slice(piece);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &text) {
            let line = &text[start..end];
            start = end + 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some(data) = line.strip_prefix(b"data:") {
                self.open.data.extend_from_slice(data.strip_prefix(b" ").unwrap_or(data));
                self.open.data.push(b'\n');
            } else if let Some(name) = line.strip_prefix(b"event:") {
                String::from_utf8_lossy(name).trim().clone_into(&mut self.open.name);
            } else if line.is_empty() {
                let event = std::mem::take(&mut self.open);
                if !event.name.is_empty() || !event.data.is_empty() {
                    found.push(event);
                }
            }
        }
        self.rest = text.split_off(start);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Events};

    #[test]
    fn any_cut_gives_the_same_events() {
        let text = ": heartbeat\n\nevent: start\nid: 0:3\ndata: {}\n\nevent: records\r\ndata: a\ndata: b\n\n";
        let event = |name: &str, data: &str| Event { name: name.to_owned(), data: data.as_bytes().to_vec() };
        for cut in 0..=text.len() {
            let mut events = Events::default();
            let mut found = events.push(&text.as_bytes()[..cut]);
            found.extend(events.push(&text.as_bytes()[cut..]));
            assert_eq!(found, [event("start", "{}\n"), event("records", "a\nb\n")], "{cut}");
        }
    }
}
