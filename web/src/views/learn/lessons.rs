//! The ideas that the page makes clear, each as a place in a sample and a view of it. The words are in the locale, as `lesson-<id>`,
//! `lesson-<id>-why` (a sentence) and `lesson-<id>-look` (what to do and see there).

use crate::data::{Commands, Link, LinkSource};
use crate::state::{CompareBy, EntityTab, QuerySide, Selection, SelectionAction, View};
use yew::prelude::*;

/// A place to learn something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lesson {
    /// In keys of the locale and test names.
    pub id: &'static str,
    sample: &'static str,
    position: u64,
    entity: &'static str,
    view: View,
    tab: EntityTab,
    compare: CompareBy,
    query: QuerySide,
    /// A field that names the entity, instead of the record's key.
    key_by: Option<&'static str>,
    /// The id of an element to bring into view.
    reveal: Option<&'static str>,
    /// The laboratory's scenario, as JSON.
    scenario: Option<&'static str>,
    /// The group of its controls that the scenario is about.
    pub about: Option<&'static str>,
    /// Whether something of how the log is read is to be chosen, which a workshop's few panels leave away.
    pub chooses: bool,
}

const REPLAY: Lesson = Lesson {
    id: "",
    sample: "spray-heads",
    position: 0,
    entity: "spray-021222",
    view: View::Replay,
    tab: EntityTab::State,
    compare: CompareBy::Order,
    query: QuerySide::Search,
    key_by: None,
    reveal: None,
    scenario: None,
    about: None,
    chooses: false,
};

/// One of two consumers dies at half time with up to 25 records processed and not committed.
const CRASH: &str = r#"{"count_versions":true,"consumers":{"count":2,"commit_every":25,"crashes":[{"at":"50%"}]}}"#;

/// A scenario that leaves the topic nothing of the first half.
const RETENTION: &str =
    r#"{"cleanup":{"policy":"delete","retention_ms":21600000,"segment_ms":1800000,"check_interval_ms":300000}}"#;
/// Only the last value of a key stays.
const COMPACTION: &str = r#"{"cleanup":{"policy":"compact","segment_ms":3600000,"min_cleanable_dirty_ratio":0.1,"delete_retention_ms":0,"check_interval_ms":600000}}"#;
/// A consumer that is too slow, and help that comes late.
const LAG: &str =
    r#"{"topic":{"partitions":4},"consumers":{"count":1,"rate":"60%","joins":["70%"]},"alert":{"lag_records":18}}"#;

/// In the order in which they build on each other.
pub(crate) const LESSONS: [Lesson; 18] = [
    Lesson { id: "immutable", position: 43, tab: EntityTab::History, ..REPLAY },
    Lesson { id: "fold", position: 1, ..REPLAY },
    Lesson {
        id: "partition",
        position: 178,
        view: View::Compare,
        key_by: Some("/operator"),
        entity: "",
        chooses: true,
        ..REPLAY
    },
    Lesson { id: "parallel", position: 178, view: View::Compare, ..REPLAY },
    Lesson {
        id: "idempotency",
        sample: "bank-accounts",
        position: 27,
        entity: "acc-1003",
        tab: EntityTab::Diff,
        ..REPLAY
    },
    Lesson {
        id: "version",
        sample: "bank-accounts",
        position: 43,
        entity: "acc-1004",
        view: View::Query,
        query: QuerySide::Stream,
        ..REPLAY
    },
    Lesson {
        id: "writers",
        sample: "bank-accounts",
        position: 43,
        entity: "acc-1001",
        view: View::Query,
        query: QuerySide::Stream,
        reveal: Some("writers"),
        ..REPLAY
    },
    Lesson { id: "tombstone", position: 133, entity: "spray-0002", ..REPLAY },
    Lesson {
        id: "retention",
        position: 178,
        view: View::Simulate,
        scenario: Some(RETENTION),
        about: Some("cleanup"),
        ..REPLAY
    },
    Lesson {
        id: "compaction",
        position: 178,
        view: View::Simulate,
        scenario: Some(COMPACTION),
        about: Some("cleanup"),
        chooses: true,
        ..REPLAY
    },
    Lesson { id: "scan", position: 178, view: View::Query, query: QuerySide::Cost, ..REPLAY },
    Lesson { id: "snapshot", position: 178, view: View::Query, query: QuerySide::Cost, ..REPLAY },
    Lesson {
        id: "consumers",
        position: 178,
        view: View::Simulate,
        scenario: Some(CRASH),
        about: Some("idempotency"),
        ..REPLAY
    },
    Lesson { id: "lag", position: 178, view: View::Simulate, scenario: Some(LAG), about: Some("consumers"), ..REPLAY },
    Lesson { id: "cdc", sample: "customers-cdc", position: 30, entity: "1001", tab: EntityTab::Diff, ..REPLAY },
    Lesson {
        id: "beside",
        sample: "bank-accounts",
        position: 27,
        entity: "acc-1003",
        view: View::Compare,
        compare: CompareBy::Rows,
        ..REPLAY
    },
    Lesson {
        id: "projections",
        sample: "orders",
        position: 102,
        entity: "order-001",
        view: View::Compare,
        compare: CompareBy::Projection,
        ..REPLAY
    },
    Lesson {
        id: "read-models",
        sample: "orders",
        position: 102,
        entity: "order-001",
        view: View::Query,
        query: QuerySide::Models,
        ..REPLAY
    },
];

/// Loads a lesson's sample and goes to its place.
pub(crate) fn open(number: usize, commands: &Commands, selection: &UseReducerDispatcher<Selection>) {
    let Some(lesson) = LESSONS.get(number) else { return };
    commands.load_link(
        &Link {
            source: Some(LinkSource::Sample(lesson.sample.to_owned())),
            position: lesson.position,
            entity: (!lesson.entity.is_empty()).then(|| lesson.entity.to_owned()),
            key_by: lesson.key_by.map(str::to_owned),
            scenario: lesson.scenario.map(str::to_owned),
            ..Link::default()
        },
        true,
    );
    selection.dispatch(SelectionAction::Compare(lesson.compare));
    selection.dispatch(SelectionAction::Query(lesson.query));
    selection.dispatch(SelectionAction::Open(lesson.tab));
    selection.dispatch(SelectionAction::Show(lesson.view));
    selection.dispatch(SelectionAction::Teach(Some(number)));
    if let Some(id) = lesson.reveal {
        reveal(id);
    }
}

/// Brings an element into view once the sample is loaded and drawn.
fn reveal(id: &'static str) {
    gloo::timers::callback::Timeout::new(400, move || {
        let found = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
        if let Some(element) = found {
            element.scroll_into_view();
        }
    })
    .forget();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Texts;
    use crate::state::Language;

    #[test]
    fn every_lesson_has_its_words_and_its_sample() {
        for language in [Language::English, Language::Chinese] {
            let texts = Texts::new(language);
            for lesson in LESSONS {
                for id in ["", "-why", "-look"] {
                    let id = format!("lesson-{}{id}", lesson.id);
                    assert_ne!(texts.t(&id), id.as_str());
                }
                assert!(crate::data::SAMPLES.iter().any(|sample| sample.name == lesson.sample));
            }
        }
    }
}
