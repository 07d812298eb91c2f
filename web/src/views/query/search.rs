//! The form of the search: text, key, partition, type, time, offset and fields, all together.

use crate::data::use_commands;
use crate::locale::{Texts, date_time, use_texts};
use crate::state::{SearchAction, SearchForm, Wrong, use_search, use_selection, use_source};
use crate::views::icons::{Icon, icon};
use replay_protocol::{Comparison, FieldCondition};
use web_sys::{HtmlDetailsElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// In the order in which they are offered, with their names in the locale.
const COMPARISONS: [(Comparison, &str); 7] = [
    (Comparison::Equals, "equals"),
    (Comparison::Differs, "differs"),
    (Comparison::Less, "less"),
    (Comparison::Greater, "greater"),
    (Comparison::Contains, "contains"),
    (Comparison::Exists, "exists"),
    (Comparison::Missing, "missing"),
];

#[component]
pub(super) fn SearchCard() -> Html {
    let texts = use_texts();
    let search = use_search();
    let source = use_source();
    let commands = use_commands();
    let form = &search.form;
    let shows_more = use_state_eq(|| false);
    {
        // What is filled in, or wrong, is seen.
        let set = shows_more.setter();
        use_effect_with((!form.conditions.is_empty(), search.wrong.is_some()), move |(has_conditions, is_wrong)| {
            if *has_conditions || *is_wrong {
                set.set(true);
            }
        });
    }
    let ontoggle = {
        let set = shows_more.setter();
        Callback::from(move |event: Event| set.set(event.target_unchecked_into::<HtmlDetailsElement>().open()))
    };
    let fill = |change: fn(&mut SearchForm, String)| {
        let (dispatcher, form) = (search.dispatcher(), form.clone());
        Callback::from(move |value: String| {
            let mut next = form.clone();
            change(&mut next, value);
            dispatcher.dispatch(SearchAction::Fill(next));
        })
    };
    let onsubmit = {
        let (commands, form) = (commands.clone(), form.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            commands.search(&form);
        })
    };
    let field = |id: &'static str, value: &str, placeholder: AttrValue, change: fn(&mut SearchForm, String)| {
        let oninput =
            fill(change).reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
        let wrong = search.wrong.filter(|wrong| wrong.field == id);
        html! {
            <label class="query-field">
                <span>{ texts.t(&format!("search-{id}")) }</span>
                <input class="field mono" type="text" data-testid={format!("search-{id}")} autocomplete="off" spellcheck="false" aria-invalid={wrong.is_some().to_string()} value={value.to_owned()} {placeholder} {oninput} />
                { for wrong.map(|wrong| what_is_wrong(&texts, wrong)) }
            </label>
        }
    };
    let select = |id: &'static str,
                  value: &str,
                  options: Vec<(String, AttrValue)>,
                  change: fn(&mut SearchForm, String)| {
        let onchange = fill(change).reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
        html! {
            <label class="query-field">
                <span>{ texts.t(&format!("search-{id}")) }</span>
                <select class="select" data-testid={format!("search-{id}")} {onchange}>
                    <option value="" selected={value.is_empty()}>{ texts.t("search-any") }</option>
                    { for options.into_iter().map(|(option, label)| { let selected = option == value; html! { <option value={option} {selected}>{ label }</option> } }) }
                </select>
            </label>
        }
    };
    let summary = source.summary.clone().unwrap_or_default();
    let many_topics = summary.partitions.windows(2).any(|pair| pair[0].topic != pair[1].topic);
    let partitions = summary.partitions.iter().enumerate().map(|(n, info)| {
        let topic = if many_topics { format!("{} ", info.topic) } else { String::new() };
        (n.to_string(), format!("{topic}P{}", info.partition).into())
    });
    let types = summary.event_types.iter().enumerate().map(|(n, kind)| (n.to_string(), kind.name.clone().into()));
    let time = |ms: Option<f64>| ms.map(date_time).unwrap_or_default().into();
    let plain = AttrValue::default;
    let add = {
        let (dispatcher, form) = (search.dispatcher(), form.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = form.clone();
            next.conditions.push(FieldCondition {
                pointer: String::new(),
                comparison: Comparison::Equals,
                value: String::new(),
            });
            dispatcher.dispatch(SearchAction::Fill(next));
        })
    };
    let clear = {
        let dispatcher = search.dispatcher();
        Callback::from(move |_: MouseEvent| {
            dispatcher.dispatch(SearchAction::Fill(SearchForm::default()));
            dispatcher.dispatch(SearchAction::Forget);
        })
    };
    html! {
        <form class="card query-form" data-testid="search-form" {onsubmit}>
            <h2>{ texts.t("search-title") }</h2>
            <div class="query-fields">
                { field("text", &form.text, texts.t("search-text-hint"), |form, value| form.text = value) }
                { field("key", &form.key, plain(), |form, value| form.key = value) }
                { select("event-type", &form.event_type, types.collect(), |form, value| form.event_type = value) }
                { select("partition", &form.partition, partitions.collect(), |form, value| form.partition = value) }
            </div>
            <details class="query-more" open={*shows_more} {ontoggle}>
                <summary>{ texts.t("search-more") }</summary>
                <div class="query-fields">
                    { field("time-from", &form.time_from, time(summary.first_timestamp_ms), |form, value| form.time_from = value) }
                    { field("time-to", &form.time_to, time(summary.last_timestamp_ms), |form, value| form.time_to = value) }
                    { field("offset-from", &form.offset_from, plain(), |form, value| form.offset_from = value) }
                    { field("offset-to", &form.offset_to, plain(), |form, value| form.offset_to = value) }
                </div>
                { for form.conditions.iter().enumerate().map(|(n, condition)| condition_row(&texts, &search, n, condition)) }
                <button class="button" type="button" data-testid="search-add-condition" onclick={add}>{ texts.t("search-add-condition") }</button>
            </details>
            <div class="query-actions">
                <button class="button button-primary" type="submit" data-testid="search-run">{ texts.t("search-run") }</button>
                if search.is_asked {
                    <button class="button" type="button" data-testid="search-clear" onclick={clear}>{ texts.t("search-clear") }</button>
                }
                <Suggestions />
            </div>
        </form>
    }
}

/// What is wrong with a field, to stand below it.
fn what_is_wrong(texts: &Texts, wrong: Wrong) -> Html {
    html! { <span class="field-wrong" role="alert" data-testid="search-wrong" data-field={wrong.field}>{ texts.t(&format!("search-wrong-{}", wrong.why)) }</span> }
}

/// A condition on a field of the value.
fn condition_row(
    texts: &Texts,
    search: &UseReducerHandle<crate::state::Search>,
    n: usize,
    condition: &FieldCondition,
) -> Html {
    let change = |apply: fn(&mut FieldCondition, String)| {
        let (dispatcher, form) = (search.dispatcher(), search.form.clone());
        Callback::from(move |value: String| {
            let mut next = form.clone();
            apply(&mut next.conditions[n], value);
            dispatcher.dispatch(SearchAction::Fill(next));
        })
    };
    let typed = |event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value();
    let on_pointer = change(|condition, value| condition.pointer = value).reform(typed);
    let on_value = change(|condition, value| condition.value = value).reform(typed);
    let on_comparison = change(|condition, value| {
        let found = COMPARISONS.iter().find(|(_, name)| *name == value);
        condition.comparison = found.map(|(comparison, _)| *comparison).unwrap_or_default();
    })
    .reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let remove = {
        let (dispatcher, form) = (search.dispatcher(), search.form.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = form.clone();
            next.conditions.remove(n);
            dispatcher.dispatch(SearchAction::Fill(next));
        })
    };
    let wrong = search.wrong.filter(|wrong| wrong.field == "pointer" && wrong.row == n);
    let takes_value = !matches!(condition.comparison, Comparison::Exists | Comparison::Missing);
    let option = |(comparison, name): &(Comparison, &'static str)| {
        html! { <option value={*name} selected={*comparison == condition.comparison}>{ texts.t(&format!("search-{name}")) }</option> }
    };
    html! {
        <div key={n} class="query-condition" role="group" aria-label={texts.t("search-condition")}>
            <input class="field mono" type="text" data-testid="search-pointer" aria-label={texts.t("search-pointer")} placeholder="/status" autocomplete="off" spellcheck="false"
                aria-invalid={wrong.is_some().to_string()} value={condition.pointer.clone()} oninput={on_pointer} />
            <select class="select" data-testid="search-comparison" aria-label={texts.t("search-comparison")} onchange={on_comparison}>{ for COMPARISONS.iter().map(option) }</select>
            if takes_value {
                <input class="field mono" type="text" data-testid="search-value" aria-label={texts.t("value")} autocomplete="off" spellcheck="false" value={condition.value.clone()} oninput={on_value} />
            }
            <button class="button button-quiet button-icon" type="button" aria-label={texts.t("search-remove-condition")} onclick={remove}>{ icon(Icon::Close) }</button>
            { for wrong.map(|wrong| what_is_wrong(texts, wrong)) }
        </div>
    }
}

/// Searches of this very log, one click each: nobody has to think of one first.
#[component]
fn Suggestions() -> Html {
    let texts = use_texts();
    let search = use_search();
    let source = use_source();
    let selection = use_selection();
    let commands = use_commands();
    let entity = crate::data::use_entity(selection.entity, 0);
    let Some(summary) = &source.summary else { return Html::default() };
    let chip = |id: String, label: AttrValue, form: SearchForm| {
        let (dispatcher, commands) = (search.dispatcher(), commands.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatcher.dispatch(SearchAction::Fill(form.clone()));
            commands.search(&form);
        });
        html! { <button key={id.clone()} class="button source-sample" type="button" data-testid={id} {onclick}>{ label }</button> }
    };
    let of_type = |(n, name): (usize, AttrValue)| {
        let form = SearchForm { event_type: n.to_string(), ..SearchForm::default() };
        chip(format!("suggest-type-{n}"), texts.with("search-suggest-type", &[("name", name.to_string().into())]), form)
    };
    let rarest_first = summary.event_types.iter().enumerate().rev().take(2);
    html! {
        <div class="query-suggestions" role="group" aria-label={texts.t("search-suggestions")}>
            <span class="muted">{ texts.t("search-suggestions") }</span>
            { for rarest_first.map(|(n, kind)| of_type((n, kind.name.clone().into()))) }
            if let Some(entity) = entity {
                { chip("suggest-key".to_owned(), texts.with("search-suggest-key", &[("key", entity.key.clone().into())]), SearchForm { key: entity.key.clone(), ..SearchForm::default() }) }
            }
        </div>
    }
}
