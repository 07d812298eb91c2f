//! A state as JSON, with the event that set each field beside it.

use replay_protocol::TreeLine;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct StateTreeProps {
    /// Depth first.
    pub tree: Rc<Vec<TreeLine>>,
    /// The whole as JSON text: what is shown if there is no tree.
    pub text: AttrValue,
    /// The position that this is the state at.
    pub position: u64,
    /// Marks what the entity's last event changed.
    #[prop_or(true)]
    pub show_diff: bool,
    /// Shows the event behind each field.
    #[prop_or(true)]
    pub show_blame: bool,
    /// Says of a position that it set the field.
    pub set_label: Callback<u64, AttrValue>,
    pub on_jump: Callback<u64>,
    pub label: AttrValue,
}

/// Two columns: JSON text whose `textContent` is JSON, and buttons that lead to the event behind each line.
#[component]
pub(crate) fn StateTree(props: &StateTreeProps) -> Html {
    let tree = &props.tree;
    // Lines are changed and not made anew, which is most of the work of a step; a highlight fades anew where the turn is another.
    let latest = tree.iter().filter(|line| line.changed).map(|line| line.changed_at).max();
    let turns = use_mut_ref(|| (latest, false));
    if turns.borrow().0 != latest {
        let turn = !turns.borrow().1;
        turns.replace((latest, turn));
    }
    let turn = turns.borrow().1;
    let is_scalar = tree.len() == 1 && tree[0].path.is_empty();
    if tree.is_empty() || is_scalar {
        return html! {
            <div class="state-tree" data-position={props.position.to_string()}>
                <pre class="state-json mono" data-testid="state" aria-label={props.label.clone()}>{ &props.text }</pre>
            </div>
        };
    }
    let lines = layout(tree, props.text.starts_with('['));
    let json = lines.iter().map(|line| {
        let source = line.source.map(|source| &tree[source]);
        let changed = props.show_diff && source.is_some_and(|source| source.changed);
        let type_name = source.map_or("object", |source| source.type_name.as_str());
        let name = line.name.as_ref().map(|name| html! { <><span class="state-name">{ name }</span>{ ": " }</> });
        html! {
            <span class="state-line" data-changed={changed.to_string()} data-path={source.map(|source| source.path.clone())}>
                { indent(line.depth) }{ for name }<span class={format!("state-value state-{type_name}")}>{ &line.value }</span>{ format!("{}\n", line.comma) }
            </span>
        }
    });
    let blame = lines.iter().map(|line| {
        let Some(source) = line.source.map(|source| &tree[source]).filter(|_| props.show_blame && !line.is_open()) else {
            return html! { <span class="state-blame"></span> };
        };
        let changed = props.show_diff && source.changed;
        let set_at = source.set_at;
        let onclick = props.on_jump.reform(move |_: MouseEvent| set_at);
        let label = props.set_label.emit(set_at);
        html! {
            <button class="state-blame mono" type="button" data-changed={changed.to_string()} aria-label={label.clone()} title={label} {onclick}>
                { format!("{} #{set_at}", if changed { "●" } else { "←" }) }
            </button>
        }
    });
    html! {
        <div class="state-tree" data-position={props.position.to_string()} data-turn={turn.to_string()}>
            <pre class="state-json mono" data-testid="state" aria-label={props.label.clone()}>{ for json }</pre>
            <div class="state-blames">{ for blame }</div>
        </div>
    }
}

/// One line of JSON text.
#[derive(Debug, Default)]
struct Line {
    depth: usize,
    /// In quotes.
    name: Option<String>,
    value: String,
    comma: &'static str,
    /// The line of the tree that it shows; none for brackets that close.
    source: Option<usize>,
}

impl Line {
    fn is_open(&self) -> bool {
        self.value == "{" || self.value == "["
    }

    fn is_close(&self) -> bool {
        self.value == "}" || self.value == "]"
    }
}

/// The tree as lines of JSON text.
fn layout(tree: &[TreeLine], is_array: bool) -> Vec<Line> {
    let bracket = |value: &str, depth| Line { depth, value: value.to_owned(), ..Line::default() };
    let mut lines = vec![bracket(if is_array { "[" } else { "{" }, 0)];
    // The closing bracket of each open level.
    let mut open = vec![if is_array { "]" } else { "}" }];
    for (n, line) in tree.iter().enumerate() {
        let depth = line.depth as usize + 1;
        while open.len() > depth {
            if let Some(close) = open.pop() {
                lines.push(bracket(close, open.len()));
            }
        }
        let has_children = tree.get(n + 1).is_some_and(|next| next.depth > line.depth);
        let (value, close) = match (line.type_name.as_str(), has_children) {
            ("object", true) => ("{", Some("}")),
            ("object", false) => ("{}", None),
            ("array", true) => ("[", Some("]")),
            ("array", false) => ("[]", None),
            _ => (line.text.as_str(), None),
        };
        let name = (open.last() == Some(&"}")).then(|| quoted(&line.name));
        lines.push(Line { depth, name, value: value.to_owned(), comma: "", source: Some(n) });
        open.extend(close);
    }
    while let Some(close) = open.pop() {
        lines.push(bracket(close, open.len()));
    }
    for n in 0..lines.len().saturating_sub(1) {
        if !lines[n].is_open() && !lines[n + 1].is_close() {
            lines[n].comma = ",";
        }
    }
    lines
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

fn quoted(name: &str) -> String {
    serde_json::to_string(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, depth: u32, type_name: &str, text: &str) -> TreeLine {
        TreeLine { name: name.into(), depth, type_name: type_name.into(), text: text.into(), ..TreeLine::default() }
    }

    #[test]
    fn the_lines_are_json_text() {
        let tree = [
            line("a", 0, "object", "2"),
            line("b\"", 1, "array", "2"),
            line("0", 2, "number", "1"),
            line("1", 2, "object", "0"),
            line("c", 1, "string", "\"x\""),
            line("d", 0, "null", "null"),
        ];
        let mut text = String::new();
        for line in layout(&tree, false) {
            let name = line.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            text.push_str(
                &[
                    &indent(line.depth),
                    &name,
                    &line.value,
                    line.comma,
                    "
",
                ]
                .concat(),
            );
        }
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json, serde_json::json!({"a": {"b\"": [1, {}], "c": "x"}, "d": null}));
    }
}
