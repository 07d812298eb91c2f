//! The Learn view: the ideas as places on the running page, the words, the samples and the keys.

mod lessons;

pub(crate) use lessons::{LESSONS, open};

use crate::data::{SAMPLES, use_commands};
use crate::locale::use_texts;
use crate::state::{SelectionAction, View, use_selection};
use crate::views::frame::keys;
use lessons::Lesson;
use yew::prelude::*;

const TERMS: [&str; 12] = [
    "record",
    "event",
    "entity",
    "partition",
    "offset",
    "tombstone",
    "projection",
    "fold",
    "position",
    "schedule",
    "version",
    "blame",
];

#[component]
pub(crate) fn LearnView() -> Html {
    let texts = use_texts();
    let commands = use_commands();
    let selection = use_selection().dispatcher();
    let lesson = |(number, lesson): (usize, &Lesson)| {
        let (commands, selection) = (commands.clone(), selection.clone());
        let onclick = Callback::from(move |_: MouseEvent| open(number, &commands, &selection));
        html! {
            <li key={lesson.id} class="card lesson">
                <h3><span class="lesson-number mono">{ number + 1 }</span>{ texts.t(&format!("lesson-{}", lesson.id)) }</h3>
                <p>{ texts.t(&format!("lesson-{}-why", lesson.id)) }</p>
                <button class="button" type="button" data-testid={format!("lesson-{}", lesson.id)} aria-label={format!("{}: {}", texts.t("lesson-show"), texts.t(&format!("lesson-{}", lesson.id)))} {onclick}>
                    { texts.t("lesson-show") }
                </button>
            </li>
        }
    };
    let sample = |name: &'static str| {
        let (commands, selection) = (commands.clone(), selection.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            commands.load_sample(name);
            selection.dispatch(SelectionAction::Show(View::Replay));
        });
        html! {
            <li key={name} class="card">
                <h3>{ texts.t(&format!("sample-{name}")) }</h3>
                <p>{ texts.t(&format!("sample-{name}-look")) }</p>
                <button class="button" type="button" data-testid={format!("learn-{name}")} {onclick}>{ texts.t("learn-try") }</button>
            </li>
        }
    };
    let term = |term: &&str| {
        html! { <div key={*term} class="term"><dt>{ texts.t(&format!("term-{term}")) }</dt><dd>{ texts.t(&format!("term-{term}-text")) }</dd></div> }
    };
    html! {
        <div class="page page-wide" data-testid="learn">
            <section>
                <h2>{ texts.with("lessons-title", &[("n", (LESSONS.len() as u64).into())]) }</h2>
                <p class="muted">{ texts.t("lessons-lead") }</p>
                <ol class="cards lessons">{ for LESSONS.iter().enumerate().map(lesson) }</ol>
            </section>
            <section><h2>{ texts.t("learn-samples") }</h2><ul class="cards">{ for SAMPLES.iter().map(|one| sample(one.name)) }</ul></section>
            <section><h2>{ texts.t("learn-title") }</h2><dl class="terms">{ for TERMS.iter().map(term) }</dl></section>
            <section><h2>{ texts.t("learn-keys") }</h2>{ keys(&texts) }</section>
        </div>
    }
}
