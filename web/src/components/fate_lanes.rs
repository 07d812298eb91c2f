//! Partitions over time, on a canvas: how many records came in each moment and what became of them. Told apart by shape and place as
//! well as by colour: what is there stands on the lane's floor, what is gone hangs from its ceiling as an outline.

use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::prelude::*;

/// One lane.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FateLane {
    pub name: AttrValue,
    /// Said behind the name, for example the offsets.
    pub note: AttrValue,
    /// By column: records by fate.
    pub cells: Vec<[u32; 5]>,
    /// Spans along the lane, from and to as shares of the width, each with a number for its colour; `None` for nobody.
    pub owners: Vec<(f64, f64, Option<u32>)>,
    /// Up to where the group has committed, as a share of the width.
    pub committed: Option<f64>,
    /// By column: snapshots taken; empty for none.
    pub snapshots: Vec<u32>,
    /// Records that are pointed out, as shares of the width.
    pub dots: Vec<f64>,
}

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkKind {
    Crash,
    Join,
    Leave,
    Rebalance,
    Partitions,
    CleanUp,
    Alert,
}

impl MarkKind {
    /// In the order of the legend.
    pub(crate) const ALL: [MarkKind; 7] = [
        MarkKind::Crash,
        MarkKind::Join,
        MarkKind::Leave,
        MarkKind::Rebalance,
        MarkKind::Partitions,
        MarkKind::CleanUp,
        MarkKind::Alert,
    ];

    /// Drawn above its line, and in the legend.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            MarkKind::Crash => "✕",
            MarkKind::Join => "▲",
            MarkKind::Leave => "▼",
            MarkKind::Rebalance => "↻",
            MarkKind::Partitions => "+",
            MarkKind::CleanUp => "✂",
            MarkKind::Alert => "!",
        }
    }

    /// A name for localisation and styles.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            MarkKind::Crash => "crash",
            MarkKind::Join => "join",
            MarkKind::Leave => "leave",
            MarkKind::Rebalance => "rebalance",
            MarkKind::Partitions => "partitions",
            MarkKind::CleanUp => "clean-up",
            MarkKind::Alert => "alert",
        }
    }

    const fn token(self) -> &'static str {
        match self {
            MarkKind::Crash => "--removed",
            MarkKind::Alert => "--error",
            MarkKind::Partitions => "--accent",
            MarkKind::Join | MarkKind::Leave | MarkKind::Rebalance | MarkKind::CleanUp => "--text-muted",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FateMark {
    /// When, as a share of the width.
    pub at: f64,
    pub kind: MarkKind,
    /// In this lane alone; `None` for across all lanes.
    pub lane: Option<usize>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct FateLanesProps {
    pub lanes: Rc<Vec<FateLane>>,
    pub columns: u32,
    /// The moment shown, as a share of the width.
    #[prop_or(1.0)]
    pub moment: f64,
    /// Marks, in the order of time.
    #[prop_or_default]
    pub marks: Rc<Vec<FateMark>>,
    #[prop_or_default]
    pub theme: AttrValue,
    /// A moment that was chosen.
    #[prop_or_default]
    pub on_pick: Callback<f64>,
    pub label: AttrValue,
    #[prop_or_default]
    pub testid: AttrValue,
}

/// Height of a lane in CSS pixels.
const LANE: f64 = 30.0;
/// Height of the span that tells the owner.
const OWNER: f64 = 4.0;

/// Height of the signs of marks above the lanes, if there are any.
const SIGNS: f64 = 16.0;
/// Radius of a dot on a record that is pointed out.
const DOT: f64 = 3.0;
/// Half the height of the sign of a snapshot.
const DIAMOND: f64 = 3.5;
/// Signs nearer to each other than this would not be told apart.
const APART: f64 = 11.0;

/// Colours of the fates: kept, duplicate, late, expired, compacted.
const TOKENS: [&str; 5] = ["--accent", "--changed", "--type-3", "--removed", "--type-other"];

#[component]
pub(crate) fn FateLanes(props: &FateLanesProps) -> Html {
    let canvas = use_node_ref();
    let (width, _) = crate::hooks::use_size(&canvas);
    let head = if props.marks.is_empty() { 0.0 } else { SIGNS };
    let height = head + LANE * props.lanes.len().max(1) as f64;
    {
        let canvas = canvas.clone();
        let dependencies =
            (props.lanes.clone(), props.moment.to_bits(), props.marks.clone(), props.theme.clone(), width.to_bits());
        let (columns, moment) = (props.columns, props.moment);
        use_effect_with(dependencies, move |(lanes, _, marks, ..)| {
            draw(&canvas, lanes, columns, moment, marks, width, height);
        });
    }
    let pick = {
        let (canvas, on_pick) = (canvas.clone(), props.on_pick.clone());
        move |event: &PointerEvent| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                let frame = canvas.get_bounding_client_rect();
                on_pick.emit(((f64::from(event.client_x()) - frame.left()) / frame.width().max(1.0)).clamp(0.0, 1.0));
            }
        }
    };
    let onpointerdown = {
        let pick = pick.clone();
        Callback::from(move |event: PointerEvent| pick(&event))
    };
    let onpointermove = Callback::from(move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            pick(&event);
        }
    });
    let name = |(n, lane): (usize, &FateLane)| {
        html! {
            <li key={n} class="fate-lane-name"><span class="mono">{ &lane.name }</span><span class="muted number">{ &lane.note }</span></li>
        }
    };
    html! {
        <div class="fate-lanes" data-testid={props.testid.clone()} data-marks={props.marks.len().to_string()} data-has-signs={(head > 0.0).to_string()}>
            <ul class="fate-lane-names">{ for props.lanes.iter().enumerate().map(name) }</ul>
            <canvas ref={canvas} class="fate-lanes-canvas" role="img" aria-label={props.label.clone()}
                {onpointerdown} {onpointermove}></canvas>
        </div>
    }
}

fn draw(canvas: &NodeRef, lanes: &[FateLane], columns: u32, moment: f64, marks: &[FateMark], width: f64, height: f64) {
    let (Some(canvas), Some(window)) = (canvas.cast::<HtmlCanvasElement>(), web_sys::window()) else { return };
    // Through the object model: the page's policy forbids style attributes.
    if canvas.style().set_property("height", &format!("{height}px")).is_err() {
        return;
    }
    if width < 1.0 {
        return;
    }
    let ratio = window.device_pixel_ratio().max(1.0);
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    let context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
    let (Some(context), Some(style)) = (context, window.get_computed_style(&canvas).ok().flatten()) else { return };
    if context.scale(ratio, ratio).is_err() {
        return;
    }
    let token = |name: &str| style.get_property_value(name).unwrap_or_default();
    let fates = TOKENS.map(token);
    let column = width / f64::from(columns.max(1));
    let peak = lanes.iter().flat_map(|lane| &lane.cells).map(|cell| cell.iter().sum::<u32>()).max().unwrap_or(1).max(1);
    let head = if marks.is_empty() { 0.0 } else { SIGNS };
    for (number, lane) in lanes.iter().enumerate() {
        let top = head + number as f64 * LANE + 2.0;
        let room = LANE - OWNER - 5.0;
        context.set_fill_style_str(&token("--lane"));
        context.fill_rect(0.0, top, width, room);
        for (at, cell) in lane.cells.iter().enumerate() {
            let total: u32 = cell.iter().sum();
            if total == 0 {
                continue;
            }
            let x = at as f64 * column;
            let (wide, scale) =
                ((column - 0.5).clamp(1.5, 12.0), (0.35 + 0.65 * f64::from(total) / f64::from(peak)) * room);
            context.set_global_alpha(if at as f64 / f64::from(columns.max(1)) > moment { 0.25 } else { 1.0 });
            // What is there stands on the floor …
            let mut floor = top + room;
            for fate in 0..3 {
                let share = f64::from(cell[fate]) / f64::from(total) * scale;
                if share > 0.0 {
                    let share = share.max(2.0);
                    context.set_fill_style_str(&fates[fate]);
                    floor -= share;
                    context.fill_rect(x, floor, wide, share);
                }
            }
            // … and what is gone hangs from the ceiling, hollow.
            let mut ceiling = top;
            for fate in 3..5 {
                let share = f64::from(cell[fate]) / f64::from(total) * scale;
                if share > 0.0 {
                    let share = share.max(3.0);
                    context.set_stroke_style_str(&fates[fate]);
                    context.set_line_width(1.0);
                    context.stroke_rect(x + 0.5, ceiling + 0.5, (wide - 1.0).max(1.0), share - 1.0);
                    ceiling += share;
                }
            }
        }
        context.set_global_alpha(1.0);
        for (from, to, owner) in &lane.owners {
            let Some(owner) = owner else { continue };
            context.set_fill_style_str(&token(&format!("--type-{}", owner % 8)));
            context.fill_rect(from * width, top + room + 1.0, ((to - from) * width - 1.0).max(1.0), OWNER);
        }
        // On the middle line, where neither what stands nor what hangs ends; ringed, so that they show on both.
        for &at in &lane.dots {
            let (x, y) = ((at * width + 1.0).clamp(DOT, (width - DOT).max(DOT)), top + room / 2.0);
            for (radius, colour) in [(DOT + 1.5, "--surface-raised"), (DOT, "--changed")] {
                context.set_global_alpha(if at > moment { 0.35 } else { 1.0 });
                context.set_fill_style_str(&token(colour));
                context.begin_path();
                // An arc with a positive radius can be drawn.
                let _ = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
                context.fill();
            }
        }
        context.set_global_alpha(1.0);
        let mut last = f64::MIN;
        context.set_fill_style_str(&token("--text"));
        for (at, _) in lane.snapshots.iter().enumerate().filter(|(_, taken)| **taken > 0) {
            let (x, y) = ((at as f64 + 0.5) * column, top + room + 1.0 + OWNER / 2.0);
            if x - last >= DIAMOND * 2.0 {
                last = x;
                context.begin_path();
                context.move_to(x, y - DIAMOND);
                context.line_to(x + DIAMOND, y);
                context.line_to(x, y + DIAMOND);
                context.line_to(x - DIAMOND, y);
                context.fill();
            }
        }
        if let Some(committed) = lane.committed {
            let (from, to) = ((committed * width).min(width - 2.0).max(0.0), moment * width);
            // From there to the moment is what the group has still to read.
            if to - from > 2.0 {
                context.set_global_alpha(0.16);
                context.set_fill_style_str(&token("--changed"));
                context.fill_rect(from, top, to - from, room);
                context.set_global_alpha(1.0);
            }
            context.set_fill_style_str(&token("--text"));
            context.fill_rect(from, top, 2.0, room + OWNER + 1.0);
        }
    }
    context.set_font(&format!("{} {}", token("--sign-size"), token("--font")));
    context.set_text_align("center");
    let mut last = [f64::MIN; MarkKind::ALL.len()];
    for mark in marks {
        let (x, kind) = (mark.at * width, MarkKind::ALL.iter().position(|kind| *kind == mark.kind).unwrap_or(0));
        context.set_fill_style_str(&token(mark.kind.token()));
        context.set_global_alpha(if matches!(mark.kind, MarkKind::Crash | MarkKind::Partitions) { 0.9 } else { 0.45 });
        let (top, tall) = match mark.lane {
            Some(lane) => (head + lane as f64 * LANE + 2.0, LANE - 3.0),
            None => (head, height - head),
        };
        context.fill_rect(x - 0.5, top, 1.0, tall);
        context.set_global_alpha(1.0);
        // Signs of several kinds at one time stand beside each other.
        let taken = last.iter().copied().fold(f64::MIN, f64::max);
        if x - last[kind] >= APART {
            let x = x.max(taken + APART).clamp(6.0, (width - 6.0).max(6.0));
            last[kind] = x;
            // A text that cannot be drawn leaves the line.
            let _ = context.fill_text(mark.kind.sign(), x, 12.0);
        }
    }
    if moment < 1.0 {
        context.set_fill_style_str(&token("--accent"));
        context.fill_rect((moment * width - 1.0).max(0.0), 0.0, 2.0, height);
    }
}
