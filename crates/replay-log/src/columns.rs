//! A column of integers that costs what its values need: blocks of 256, each with its own base and byte width.
//!
//! Offsets, timestamps and places in a text differ little from their neighbours, so most blocks need one to four bytes a value
//! instead of eight. A value is found in O(1): its block's header, then its bytes.

use crate::part::{Damaged, Reader, Writer};

/// Values in a block.
const BLOCK: usize = 256;

#[derive(Debug, Clone, Copy)]
struct Block {
    base: i64,
    /// Where its bytes start.
    start: u32,
    /// Bytes a value: 0, 1, 2, 4 or 8.
    width: u8,
    /// Value 0 means absent, n means base + n - 1.
    has_absent: bool,
}

/// An append-only column of `i64`, any of which may be absent.
#[derive(Debug, Clone, Default)]
pub struct PackedColumn {
    blocks: Vec<Block>,
    bytes: Vec<Vec<u8>>,
    /// The block that is being filled; 0 stands where a value is absent.
    open: Vec<i64>,
    /// A bit for each value of the open block that is absent.
    absent: Bits,
}

/// A bit for each value of a block.
type Bits = [u64; BLOCK / 64];
const NONE: Bits = [0; BLOCK / 64];

#[inline]
fn is_set(bits: &Bits, index: usize) -> bool {
    bits[index / 64] & (1 << (index % 64)) != 0
}

/// The values of a block; 0 stands where one is absent.
pub(crate) struct Values {
    values: [i64; BLOCK],
    absent: Bits,
}

impl Values {
    pub(crate) fn new() -> Values {
        Values { values: [0; BLOCK], absent: NONE }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<i64> {
        (!is_set(&self.absent, index)).then_some(self.values[index])
    }

    /// The first `length`, 0 for those that are absent.
    pub(crate) fn all(&self, length: usize) -> impl Iterator<Item = i64> {
        self.values.iter().take(length).copied()
    }
}

/// Blocks whose bytes share one allocation: few enough that growing one never copies much, and `start` fits `u32`.
const BLOCKS_PER_PIECE: usize = 1024;

impl PackedColumn {
    /// An empty column.
    pub fn new() -> PackedColumn {
        PackedColumn::default()
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.open.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: Option<i64>) {
        if value.is_none() {
            self.absent[self.open.len() / 64] |= 1 << (self.open.len() % 64);
        }
        self.open.push(value.unwrap_or(0));
        if self.open.len() == BLOCK {
            self.seal();
        }
    }

    fn seal(&mut self) {
        let has_absent = self.absent != NONE;
        let (base, top) = if has_absent {
            let present =
                || (0..BLOCK).filter(|&index| !is_set(&self.absent, index)).filter_map(|index| self.open.get(index));
            (present().min().copied().unwrap_or(0), present().max().copied().unwrap_or(0))
        } else {
            let ends = |(low, high): (i64, i64), &value: &i64| (low.min(value), high.max(value));
            self.open.iter().fold((i64::MAX, i64::MIN), ends)
        };
        let spread = top.wrapping_sub(base) as u64;
        // A spread that leaves no room for the mark of absence needs all 64 bits and one more; such a block marks absence by i64::MIN.
        let top = spread.saturating_add(u64::from(has_absent));
        let width = match top {
            0 => 0,
            1..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        };
        if has_absent {
            for (index, value) in self.open.iter_mut().enumerate() {
                *value = match *value {
                    _ if is_set(&self.absent, index) => 0,
                    value if width == 8 => value ^ i64::MIN,
                    value => value.wrapping_sub(base).wrapping_add(1),
                };
            }
        }
        let zero = if has_absent { 0 } else { base };
        if self.blocks.len().is_multiple_of(BLOCKS_PER_PIECE) {
            if let Some(full) = self.bytes.last_mut() {
                full.shrink_to_fit();
            }
            self.bytes.push(Vec::new());
        }
        let Some(bytes) = self.bytes.last_mut() else { return };
        let start = bytes.len();
        bytes.resize(start + BLOCK * width, 0);
        let stored = self.open.iter().map(|value| value.wrapping_sub(zero));
        let place = &mut bytes[start..];
        match width {
            0 => {}
            1 => stored.zip(place).for_each(|(value, byte)| *byte = value as u8),
            2 => stored.zip(place.as_chunks_mut().0).for_each(|(value, bytes)| *bytes = (value as u16).to_le_bytes()),
            4 => stored.zip(place.as_chunks_mut().0).for_each(|(value, bytes)| *bytes = (value as u32).to_le_bytes()),
            _ => stored.zip(place.as_chunks_mut().0).for_each(|(value, bytes)| *bytes = value.to_le_bytes()),
        }
        self.blocks.push(Block { base, start: start as u32, width: width as u8, has_absent });
        self.open.clear();
        self.absent = NONE;
    }

    /// Appends the values of another column, each as `map` makes it.
    pub(crate) fn append(&mut self, other: &PackedColumn, map: impl Fn(i64) -> i64) {
        let mut values = Values::new();
        for number in 0..=other.blocks.len() {
            let length = other.block(number, &mut values);
            let mut from = 0;
            while from < length {
                let taken = (BLOCK - self.open.len()).min(length - from);
                if values.absent != NONE {
                    for index in (from..from + taken).filter(|&index| is_set(&values.absent, index)) {
                        let place = self.open.len() + index - from;
                        self.absent[place / 64] |= 1 << (place % 64);
                    }
                }
                self.open.extend(values.values[from..from + taken].iter().map(|&value| map(value)));
                from += taken;
                if self.open.len() == BLOCK {
                    self.seal();
                }
            }
        }
    }

    /// The value at `index`; `None` if it is absent or there is no such index.
    #[inline]
    pub fn get(&self, index: usize) -> Option<i64> {
        let number = index / BLOCK;
        let Some(block) = self.blocks.get(number) else {
            let index = index - self.blocks.len() * BLOCK;
            return self.open.get(index).copied().filter(|_| !is_set(&self.absent, index));
        };
        let width = block.width as usize;
        let at = block.start as usize + (index % BLOCK) * width;
        let bytes = self.bytes.get(number / BLOCKS_PER_PIECE)?.get(at..at + width)?;
        let mut word = [0; 8];
        match *bytes {
            [] => {}
            [a] => word[0] = a,
            [a, b] => word[..2].copy_from_slice(&[a, b]),
            [a, b, c, d] => word[..4].copy_from_slice(&[a, b, c, d]),
            _ => word.copy_from_slice(bytes),
        }
        let stored = u64::from_le_bytes(word);
        if !block.has_absent {
            return Some(block.base.wrapping_add(stored as i64));
        }
        match stored {
            0 => None,
            stored if width == 8 => Some((stored ^ (1 << 63)) as i64),
            stored => Some(block.base.wrapping_add((stored - 1) as i64)),
        }
    }

    /// Whether a value is larger than this. Blocks whose values cannot be are passed over.
    pub(crate) fn has_above(&self, limit: i64) -> bool {
        let may_be = |number: &usize| match self.blocks.get(*number) {
            Some(block) if block.width <= 4 => block.base.saturating_add((1_i64 << (8 * block.width)) - 1) > limit,
            _ => true,
        };
        let mut values = Values::new();
        (0..=self.blocks.len()).filter(may_be).any(|number| {
            let length = self.block(number, &mut values);
            (0..length).filter_map(|index| values.get(index)).any(|value| value > limit)
        })
    }

    /// Does something with each value that is there, in order.
    pub(crate) fn for_each(&self, mut does: impl FnMut(i64)) {
        let mut values = Values::new();
        for number in 0..=self.blocks.len() {
            let length = self.block(number, &mut values);
            if values.absent == NONE {
                values.all(length).for_each(&mut does);
            } else {
                (0..length).filter_map(|index| values.get(index)).for_each(&mut does);
            }
        }
    }

    /// The least and the largest value; `None` if none is there.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        let mut range = None;
        self.for_each(|value| {
            let (least, largest) = range.get_or_insert((value, value));
            *least = value.min(*least);
            *largest = value.max(*largest);
        });
        range
    }

    /// All values in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter { column: self, values: Values::new(), block: 0, at: 0, filled: 0 }
    }

    /// The values of a block; those of the open one behind the last. How many there are.
    pub(crate) fn block(&self, number: usize, into: &mut Values) -> usize {
        let Values { values, absent } = into;
        let Some(block) = self.blocks.get(number) else {
            if number > self.blocks.len() {
                return 0;
            }
            values[..self.open.len()].copy_from_slice(&self.open);
            *absent = self.absent;
            return self.open.len();
        };
        let width = block.width as usize;
        let start = block.start as usize;
        let bytes = self.bytes.get(number / BLOCKS_PER_PIECE).and_then(|piece| piece.get(start..start + BLOCK * width));
        let bytes = bytes.unwrap_or_default();
        let base = if block.has_absent { 0 } else { block.base };
        let value_of = |stored: u64| base.wrapping_add(stored as i64);
        match width {
            0 => values.fill(value_of(0)),
            1 => fill(values, bytes.iter().map(|&byte| u64::from(byte)), value_of),
            2 => fill(values, bytes.as_chunks().0.iter().map(|&b| u64::from(u16::from_le_bytes(b))), value_of),
            4 => fill(values, bytes.as_chunks().0.iter().map(|&b| u64::from(u32::from_le_bytes(b))), value_of),
            _ => fill(values, bytes.as_chunks().0.iter().map(|&b| u64::from_le_bytes(b)), value_of),
        }
        *absent = NONE;
        if block.has_absent {
            for (index, value) in values.iter_mut().enumerate() {
                *value = match *value {
                    0 => {
                        absent[index / 64] |= 1 << (index % 64);
                        0
                    }
                    stored if width == 8 => stored ^ i64::MIN,
                    stored => block.base.wrapping_add(stored).wrapping_sub(1),
                };
            }
        }
        BLOCK
    }

    /// Writes the column as bytes.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.number(self.blocks.len() as u64);
        for block in &self.blocks {
            out.number(block.base as u64);
            out.0.extend_from_slice(&[block.width, u8::from(block.has_absent)]);
        }
        for piece in &self.bytes {
            out.0.extend_from_slice(piece);
        }
        out.number(self.open.len() as u64);
        for (index, &value) in self.open.iter().enumerate() {
            out.0.push(u8::from(is_set(&self.absent, index)));
            out.number(value as u64);
        }
    }

    /// Reads what `write` wrote.
    pub(crate) fn read(bytes: &mut Reader<'_>) -> Result<PackedColumn, Damaged> {
        let mut column = PackedColumn::new();
        let mut start = 0;
        for number in 0..bytes.count()? {
            if number.is_multiple_of(BLOCKS_PER_PIECE) {
                start = 0;
            }
            let base = bytes.number()? as i64;
            let &[width @ (0 | 1 | 2 | 4 | 8), has_absent] = bytes.take(2)? else { return Err(Damaged) };
            column.blocks.push(Block { base, start, width, has_absent: has_absent != 0 });
            start += BLOCK as u32 * u32::from(width);
        }
        for blocks in column.blocks.chunks(BLOCKS_PER_PIECE) {
            let length = blocks.iter().map(|block| BLOCK * block.width as usize).sum();
            column.bytes.push(bytes.take(length)?.to_vec());
        }
        for _ in 0..bytes.count()?.min(BLOCK - 1) {
            let is_absent = bytes.take(1)? == [1];
            let value = bytes.number()? as i64;
            column.push((!is_absent).then_some(value));
        }
        Ok(column)
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>()
            + self.bytes.iter().map(Vec::capacity).sum::<usize>()
            + self.open.capacity() * size_of::<i64>()
    }
}

fn fill(values: &mut [i64], stored: impl Iterator<Item = u64>, value_of: impl Fn(u64) -> i64) {
    for (value, stored) in values.iter_mut().zip(stored) {
        *value = value_of(stored);
    }
}

impl<'a> IntoIterator for &'a PackedColumn {
    type Item = Option<i64>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The values of a column in order, decoded a block at a time.
pub struct Iter<'a> {
    column: &'a PackedColumn,
    values: Values,
    block: usize,
    at: usize,
    filled: usize,
}

impl Iterator for Iter<'_> {
    type Item = Option<i64>;

    #[inline]
    fn next(&mut self) -> Option<Option<i64>> {
        if self.at == self.filled {
            self.filled = self.column.block(self.block, &mut self.values);
            (self.at, self.block) = (0, self.block + 1);
            if self.filled == 0 {
                return None;
            }
        }
        let value = self.values.get(self.at);
        self.at += 1;
        Some(value)
    }
}

impl Extend<Option<i64>> for PackedColumn {
    fn extend<T: IntoIterator<Item = Option<i64>>>(&mut self, values: T) {
        for value in values {
            self.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[Option<i64>]) {
        let mut column = PackedColumn::new();
        column.extend(values.iter().copied());
        assert_eq!(column.iter().collect::<Vec<_>>(), values);
        let mut behind = PackedColumn::new();
        behind.extend(values.iter().take(77).copied());
        behind.append(&column, |value| value);
        assert_eq!(behind.iter().skip(77.min(values.len())).collect::<Vec<_>>(), values);
        let mut bytes = Writer(Vec::new());
        column.write(&mut bytes);
        let read = PackedColumn::read(&mut Reader(&bytes.0)).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), values);
        assert!((0..values.len()).all(|index| read.get(index) == values[index]));
        assert_eq!(column.get(values.len()), None);
        for limit in [i64::MIN, -5, 0, 100, 70_000, i64::MAX - 1, i64::MAX] {
            assert_eq!(column.has_above(limit), values.iter().flatten().any(|&value| value > limit), "{limit}");
        }
    }

    #[test]
    fn every_width_gives_its_values_back() {
        for spread in [0, 1, 255, 256, 65_535, 65_536, 1 << 32, i64::MAX / 512] {
            check(&(0..1000).map(|n| Some(-5 + (n % 256) * spread / 255)).collect::<Vec<_>>());
            check(&(0..1000).map(|n| (n % 3 > 0).then_some(77 + (n % 256) * spread / 255)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_ends_of_the_range_stand_beside_absent_values() {
        let mut values = vec![Some(i64::MAX), None, Some(0), Some(i64::MIN + 1)];
        values.resize(600, None);
        check(&values);
    }

    #[test]
    fn neighbours_cost_little() {
        let mut column = PackedColumn::new();
        column.extend((0..100_000).map(|n| Some(1_740_960_000_000 + n)));
        assert!(column.memory() < 250_000, "{}", column.memory());
    }
}
