//! Event stores.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| replay_formats_fuzz::read_as(bytes, &["eventstore-atom", "eventstore-events", "eventstore-grpc", "marten", "axon", "message-db", "emmett", "cqrs-es"], Some("eventstore-events-s.json")));
