//! The same log with another order, projection or key: which entities come out differently.

use super::outcome::Outcome;
use crate::components::{Choice, ChoiceOption};
use crate::data::use_comparison;
use crate::locale::{Texts, use_texts};
use crate::state::{CompareBy, use_source};
use replay_protocol::{Configuration, Summary};
use yew::prelude::*;

/// A log up to this size is compared as soon as it is looked at.
const AT_ONCE: u64 = 100_000;
/// Keys that are offered.
const MOST_KEYS: usize = 6;

/// What is in force.
fn current(by: CompareBy, configuration: &Configuration) -> String {
    let value = match by {
        CompareBy::Order => &configuration.schedule,
        CompareBy::Projection => &configuration.projection,
        CompareBy::Key => &configuration.key_by,
        CompareBy::Position | CompareBy::Rows => &None,
    };
    value.clone().unwrap_or_default()
}

/// The values that may take its place.
fn others(by: CompareBy, summary: &Summary) -> Vec<String> {
    let all: Vec<String> = match by {
        CompareBy::Order => {
            // The most different one first.
            ["partition", "timestamp", "seeded:1", "seeded:2", "seeded:3", "file"].map(String::from).into()
        }
        CompareBy::Projection => ["latest", "merge", "status", "cdc", "json-patch"].map(String::from).into(),
        CompareBy::Key => {
            let pointers = summary.key_candidates.iter().map(|candidate| candidate.pointer.clone());
            let pointers = pointers.filter(|pointer| !pointer.is_empty());
            std::iter::once(String::new()).chain(pointers).take(MOST_KEYS).collect()
        }
        CompareBy::Position | CompareBy::Rows => Vec::new(),
    };
    let current = current(by, &summary.configuration);
    all.into_iter().filter(|value| *value != current).collect()
}

/// A value in words.
fn name(by: CompareBy, texts: &Texts, value: &str) -> AttrValue {
    match by {
        CompareBy::Order => texts.or(&format!("schedule-{}", value.replace(':', "-")), value),
        CompareBy::Projection => texts.or(&format!("projection-{value}"), value),
        CompareBy::Key if value.is_empty() => texts.t("record-key"),
        CompareBy::Key | CompareBy::Position | CompareBy::Rows => AttrValue::from(value.to_owned()),
    }
}

/// The configuration in force with another value.
fn with(by: CompareBy, value: &str) -> Configuration {
    let value = Some(value.to_owned());
    match by {
        CompareBy::Order => Configuration { schedule: value, ..Configuration::default() },
        CompareBy::Projection => Configuration { projection: value, ..Configuration::default() },
        CompareBy::Key => Configuration { key_by: value, ..Configuration::default() },
        CompareBy::Position | CompareBy::Rows => Configuration::default(),
    }
}

/// Which one.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct WaysProps {
    /// What the other way differs in.
    pub by: CompareBy,
    /// Chooses what differs.
    pub chooser: Html,
}

#[component]
pub(super) fn Ways(props: &WaysProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let by = props.by;
    let (comparing, start, stop) = use_comparison();
    let chosen = use_state_eq(|| None::<AttrValue>);
    let offered = source.summary.as_ref().map(|summary| others(by, summary)).unwrap_or_default();
    let value = chosen.as_ref().filter(|chosen| offered.iter().any(|other| *other == chosen.as_str())).cloned();
    let value = value.or_else(|| offered.first().map(|first| AttrValue::from(first.clone())));
    let is_small = source.summary.as_ref().is_some_and(|summary| summary.records <= AT_ONCE);
    {
        let (start, value) = (start.clone(), value.clone());
        // Small logs answer before anybody could press a button.
        use_effect_with((source.generation, value, is_small), move |(_, value, is_small)| {
            if let (Some(value), true) = (value, is_small) {
                start.emit(with(by, value));
            }
        });
    }
    let Some((summary, value)) = source.summary.clone().zip(value) else {
        return html! { <section class="card compare-choices">{ props.chooser.clone() }<p class="muted">{ texts.t("compare-no-other") }</p></section> };
    };
    let option = |other: &String| ChoiceOption {
        value: other.clone().into(),
        label: name(by, &texts, other),
        hint: if by == CompareBy::Projection {
            texts.or(&format!("projection-{other}-hint"), "")
        } else {
            AttrValue::default()
        },
        setting: AttrValue::default(),
    };
    let on_change = use_choose(chosen.setter());
    let run = {
        let (start, value) = (start.clone(), value.clone());
        Callback::from(move |_: MouseEvent| start.emit(with(by, &value)))
    };
    let cancel = stop.reform(|_: MouseEvent| ());
    let names = (name(by, &texts, &current(by, &summary.configuration)), name(by, &texts, &value));
    let share =
        comparing.progress.as_ref().and_then(|progress| Some((progress.done / progress.total?).clamp(0.0, 1.0)));
    let stage = comparing.progress.as_ref().map_or("fold", |progress| progress.stage.as_str());
    html! {
        <>
            <section class="card compare-choices">
                { props.chooser.clone() }
                <Choice id="compare-other" label={texts.with("compare-with", &[("current", names.0.to_string().into())])} options={offered.iter().map(option).collect::<Vec<_>>()}
                    value={value.clone()} {on_change} />
                if comparing.job.is_some() {
                    <p class="query-actions" role="status">
                        { texts.or(&format!("stage-{stage}"), stage) }
                        <progress aria-label={texts.t("progress")} max="1" value={share.map(|share| share.to_string())} />
                        <button class="button" type="button" data-testid="compare-stop" onclick={cancel}>{ texts.t("cancel") }</button>
                    </p>
                } else if comparing.compared.is_none() {
                    <p><button class="button button-primary" type="button" data-testid="compare-run" onclick={run}>{ texts.t("compare-run") }</button></p>
                }
            </section>
            if let Some(compared) = comparing.compared {
                <Outcome {by} {compared} left={names.0} right={names.1} />
            }
        </>
    }
}

/// Chooses a value.
#[hook]
fn use_choose(set: UseStateSetter<Option<AttrValue>>) -> Callback<AttrValue> {
    use_callback(set, |value: AttrValue, set| set.set(Some(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_force_is_not_offered() {
        let configuration = Configuration {
            schedule: Some("timestamp".into()),
            key_by: Some("/id".into()),
            ..Configuration::default()
        };
        let summary = Summary { configuration, ..Summary::default() };
        assert!(!others(CompareBy::Order, &summary).contains(&"timestamp".to_owned()));
        assert_eq!(others(CompareBy::Key, &summary), [""]);
        assert_eq!(with(CompareBy::Projection, "merge").schedule, None);
    }
}
