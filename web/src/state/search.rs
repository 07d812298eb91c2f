//! What is looked for in the records, and what was found so far. Kept while the views change, since the lanes show the matches.

use replay_protocol::{Comparison, FieldCondition, Found, RequestId, Row, SearchRequest};
use std::rc::Rc;
use yew::Reducible;

/// Rows that a search asks for; all matches are counted.
pub(crate) const ROWS: u32 = 500;

/// The form as it is filled in: text that may not be understood yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SearchForm {
    /// Anywhere in the record.
    pub text: String,
    /// In the key.
    pub key: String,
    /// Index of the partition, empty for all.
    pub partition: String,
    /// Index of the event type, empty for all.
    pub event_type: String,
    /// Times as a person writes them.
    pub time_from: String,
    /// Inclusive.
    pub time_to: String,
    /// Offsets.
    pub offset_from: String,
    /// Inclusive.
    pub offset_to: String,
    /// On fields of the value.
    pub conditions: Vec<FieldCondition>,
}

/// A field of the form that cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Its name in the locale and in test names.
    pub field: &'static str,
    /// Which of the conditions, from 0; 0 for the other fields.
    pub row: usize,
    /// What is wrong with it: the end of a name in the locale.
    pub why: &'static str,
}

impl Wrong {
    fn new(field: &'static str, why: &'static str) -> Self {
        Self { field, row: 0, why }
    }
}

impl SearchForm {
    /// What to ask. `time` reads a time; the error is the first field that cannot be read.
    pub(crate) fn request(&self, time: impl Fn(&str) -> Option<f64>) -> Result<SearchRequest, Wrong> {
        fn read<T>(text: &str, wrong: Wrong, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Wrong> {
            let text = text.trim();
            if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or(wrong) }
        }
        let offset = |text: &str| text.parse::<i64>().ok().filter(|offset| *offset >= 0);
        let number = |text: &str| text.parse().ok();
        let time_from = read(&self.time_from, Wrong::new("time-from", "time"), &time)?;
        let time_to = read(&self.time_to, Wrong::new("time-to", "time"), &time)?;
        let offset_from = read(&self.offset_from, Wrong::new("offset-from", "offset"), offset)?;
        let offset_to = read(&self.offset_to, Wrong::new("offset-to", "offset"), offset)?;
        if time_from.zip(time_to).is_some_and(|(from, to)| from > to) {
            return Err(Wrong::new("time-to", "order"));
        }
        if offset_from.zip(offset_to).is_some_and(|(from, to)| from > to) {
            return Err(Wrong::new("offset-to", "order"));
        }
        let mut conditions = Vec::new();
        for (row, condition) in self.conditions.iter().enumerate() {
            let wrong = |why| Wrong { field: "pointer", row, why };
            let pointer = condition.pointer.trim();
            let has_value = !condition.value.is_empty();
            if pointer.is_empty() {
                // A row that was added and not filled in asks for nothing.
                if has_value || matches!(condition.comparison, Comparison::Exists | Comparison::Missing) {
                    return Err(wrong("no-pointer"));
                }
                continue;
            }
            // Whoever writes `status` or `a.b` means a field, not a mistake.
            let pointer =
                if pointer.starts_with('/') { pointer.to_owned() } else { format!("/{}", pointer.replace('.', "/")) };
            if pointer.split('~').skip(1).any(|escape| !escape.starts_with(['0', '1'])) {
                return Err(wrong("pointer"));
            }
            conditions.push(FieldCondition { pointer, ..condition.clone() });
        }
        Ok(SearchRequest {
            text: self.text.trim().to_owned(),
            key: self.key.trim().to_owned(),
            partition: read(&self.partition, Wrong::new("partition", "offset"), number)?,
            event_type: read(&self.event_type, Wrong::new("event-type", "offset"), number)?,
            time_from,
            time_to,
            offset_from,
            offset_to,
            conditions,
            limit: ROWS,
        })
    }
}

/// A search and its matches.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Search {
    /// As it is filled in now.
    pub form: SearchForm,
    /// What in it could not be understood when it was asked last.
    pub wrong: Option<Wrong>,
    /// The running request.
    pub job: Option<RequestId>,
    /// True once something was asked about this log.
    pub is_asked: bool,
    /// True if it was stopped before the end of the log.
    pub is_stopped: bool,
    /// Records looked at.
    pub scanned: u32,
    /// Records in the log.
    pub total: u32,
    /// Matches so far.
    pub matches: u32,
    /// The first of them.
    pub rows: Rc<Vec<Row>>,
    /// Position and partition of matches, for the lanes.
    pub places: Rc<Vec<(u32, u32)>>,
}

/// What may happen to the search.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SearchAction {
    /// The form was changed.
    Fill(SearchForm),
    /// It cannot be asked as it is.
    Refuse(Wrong),
    /// It was asked.
    Ask(RequestId),
    /// A piece came.
    Found(RequestId, Found),
    /// It ended before its last piece.
    Ended(RequestId),
    /// Another log: what was found is no longer true.
    Forget,
}

impl Reducible for Search {
    type Action = SearchAction;

    fn reduce(self: Rc<Self>, action: SearchAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            SearchAction::Fill(form) => {
                next.form = form;
                next.wrong = None;
            }
            SearchAction::Refuse(wrong) => next.wrong = Some(wrong),
            SearchAction::Ask(job) => {
                next = Self { form: next.form, job: Some(job), is_asked: true, ..Self::default() };
            }
            SearchAction::Found(job, found) if next.job == Some(job) => {
                next.job = next.job.filter(|_| !found.last);
                (next.scanned, next.total, next.matches) = (found.scanned, found.total, found.matches);
                if !found.rows.is_empty() {
                    Rc::make_mut(&mut next.rows).extend(found.rows);
                }
                if !found.places.is_empty() {
                    Rc::make_mut(&mut next.places).extend(found.places);
                }
            }
            SearchAction::Ended(job) if next.job == Some(job) => {
                next.job = None;
                next.is_stopped = true;
            }
            SearchAction::Found(..) | SearchAction::Ended(_) => {}
            SearchAction::Forget => {
                // Numbers of partitions and types mean other things in another log.
                let form = SearchForm { partition: String::new(), event_type: String::new(), ..next.form };
                next = Self { form, ..Self::default() };
            }
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(matches: u32, last: bool) -> Found {
        Found { matches, last, places: vec![(matches, 0)], ..Found::default() }
    }

    #[test]
    fn pieces_add_up_and_the_last_ends_it() {
        let actions =
            [SearchAction::Ask(3), SearchAction::Found(3, piece(1, false)), SearchAction::Found(3, piece(2, true))];
        let end = actions.into_iter().fold(Rc::new(Search::default()), Search::reduce);
        assert_eq!((end.matches, end.places.len(), end.job), (2, 2, None));
    }

    #[test]
    fn an_older_search_is_not_heard() {
        let actions = [SearchAction::Ask(3), SearchAction::Ask(4), SearchAction::Found(3, piece(9, true))];
        let end = actions.into_iter().fold(Rc::new(Search::default()), Search::reduce);
        assert_eq!((end.matches, end.job), (0, Some(4)));
    }

    #[test]
    fn a_form_that_cannot_be_read_names_the_field() {
        let form = SearchForm { offset_to: "ten".into(), ..SearchForm::default() };
        assert_eq!(form.request(|_| None), Err(Wrong::new("offset-to", "offset")));
        let form = SearchForm { offset_from: "-1".into(), ..SearchForm::default() };
        assert_eq!(form.request(|_| None), Err(Wrong::new("offset-from", "offset")));
        let form = SearchForm { offset_from: "9".into(), offset_to: "8".into(), ..SearchForm::default() };
        assert_eq!(form.request(|_| None), Err(Wrong::new("offset-to", "order")));
        let form = SearchForm { time_from: "soon".into(), ..SearchForm::default() };
        assert_eq!(form.request(|_| None), Err(Wrong::new("time-from", "time")));
    }

    #[test]
    fn a_condition_that_is_half_filled_in_is_told() {
        let check = |pointer: &str, value: &str, why| {
            let half = FieldCondition { pointer: pointer.into(), value: value.into(), ..FieldCondition::default() };
            let form = SearchForm { conditions: vec![FieldCondition::default(), half], ..SearchForm::default() };
            assert_eq!(form.request(|_| None).err(), Some(Wrong { field: "pointer", row: 1, why }), "{pointer}");
        };
        check(" ", "x", "no-pointer");
        check("/a~2", "x", "pointer");
        check("a~", "", "pointer");
    }

    #[test]
    fn a_field_may_be_written_without_a_slash() {
        let condition = |pointer: &str| FieldCondition {
            pointer: pointer.into(),
            comparison: replay_protocol::Comparison::Exists,
            value: String::new(),
        };
        let form = SearchForm {
            conditions: vec![condition("a.b"), FieldCondition::default(), condition("/x~1y")],
            ..SearchForm::default()
        };
        let request = form.request(|_| None).expect("all can be read");
        let pointers: Vec<_> = request.conditions.iter().map(|condition| condition.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/b", "/x~1y"]);
    }
}
