//! Schemas of a Schema Registry: Confluent's, Karapace's, Redpanda's or Apicurio's, which answer alike.
//!
//! Source: confluentinc/schema-registry, `GET /schemas/ids/{id}`, `GET /schemas/guids/{guid}` and `GET /subjects/{subject}/versions/{version}`.

use crate::client::Client;
use crate::failure::Failure;
use crate::wire::{Method, Transport};
use serde_json::Value;

/// More schemas than one refers to, directly or not.
const MOST_REFERENCES: usize = 200;

impl<T: Transport> Client<T> {
    /// The registry's answer for a schema's number, or for its GUID, which has hyphens, with that in it. If it refers to others, those are asked for, too, and come behind it in an
    /// array.
    ///
    /// # Errors
    /// If the registry cannot be asked, does not know the number or a schema that is referred to, or is none.
    pub async fn schema(&self, id: &str) -> Result<String, Failure> {
        let is_guid = id.contains('-');
        let (folder, member) =
            if is_guid { ("guids", format!("\"guid\":\"{id}\"")) } else { ("ids", format!("\"id\":{id}")) };
        let (mut text, mut waiting) = self.schema_at(&format!("/schemas/{folder}/{id}")).await?;
        if waiting.is_empty() && !is_guid {
            return Ok(text);
        }
        // Among others it needs its name, which an answer to a question by name need not have.
        text = text.replacen('{', &format!("[{{{member},"), 1);
        let mut known = Vec::new();
        while let Some(path) = waiting.pop().filter(|_| known.len() < MOST_REFERENCES) {
            if !known.contains(&path) {
                let (other, further) = self.schema_at(&path).await?;
                text.extend([",", &other]);
                waiting.extend(further);
                known.push(path);
            }
        }
        text.push(']');
        Ok(text)
    }

    /// An answer, and where the schemas are that it refers to.
    async fn schema_at(&self, path: &str) -> Result<(String, Vec<String>), Failure> {
        let accept = "application/vnd.schemaregistry.v1+json, application/json";
        let body = self.ask(Method::Get, path, accept, None, "").await?;
        let answer = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        match String::from_utf8(body) {
            Ok(text) if answer["schema"].is_string() => Ok((text, references(&answer))),
            _ => Err(Failure::Answered {
                status: 200,
                message: "what it gave is no schema: is this a Schema Registry?".to_owned(),
            }),
        }
    }
}

fn references(answer: &Value) -> Vec<String> {
    let path = |reference: &Value| {
        let (subject, version) = (reference["subject"].as_str()?, reference["version"].as_u64()?);
        Some(format!("/subjects/{}/versions/{version}", encoded(subject)))
    };
    match (&answer["references"], &answer["schemaType"]) {
        // A schema of JSON is not read, and so neither are those that it refers to.
        (Value::Array(_), kind) if kind == "JSON" => Vec::new(),
        (Value::Array(references), _) => references.iter().filter_map(path).collect(),
        _ => Vec::new(),
    }
}

/// A name as a part of a path.
fn encoded(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.extend([format!("%{byte:02X}")]);
        }
    }
    path
}
