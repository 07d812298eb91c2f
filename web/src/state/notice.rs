//! The one message that the page has for the person right now.

use replay_protocol::ReadProblem;
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
            NoticeAction::Tell { id, detail } => Some(Notice { id, detail, problem: None, is_error: false }),
            NoticeAction::Fail { id, detail } => Some(Notice { id, detail, problem: None, is_error: true }),
            NoticeAction::NothingRead(problem) => {
                let (id, detail) = ("failed-no-records".into(), problem.message.clone().into());
                Some(Notice { id, detail, problem: Some(problem), is_error: true })
            }
            NoticeAction::Succeed if self.current.as_ref().is_none_or(|notice| !notice.is_error) => return self,
            NoticeAction::Succeed | NoticeAction::Dismiss => None,
        };
        let count = self.count + u64::from(current.is_some());
        Rc::new(Self { current, count })
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
