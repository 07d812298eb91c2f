//! `.proto` text. Source: protobuf.dev, "Protocol Buffers Language Specification" of proto2, proto3 and edition 2023.

use crate::file::{Enum, Extension, Field, File, MapEntry, Message, Scalar, Type};

/// Messages nest deeper only to do harm.
const MAX_DEPTH: usize = 64;

/// Reads a file's text.
///
/// # Errors
/// What is wrong, and where: `line 3, column 12: "=" was expected, not 1`.
pub fn parse(name: &str, text: &str) -> Result<File, String> {
    let mut parser = Parser { text, at: 0, token: Token::End, start: 0 };
    let file = parser.advance().and_then(|()| parser.file(name));
    file.map_err(|what| {
        let before = text.get(..parser.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().len() + 1;
        format!("line {line}, column {column}: {what}")
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    /// A name, a keyword, or names with points between them.
    Word(&'a str),
    Number(u64),
    /// A number with a point or an exponent, which only options have.
    Decimal,
    Text(String),
    Sign(char),
    End,
}

/// Words that stand between two braces or behind a name.
type Read<T> = Result<T, String>;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    token: Token<'a>,
    /// Where the token begins.
    start: usize,
}

/// What is inherited from outside: whether scalars know that they were set, if nothing else is said.
#[derive(Debug, Clone, Copy)]
struct Rules {
    is_explicit: bool,
    /// `optional` says so, as it does from edition to edition.
    is_proto3: bool,
}

impl<'a> Parser<'a> {
    /// Takes the next token.
    fn advance(&mut self) -> Read<()> {
        let bytes = self.text.as_bytes();
        loop {
            while bytes.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == 0x0b) {
                self.at += 1;
            }
            let rest = self.text.get(self.at..).unwrap_or_default();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.start = self.at;
                self.at += rest.find("*/").ok_or("a comment does not end")? + 2;
            } else if self.at == 0 && rest.starts_with('\u{feff}') {
                self.at += '\u{feff}'.len_utf8();
            } else {
                break;
            }
        }
        self.start = self.at;
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            self.token = Token::End;
            return Ok(());
        };
        let is_in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let second = rest.as_bytes().get(1).copied().unwrap_or_default();
        self.token = if first.is_ascii_digit() || first == '.' && second.is_ascii_digit() {
            let mut end = rest.find(|c| !is_in_name(c)).unwrap_or(rest.len());
            if !rest.starts_with("0x") && rest[..end].ends_with(['e', 'E']) && rest[end..].starts_with(['+', '-']) {
                end += 1 + rest[end + 1..].find(|c| !is_in_name(c)).unwrap_or(rest.len() - end - 1);
            }
            self.at += end;
            number(&rest[..end])
        } else if is_in_name(first) {
            let end = rest.find(|c| !is_in_name(c)).unwrap_or(rest.len());
            self.at += end;
            Token::Word(&rest[..end])
        } else if first == '"' || first == '\'' {
            Token::Text(self.string(first)?)
        } else {
            self.at += first.len_utf8();
            Token::Sign(first)
        };
        Ok(())
    }

    /// A text in quotes. What is escaped stays so: such texts are names of files and values of options.
    fn string(&mut self, quote: char) -> Read<String> {
        let rest = &self.text[self.at + 1..];
        let mut is_escaped = false;
        for (at, c) in rest.char_indices() {
            if c == '\n' {
                break;
            }
            if c == quote && !is_escaped {
                self.at += 1 + at + 1;
                return Ok(rest[..at].to_owned());
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        Err("a text in quotes does not end".to_owned())
    }

    fn found(&self) -> String {
        match &self.token {
            Token::Word(word) => format!("{word:?}"),
            Token::Number(number) => number.to_string(),
            Token::Decimal => "a number".to_owned(),
            Token::Text(text) => format!("{text:?}"),
            Token::Sign(sign) => format!("{:?}", sign.to_string()),
            Token::End => "the end".to_owned(),
        }
    }

    fn expected<T>(&self, what: &str) -> Read<T> {
        Err(format!("{what} was expected, not {}", self.found()))
    }

    fn is(&self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }

    fn is_word(&self, word: &str) -> bool {
        self.token == Token::Word(word)
    }

    /// Takes the sign if it is there.
    fn takes(&mut self, sign: char) -> Read<bool> {
        let is = self.is(sign);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    fn expect(&mut self, sign: char) -> Read<()> {
        if self.takes(sign)? { Ok(()) } else { self.expected(&format!("{:?}", sign.to_string())) }
    }

    fn word(&mut self, what: &str) -> Read<&'a str> {
        let Token::Word(word) = self.token else { return self.expected(what) };
        self.advance()?;
        Ok(word)
    }

    /// A name without points.
    fn name(&mut self) -> Read<String> {
        match self.token {
            Token::Word(word) if !word.contains('.') => {
                self.advance()?;
                Ok(word.to_owned())
            }
            _ => self.expected("a name"),
        }
    }

    /// Texts that follow each other are one.
    fn quoted(&mut self) -> Read<String> {
        let mut all = None::<String>;
        while let Token::Text(text) = &self.token {
            let text = text.clone();
            all.get_or_insert_default().push_str(&text);
            self.advance()?;
        }
        all.map_or_else(|| self.expected("a text in quotes"), Ok)
    }

    /// Passes over what ends with this sign, with all braces in between.
    fn skip_to(&mut self, sign: char) -> Read<()> {
        let mut depth = 0_usize;
        loop {
            match self.token {
                Token::End => return self.expected(&format!("{:?}", sign.to_string())),
                Token::Sign(found) if depth == 0 && found == sign => return self.advance(),
                Token::Sign('{' | '[' | '(') => depth += 1,
                Token::Sign('}' | ']' | ')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.advance()?;
        }
    }

    /// Passes over options up to this sign; gives what they say of the presence of fields, and whether a message is a map's entry.
    fn options(&mut self, end: char) -> Read<(Option<bool>, bool)> {
        let (mut presence, mut is_entry, mut depth) = (None, false, 0_usize);
        loop {
            match self.token {
                Token::End => return self.expected(&format!("{:?}", end.to_string())),
                Token::Sign(found) if depth == 0 && found == end => {
                    self.advance()?;
                    return Ok((presence, is_entry));
                }
                Token::Sign('{' | '[' | '(') => depth += 1,
                Token::Sign('}' | ']' | ')') => depth = depth.saturating_sub(1),
                Token::Word(word @ ("features.field_presence" | "field_presence" | "map_entry")) => {
                    self.advance()?;
                    if matches!(self.token, Token::Sign('=' | ':')) {
                        self.advance()?;
                    }
                    match (word, &self.token) {
                        ("map_entry", Token::Word(value)) => is_entry = *value == "true",
                        (_, Token::Word(value)) => presence = Some(*value != "IMPLICIT"),
                        _ => {}
                    }
                    continue;
                }
                _ => {}
            }
            self.advance()?;
        }
    }

    fn file(&mut self, name: &str) -> Read<File> {
        let mut file = File { name: name.to_owned(), ..File::default() };
        let mut rules = Rules { is_explicit: true, is_proto3: false };
        loop {
            if self.takes(';')? {
                continue;
            }
            let word = match self.token {
                Token::End => return Ok(file),
                Token::Word(word) => word,
                _ => return self.expected("a message, an enum or another declaration"),
            };
            self.advance()?;
            match word {
                "syntax" | "edition" => {
                    self.expect('=')?;
                    let version = self.quoted()?;
                    rules = Rules { is_explicit: version != "proto3", is_proto3: version == "proto3" };
                    self.expect(';')?;
                }
                "package" => {
                    self.word("the name of a package")?.clone_into(&mut file.package);
                    self.expect(';')?;
                }
                "import" => {
                    if matches!(self.token, Token::Word("public" | "weak" | "option")) {
                        self.advance()?;
                    }
                    let import = self.quoted()?;
                    file.imports.push(import);
                    self.expect(';')?;
                }
                "option" => {
                    if let (Some(told), _) = self.options(';')? {
                        rules.is_explicit = told;
                    }
                }
                // Who may see a type, in edition 2024.
                "export" | "local" => {}
                "message" => file.messages.push(self.message(rules, 0)?),
                "enum" => file.enums.push(self.enumeration()?),
                "extend" => {
                    let mut around = Message::default();
                    self.extend(&mut around, rules, 0)?;
                    file.extensions.append(&mut around.extensions);
                    file.messages.append(&mut around.messages);
                }
                "service" => {
                    self.name()?;
                    self.expect('{')?;
                    self.skip_to('}')?;
                }
                _ => {
                    self.at = self.start;
                    return Err(format!("{word:?} is no declaration"));
                }
            }
        }
    }

    /// A message whose keyword was taken.
    fn message(&mut self, rules: Rules, depth: usize) -> Read<Message> {
        let name = self.name()?;
        self.body(name, rules, depth)
    }

    fn body(&mut self, name: String, mut rules: Rules, depth: usize) -> Read<Message> {
        if depth > MAX_DEPTH {
            return Err("messages are nested too deeply".to_owned());
        }
        let mut message = Message { name, ..Message::default() };
        let mut oneofs = 0;
        self.expect('{')?;
        while !self.takes('}')? {
            if self.takes(';')? {
                continue;
            }
            let Token::Word(word) = self.token else { return self.expected("a field") };
            let is_declaration = matches!(
                word,
                "option" | "oneof" | "reserved" | "extensions" | "message" | "enum" | "extend" | "export" | "local"
            );
            if !is_declaration {
                self.field(&mut message, rules, None, depth)?;
                continue;
            }
            self.advance()?;
            match word {
                "option" => {
                    let (presence, is_entry) = self.options(';')?;
                    rules.is_explicit = presence.unwrap_or(rules.is_explicit);
                    if is_entry {
                        message.map = MapEntry::Declared;
                    }
                }
                "oneof" => {
                    self.name()?;
                    self.expect('{')?;
                    while !self.takes('}')? {
                        if self.takes(';')? {
                            continue;
                        }
                        if self.is_word("option") {
                            self.skip_to(';')?;
                            continue;
                        }
                        self.field(&mut message, rules, Some(oneofs), depth)?;
                    }
                    oneofs += 1;
                }
                "message" => {
                    let nested = self.message(rules, depth + 1)?;
                    message.messages.push(nested);
                }
                "enum" => message.enums.push(self.enumeration()?),
                "extend" => self.extend(&mut message, rules, depth)?,
                "reserved" | "extensions" => self.skip_to(';')?,
                _ => {}
            }
        }
        Ok(message)
    }

    /// A field of `message`, or of its `oneof` of this number.
    fn field(&mut self, message: &mut Message, rules: Rules, oneof: Option<u32>, depth: usize) -> Read<()> {
        let (mut is_repeated, mut is_labelled) = (false, false);
        if let Token::Word(label @ ("optional" | "required" | "repeated")) = self.token {
            is_repeated = label == "repeated";
            is_labelled = true;
            self.advance()?;
        }
        let mut is_explicit = rules.is_explicit || is_labelled && !is_repeated && rules.is_proto3;
        let mut kind = self.word("a field's type")?;
        let mut entry = None;
        if kind == "map" && self.is('<') {
            self.advance()?;
            let key = self.word("a key's type")?;
            self.expect(',')?;
            let value = self.word("a value's type")?;
            self.expect('>')?;
            let field = |name: &str, number, type_of| Field {
                name: name.to_owned(),
                number,
                type_of,
                is_repeated: false,
                is_explicit: false,
                oneof: None,
            };
            is_repeated = true;
            entry = Some(vec![field("key", 1, type_of(key)), field("value", 2, type_of(value))]);
        }
        let is_group = kind == "group" && entry.is_none();
        let name = self.name()?;
        self.expect('=')?;
        let Token::Number(number) = self.token else { return self.expected("a field's number") };
        let Some(number) = u32::try_from(number).ok().filter(|number| (1..1 << 29).contains(number)) else {
            return Err(format!("no field has the number {number}"));
        };
        self.advance()?;
        if self.takes('[')? {
            let (presence, _) = self.options(']')?;
            is_explicit = presence.unwrap_or(is_explicit);
        }
        let mut type_of = type_of(kind);
        let mut field_name = name.clone();
        if let Some(fields) = entry {
            let entry = Message { name: entry_name(&name), fields, map: MapEntry::Implied, ..Message::default() };
            type_of = Type::Named(entry.name.clone());
            message.messages.push(entry);
        }
        if is_group {
            kind = "";
            type_of = Type::Named(name.clone());
            field_name = name.to_ascii_lowercase();
            let inner = self.body(name, rules, depth + 1)?;
            message.messages.push(inner);
        }
        message.fields.push(Field { name: field_name, number, type_of, is_repeated, is_explicit, oneof });
        if kind.is_empty() { Ok(()) } else { self.expect(';') }
    }

    /// Fields for another message, whose keyword was taken.
    fn extend(&mut self, message: &mut Message, rules: Rules, depth: usize) -> Read<()> {
        let of = self.word("the name of a message")?;
        self.expect('{')?;
        let mut around = Message::default();
        while !self.takes('}')? {
            if !self.takes(';')? {
                self.field(&mut around, rules, None, depth)?;
            }
        }
        message.messages.append(&mut around.messages);
        message.extensions.extend(around.fields.into_iter().map(|field| Extension { of: of.to_owned(), field }));
        Ok(())
    }

    /// An enum whose keyword was taken.
    fn enumeration(&mut self) -> Read<Enum> {
        let mut found = Enum { name: self.name()?, values: Vec::new() };
        self.expect('{')?;
        while !self.takes('}')? {
            if self.takes(';')? {
                continue;
            }
            let word = self.name()?;
            if matches!(word.as_str(), "option" | "reserved") && !self.is('=') {
                self.skip_to(';')?;
                continue;
            }
            self.expect('=')?;
            let is_negative = self.takes('-')?;
            let Token::Number(number) = self.token else { return self.expected("a number") };
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            let Ok(number) = i32::try_from(if is_negative { -number } else { number }) else {
                return Err(format!("no value of an enum is {number}"));
            };
            self.advance()?;
            if self.takes('[')? {
                self.skip_to(']')?;
            }
            self.expect(';')?;
            found.values.push((word, number));
        }
        Ok(found)
    }
}

fn number(text: &str) -> Token<'static> {
    let whole = if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        u64::from_str_radix(digits, 16)
    } else if text.len() > 1 && text.starts_with('0') {
        u64::from_str_radix(text, 8)
    } else {
        text.parse()
    };
    whole.map_or(Token::Decimal, Token::Number)
}

fn type_of(word: &str) -> Type {
    Scalar::of_name(word).map_or_else(|| Type::Named(word.to_owned()), Type::Scalar)
}

/// The name of the message that stands for a map's entries: `LinesById` makes `LinesByIdEntry`, and so does `lines_by_id`.
fn entry_name(field: &str) -> String {
    camel(field, true) + "Entry"
}

/// `userName` of `user_name`, or `UserName` if it begins like a type.
pub(crate) fn camel(name: &str, is_type: bool) -> String {
    let mut text = String::with_capacity(name.len());
    let mut is_start = is_type;
    for c in name.chars() {
        if c == '_' {
            is_start = true;
        } else {
            text.push(if is_start { c.to_ascii_uppercase() } else { c });
            is_start = false;
        }
    }
    text
}
