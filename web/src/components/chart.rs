//! Several lines over a common axis, with thresholds and marks. The drawing is uPlot's; the list below it says the same in words and
//! numbers, so that nobody needs to see the drawing.

use super::uplot::{UPlot, number, object};
use js_sys::{Array, Object};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use yew::prelude::*;

/// A line: a value, or none, for each place of the axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChartLine {
    pub name: AttrValue,
    pub values: Rc<Vec<Option<f64>>>,
    /// Drawn as steps: a value holds until the next one, as a lag does.
    pub is_stepped: bool,
}

/// A level that should not be passed, drawn across.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChartThreshold {
    pub name: AttrValue,
    pub value: f64,
}

/// Something that happened, drawn upright at its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChartMark {
    pub name: AttrValue,
    pub at: f64,
}

/// What a line comes down to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LineSummary {
    pub last: f64,
    pub highest: f64,
    /// Where it is highest, for the first time.
    pub highest_at: f64,
    /// Places at which it lies above the lowest threshold.
    pub n_above: usize,
}

/// What the chart says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChartWords {
    /// The title; also the name of the chart for assistive technology.
    pub title: AttrValue,
    pub x: AttrValue,
    pub y: AttrValue,
    /// For no lines, or no values in them.
    pub nothing: AttrValue,
    /// A place of the axis as it is shown.
    pub show_x: Callback<f64, AttrValue>,
    /// A value as it is shown.
    pub show_y: Callback<f64, AttrValue>,
    /// A line in words, for example `now 12, highest 40 at 3 s, 5 times above the limit`.
    pub summary: Callback<LineSummary, AttrValue>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChartProps {
    /// Ascending.
    pub x: Rc<Vec<f64>>,
    pub lines: Rc<Vec<ChartLine>>,
    #[prop_or_default]
    pub thresholds: Rc<Vec<ChartThreshold>>,
    #[prop_or_default]
    pub marks: Rc<Vec<ChartMark>>,
    /// A place that is marked as where the page stands.
    #[prop_or_default]
    pub cursor: Option<f64>,
    /// What colours and the size of the words depend on: they are read again when it changes.
    #[prop_or_default]
    pub theme: AttrValue,
    /// Of the drawing, in CSS pixels.
    #[prop_or(220.0)]
    pub height: f64,
    /// A place that was clicked.
    #[prop_or_default]
    pub on_pick: Callback<f64>,
    pub words: ChartWords,
    #[prop_or_default]
    pub testid: AttrValue,
}

/// Lines are told apart by their dashes as well as by their colour; these are the dashes, in CSS pixels.
const DASHES: [&[f64]; 4] = [&[], &[8.0, 4.0], &[2.0, 3.0], &[10.0, 3.0, 2.0, 3.0]];

fn summary(x: &[f64], values: &[Option<f64>], thresholds: &[ChartThreshold]) -> Option<LineSummary> {
    let known = || x.iter().zip(values).filter_map(|(x, value)| Some((*x, (*value)?)));
    let (_, last) = known().next_back()?;
    let (highest_at, highest) = known().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let limit = thresholds.iter().map(|threshold| threshold.value).reduce(f64::min);
    let n_above = limit.map_or(0, |limit| known().filter(|(_, value)| *value > limit).count());
    Some(LineSummary { last, highest, highest_at, n_above })
}

/// A chart on the page and what it calls back.
struct Drawn {
    plot: UPlot,
    _hooks: Vec<Closure<dyn FnMut(UPlot)>>,
    _formats: Vec<Closure<dyn FnMut(JsValue, Array) -> Array>>,
    _range: Closure<dyn FnMut() -> Array>,
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.plot.destroy();
    }
}

#[component]
pub(crate) fn Chart(props: &ChartProps) -> Html {
    let host = use_node_ref();
    let (width, _) = crate::hooks::use_size(&host);
    let drawn = use_mut_ref(|| None::<Drawn>);
    let hovered = use_state_eq(|| None::<usize>);
    // What the drawing reads when it draws itself: the latest, not what it was made with.
    let overlay = use_mut_ref(Overlay::default);
    *overlay.borrow_mut() = Overlay {
        thresholds: props.thresholds.clone(),
        marks: props.marks.clone(),
        cursor: props.cursor,
        extent: extent(&props.lines, &props.thresholds),
        above: above(&props.x, &props.lines, &props.thresholds),
    };
    let is_empty = props.x.is_empty() || props.lines.iter().all(|line| line.values.iter().all(Option::is_none));
    {
        let (host, drawn, overlay, set) = (host.clone(), drawn.clone(), overlay.clone(), hovered.setter());
        let (x, lines, thresholds, words) =
            (props.x.clone(), props.lines.clone(), props.thresholds.clone(), props.words.clone());
        // The names, the theme and the thresholds are part of how the chart is made; values and width only change it.
        let made_of = (
            lines.iter().map(|line| (line.name.clone(), line.is_stepped)).collect::<Vec<_>>(),
            thresholds.clone(),
            props.theme.clone(),
            props.height.to_bits(),
            (width > 0.0, is_empty, words.x.clone(), words.y.clone()),
        );
        use_effect_with(made_of, move |made_of| {
            drawn.borrow_mut().take();
            if made_of.4.0
                && !is_empty
                && let Some(element) = host.cast::<HtmlElement>()
            {
                let height = f64::from_bits(made_of.3);
                *drawn.borrow_mut() = Some(make(&element, (width, height), &x, &lines, &words, &overlay, set));
            }
            let drawn = drawn.clone();
            move || drop(drawn.borrow_mut().take())
        });
    }
    {
        let drawn = drawn.clone();
        let height = props.height;
        use_effect_with((props.x.clone(), props.lines.clone(), width.to_bits()), move |(x, lines, width)| {
            if let Some(drawn) = drawn.borrow().as_ref() {
                drawn.plot.set_size(&object(&[("width", f64::from_bits(*width).into()), ("height", height.into())]));
                drawn.plot.set_data(&data(x, lines));
            }
        });
    }
    {
        // Marks and the cursor lie over the lines: drawing the same data again draws them anew.
        let (drawn, x, lines) = (drawn.clone(), props.x.clone(), props.lines.clone());
        use_effect_with((props.marks.clone(), props.cursor.map(f64::to_bits)), move |_| {
            if let Some(drawn) = drawn.borrow().as_ref() {
                drawn.plot.set_data(&data(&x, &lines));
            }
        });
    }
    let onclick = {
        let (drawn, host, on_pick) = (drawn.clone(), host.clone(), props.on_pick.clone());
        Callback::from(move |event: MouseEvent| {
            let over = host.cast::<HtmlElement>().and_then(|host| host.query_selector(".u-over").ok()?);
            if let (Some(over), Some(drawn)) = (over, drawn.borrow().as_ref()) {
                let left = f64::from(event.client_x()) - over.get_bounding_client_rect().left();
                on_pick.emit(drawn.plot.value_at(left, "x"));
            }
        })
    };
    let words = &props.words;
    let item = |(n, line): (usize, &ChartLine)| {
        let said = summary(&props.x, &line.values, &props.thresholds).map(|summary| words.summary.emit(summary));
        let here = hovered.and_then(|at| Some((*props.x.get(at)?, (*line.values.get(at)?)?)));
        html! {
            <li key={n} class="chart-item" data-line={(n % 8).to_string()}>
                <svg class="chart-swatch" viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
                    <line x1="0" y1="4" x2="28" y2="4" stroke-dasharray={dash_text(n)} />
                </svg>
                <strong>{ &line.name }</strong>
                if let Some((x, y)) = here {
                    <span class="mono" aria-hidden="true">{ format!("{} @ {}", words.show_y.emit(y), words.show_x.emit(x)) }</span>
                } else {
                    <span>{ said }</span>
                }
            </li>
        }
    };
    let limit = |threshold: &ChartThreshold| {
        html! {
            <li class="chart-item" data-line="limit">
                <svg class="chart-swatch" viewBox="0 0 28 8" width="28" height="8" aria-hidden="true"><line x1="0" y1="4" x2="28" y2="4" stroke-dasharray="4 4" /></svg>
                <strong>{ &threshold.name }</strong><span class="mono">{ words.show_y.emit(threshold.value) }</span>
            </li>
        }
    };
    let mark = |mark: &ChartMark| {
        html! { <li class="chart-item" data-line="mark"><span class="chart-mark" aria-hidden="true"></span><strong>{ &mark.name }</strong><span class="mono">{ words.show_x.emit(mark.at) }</span></li> }
    };
    html! {
        <figure class="chart" data-testid={props.testid.clone()} aria-label={words.title.clone()}>
            <figcaption class="chart-title">{ &words.title }</figcaption>
            if is_empty {
                <p class="muted">{ &words.nothing }</p>
            }
            <div ref={host} class="chart-drawing" aria-hidden="true" {onclick}></div>
            <ul class="chart-items">
                { for props.lines.iter().enumerate().map(item) }
                { for props.thresholds.iter().map(limit) }
                { for props.marks.iter().take(12).map(mark) }
            </ul>
        </figure>
    }
}

/// What is drawn over the lines.
#[derive(Default)]
struct Overlay {
    thresholds: Rc<Vec<ChartThreshold>>,
    marks: Rc<Vec<ChartMark>>,
    cursor: Option<f64>,
    /// Lowest and highest value that is shown.
    extent: (f64, f64),
    /// Where a line is above the lowest threshold: from, to, and its value there.
    above: Vec<(f64, f64, f64)>,
}

fn dash_text(n: usize) -> String {
    DASHES[n / 2 % DASHES.len()].iter().map(f64::to_string).collect::<Vec<_>>().join(" ")
}

fn data(x: &[f64], lines: &[ChartLine]) -> Array {
    let column = |values: &mut dyn Iterator<Item = JsValue>| -> JsValue { values.collect::<Array>().into() };
    let all = Array::of1(&column(&mut x.iter().map(|value| JsValue::from_f64(*value))));
    for line in lines {
        let mut values = line.values.iter().map(|value| value.map_or(JsValue::NULL, JsValue::from_f64));
        all.push(&column(&mut values));
    }
    all
}

fn make(
    element: &HtmlElement,
    (width, height): (f64, f64),
    x: &[f64],
    lines: &[ChartLine],
    words: &ChartWords,
    overlay: &Rc<RefCell<Overlay>>,
    hovered: UseStateSetter<Option<usize>>,
) -> Drawn {
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let token = move |name: &str| {
        style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default().trim().to_owned()
    };
    let (text, grid) = (token("--text-muted"), token("--border"));
    let size = token("--chart-size").trim_end_matches("px").parse::<f64>().unwrap_or(11.0);
    let font = format!("{size}px {}", token("--font"));
    // The room that words take grows with them.
    let scaled = |length: f64| JsValue::from_f64((length * size / 11.0).round());
    let series: Array = std::iter::once(Object::new().into())
        .chain(
            lines
                .iter()
                .enumerate()
                .map(|(n, line)| JsValue::from(one_line(n, line, &token(&format!("--type-{}", n % 8))))),
        )
        .collect();
    let mut formats = Vec::new();
    let mut axis = |label: &AttrValue, show: &Callback<f64, AttrValue>, is_upright: bool| {
        let show = show.clone();
        let format = Closure::<dyn FnMut(JsValue, Array) -> Array>::new(move |_: JsValue, splits: Array| {
            let mut last = None;
            // Places so close that they are shown alike are named once.
            let mut name = |value: f64| {
                let shown = show.emit(value).to_string();
                if last.as_ref() == Some(&shown) {
                    return String::new();
                }
                last = Some(shown.clone());
                shown
            };
            splits.iter().map(|value| JsValue::from(value.as_f64().map(&mut name))).collect()
        });
        let line = || object(&[("stroke", grid.as_str().into()), ("width", 1.into())]).into();
        let members = object(&[
            ("stroke", text.as_str().into()),
            ("font", font.as_str().into()),
            ("labelFont", font.as_str().into()),
            ("label", label.as_str().into()),
            ("labelSize", scaled(18.0)),
            ("size", scaled(if is_upright { 68.0 } else { 30.0 })),
            ("space", scaled(if is_upright { 28.0 } else { 150.0 })),
            ("grid", line()),
            ("ticks", line()),
            ("values", format.as_ref().clone()),
        ]);
        formats.push(format);
        JsValue::from(members)
    };
    let axes = Array::of2(&axis(&words.x, &words.show_x, false), &axis(&words.y, &words.show_y, true));
    let over = overlay.clone();
    let range = Closure::<dyn FnMut() -> Array>::new(move || {
        let (low, high) = over.borrow().extent;
        Array::of2(&low.into(), &high.into())
    });
    let scales = object(&[
        ("x", object(&[("time", false.into())]).into()),
        ("y", object(&[("range", range.as_ref().clone())]).into()),
    ]);
    let over = overlay.clone();
    let (limit, mark, here) = (token("--error"), token("--text-muted"), token("--accent"));
    let on_draw = Closure::<dyn FnMut(UPlot)>::new(move |plot: UPlot| {
        draw_over(&plot, &over.borrow(), &limit, &mark, &here);
    });
    let on_cursor = Closure::<dyn FnMut(UPlot)>::new(move |plot: UPlot| {
        hovered.set(number(&plot.cursor(), "idx").map(|index| index as usize));
    });
    let hooks =
        object(&[("draw", Array::of1(on_draw.as_ref()).into()), ("setCursor", Array::of1(on_cursor.as_ref()).into())]);
    let no = object(&[("show", false.into())]);
    let cursor = object(&[("y", false.into()), ("drag", object(&[("x", false.into()), ("y", false.into())]).into())]);
    let options = object(&[
        ("width", width.into()),
        ("height", height.into()),
        ("series", series.into()),
        ("axes", axes.into()),
        // Room at the right for half of the last time, which stands under the middle of its tick.
        ("padding", Array::of4(&JsValue::NULL, &scaled(64.0), &JsValue::NULL, &JsValue::NULL).into()),
        ("scales", scales.into()),
        ("legend", no.into()),
        ("cursor", cursor.into()),
        ("hooks", hooks.into()),
    ]);
    let plot = UPlot::new(&options, &data(x, lines), element);
    Drawn { plot, _hooks: vec![on_draw, on_cursor], _formats: formats, _range: range }
}

fn one_line(n: usize, line: &ChartLine, colour: &str) -> Object {
    let dash: Array = DASHES[n / 2 % DASHES.len()].iter().map(|length| JsValue::from_f64(*length)).collect();
    let mut members: Vec<(&str, JsValue)> = vec![
        ("label", line.name.as_str().into()),
        ("stroke", colour.into()),
        ("width", 2.into()),
        ("dash", dash.into()),
        ("spanGaps", false.into()),
        // A single value has no line, only a point.
        ("points", object(&[("show", (line.values.len() == 1).into()), ("size", 6.into())]).into()),
    ];
    if line.is_stepped
        && let Some(paths) = stepped()
    {
        members.push(("paths", paths));
    }
    object(&members)
}

/// uPlot's own way of drawing steps.
fn stepped() -> Option<JsValue> {
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let class = super::uplot::class();
    let make = get(&get(&class, "paths")?, "stepped")?.dyn_into::<js_sys::Function>().ok()?;
    make.call1(&JsValue::NULL, &object(&[("align", 1.into())]).into()).ok()
}

/// From 0, or the lowest value if that is less, to a little above the highest value and threshold.
fn extent(lines: &[ChartLine], thresholds: &[ChartThreshold]) -> (f64, f64) {
    let limits = thresholds.iter().map(|threshold| threshold.value);
    let values = lines.iter().flat_map(|line| line.values.iter().flatten().copied()).chain(limits);
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let room = (high - low).max(1.0) * 0.08;
    (if low < 0.0 { low - room } else { 0.0 }, high + room)
}

/// Stretches of the first line above the lowest threshold: that is where an alarm is on.
fn above(x: &[f64], lines: &[ChartLine], thresholds: &[ChartThreshold]) -> Vec<(f64, f64, f64)> {
    let limit = thresholds.iter().map(|threshold| threshold.value).reduce(f64::min);
    let (Some(limit), Some(line)) = (limit, lines.first()) else { return Vec::new() };
    let steps = x.windows(2).zip(line.values.iter());
    steps
        .filter_map(|(pair, value)| value.filter(|value| *value > limit).map(|value| (pair[0], pair[1], value)))
        .collect()
}

fn draw_over(plot: &UPlot, overlay: &Overlay, limit: &str, mark: &str, here: &str) {
    let (context, frame) = (plot.ctx(), plot.bbox());
    let side = |name: &str| number(&frame, name).unwrap_or_default();
    let (left, top, right, bottom) =
        (side("left"), side("top"), side("left") + side("width"), side("top") + side("height"));
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio().max(1.0));
    let line = |from: (f64, f64), to: (f64, f64), colour: &str, dash: &[f64], width: f64| {
        let dash: Array = dash.iter().map(|length| JsValue::from_f64(length * ratio)).collect();
        context.save();
        context.set_stroke_style_str(colour);
        context.set_line_width(width * ratio);
        // A dash that is refused leaves a solid line.
        let _ = context.set_line_dash(&dash);
        context.begin_path();
        context.move_to(from.0, from.1);
        context.line_to(to.0, to.1);
        context.stroke();
        context.restore();
    };
    if let Some(lowest) = overlay.thresholds.iter().map(|threshold| threshold.value).reduce(f64::min) {
        let floor = plot.position_of(lowest, "y", true).max(top).min(bottom);
        context.save();
        context.set_fill_style_str(limit);
        context.set_global_alpha(0.28);
        for (from, to, value) in &overlay.above {
            let (from, to) =
                (plot.position_of(*from, "x", true).max(left), plot.position_of(*to, "x", true).min(right));
            let ceiling = plot.position_of(*value, "y", true).max(top).min(bottom);
            context.fill_rect(from, ceiling, (to - from).max(0.0), (floor - ceiling).max(0.0));
        }
        context.restore();
    }
    for threshold in overlay.thresholds.iter() {
        let y = plot.position_of(threshold.value, "y", true);
        if (top..=bottom).contains(&y) {
            line((left, y), (right, y), limit, &[4.0, 4.0], 1.5);
        }
    }
    let uprights = overlay
        .marks
        .iter()
        .map(|one| (one.at, mark, [2.0, 3.0]))
        .chain(overlay.cursor.map(|at| (at, here, [1.0, 0.0])));
    for (at, colour, dash) in uprights {
        let x = plot.position_of(at, "x", true);
        if (left..=right).contains(&x) {
            line((x, top), (x, bottom), colour, &dash, 1.5);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_down_to_its_last_its_highest_and_how_often_it_is_too_high() {
        let limits =
            [ChartThreshold { name: "limit".into(), value: 4.0 }, ChartThreshold { name: "more".into(), value: 8.0 }];
        let values = [Some(1.0), Some(9.0), None, Some(9.0), Some(3.0), None];
        let found = summary(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &values, &limits);
        assert_eq!(found, Some(LineSummary { last: 3.0, highest: 9.0, highest_at: 1.0, n_above: 2 }));
        assert_eq!(summary(&[0.0], &[None], &[]), None);
    }

    #[test]
    fn the_threshold_is_always_in_the_picture() {
        let line = ChartLine { name: "lag".into(), values: Rc::new(vec![Some(2.0), None]), is_stepped: true };
        let (low, high) = extent(&[line], &[ChartThreshold { name: "limit".into(), value: 100.0 }]);
        assert!(low.abs() < f64::EPSILON && high > 100.0);
    }

    #[test]
    fn the_stretches_above_the_lowest_threshold_are_found() {
        let limits = [ChartThreshold { name: "a".into(), value: 4.0 }, ChartThreshold { name: "b".into(), value: 2.0 }];
        let values = Rc::new(vec![Some(1.0), Some(3.0), None, Some(2.0), Some(9.0)]);
        let line = [ChartLine { name: "lag".into(), values, is_stepped: true }];
        assert_eq!(above(&[0.0, 1.0, 2.0, 3.0, 4.0], &line, &limits), [(1.0, 2.0, 3.0)]);
        assert!(above(&[0.0, 1.0], &line, &[]).is_empty());
    }

    #[test]
    fn neighbouring_lines_differ_in_more_than_colour() {
        assert_ne!(dash_text(0), dash_text(2));
    }
}
