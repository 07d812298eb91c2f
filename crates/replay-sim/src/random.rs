//! The simulation's only source of chance.

/// `SplitMix64` (Steele, Lea, Flood 2014): small, seeded, the same everywhere. One generator per purpose, so that turning one control
/// leaves the choices of the others as they were.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The generator of one purpose under a seed.
    pub(crate) fn new(seed: u64, purpose: u64) -> Random {
        let mut random = Random(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.next();
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if there is none.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }

    /// True in `share` of all calls.
    pub(crate) fn chance(&mut self, share: f64) -> bool {
        // 53 bits are what an f64 holds exactly; so a share of 1 is always and 0 never.
        ((self.next() >> 11) as f64) < share * 9_007_199_254_740_992.0
    }
}
