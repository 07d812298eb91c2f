//! The picture of the lanes: what does not change while the cursor moves is drawn once, apart, and copied from then on.

use replay_protocol::{LaneBucket, LaneTile};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, MediaQueryList};
use yew::AttrValue;

/// The colours of the tokens: reading one makes the browser bring all styles up to date, so each is read once.
struct Colours(Vec<String>);

impl Colours {
    const ALL: [Colour; 12] = [
        Colour::Lane,
        Colour::Accent,
        Colour::Text,
        Colour::Type(0),
        Colour::Type(1),
        Colour::Type(2),
        Colour::Type(3),
        Colour::Type(4),
        Colour::Type(5),
        Colour::Type(6),
        Colour::Type(7),
        Colour::Type(8),
    ];

    fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        Some(Self(Self::ALL.iter().map(|c| style.get_property_value(&c.token()).unwrap_or_default()).collect()))
    }

    fn get(&self, colour: Colour) -> &str {
        let colour = if let Colour::Type(n) = colour { Colour::Type(n.min(8)) } else { colour };
        Self::ALL.iter().position(|c| *c == colour).and_then(|n| self.0.get(n)).map_or("", String::as_str)
    }
}

/// Something to draw. Colours are names of tokens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
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

/// How marks lie on so many pixels.
struct Grid {
    column_width: f64,
    lane_height: f64,
    gap: f64,
    /// With a bucket for every record, marks are drawn one by one.
    is_single: bool,
    peak: u32,
}

impl Grid {
    fn new(tile: &LaneTile, width: f64, height: f64) -> Self {
        let lane_height = height / tile.lanes.len().max(1) as f64;
        let column_width = width / f64::from(tile.columns.max(1));
        let span = (tile.end - tile.start).max(1) as f64;
        Self {
            column_width,
            lane_height,
            gap: (lane_height * 0.14).clamp(0.5, 3.0),
            is_single: f64::from(tile.columns) >= span && column_width >= 3.0,
            peak: tile.lanes.iter().flatten().map(|bucket| bucket.n).max().unwrap_or(1).max(1),
        }
    }

    /// Upper edge and height of a lane.
    fn lane(&self, lane: usize) -> (f64, f64) {
        (lane as f64 * self.lane_height + self.gap, (self.lane_height - 2.0 * self.gap).max(1.0))
    }

    fn mark(&self, lane: usize, column: usize, bucket: &LaneBucket, alpha: f64) -> Shape {
        let (top, room) = self.lane(lane);
        let (x, inset) = (column as f64 * self.column_width, (self.column_width * 0.12).min(2.0));
        let share =
            if self.is_single { 1.0 } else { (0.25 + 0.75 * f64::from(bucket.n) / f64::from(self.peak)).min(1.0) };
        Shape {
            x: if self.is_single { x + inset } else { x },
            y: top + room * (1.0 - share),
            width: if self.is_single {
                (self.column_width - 2.0 * inset).clamp(1.0, 14.0)
            } else {
                self.column_width.max(1.0)
            },
            height: room * share,
            colour: Colour::Type(bucket.t),
            alpha,
            is_hollow: self.is_single && bucket.d > 0,
        }
    }
}

/// What does not change while the cursor moves: lanes and marks, all as if passed or all as if ahead. Pure, so that a test can look at it.
fn ground(tile: &LaneTile, is_ahead: bool, width: f64, height: f64) -> Vec<Shape> {
    let grid = Grid::new(tile, width, height);
    let alpha = if is_ahead { 0.3 } else { 1.0 };
    let mut shapes = Vec::new();
    for (lane, buckets) in tile.lanes.iter().enumerate() {
        let (y, room) = grid.lane(lane);
        shapes.push(Shape { x: 0.0, y, width, height: room, colour: Colour::Lane, alpha: 1.0, is_hollow: false });
        let marked = buckets.iter().enumerate().filter(|(_, bucket)| bucket.n > 0);
        shapes.extend(marked.map(|(column, bucket)| grid.mark(lane, column, bucket, alpha)));
    }
    shapes
}

/// How many columns lie before the cursor.
fn passed_columns(tile: &LaneTile, position: u64) -> u64 {
    let span = (tile.end - tile.start).max(1);
    (position.saturating_sub(tile.start) * u64::from(tile.columns)).div_ceil(span).min(u64::from(tile.columns))
}

/// What is drawn over the ground: the marks of the entity, of a search, of the pointer, and the cursor.
pub(super) fn over(
    tile: &LaneTile,
    position: u64,
    matches: &[(u32, u32)],
    pointed: Option<u64>,
    width: f64,
    height: f64,
) -> Vec<Shape> {
    let grid = Grid::new(tile, width, height);
    let mut shapes = Vec::new();
    for (lane, buckets) in tile.lanes.iter().enumerate() {
        let (top, room) = grid.lane(lane);
        for (column, bucket) in buckets.iter().enumerate().filter(|(_, bucket)| bucket.e > 0) {
            shapes.push(foot(&grid.mark(lane, column, bucket, 1.0), top, room));
        }
    }
    shapes.extend(line(tile, position, Colour::Accent, width, height));
    shapes.extend(caps(tile, matches, width, height));
    shapes.extend(pointed.and_then(|pointed| line(tile, pointed, Colour::Text, width, height)));
    shapes
}

/// An upright line behind a position, if it is in the picture.
fn line(tile: &LaneTile, position: u64, colour: Colour, width: f64, height: f64) -> Option<Shape> {
    let span = (tile.end - tile.start).max(1) as f64;
    let is_in = (tile.start..=tile.end).contains(&position);
    let x = position.saturating_sub(tile.start) as f64 / span * width;
    is_in.then(|| Shape {
        x: (x - 1.0).clamp(0.0, (width - 2.0).max(0.0)),
        y: 0.0,
        width: if colour == Colour::Accent { 2.0 } else { 1.0 },
        height,
        colour,
        alpha: 1.0,
        is_hollow: false,
    })
}

/// A cap over every match of a search: above the mark, where the entity's foot is below it.
fn caps(tile: &LaneTile, matches: &[(u32, u32)], width: f64, height: f64) -> Vec<Shape> {
    let n_lanes = tile.lanes.len().max(1) as f64;
    let lane_height = height / n_lanes;
    let span = (tile.end - tile.start).max(1) as f64;
    let column = width / span;
    let cap = |&(position, partition): &(u32, u32)| {
        let at = u64::from(position).checked_sub(1)?.checked_sub(tile.start)?;
        let is_in = at < tile.end - tile.start && (partition as usize) < tile.lanes.len();
        is_in.then(|| Shape {
            x: (at as f64 / span * width).min((width - 3.0).max(0.0)),
            y: f64::from(partition) * lane_height,
            width: column.clamp(3.0, 14.0),
            height: (lane_height * 0.16).clamp(2.0, 6.0),
            colour: Colour::Accent,
            alpha: 1.0,
            is_hollow: false,
        })
    };
    matches.iter().filter_map(cap).collect()
}

/// A foot under the marks of the chosen entity: seen by its shape, not only by its colour.
fn foot(mark: &Shape, top: f64, room: f64) -> Shape {
    let height = (room * 0.25).clamp(2.0, 8.0);
    Shape {
        y: top + room - height,
        height,
        colour: Colour::Text,
        alpha: 1.0,
        width: mark.width.max(2.0),
        is_hollow: false,
        ..mark.clone()
    }
}

fn paint(context: &CanvasRenderingContext2d, shapes: &[Shape], colours: &Colours) {
    for shape in shapes {
        context.set_global_alpha(shape.alpha);
        let colour = colours.get(shape.colour);
        if shape.is_hollow {
            context.set_stroke_style_str(colour);
            context.set_line_width(1.5);
            context.stroke_rect(
                shape.x + 0.75,
                shape.y + 0.75,
                (shape.width - 1.5).max(1.0),
                (shape.height - 1.5).max(1.0),
            );
        } else {
            context.set_fill_style_str(colour);
            context.fill_rect(shape.x, shape.y, shape.width, shape.height);
        }
    }
    context.set_global_alpha(1.0);
}

/// The ground of a tile, drawn once as passed and once as ahead.
pub(super) struct Ground {
    key: Key,
    tile: Rc<LaneTile>,
    passed: HtmlCanvasElement,
    ahead: HtmlCanvasElement,
    colours: Colours,
}

/// What the look of a ground depends on besides the tile.
#[derive(PartialEq)]
struct Key {
    theme: AttrValue,
    is_dark: bool,
    width: f64,
    height: f64,
    ratio: f64,
}

impl Ground {
    fn new(canvas: &HtmlCanvasElement, tile: &Rc<LaneTile>, key: Key) -> Option<Self> {
        let colours = Colours::of(canvas)?;
        let layer = |is_ahead: bool| {
            let layer = web_sys::window()?.document()?.create_element("canvas").ok()?;
            let layer: HtmlCanvasElement = layer.dyn_into().ok()?;
            fit(&layer, &key);
            paint(&context(&layer, key.ratio)?, &ground(tile, is_ahead, key.width, key.height), &colours);
            Some(layer)
        };
        Some(Self { passed: layer(false)?, ahead: layer(true)?, tile: tile.clone(), key, colours })
    }

    /// Whether it shows this tile. The marks of the entity are not part of the ground.
    fn shows(&self, tile: &Rc<LaneTile>) -> bool {
        let same = |(a, b): (&LaneBucket, &LaneBucket)| (a.n, a.t, a.d) == (b.n, b.t, b.d);
        Rc::ptr_eq(&self.tile, tile)
            || ((self.tile.start, self.tile.end, self.tile.columns) == (tile.start, tile.end, tile.columns)
                && self.tile.lanes.len() == tile.lanes.len()
                && self
                    .tile
                    .lanes
                    .iter()
                    .zip(&tile.lanes)
                    .all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(same)))
    }
}

fn fit(canvas: &HtmlCanvasElement, key: &Key) {
    let (width, height) = ((key.width * key.ratio) as u32, (key.height * key.ratio) as u32);
    // Setting a size clears the canvas and gives it other memory, even if it is the same size.
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
}

fn context(canvas: &HtmlCanvasElement, ratio: f64) -> Option<CanvasRenderingContext2d> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    Some(context)
}

/// Draws the lanes. Moving the cursor costs two copies of a picture and the few shapes over it.
#[allow(clippy::too_many_arguments, reason = "what a picture depends on")]
pub(super) fn draw(
    canvas: &HtmlCanvasElement,
    kept: &mut Option<Ground>,
    tile: &Rc<LaneTile>,
    position: u64,
    over: &[Shape],
    theme: &AttrValue,
    width: f64,
    height: f64,
) {
    let Some(window) = web_sys::window() else { return };
    let ratio = window.device_pixel_ratio().max(1.0);
    let is_dark = window
        .match_media("(prefers-color-scheme: dark)")
        .ok()
        .flatten()
        .is_some_and(|list: MediaQueryList| list.matches());
    let key = Key { theme: theme.clone(), is_dark, width, height, ratio };
    fit(canvas, &key);
    if kept.as_ref().is_none_or(|ground| ground.key != key || !ground.shows(tile)) {
        *kept = Ground::new(canvas, tile, key);
    }
    let (Some(ground), Some(context)) = (kept, context(canvas, ratio)) else { return };
    context.clear_rect(0.0, 0.0, width, height);
    let edge = passed_columns(tile, position) as f64 * width / f64::from(tile.columns.max(1));
    for (layer, from, to) in [(&ground.passed, 0.0, edge), (&ground.ahead, edge, width)] {
        if to - from >= 1.0 / ratio && height >= 1.0 {
            // A copy that is refused leaves its part empty until the next move.
            let _ = context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                layer,
                from * ratio,
                0.0,
                (to - from) * ratio,
                height * ratio,
                from,
                0.0,
                to - from,
                height,
            );
        }
    }
    paint(&context, over, &ground.colours);
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
        let shapes = ground(&tile(1, 10, 10), false, 500.0, 60.0);
        let marks: Vec<&Shape> = shapes.iter().filter(|shape| shape.colour == Colour::Type(0)).collect();
        assert_eq!(marks.len(), 10);
        assert!(marks.windows(2).all(|pair| pair[0].x + pair[0].width < pair[1].x));
    }

    #[test]
    fn ten_million_records_cost_no_more_shapes_than_there_are_columns() {
        let tile = tile(12, 1000, 10_000_000);
        let mut shapes = ground(&tile, false, 1000.0, 300.0);
        shapes.extend(over(&tile, 5_000_000, &[], None, 1000.0, 300.0));
        assert!(shapes.len() <= 12 * 1001 + 1);
        assert!(
            shapes
                .iter()
                .all(|shape| shape.x >= 0.0 && shape.x + shape.width <= 1000.5 && shape.y + shape.height <= 300.5)
        );
    }

    #[test]
    fn a_match_has_a_cap_on_its_own_lane() {
        let shapes = caps(&tile(2, 4, 4), &[(1, 0), (4, 1), (5, 1), (2, 7)], 400.0, 100.0);
        let places: Vec<(i64, i64)> = shapes.iter().map(|shape| (shape.x as i64, shape.y as i64)).collect();
        assert_eq!(places, [(0, 0), (300, 50)]);
    }

    #[test]
    fn tombstones_are_hollow_and_what_is_ahead_is_pale() {
        let mut tile = tile(1, 4, 4);
        tile.lanes[0][3].d = 1;
        let marks = |is_ahead: bool| -> Vec<Shape> {
            let shapes = ground(&tile, is_ahead, 200.0, 40.0);
            shapes.into_iter().filter(|shape| shape.colour == Colour::Type(0)).collect()
        };
        let (passed, ahead) = (marks(false), marks(true));
        assert!(passed[3].is_hollow && !passed[2].is_hollow);
        assert!(passed.iter().zip(&ahead).all(|(passed, ahead)| ahead.alpha < passed.alpha));
    }

    #[test]
    fn a_column_is_passed_once_the_cursor_is_behind_its_first_record() {
        let tile = tile(1, 10, 1000);
        let passed: Vec<u64> = [0, 1, 100, 101, 999, 1000].map(|position| passed_columns(&tile, position)).into();
        assert_eq!(passed, [0, 1, 1, 2, 10, 10]);
    }

    #[test]
    fn the_entity_has_a_foot_under_its_marks_only() {
        let mut tile = tile(2, 4, 4);
        tile.lanes[1][2].e = 1;
        let feet: Vec<Shape> =
            over(&tile, 0, &[], None, 200.0, 40.0).into_iter().filter(|shape| shape.colour == Colour::Text).collect();
        assert_eq!(feet.len(), 1);
        assert!(feet[0].y > 20.0 && feet[0].x >= 100.0);
    }
}
