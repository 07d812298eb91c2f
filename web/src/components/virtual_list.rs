//! A list of which only the visible rows exist, up to many millions of them.

use std::ops::Range;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Browsers stop at about 33 million pixels; a longer list scrolls in larger steps.
const MAX_HEIGHT: f64 = 8_000_000.0;
/// Rows kept above and below what is visible.
const MARGIN: u64 = 6;

#[derive(Properties, PartialEq)]
pub(crate) struct VirtualListProps {
    /// Rows in all.
    pub total: u64,
    /// Height of a row in CSS pixels; every row has the same.
    pub row_height: f64,
    /// Index of the first row that `children` draws.
    pub first: u64,
    /// Rows that should be drawn, from 0, whenever that changes.
    pub on_range: Callback<Range<u64>>,
    /// A row to bring into view when it changes.
    #[prop_or_default]
    pub reveal: Option<u64>,
    #[prop_or_default]
    pub label: AttrValue,
    #[prop_or_default]
    pub testid: AttrValue,
    #[prop_or_default]
    pub role: AttrValue,
    /// Id of the active row, for assistive technology.
    #[prop_or_default]
    pub active_id: Option<AttrValue>,
    #[prop_or_default]
    pub onkeydown: Callback<KeyboardEvent>,
    #[prop_or_default]
    pub children: Html,
}

/// How scrolling and rows belong together.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Geometry {
    total: f64,
    row_height: f64,
    view: f64,
}

impl Geometry {
    fn height(self) -> f64 {
        (self.total * self.row_height).min(MAX_HEIGHT)
    }

    /// The row, with its fraction, at the upper edge.
    fn top_row(self, scroll: f64) -> f64 {
        let room = (self.height() - self.view).max(1.0);
        let rows = (self.total - self.view / self.row_height).max(0.0);
        (scroll / room).clamp(0.0, 1.0) * rows
    }

    fn scroll_of(self, row: f64) -> f64 {
        let room = (self.height() - self.view).max(0.0);
        let rows = (self.total - self.view / self.row_height).max(0.0);
        if rows <= 0.0 { 0.0 } else { (row / rows).clamp(0.0, 1.0) * room }
    }

    fn range(self, scroll: f64) -> Range<u64> {
        let top = self.top_row(scroll).floor() as u64;
        let visible = (self.view / self.row_height).ceil() as u64 + 1;
        top.saturating_sub(MARGIN)..(top + visible + MARGIN).min(self.total as u64)
    }
}

#[component]
pub(crate) fn VirtualList(props: &VirtualListProps) -> Html {
    let view = use_node_ref();
    let sizer = use_node_ref();
    let rows = use_node_ref();
    let shown = use_mut_ref(|| None::<Range<u64>>);
    // Where the list is scrolled to, as the browser last said or was told. Asking it again while a frame is being made would make it lay
    // out the whole page at once.
    let scroll = use_mut_ref(|| 0.0_f64);
    let is_moving = use_mut_ref(|| false);
    let size = crate::hooks::use_size(&view);
    let geometry = Geometry { total: props.total as f64, row_height: props.row_height, view: size.1.max(1.0) };
    let place = {
        let (sizer, rows, scroll) = (sizer.clone(), rows.clone(), scroll.clone());
        let (row_height, first) = (props.row_height, props.first);
        move || {
            let (Some(sizer), Some(rows)) = (sizer.cast::<HtmlElement>(), rows.cast::<HtmlElement>()) else { return };
            let scroll = *scroll.borrow();
            let top = scroll + (first as f64 - geometry.top_row(scroll)) * row_height;
            // A refused style leaves the list unstyled, not broken.
            let _ = sizer.style().set_property("height", &format!("{}px", geometry.height()));
            let _ = rows.style().set_property("transform", &format!("translateY({top}px)"));
        }
    };
    let report = {
        let (shown, scroll, on_range) = (shown.clone(), scroll.clone(), props.on_range.clone());
        move || {
            let range = geometry.range(*scroll.borrow());
            if shown.borrow().as_ref() != Some(&range) {
                *shown.borrow_mut() = Some(range.clone());
                on_range.emit(range);
            }
        }
    };
    {
        let (place, report) = (place.clone(), report.clone());
        use_effect_with(
            (props.total, props.first, props.row_height.to_bits(), size.0.to_bits(), size.1.to_bits()),
            move |_| {
                place();
                report();
            },
        );
    }
    {
        let (view, scroll, place, report) = (view.clone(), scroll.clone(), place.clone(), report.clone());
        let is_moving = is_moving.clone();
        use_effect_with((props.reveal, props.total, size.1.to_bits()), move |(reveal, ..)| {
            if let (Some(row), Some(view)) = (*reveal, view.cast::<HtmlElement>()) {
                let top = geometry.top_row(*scroll.borrow());
                let visible = geometry.view / geometry.row_height;
                let row = row as f64;
                // Rows that are in view already stay where they are, so that a step does not make the list jump.
                if row < top + 0.5 || row > top + visible - 1.5 {
                    *scroll.borrow_mut() = geometry.scroll_of((row - visible / 2.0).max(0.0)).floor();
                    place();
                    report();
                    if !is_moving.replace(true) {
                        before_the_frame(move || {
                            is_moving.replace(false);
                            view.set_scroll_top(*scroll.borrow() as i32);
                        });
                    }
                }
            }
        });
    }
    let scrolled = view.clone();
    let onscroll = Callback::from(move |_: Event| {
        // Where it was before the cursor moved it is of no interest any more.
        if *is_moving.borrow() {
            return;
        }
        if let Some(view) = scrolled.cast::<HtmlElement>() {
            *scroll.borrow_mut() = f64::from(view.scroll_top());
        }
        place();
        report();
    });
    html! {
        <div ref={view} class="virtual-list" tabindex="0" role={props.role.clone()} aria-label={props.label.clone()}
            aria-activedescendant={props.active_id.clone()} data-testid={props.testid.clone()}
            onkeydown={props.onkeydown.clone()} {onscroll}>
            <div ref={sizer} class="virtual-list-sizer" role="presentation">
                <div ref={rows} class="virtual-list-rows" role="presentation">{ props.children.clone() }</div>
            </div>
        </div>
    }
}

/// Does something when the browser is about to lay out the page for its next frame: moving a list at once would make it lay out all that has
/// changed so far, and do so again for the frame.
fn before_the_frame(work: impl FnOnce() + 'static) {
    if let Some(window) = web_sys::window() {
        let work = Closure::once_into_js(work);
        // It fails only in a window that is gone.
        let _ = window.request_animation_frame(work.unchecked_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_row_is_reachable_in_a_list_of_ten_million() {
        let geometry = Geometry { total: 10_000_000.0, row_height: 28.0, view: 560.0 };
        let end = geometry.range(geometry.height() - geometry.view);
        assert_eq!(end.end, 10_000_000);
        let middle = geometry.top_row(geometry.scroll_of(5_000_000.0));
        assert!((middle - 5_000_000.0).abs() < 1.0);
    }

    #[test]
    fn a_short_list_is_drawn_whole() {
        assert_eq!(Geometry { total: 5.0, row_height: 28.0, view: 560.0 }.range(0.0), 0..5);
    }
}
