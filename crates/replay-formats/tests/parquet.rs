//! An archive is a Parquet file that another reader reads.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use replay_formats::write::ParquetWriter;
use replay_formats::{LoadOptions, load};

fn field<'a>(row: &'a Row, name: &str) -> &'a Field {
    row.get_column_iter().find(|(column, _)| *column == name).map(|(_, field)| field).unwrap()
}

fn archived(text: &str, copies: u64) -> SerializedFileReader<bytes::Bytes> {
    let log = load(text.as_bytes(), LoadOptions::default()).log;
    let mut writer = ParquetWriter::new();
    for copy in 0..copies {
        for record in 0..log.len() as u32 {
            writer.record(&log, record, copy * log.len() as u64 + u64::from(record) + 1);
        }
    }
    let (file, columns) = writer.finish();
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    for (n, (name, bytes)) in columns.iter().enumerate() {
        let groups = reader.metadata().row_groups();
        let told: i64 = groups.iter().map(|group| group.column(n).compressed_size()).sum();
        assert_eq!(told as u64, *bytes, "{name}");
    }
    reader
}

const LOG: &str = r#"{"topic":"t","partition":2,"offset":7,"timestamp":1700000000123,"key":"a","headers":[{"key":"event_type","value":"Neu"}],"value":{"n":1,"s":"李四"}}
{"topic":"t","partition":0,"offset":9,"timestamp":null,"key":null,"value":"{\"n\":2}"}
{"topic":"t","partition":0,"offset":10,"timestamp":1700000000124,"key":"a","value":null}
"#;

#[test]
fn another_reader_finds_what_was_written() {
    let reader = archived(LOG, 1);
    let rows: Vec<Row> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    let by_place = |partition: i32, offset: i64| {
        rows.iter()
            .find(|row| {
                *field(row, "partition") == Field::Int(partition) && *field(row, "offset") == Field::Long(offset)
            })
            .unwrap()
    };
    let first = by_place(2, 7);
    assert_eq!(*field(first, "topic"), Field::Str("t".into()));
    assert_eq!(*field(first, "timestamp"), Field::TimestampMillis(1_700_000_000_123));
    assert_eq!(*field(first, "key"), Field::Str("a".into()));
    assert_eq!(*field(first, "event_type"), Field::Str("Neu".into()));
    assert_eq!(*field(first, "value"), Field::Str(r#"{"n":1,"s":"李四"}"#.into()));
    assert_eq!(*field(first, "headers"), Field::Str(r#"[{"key":"event_type","value":"Neu"}]"#.into()));
    assert_eq!(*field(first, "value_bytes"), Field::Null);
    let second = by_place(0, 9);
    assert_eq!(*field(second, "timestamp"), Field::Null);
    assert_eq!(*field(by_place(0, 10), "value"), Field::Null);
}

#[test]
fn many_rows_make_several_groups() {
    let reader = archived(LOG, 30_000);
    assert_eq!(reader.metadata().num_row_groups(), 2);
    let positions: Vec<Field> =
        reader.get_row_iter(None).unwrap().map(|row| field(&row.unwrap(), "position").clone()).collect();
    assert_eq!(positions.len(), 90_000);
    assert!(positions.iter().enumerate().all(|(n, position)| *position == Field::Long(n as i64 + 1)));
}

#[test]
fn an_empty_log_makes_an_empty_file() {
    assert_eq!(archived(LOG, 0).metadata().file_metadata().num_rows(), 0);
}
