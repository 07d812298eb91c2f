//! Schemas beside values: Avro as a file or in a registry's answer, with references, and what is no Avro. The byte 0xff ends a schema; what
//! is behind the third is a value.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, Schemas, load};
use replay_formats_fuzz::look;

/// A schema's text as it stands in a registry's answer.
fn answer(text: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(text).chars().filter(|c| !c.is_control()).collect();
    format!("{{\"schema\":\"{}\"}}", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fuzz_target!(|bytes: &[u8]| {
    let mut files: Vec<&[u8]> = bytes.splitn(4, |byte| *byte == 0xff).collect();
    let value = files.pop().unwrap_or_default();
    let mut schemas = Schemas::default();
    for (id, file) in files.iter().enumerate() {
        let name = format!("schema-registry-ids-{id}.json");
        let found = Schemas::of_file(&name, file).or_else(|| Schemas::of_file(&name, answer(file).as_bytes()));
        schemas = found.map_or_else(|| schemas.clone(), |found| schemas.with(&found));
    }
    std::hint::black_box(schemas.names());
    let mut records = Vec::new();
    for id in 0..4 {
        let framed = STANDARD.encode([&[0, 0, 0, 0, id], value].concat());
        records.push(format!("{{\"topic\":\"t\",\"partition\":0,\"offset\":{id},\"key\":\"{framed}\",\"value\":\"{framed}\"}}"));
    }
    let text = format!("[{}]", records.join(","));
    let format = Some("rest-v2-binary".parse().expect("a format's name"));
    look(&load(text.as_bytes(), LoadOptions { format, schemas, ..LoadOptions::default() }));
});
