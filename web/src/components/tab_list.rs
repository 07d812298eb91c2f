//! Tabs: a row of which one is open. Knows nothing of what they open.

use yew::prelude::*;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TabItem {
    /// What `on_open` gives.
    pub code: &'static str,
    pub label: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct TabListProps {
    /// What all of them are about.
    pub label: AttrValue,
    pub tabs: Vec<TabItem>,
    pub open: AttrValue,
    /// Before the code in the ids of the tabs, by which their panel names its own.
    pub id_prefix: &'static str,
    /// Before the code in the test names; the id's prefix if nothing else is said.
    #[prop_or_default]
    pub test_prefix: Option<&'static str>,
    /// The id of the panel that they open.
    pub controls: AttrValue,
    /// Further classes of the row.
    #[prop_or_default]
    pub class: Classes,
    pub on_open: Callback<&'static str>,
}

#[component]
pub(crate) fn TabList(props: &TabListProps) -> Html {
    let test_prefix = props.test_prefix.unwrap_or(props.id_prefix);
    let tab = |tab: &TabItem| {
        let code = tab.code;
        let onclick = props.on_open.reform(move |_: MouseEvent| code);
        html! {
            <button key={code} class="tab" type="button" role="tab" id={format!("{}-{code}", props.id_prefix)} data-testid={format!("{test_prefix}-{code}")}
                aria-selected={(code == props.open).to_string()} aria-controls={props.controls.clone()} {onclick}>{ &tab.label }</button>
        }
    };
    html! {
        <div class={classes!("tabs", props.class.clone())} role="tablist" aria-label={props.label.clone()}>{ for props.tabs.iter().map(tab) }</div>
    }
}
