//! Values in Confluent's wire format, with a registry of a few schemas and a real broker.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::{Value, json};
use std::time::Duration;
use support::{broker, proxy};

const AVRO: &str = r#"{"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"item","type":["null","shop.Item"]}]}"#;
const ITEM: &str = r#"{"type":"record","name":"shop.Item","fields":[{"name":"n","type":"int"}]}"#;
const PROTO: &str = r#"syntax = "proto3"; message Paid { string id = 1; int32 cents = 2; }"#;

/// A registry on a free port of this machine.
async fn registry() -> String {
    let schema = async |Path(id): Path<String>| -> Result<Json<Value>, StatusCode> {
        match id.as_str() {
            "1" => Ok(Json(json!({ "schema": "\"string\"" }))),
            "2" => Ok(Json(json!({
                "schema": AVRO,
                "references": [{ "name": "shop.Item", "subject": "shop/item", "version": 3 }]
            }))),
            "3" => Ok(Json(json!({ "schema": "{}", "schemaType": "JSON" }))),
            "4" => Ok(Json(json!({ "schema": PROTO, "schemaType": "PROTOBUF" }))),
            "5" => Ok(Json(json!({ "schema": "{", "schemaType": "AVRO" }))),
            _ => Err(StatusCode::NOT_FOUND),
        }
    };
    let version = async |Path((subject, version)): Path<(String, u32)>| {
        assert_eq!((subject.as_str(), version), ("shop/item", 3));
        Json(json!({ "schema": ITEM }))
    };
    let routes = Router::new()
        .route("/schemas/ids/{id}", get(schema))
        .route("/subjects/{subject}/versions/{version}", get(version));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

fn framed(id: u8, payload: &[u8]) -> Vec<u8> {
    [&[0, 0, 0, 0, id], payload].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_values_are_decoded_and_unknown_ids_keep_their_bytes() {
    let Some(broker) = broker() else { return };
    broker.create_topic("wire", 1, &[]).unwrap();
    let producer: BaseProducer = broker.client().create().unwrap();
    let values = [
        framed(2, b"\x02a\x02\x0e"),
        framed(3, b"{\"a\":\n1}"),
        framed(4, b"\x00\x0a\x01b\x10\x05"),
        framed(9, b"?"),
        framed(2, b"\x02"),
        framed(5, b""),
        b"{\"plain\":true}".to_vec(),
    ];
    for value in &values {
        producer.send(BaseRecord::to("wire").partition(0).key(&framed(1, b"\x04k1")).payload(value)).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
    let url = registry().await;
    let proxy = proxy(broker, |settings| settings.schema_registry = Some(url.trim_end_matches('/').to_owned()));
    let lines = proxy.get("/topics/wire/partitions/0/records").await.lines();
    assert!(lines.iter().all(|line| line["key"] == "k1" && line["key_schema_id"] == 1), "{lines:?}");
    assert_eq!(lines[0]["value"], json!({ "id": "a", "item": { "n": 7 } }));
    assert_eq!((&lines[0]["value_schema_id"], &lines[1]["value"]), (&json!(2), &json!({ "a": 1 })));
    assert_eq!(lines[2]["value"], json!({ "id": "b", "cents": 5 }));
    for (n, why) in [(3, "does not know"), (4, "too early"), (5, "schema 5")] {
        assert!(lines[n]["value_error"].as_str().unwrap().contains(why), "{}", lines[n]);
        assert!(lines[n]["value_base64"].is_string() && lines[n].get("value").is_none(), "{}", lines[n]);
    }
    assert_eq!(lines[6]["value"], json!({ "plain": true }));
    let raw = proxy.get("/topics/wire/partitions/0/records?decode=false&count=1").await.lines();
    // Five of its bytes are zero or small, which are letters in UTF-8 too: told as the text they are.
    assert!(raw[0].get("value_schema_id").is_none() && raw[0]["value"].is_string(), "{}", raw[0]);
    let rest =
        proxy.ask("GET", "/topics/wire/partitions/0/records", "accept: application/vnd.kafka.json.v2+json", "").await;
    assert_eq!(rest.json()[2]["value"]["cents"], 5);
    assert_eq!(proxy.get("/proxy").await.json()["decodes_schemas"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_away_does_not_keep_records_back() {
    let Some(broker) = broker() else { return };
    broker.create_topic("away", 1, &[]).unwrap();
    let producer: BaseProducer = broker.client().create().unwrap();
    for _ in 0..1000 {
        producer.send(BaseRecord::<str, [u8]>::to("away").partition(0).payload(&framed(1, b"\x02k"))).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
    let proxy = proxy(broker, |settings| settings.schema_registry = Some(format!("http://{}", support::NOBODY)));
    let lines = proxy.get("/topics/away/partitions/0/records").await.lines();
    assert_eq!(lines.len(), 1000);
    assert!(lines[999]["value_error"].as_str().unwrap().contains("cannot be reached"), "{}", lines[999]);
}
