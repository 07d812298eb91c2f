//! Which event set each field, and since when it has its value.

use replay_protocol::TreeLine;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct BlameViewProps {
    pub tree: Rc<Vec<TreeLine>>,
    /// Column heads.
    pub field: AttrValue,
    pub value: AttrValue,
    pub set_by: AttrValue,
    pub since: AttrValue,
    /// For an entity without a state.
    pub nothing: AttrValue,
    pub on_jump: Callback<u64>,
}

#[component]
pub(crate) fn BlameView(props: &BlameViewProps) -> Html {
    let leaves: Vec<&TreeLine> = props
        .tree
        .iter()
        .filter(|line| !matches!(line.type_name.as_str(), "object" | "array") || line.text == "0")
        .collect();
    if leaves.is_empty() {
        return html! { <div class="blame" data-testid="blame"><p class="muted">{ &props.nothing }</p></div> };
    }
    let jump = |position: u64| {
        let onclick = props.on_jump.reform(move |_: MouseEvent| position);
        html! { <button type="button" class="blame-jump mono" {onclick}>{ format!("#{position}") }</button> }
    };
    let row = |line: &&TreeLine| {
        html! {
            <tr key={line.path.clone()} data-changed={line.changed.to_string()}>
                <th scope="row" class="mono">{ line.path.strip_prefix('/').unwrap_or(&line.path) }</th>
                <td class="blame-value mono">{ &line.text }</td>
                <td>{ jump(line.set_at) }</td>
                <td>{ jump(line.changed_at) }</td>
            </tr>
        }
    };
    html! {
        <div class="blame" data-testid="blame">
            <table>
                <thead><tr>
                    <th scope="col">{ &props.field }</th><th scope="col">{ &props.value }</th>
                    <th scope="col">{ &props.set_by }</th><th scope="col">{ &props.since }</th>
                </tr></thead>
                <tbody>{ for leaves.iter().map(row) }</tbody>
            </table>
        </div>
    }
}
