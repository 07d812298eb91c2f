//! The words on the screen, from the Fluent files in `web/locales`. No other file of the page holds words.

mod numbers;

pub(crate) use numbers::{bytes, date_time, grouped, grouped_html};

use crate::state::{Language, use_preferences};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use unic_langid::LanguageIdentifier;
use yew::prelude::*;

const ENGLISH: &str = include_str!("../../locales/en/page.ftl");
const CHINESE: &str = include_str!("../../locales/zh-CN/page.ftl");

/// The words of one language. Cheap to clone; equal if it is the same language.
#[derive(Clone)]
pub(crate) struct Texts {
    /// Which language.
    pub language: Language,
    bundle: Rc<FluentBundle<FluentResource>>,
    /// Messages without variables: a view asks for many of them whenever it is drawn.
    plain: Rc<RefCell<HashMap<String, AttrValue>>>,
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

impl Texts {
    /// The words of `language`. A message that the file lacks shows its own name; a test keeps the files complete.
    pub(crate) fn new(language: Language) -> Self {
        let id: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![id]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) if number.value.fract() == 0.0 => Some(grouped(number.value as u64)),
            _ => None,
        }));
        let file = match language {
            Language::English => ENGLISH,
            Language::Chinese => CHINESE,
        };
        // A file with a mistake still gives its other messages.
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { language, bundle: Rc::new(bundle), plain: Rc::default() }
    }

    /// The message `id`.
    pub(crate) fn t(&self, id: &str) -> AttrValue {
        if let Some(known) = self.plain.borrow().get(id) {
            return known.clone();
        }
        let text = AttrValue::Rc(self.with(id, &[]).as_str().into());
        self.plain.borrow_mut().insert(id.to_owned(), text.clone());
        text
    }

    /// The message `id` with its variables.
    pub(crate) fn with(&self, id: &str, variables: &[(&str, FluentValue<'_>)]) -> AttrValue {
        self.find(id, variables).unwrap_or_else(|| id.to_owned()).into()
    }

    /// The message `id` if the locale knows it, else `otherwise`: for codes that come from the engine.
    pub(crate) fn or(&self, id: &str, otherwise: &str) -> AttrValue {
        self.find(id, &[]).unwrap_or_else(|| otherwise.to_owned()).into()
    }

    /// The same with variables.
    pub(crate) fn with_or(&self, id: &str, variables: &[(&str, FluentValue<'_>)], otherwise: &str) -> AttrValue {
        self.find(id, variables).unwrap_or_else(|| otherwise.to_owned()).into()
    }

    /// A duration for people, in the largest unit that leaves it above one: `1.5 min`.
    pub(crate) fn duration(&self, ms: f64) -> AttrValue {
        let (unit, value) = numbers::in_unit_of_time(ms);
        self.with(&format!("duration-{unit}"), &[("n", value.into())])
    }

    /// The same without a fraction of nothing: `1 h` rather than `1.0 h`.
    pub(crate) fn plain_duration(&self, ms: f64) -> AttrValue {
        let (unit, value) = numbers::in_unit_of_time(ms);
        let value = value.strip_suffix(".0").map_or(value.clone(), str::to_owned);
        self.with(&format!("duration-{unit}"), &[("n", value.into())])
    }

    fn find(&self, id: &str, variables: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut arguments = FluentArgs::new();
        for (name, value) in variables {
            arguments.set((*name).to_owned(), value.clone());
        }
        let mut problems = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&arguments), &mut problems).into_owned())
    }
}

/// The words in the language that the person chose.
#[hook]
pub(crate) fn use_texts() -> Texts {
    use_context().expect("the words are provided at the root")
}

/// What [`Words`] wraps.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct WordsProps {
    /// What speaks.
    pub children: Html,
}

/// Provides the words in the preferred language.
#[component]
pub(crate) fn Words(props: &WordsProps) -> Html {
    let language = use_preferences().language;
    let texts = use_memo(language, |language| Texts::new(*language));
    html! { <ContextProvider<Texts> context={(*texts).clone()}>{ props.children.clone() }</ContextProvider<Texts>> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn ids(file: &str) -> BTreeSet<String> {
        let is_id = |line: &&str| line.starts_with(|first: char| first.is_ascii_alphabetic());
        let name = |line: &str| line.split(" =").next().unwrap_or_default().to_owned();
        file.lines().filter(is_id).map(name).collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        assert_eq!(ids(ENGLISH), ids(CHINESE));
    }

    #[test]
    fn both_files_are_free_of_mistakes() {
        for file in [ENGLISH, CHINESE] {
            let problems = FluentResource::try_new(file.to_owned()).err().map(|(_, problems)| problems);
            assert_eq!(problems, None);
        }
    }

    #[test]
    fn every_message_that_the_page_asks_for_exists() {
        let mut missing = Vec::new();
        let english = ids(ENGLISH);
        for (file, text) in sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
            for call in ["texts.t(\"", "texts.with(\""] {
                for rest in text.split(call).skip(1) {
                    let id = rest.split('"').next().unwrap_or_default();
                    if !english.contains(id) {
                        missing.push(format!("{file}: {id}"));
                    }
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    /// The codes that a file of the layers below names, by what stands before them.
    fn codes(file: &str, before: &str) -> Vec<String> {
        let path = format!("{}/../crates/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the sources are there");
        let list = text.split("fn code(").nth(1).expect("it has codes").split("\n    }\n").next().unwrap_or_default();
        list.split("=> \"")
            .skip(1)
            .map(|rest| format!("{before}-{}", rest.split('"').next().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn every_code_of_a_reader_and_of_a_projection_has_words() {
        let lists = [
            ("replay-formats/src/error.rs", "cause"),
            ("replay-formats/src/error.rs", "problem"),
            ("replay-formats/src/detect/evidence.rs", "evidence"),
            ("replay-core/src/projection.rs", "noticed"),
            ("replay-jq/src/compile.rs", "mistake"),
        ];
        let english = ids(ENGLISH);
        for (file, before) in lists {
            let codes = codes(file, before);
            assert!(codes.len() > 2, "{file} has codes");
            let missing: Vec<_> = codes.into_iter().filter(|code| !english.contains(code)).collect();
            assert_eq!(missing, Vec::<String>::new(), "{file}");
        }
    }

    #[test]
    fn every_name_of_a_format_has_words_in_both_languages() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/replay-formats/src/format.rs");
        let text = std::fs::read_to_string(path).expect("the sources are there");
        let lists = ["Transport", "Shape"].map(|list| {
            let list = text.split(&format!("\n    {list} {{\n")).nth(1).expect("it has names");
            let list = list.split("\n    }\n").next().unwrap_or_default();
            list.split(" = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>()
        });
        assert!(lists.iter().all(|names| names.len() > 10), "{lists:?}");
        for file in [ENGLISH, CHINESE] {
            let known = ids(file);
            // Of a shape that is plain, only the transport is named.
            let named = lists.iter().flatten().filter(|name| **name != "plain");
            let missing: Vec<_> = named.filter(|name| !known.contains(&format!("format-{name}"))).collect();
            assert_eq!(missing, Vec::<&&str>::new());
        }
    }

    #[test]
    fn every_fault_of_a_running_program_has_words() {
        let codes = codes("replay-jq/src/fault.rs", "");
        assert!(codes.len() > 30, "there are codes");
        for file in [ENGLISH, CHINESE] {
            let message = file.split("\nnoticed-program-failed = ").nth(1).unwrap_or_default();
            let message = message.split("\njq-value").next().unwrap_or_default();
            let has = |code: &String| message.contains(&format!("[{}]", code.trim_start_matches('-')));
            assert_eq!(codes.iter().filter(|code| !has(code)).collect::<Vec<_>>(), Vec::<&String>::new());
        }
    }

    #[test]
    fn every_mistake_of_a_scenario_has_words() {
        let english = ids(ENGLISH);
        for file in ["replay-protocol/src/scenario.rs", "replay-engine/src/scenario.rs"] {
            let path = format!("{}/../crates/{file}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).expect("the sources are there");
            let code = |rest: &str| rest.split(['"', ' ']).next().map(|code| format!("mistake-scenario-{code}"));
            let codes: BTreeSet<String> = text.split("\"scenario-").skip(1).filter_map(code).collect();
            assert!(codes.len() > 5, "{file} has codes");
            assert_eq!(codes.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new(), "{file}");
        }
    }

    fn sources(folder: &std::path::Path) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(folder).expect("the sources are there").flatten();
        let mut found = Vec::new();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() {
                found.extend(sources(&path));
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                found.push((path.display().to_string(), text));
            }
        }
        found
    }

    #[test]
    fn durations_come_in_a_unit_that_can_be_read() {
        let check = |language, ms, expected: [&str; 2]| {
            let texts = Texts::new(language);
            assert_eq!([texts.duration(ms), texts.plain_duration(ms)], expected.map(AttrValue::from));
        };
        check(Language::English, 250.0, ["250 ms", "250 ms"]);
        check(Language::English, 90_000.0, ["1.5 min", "1.5 min"]);
        check(Language::English, 604_800_000.0, ["7.0 d", "7 d"]);
        check(Language::Chinese, 900_000.0, ["15.0 分钟", "15 分钟"]);
        check(Language::Chinese, 17_640_000.0, ["4.9 小时", "4.9 小时"]);
    }

    #[test]
    fn plurals_and_groups_of_digits() {
        let texts = Texts::new(Language::English);
        assert_eq!(texts.with("n-records", &[("n", 1.into())]), "1 record");
        assert_eq!(texts.with("n-records", &[("n", 1204.into())]), "1\u{202f}204 records");
    }
}
