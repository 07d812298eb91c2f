//! Protobuf: a `.proto` file, another that it imports, and a value, apart by the byte 0xff; the first byte of a value tells the path to its
//! message. The schemas also as a descriptor set.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use replay_formats::{LoadOptions, Schemas, load};
use replay_formats_fuzz::look;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |byte| *byte == 0xff);
    let mut next = || parts.next().unwrap_or_default();
    let (main, import, value) = (next(), next(), next());
    let mut schemas = Schemas::default();
    for (name, file) in [("main.proto", main), ("import.proto", import), ("set.desc", main), ("set.desc", value)] {
        if let Some(found) = Schemas::of_file(name, file) {
            schemas = schemas.with(&found);
        }
    }
    std::hint::black_box((schemas.names(), schemas.messages(), schemas.problems().count()));
    let path = value.first().map_or(0, |byte| byte % 8);
    let values = [[&[0, 0, 0, 0, 1, 2, path << 1], value].concat(), [&[0, 0, 0, 0, 1, 0], value].concat(), value.to_vec()];
    let records: Vec<String> = values
        .iter()
        .map(|value| format!("{{\"topic\":\"t\",\"partition\":0,\"key\":\"\",\"value\":\"{}\"}}", STANDARD.encode(value)))
        .collect();
    let text = format!("[{}]", records.join(","));
    let format = Some("rest-v2-binary".parse().expect("a format's name"));
    look(&load(text.as_bytes(), LoadOptions { format, schemas, ..LoadOptions::default() }));
});
