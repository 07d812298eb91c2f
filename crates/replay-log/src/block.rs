//! Sixteen bytes of text, looked at together.

use wide::u8x16;

/// Bytes of a block.
pub const BLOCK: usize = 16;

/// See the module. Sets of bytes are bits, the first byte's the lowest.
#[derive(Debug, Clone, Copy)]
pub struct Block(u8x16);

impl Block {
    /// The block that begins at `at`; `None` if the text ends before it does.
    #[inline]
    pub fn at(text: &[u8], at: usize) -> Option<Block> {
        Some(Block::of(text.get(at..)?.first_chunk::<BLOCK>()?))
    }

    /// These bytes.
    #[inline]
    pub fn of(bytes: &[u8; BLOCK]) -> Block {
        Block(u8x16::from(*bytes))
    }

    /// The first bytes of a text, with nothing behind them if it is shorter than a block.
    pub fn beginning(text: &[u8]) -> Block {
        let mut bytes = [0; BLOCK];
        let length = text.len().min(BLOCK);
        bytes[..length].copy_from_slice(&text[..length]);
        Block(u8x16::from(bytes))
    }

    /// The bytes that are the same in both.
    #[inline]
    pub fn same(self, other: Block) -> u32 {
        self.0.simd_eq(other.0).to_bitmask()
    }

    /// The bytes that end plain text in a string: `"`, `\` and what is below 0x20.
    #[inline]
    pub fn special(self) -> u32 {
        let control = self.0.min(u8x16::splat(0x1f)).simd_eq(self.0);
        let quote = self.0.simd_eq(u8x16::splat(b'"'));
        let backslash = self.0.simd_eq(u8x16::splat(b'\\'));
        (control | quote | backslash).to_bitmask()
    }

    /// The quotes, the backslashes, and the bytes below 0x20.
    #[inline]
    pub fn string_marks(self) -> (u32, u32, u32) {
        let control = self.0.min(u8x16::splat(0x1f)).simd_eq(self.0);
        let quote = self.0.simd_eq(u8x16::splat(b'"'));
        (quote.to_bitmask(), self.backslashes(), control.to_bitmask())
    }

    /// The backslashes.
    #[inline]
    pub fn backslashes(self) -> u32 {
        self.0.simd_eq(u8x16::splat(b'\\')).to_bitmask()
    }

    /// The bytes that are decimal digits.
    #[inline]
    pub fn digits(self) -> u32 {
        let value = self.0 - u8x16::splat(b'0');
        value.min(u8x16::splat(9)).simd_eq(value).to_bitmask()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `set` says of each byte, at each place of a block.
    fn check(set: impl Fn(Block) -> u32, is_in: impl Fn(u8) -> bool) {
        for byte in 0..=255 {
            for place in 0..BLOCK {
                let mut text = [b'a'; BLOCK];
                text[place] = byte;
                let expected = u32::from(is_in(byte)) << place;
                let others = if is_in(b'a') { u32::from(u16::MAX) & !(1 << place) } else { 0 };
                assert_eq!(Block::at(&text, 0).map(&set), Some(expected | others), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn a_set_holds_the_bytes_that_are_in_it() {
        check(Block::special, |byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        check(Block::digits, |byte| byte.is_ascii_digit());
        check(Block::backslashes, |byte| byte == b'\\');
        check(|block| block.string_marks().0, |byte| byte == b'"');
        check(|block| block.string_marks().1, |byte| byte == b'\\');
        check(|block| block.string_marks().2, |byte| byte < 0x20);
        check(|block| block.same(Block::beginning(&[b'a'; 20])), |byte| byte == b'a');
    }

    #[test]
    fn there_is_no_block_where_the_text_is_shorter() {
        let text = [b'x'; 20];
        assert!(Block::at(&text, 4).is_some());
        assert!([5, 20, 21, usize::MAX].iter().all(|&at| Block::at(&text, at).is_none()));
        assert_eq!(Block::beginning(b"abc").same(Block::beginning(b"abd")), u32::from(u16::MAX) & !4);
    }
}
