//! Says where the cursor is, for those who hear the page. Only when it rests, so that playing is not a torrent of words.

use crate::data::use_record;
use crate::locale::use_texts;
use crate::state::{use_source, use_transport};
use crate::views::words::type_name;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long the cursor must rest.
const REST_MS: u32 = 500;

#[component]
pub(crate) fn Announcer() -> Html {
    let texts = use_texts();
    let transport = use_transport();
    let source = use_source();
    let record = use_record(if transport.playing { 0 } else { transport.position });
    let said = use_state_eq(AttrValue::default);
    let row = record.filter(|record| record.row.position == transport.position).map(|record| record.row.clone());
    let mut words = texts
        .with("announce", &[("position", transport.position.into()), ("total", transport.total.into())])
        .to_string();
    if let (Some(row), Some(summary)) = (row, &source.summary) {
        for part in [row.key.unwrap_or_default(), type_name(summary, row.event_type).to_string()] {
            if !part.is_empty() {
                words.push_str(", ");
                words.push_str(&part);
            }
        }
    }
    {
        let said = said.setter();
        use_effect_with((words, transport.playing), move |(words, playing)| {
            let (words, playing) = (words.clone(), *playing);
            let timeout = (!playing).then(|| Timeout::new(REST_MS, move || said.set(words.into())));
            move || drop(timeout)
        });
    }
    html! { <p class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">{ (*said).clone() }</p> }
}
