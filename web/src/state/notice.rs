//! The one message that the page has for the person right now.

use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// A message: `id` is one of the locale's, `detail` goes into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// A message of the locale.
    pub id: AttrValue,
    /// What exactly.
    pub detail: AttrValue,
    /// True if something went wrong.
    pub is_error: bool,
}

/// The message, if there is one, and how many there have been.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Notices {
    /// The latest.
    pub current: Option<Notice>,
    /// Tells two equal messages apart.
    pub count: u64,
}

/// What may happen to the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoticeAction {
    /// Something worth a line happened.
    Tell { id: AttrValue, detail: AttrValue },
    /// Something could not be done.
    Fail { id: AttrValue, detail: AttrValue },
    /// It was read.
    Dismiss,
}

impl Reducible for Notices {
    type Action = NoticeAction;

    fn reduce(self: Rc<Self>, action: NoticeAction) -> Rc<Self> {
        let current = match action {
            NoticeAction::Tell { id, detail } => Some(Notice { id, detail, is_error: false }),
            NoticeAction::Fail { id, detail } => Some(Notice { id, detail, is_error: true }),
            NoticeAction::Dismiss => None,
        };
        let count = self.count + u64::from(current.is_some());
        Rc::new(Self { current, count })
    }
}
