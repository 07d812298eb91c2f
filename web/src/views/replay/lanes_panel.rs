//! The partitions over the replay, all of it or a part, with the colours of the event types.

use crate::components::{Lanes, LanesWords, Legend};
use crate::data::{use_lanes, use_record};
use crate::locale::use_texts;
use crate::state::{TransportAction, use_preferences, use_search, use_selection, use_source, use_transport};
use crate::views::words::{place, type_name};
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// The narrowest part of a log that the lanes show.
const NARROWEST: u64 = 10;
/// A record of its own needs so many pixels.
const MARK: f64 = 1.0;

#[component]
pub(crate) fn LanesPanel() -> Html {
    let texts = use_texts();
    let source = use_source();
    let transport = use_transport();
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
    let range = shown(window.as_ref(), transport.position, transport.total);
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
    let zoom_button = |sign: &'static str, label: &str, factor: f64| {
        let (on_zoom, about) = (on_zoom.clone(), transport.position);
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
            html! {
                <p class="lanes-preview" aria-hidden="true">
                    <span class="mono">{ format!("#{} {}", row.position, place(&summary, row)) }</span>
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
                </span>
            </div>
            if let Some(tile) = tile {
                <Lanes {tile} partitions={lists.0.clone()} position={transport.position} {matches} pointed={*hover} theme={preferences.theme.code()} {on_size} {on_hover} {on_seek} {on_zoom}
                    words={LanesWords { label: texts.t("lanes"), hint: texts.t("lanes-hint") }} />
            } else {
                <Lanes tile={Rc::default()} partitions={lists.0.clone()} position={0} {on_size} {on_hover} {on_seek}
                    words={LanesWords { label: texts.t("lanes"), hint: texts.t("lanes-hint") }} />
            }
            { for preview }
        </section>
    }
}

/// The positions on the screen: all, or a window that moves along with the cursor.
fn shown(window: Option<&Range<u64>>, position: u64, total: u64) -> Range<u64> {
    let Some(window) = window else { return 0..total };
    let width = (window.end - window.start).min(total);
    let start = if position < window.start || position > window.end {
        position.saturating_sub(width / 2)
    } else {
        window.start
    };
    let start = start.min(total - width);
    start..start + width
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

    #[test]
    fn the_window_follows_a_cursor_that_leaves_it() {
        assert_eq!(shown(Some(&(0..10)), 5, 100), 0..10);
        assert_eq!(shown(Some(&(0..10)), 50, 100), 45..55);
        assert_eq!(shown(Some(&(0..10)), 100, 100), 90..100);
        assert_eq!(shown(Some(&(0..500)), 3, 100), 0..100);
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
