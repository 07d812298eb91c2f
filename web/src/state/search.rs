//! What is looked for in the records, and what was found so far. Kept while the views change, since the lanes show the matches.

use replay_protocol::{FieldCondition, Found, RequestId, Row, SearchRequest};
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

impl SearchForm {
    /// What to ask. `time` reads a time; the error is the name of the field that cannot be read.
    pub(crate) fn request(&self, time: impl Fn(&str) -> Option<f64>) -> Result<SearchRequest, &'static str> {
        fn read<T>(
            text: &str,
            name: &'static str,
            read: impl Fn(&str) -> Option<T>,
        ) -> Result<Option<T>, &'static str> {
            let text = text.trim();
            if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or(name) }
        }
        let mut conditions = self.conditions.clone();
        conditions.retain(|condition| !condition.pointer.trim().is_empty());
        for condition in &mut conditions {
            // Whoever writes `status` or `a.b` means a field, not a mistake.
            let pointer = condition.pointer.trim();
            condition.pointer =
                if pointer.starts_with('/') { pointer.to_owned() } else { format!("/{}", pointer.replace('.', "/")) };
        }
        Ok(SearchRequest {
            text: self.text.trim().to_owned(),
            key: self.key.trim().to_owned(),
            partition: read(&self.partition, "partition", |text| text.parse().ok())?,
            event_type: read(&self.event_type, "event-type", |text| text.parse().ok())?,
            time_from: read(&self.time_from, "time-from", &time)?,
            time_to: read(&self.time_to, "time-to", &time)?,
            offset_from: read(&self.offset_from, "offset-from", |text| text.parse().ok())?,
            offset_to: read(&self.offset_to, "offset-to", |text| text.parse().ok())?,
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
            SearchAction::Fill(form) => next.form = form,
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
        assert_eq!(form.request(|_| None), Err("offset-to"));
        let form = SearchForm { time_from: "soon".into(), ..SearchForm::default() };
        assert_eq!(form.request(|_| None), Err("time-from"));
    }

    #[test]
    fn a_field_may_be_written_without_a_slash() {
        let condition = |pointer: &str| FieldCondition {
            pointer: pointer.into(),
            comparison: replay_protocol::Comparison::Exists,
            value: String::new(),
        };
        let form = SearchForm {
            conditions: vec![condition("a.b"), condition(" "), condition("/x~1y")],
            ..SearchForm::default()
        };
        let request = form.request(|_| None).expect("all can be read");
        let pointers: Vec<_> = request.conditions.iter().map(|condition| condition.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/b", "/x~1y"]);
    }
}
