//! What an event changed: before and after, with a sign, a word and a colour.

use replay_protocol::{ChangeKind, FieldChange};
use std::rc::Rc;
use yew::prelude::*;

/// What the table says.
#[derive(Clone, PartialEq)]
pub(crate) struct DiffWords {
    pub label: AttrValue,
    pub added: AttrValue,
    pub removed: AttrValue,
    pub replaced: AttrValue,
    /// For an event that changed nothing.
    pub nothing: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct DiffViewProps {
    pub changes: Rc<Vec<FieldChange>>,
    pub words: DiffWords,
}

/// The changes of the entity's last event.
#[component]
pub(crate) fn DiffView(props: &DiffViewProps) -> Html {
    html! {
        <div class="diff" data-testid="diff">
            <ChangeTable changes={props.changes.clone()} words={props.words.clone()} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChangeTableProps {
    pub changes: Rc<Vec<FieldChange>>,
    pub words: DiffWords,
}

/// A list of field changes.
#[component]
pub(crate) fn ChangeTable(props: &ChangeTableProps) -> Html {
    if props.changes.is_empty() {
        return html! { <p class="diff-nothing muted">{ &props.words.nothing }</p> };
    }
    let row = |change: &FieldChange| {
        let (sign, word, class) = match change.change {
            ChangeKind::Added => ("+", &props.words.added, "added"),
            ChangeKind::Removed => ("−", &props.words.removed, "removed"),
            ChangeKind::Replaced => ("~", &props.words.replaced, "replaced"),
        };
        let side = |text: &Option<String>, class: &'static str| {
            text.as_ref().map(|text| html! { <span class={class}>{ text }</span> })
        };
        let arrow = (change.before.is_some() && change.after.is_some())
            .then(|| html! { <span class="diff-arrow">{ " → " }</span> });
        html! {
            <li class="diff-row" data-change={class}>
                <span class="diff-sign mono" title={word.clone()}><span aria-hidden="true">{ sign }</span><span class="visually-hidden">{ word }</span></span>
                <span class="diff-path mono">{ change.path.strip_prefix('/').unwrap_or(&change.path) }</span>
                <span class="diff-values mono">
                    { for side(&change.before, "diff-before") }{ for arrow }{ for side(&change.after, "diff-after") }
                </span>
            </li>
        }
    };
    html! { <ul class="diff-rows" aria-label={props.words.label.clone()}>{ for props.changes.iter().map(row) }</ul> }
}
