//! Protobuf's wire format: fields with their numbers. Source: protobuf.dev, "Encoding".

/// Groups and messages nest deeper only to do harm; Protobuf's own libraries have the same limit.
pub(crate) const MAX_DEPTH: usize = 100;

/// What stands behind a field's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the words of Protobuf")]
pub(crate) enum Wire<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
    /// What lies between a group's two marks.
    Group(&'a [u8]),
}

/// Why bytes are no fields, and those that follow from the place where it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage<'a> {
    /// The bytes from there on.
    pub(crate) rest: &'a [u8],
    /// In words.
    pub(crate) what: &'static str,
}

/// Reads fields from the front of some bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    /// What was not read.
    pub(crate) rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The next field with its number; `None` at the end.
    ///
    /// # Errors
    /// If they are damaged or cut off.
    #[allow(clippy::should_implement_trait, reason = "an error ends it")]
    pub(crate) fn next(&mut self) -> Result<Option<(u32, Wire<'a>)>, Damage<'a>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        match self.field(0)? {
            (_, None) => Err(self.damage("a group ends that has not begun")),
            (number, Some(wire)) => Ok(Some((number, wire))),
        }
    }

    fn damage(&self, what: &'static str) -> Damage<'a> {
        Damage { rest: self.rest, what }
    }

    fn take(&mut self, n: u64) -> Result<&'a [u8], Damage<'a>> {
        let taken = usize::try_from(n).ok().and_then(|n| self.rest.split_at_checked(n));
        let (taken, rest) = taken.ok_or_else(|| self.damage("it is cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number of seven bits a byte.
    ///
    /// # Errors
    /// If it is damaged or cut off.
    pub(crate) fn varint(&mut self) -> Result<u64, Damage<'a>> {
        let mut number = 0;
        for (n, byte) in self.rest.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * n);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[n + 1..];
                return Ok(number);
            }
        }
        Err(self.damage(if self.rest.len() < 10 { "it is cut off" } else { "a number has more than ten bytes" }))
    }

    /// A number of eight bytes.
    ///
    /// # Errors
    /// If it is cut off.
    pub(crate) fn fixed64(&mut self) -> Result<u64, Damage<'a>> {
        let bytes = self.take(8)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
    }

    /// A number of four bytes.
    ///
    /// # Errors
    /// If it is cut off.
    pub(crate) fn fixed32(&mut self) -> Result<u32, Damage<'a>> {
        let bytes = self.take(4)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }

    /// A field; without a value it is the mark at the end of a group.
    fn field(&mut self, depth: usize) -> Result<(u32, Option<Wire<'a>>), Damage<'a>> {
        let start = *self;
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| (1..1 << 29).contains(number));
        let number = number.ok_or_else(|| start.damage("no field has such a number"))?;
        let wire = match tag & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => Wire::Fixed64(self.fixed64()?),
            2 => {
                let length = self.varint()?;
                Wire::Bytes(self.take(length)?)
            }
            3 => Wire::Group(self.group(number, depth)?),
            4 => return Ok((number, None)),
            5 => Wire::Fixed32(self.fixed32()?),
            _ => return Err(start.damage("no field has such a type")),
        };
        Ok((number, Some(wire)))
    }

    /// What is in a group that has begun.
    fn group(&mut self, number: u32, depth: usize) -> Result<&'a [u8], Damage<'a>> {
        if depth >= MAX_DEPTH {
            return Err(self.damage("it is nested too deeply"));
        }
        let inside = self.rest;
        loop {
            let before = *self;
            if let (end, None) = self.field(depth + 1)? {
                if end != number {
                    return Err(before.damage("another group ends than has begun"));
                }
                return Ok(&inside[..inside.len() - before.rest.len()]);
            }
        }
    }
}

/// Undoes the turns that keep small negative numbers short.
pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// The path to a message among those of its file, as Confluent's clients write it before the message, and what follows it. A single zero is
/// the path to the first message, by far the most frequent. Source: confluentinc/schema-registry, `MessageIndexes.java`.
pub fn path(bytes: &[u8]) -> Option<(Vec<usize>, &[u8])> {
    let mut fields = Fields { rest: bytes };
    let mut number = || usize::try_from(unzigzag(fields.varint().ok()?)).ok();
    let count = number()?;
    if count > MAX_DEPTH {
        return None;
    }
    let mut path = vec![0];
    if count > 0 {
        path = (0..count).map(|_| number()).collect::<Option<_>>()?;
    }
    Some((path, fields.rest))
}
