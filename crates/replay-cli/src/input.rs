//! Files and standard input as one log.

use crate::{Outcome, Usage, disk, kafka};
use anyhow::Context;
use replay_core::{Preparation, Projection, Replay};
use replay_engine::read_mapping;
use replay_formats::{KcatFormat, LoadOptions, Loaded, MappingChoice, NamedSchemas, Schemas, Source, load_sources};
use replay_kafka_client::Address;
use replay_log::{Order, Schedule};
use std::io::Read;
use std::sync::Arc;

/// Numbers of schemas that are asked for: more than any log has.
const MOST_SCHEMAS: usize = 1000;

/// What every command that reads a log takes.
#[derive(clap::Args)]
pub(crate) struct Input {
    /// Files to read as one log; `-` is standard input. They may be compressed, and archives of files. A topic of a REST proxy is
    /// one too: <kafka+http://HOST:PORT/TOPIC?from=-1000>
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Read as this format instead of finding out
    #[arg(long, value_name = "F")]
    format: Option<String>,
    /// JSON that says where the parts of a record are, as the page saves it: {"key":"value:/order/id","timestamp":"/when"}
    #[arg(long, value_name = "FILE")]
    mapping: Option<String>,
    /// How kcat printed the text: the format string of its -f, or its whole command line: 'kcat -C -t orders -f "%k|%s\n"'
    #[arg(long, value_name = "F")]
    kcat_format: Option<String>,
    /// Schema Registry to ask for the schemas that values name by number: <http://localhost:8081>. A token, or user:password, is taken
    /// from the variable `REPLAYGROUND_SCHEMA_REGISTRY_TOKEN`
    #[arg(long, value_name = "URL")]
    schema_registry: Option<String>,
    /// Schema of the values: .proto files, a descriptor set of protoc, an Avro schema, or what a Schema Registry answers. May be given several
    /// times. Schemas among the files are found, too
    #[arg(long, value_name = "FILE")]
    schema: Vec<String>,
    /// Message of Protobuf that values are which name no schema; found out if only one fits
    #[arg(long, value_name = "NAME")]
    message: Option<String>,
}

/// How a log is replayed.
#[derive(clap::Args)]
pub(crate) struct ReplayOptions {
    /// latest, merge, status, cdc, json-patch or jq; guessed from the data if not given
    #[arg(long, value_name = "P")]
    projection: Option<String>,
    /// Program for the projection jq: `.` is the state, $event the value, $record the record; its first output is the new state
    #[arg(long, value_name = "PROGRAM")]
    jq: Option<String>,
    /// JSON pointer to the key in the value, such as /order/id
    #[arg(long, value_name = "POINTER")]
    key_by: Option<String>,
    /// file, timestamp, partition or seeded:N
    #[arg(long, value_name = "S", default_value = "file")]
    schedule: String,
}

impl Input {
    /// Reads everything, tells on stderr what could not be read.
    pub(crate) fn load(&self, key_by: Option<&str>) -> anyhow::Result<(Loaded, Outcome)> {
        let format = self.format.as_deref().map(str::parse).transpose();
        let format = format.map_err(|error: replay_formats::UnknownFormat| usage(&error.to_string()))?;
        if let Some(pointer) = key_by
            && !pointer.is_empty()
            && !pointer.starts_with('/')
        {
            return Err(usage(&format!("{pointer:?} is not a JSON pointer: it must start with /, as in /order/id")));
        }
        let mut schemas = Schemas::default();
        for name in &self.schema {
            let bytes = std::fs::read(name).with_context(|| format!("cannot read {name}"))?;
            let found = Schemas::of_file(name, &bytes);
            let found = found.ok_or_else(|| usage(&format!("{name} is no schema of Protobuf or Avro")))?;
            schemas = schemas.with(&found);
        }
        if let Some((name, detail)) = schemas.problems().next() {
            return Err(usage(&format!("{name}: {detail}")));
        }
        let mut mapping = match &self.mapping {
            None => MappingChoice::default(),
            Some(name) => {
                let text = std::fs::read_to_string(name).with_context(|| format!("cannot read {name}"))?;
                read_mapping(&text).map_err(|error| usage(&format!("{name}: {error}")))?
            }
        };
        if let Some(text) = &self.kcat_format {
            let read: Result<KcatFormat, _> = text.parse();
            mapping.kcat_format = Some(read.map_err(|error| usage(&format!("--kcat-format: {error}")))?);
        }
        mapping.message = self.message.clone().or(mapping.message);
        let mut files = Vec::new();
        for name in &self.files {
            let mut bytes = Vec::new();
            if name == "-" {
                std::io::stdin().lock().read_to_end(&mut bytes).context("standard input")?;
                files.push((String::new(), Source::Bytes(bytes)));
            } else if Address::is_one(name) {
                let (name, bytes) = kafka::read(name)?;
                files.push((name, Source::Bytes(bytes)));
            } else {
                let source = disk::source(name).with_context(|| format!("cannot read {name}"))?;
                files.push((name.clone(), source));
            }
        }
        let options =
            LoadOptions { format, key_by: key_by.map(str::to_owned), mapping, schemas, ..LoadOptions::default() };
        let loaded = match &self.schema_registry {
            None => load_sources(files, &options).map_err(anyhow::Error::msg)?,
            Some(registry) => with_schemas(registry, files, &options)?,
        };
        for error in loaded.errors.iter().take(10) {
            eprintln!("{error}");
        }
        if loaded.n_errors > 10 {
            eprintln!("… and {} more errors; `replayground inspect` lists them", loaded.n_errors - 10);
        }
        let outcome = if loaded.n_errors == 0 { Outcome::Clean } else { Outcome::InputHasErrors };
        Ok((loaded, outcome))
    }

    /// Reads everything and gets it ready to be replayed.
    pub(crate) fn replay(&self, options: &ReplayOptions) -> anyhow::Result<(Replay, Loaded, Outcome)> {
        let schedule: Schedule = options.schedule.parse().map_err(|error| usage(&format!("{error}")))?;
        let name = match (options.projection.as_deref(), &options.jq) {
            (Some(name), Some(_)) if name != "jq" => {
                return Err(usage(&format!("--jq is a program for the projection jq, not for {name}")));
            }
            (None, Some(_)) => Some("jq"),
            (name, _) => name,
        };
        let wanted = name.map(|name| Projection::new(name, options.jq.as_deref())).transpose();
        let wanted = wanted.map_err(|error| usage(&error.to_string()))?;
        let (loaded, outcome) = self.load(options.key_by.as_deref())?;
        let projection = wanted.unwrap_or_else(|| Projection::new(loaded.guessed_projection, None).unwrap_or_default());
        let order = Arc::new(Order::new(&loaded.log, schedule));
        let preparation: Preparation = Replay::prepare(loaded.log.clone(), order, projection);
        Ok((preparation.finish(), loaded, outcome))
    }
}

/// Reads the files, and again with the schemas that their values name.
fn with_schemas(registry: &str, files: Vec<(String, Source)>, options: &LoadOptions) -> anyhow::Result<Loaded> {
    if !registry.starts_with("http://") && !registry.starts_with("https://") {
        return Err(usage(&format!(
            "{registry:?} is no address of a Schema Registry: it looks like http://localhost:8081"
        )));
    }
    let loaded = load_sources(files.clone(), options).map_err(anyhow::Error::msg)?;
    let mut named = NamedSchemas::default();
    for index in 0..loaded.log.len() as u32 {
        named.look(&loaded.log.record(index));
    }
    let ids = named.ids();
    if ids.is_empty() {
        return Ok(loaded);
    }
    let schemas = kafka::schemas(registry, ids.into_iter().take(MOST_SCHEMAS))?;
    let options = LoadOptions { schemas: options.schemas.with(&schemas), ..options.clone() };
    load_sources(files, &options).map_err(anyhow::Error::msg)
}

/// An error that ends with exit code 2.
pub(crate) fn usage(text: &str) -> anyhow::Error {
    anyhow::Error::new(Usage(text.to_owned()))
}
