//! The format that a command line of kcat prints by.

use super::BadKcatFormat;

/// What a command line says of what is printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) format: String,
    pub(super) prints_null: bool,
    pub(super) topic: Option<String>,
    pub(super) partition: Option<u32>,
}

/// kcat's options that take an argument.
const WITH_ARGUMENT: &str = "GMtpbzoDKkHdFXcfsrm";

/// Reads a command line, or takes the text for a format string if it is none.
pub(super) fn read(text: &str) -> Result<Command, BadKcatFormat> {
    if !is_command(text) {
        let format = without_quotes(text);
        return Ok(Command { format: format.to_owned(), ..Command::default() });
    }
    let commands = commands(text)?;
    let named = commands.iter().find_map(|words| {
        // A container may have the program's name: the last one is the program.
        let program = words.iter().rposition(|word| is_kcat(word))?;
        Some(&words[program + 1..])
    });
    options(named.or(commands.first().map(Vec::as_slice)).unwrap_or_default())
}

/// Whether it names the program, or begins with options.
fn is_command(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    words.clone().any(is_kcat)
        || words.next().is_some_and(|first| first.starts_with('-') && first.len() > 1 && text.contains("-f"))
}

/// `kcat`, `/usr/bin/kafkacat`, `edenhill/kcat:1.7.1`, `confluentinc/cp-kcat`.
fn is_kcat(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_prefix("cp-").unwrap_or(name);
    matches!(name.split([':', '.']).next(), Some("kcat" | "kafkacat"))
}

/// The quotes around a format string that was copied with them.
fn without_quotes(text: &str) -> &str {
    let inner = ['\'', '"'].into_iter().find_map(|quote| {
        let inner = text.trim().strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some(inner)
    });
    inner.unwrap_or(text)
}

fn options(words: &[String]) -> Result<Command, BadKcatFormat> {
    let (mut format, mut key_delimiter, mut delimiter) = (None, None, r"\n".to_owned());
    let mut command = Command::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(cluster) = word.strip_prefix('-').filter(|_| word != "-") else { continue };
        if cluster == "-" {
            break;
        }
        for (at, option) in cluster.char_indices() {
            if !WITH_ARGUMENT.contains(option) {
                match option {
                    'J' => return Err(BadKcatFormat::Json),
                    'Z' => command.prints_null = true,
                    _ => {}
                }
                continue;
            }
            let rest = &cluster[at + option.len_utf8()..];
            let argument = if rest.is_empty() { words.next().cloned().unwrap_or_default() } else { rest.to_owned() };
            match option {
                'f' => format = Some(argument),
                'K' => key_delimiter = Some(of_delimiter(&argument)),
                'D' => delimiter = of_delimiter(&argument),
                't' => command.topic = Some(argument),
                'p' => command.partition = argument.parse().ok(),
                _ => {}
            }
            break;
        }
    }
    // What kcat prints if nothing is said.
    let key = key_delimiter.map_or_else(String::new, |delimiter| format!("%k{delimiter}"));
    command.format = format.unwrap_or_else(|| format!("{key}%s{delimiter}"));
    Ok(command)
}

/// A delimiter as a format string says it. Delimiters know hexadecimal numbers that begin with a letter, format strings do not.
fn of_delimiter(text: &str) -> String {
    let mut parts = text.split("\\x");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let length = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        let last = &part[length.saturating_sub(2)..length];
        match u8::from_str_radix(last, 16) {
            // What follows is no octal digit.
            Ok(byte) => told.extend([format!("\\0{byte:o}").as_str(), &part[length..]]),
            Err(_) => told.extend(["\\x", part]),
        }
    }
    told
}

/// The words of each command of a line, as a shell takes them.
fn commands(text: &str) -> Result<Vec<Vec<String>>, BadKcatFormat> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut rest = text.chars().peekable();
    let end = |word: &mut Option<String>, commands: &mut Vec<Vec<String>>| {
        if let (Some(word), Some(last)) = (word.take(), commands.last_mut()) {
            last.push(word);
        }
    };
    while let Some(next) = rest.next() {
        match next {
            ' ' | '\t' | '\r' => end(&mut word, &mut commands),
            // What follows a redirection is no word of the command either.
            '\n' | '|' | ';' | '&' | '>' | '<' => {
                end(&mut word, &mut commands);
                commands.push(Vec::new());
            }
            '\\' => match rest.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    rest.next_if_eq(&'\n');
                }
                Some(other) => word.get_or_insert_default().push(other),
            },
            '\'' => quoted(&mut rest, '\'', Some(""), word.get_or_insert_default())?,
            '"' => quoted(&mut rest, '"', Some("\"\\$`\n"), word.get_or_insert_default())?,
            '$' if rest.next_if_eq(&'\'').is_some() => quoted(&mut rest, '\'', None, word.get_or_insert_default())?,
            other => word.get_or_insert_default().push(other),
        }
    }
    end(&mut word, &mut commands);
    Ok(commands)
}

/// Reads up to the quote. A backslash stands for itself but before one of `escaped`; before any character, and with C's meaning, if that
/// is `None`.
fn quoted(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    quote: char,
    escaped: Option<&str>,
    word: &mut String,
) -> Result<(), BadKcatFormat> {
    loop {
        let next = rest.next().ok_or(BadKcatFormat::Quote)?;
        if next == quote {
            return Ok(());
        }
        if next != '\\' || escaped == Some("") {
            word.push(next);
            continue;
        }
        let next = rest.next().ok_or(BadKcatFormat::Quote)?;
        match (escaped, next) {
            (Some(escaped), next) if !escaped.contains(next) => word.extend(['\\', next]),
            (Some(_), '\n') => {}
            // Given to kcat as the character itself, which a backslash before it does not change.
            (None, 'n') => word.push('\n'),
            (None, 't') => word.push('\t'),
            (None, 'r') => word.push('\r'),
            // A number means the same to kcat, but for one of octal digits alone, which begins with a zero there.
            (None, '1'..='7') => word.extend(['\\', '0', next]),
            (None, 'x' | '0') => word.extend(['\\', next]),
            (_, next) => word.push(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, format: &str, rest: (bool, Option<&str>, Option<u32>)) {
        let read = read(text).unwrap();
        assert_eq!(
            (read.format.as_str(), (read.prints_null, read.topic.as_deref(), read.partition)),
            (format, rest),
            "{text}"
        );
    }

    #[test]
    fn the_format_of_a_command_line_is_its_f_or_what_its_delimiters_say() {
        check(r"kcat -C -t orders -f '%t|%s\n'", r"%t|%s\n", (false, Some("orders"), None));
        check(
            "kafkacat -b h:9092 -CeqZt a.b -p3 -f\"%k \\\"%s\\\"\\n\" > out.txt",
            "%k \"%s\"\\n",
            (true, Some("a.b"), Some(3)),
        );
        check("kcat -C -t o -K: -D ';'", "%k:%s;", (false, Some("o"), None));
        check(r"kcat -C -t o -K \\t", r"%k\t%s\n", (false, Some("o"), None));
        check("kcat -b localhost:9092 -t o", r"%s\n", (false, Some("o"), None));
        check(
            "docker run --rm edenhill/kcat:1.7.1 -b k:9092 \\\n  -t o \\\n  -f $'%k\\t%s\\n' | gzip",
            "%k\t%s\n",
            (false, Some("o"), None),
        );
        check("docker exec -i kcat kcat -C -t o -f '%s\\n' -c 10", r"%s\n", (false, Some("o"), None));
        check("cat x | grep y; /usr/bin/kcat -C -f '%k\\n' && echo", r"%k\n", (false, None, None));
        check(r"-C -t o -f '%s\n'", r"%s\n", (false, Some("o"), None));
    }

    #[test]
    fn anything_else_is_a_format_string() {
        check(r"%k|%s\n", r"%k|%s\n", (false, None, None));
        check(r"'%k|%s\n'", r"%k|%s\n", (false, None, None));
        check("\"%k\",\"%s\"", "\"%k\",\"%s\"", (false, None, None));
        check(r"it's %s\n", r"it's %s\n", (false, None, None));
        check(r"- %s\n", r"- %s\n", (false, None, None));
    }
}
