//! The main keys.

use super::overlays::Overlay;
use crate::locale::use_texts;
use yew::prelude::*;

/// Where its button leads.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct FooterProps {
    /// Opens what lies over the page.
    pub on_overlay: Callback<Option<Overlay>>,
}

#[component]
pub(crate) fn Footer(props: &FooterProps) -> Html {
    let texts = use_texts();
    let key = |keys: &[&'static str], id: &str| {
        html! { <span class="footer-key">{ for keys.iter().map(|key| html! { <kbd class="key">{ *key }</kbd> }) }{ texts.t(id) }</span> }
    };
    let on_palette = props.on_overlay.reform(|_: MouseEvent| Some(Overlay::Palette));
    html! {
        <footer class="footer">
            { key(&["␣"], "key-play") }
            { key(&["←", "→"], "key-step") }
            { key(&["⇧", "←", "→"], "key-ten") }
            { key(&["/"], "key-search") }
            { key(&["g"], "key-go-to") }
            { key(&["1", "–", "5"], "key-tabs") }
            { key(&["?"], "key-help") }
            <button class="button button-quiet footer-palette" type="button" data-testid="palette-open" onclick={on_palette}>
                <kbd class="key">{ "Ctrl K" }</kbd>
                { texts.t("palette") }
            </button>
        </footer>
    }
}
