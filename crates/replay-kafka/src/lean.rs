//! Sorting and collecting of few things in little code.
//!
//! The standard sort is made anew for each type and each order, some five kilobytes each time, and collecting into an ordered map or set sorts,
//! too. What is rarely done and small takes the ways here, which are made once or are short.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts numbers by what they stand for; equal ones keep their order.
pub(crate) fn sort_by(numbers: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    numbers.sort_by(|&a, &b| compare(a, b));
}

/// The same by a key.
pub(crate) fn sort_by_key<K: Ord>(numbers: &mut [usize], key: impl Fn(usize) -> K) {
    sort_by(numbers, &mut |a, b| key(a).cmp(&key(b)));
}

/// Like `collect`.
pub(crate) fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// Like `collect`.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}
