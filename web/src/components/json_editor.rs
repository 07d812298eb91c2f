//! A text field for JSON that says where a mistake is.

use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// A mistake: from the JSON itself, or from whoever understands the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonMistake {
    /// 1-based; 0 if no line can be named.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// What is wrong, in the reader's own words.
    pub message: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct JsonEditorProps {
    /// Unique on the page, and the test name; the mistake is `<id>-error`.
    pub id: AttrValue,
    pub label: AttrValue,
    pub text: AttrValue,
    #[prop_or(12)]
    pub rows: u32,
    /// A mistake that the JSON's owner found; one in the JSON itself is found here and comes first.
    #[prop_or_default]
    pub mistake: Option<JsonMistake>,
    /// Says a mistake with its place.
    pub says: Callback<JsonMistake, AttrValue>,
    /// Every change of the text, JSON or not.
    pub on_input: Callback<AttrValue>,
    /// The text when it is left or Ctrl+Enter is pressed, only if it is JSON.
    #[prop_or_default]
    pub on_commit: Callback<AttrValue>,
}

/// Where a text is no JSON; `None` if it is. An empty text is one.
pub(crate) fn json_mistake(text: &str) -> Option<JsonMistake> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    let whole = error.to_string();
    // The place is told by itself, so the reader's own mention of it is left away.
    let message = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
    // The end of an empty text is told as column 0.
    Some(JsonMistake { line: error.line(), column: error.column().max(1), message: message.into() })
}

/// The place of a line and column in UTF-16 units, as a text area counts.
fn caret(text: &str, line: usize, column: usize) -> u32 {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(|l| l.encode_utf16().count()).sum();
    let current = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    // serde_json counts bytes.
    let inside =
        current.char_indices().take_while(|(at, _)| *at + 1 < column).map(|(_, c)| c.len_utf16()).sum::<usize>();
    (before + inside) as u32
}

#[component]
pub(crate) fn JsonEditor(props: &JsonEditorProps) -> Html {
    let node = use_node_ref();
    let own = json_mistake(&props.text);
    let is_json = own.is_none();
    let mistake = own.or_else(|| props.mistake.clone());
    let oninput = props
        .on_input
        .reform(|event: InputEvent| AttrValue::from(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
    let commit = {
        let (on_commit, text) = (props.on_commit.clone(), props.text.clone());
        move || {
            if is_json {
                on_commit.emit(text.clone());
            }
        }
    };
    let onchange = {
        let commit = commit.clone();
        Callback::from(move |_: Event| commit())
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            commit();
        }
    });
    let error_id = format!("{}-error", props.id);
    let go = |mistake: &JsonMistake| {
        let (node, at) = (node.clone(), caret(&props.text, mistake.line, mistake.column));
        Callback::from(move |_: MouseEvent| {
            let Some(area) = node.cast::<web_sys::Element>().and_then(|e| e.dyn_into::<HtmlTextAreaElement>().ok())
            else {
                return;
            };
            // A field that cannot take the focus or the caret shows the mistake all the same.
            let _ = area.focus();
            let _ = area.set_selection_range(at, at + 1);
        })
    };
    html! {
        <div class="json-editor">
            <label class="json-editor-label" for={props.id.clone()}>{ &props.label }</label>
            <textarea ref={node.clone()} id={props.id.clone()} class="field json-editor-text mono" data-testid={props.id.clone()} rows={props.rows.to_string()}
                spellcheck="false" autocomplete="off" aria-invalid={mistake.is_some().to_string()} aria-errormessage={mistake.as_ref().map(|_| error_id.clone())}
                value={props.text.clone()} {oninput} {onchange} {onkeydown} />
            <p id={error_id.clone()} class="json-editor-error" role="status" data-testid={error_id}>
                if let Some(mistake) = &mistake {
                    if mistake.line > 0 {
                        <button class="button button-quiet json-editor-go" type="button" onclick={go(mistake)}>{ props.says.emit(mistake.clone()) }</button>
                    } else {
                        { props.says.emit(mistake.clone()) }
                    }
                }
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_has_its_place() {
        let mistake = json_mistake("{\n  \"a\": 1,\n  b: 2\n}").expect("b needs quotes");
        assert_eq!((mistake.line, mistake.column, mistake.message.as_str()), (3, 3, "key must be a string"));
        assert_eq!(json_mistake(" {\"a\":[1e400]} "), None);
        assert_eq!(json_mistake("").map(|mistake| (mistake.line, mistake.column)), Some((1, 1)));
    }

    #[test]
    fn the_caret_goes_there_past_any_character() {
        assert_eq!(caret("{\n \"李\": x}", 2, 8), 7);
        assert_eq!(caret("abc", 9, 9), 3);
    }
}
