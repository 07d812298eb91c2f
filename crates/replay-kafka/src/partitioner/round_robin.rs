//! One partition after the other, whatever the key.

use std::num::NonZeroU32;

/// The Java client's `RoundRobinPartitioner`, as of Kafka 4.0.
///
/// Rounds go from partition 0 up. In the client they follow a hash map over all partitions of all topics that it has met, so their order
/// is another, and the same in every round.
///
/// Before 4.0 the producer asked a second time when a record opened a batch, so that partitions were passed over (KAFKA-9965); that is
/// not modelled. Source: Apache Kafka, `RoundRobinPartitioner.partition`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundRobin {
    count: u32,
}

impl RoundRobin {
    /// Begins with partition 0.
    pub fn new() -> RoundRobin {
        RoundRobin::default()
    }

    /// The next record's partition.
    pub fn next_partition(&mut self, partitions: NonZeroU32) -> u32 {
        // A Java counter overflows to negative numbers, of which the sign bit is dropped.
        let value = self.count & 0x7fff_ffff;
        self.count = self.count.wrapping_add(1);
        value % partitions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_round() {
        let mut rule = RoundRobin::new();
        let three = NonZeroU32::new(3).unwrap();
        let drawn: Vec<u32> = (0..7).map(|_| rule.next_partition(three)).collect();
        assert_eq!(drawn, [0, 1, 2, 0, 1, 2, 0]);
    }

    #[test]
    fn an_overflowing_counter_begins_again() {
        let mut rule = RoundRobin { count: 0x7fff_ffff };
        let ten = NonZeroU32::new(10).unwrap();
        assert_eq!((rule.next_partition(ten), rule.next_partition(ten)), (7, 0));
    }
}
