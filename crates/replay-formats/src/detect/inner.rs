//! Values that are envelopes themselves, inside of Kafka's records: structured `CloudEvents`, and messages of `MassTransit`.
//!
//! Sources: cloudevents/spec `bindings/kafka-protocol-binding.md` 3.3; `MassTransit`, "Message envelope".

use super::envelope::transport_of;
use super::evidence::Evidence;
use super::names::Names;
use crate::decode::{Depth, JsonDecoder};
use crate::format::Transport;
use crate::layout::layout_of;
use crate::mapping::Role;
use replay_log::record::Payload;
use replay_log::scan;

/// What the members of an inner envelope say about the record.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) pointers: Vec<(String, Role)>,
    /// Those of them that occur in the sample.
    pub(super) present: Vec<String>,
}

/// The envelope that most values are.
pub(super) fn inner_of_values(decoder: &JsonDecoder, objects: &[&[u8]], evidence: &mut Vec<Evidence>) -> Inner {
    let mut values = Vec::new();
    for object in objects {
        if let Ok((record, _)) = decoder.decode_at(object, 0, Depth::Full)
            && let Payload::Bytes(value) = record.value
        {
            values.push(value);
        }
    }
    for transport in [Transport::CloudEvents, Transport::MassTransit] {
        let is_one = |value: &&[u8]| transport_of(&Names::new(value), false, None) == Some(transport);
        let records = values.iter().map(|value| &value[..]).filter(is_one).count();
        if records * 2 > values.len() {
            evidence.push(Evidence::Values { format: transport.name(), records, of: values.len() });
            let mut pointers = layout_of(transport).pointers;
            // Kafka's record has a key and headers of its own.
            pointers.retain(|(_, role)| !matches!(role, Role::Key | Role::Headers | Role::Topic));
            let occurs = |pointer: &str| values.iter().any(|value| scan::pointer(value, pointer).is_some());
            let present = pointers.iter().map(|(pointer, _)| pointer.clone()).filter(|pointer| occurs(pointer));
            return Inner { present: present.collect(), pointers };
        }
    }
    Inner::default()
}
