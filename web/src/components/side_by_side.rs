//! Two JSON states beside each other, line by line, with what differs told by a sign, a word and a colour.

use yew::prelude::*;

/// What the table says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SideWords {
    pub left: AttrValue,
    pub right: AttrValue,
    /// Only the left side has the line.
    pub only_left: AttrValue,
    /// Only the right side has it.
    pub only_right: AttrValue,
    /// Both have the field, with different values.
    pub differs: AttrValue,
    /// For a side without a state.
    pub nothing: AttrValue,
}

#[derive(Properties, PartialEq)]
pub(crate) struct SideBySideProps {
    /// JSON text, compact or not; `None` or `null` if there is no state.
    pub left: Option<AttrValue>,
    pub right: Option<AttrValue>,
    pub words: SideWords,
    #[prop_or_default]
    pub testid: AttrValue,
}

/// How a line of one side stands to the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Same,
    Differs,
    OnlyLeft,
    OnlyRight,
}

/// More pairs of lines than this are not searched for the best match.
const MOST_PAIRS: usize = 4_000_000;

/// One line of the table.
type Pair = (Kind, Option<String>, Option<String>);

#[component]
pub(crate) fn SideBySide(props: &SideBySideProps) -> Html {
    let pairs = use_memo((props.left.clone(), props.right.clone()), |(left, right)| {
        align(&lines(left.as_ref()), &lines(right.as_ref()))
    });
    let words = &props.words;
    let row = |(n, (kind, left, right)): (usize, &Pair)| {
        let (code, sign, word) = match kind {
            Kind::Same => ("same", " ", None),
            Kind::Differs => ("differs", "≠", Some(&words.differs)),
            Kind::OnlyLeft => ("left", "−", Some(&words.only_left)),
            Kind::OnlyRight => ("right", "+", Some(&words.only_right)),
        };
        html! {
            <tr key={n} class="side-row" data-kind={code}>
                <td class="side-left"><code>{ left.clone() }</code></td>
                <td class="side-sign" title={word.cloned()}>
                    <span aria-hidden="true">{ sign }</span>
                    if let Some(word) = word { <span class="visually-hidden">{ word }</span> }
                </td>
                <td class="side-right"><code>{ right.clone() }</code></td>
            </tr>
        }
    };
    let head = |title: &AttrValue, state: &Option<AttrValue>| {
        let is_empty = state.as_ref().is_none_or(|state| state.trim() == "null");
        html! { <th scope="col">{ title }if is_empty { <span class="side-nothing">{ &words.nothing }</span> }</th> }
    };
    html! {
        <table class="side-by-side mono" data-testid={props.testid.clone()}>
            <thead><tr>{ head(&words.left, &props.left) }<td></td>{ head(&words.right, &props.right) }</tr></thead>
            <tbody>{ for pairs.iter().enumerate().map(row) }</tbody>
        </table>
    }
}

fn lines(state: Option<&AttrValue>) -> Vec<String> {
    let text = state.map_or("", AttrValue::as_str).trim();
    if text.is_empty() || text == "null" { Vec::new() } else { pretty(text) }
}

/// JSON text in lines, two spaces a level. Only white space changes, so that numbers keep every digit; text that is no JSON
/// comes out as some lines all the same.
fn pretty(text: &str) -> Vec<String> {
    let (mut out, mut line, mut depth) = (Vec::new(), String::new(), 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    let flush = |line: &mut String, out: &mut Vec<String>, depth: usize| {
        if !line.is_empty() {
            out.push(std::mem::take(line));
        }
        line.push_str(&"  ".repeat(depth));
    };
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if in_string {
            line.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                line.push(c);
            }
            '{' | '[' => {
                line.push(c);
                while characters.next_if(|next| next.is_whitespace()).is_some() {}
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    line.push(close);
                } else {
                    depth += 1;
                    flush(&mut line, &mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                flush(&mut line, &mut out, depth);
                line.push(c);
            }
            ',' => {
                line.push(c);
                flush(&mut line, &mut out, depth);
            }
            ':' => line.push_str(": "),
            c if c.is_whitespace() => {}
            c => line.push(c),
        }
    }
    if !line.trim().is_empty() {
        out.push(line);
    }
    out
}

/// The comma after a member says nothing about the member.
fn bare(line: &str) -> &str {
    line.strip_suffix(',').unwrap_or(line)
}

/// The name of the member that a line begins with, and its depth.
fn name(line: &str) -> Option<&str> {
    line.find("\": ").map(|end| &line[..end])
}

/// Lines in pairs: the longest common sequence stays together, and a member with another value is one pair.
fn align(left: &[String], right: &[String]) -> Vec<Pair> {
    let (n, m) = (left.len(), right.len());
    let same = |a: usize, b: usize| bare(&left[a]) == bare(&right[b]);
    // lengths[a][b]: how long the longest common sequence of left[a..] and right[b..] is.
    let width = m + 1;
    let is_small = n.saturating_mul(m) <= MOST_PAIRS;
    let mut lengths = vec![0_u32; if is_small { (n + 1) * width } else { 0 }];
    if is_small {
        for a in (0..n).rev() {
            for b in (0..m).rev() {
                lengths[a * width + b] = if same(a, b) {
                    lengths[(a + 1) * width + b + 1] + 1
                } else {
                    lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
                };
            }
        }
    }
    let (mut a, mut b) = (0, 0);
    let (mut removed, mut added, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    while a < n || b < m {
        if a < n && b < m && same(a, b) {
            settle(&mut removed, &mut added, &mut pairs);
            pairs.push((Kind::Same, Some(left[a].clone()), Some(right[b].clone())));
            (a, b) = (a + 1, b + 1);
        } else if a < n && (b == m || !is_small || lengths[(a + 1) * width + b] >= lengths[a * width + b + 1]) {
            removed.push(left[a].clone());
            a += 1;
            if !is_small && b < m {
                added.push(right[b].clone());
                b += 1;
            }
        } else {
            added.push(right[b].clone());
            b += 1;
        }
    }
    settle(&mut removed, &mut added, &mut pairs);
    pairs
}

/// Pairs the lines between two common ones: members of one name first.
fn settle(removed: &mut Vec<String>, added: &mut Vec<String>, pairs: &mut Vec<Pair>) {
    let mut waiting = std::mem::take(added).into_iter().map(Some).collect::<Vec<_>>();
    for line in removed.drain(..) {
        let member = name(&line);
        let partner = waiting
            .iter_mut()
            .find(|other| member.is_some() && other.as_deref().is_some_and(|other| name(other) == member))
            .and_then(Option::take);
        match partner {
            Some(other) => pairs.push((Kind::Differs, Some(line), Some(other))),
            None => pairs.push((Kind::OnlyLeft, Some(line), None)),
        }
    }
    pairs.extend(waiting.into_iter().flatten().map(|line| (Kind::OnlyRight, None, Some(line))));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str, expected: &[(Kind, &str)]) {
        let (left, right) = (Some(AttrValue::from(left.to_owned())), Some(AttrValue::from(right.to_owned())));
        let pairs = align(&lines(left.as_ref()), &lines(right.as_ref()));
        let different: Vec<(Kind, String)> = pairs
            .into_iter()
            .filter(|(kind, ..)| *kind != Kind::Same)
            .map(|(kind, left, right)| {
                (kind, right.or(left).unwrap_or_default().trim().trim_end_matches(',').to_owned())
            })
            .collect();
        let shown: Vec<(Kind, &str)> = different.iter().map(|(kind, line)| (*kind, line.as_str())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_field_with_another_value_is_one_pair() {
        check(r#"{"a":1,"b":[1,2]}"#, "{\n  \"a\": 2,\n  \"b\": [1, 2]\n}", &[(Kind::Differs, "\"a\": 2")]);
    }

    #[test]
    fn a_comma_is_no_difference() {
        check(r#"{"a":1}"#, r#"{"a":1,"b":{}}"#, &[(Kind::OnlyRight, "\"b\": {}")]);
    }

    #[test]
    fn nothing_against_a_state_is_all_on_one_side() {
        check(
            "null",
            r#"{"a":"x,{\"y\":1}"}"#,
            &[(Kind::OnlyRight, "{"), (Kind::OnlyRight, "\"a\": \"x,{\\\"y\\\":1}\""), (Kind::OnlyRight, "}")],
        );
    }

    #[test]
    fn digits_stay_as_they_are() {
        assert_eq!(pretty("[12345678901234567890.10]"), ["[", "  12345678901234567890.10", "]"]);
    }

    #[test]
    fn two_huge_states_are_compared_without_a_huge_table() {
        let side = |offset: usize| (0..5000).map(|n| format!("  \"{n}\": {},", n + offset)).collect::<Vec<_>>();
        assert_eq!(align(&side(0), &side(1)).len(), 5000);
    }
}
