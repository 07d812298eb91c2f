//! Schemas of a Schema Registry: Confluent's, Karapace's, Redpanda's or Apicurio's, which answer alike.
//!
//! Source: confluentinc/schema-registry, `GET /schemas/ids/{id}`.

use crate::client::Client;
use crate::failure::Failure;
use crate::wire::{Method, Transport};
use serde_json::Value;

impl<T: Transport> Client<T> {
    /// The registry's answer for a schema's number, as it is.
    ///
    /// # Errors
    /// If the registry cannot be asked, does not know the number, or is none.
    pub async fn schema(&self, id: u32) -> Result<String, Failure> {
        let accept = "application/vnd.schemaregistry.v1+json, application/json";
        let body = self.ask(Method::Get, &format!("/schemas/ids/{id}"), accept, None, "").await?;
        let is_schema = serde_json::from_slice::<Value>(&body).is_ok_and(|answer| answer["schema"].is_string());
        match String::from_utf8(body) {
            Ok(answer) if is_schema => Ok(answer),
            _ => Err(Failure::Answered {
                status: 200,
                message: "what it gave is no schema: is this a Schema Registry?".to_owned(),
            }),
        }
    }
}
