//! The partitions over the replay, all of it or a part, with the colours of the event types.

use crate::components::{Lanes, LanesWords, Legend};
use crate::data::{use_lanes, use_record};
use crate::hooks::{Calm, use_calm};
use crate::hooks::{takes_keys, use_window_event};
use crate::locale::{grouped, use_texts};
use crate::state::{TransportAction, use_preferences, use_search, use_selection, use_source, use_transport};
use crate::views::words::{place, type_name};
use replay_protocol::LaneTile;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The narrowest part of a log that the lanes show.
const NARROWEST: u64 = 10;
/// A record of its own needs so many pixels.
const MARK: f64 = 1.0;

/// What stands at the end of the head.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct LanesPanelProps {
    /// The button that folds the panel away, where there is one.
    #[prop_or_default]
    pub fold: Html,
}

/// The head alone: what the colours mean, which the list needs, too.
#[component]
pub(crate) fn FoldedLanes(props: &LanesPanelProps) -> Html {
    let texts = use_texts();
    let summary = use_source().summary.clone();
    let types = use_memo(summary, |summary| {
        Rc::new(summary.as_ref().map(|summary| summary.event_types.clone()).unwrap_or_default())
    });
    html! {
        <section class="panel lanes-panel" aria-label={texts.t("lanes")} data-folded="true">
            <div class="panel-head lanes-head">
                <h2>{ texts.t("lanes") }</h2>
                <Legend event_types={(*types).clone()} label={texts.t("lanes")} />
                <span class="lanes-zoom">{ props.fold.clone() }</span>
            </div>
        </section>
    }
}

#[component]
pub(crate) fn LanesPanel(props: &LanesPanelProps) -> Html {
    let texts = use_texts();
    let source = use_source();
    let transport = use_transport();
    let position = use_calm(transport.position, Calm::Lanes);
    let selection = use_selection();
    let preferences = use_preferences();
    let matches = use_search().places.clone();
    let size = use_state_eq(|| (0.0_f64, 0.0_f64));
    let window = use_state_eq(|| None::<Range<u64>>);
    let hover = use_state_eq(|| None::<u64>);
    {
        let (window, hover) = (window.setter(), hover.setter());
        use_effect_with(source.generation, move |_| {
            window.set(None);
            hover.set(None);
        });
    }
    {
        // Whoever moves the cursor out of sight wants to see it; whoever moves the window does not want the cursor.
        let (set, before, total) = (window.setter(), (*window).clone(), transport.total);
        use_effect_with(position, move |position| {
            set.set(before.map(|window| followed(&window, *position, total)));
        });
    }
    let range = window.as_ref().map_or(0..transport.total, |window| inside(window, transport.total));
    let tile = use_lanes(range.clone(), columns(&range, size.0), selection.entity);
    let hovered = use_record(hover.unwrap_or(0));
    let lists = use_memo(source.generation, |_| {
        let summary = source.summary.clone().unwrap_or_default();
        (Rc::new(summary.partitions.clone()), Rc::new(summary.event_types.clone()))
    });
    let on_size = use_callback(size.setter(), |wanted: (f64, f64), set| set.set(wanted));
    let on_hover = use_callback(hover.setter(), |position: Option<u64>, set| set.set(position));
    let on_seek = use_callback(transport.dispatcher(), |position: u64, transport| {
        transport.dispatch(TransportAction::Pause);
        transport.dispatch(TransportAction::SeekTo(position));
    });
    let on_zoom = {
        let (set, range, total) = (window.setter(), range.clone(), transport.total);
        Callback::from(move |(factor, about): (f64, u64)| set.set(zoomed(&range, total, factor, about)))
    };
    {
        // As in Perfetto: w and s zoom about what is pointed at, a and d move by a quarter of what is shown.
        let (set, range, total) = (window.setter(), range.clone(), transport.total);
        let about = hover.unwrap_or(position);
        use_window_event(
            "keydown",
            Callback::from(move |event: web_sys::Event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                let is_taken = event.ctrl_key() || event.meta_key() || event.alt_key() || takes_keys(event.target());
                if is_taken || is_in_dialog(event.target()) || total == 0 {
                    return;
                }
                match event.key().as_str() {
                    "w" | "W" => set.set(zoomed(&range, total, 0.5, about)),
                    "s" | "S" => set.set(zoomed(&range, total, 2.0, about)),
                    "a" | "A" => set.set(moved(&range, total, -0.25)),
                    "d" | "D" => set.set(moved(&range, total, 0.25)),
                    _ => return,
                }
                event.prevent_default();
            }),
        );
    }
    let on_pan = {
        let (set, range, total) = (window.setter(), range.clone(), transport.total);
        Callback::from(move |share: f64| set.set(moved(&range, total, share)))
    };
    let axis = axis(&range);
    let zoom_button = |sign: &'static str, label: &str, factor: f64| {
        let (on_zoom, about) = (on_zoom.clone(), position);
        let label = texts.t(label);
        html! { <button class="button button-icon button-quiet" type="button" aria-label={label.clone()} title={label} onclick={move |_| on_zoom.emit((factor, about))}>{ sign }</button> }
    };
    let show_all = {
        let set = window.setter();
        Callback::from(move |_: MouseEvent| set.set(None))
    };
    let preview = hovered.zip(source.summary.clone()).filter(|(record, _)| Some(record.row.position) == *hover).map(
        |(record, summary)| {
            let row = &record.row;
            let grouped_here = tile.as_ref().map_or(0, |tile| grouped_at(tile, row.position));
            html! {
                <p class="lanes-preview" aria-hidden="true">
                    <span class="mono">{ format!("#{} {}", row.position, place(&summary, row)) }</span>
                    if grouped_here > 1 {
                        <strong class="mono" data-testid="lanes-grouped">{ format!("×{}", grouped(grouped_here)) }</strong>
                    }
                    <span class="mono">{ row.key.clone() }</span>
                    <strong>{ type_name(&summary, row.event_type) }</strong>
                    <span class="mono muted lanes-preview-value">{ &row.preview }</span>
                </p>
            }
        },
    );
    html! {
        <section class="panel lanes-panel" aria-label={texts.t("lanes")}>
            <div class="panel-head lanes-head">
                <h2>{ texts.t("lanes") }</h2>
                <Legend event_types={lists.1.clone()} label={texts.t("lanes")} />
                <span class="lanes-zoom">
                    { zoom_button("−", "zoom-out", 2.0) }
                    { zoom_button("+", "zoom-in", 0.5) }
                    if window.is_some() {
                        <button class="button button-quiet" type="button" onclick={show_all}>{ texts.t("zoom-all") }</button>
                    }
                    { props.fold.clone() }
                </span>
            </div>
            if let Some(tile) = tile {
                <Lanes {tile} partitions={lists.0.clone()} {position} {matches} pointed={*hover} theme={preferences.theme.code()} {on_size} {on_hover} {on_seek} {on_zoom} {on_pan} {axis}
                    words={LanesWords { label: texts.t("lanes"), hint: texts.t("lanes-hint") }} />
            } else {
                <Lanes tile={Rc::default()} partitions={lists.0.clone()} position={0} {on_size} {on_hover} {on_seek}
                    words={LanesWords { label: texts.t("lanes"), hint: texts.t("lanes-hint") }} />
            }
            { for preview }
        </section>
    }
}

/// How many records of all partitions the column stands for in which a position is drawn.
fn grouped_at(tile: &LaneTile, position: u64) -> u64 {
    let span = tile.end - tile.start;
    if span == 0 || position <= tile.start || position > tile.end {
        return 0;
    }
    let column = ((position - 1 - tile.start) * u64::from(tile.columns) / span) as usize;
    tile.lanes.iter().filter_map(|lane| lane.get(column)).map(|bucket| u64::from(bucket.n)).sum()
}

/// A window of the same width within the log.
fn inside(window: &Range<u64>, total: u64) -> Range<u64> {
    let width = (window.end - window.start).min(total);
    let start = window.start.min(total - width);
    start..start + width
}

/// The window, or one about the cursor if that is outside.
fn followed(window: &Range<u64>, position: u64, total: u64) -> Range<u64> {
    let window = inside(window, total);
    if (window.start..=window.end).contains(&position) {
        return window;
    }
    let start = position.saturating_sub((window.end - window.start) / 2);
    inside(&(start..start + (window.end - window.start)), total)
}

/// The window moved by a share of its width; none if it is the whole log.
fn moved(range: &Range<u64>, total: u64, share: f64) -> Option<Range<u64>> {
    let width = range.end - range.start;
    if width >= total {
        return None;
    }
    let step = (width as f64 * share).round() as i64;
    let step = if step == 0 { share.signum() as i64 } else { step };
    let start = range.start.saturating_add_signed(step);
    Some(inside(&(start..start.saturating_add(width)), total))
}

/// Positions below the lanes: the first and the last that are shown, and some between.
fn axis(range: &Range<u64>) -> Vec<AttrValue> {
    let width = range.end - range.start;
    if width == 0 {
        return Vec::new();
    }
    let steps = (width - 1).min(4);
    let place = |n: u64| range.start + 1 + (width - 1) * n / steps.max(1);
    (0..=steps).map(|n| AttrValue::from(format!("#{}", grouped(place(n))))).collect()
}

fn is_in_dialog(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| matches!(element.closest("dialog"), Ok(Some(_))))
}

fn zoomed(range: &Range<u64>, total: u64, factor: f64, about: u64) -> Option<Range<u64>> {
    let width = ((range.end - range.start) as f64 * factor).round() as u64;
    let width = width.max(NARROWEST);
    if width >= total {
        return None;
    }
    let start = about.saturating_sub(width / 2).min(total - width);
    Some(start..start + width)
}

/// A bucket for every record while a mark has room, else one for every second pixel.
fn columns(range: &Range<u64>, width: f64) -> u32 {
    let span = (range.end - range.start) as f64;
    if width <= 0.0 {
        0
    } else if span * MARK <= width {
        span as u32
    } else {
        (width / 2.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use replay_protocol::LaneBucket;

    #[test]
    fn the_window_follows_a_cursor_that_leaves_it() {
        assert_eq!(followed(&(0..10), 5, 100), 0..10);
        assert_eq!(followed(&(0..10), 50, 100), 45..55);
        assert_eq!(followed(&(0..10), 100, 100), 90..100);
        assert_eq!(followed(&(0..500), 3, 100), 0..100);
    }

    #[test]
    fn the_window_is_moved_by_hand_as_far_as_the_log_goes() {
        assert_eq!(moved(&(40..60), 100, 0.25), Some(45..65));
        assert_eq!(moved(&(40..60), 100, -0.25), Some(35..55));
        assert_eq!(moved(&(2..22), 100, -0.25), Some(0..20));
        assert_eq!(moved(&(90..100), 100, 0.25), Some(90..100));
        assert_eq!(moved(&(50..51), 100, 0.25), Some(51..52));
        assert_eq!(moved(&(0..100), 100, 0.25), None);
    }

    #[test]
    fn a_column_counts_the_records_of_all_partitions() {
        let bucket = |n: u32| LaneBucket { n, ..LaneBucket::default() };
        let lanes = vec![vec![bucket(3), bucket(1)], vec![bucket(2), bucket(4)]];
        let tile = LaneTile { start: 10, end: 20, columns: 2, lanes };
        assert_eq!([10, 11, 15, 16, 20, 21].map(|position| grouped_at(&tile, position)), [0, 5, 5, 5, 5, 0]);
    }

    #[test]
    fn the_axis_names_what_is_shown() {
        let shown = |range: Range<u64>| axis(&range).iter().map(AttrValue::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(shown(0..101), "#1 #26 #51 #76 #101");
        assert_eq!(shown(7..9), "#8 #9");
        assert_eq!(shown(5..6), "#6");
        assert_eq!(shown(0..0), "");
    }

    #[test]
    fn zooming_out_ends_at_the_whole_log() {
        assert_eq!(zoomed(&(0..60), 100, 2.0, 3), None);
        assert_eq!(zoomed(&(0..100), 100, 0.5, 99), Some(50..100));
        assert_eq!(zoomed(&(0..12), 100, 0.5, 3), Some(0..10));
    }

    #[test]
    fn few_records_are_marks_and_many_are_densities() {
        assert_eq!(columns(&(0..10), 600.0), 10);
        assert_eq!(columns(&(0..600), 600.0), 600);
        assert_eq!(columns(&(0..10_000_000), 600.0), 300);
    }
}
