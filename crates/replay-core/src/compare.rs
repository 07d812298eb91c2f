//! Comparing what different lists of events make of an entity. Most lists differ in a few events and come to the same records in force, so
//! that nearly everything is said without reading a value.

use crate::fields::{FieldFold, Fields};
use crate::projection::{EntityState, Projection, is_same};
use crate::replay::fold;
use replay_log::{EntityId, Log, RecordIndex};

/// Compares states of one log. Holds what it has found out of forms and shapes, so keep it for many entities.
pub struct StateComparer {
    log: Log,
    projection: Projection,
    fields: Option<FieldFold>,
}

/// The state that others are held against.
pub struct Reference<'a> {
    entity: EntityId,
    events: &'a [RecordIndex],
    fields: Option<Fields>,
    /// Folded in full, once that is needed.
    full: Option<EntityState>,
}

/// How a state compares with the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// They show the same value, or are both not there.
    pub is_alike: bool,
    /// As many events were applied.
    pub is_same_version: bool,
}

impl StateComparer {
    /// Of this log under a projection.
    pub fn new(log: Log, projection: Projection) -> StateComparer {
        let fields = FieldFold::new(&projection);
        StateComparer { log, projection, fields }
    }

    /// The state that these events make.
    pub fn reference<'a>(&mut self, entity: EntityId, events: &'a [RecordIndex]) -> Reference<'a> {
        let fields = self.fields.as_mut().and_then(|fold| fold.fold(&self.log, events));
        Reference { entity, events, fields, full: None }
    }

    /// Compares what other events make of the entity.
    pub fn compare(&mut self, reference: &mut Reference<'_>, events: &[RecordIndex]) -> Comparison {
        if let (Some(expected), Some(fold)) = (&reference.fields, &mut self.fields)
            && let Some(found) = fold.fold(&self.log, events)
            && let Some(is_same) = fold.is_same(&self.log, expected, &found)
        {
            let are_none = expected.shape == 0 && found.shape == 0;
            return Comparison { is_alike: is_same || are_none, is_same_version: expected.version == found.version };
        }
        let found = fold(&self.log, &self.projection, reference.entity, EntityState::default(), events);
        self.compare_state(reference, &found)
    }

    /// Compares a state that was made in another way.
    pub fn compare_state(&mut self, reference: &mut Reference<'_>, found: &EntityState) -> Comparison {
        let (log, projection, entity, events) = (&self.log, &self.projection, reference.entity, reference.events);
        let expected =
            reference.full.get_or_insert_with(|| fold(log, projection, entity, EntityState::default(), events));
        let are_none = expected.root.is_none() && found.root.is_none();
        Comparison {
            is_alike: is_same(expected, found) || are_none,
            is_same_version: expected.version == found.version,
        }
    }
}
