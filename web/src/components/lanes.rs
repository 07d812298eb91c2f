//! The partitions over the replay, on a canvas: single marks while there is room for them, densities beyond.

use super::lane_canvas::{Ground, draw, over};
use replay_protocol::{LaneTile, PartitionInfo};
use std::rc::Rc;
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

/// What the lanes say.
#[derive(Clone, PartialEq)]
pub(crate) struct LanesWords {
    pub label: AttrValue,
    /// Says of a position what is there, for the preview.
    pub hint: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct LanesProps {
    pub tile: Rc<LaneTile>,
    pub partitions: Rc<Vec<PartitionInfo>>,
    pub position: u64,
    /// Positions and partitions of what was searched for.
    #[prop_or_default]
    pub matches: Rc<Vec<(u32, u32)>>,
    /// A position to point at, besides the cursor.
    #[prop_or_default]
    pub pointed: Option<u64>,
    /// The theme in force: the colours are read again when it changes.
    #[prop_or_default]
    pub theme: AttrValue,
    /// Width and height of the drawing whenever they change.
    pub on_size: Callback<(f64, f64)>,
    /// The position under the pointer, and none when it leaves.
    pub on_hover: Callback<Option<u64>>,
    pub on_seek: Callback<u64>,
    /// Wheel and keys: by which factor the window should grow, and about which position.
    #[prop_or_default]
    pub on_zoom: Callback<(f64, u64)>,
    /// A wheel that goes sideways: by which share of the window it should move.
    #[prop_or_default]
    pub on_pan: Callback<f64>,
    /// What stands below, from the first to the last position.
    #[prop_or_default]
    pub axis: Vec<AttrValue>,
    pub words: LanesWords,
}

#[component]
pub(crate) fn Lanes(props: &LanesProps) -> Html {
    let canvas = use_node_ref();
    let ground = use_mut_ref(|| None::<Ground>);
    let (width, height) = crate::hooks::use_size(&canvas);
    {
        let on_size = props.on_size.clone();
        use_effect_with((width.to_bits(), height.to_bits()), move |_| on_size.emit((width, height)));
    }
    {
        let canvas = canvas.clone();
        let drawn = (props.tile.clone(), props.matches.clone(), props.position, props.pointed);
        let dependencies = (drawn, props.theme.clone(), width.to_bits(), height.to_bits());
        use_effect_with(dependencies, move |((tile, matches, position, pointed), theme, ..)| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
            let over = over(tile, *position, matches, *pointed, width, height);
            draw(&canvas, &mut ground.borrow_mut(), tile, *position, &over, theme, width, height);
        });
    }
    let position_at = {
        let (canvas, tile) = (canvas.clone(), props.tile.clone());
        move |client_x: i32| {
            let canvas = canvas.cast::<HtmlCanvasElement>()?;
            let frame = canvas.get_bounding_client_rect();
            let share = ((f64::from(client_x) - frame.left()) / frame.width().max(1.0)).clamp(0.0, 1.0);
            Some((tile.start + 1 + (share * (tile.end - tile.start) as f64) as u64).min(tile.end))
        }
    };
    let onpointermove = {
        let (position_at, on_hover, on_seek) = (position_at.clone(), props.on_hover.clone(), props.on_seek.clone());
        Callback::from(move |event: PointerEvent| {
            let position = position_at(event.client_x());
            if event.buttons() & 1 == 1 {
                if let Some(position) = position {
                    on_seek.emit(position);
                }
            } else {
                on_hover.emit(position);
            }
        })
    };
    let onpointerdown = {
        let (position_at, on_seek) = (position_at.clone(), props.on_seek.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(position) = position_at(event.client_x()) {
                on_seek.emit(position);
            }
        })
    };
    let onwheel = {
        let (position_at, on_zoom, on_pan) = (position_at.clone(), props.on_zoom.clone(), props.on_pan.clone());
        Callback::from(move |event: WheelEvent| {
            let sideways = if event.shift_key() { event.delta_x() + event.delta_y() } else { event.delta_x() };
            if sideways != 0.0 && !event.ctrl_key() {
                event.prevent_default();
                on_pan.emit(sideways.signum() * 0.1);
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                event.prevent_default();
                if let Some(position) = position_at(event.client_x()) {
                    on_zoom.emit((if event.delta_y() > 0.0 { 1.25 } else { 0.8 }, position));
                }
            }
        })
    };
    let onpointerleave = props.on_hover.reform(|_: PointerEvent| None);
    let many_topics = props.partitions.windows(2).any(|pair| pair[0].topic != pair[1].topic);
    let name = |(n, info): (usize, &PartitionInfo)| {
        let topic = many_topics.then(|| html! { <span class="lane-topic">{ &info.topic }</span> });
        html! {
            <li key={n} class="lane-name mono" data-testid="lane" data-partition={info.partition.to_string()}>
                { for topic }<span>{ format!("P{}", info.partition) }</span><span class="muted">{ info.records }</span>
            </li>
        }
    };
    html! {
        <div class="lanes" role="group" aria-label={props.words.label.clone()}>
            <ul class="lane-names">{ for props.partitions.iter().enumerate().map(name) }</ul>
            <canvas ref={canvas} class="lanes-canvas" role="img" aria-label={props.words.hint.clone()}
                {onpointermove} {onpointerdown} {onpointerleave} {onwheel}></canvas>
            <p class="lanes-axis mono" aria-hidden="true" data-testid="lanes-axis">{ for props.axis.iter().map(|place| html! { <span>{ place }</span> }) }</p>
        </div>
    }
}
