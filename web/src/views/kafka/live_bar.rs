//! The topic that is followed: whether it is, how fast, and what waits.

use super::advice::failure;
use crate::data::{use_kafka_commands, use_live};
use crate::locale::use_texts;
use crate::state::{View, use_kafka, use_open_view};
use yew::prelude::*;

#[component]
pub(crate) fn LiveBar() -> Html {
    use_live();
    let texts = use_texts();
    let kafka = use_kafka();
    let commands = use_kafka_commands();
    let is_elsewhere = use_open_view().view != View::Replay;
    if let Some(why) = &kafka.ended {
        let dismiss = Callback::from(move |_: MouseEvent| commands.dismiss());
        return html! {
            <section class="live" aria-label={texts.t("live")} data-testid="live-ended">
                <strong>{ texts.t("live-ended") }</strong>
                { failure(&texts, why) }
                <button class="button" type="button" onclick={dismiss}>{ texts.t("close") }</button>
            </section>
        };
    }
    let Some(live) = &kafka.live else { return Html::default() };
    let state = &live.state;
    let is_waiting = live.is_paused || is_elsewhere;
    let (code, word) = match (is_waiting, state.is_up) {
        (true, _) => ("paused", "live-paused"),
        (false, true) => ("up", "live-up"),
        (false, false) if state.failure.is_some() => ("down", "live-down"),
        (false, false) => ("connecting", "live-connecting"),
    };
    let pause = {
        let (commands, paused) = (commands.clone(), !live.is_paused);
        Callback::from(move |_: MouseEvent| commands.pause(paused))
    };
    let stop = Callback::from(move |_: MouseEvent| commands.stop());
    let group = |group: &replay_protocol::KafkaGroup| {
        let lag: i64 = group.partitions.iter().map(|(_, _, lag)| lag).sum();
        let parts: Vec<String> =
            group.partitions.iter().map(|(partition, _, lag)| format!("P{partition}: {lag}")).collect();
        html! {
            <span class="live-group" title={parts.join(", ")} data-testid="live-lag" data-group={group.group.clone()}>
                { texts.with("live-lag", &[("group", group.group.clone().into()), ("n", lag.max(0).into())]) }
            </span>
        }
    };
    html! {
        <section class="live" aria-label={texts.t("live")} data-testid="live" data-state={code}>
            <span class="live-dot" aria-hidden="true"></span>
            <strong class="live-name">{ live.read.plan.topic.clone() }</strong>
            <span data-testid="live-state">{ texts.t(word) }</span>
            <span class="mono" data-testid="live-count" data-appended={state.appended.to_string()}>{ texts.with("live-count", &[("n", state.appended.into())]) }</span>
            if !is_waiting {
                <span class="mono" data-testid="live-rate">{ texts.with("live-rate", &[("n", (live.rate.round() as u64).into())]) }</span>
            }
            if state.waiting > 0 && is_waiting {
                <span class="mono" data-testid="live-waiting" data-waiting={state.waiting.to_string()}>{ texts.with("live-waiting", &[("n", state.waiting.into())]) }</span>
            }
            { for kafka.groups.iter().take(3).map(group) }
            if is_elsewhere && !live.is_paused {
                <span class="muted">{ texts.t("live-elsewhere") }</span>
            }
            <span class="live-buttons">
                <button class="button" type="button" data-testid="live-pause" aria-pressed={live.is_paused.to_string()} onclick={pause}>{ texts.t(if live.is_paused { "live-resume" } else { "live-pause" }) }</button>
                <button class="button" type="button" data-testid="live-stop" onclick={stop}>{ texts.t("live-stop") }</button>
            </span>
            if code == "down" {
                { for state.failure.as_ref().map(|why| failure(&texts, why)) }
            }
        </section>
    }
}
