//! The hash over all states at the cursor.

use crate::data::use_hash;
use crate::locale::use_texts;
use crate::state::use_transport;
use yew::prelude::*;

#[component]
pub(super) fn HashOfAll() -> Html {
    let texts = use_texts();
    let position = use_transport().position;
    let asked = use_state_eq(|| None::<u64>);
    let hash = use_hash(asked.filter(|asked| *asked == position));
    let ask = {
        let set = asked.setter();
        Callback::from(move |_: MouseEvent| set.set(Some(position)))
    };
    html! {
        <section class="card query-hash">
            <p>{ texts.with("query-hash", &[("position", position.into())]) }</p>
            if let Some(hash) = hash {
                <code data-testid="hash">{ hash }</code>
            } else {
                <button class="button" type="button" data-testid="query-hash-run" onclick={ask}>{ texts.t("query-hash-run") }</button>
            }
        </section>
    }
}
