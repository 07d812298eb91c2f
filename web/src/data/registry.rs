//! Schemas of a Schema Registry for the log that is shown.

use super::commands::use_commands;
use super::engine::use_engine;
use super::kafka::permitted;
use replay_protocol::{Failure, KafkaReply, KafkaRequest, KafkaServer, Reply, Request, SCHEMA_FILE};
use std::rc::Rc;
use yew::prelude::*;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Registry {
    /// Nobody was asked.
    #[default]
    Quiet,
    /// An answer is on its way.
    Asking,
    /// The log names no schema.
    NothingNeeded,
    /// Nothing came of it.
    Failed(Failure),
    /// These were not given, and why; the log is read again with the others.
    Missing(Rc<Vec<(String, Failure)>>),
}

/// Asks an address, with a token, for the schemas that the log needs, and reads the log again with them. `on_done` hears when it is read.
#[hook]
pub(crate) fn use_registry(on_done: Callback<()>) -> (Registry, Callback<(String, String)>) {
    let state = use_state_eq(Registry::default);
    let (engine, commands) = (use_engine(), use_commands());
    let set = state.setter();
    let ask = Callback::from(move |(address, token): (String, String)| {
        let url = match permitted(&address) {
            Ok(url) => url,
            Err(failure) => return set.set(Registry::Failed(renamed(failure))),
        };
        set.set(Registry::Asking);
        let server = KafkaServer { url, token, kind: String::new() };
        let (set, commands, on_done, inner) = (set.clone(), commands.clone(), on_done.clone(), engine.clone());
        let with_schemas = {
            let set = set.clone();
            Callback::from(move |(_, reply): (u32, Reply)| match reply {
                Reply::Kafka(reply) => {
                    let KafkaReply::Schemas { schemas, failed } = *reply else { return };
                    let name = |id: String| format!("{SCHEMA_FILE}{id}.json");
                    let schemas: Vec<_> = schemas.into_iter().map(|(id, text)| (name(id), text)).collect();
                    if !schemas.is_empty() {
                        commands.read_with_schemas(&schemas);
                    }
                    if failed.is_empty() {
                        set.set(Registry::Quiet);
                        on_done.emit(());
                    } else {
                        set.set(Registry::Missing(Rc::new(failed)));
                    }
                }
                Reply::Failed(failure) => set.set(Registry::Failed(renamed(failure))),
                _ => {}
            })
        };
        let with_ids = Callback::from(move |(_, reply): (u32, Reply)| match reply {
            Reply::SchemaIds { ids } if ids.is_empty() => set.set(Registry::NothingNeeded),
            Reply::SchemaIds { ids } => {
                let request = KafkaRequest::Schemas { server: server.clone(), ids };
                inner.ask(&Request::Kafka(Box::new(request)), Vec::new(), with_schemas.clone());
            }
            Reply::Failed(failure) => set.set(Registry::Failed(failure)),
            _ => {}
        });
        engine.ask(&Request::SchemaIds, Vec::new(), with_ids);
    });
    ((*state).clone(), ask)
}

/// A registry has other settings than a REST proxy, so what to do is told in other words.
fn renamed(failure: Failure) -> Failure {
    let code = match failure.code.as_str() {
        "kafka-refused" => "registry-refused",
        "kafka-cors" => "registry-cors",
        "kafka-policy" => "registry-policy",
        "kafka-bad-address" => "registry-bad-address",
        _ => return failure,
    };
    Failure { code: code.to_owned(), ..failure }
}
