//! From the text of a program to its expressions.

use super::Program;
use super::expr::{Branch, Call, Definition, Expr, Fold, Format, Pattern, Piece, Step};
use super::natives::{self, Absent, Native};
use super::number::Number;
use super::prelude::PRELUDE;
use super::value::Value;
use JqError as Error;
use jaq_core::load::lex::{Lexer, StrPart, Token};
use jaq_core::load::parse::{self, BinaryOp, Def, Parser, Term};
use jaq_core::path;
use std::sync::atomic::AtomicU64;

/// Longer programs are not read, in bytes.
const MAX_LENGTH: usize = 16 << 10;
/// Brackets may be nested so deep.
const MAX_NESTING: usize = 48;
/// So many minus signs and keywords that begin a term.
const MAX_PREFIXES: usize = 200;
/// So many pipes and assignments, and so many other operators.
const MAX_OPERATORS: usize = 800;
/// Expressions may be nested so deep once operators are grouped.
const MAX_TREE: usize = 200;

/// Why a program cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {mistake}")]
pub struct JqError {
    /// 1-based, in the program.
    pub line: u64,
    /// 1-based, in characters.
    pub column: u64,
    /// What is wrong there.
    pub mistake: Mistake,
}

/// What can be wrong with a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// It is no jq, and nothing better can be said.
    #[error("not a jq program")]
    NoProgram,
    /// A character that begins nothing, or something that is not closed.
    #[error("expected {expected}")]
    Expected {
        /// The parser's word for it: `closing quote`.
        expected: String,
    },
    /// A word where another should be.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// The parser's word for it: `term`.
        expected: String,
        /// A word of the program; `the end` behind its last.
        found: String,
    },
    /// More text than is read.
    #[error("the program is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// More levels or operators than are read.
    #[error("the program is nested too deep or too long")]
    TooDeep,
    /// A `break` without its label.
    #[error("there is no label {0}")]
    NoLabel(String),
    /// An unknown `@name`.
    #[error("there is no format {0}")]
    NoFormat(String),
    /// An unknown `$name`.
    #[error("there is no variable {0}")]
    NoVariable(String),
    /// `name/arity` that nobody defined.
    #[error("there is no filter {0}")]
    NoFilter(String),
    /// A `reduce` or `foreach` with another number of expressions.
    #[error("{name} takes {count} expressions")]
    FoldArguments {
        /// Which.
        name: String,
        /// How many it takes: `2 or 3`.
        count: &'static str,
    },
    /// A name of jq that is left out here.
    #[error("{name} is not available: {}", reason.text())]
    NotAvailable {
        /// Which.
        name: String,
        /// Why.
        reason: Absent,
    },
}

impl Mistake {
    /// A name for localisation.
    pub const fn code(&self) -> &'static str {
        match self {
            Mistake::NoProgram => "jq-no-program",
            Mistake::Expected { .. } => "jq-expected",
            Mistake::Unexpected { .. } => "jq-unexpected",
            Mistake::TooLong => "jq-too-long",
            Mistake::TooDeep => "jq-too-deep",
            Mistake::NoLabel(_) => "jq-no-label",
            Mistake::NoFormat(_) => "jq-no-format",
            Mistake::NoVariable(_) => "jq-no-variable",
            Mistake::NoFilter(_) => "jq-no-filter",
            Mistake::FoldArguments { .. } => "jq-fold-arguments",
            Mistake::NotAvailable { .. } => "jq-not-available",
        }
    }

    /// What goes into a translation's text for [`Mistake::code`]: a name and a text each.
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        match self {
            Mistake::NoProgram | Mistake::TooLong | Mistake::TooDeep => Vec::new(),
            Mistake::Expected { expected } => vec![("expected", expected)],
            Mistake::Unexpected { expected, found } => vec![("expected", expected), ("found", found)],
            Mistake::NoLabel(name) | Mistake::NoFormat(name) | Mistake::NoVariable(name) | Mistake::NoFilter(name) => {
                vec![("name", name)]
            }
            Mistake::FoldArguments { name, count } => vec![("name", name), ("count", count)],
            Mistake::NotAvailable { name, reason } => vec![("name", name), ("reason", reason.code())],
        }
    }
}

/// An error at a byte of the program.
fn error_at(text: &str, at: usize, mistake: Mistake) -> Error {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Error { line: before.matches('\n').count() as u64 + 1, column: line.chars().count() as u64 + 1, mistake }
}

/// The byte at which `part` begins in `text`; its end for a part of another text.
fn offset_in(text: &str, part: &str) -> usize {
    let at = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    at.min(text.len())
}

pub(crate) fn program(text: &str) -> Result<Program, Error> {
    check_size(text)?;
    let found = |at: usize, mistake: Mistake| error_at(text, at, mistake);
    let tokens = Lexer::new(text).lex().map_err(|errors| match errors.first() {
        Some((expected, rest)) => {
            found(offset_in(text, rest), Mistake::Expected { expected: expected.as_str().to_owned() })
        }
        None => found(0, Mistake::NoProgram),
    })?;
    let term = Parser::new(&tokens).parse(Parser::term).map_err(|errors| match errors.first() {
        Some((expected, token)) => {
            let rest = Token::opt_as_str(*token, text);
            let word = rest.split_whitespace().next().unwrap_or("the end").to_owned();
            found(offset_in(text, rest), Mistake::Unexpected { expected: expected.as_str().to_owned(), found: word })
        }
        None => found(0, Mistake::NoProgram),
    })?;
    let mut compiler =
        Compiler { text, names: Vec::new(), slots: 0, definitions: Vec::new(), uses_record: false, level: 0 };
    let defs = jaq_core::load::parse(PRELUDE, |parser| parser.defs()).unwrap_or_default();
    compiler.definitions(&defs)?;
    // The prelude's names for the globals cannot clash: it has no variables of its own at the top.
    let outer = compiler.variable("$event");
    compiler.variable("$record");
    let main = compiler.term(&term)?;
    debug_assert_eq!(outer, 0);
    let Compiler { definitions, uses_record, .. } = compiler;
    Ok(Program { text: text.into(), main, definitions, uses_record, steps: AtomicU64::new(0) })
}

/// jaq's parser follows nesting by recursion, so that is bounded before it starts: by brackets, by what opens a term without one, and
/// by operators, which nest to the left or to the right.
fn check_size(text: &str) -> Result<(), Error> {
    if text.len() > MAX_LENGTH {
        return Err(error_at(text, MAX_LENGTH, Mistake::TooLong));
    }
    let (mut brackets, mut prefixes, mut rights, mut lefts) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut word = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' => brackets += 1,
            ')' | ']' | '}' => brackets = brackets.saturating_sub(1),
            '-' => prefixes += 1,
            '|' | '=' => rights += 1,
            '+' | '*' | '/' | '%' | '<' | '>' => lefts += 1,
            _ => {}
        }
        if character.is_ascii_alphanumeric() || character == '_' {
            continue;
        }
        match &text[word..at] {
            "if" | "elif" | "try" | "catch" | "def" | "label" | "reduce" | "foreach" => prefixes += 1,
            "as" => rights += 1,
            "and" | "or" => lefts += 1,
            _ => {}
        }
        word = at + character.len_utf8();
        if brackets > MAX_NESTING || prefixes > MAX_PREFIXES || rights > MAX_OPERATORS || lefts > MAX_OPERATORS {
            return Err(error_at(text, at, Mistake::TooDeep));
        }
    }
    Ok(())
}

/// What a name stands for.
#[derive(Clone)]
enum Name<'s> {
    /// A variable and its slot.
    Variable(&'s str, usize),
    Label(&'s str, usize),
    /// A filter parameter and its slot.
    Parameter(&'s str, usize),
    /// A value parameter, which may be called like a filter: `x` is `$x`.
    ValueParameter(&'s str, usize),
    /// A definition: name, number of parameters, place, slots at its place.
    Definition(&'s str, usize, usize, usize),
}

struct Compiler<'s> {
    text: &'s str,
    names: Vec<Name<'s>>,
    /// Entries that the environment has at this place.
    slots: usize,
    definitions: Vec<Definition>,
    uses_record: bool,
    level: usize,
}

impl<'s> Compiler<'s> {
    fn error<T>(&self, part: &str, mistake: Mistake) -> Result<T, Error> {
        Err(error_at(self.text, offset_in(self.text, part), mistake))
    }

    fn slot(&mut self, name: impl FnOnce(usize) -> Name<'s>) -> usize {
        // Each is one level of the environment, which is a list.
        let slot = self.slots;
        self.names.push(name(slot));
        self.slots += 1;
        slot
    }

    fn variable(&mut self, name: &'s str) -> usize {
        self.slot(|slot| Name::Variable(name, slot))
    }

    /// Runs `f` with names of its own, which are forgotten afterwards.
    fn scope<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let (names, slots) = (self.names.len(), self.slots);
        let result = f(self);
        self.names.truncate(names);
        self.slots = slots;
        result
    }

    fn definitions(&mut self, defs: &[Def<&'s str>]) -> Result<(), Error> {
        for def in defs {
            let place = self.definitions.len();
            self.definitions.push(Definition { parameters: Vec::new(), has_values_only: true, body: Expr::Id });
            self.names.push(Name::Definition(def.name, def.args.len(), place, self.slots));
            let is_value = |name: &&str| name.starts_with('$');
            let body = self.scope(|c| {
                for name in &def.args {
                    match name.strip_prefix('$') {
                        Some(bare) => {
                            let slot = c.variable(name);
                            c.names.push(Name::ValueParameter(bare, slot));
                        }
                        None => {
                            c.slot(|slot| Name::Parameter(name, slot));
                        }
                    }
                }
                c.term(&def.body)
            })?;
            let parameters: Vec<bool> = def.args.iter().map(is_value).collect();
            let has_values_only = parameters.iter().all(|is_value| *is_value);
            self.definitions[place] = Definition { parameters, has_values_only, body };
        }
        Ok(())
    }

    fn boxed(&mut self, term: &Term<&'s str>) -> Result<Box<Expr>, Error> {
        self.term(term).map(Box::new)
    }

    fn term(&mut self, term: &Term<&'s str>) -> Result<Expr, Error> {
        self.level += 1;
        if self.level > MAX_TREE {
            return self.error(self.text, Mistake::TooDeep);
        }
        let expr = self.any_term(term);
        self.level -= 1;
        expr
    }

    fn any_term(&mut self, term: &Term<&'s str>) -> Result<Expr, Error> {
        Ok(match term {
            Term::Id => Expr::Id,
            Term::Recurse => Expr::Native(Native::Recurse, vec![each(Expr::Id, true)]),
            Term::Num(text) => Expr::Literal(Value::Number(Number::from_text(text))),
            Term::Str(format, parts) => self.text(*format, parts)?,
            Term::Arr(inner) => Expr::Array(inner.as_ref().map(|inner| self.boxed(inner)).transpose()?),
            Term::Obj(entries) => Expr::Object(
                entries.iter().map(|(key, value)| self.entry(key, value.as_ref())).collect::<Result<_, _>>()?,
            ),
            Term::Neg(inner) => Expr::Negate(self.boxed(inner)?),
            Term::BinOp(left, op, right) => self.operation(left, op, right)?,
            Term::Label(name, body) => self.scope(|c| {
                c.slot(|slot| Name::Label(name, slot));
                c.boxed(body).map(Expr::Label)
            })?,
            Term::Break(name) => {
                let slot = self.names.iter().rev().find_map(|n| match n {
                    Name::Label(other, slot) if other == name => Some(*slot),
                    _ => None,
                });
                match slot {
                    Some(slot) => Expr::Break(self.slots - slot - 1),
                    None => return self.error(name, Mistake::NoLabel((*name).to_owned())),
                }
            }
            Term::Fold(name, source, pattern, arguments) => self.fold(name, source, pattern, arguments)?,
            Term::TryCatch(body, catch) => {
                Expr::Try(self.boxed(body)?, catch.as_ref().map(|catch| self.boxed(catch)).transpose()?)
            }
            Term::IfThenElse(branches, otherwise) => {
                let mut branch = |condition, then| {
                    let condition = self.term(condition)?;
                    Ok(Branch { is_single: condition.is_single(), condition, then: self.term(then)? })
                };
                let branches =
                    branches.iter().map(|(condition, then)| branch(condition, then)).collect::<Result<_, _>>()?;
                Expr::If(branches, otherwise.as_ref().map(|otherwise| self.boxed(otherwise)).transpose()?)
            }
            Term::Def(defs, body) => self.scope(|c| {
                c.definitions(defs)?;
                c.term(body)
            })?,
            Term::Call(name, arguments) => self.call(name, arguments)?,
            Term::Var(name) => self.read_variable(name)?,
            Term::Path(target, path) => {
                let mut expr = self.term(target)?;
                for (part, option) in &path.0 {
                    let step = match part {
                        path::Part::Index(index) => Step::Index(self.boxed(index)?),
                        path::Part::Range(None, None) => Step::Iterate,
                        path::Part::Range(from, upto) => Step::Slice(
                            from.as_ref().map(|from| self.boxed(from)).transpose()?,
                            upto.as_ref().map(|upto| self.boxed(upto)).transpose()?,
                        ),
                    };
                    expr = Expr::Step(Box::new(expr), step, matches!(option, path::Opt::Optional));
                }
                expr
            }
        })
    }

    fn text(&mut self, format: Option<&'s str>, parts: &[StrPart<&'s str, Term<&'s str>>]) -> Result<Expr, Error> {
        let format = match format {
            None => Format::Text,
            Some(name) => match Format::from_name(name) {
                Some(format) => format,
                None => return self.error(name, Mistake::NoFormat(name.to_owned())),
            },
        };
        let mut pieces: Vec<Piece> = Vec::new();
        let mut plain = String::new();
        for part in parts {
            match part {
                StrPart::Str(text) => plain.push_str(text),
                StrPart::Char(character) => plain.push(*character),
                StrPart::Term(term) => {
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain).into()));
                    }
                    pieces.push(Piece::Expr(self.term(term)?));
                }
            }
        }
        if pieces.is_empty() {
            return Ok(Expr::Literal(Value::string(&plain)));
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain.into()));
        }
        Ok(Expr::Text(format, pieces))
    }

    fn entry(&mut self, key: &Term<&'s str>, value: Option<&Term<&'s str>>) -> Result<(Expr, Expr), Error> {
        match (key, value) {
            (Term::Var(name), None) => {
                let value = self.read_variable(name)?;
                Ok((Expr::Literal(Value::string(name.trim_start_matches('$'))), value))
            }
            (key, None) => {
                let index = Step::Index(self.boxed(key)?);
                Ok((self.term(key)?, Expr::Step(Box::new(Expr::Id), index, false)))
            }
            (key, Some(value)) => Ok((self.term(key)?, self.term(value)?)),
        }
    }

    fn operation(
        &mut self,
        left: &Term<&'s str>,
        op: &BinaryOp<&'s str>,
        right: &Term<&'s str>,
    ) -> Result<Expr, Error> {
        let a = self.boxed(left)?;
        if let BinaryOp::Pipe(Some(pattern)) = op {
            return self.scope(|c| {
                let pattern = c.pattern(pattern)?;
                let is_single = a.is_single();
                Ok(Expr::Bind(a, pattern, c.boxed(right)?, is_single))
            });
        }
        let b = self.boxed(right)?;
        Ok(match op {
            BinaryOp::Pipe(_) => {
                let is_single = a.is_single();
                Expr::Pipe(a, b, is_single)
            }
            BinaryOp::Comma => Expr::Comma(a, b),
            BinaryOp::Alt => Expr::Alternative(a, b),
            BinaryOp::Or => Expr::Logic(a, true, b),
            BinaryOp::And => Expr::Logic(a, false, b),
            BinaryOp::Math(op) => Expr::Math(a, *op, b),
            BinaryOp::Cmp(op) => Expr::Compare(a, *op, b),
            BinaryOp::Assign => Expr::Assign(a, b),
            BinaryOp::Update => Expr::Update(a, b),
            BinaryOp::UpdateMath(op) => Expr::UpdateMath(a, *op, b),
            BinaryOp::UpdateAlt => Expr::UpdateAlternative(a, b),
        })
    }

    fn fold(
        &mut self,
        name: &'s str,
        source: &Term<&'s str>,
        pattern: &parse::Pattern<&'s str>,
        arguments: &[Term<&'s str>],
    ) -> Result<Expr, Error> {
        let is_reduce = name == "reduce";
        let (init, update, extract) = match arguments {
            [init, update] => (init, update, None),
            [init, update, extract] if !is_reduce => (init, update, Some(extract)),
            _ => {
                let count = if is_reduce { "2" } else { "2 or 3" };
                return self.error(name, Mistake::FoldArguments { name: name.to_owned(), count });
            }
        };
        let source = self.term(source)?;
        let init = self.term(init)?;
        self.scope(|c| {
            let pattern = c.pattern(pattern)?;
            let update = c.term(update)?;
            let extract = extract.map(|extract| c.term(extract)).transpose()?;
            Ok(Expr::Fold(Box::new(Fold { is_reduce, source, pattern, init, update, extract })))
        })
    }

    fn pattern(&mut self, pattern: &parse::Pattern<&'s str>) -> Result<Pattern, Error> {
        Ok(match pattern {
            parse::Pattern::Var(name) => {
                self.variable(name);
                Pattern::Variable
            }
            parse::Pattern::Arr(parts) => {
                Pattern::Array(parts.iter().map(|part| self.pattern(part)).collect::<Result<_, _>>()?)
            }
            parse::Pattern::Obj(entries) => Pattern::Object(
                entries
                    .iter()
                    .map(|(key, part)| Ok((self.term(key)?, self.pattern(part)?)))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }

    fn read_variable(&mut self, name: &'s str) -> Result<Expr, Error> {
        let slot = self.names.iter().rev().find_map(|n| match n {
            Name::Variable(other, slot) if *other == name => Some(*slot),
            _ => None,
        });
        match slot {
            Some(slot) => {
                self.uses_record |= name == "$record";
                Ok(Expr::Variable(self.slots - slot - 1))
            }
            None if name == "$ENV" => {
                self.error(name, Mistake::NotAvailable { name: name.to_owned(), reason: Absent::Outside })
            }
            None => self.error(name, Mistake::NoVariable(name.to_owned())),
        }
    }

    fn call(&mut self, name: &'s str, arguments: &[Term<&'s str>]) -> Result<Expr, Error> {
        let arity = arguments.len();
        let found = self.names.iter().rev().find(|n| match n {
            Name::Parameter(other, _) | Name::ValueParameter(other, _) => arity == 0 && *other == name,
            Name::Definition(other, count, ..) => *other == name && *count == arity,
            _ => false,
        });
        match found.cloned() {
            Some(Name::Parameter(_, slot)) => return Ok(Expr::Parameter(self.slots - slot - 1)),
            Some(Name::ValueParameter(_, slot)) => return Ok(Expr::Variable(self.slots - slot - 1)),
            Some(Name::Definition(_, _, definition, slots)) => {
                let skip = self.slots - slots;
                let arguments = self.terms(arguments)?;
                let has_single_arguments = arguments.iter().all(Expr::is_single);
                return Ok(Expr::Call(Call { definition, arguments, has_single_arguments, skip }));
            }
            _ => {}
        }
        match (name, arity) {
            ("true", 0) => return Ok(Expr::Literal(Value::Bool(true))),
            ("false", 0) => return Ok(Expr::Literal(Value::Bool(false))),
            ("null", 0) => return Ok(Expr::Literal(Value::Null)),
            _ => {}
        }
        if let Some(format) = Format::from_name(name)
            && arity == 0
        {
            return Ok(Expr::Format(format));
        }
        if let Some(native) = Native::find(name, arity) {
            return Ok(Expr::Native(native, self.terms(arguments)?));
        }
        if let Some(reason) = natives::why_absent(name) {
            return self.error(name, Mistake::NotAvailable { name: name.to_owned(), reason });
        }
        self.error(name, Mistake::NoFilter(format!("{name}/{arity}")))
    }

    fn terms(&mut self, terms: &[Term<&'s str>]) -> Result<Vec<Expr>, Error> {
        terms.iter().map(|term| self.term(term)).collect()
    }
}

fn each(target: Expr, is_optional: bool) -> Expr {
    Expr::Step(Box::new(target), Step::Iterate, is_optional)
}
