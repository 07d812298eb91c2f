//! What to look at in the lesson that is open, in whatever view it is.

use crate::data::use_commands;
use crate::locale::use_texts;
use crate::state::{Orders, SelectionAction, View, use_open_view, use_orders};
use crate::views::icons::{Icon, icon};
use crate::views::learn::{LESSONS, open};
use yew::prelude::*;

#[component]
pub(crate) fn Guide() -> Html {
    let texts = use_texts();
    let open_view = use_open_view();
    let Orders { selection: dispatcher, .. } = use_orders();
    let commands = use_commands();
    let Some((number, lesson)) = open_view.lesson.and_then(|number| Some((number, LESSONS.get(number)?))) else {
        return Html::default();
    };
    let next = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_: MouseEvent| open(number + 1, &commands, &dispatcher))
    };
    let all = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |_: MouseEvent| dispatcher.dispatch(SelectionAction::Show(View::Learn)))
    };
    let close = Callback::from(move |_: MouseEvent| dispatcher.dispatch(SelectionAction::Teach(None)));
    let has_next = number + 1 < LESSONS.len();
    html! {
        <section class="guide" data-testid="guide" aria-label={texts.t("tab-learn")}>
            <span class="guide-number mono">{ format!("{}/{}", number + 1, LESSONS.len()) }</span>
            <p class="guide-text" role="status"><strong>{ texts.t(&format!("lesson-{}", lesson.id)) }</strong>{ " " }{ texts.t(&format!("lesson-{}-look", lesson.id)) }</p>
            <span class="guide-buttons">
                if has_next {
                    <button class="button button-primary" type="button" data-testid="guide-next" onclick={next}>{ texts.t("lesson-next") }</button>
                }
                <button class="button" type="button" data-testid="guide-all" onclick={all}>{ texts.t("lesson-all") }</button>
                <button class="button button-quiet button-icon" type="button" data-testid="guide-close" aria-label={texts.t("close")} title={texts.t("close")} onclick={close}>{ icon(Icon::Close) }</button>
            </span>
        </section>
    }
}
