//! The partitions over the replay, on a canvas: single marks while there is room for them, densities beyond.

use replay_protocol::{LaneBucket, LaneTile, PartitionInfo};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
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
    pub words: LanesWords,
}

/// Something to draw. Colours are names of tokens.
#[derive(Debug, Clone, PartialEq)]
struct Shape {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    colour: Colour,
    alpha: f64,
    is_hollow: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Lane,
    Type(u32),
    Accent,
    Text,
}

impl Colour {
    fn token(self) -> String {
        match self {
            Colour::Lane => "--lane".to_owned(),
            Colour::Type(n) if n < 8 => format!("--type-{n}"),
            Colour::Type(_) => "--type-other".to_owned(),
            Colour::Accent => "--accent".to_owned(),
            Colour::Text => "--text".to_owned(),
        }
    }
}

/// What to draw for a tile on so many pixels. Pure, so that a test can look at it.
fn scene(tile: &LaneTile, position: u64, width: f64, height: f64) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let n_lanes = tile.lanes.len().max(1) as f64;
    let lane_height = height / n_lanes;
    let gap = (lane_height * 0.14).clamp(0.5, 3.0);
    let column_width = width / f64::from(tile.columns.max(1));
    let span = (tile.end - tile.start).max(1) as f64;
    // With a bucket for every record, marks are drawn one by one.
    let is_single = f64::from(tile.columns) >= span && column_width >= 3.0;
    let peak = tile.lanes.iter().flatten().map(|bucket| bucket.n).max().unwrap_or(1).max(1);
    for (lane, buckets) in tile.lanes.iter().enumerate() {
        let top = lane as f64 * lane_height + gap;
        let room = (lane_height - 2.0 * gap).max(1.0);
        shapes.push(Shape { x: 0.0, y: top, width, height: room, colour: Colour::Lane, alpha: 1.0, is_hollow: false });
        for (column, bucket) in buckets.iter().enumerate().filter(|(_, bucket)| bucket.n > 0) {
            let x = column as f64 * column_width;
            let is_ahead = tile.start as f64 + column as f64 * span / f64::from(tile.columns.max(1)) >= position as f64;
            let share = if is_single { 1.0 } else { (0.25 + 0.75 * f64::from(bucket.n) / f64::from(peak)).min(1.0) };
            let mark = Shape {
                x: if is_single { x + (column_width * 0.12).min(2.0) } else { x },
                y: top + room * (1.0 - share),
                width: if is_single {
                    (column_width - 2.0 * (column_width * 0.12).min(2.0)).clamp(1.0, 14.0)
                } else {
                    column_width.max(1.0)
                },
                height: room * share,
                colour: Colour::Type(bucket.t),
                alpha: if is_ahead { 0.3 } else { 1.0 },
                is_hollow: is_single && bucket.d > 0,
            };
            shapes.push(mark.clone());
            shapes.extend(emphasis(bucket, &mark, top, room));
        }
    }
    if (tile.start..=tile.end).contains(&position) {
        let x = (position - tile.start) as f64 / span * width;
        shapes.push(Shape {
            x: (x - 1.0).clamp(0.0, (width - 2.0).max(0.0)),
            y: 0.0,
            width: 2.0,
            height,
            colour: Colour::Accent,
            alpha: 1.0,
            is_hollow: false,
        });
    }
    shapes
}

/// A foot under the marks of the chosen entity: seen by its shape, not only by its colour.
fn emphasis(bucket: &LaneBucket, mark: &Shape, top: f64, room: f64) -> Option<Shape> {
    let height = (room * 0.22).clamp(2.0, 5.0);
    (bucket.e > 0).then(|| Shape {
        y: top + room - height,
        height,
        colour: Colour::Text,
        width: mark.width.max(2.0),
        is_hollow: false,
        ..mark.clone()
    })
}

fn paint(context: &CanvasRenderingContext2d, shapes: &[Shape], colour: impl Fn(Colour) -> String) {
    for shape in shapes {
        context.set_global_alpha(shape.alpha);
        if shape.is_hollow {
            context.set_stroke_style_str(&colour(shape.colour));
            context.set_line_width(1.5);
            context.stroke_rect(
                shape.x + 0.75,
                shape.y + 0.75,
                (shape.width - 1.5).max(1.0),
                (shape.height - 1.5).max(1.0),
            );
        } else {
            context.set_fill_style_str(&colour(shape.colour));
            context.fill_rect(shape.x, shape.y, shape.width, shape.height);
        }
    }
    context.set_global_alpha(1.0);
}

#[component]
pub(crate) fn Lanes(props: &LanesProps) -> Html {
    let canvas = use_node_ref();
    let (width, height) = crate::hooks::use_size(&canvas);
    {
        let on_size = props.on_size.clone();
        use_effect_with((width.to_bits(), height.to_bits()), move |_| on_size.emit((width, height)));
    }
    {
        let canvas = canvas.clone();
        let dependencies = (props.tile.clone(), props.position, props.theme.clone(), width.to_bits(), height.to_bits());
        use_effect_with(dependencies, move |(tile, position, ..)| draw(&canvas, tile, *position, width, height));
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
        let (position_at, on_zoom) = (position_at.clone(), props.on_zoom.clone());
        Callback::from(move |event: WheelEvent| {
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
        </div>
    }
}

fn draw(canvas: &NodeRef, tile: &LaneTile, position: u64, width: f64, height: f64) {
    let (Some(canvas), Some(window)) = (canvas.cast::<HtmlCanvasElement>(), web_sys::window()) else { return };
    let ratio = window.device_pixel_ratio().max(1.0);
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    let Some(context) =
        canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    let Some(style) = window.get_computed_style(&canvas).ok().flatten() else { return };
    if context.scale(ratio, ratio).is_err() {
        return;
    }
    let colour = |colour: Colour| style.get_property_value(&colour.token()).unwrap_or_default();
    paint(&context, &scene(tile, position, width, height), colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(lanes: usize, columns: u32, end: u64) -> LaneTile {
        let bucket = LaneBucket { n: 1, t: 0, e: 0, d: 0 };
        LaneTile { start: 0, end, columns, lanes: vec![vec![bucket; columns as usize]; lanes] }
    }

    #[test]
    fn ten_records_are_single_marks_apart_from_each_other() {
        let shapes = scene(&tile(1, 10, 10), 0, 500.0, 60.0);
        let marks: Vec<&Shape> = shapes.iter().filter(|shape| shape.colour == Colour::Type(0)).collect();
        assert_eq!(marks.len(), 10);
        assert!(marks.windows(2).all(|pair| pair[0].x + pair[0].width < pair[1].x));
    }

    #[test]
    fn ten_million_records_cost_no_more_shapes_than_there_are_columns() {
        let shapes = scene(&tile(12, 1000, 10_000_000), 5_000_000, 1000.0, 300.0);
        assert!(shapes.len() <= 12 * 1001 + 1);
        assert!(
            shapes
                .iter()
                .all(|shape| shape.x >= 0.0 && shape.x + shape.width <= 1000.5 && shape.y + shape.height <= 300.5)
        );
    }

    #[test]
    fn tombstones_are_hollow_and_what_is_ahead_is_pale() {
        let mut tile = tile(1, 4, 4);
        tile.lanes[0][3].d = 1;
        let shapes = scene(&tile, 2, 200.0, 40.0);
        let marks: Vec<&Shape> = shapes.iter().filter(|shape| shape.colour == Colour::Type(0)).collect();
        assert!(marks[3].is_hollow && !marks[2].is_hollow);
        assert!(marks[3].alpha < marks[1].alpha);
    }
}
