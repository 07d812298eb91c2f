//! Several files as one log.

use crate::detect::file_hints;
use crate::error::{Cause, MAX_ERRORS};
use crate::format::Transport;
use crate::loader::{LoadOptions, Loaded, load, load_vec};
use crate::registry::Schemas;
use crate::side_by_side::load_elsewhere;
use crate::sidecar::pair;
use replay_lean as lean;
use replay_log::builder::merge;
use replay_log::text::Fetch;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a file's bytes come from.
#[derive(Clone)]
pub enum Source {
    /// All of them.
    Bytes(Vec<u8>),
    /// They can be read anywhere, again and again, and stay where they are if that is possible.
    Elsewhere(Arc<dyn Fetch>),
}

/// [`load_sources`] of files that are in memory.
pub fn load_many(files: Vec<(String, Vec<u8>)>, options: &LoadOptions) -> Loaded {
    let files = files.into_iter().map(|(name, bytes)| (name, Source::Bytes(bytes))).collect();
    // What is in memory can be read.
    load_sources(files, options).unwrap_or_else(|_| load(&[], LoadOptions::default()))
}

/// Loads several files, each with its name, as one log: the same topic, partition and offset is the same record.
///
/// Each file may have its own format. What is shown of format, mapping and guesses is that of the first file that has records; a key that
/// was guessed for it is used for the others too, so that an entity has the same name everywhere.
///
/// # Errors
/// The words of a source that cannot be read, with its name.
pub fn load_sources(files: Vec<(String, Source)>, options: &LoadOptions) -> Result<Loaded, String> {
    let is_one = files.len() == 1;
    let mut options = options.clone();
    let mut loaded = Vec::new();
    // Schemas first, since other files need them.
    let mut records = Vec::new();
    let mut last_schema = None;
    for (name, source) in files {
        let schemas = match &source {
            Source::Bytes(bytes) if !is_one && options.format.is_none() => Schemas::of_file(&name, bytes),
            _ => None,
        };
        match schemas {
            Some(schemas) => {
                options.schemas = options.schemas.with(&schemas);
                last_schema = Some((name, source));
            }
            None => records.push((name, source)),
        }
    }
    // Nothing but schemas: one of them says so.
    records.extend(last_schema.filter(|_| records.is_empty()));
    for (name, source) in records {
        let of_file = LoadOptions { file_name: Some(name.clone()), ..options.clone() };
        let file = match source {
            Source::Bytes(bytes) => load_vec(bytes, of_file),
            Source::Elsewhere(home) => load_elsewhere(&home, &of_file).map_err(|detail| format!("{name}: {detail}"))?,
        };
        if options.key_by.is_none()
            && let Some(guess) = &file.key_guess
            && !is_one
        {
            options.key_by = Some(guess.pointer.clone());
        }
        loaded.push((name, file));
    }
    Ok(join(loaded))
}

/// Joins what was loaded file by file, in the order given.
pub fn join(files: Vec<(String, Loaded)>) -> Loaded {
    let files = in_order(pair(files));
    if files.len() <= 1 {
        return files.into_iter().next().map_or_else(|| load(&[], LoadOptions::default()), |(_, file)| file);
    }
    let first = files.iter().position(|(_, file)| !file.log.is_empty()).unwrap_or(0);
    let mut logs = Vec::new();
    let mut told = None;
    let (mut starts, mut records) = (Vec::new(), 0);
    let (mut errors, mut n_errors, mut tool_messages) = (Vec::new(), 0, 0);
    let mut error_kinds = BTreeMap::new();
    for (i, (name, mut file)) in files.into_iter().enumerate() {
        n_errors += file.n_errors;
        for (kind, n) in std::mem::take(&mut file.error_kinds) {
            *error_kinds.entry(kind).or_default() += n;
        }
        tool_messages += file.tool_messages;
        for mut error in std::mem::take(&mut file.errors) {
            error.file = Some(name.clone());
            errors.push(error);
        }
        let empty = load(&[], LoadOptions::default()).log;
        starts.push((records, name));
        records += file.log.len() as u64;
        logs.push(std::mem::replace(&mut file.log, empty));
        if i == first {
            told = Some(file);
        }
    }
    let (log, conflicts) = merge(logs);
    for conflict in conflicts {
        n_errors += 1;
        *error_kinds.entry("duplicate-offset").or_default() += 1;
        let cause = Cause::DuplicateOffset { partition: conflict.partition, offset: conflict.offset };
        // Which of the files has the record that was dropped, and which of its records it is.
        let file = starts.iter().rev().find(|(start, _)| *start <= u64::from(conflict.record));
        let (start, name) = file.map_or((0, String::new()), |(start, name)| (*start, name.clone()));
        let line = u64::from(conflict.record) - start + 1;
        errors.push(crate::error::ReadError { file: Some(name), line, column: 1, cause, around: None });
    }
    errors.truncate(MAX_ERRORS);
    let told = told.unwrap_or_else(|| load(&[], LoadOptions::default()));
    Loaded { log, errors, n_errors, error_kinds, tool_messages, ..told }
}

/// Files of sinks by topic, partition and first offset, which their names tell; the others as they come.
fn in_order(mut files: Vec<(String, Loaded)>) -> Vec<(String, Loaded)> {
    let place = |(name, file): &(String, Loaded)| {
        let hints = file_hints(Some(name), file.format.transport.unwrap_or(Transport::Bare));
        Some((hints.topic?, hints.partition?, hints.offset?))
    };
    if files.len() > 1 && files.iter().all(|file| place(file).is_some()) {
        lean::sort_by_key(&mut files, place);
    }
    files
}
