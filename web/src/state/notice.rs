//! The one message that the page has for the person right now.

use replay_protocol::{Failure, ReadProblem};
use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// A message: `id` is one of the locale's, `detail` goes into its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Notice {
    /// A message of the locale.
    pub id: AttrValue,
    /// What exactly.
    pub detail: AttrValue,
    /// Where a load found nothing: why, to be put in words.
    pub problem: Option<Rc<ReadProblem>>,
    /// What the engine could not do: why, to be put in words.
    pub failure: Option<Rc<Failure>>,
    /// The text in which nothing was found, if a person pasted it.
    pub text: Option<AttrValue>,
    /// True if something went wrong.
    pub is_error: bool,
}

/// A text that goes back into the box, with the place to look at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edit {
    /// As it was pasted.
    pub text: AttrValue,
    /// 1-based line and column in bytes, if one is known.
    pub place: Option<(u64, u64)>,
}

/// The message, if there is one, and how many there have been.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Notices {
    /// The latest.
    pub current: Option<Notice>,
    /// Tells two equal messages apart.
    pub count: u64,
    /// What is being mended in the box since a load found nothing in it.
    pub edit: Option<Edit>,
}

/// What may happen to the message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NoticeAction {
    /// Something worth a line happened.
    Tell { id: AttrValue, detail: AttrValue },
    /// Something could not be done.
    Fail { id: AttrValue, detail: AttrValue },
    /// The engine could not do something: a message of the locale, and why.
    Refused(AttrValue, Rc<Failure>),
    /// A load found nothing, for this reason if one is known, in this text if it was pasted.
    NothingRead(Option<Rc<ReadProblem>>, Option<AttrValue>),
    /// The text in which nothing was found shall go back into the box.
    Edit,
    /// A load or another order succeeded, so what an earlier one could not do is over.
    Succeed,
    /// It was read.
    Dismiss,
}

impl Reducible for Notices {
    type Action = NoticeAction;

    fn reduce(self: Rc<Self>, action: NoticeAction) -> Rc<Self> {
        let plain = |id: AttrValue, detail: AttrValue, is_error: bool| Notice {
            id,
            detail,
            problem: None,
            failure: None,
            text: None,
            is_error,
        };
        let mut edit = self.edit.clone();
        let current = match action {
            NoticeAction::Tell { id, detail } => Some(plain(id, detail, false)),
            NoticeAction::Fail { id, detail } => Some(plain(id, detail, true)),
            NoticeAction::Refused(id, failure) => {
                let detail = failure.detail.clone().into();
                Some(Notice { failure: Some(failure), ..plain(id, detail, true) })
            }
            NoticeAction::NothingRead(problem, text) => {
                let detail = problem.as_ref().map(|problem| problem.message.clone().into()).unwrap_or_default();
                Some(Notice { problem, text, ..plain("failed-no-records".into(), detail, true) })
            }
            NoticeAction::Edit => {
                let Some(notice) = &self.current else { return self };
                let place = notice.problem.as_ref().and_then(|problem| problem_place(problem));
                edit = notice.text.clone().map(|text| Edit { text, place });
                None
            }
            NoticeAction::Succeed => {
                edit = None;
                self.current.clone().filter(|notice| !notice.is_error)
            }
            NoticeAction::Dismiss => None,
        };
        if (&current, &edit) == (&self.current, &self.edit) && current.is_none() {
            return self;
        }
        // What stays is no further message.
        let is_new = current.is_some() && current != self.current;
        let count = self.count + u64::from(is_new);
        Rc::new(Self { current, count, edit })
    }
}

/// Line and column of a problem, if it is one of a place in a text.
pub(crate) fn problem_place(problem: &ReadProblem) -> Option<(u64, u64)> {
    problem.around.as_ref().map(|_| (problem.line, problem.column))
}

impl NoticeAction {
    /// The engine's failure under the message of its code.
    pub(crate) fn refused(failure: Failure) -> Self {
        Self::Refused(format!("failed-{}", failure.code).into(), Rc::new(failure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_ends_the_word_of_a_failure_and_no_other() {
        let said = |action| Rc::new(Notices::default()).reduce(action).reduce(NoticeAction::Succeed).current.is_some();
        assert!(!said(NoticeAction::Fail { id: "failed-no-records".into(), detail: AttrValue::default() }));
        assert!(said(NoticeAction::Tell { id: "notice-saved".into(), detail: AttrValue::default() }));
    }

    #[test]
    fn a_text_in_which_nothing_was_found_goes_back_into_the_box_until_something_is_loaded() {
        let problem = |around| {
            let (code, message) = (String::from("cut-off"), String::new());
            Rc::new(ReadProblem { source: 0, line: 2, column: 7, code, arguments: Vec::new(), message, around })
        };
        let after = |around, text: Option<&'static str>| {
            let failed = NoticeAction::NothingRead(Some(problem(around)), text.map(AttrValue::from));
            Rc::new(Notices::default()).reduce(failed).reduce(NoticeAction::Edit)
        };
        let edited = after(Some((String::new(), String::new())), Some("a\nb"));
        assert_eq!(edited.edit, Some(Edit { text: "a\nb".into(), place: Some((2, 7)) }));
        assert_eq!(after(None, Some("a")).edit, Some(Edit { text: "a".into(), place: None }));
        assert_eq!((after(None, None).edit.clone(), edited.reduce(NoticeAction::Succeed).edit.clone()), (None, None));
    }
}
