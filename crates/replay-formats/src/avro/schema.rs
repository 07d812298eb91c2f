//! Avro schemas: from their JSON to nodes that a decoder walks over. Source: Apache Avro specification 1.11, "Schema Declaration".

use replay_log::json::Json;
use std::collections::BTreeMap;

/// Schemas nest deeper only to do harm.
const MAX_DEPTH: usize = 64;

/// A compiled schema. Nodes refer to each other by number, since a record may hold itself.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub(super) nodes: Vec<Node>,
    pub(super) root: usize,
    /// The full name of its record, or its type.
    pub(crate) name: String,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Boolean,
    /// `int` and `long` are written the same way.
    Integer(Moment),
    Float,
    Double,
    Bytes,
    String,
    Fixed(usize),
    /// Bytes, or so many bytes, that are a decimal number.
    Decimal {
        size: Option<usize>,
        scale: i32,
    },
    /// Twelve bytes.
    Duration,
    /// Sixteen bytes.
    Uuid,
    Enum(Vec<Box<str>>),
    Array(usize),
    Map(usize),
    Union(Vec<usize>),
    Record(Vec<(Box<str>, usize)>),
}

/// What an integer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Number,
    Date,
    Time { per_second: i64 },
    DateTime { per_second: i64, is_local: bool },
}

/// Compiles a schema; the error says what is wrong with it. Types that it names and does not define are those of `others`.
pub(crate) fn compile(json: &Json, others: &[&Json]) -> Result<Schema, String> {
    let mut compiler = Compiler { nodes: Vec::new(), names: BTreeMap::new(), others };
    let root = compiler.node(json, "", 0)?;
    let own = text(json.get("name")).or_else(|| text(json.get("type"))).or_else(|| text(Some(json)));
    let name = full_name(own.unwrap_or("union"), text(json.get("namespace")).unwrap_or_default());
    Ok(Schema { nodes: compiler.nodes, root, name })
}

struct Compiler<'a> {
    nodes: Vec<Node>,
    names: BTreeMap<String, usize>,
    others: &'a [&'a Json],
}

fn text(json: Option<&Json>) -> Option<&str> {
    if let Some(Json::String(text)) = json { Some(text) } else { None }
}

fn number(json: Option<&Json>) -> Option<i64> {
    if let Some(Json::Number(number)) = json { number.parse().ok() } else { None }
}

fn full_name(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}

impl Compiler<'_> {
    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn node(&mut self, json: &Json, namespace: &str, depth: usize) -> Result<usize, String> {
        if depth > MAX_DEPTH {
            return Err("the schema is nested too deeply".to_owned());
        }
        match json {
            Json::String(name) => self.named(name, namespace, depth),
            Json::Array(branches) => {
                let branches: Result<Vec<usize>, String> =
                    branches.iter().map(|branch| self.node(branch, namespace, depth + 1)).collect();
                Ok(self.add(Node::Union(branches?)))
            }
            Json::Object(_) => self.object(json, namespace, depth),
            _ => Err(format!("{} is no schema", json.to_text())),
        }
    }

    fn named(&mut self, name: &str, namespace: &str, depth: usize) -> Result<usize, String> {
        if let Some(node) = primitive(name) {
            return Ok(self.add(node));
        }
        let full = full_name(name, namespace);
        if let Some(known) = self.names.get(&full).or_else(|| self.names.get(name)) {
            return Ok(*known);
        }
        let defines = |json: &&&Json| {
            let (own, space) = (text(json.get("name")), text(json.get("namespace")));
            own.is_some_and(|own| [&full, name].contains(&full_name(own, space.unwrap_or_default()).as_str()))
        };
        let Some(other) = self.others.iter().find(defines) else {
            return Err(format!("the schema's type {name:?} is not defined"));
        };
        self.node(other, "", depth + 1)
    }

    fn object(&mut self, json: &Json, namespace: &str, depth: usize) -> Result<usize, String> {
        let Some(kind) = json.get("type") else { return Err("a schema has no type".to_owned()) };
        let Json::String(kind) = kind else { return self.node(kind, namespace, depth + 1) };
        let logical = text(json.get("logicalType")).unwrap_or_default();
        let name = text(json.get("name")).unwrap_or_default();
        let namespace = text(json.get("namespace")).unwrap_or(namespace);
        let full = full_name(name, namespace);
        let inner = full.rsplit_once('.').map_or("", |(space, _)| space);
        let scale = number(json.get("scale")).and_then(|scale| i32::try_from(scale).ok()).unwrap_or(0);
        let node = match &**kind {
            "record" | "error" => {
                let id = self.add(Node::Null);
                self.names.insert(full.clone(), id);
                let Some(Json::Array(declared)) = json.get("fields") else {
                    return Err(format!("{full} has no fields"));
                };
                let mut fields = Vec::with_capacity(declared.len());
                for field in declared {
                    let name = text(field.get("name")).ok_or_else(|| format!("a field of {full} has no name"))?;
                    let kind = field.get("type").ok_or_else(|| format!("the field {name} of {full} has no type"))?;
                    fields.push((name.into(), self.node(kind, inner, depth + 1)?));
                }
                self.nodes[id] = Node::Record(fields);
                return Ok(id);
            }
            "enum" => {
                let Some(Json::Array(symbols)) = json.get("symbols") else {
                    return Err(format!("{full} has no symbols"));
                };
                Node::Enum(symbols.iter().filter_map(|symbol| text(Some(symbol))).map(Into::into).collect())
            }
            "fixed" => {
                let size = number(json.get("size")).and_then(|size| usize::try_from(size).ok());
                let size = size.ok_or_else(|| format!("{full} has no size"))?;
                match logical {
                    "decimal" => Node::Decimal { size: Some(size), scale },
                    "duration" if size == 12 => Node::Duration,
                    "uuid" if size == 16 => Node::Uuid,
                    _ => Node::Fixed(size),
                }
            }
            "array" => {
                let items = json.get("items").ok_or("an array has no items")?;
                Node::Array(self.node(items, namespace, depth + 1)?)
            }
            "map" => {
                let values = json.get("values").ok_or("a map has no values")?;
                Node::Map(self.node(values, namespace, depth + 1)?)
            }
            "bytes" if logical == "decimal" => Node::Decimal { size: None, scale },
            "int" | "long" => Node::Integer(moment(logical)),
            other => return self.named(other, namespace, depth),
        };
        let is_named = matches!(&**kind, "enum" | "fixed");
        let id = self.add(node);
        if is_named {
            self.names.insert(full, id);
        }
        Ok(id)
    }
}

fn primitive(name: &str) -> Option<Node> {
    Some(match name {
        "null" => Node::Null,
        "boolean" => Node::Boolean,
        "int" | "long" => Node::Integer(Moment::Number),
        "float" => Node::Float,
        "double" => Node::Double,
        "bytes" => Node::Bytes,
        "string" => Node::String,
        _ => return None,
    })
}

fn moment(logical: &str) -> Moment {
    let per_second = match logical.rsplit_once('-').map_or("", |(_, unit)| unit) {
        "millis" => 1000,
        "micros" => 1_000_000,
        "nanos" => 1_000_000_000,
        _ if logical == "date" => return Moment::Date,
        _ => return Moment::Number,
    };
    match logical {
        _ if logical.starts_with("time-") => Moment::Time { per_second },
        _ if logical.starts_with("timestamp-") => Moment::DateTime { per_second, is_local: false },
        _ if logical.starts_with("local-timestamp-") => Moment::DateTime { per_second, is_local: true },
        _ => Moment::Number,
    }
}
