//! One entity at a pinned position and at the cursor.

use crate::components::{ChangeTable, DiffWords};
use crate::data::{use_entity, use_state_hash};
use crate::locale::use_texts;
use crate::state::{SelectionAction, use_selection, use_transport};
use crate::views::icons::{Icon, icon};
use replay_protocol::{ChangeKind, EntityView, FieldChange};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

#[component]
pub(super) fn Positions() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let position = use_transport().position;
    let cursor = use_entity(selection.entity, position);
    let pinned = use_entity(selection.entity.filter(|_| selection.pinned.is_some()), selection.pinned.unwrap_or(0));
    let (hash, pinned_hash) = (use_state_hash(cursor.as_deref()), use_state_hash(pinned.as_deref()));
    let dispatcher = selection.dispatcher();
    let pin = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(SelectionAction::Pin(Some(position))))
    };
    let unpin = Callback::from(move |_: MouseEvent| dispatcher.dispatch(SelectionAction::Pin(None)));
    let Some(cursor) = cursor else {
        return html! { <p>{ texts.t("no-entity") }</p> };
    };
    let state = |title: AttrValue, view: &EntityView, hash: &AttrValue, id: &'static str| {
        html! {
            <section class="card compare-state" data-testid={id}>
                <h3>{ title }</h3>
                // That of a state of which something is cut takes a while.
                if hash.is_empty() {
                    <p class="muted mono compare-hash">{ format!("v{}", view.version) }</p>
                } else {
                    <p class="muted mono compare-hash" title={hash.clone()}>{ format!("v{} · {} ", view.version, texts.t("compare-hash")) }{ hash.get(..12).unwrap_or_default() }</p>
                }
                <pre>{ &view.state_text }</pre>
            </section>
        }
    };
    let words = DiffWords {
        label: texts.t("diff"),
        added: texts.t("added"),
        removed: texts.t("removed"),
        replaced: texts.t("changed"),
        nothing: texts.t("compare-equal"),
    };
    html! {
        <div class="compare-positions" data-testid="compare-positions">
            <header class="page-head">
                <strong class="mono">{ &cursor.key }</strong>
                <button class="button button-primary" type="button" data-testid="pin" onclick={pin}>
                    { icon(Icon::Pin) }{ texts.with("compare-pin", &[("position", position.into())]) }
                </button>
                if selection.pinned.is_some() {
                    <button class="button" type="button" data-testid="unpin" onclick={unpin}>{ icon(Icon::Close) }{ texts.t("compare-unpin") }</button>
                }
            </header>
            if let Some(pinned) = pinned {
                { differences(&texts, &pinned, &cursor, words) }
                <div class="compare-sides">
                    { state(texts.with("compare-pinned", &[("position", pinned.position.into())]), &pinned, &pinned_hash, "compare-pinned") }
                    { state(texts.with("compare-cursor", &[("position", cursor.position.into())]), &cursor, &hash, "compare-cursor") }
                </div>
            } else {
                <p>{ texts.t("compare-lead") }</p>
                <div class="compare-sides">{ state(texts.with("compare-cursor", &[("position", cursor.position.into())]), &cursor, &hash, "compare-cursor") }</div>
            }
        </div>
    }
}

fn differences(texts: &crate::locale::Texts, pinned: &EntityView, cursor: &EntityView, words: DiffWords) -> Html {
    let changes = compare(pinned, cursor);
    html! {
        <section class="compare-changes" data-testid="compare-diff">
            if !changes.is_empty() {
                <h3>{ texts.with("compare-n-differences", &[("n", (changes.len() as u64).into())]) }</h3>
            }
            <ChangeTable changes={Rc::new(changes)} {words} />
        </section>
    }
}

/// The leaves in which two states of an entity differ, by pointer.
fn compare(before: &EntityView, after: &EntityView) -> Vec<FieldChange> {
    let (before, after) = (leaves(before), leaves(after));
    let mut changes = Vec::new();
    for (path, old) in &before {
        match after.get(path) {
            None => changes.push(change(path, ChangeKind::Removed, Some(old), None)),
            Some(new) if new != old => changes.push(change(path, ChangeKind::Replaced, Some(old), Some(new))),
            Some(_) => {}
        }
    }
    let added = after.iter().filter(|(path, _)| !before.contains_key(*path));
    changes.extend(added.map(|(path, new)| change(path, ChangeKind::Added, None, Some(new))));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

fn change(path: &str, change: ChangeKind, before: Option<&&str>, after: Option<&&str>) -> FieldChange {
    FieldChange {
        path: path.to_owned(),
        change,
        before: before.map(ToString::to_string),
        after: after.map(ToString::to_string),
    }
}

fn leaves(view: &EntityView) -> BTreeMap<&str, &str> {
    let is_leaf = |type_name: &str, text: &str| !matches!(type_name, "object" | "array") || text == "0";
    let lines = view.tree.iter().filter(|line| is_leaf(&line.type_name, &line.text));
    lines.map(|line| (line.path.as_str(), line.text.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use replay_protocol::TreeLine;

    fn view(fields: &[(&str, &str)]) -> EntityView {
        let line = |(path, text): &(&str, &str)| TreeLine {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
            type_name: "string".to_owned(),
            ..TreeLine::default()
        };
        EntityView { tree: fields.iter().map(line).collect(), ..EntityView::default() }
    }

    #[test]
    fn differences_come_by_path_with_both_sides() {
        let changes =
            compare(&view(&[("/a", "1"), ("/b", "2"), ("/d", "9")]), &view(&[("/b", "3"), ("/c", "4"), ("/d", "9")]));
        let shown: Vec<_> = changes.iter().map(|change| (change.path.as_str(), change.change)).collect();
        assert_eq!(shown, [("/a", ChangeKind::Removed), ("/b", ChangeKind::Replaced), ("/c", ChangeKind::Added)]);
    }
}
