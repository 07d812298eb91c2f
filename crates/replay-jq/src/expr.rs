//! A compiled program: names are resolved, so that running it cannot miss one.

use super::natives::Native;
use super::value::Value;
pub(crate) use jaq_core::ops::{Cmp, Math};
use std::sync::Arc;

/// An expression: from one input to any number of outputs.
#[derive(Debug)]
pub(crate) enum Expr {
    /// `.`
    Id,
    Literal(Value),
    /// `"a\(b)"`; the parts in between are written as the format says.
    Text(Format, Vec<Piece>),
    /// `@base64`
    Format(Format),
    /// `[e]`
    Array(Option<Box<Expr>>),
    Object(Vec<(Expr, Expr)>),
    Negate(Box<Expr>),
    /// Whether the first has exactly one output comes with it.
    Pipe(Box<Expr>, Box<Expr>, bool),
    /// `source as pattern | body`
    Bind(Box<Expr>, Pattern, Box<Expr>, bool),
    Comma(Box<Expr>, Box<Expr>),
    /// `a // b`
    Alternative(Box<Expr>, Box<Expr>),
    /// `a and b` (`false` decides) or `a or b` (`true` decides)
    Logic(Box<Expr>, bool, Box<Expr>),
    Math(Box<Expr>, Math, Box<Expr>),
    Compare(Box<Expr>, Cmp, Box<Expr>),
    /// `path = value`
    Assign(Box<Expr>, Box<Expr>),
    /// `path |= f`
    Update(Box<Expr>, Box<Expr>),
    /// `path += value`
    UpdateMath(Box<Expr>, Math, Box<Expr>),
    /// `path //= value`
    UpdateAlternative(Box<Expr>, Box<Expr>),
    Label(Box<Expr>),
    /// The label's distance in the environment.
    Break(usize),
    Fold(Box<Fold>),
    Try(Box<Expr>, Option<Box<Expr>>),
    If(Vec<Branch>, Option<Box<Expr>>),
    /// One step into the target. Its own expressions see the input of the whole.
    Step(Box<Expr>, Step, bool),
    /// A variable's distance in the environment.
    Variable(usize),
    /// A filter parameter's distance in the environment.
    Parameter(usize),
    Call(Call),
    Native(Native, Vec<Expr>),
}

/// `if condition then …`
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) condition: Expr,
    pub(crate) is_single: bool,
    pub(crate) then: Expr,
}

/// `.[i]`, `.[]` or `.[a:b]`
#[derive(Debug)]
pub(crate) enum Step {
    Index(Box<Expr>),
    Iterate,
    Slice(Option<Box<Expr>>, Option<Box<Expr>>),
}

/// `reduce` (without `extract`) or `foreach`.
#[derive(Debug)]
pub(crate) struct Fold {
    pub(crate) is_reduce: bool,
    pub(crate) source: Expr,
    pub(crate) pattern: Pattern,
    pub(crate) init: Expr,
    pub(crate) update: Expr,
    pub(crate) extract: Option<Expr>,
}

/// A call of a definition.
#[derive(Debug)]
pub(crate) struct Call {
    /// Its place among the program's definitions.
    pub(crate) definition: usize,
    pub(crate) arguments: Vec<Expr>,
    /// Whether each argument has exactly one output.
    pub(crate) has_single_arguments: bool,
    /// So many entries of the caller's environment are not the definition's.
    pub(crate) skip: usize,
}

/// `def name(parameters): body;`
#[derive(Debug)]
pub(crate) struct Definition {
    /// Whether each parameter is a value (`$x`) rather than a filter.
    pub(crate) parameters: Vec<bool>,
    /// Whether all parameters are values.
    pub(crate) has_values_only: bool,
    pub(crate) body: Expr,
}

/// What a value is taken apart into; variables are bound in the order of the text.
#[derive(Debug)]
pub(crate) enum Pattern {
    Variable,
    Array(Vec<Pattern>),
    Object(Vec<(Expr, Pattern)>),
}

#[derive(Debug)]
pub(crate) enum Piece {
    Text(Arc<str>),
    Expr(Expr),
}

/// How interpolated values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
    Csv,
    Tsv,
    Html,
    Uri,
    Base64,
    Base64Decode,
}

impl Format {
    pub(crate) fn from_name(name: &str) -> Option<Format> {
        Some(match name {
            "@text" => Format::Text,
            "@json" => Format::Json,
            "@csv" => Format::Csv,
            "@tsv" => Format::Tsv,
            "@html" => Format::Html,
            "@uri" => Format::Uri,
            "@base64" => Format::Base64,
            "@base64d" => Format::Base64Decode,
            _ => return None,
        })
    }
}

impl Expr {
    /// Whether it surely has exactly one output, or an error: such an expression is run to its end before what follows,
    /// which keeps long pipelines flat.
    pub(crate) fn is_single(&self) -> bool {
        let all = |list: &[Expr]| list.iter().all(Expr::is_single);
        match self {
            Expr::Id | Expr::Literal(_) | Expr::Format(_) | Expr::Array(_) | Expr::Variable(_) | Expr::Update(..) => {
                true
            }
            Expr::Text(_, pieces) => pieces
                .iter()
                .all(|piece| matches!(piece, Piece::Text(_)) || matches!(piece, Piece::Expr(e) if e.is_single())),
            Expr::Object(entries) => entries.iter().all(|(key, value)| key.is_single() && value.is_single()),
            Expr::Negate(inner) => inner.is_single(),
            Expr::Pipe(a, b, _)
            | Expr::Alternative(a, b)
            | Expr::Logic(a, _, b)
            | Expr::Math(a, _, b)
            | Expr::Compare(a, _, b) => a.is_single() && b.is_single(),
            Expr::Bind(source, Pattern::Variable, body, _) => source.is_single() && body.is_single(),
            Expr::Assign(_, value) | Expr::UpdateMath(_, _, value) | Expr::UpdateAlternative(_, value) => {
                value.is_single()
            }
            Expr::Fold(fold) => fold.is_reduce && fold.init.is_single(),
            Expr::If(branches, otherwise) => {
                branches.iter().all(|branch| branch.is_single && branch.then.is_single())
                    && otherwise.as_ref().is_none_or(|otherwise| otherwise.is_single())
            }
            Expr::Step(target, Step::Index(index), false) => target.is_single() && index.is_single(),
            Expr::Native(native, arguments) => native.is_plain() && all(arguments),
            _ => false,
        }
    }
}
