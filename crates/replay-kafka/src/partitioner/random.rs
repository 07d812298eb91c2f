//! A seeded stand-in for the random numbers that producers draw.

use std::num::NonZeroU32;

/// Random partitions, the same for the same seed on every machine.
///
/// Real producers draw from generators seeded by the system, so their sequence cannot be had; their rules *when* to draw are followed.
/// The generator is `SplitMix64` (Steele, Lea, Flood 2014), whose numbers pass the usual tests from any seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomPartitions {
    state: u64,
}

impl RandomPartitions {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> RandomPartitions {
        RandomPartitions { state: seed }
    }

    /// The next one, each as likely as the others.
    ///
    /// As a rule for records it is librdkafka's `random`, and all that its other partitioners do with records without a key if
    /// `sticky.partitioning.linger.ms` is 0.
    pub fn next_partition(&mut self, partitions: NonZeroU32) -> u32 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // The high part of a product maps 64 bits to the range with a bias below 2^-32.
        ((u128::from(z) * u128::from(partitions.get())) >> 64) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_is_drawn_about_as_often() {
        let mut random = RandomPartitions::new(7);
        let seven = NonZeroU32::new(7).unwrap();
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[random.next_partition(seven) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (9_600..10_400).contains(&count)), "{counts:?}");
    }

    #[test]
    fn the_published_first_number_comes_out() {
        // The first output of SplitMix64 with seed 1234567 is 6457827717110365317; its high 32 bits scaled to 1000 are 350.
        let mut random = RandomPartitions::new(1_234_567);
        let expected = (6_457_827_717_110_365_317_u128 * 1_000) >> 64;
        assert_eq!(u128::from(random.next_partition(NonZeroU32::new(1_000).unwrap())), expected);
    }
}
