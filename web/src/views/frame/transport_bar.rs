//! Steps, play, speed, the seek bar and where the cursor is.

use crate::components::SeekBar;
use crate::data::{use_commands, use_marks, use_playback};
use crate::locale::{Texts, grouped_html, use_texts};
use crate::state::{Orders, Speed, TransportAction, use_orders, use_selection, use_source, use_transport};
use crate::views::icons::{Icon, icon};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[component]
pub(crate) fn TransportBar() -> Html {
    let texts = use_texts();
    let transport = use_transport();
    let source = use_source();
    let selection = use_selection();
    let marks = use_marks(selection.entity);
    let ticks_label = texts.t(if marks.snapshots.is_empty() { "seek-ticks" } else { "seek-ticks-snapshots" });
    let wait = use_playback();
    let dispatcher = transport.dispatcher();
    let (position, total) = (transport.position, transport.total);
    let (at_start, at_end) = (position == 0, position >= total);
    let on_seek = use_callback(dispatcher.clone(), |position: u64, dispatcher| {
        dispatcher.dispatch(TransportAction::SeekTo(position));
    });
    let skip = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(TransportAction::Advance(1)))
    };
    let has_times = source.summary.as_ref().is_some_and(|summary| summary.first_timestamp_ms.is_some());
    html! {
        <section class="transport" aria-label={texts.t("transport")}>
            <Buttons {at_start} {at_end} is_empty={total == 0} is_playing={transport.playing} />
            <SpeedChoice speed={transport.speed} {has_times} />
            <div class="transport-seek">
                <SeekBar {position} {total} label={texts.t("seek")} value_text={texts.with("announce", &[("position", position.into()), ("total", total.into())])}
                    ticks={marks.events} large_ticks={marks.snapshots} {ticks_label} {on_seek} />
            </div>
            if let Some(wait) = wait {
                <span class="transport-wait" data-testid="gap">
                    <span class="muted">{ texts.with("next-event-in", &[("time", countdown(&texts, wait).into())]) }</span>
                    <button class="button" type="button" data-testid="skip-gap" onclick={skip}>{ texts.t("skip-gap") }</button>
                </span>
            }
            <p class="transport-position" aria-label={texts.t("position")}>
                <span class="transport-now" data-testid="position">{ grouped_html(position) }</span>
                <span class="muted">{ "/" }</span>
                <span class="muted" data-testid="position-total">{ grouped_html(total) }</span>
            </p>
            <GoTo />
        </section>
    }
}

/// What the buttons are drawn by: not the position, so that a cursor that runs leaves them alone.
#[derive(Debug, Clone, PartialEq, Properties)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own about a button")]
struct ButtonsProps {
    at_start: bool,
    at_end: bool,
    is_empty: bool,
    is_playing: bool,
}

#[component]
fn Buttons(props: &ButtonsProps) -> Html {
    let texts = use_texts();
    let Orders { transport: dispatcher, .. } = use_orders();
    let ButtonsProps { at_start, at_end, is_empty, is_playing } = *props;
    let button = |sign: Icon, id: &'static str, label: &str, action: TransportAction, has_no_effect: bool| {
        // Only drawn so: a button that is disabled under one's finger loses the focus.
        let dispatcher = dispatcher.clone();
        let label = texts.t(label);
        html! {
            <button class="button button-icon" type="button" data-testid={id} aria-label={label.clone()} title={label} data-idle={has_no_effect.to_string()}
                onclick={move |_| dispatcher.dispatch(action.clone())}>{ icon(sign) }</button>
        }
    };
    let play_label = texts.t(if is_playing { "pause" } else { "play" });
    let on_play = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(TransportAction::TogglePlay))
    };
    html! {
        <div class="transport-buttons">
            { button(Icon::ToStart, "to-start", "to-start", TransportAction::SeekTo(0), at_start) }
            { button(Icon::StepBack, "step-back", "step-back", TransportAction::StepBy(-1), at_start) }
            <button class="button button-primary button-icon transport-play" type="button" data-testid="play" aria-label={play_label.clone()} title={play_label} disabled={is_empty} onclick={on_play}>
                { icon(if is_playing { Icon::Pause } else { Icon::Play }) }
            </button>
            { button(Icon::Step, "step", "step", TransportAction::StepBy(1), at_end) }
            { button(Icon::ToEnd, "to-end", "to-end", TransportAction::SeekTo(u64::MAX), at_end) }
        </div>
    }
}

/// The speed that is chosen, and whether the log has times to keep.
#[derive(Debug, Clone, PartialEq, Properties)]
struct SpeedProps {
    speed: Speed,
    has_times: bool,
}

#[component]
fn SpeedChoice(props: &SpeedProps) -> Html {
    let texts = use_texts();
    let Orders { transport: dispatcher, .. } = use_orders();
    let on_speed = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |event: Event| {
            if let Some(speed) = Speed::from_code(&event.target_unchecked_into::<HtmlSelectElement>().value()) {
                dispatcher.dispatch(TransportAction::SetSpeed(speed));
            }
        })
    };
    let SpeedProps { speed: chosen, has_times } = *props;
    let speed_option = |speed: Speed| {
        let label = match speed {
            Speed::PerSecond(rate) => texts.with("speed-rate", &[("rate", rate.to_string().into())]),
            Speed::Fastest => texts.t("speed-max"),
            Speed::TrueGaps => texts.t("speed-gaps"),
        };
        let disabled = speed == Speed::TrueGaps && !has_times;
        html! { <option value={speed.code()} selected={speed == chosen} {disabled}>{ label }</option> }
    };
    html! {
        <select class="select transport-speed" data-testid="speed" aria-label={texts.t("speed")} title={texts.t("speed-hint")} onchange={on_speed}>
            <optgroup label={texts.t("speed-hint")}>{ for Speed::ALL.into_iter().filter(|speed| *speed != Speed::TrueGaps).map(speed_option) }</optgroup>
            <optgroup label={texts.t("speed-by-clock")}>{ speed_option(Speed::TrueGaps) }</optgroup>
        </select>
    }
}

#[component]
fn GoTo() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let go = Callback::from(move |event: KeyboardEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        match event.key().as_str() {
            "Enter" if !input.value().trim().is_empty() => {
                commands.go_to(&input.value());
                input.set_value("");
                // Losing the focus gives the keys back to the page.
                let _ = input.blur();
            }
            "Escape" => {
                let _ = input.blur();
            }
            _ => {}
        }
    });
    html! {
        <input id="go-to" class="field transport-go-to mono" type="text" data-testid="go-to" autocomplete="off" aria-label={texts.t("go-to-label")}
            title={texts.t("go-to-label")} placeholder={texts.t("go-to")} onkeydown={go} />
    }
}

/// `2:05:09`.
fn countdown(texts: &Texts, ms: f64) -> String {
    let seconds = (ms / 1000.0) as u64;
    let (days, hours, minutes, seconds) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let days = if days > 0 { format!("{} ", texts.with("duration-d", &[("n", days.into())])) } else { String::new() };
    format!("{days}{hours}:{minutes:02}:{seconds:02}")
}
