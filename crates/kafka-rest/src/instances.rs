//! Consumer instances of the REST Proxy's v2 API: what each reads and where it stands, kept here and never in Kafka.

use crate::clock::now;
use crate::encode::Shape;
use crate::error::Error;
use crate::kafka::{Client, Isolation};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What an instance was created with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The word of the `format` setting.
    pub(crate) format: &'static str,
    pub(crate) shape: Shape,
    pub(crate) reset: Reset,
    pub(crate) isolation: Isolation,
    /// How long a request for records waits for some.
    pub(crate) timeout: Duration,
}

/// Where reading begins without a position, and where it goes on if the position is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reset {
    Earliest,
    Latest,
    /// The client is told.
    None,
}

/// One instance. The state is locked for as long as a request reads with it.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) kind: Kind,
    pub(crate) state: Arc<tokio::sync::Mutex<State>>,
    used: Mutex<Instant>,
}

/// What changes.
#[derive(Default)]
pub(crate) struct State {
    /// Made at the first read.
    pub(crate) client: Option<Client>,
    pub(crate) is_subscribed: bool,
    /// By topic and partition; `None` until its position is known.
    pub(crate) positions: BTreeMap<(String, i32), Option<i64>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("positions", &self.positions).finish_non_exhaustive()
    }
}

/// By group and name.
type Table = BTreeMap<(String, String), Arc<Instance>>;

/// All instances.
#[derive(Debug)]
pub(crate) struct Instances {
    most: usize,
    idle: Duration,
    table: Mutex<Table>,
}

impl Instances {
    pub(crate) fn new(most: usize, idle: Duration) -> Self {
        Self { most, idle, table: Mutex::default() }
    }

    /// Adds one.
    pub(crate) fn create(&self, group: &str, name: &str, kind: Kind) -> Result<(), Error> {
        self.expire();
        let mut table = self.locked();
        let key = (group.to_owned(), name.to_owned());
        if table.contains_key(&key) {
            return Err(Error::InstanceExists { group: key.0, instance: key.1 });
        }
        if table.len() >= self.most {
            return Err(Error::Full { what: "all places for consumer instances", limit: self.most });
        }
        table.insert(key, Arc::new(Instance { kind, state: Arc::default(), used: Mutex::new(now()) }));
        Ok(())
    }

    /// Finds one, which counts as a use of it.
    pub(crate) fn get(&self, group: &str, name: &str) -> Result<Arc<Instance>, Error> {
        self.expire();
        let found = self.locked().get(&(group.to_owned(), name.to_owned())).cloned();
        let instance =
            found.ok_or_else(|| Error::UnknownInstance { group: group.to_owned(), instance: name.to_owned() })?;
        instance.touch();
        Ok(instance)
    }

    /// Removes one. Its client is closed when the last request that uses it is done.
    pub(crate) fn remove(&self, group: &str, name: &str) -> Result<Arc<Instance>, Error> {
        let removed = self.locked().remove(&(group.to_owned(), name.to_owned()));
        removed.ok_or_else(|| Error::UnknownInstance { group: group.to_owned(), instance: name.to_owned() })
    }

    /// Drops those that were not used for long, and says how many are left.
    pub(crate) fn expire(&self) -> usize {
        let is_idle = |instance: &Arc<Instance>| {
            instance.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed() > self.idle
                && instance.state.try_lock().is_ok()
        };
        // Dropped after the lock is given back: closing a client takes its time.
        let mut table = self.locked();
        let idle: Vec<_> = table.extract_if(.., |_, instance| is_idle(instance)).collect();
        let left = table.len();
        drop(table);
        drop(idle);
        left
    }

    pub(crate) fn count(&self) -> usize {
        self.locked().len()
    }

    fn locked(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Instance {
    /// Starts its idle time anew.
    pub(crate) fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = now();
    }
}
