//! Components by themselves, in a real browser: what they show for what they are given, and what they say when they are used.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../src/components/mod.rs"]
mod components;
#[path = "../src/hooks/mod.rs"]
#[allow(dead_code, unused_imports, reason = "only what the components need of them")]
mod hooks;

use components::{
    Chart, ChartLine, ChartMark, ChartThreshold, ChartWords, Choice, ChoiceOption, JsonEditor, JsonMistake,
    LineSummary, Range, Scale, SideBySide, SideWords, Toggle,
};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

/// What the components said, in order.
type Heard = Rc<RefCell<Vec<String>>>;

#[derive(Properties)]
struct DemoProps {
    draw: fn(Callback<String>) -> Html,
    heard: Heard,
}

impl PartialEq for DemoProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.heard, &other.heard)
    }
}

#[component]
fn Demo(props: &DemoProps) -> Html {
    let heard = props.heard.clone();
    (props.draw)(Callback::from(move |said| heard.borrow_mut().push(said)))
}

async fn wait(ms: i32) {
    let elapsed = js_sys::Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(elapsed).await.unwrap();
}

/// Draws something into the page and waits until it is there.
async fn show(draw: fn(Callback<String>) -> Html) -> (Element, Heard) {
    let document = web_sys::window().unwrap().document().unwrap();
    let host = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&host).unwrap();
    let heard = Heard::default();
    yew::Renderer::<Demo>::with_root_and_props(host.clone(), DemoProps { draw, heard: heard.clone() }).render();
    wait(120).await;
    (host, heard)
}

fn find<T: JsCast>(host: &Element, selector: &str) -> T {
    host.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}")).dyn_into().unwrap()
}

fn fire(element: &Element, name: &str) {
    let options = EventInit::new();
    options.set_bubbles(true);
    element.dispatch_event(&Event::new_with_event_init_dict(name, &options).unwrap()).unwrap();
}

async fn settle(heard: &Heard) -> Vec<String> {
    wait(30).await;
    heard.borrow_mut().drain(..).collect()
}

#[wasm_bindgen_test]
async fn a_range_gives_values_inside_its_bounds() {
    let (host, heard) = show(|say| {
        html! { <Range id="retention" label="Retention" setting="retention.ms" hint="Older segments may go" unit="ms" value={1000.0} min={0.0} max={1e9}
            scale={Scale::Log} on_change={say.reform(|value: f64| value.to_string())} /> }
    })
    .await;
    let slider: HtmlInputElement = find(&host, "[data-testid=retention]");
    slider.set_value("200");
    fire(&slider, "input");
    let typed: HtmlInputElement = find(&host, "[data-testid=retention-value]");
    typed.set_value("-5");
    fire(&typed, "change");
    assert_eq!(settle(&heard).await, ["1000000000", "0"]);
    let text = host.text_content().unwrap();
    assert!(text.contains("retention.ms") && text.contains("Older segments may go"), "{text}");
    assert_eq!(slider.get_attribute("aria-valuetext").as_deref(), Some("1000 ms"));
}

#[wasm_bindgen_test]
async fn a_choice_shows_the_hint_of_what_is_chosen() {
    let (host, heard) = show(|say| {
        let option = |value: &'static str, hint: &'static str| ChoiceOption {
            value: value.into(),
            label: value.into(),
            hint: hint.into(),
            setting: AttrValue::default(),
        };
        html! { <Choice id="isolation" label="Isolation" setting="isolation.level" value="all" options={vec![option("all", "Sees everything"), option("committed", "Waits")]}
            on_change={say.reform(|value: AttrValue| value.to_string())} /> }
    })
    .await;
    assert!(host.text_content().unwrap().contains("Sees everything"));
    find::<HtmlInputElement>(&host, "[data-testid=isolation-committed]").click();
    assert_eq!(settle(&heard).await, ["committed"]);
}

#[wasm_bindgen_test]
async fn a_toggle_says_what_it_becomes() {
    let (host, heard) = show(|say| {
        html! { <Toggle id="idempotent" label="Idempotent" checked={false} on_change={say.reform(|on: bool| on.to_string())} /> }
    })
    .await;
    find::<HtmlElement>(&host, "[data-testid=idempotent]").click();
    assert_eq!(settle(&heard).await, ["true"]);
}

#[wasm_bindgen_test]
async fn an_editor_shows_where_the_mistake_is_and_commits_only_json() {
    let (host, heard) = show(|say| {
        let says = Callback::from(|mistake: JsonMistake| {
            AttrValue::from(format!("line {}, column {}", mistake.line, mistake.column))
        });
        let on_commit = say.reform(|text: AttrValue| format!("commit {text}"));
        html! {
            <>
                <JsonEditor id="broken" label="Scenario" text={"{\n  \"a\": }"} says={says.clone()} on_input={say.reform(|text: AttrValue| text.to_string())} on_commit={on_commit.clone()} />
                <JsonEditor id="whole" label="Scenario" text="{}" {says} on_input={Callback::noop()} {on_commit} />
            </>
        }
    })
    .await;
    assert_eq!(
        find::<Element>(&host, "[data-testid=broken-error]").text_content().as_deref(),
        Some("line 2, column 8")
    );
    let broken: HtmlTextAreaElement = find(&host, "[data-testid=broken]");
    assert_eq!(broken.get_attribute("aria-invalid").as_deref(), Some("true"));
    fire(&broken, "change");
    fire(&find::<Element>(&host, "[data-testid=whole]"), "change");
    assert_eq!(settle(&heard).await, ["commit {}"]);
    find::<HtmlElement>(&host, ".json-editor-go").click();
    assert_eq!(broken.selection_start().unwrap(), Some(9));
}

#[wasm_bindgen_test]
async fn two_states_are_told_apart_by_signs_and_words() {
    let (host, _) = show(|_| {
        let words = SideWords {
            left: "Truth".into(),
            right: "Outcome".into(),
            only_left: "only left".into(),
            only_right: "only right".into(),
            differs: "differs".into(),
            nothing: "nothing".into(),
        };
        html! { <SideBySide left={Some(AttrValue::from(r#"{"a":1,"b":2}"#))} right={Some(AttrValue::from(r#"{"a":1,"b":3,"c":[]}"#))} {words} testid="sides" /> }
    })
    .await;
    let row: Element = find(&host, "[data-kind=differs]");
    assert_eq!(row.text_content().unwrap().replace(' ', ""), "\"b\":2≠differs\"b\":3,");
    assert_eq!(
        find::<Element>(&host, "[data-kind=right]").text_content().unwrap().replace(' ', ""),
        "+onlyright\"c\":[]"
    );
}

fn words() -> ChartWords {
    ChartWords {
        title: "Lag".into(),
        x: "s".into(),
        y: "records".into(),
        nothing: "no values".into(),
        show_x: Callback::from(|x: f64| format!("{x}s").into()),
        show_y: Callback::from(|y: f64| format!("{y}r").into()),
        summary: Callback::from(|line: LineSummary| {
            format!("last {} highest {} at {} above {}", line.last, line.highest, line.highest_at, line.n_above).into()
        }),
    }
}

#[wasm_bindgen_test]
async fn a_chart_is_drawn_and_says_the_same_in_words() {
    let (host, heard) = show(|say| {
        let x = Rc::new((0..100).map(f64::from).collect::<Vec<_>>());
        let values = Rc::new((0..100).map(|n| Some(f64::from(n * n))).collect::<Vec<_>>());
        let lines = Rc::new(vec![ChartLine { name: "P0".into(), values, is_stepped: true }]);
        let thresholds = Rc::new(vec![ChartThreshold { name: "alert".into(), value: 9000.0 }]);
        let marks = Rc::new(vec![ChartMark { name: "crash".into(), at: 40.0 }]);
        html! { <Chart {x} {lines} {thresholds} {marks} cursor={Some(50.0)} words={words()} on_pick={say.reform(|at: f64| at.to_string())} testid="lag" /> }
    })
    .await;
    let text = host.text_content().unwrap();
    assert!(text.contains("last 9801 highest 9801 at 99 above 5"), "{text}");
    assert!(text.contains("alert") && text.contains("crash"), "{text}");
    let canvas: web_sys::HtmlCanvasElement = find(&host, "canvas");
    assert!(canvas.width() > 100 && canvas.height() > 100);
    assert!(has_ink(&canvas), "nothing was drawn");
    find::<HtmlElement>(&host, ".u-over").click();
    let picked: f64 = settle(&heard).await[0].parse().unwrap();
    assert!(picked <= 99.0, "{picked}");
}

#[wasm_bindgen_test]
async fn a_chart_without_values_says_so() {
    let (host, _) = show(|_| html! { <Chart x={Rc::default()} lines={Rc::default()} words={words()} /> }).await;
    assert!(host.text_content().unwrap().contains("no values"));
    assert!(host.query_selector("canvas").unwrap().is_none());
}

fn has_ink(canvas: &web_sys::HtmlCanvasElement) -> bool {
    let context = canvas.get_context("2d").unwrap().unwrap().dyn_into::<web_sys::CanvasRenderingContext2d>().unwrap();
    let pixels = context.get_image_data(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height())).unwrap();
    pixels.data().chunks(4).filter(|pixel| pixel[3] > 0).count() > 500
}
