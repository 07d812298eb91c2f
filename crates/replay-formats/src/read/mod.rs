//! The readers. `json_text` finds records in JSON text; `console`, `kcat_format`, `table`, `dump_log` and `lines` write other text over
//! into lines of JSON records; the others read the values of change data.

pub(crate) mod canal;
pub(crate) mod console;
pub(crate) mod debezium;
pub(crate) mod dms;
pub(crate) mod dump_log;
pub(crate) mod flink;
pub(crate) mod json_text;
pub(crate) mod kcat_format;
pub(crate) mod maxwell;
pub(crate) mod ogg;
pub(crate) mod program_log;
pub(crate) mod segment;
pub(crate) mod sse;
pub(crate) mod table;
pub(crate) mod ticdc_open;
pub(crate) mod ticdc_simple;
pub(crate) mod transcribe;
pub(crate) mod wal2json;
