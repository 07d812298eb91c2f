//! What a text reads like that fits no format, so that whoever opened the wrong thing is told.

use crate::format::Transport;
use crate::read::program_log::has_level;
use replay_log::scan;

/// Values that are looked at.
pub(super) const LOOKED_AT: usize = 40;
/// Members of well-known files that are one object and no event.
const OF_SETTINGS: [&str; 12] = [
    "dependencies",
    "devDependencies",
    "scripts",
    "compilerOptions",
    "$schema",
    "openapi",
    "swagger",
    "nbformat",
    "lockfileVersion",
    "extends",
    "apiVersion",
    "manifest_version",
];
/// Tools with which logs are exported.
const TOOLS: [&str; 12] = [
    "kcat",
    "kafkacat",
    "kafka-console-consumer",
    "kafka-console-consumer.sh",
    "rpk",
    "confluent",
    "curl",
    "docker",
    "kubectl",
    "replayground",
    "sudo",
    "cat",
];
const OF_CODE: [&str; 10] =
    ["import ", "fn ", "def ", "class ", "function ", "#include", "package ", "SELECT ", "INSERT ", "CREATE "];

/// What values are like that were read because nothing fits better. `members` are those of the only object, if there is just one.
/// Gives a name of it; `None` where the values may well be events.
pub(super) fn likeness(transport: Transport, values: &[Vec<u8>], members: Option<&[&[u8]]>) -> Option<&'static str> {
    if let Some(members) = members {
        return match members {
            [] => Some("empty-object"),
            members => members
                .iter()
                .any(|name| OF_SETTINGS.iter().any(|known| known.as_bytes() == *name))
                .then_some("settings"),
        };
    }
    match transport {
        // What Kafka Connect's file sink prints of structures.
        Transport::Lines if values.iter().all(|line| line.starts_with(b"Struct{") || line == b"null") => None,
        Transport::Lines if !values.is_empty() => Some(text_like(values)),
        Transport::Bare if !values.is_empty() && !values.iter().any(|value| is_structure(value)) => Some("scalars"),
        _ => None,
    }
}

fn is_structure(value: &[u8]) -> bool {
    matches!(value.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn text_like(values: &[Vec<u8>]) -> &'static str {
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\r' | 0x1b);
    let strange = |line: &&Vec<u8>| {
        std::str::from_utf8(line).is_err() || line.iter().filter(is_control).count() * 20 > line.len()
    };
    if values.iter().filter(strange).count() * 2 > values.len() {
        return "binary";
    }
    let lines: Vec<String> = values.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let Some(first) = lines.first() else { return "text" };
    let most = |test: &dyn Fn(&str) -> bool| lines.iter().filter(|line| test(line)).count() * 2 >= lines.len();
    if first.starts_with('<') {
        return "markup";
    }
    if lines.iter().any(|line| is_of_stack_trace(line)) {
        return "stack-trace";
    }
    if is_command(first) {
        return "command";
    }
    if lines.len() == 1
        && !first.contains(char::is_whitespace)
        && first.split_once("://").is_some_and(|(scheme, _)| {
            matches!(scheme, "http" | "https" | "file" | "s3" | "kafka+http" | "kafka+https")
        })
    {
        return "address";
    }
    if most(&has_level) {
        return "program-log";
    }
    if most(&|line| line.ends_with([';', '{', '}']) || OF_CODE.iter().any(|word| line.starts_with(word))) {
        return "code";
    }
    if lines.len() > 1 && most(&is_setting) {
        return "settings";
    }
    let is_digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_');
    if first.len() >= 16 && lines.iter().all(|line| line.chars().all(is_digit)) {
        return "encoded";
    }
    // An event that was copied with something around it is worth another word than prose.
    let has_object = |line: &&str| line.find('{').is_some_and(|at| scan::value_end(line.as_bytes(), at).is_ok());
    if lines.iter().any(has_object) {
        return "text-with-json";
    }
    "text"
}

fn is_of_stack_trace(line: &str) -> bool {
    (line.starts_with("at ") && line.contains('(') && line.contains(')'))
        || ["Traceback (most recent call last)", "Exception in thread ", "Caused by: ", "goroutine "]
            .iter()
            .any(|start| line.starts_with(start))
        || (line.starts_with("thread '") && line.contains("panicked at"))
}

/// A tool's call, perhaps behind the prompt of a shell.
fn is_command(line: &str) -> bool {
    let prompt = line.split_once(['$', '#', '%', '>']).filter(|(before, after)| {
        after.starts_with(' ') && !before.contains(' ') && (before.is_empty() || before.contains('@'))
    });
    // Markdown marks titles and quotations so.
    let is_titled = line.starts_with("# ") || line.starts_with("> ");
    let call = prompt.map_or(line, |(_, call)| call.trim_start());
    let tool = call.split_whitespace().next().unwrap_or_default();
    TOOLS.contains(&tool.rsplit('/').next().unwrap_or_default()) && call.len() > tool.len()
        || (prompt.is_some() && !is_titled)
}

/// `name: value`, `name = value`.
fn is_setting(line: &str) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '"' | '$');
    line.split_once([':', '=']).is_some_and(|(name, value)| {
        let name = name.trim().trim_start_matches("- ");
        !name.is_empty()
            && name.chars().all(of_name)
            && (value.is_empty() || value.starts_with(' ') || line.contains('='))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let values: Vec<Vec<u8>> =
            text.lines().filter(|line| !line.is_empty()).map(|line| line.as_bytes().to_vec()).collect();
        assert_eq!(likeness(Transport::Lines, &values, None), Some(expected), "{text}");
    }

    #[test]
    fn a_text_that_is_no_log_is_called_by_what_it_reads_like() {
        check("Every change is an event.\nTo rebuild the state: replay them.", "text");
        check("每个变化都是一个事件。\n重放即可重建状态。", "text");
        check("boom\n\tat com.example.Main.run(Main.java:14)\n\tat com.example.Main.main(Main.java:7)", "stack-trace");
        check("Traceback (most recent call last):\n  File \"x.py\", line 3", "stack-trace");
        check("thread 'main' panicked at src/main.rs:3:5:\nindex out of bounds", "stack-trace");
        check("$ kcat -b localhost:9092 -t orders -C -J -e", "command");
        check("user@host:~$ ls -la", "command");
        check("kcat -b localhost:9092 -t orders", "command");
        check("# A title\nwith words below it", "text");
        check("<div class=\"a\"><p>hi</p></div>", "markup");
        check("2026-01-01 10:00:00 INFO starting\n2026-01-01 10:00:01 WARN slow", "program-log");
        check("name: ci\non: push\njobs:\n  build:\n    runs-on: ubuntu", "settings");
        check("fn main() {\n    println!(\"hi\");\n}", "code");
        check("SELECT * FROM orders WHERE id = 3;", "code");
        check("https://example.org/export.ndjson", "address");
        check("iVBORw0KGgoAAAANSUhEUgAAAAUA", "encoded");
        check("received {\"id\":1} from the queue", "text-with-json");
        check("\u{1}\u{2}\u{3}abc\u{4}\u{5}", "binary");
    }

    #[test]
    fn values_that_may_be_events_are_called_nothing() {
        let values = |text: &str| vec![text.as_bytes().to_vec()];
        assert_eq!(likeness(Transport::Bare, &values("42"), None), Some("scalars"));
        assert_eq!(likeness(Transport::Bare, &values("{\"a\":1}"), None), None);
        assert_eq!(likeness(Transport::Bare, &[], Some(&[])), Some("empty-object"));
        assert_eq!(likeness(Transport::Bare, &[], Some(&[b"name", b"scripts"])), Some("settings"));
        assert_eq!(likeness(Transport::Bare, &[], Some(&[b"id", b"status"])), None);
        assert_eq!(likeness(Transport::KcatJson, &values("42"), None), None);
        assert_eq!(likeness(Transport::Lines, &values("Struct{a=1,b=x}"), None), None);
    }
}
