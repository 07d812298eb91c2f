//! What the page remembers: one reducer and one context per concern. Pure, so tested natively.

mod kafka;
mod laboratory;
mod notice;
mod preferences;
mod search;
mod selection;
mod source;
mod transport;

pub(crate) use kafka::{Kafka, KafkaAction, KnownTopic, RangeForm};
pub(crate) use laboratory::{Laboratory, LaboratoryAction};
pub(crate) use notice::{NoticeAction, Notices, problem_place};
pub(crate) use preferences::{Grouping, Language, Mode, Preferences, PreferencesAction, Theme};
pub(crate) use search::{Search, SearchAction, SearchForm, Wrong};
pub(crate) use selection::{CompareBy, EntityTab, QuerySide, Selection, SelectionAction, View};
pub(crate) use source::{Origin, Phase, Source, SourceAction};
pub(crate) use transport::{Speed, Transport, TransportAction};

use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// A handle on the transport; the component is drawn again when it changes.
#[hook]
pub(crate) fn use_transport() -> UseReducerHandle<Transport> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the selection.
#[hook]
pub(crate) fn use_selection() -> UseReducerHandle<Selection> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the source.
#[hook]
pub(crate) fn use_source() -> UseReducerHandle<Source> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the preferences.
#[hook]
pub(crate) fn use_preferences() -> UseReducerHandle<Preferences> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the laboratory.
#[hook]
pub(crate) fn use_laboratory() -> UseReducerHandle<Laboratory> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the message to the person.
#[hook]
pub(crate) fn use_notices() -> UseReducerHandle<Notices> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the search.
#[hook]
pub(crate) fn use_search() -> UseReducerHandle<Search> {
    use_context().expect("the stores are provided at the root")
}

/// A handle on the Kafka panel.
#[hook]
pub(crate) fn use_kafka() -> UseReducerHandle<Kafka> {
    use_context().expect("the stores are provided at the root")
}

/// What gives orders to the stores that change with each position: whoever only orders is not drawn again while the cursor runs.
#[derive(Clone)]
pub(crate) struct Orders {
    pub transport: UseReducerDispatcher<Transport>,
    pub selection: UseReducerDispatcher<Selection>,
    pub search: UseReducerDispatcher<Search>,
    pub notices: UseReducerDispatcher<Notices>,
    pub kafka: UseReducerDispatcher<Kafka>,
    cursor: Rc<Cell<Cursor>>,
}

/// Where the cursor is, and which entity is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    pub position: u64,
    pub total: u64,
    pub entity: Option<u32>,
}

impl Orders {
    /// Where the cursor is now, for who needs to know it when he is told to do something.
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor.get()
    }
}

impl PartialEq for Orders {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.cursor, &other.cursor)
    }
}

/// The orders; they stay the same.
#[hook]
pub(crate) fn use_orders() -> Orders {
    use_context().expect("the stores are provided at the root")
}

/// Which view is open, on which side, and with which lesson: the part of the selection that the frame is drawn by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpenView {
    pub view: View,
    pub query: QuerySide,
    pub compare: CompareBy,
    pub lesson: Option<usize>,
}

/// What is open; the component is drawn again when that changes.
#[hook]
pub(crate) fn use_open_view() -> OpenView {
    use_context().expect("the stores are provided at the root")
}

/// What [`Stores`] wraps.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct StoresProps {
    /// As they were when the page was last left.
    pub preferences: Preferences,
    /// What sees the stores.
    pub children: Html,
}

/// Provides all stores. The children are not drawn again when a store changes, only the components that use it.
#[component]
pub(crate) fn Stores(props: &StoresProps) -> Html {
    let initial = props.preferences.clone();
    let preferences = use_reducer_eq(move || initial);
    let transport = use_reducer_eq(Transport::default);
    let selection = use_reducer_eq(Selection::default);
    let source = use_reducer_eq(Source::default);
    let notices = use_reducer_eq(Notices::default);
    let search = use_reducer_eq(Search::default);
    let kafka = use_reducer_eq(Kafka::default);
    let laboratory = use_reducer_eq(|| Laboratory { moment: 1.0, ..Laboratory::default() });
    let cursor = use_mut_ref(|| Rc::new(Cell::new(Cursor::default()))).borrow().clone();
    cursor.set(Cursor { position: transport.position, total: transport.total, entity: selection.entity });
    let orders = Orders {
        transport: transport.dispatcher(),
        selection: selection.dispatcher(),
        search: search.dispatcher(),
        notices: notices.dispatcher(),
        kafka: kafka.dispatcher(),
        cursor,
    };
    let open =
        OpenView { view: selection.view, query: selection.query, compare: selection.compare, lesson: selection.lesson };
    html! {
        <ContextProvider<Orders> context={orders}>
        <ContextProvider<OpenView> context={open}>
        <ContextProvider<UseReducerHandle<Preferences>> context={preferences}>
            <ContextProvider<UseReducerHandle<Source>> context={source}>
                <ContextProvider<UseReducerHandle<Selection>> context={selection}>
                    <ContextProvider<UseReducerHandle<Transport>> context={transport}>
                        <ContextProvider<UseReducerHandle<Search>> context={search}>
                            <ContextProvider<UseReducerHandle<Notices>> context={notices}>
                                <ContextProvider<UseReducerHandle<Laboratory>> context={laboratory}>
                                    <ContextProvider<UseReducerHandle<Kafka>> context={kafka}>{ props.children.clone() }</ContextProvider<UseReducerHandle<Kafka>>>
                                </ContextProvider<UseReducerHandle<Laboratory>>>
                            </ContextProvider<UseReducerHandle<Notices>>>
                        </ContextProvider<UseReducerHandle<Search>>>
                    </ContextProvider<UseReducerHandle<Transport>>>
                </ContextProvider<UseReducerHandle<Selection>>>
            </ContextProvider<UseReducerHandle<Source>>>
        </ContextProvider<UseReducerHandle<Preferences>>>
        </ContextProvider<OpenView>>
        </ContextProvider<Orders>>
    }
}
