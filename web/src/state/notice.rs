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
    /// True if something went wrong.
    pub is_error: bool,
}

/// The message, if there is one, and how many there have been.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Notices {
    /// The latest.
    pub current: Option<Notice>,
    /// Tells two equal messages apart.
    pub count: u64,
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
    /// A load found nothing, for this reason.
    NothingRead(Rc<ReadProblem>),
    /// A load or another order succeeded, so what an earlier one could not do is over.
    Succeed,
    /// It was read.
    Dismiss,
}

impl Reducible for Notices {
    type Action = NoticeAction;

    fn reduce(self: Rc<Self>, action: NoticeAction) -> Rc<Self> {
        let current = match action {
            NoticeAction::Tell { id, detail } => {
                Some(Notice { id, detail, problem: None, failure: None, is_error: false })
            }
            NoticeAction::Fail { id, detail } => {
                Some(Notice { id, detail, problem: None, failure: None, is_error: true })
            }
            NoticeAction::Refused(id, failure) => {
                let detail = failure.detail.clone().into();
                Some(Notice { id, detail, problem: None, failure: Some(failure), is_error: true })
            }
            NoticeAction::NothingRead(problem) => {
                let (id, detail) = ("failed-no-records".into(), problem.message.clone().into());
                Some(Notice { id, detail, problem: Some(problem), failure: None, is_error: true })
            }
            NoticeAction::Succeed if self.current.as_ref().is_none_or(|notice| !notice.is_error) => return self,
            NoticeAction::Succeed | NoticeAction::Dismiss => None,
        };
        let count = self.count + u64::from(current.is_some());
        Rc::new(Self { current, count })
    }
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
}
