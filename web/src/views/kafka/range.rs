//! What of the topic is loaded, and the buttons that do so.

use super::advice::failure;
use super::topic::megabytes;
use crate::components::{Choice, ChoiceOption, Toggle};
use crate::data::use_kafka_commands;
use crate::locale::use_texts;
use crate::state::{KafkaAction, RangeForm, use_kafka};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What hears that a load began.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct RangeFieldsProps {
    pub on_done: Callback<()>,
}

#[component]
pub(crate) fn RangeFields(props: &RangeFieldsProps) -> Html {
    let texts = use_texts();
    let kafka = use_kafka();
    let commands = use_kafka_commands();
    let (Some(known), Some(_)) = (&kafka.server, &kafka.topic) else { return Html::default() };
    let form = &kafka.form;
    let edit = {
        let (dispatcher, form) = (kafka.dispatcher(), form.clone());
        move |change: fn(&mut RangeForm, AttrValue)| {
            let (dispatcher, form) = (dispatcher.clone(), form.clone());
            Callback::from(move |value: AttrValue| {
                let mut form = form.clone();
                change(&mut form, value);
                dispatcher.dispatch(KafkaAction::Edit(form));
            })
        }
    };
    let typed = |change: fn(&mut RangeForm, AttrValue)| {
        edit(change).reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value().into())
    };
    let toggled = |change: fn(&mut RangeForm, bool)| {
        let (dispatcher, form) = (kafka.dispatcher(), form.clone());
        Callback::from(move |value: bool| {
            let mut form = form.clone();
            change(&mut form, value);
            dispatcher.dispatch(KafkaAction::Edit(form));
        })
    };
    let option = |prefix: &str, value: &'static str| ChoiceOption {
        value: value.into(),
        label: texts.t(&format!("kafka-{prefix}-{value}")),
        hint: AttrValue::default(),
        setting: AttrValue::default(),
    };
    let offers = |value: &&str| match *value {
        "time" => known.can("times"),
        "last" => known.can("offsets"),
        "end" => known.can("offsets") && form.follows,
        _ => true,
    };
    let froms = ["beginning", "last", "offset", "time", "end"].into_iter().filter(offers);
    let untils = ["end", "offset", "time"].into_iter().filter(|value| *value != "time" || known.can("times"));
    let is_wrong =
        |field: &str| kafka.failure.as_ref().is_some_and(|why| why.code == "kafka-bad-field" && why.detail == field);
    let wrong = |field: &str| kafka.failure.as_ref().filter(|_| is_wrong(field)).map(|why| failure(&texts, why));
    let value_field = |id: &'static str, chosen: &str, value: &AttrValue, change: fn(&mut RangeForm, AttrValue)| {
        matches!(chosen, "last" | "offset" | "time").then(|| {
            let label = texts.t(&format!("kafka-value-{chosen}"));
            let example = if chosen == "time" { "2026-01-31 10:00" } else { "1000" };
            let field = id.trim_end_matches("-value");
            html! {
                <>
                    <input class="field mono kafka-value" type="text" data-testid={id} aria-label={label.clone()} aria-invalid={is_wrong(field).to_string()} title={label} placeholder={example} value={value.clone()} oninput={typed(change)} />
                    { for wrong(field) }
                </>
            }
        })
    };
    let load = {
        let (commands, done) = (commands.clone(), props.on_done.clone());
        Callback::from(move |_: MouseEvent| commands.load(done.clone()))
    };
    let warning = kafka.large.as_ref().map(|plan| {
        let offsets = plan.offsets().unwrap_or(0);
        let text = match kafka.bytes(plan) {
            Some(bytes) => texts.with("kafka-large-bytes", &[("n", offsets.into()), ("mb", megabytes(bytes).into())]),
            None => texts.with("kafka-large", &[("n", offsets.into())]),
        };
        let done = props.on_done.clone();
        let onclick = Callback::from(move |_: MouseEvent| commands.load_large(&done));
        html! {
            <div class="kafka-warning" role="alert" data-testid="kafka-warning">
                <p>{ text }</p>
                <button class="button button-primary" type="button" data-testid="kafka-load-anyway" {onclick}>{ texts.t("kafka-load-anyway") }</button>
            </div>
        }
    });
    html! {
        <div class="kafka-range">
            <Choice id="kafka-from" label={texts.t("kafka-from")} options={froms.map(|value| option("from", value)).collect::<Vec<_>>()} value={form.from.clone()}
                on_change={edit(|form, value| form.from = value)} />
            { for value_field("kafka-from-value", &form.from, &form.from_value, |form, value| form.from_value = value) }
            if form.from != "end" {
                <Choice id="kafka-until" label={texts.t("kafka-until")} options={untils.map(|value| option("until", value)).collect::<Vec<_>>()} value={form.until.clone()}
                    on_change={edit(|form, value| form.until = value)} />
                { for value_field("kafka-until-value", &form.until, &form.until_value, |form, value| form.until_value = value) }
            }
            <label class="kafka-line">
                <span class="kafka-label">{ texts.t("kafka-partitions") }</span>
                <input class="field mono kafka-value" type="text" data-testid="kafka-partitions" aria-invalid={is_wrong("kafka-partitions").to_string()} placeholder={texts.t("kafka-partitions-all")} value={form.partitions.clone()} oninput={typed(|form, value| form.partitions = value)} />
            </label>
            { for wrong("kafka-partitions") }
            if known.can("isolation") {
                <Toggle id="kafka-committed" label={texts.t("kafka-committed")} setting="isolation.level=read_committed" checked={form.read_committed}
                    on_change={toggled(|form, value| form.read_committed = value)} />
            }
            <Toggle id="kafka-follow" label={texts.t("kafka-follow")} hint={texts.t("kafka-follow-hint")} checked={form.follows}
                on_change={toggled(|form, value| { form.follows = value; if !value && form.from == "end" { form.from = "beginning".into(); } })} />
            { for warning }
            <p class="kafka-buttons">
                <button class="button button-primary" type="button" data-testid="kafka-load" disabled={kafka.asking.is_some()} onclick={load}>
                    { texts.t(if form.follows { "kafka-load-follow" } else { "kafka-load" }) }
                </button>
            </p>
        </div>
    }
}
