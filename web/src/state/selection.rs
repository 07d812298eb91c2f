//! What the person looks at: the view, the entity, and which side of it.

use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// A tab of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum View {
    /// Watch a state being rebuilt.
    #[default]
    Replay,
    /// What another replay order does to the states.
    Simulate,
    /// Find a record or an entity.
    Query,
    /// One entity at two positions.
    Compare,
    /// The words, the samples and the keys.
    Learn,
}

impl View {
    /// In the order of the tabs.
    pub(crate) const ALL: [Self; 5] = [Self::Replay, Self::Simulate, Self::Query, Self::Compare, Self::Learn];

    /// Its name in links and test names.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Simulate => "simulate",
            Self::Query => "query",
            Self::Compare => "compare",
            Self::Learn => "learn",
        }
    }
}

/// What the Compare view varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CompareBy {
    /// The replay order across partitions.
    #[default]
    Order,
    /// How an event changes a state.
    Projection,
    /// Which field names the entity.
    Key,
    /// The place in the replay, for one entity.
    Position,
    /// What a change-data connector would have seen of it, for one entity.
    Rows,
}

impl CompareBy {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Self; 5] = [Self::Order, Self::Projection, Self::Key, Self::Position, Self::Rows];

    /// Its name in keys of the locale and test names.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Projection => "projection",
            Self::Key => "key",
            Self::Position => "position",
            Self::Rows => "rows",
        }
    }
}

/// A side of the Query view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum QuerySide {
    /// Look for records.
    #[default]
    Search,
    /// One log feeds several read models.
    Models,
    /// One entity as a stream of an event store.
    Stream,
    /// What reading one key costs, and when its fields changed.
    Cost,
}

impl QuerySide {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Self; 4] = [Self::Search, Self::Models, Self::Stream, Self::Cost];

    /// Its name in links, in keys of the locale and in test names.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Models => "models",
            Self::Stream => "stream",
            Self::Cost => "cost",
        }
    }
}

/// A tab of the state panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum EntityTab {
    /// The whole state, the last changes marked.
    #[default]
    State,
    /// What the last event changed.
    Diff,
    /// Which event set each field.
    Blame,
    /// All its events.
    History,
}

impl EntityTab {
    /// In the order of the tabs.
    pub(crate) const ALL: [Self; 4] = [Self::State, Self::Diff, Self::Blame, Self::History];

    /// Its name in keys of the locale and test names.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Diff => "diff",
            Self::Blame => "blame",
            Self::History => "history",
        }
    }
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selection {
    /// The tab of the page.
    pub view: View,
    /// The engine's number of the entity; `None` before the first is known.
    pub entity: Option<u32>,
    /// True if the selected entity is always the one of the record under the cursor.
    pub follows: bool,
    /// The side of the entity.
    pub tab: EntityTab,
    /// True if the state does not mark what the last event changed.
    pub hides_diff: bool,
    /// Part of the key that the entity list shows.
    pub filter: AttrValue,
    /// A position kept for comparing with the cursor's.
    pub pinned: Option<u64>,
    /// What the Compare view varies.
    pub compare: CompareBy,
    /// The side of the Query view.
    pub query: QuerySide,
    /// The lesson that is open, by number.
    pub lesson: Option<usize>,
}

impl Default for Selection {
    /// Follows the cursor: whoever steps for the first time sees what each step does.
    fn default() -> Self {
        Self {
            view: View::default(),
            entity: None,
            follows: true,
            tab: EntityTab::default(),
            hides_diff: false,
            filter: AttrValue::default(),
            pinned: None,
            compare: CompareBy::default(),
            query: QuerySide::default(),
            lesson: None,
        }
    }
}

/// What may happen to the selection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SelectionAction {
    /// Opens a view.
    Show(View),
    /// Chooses an entity; the cursor no longer chooses it.
    Choose(u32),
    /// The record under the cursor changes this entity; heard only while the selection follows the cursor.
    Touch(u32),
    /// Shows this entity if there is none yet.
    Offer(u32),
    /// Follows the cursor, or stops to.
    Follow(bool),
    /// Opens a side of the entity.
    Open(EntityTab),
    /// Marks changes, or stops to.
    ToggleDiff,
    /// Filters the entity list.
    Filter(AttrValue),
    /// Keeps a position for comparing, or drops it.
    Pin(Option<u64>),
    /// Varies something else in the Compare view.
    Compare(CompareBy),
    /// Opens a side of the Query view.
    Query(QuerySide),
    /// Opens a lesson, or closes it.
    Teach(Option<usize>),
    /// The numbers of the entities are no longer what they were.
    Forget,
}

impl Reducible for Selection {
    type Action = SelectionAction;

    fn reduce(self: Rc<Self>, action: SelectionAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            SelectionAction::Show(view) => next.view = view,
            SelectionAction::Choose(entity) => {
                next.entity = Some(entity);
                next.follows = false;
            }
            SelectionAction::Touch(entity) => {
                if next.follows || next.entity.is_none() {
                    next.entity = Some(entity);
                }
            }
            SelectionAction::Offer(entity) => next.entity = next.entity.or(Some(entity)),
            SelectionAction::Follow(follows) => next.follows = follows,
            SelectionAction::Open(tab) => next.tab = tab,
            SelectionAction::ToggleDiff => next.hides_diff = !next.hides_diff,
            SelectionAction::Filter(filter) => next.filter = filter,
            SelectionAction::Pin(pinned) => next.pinned = pinned,
            SelectionAction::Compare(compare) => next.compare = compare,
            SelectionAction::Query(side) => next.query = side,
            SelectionAction::Teach(lesson) => next.lesson = lesson,
            SelectionAction::Forget => {
                next.entity = None;
                next.follows = true;
                next.filter = AttrValue::default();
                next.pinned = None;
            }
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(actions: Vec<SelectionAction>, expected: Option<u32>) {
        let end = actions.into_iter().fold(Rc::new(Selection::default()), Selection::reduce);
        assert_eq!(end.entity, expected);
    }

    #[test]
    fn without_following_the_cursor_chooses_the_first_entity_only() {
        check(vec![SelectionAction::Follow(false), SelectionAction::Touch(4), SelectionAction::Touch(5)], Some(4));
    }

    #[test]
    fn a_selection_that_follows_goes_with_the_cursor() {
        check(vec![SelectionAction::Touch(4), SelectionAction::Touch(5)], Some(5));
    }

    #[test]
    fn choosing_by_hand_ends_following() {
        check(vec![SelectionAction::Follow(true), SelectionAction::Choose(1), SelectionAction::Touch(5)], Some(1));
    }

    #[test]
    fn an_offer_never_replaces_a_choice() {
        check(vec![SelectionAction::Offer(3)], Some(3));
        check(vec![SelectionAction::Touch(4), SelectionAction::Offer(3)], Some(4));
    }

    #[test]
    fn another_log_has_other_entities() {
        check(vec![SelectionAction::Choose(1), SelectionAction::Forget], None);
    }
}
