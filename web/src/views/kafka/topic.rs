//! Which topic, and what is in it.

use crate::data::use_kafka_commands;
use crate::locale::{grouped, use_texts};
use crate::state::{KnownTopic, use_kafka};
use replay_protocol::KafkaSpan;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Rows of the list; more topics are scrolled.
const ROWS: usize = 6;

#[component]
pub(crate) fn TopicFields() -> Html {
    let texts = use_texts();
    let kafka = use_kafka();
    let commands = use_kafka_commands();
    let filter = use_state_eq(String::new);
    let Some(known) = &kafka.server else { return Html::default() };
    if known.topics.is_empty() {
        return html! { <p class="muted" data-testid="kafka-no-topics">{ texts.t("kafka-no-topics") }</p> };
    }
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            filter.set(event.target_unchecked_into::<HtmlInputElement>().value().to_lowercase());
        })
    };
    let onchange = Callback::from(move |event: Event| {
        commands.choose(&event.target_unchecked_into::<HtmlSelectElement>().value());
    });
    let chosen = kafka.topic.as_ref().map(|topic| topic.name.clone()).unwrap_or_default();
    let shown: Vec<&String> = known.topics.iter().filter(|name| name.to_lowercase().contains(&*filter)).collect();
    let option = |name: &&String| {
        html! { <option key={(*name).clone()} value={(*name).clone()} selected={**name == chosen}>{ (*name).clone() }</option> }
    };
    html! {
        <div class="kafka-topics">
            <label class="kafka-label" for="kafka-topic">{ texts.with("kafka-topics", &[("n", (known.topics.len() as u64).into())]) }</label>
            if known.topics.len() > ROWS {
                <input class="field" type="search" data-testid="kafka-filter" aria-label={texts.t("kafka-filter")} placeholder={texts.t("kafka-filter")} {oninput} />
            }
            <select id="kafka-topic" class="kafka-select mono" data-testid="kafka-topic" size={shown.len().clamp(2, ROWS).to_string()} {onchange}>
                { for shown.iter().map(option) }
            </select>
            { for kafka.topic.as_ref().map(|topic| html! { <Partitions topic={(**topic).clone()} /> }) }
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct PartitionsProps {
    topic: KnownTopic,
}

/// The partitions with their offsets, and how much that is.
#[component]
fn Partitions(props: &PartitionsProps) -> Html {
    let texts = use_texts();
    let topic = &props.topic;
    let number = |number: Option<i64>| number.map_or_else(|| "?".to_owned(), |number| grouped(number.max(0) as u64));
    let row = |span: &KafkaSpan| {
        let count = span.end.zip(span.start).map(|(end, start)| end - start);
        html! {
            <tr key={span.partition} data-partition={span.partition.to_string()}>
                <th scope="row">{ format!("P{}", span.partition) }</th>
                <td>{ number(span.start) }</td>
                <td>{ number(span.end) }</td>
                <td>{ number(count) }</td>
            </tr>
        }
    };
    let size = topic.offsets().map(|offsets| {
        let bytes = topic.record_bytes.map(|bytes| megabytes(bytes * offsets as f64));
        match bytes {
            Some(bytes) => texts.with("kafka-size", &[("n", offsets.into()), ("mb", bytes.into())]),
            None => texts.with("kafka-count", &[("n", offsets.into())]),
        }
    });
    html! {
        <details class="kafka-partitions">
            <summary data-testid="kafka-size">
                {
                    texts.with("kafka-partitions-and-size", &[
                        ("partitions", texts.with("n-partitions", &[("n", (topic.partitions.len() as u64).into())]).to_string().into()),
                        ("size", size.unwrap_or_else(|| texts.t("kafka-size-unknown")).to_string().into()),
                    ])
                }
            </summary>
            <div class="kafka-scroll" tabindex="0" role="region" aria-label={texts.t("kafka-partition-list")}>
                <table class="kafka-table mono" data-testid="kafka-partition-list">
                    <thead><tr>
                        <th scope="col">{ texts.t("kafka-partition") }</th>
                        <th scope="col">{ texts.t("kafka-start") }</th>
                        <th scope="col">{ texts.t("kafka-end") }</th>
                        <th scope="col">{ texts.t("kafka-offsets") }</th>
                    </tr></thead>
                    <tbody>{ for topic.partitions.iter().map(row) }</tbody>
                </table>
            </div>
        </details>
    }
}

/// `3.4`, in megabytes.
pub(super) fn megabytes(bytes: f64) -> String {
    let megabytes = bytes / 1e6;
    if megabytes < 10.0 { format!("{:.1}", megabytes.max(0.1)) } else { grouped(megabytes.round() as u64) }
}
