//! A text that is looked for in bytes: letters of ASCII match in either case.

use memchr::memmem::Finder;

/// A text to look for, prepared.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    text: Vec<u8>,
    how: How,
}

#[derive(Debug, Clone)]
enum How {
    /// An empty text is everywhere.
    Empty,
    /// No letters: the bytes as they are.
    Exact(Box<Finder<'static>>),
    /// The byte at `rare` is looked for in both cases, and the rest is compared where it stands.
    AnyCase { rare: usize, lower: u8, upper: u8 },
}

impl Needle {
    /// `sample` is text like that in which will be searched: the byte that is rarest there is looked for first.
    pub(super) fn new(text: &str, sample: &[u8]) -> Needle {
        let text = text.as_bytes().to_vec();
        let how = if text.is_empty() {
            How::Empty
        } else if text.iter().any(u8::is_ascii_alphabetic) {
            let mut counts = [0_u32; 256];
            for byte in sample {
                counts[usize::from(*byte)] += 1;
            }
            let count = |byte: u8| counts[usize::from(byte)];
            let both = |byte: u8| match (byte.to_ascii_lowercase(), byte.to_ascii_uppercase()) {
                (lower, upper) if lower == upper => count(lower),
                (lower, upper) => count(lower) + count(upper),
            };
            let rare = (0..text.len()).min_by_key(|&at| both(text[at])).unwrap_or(0);
            How::AnyCase { rare, lower: text[rare].to_ascii_lowercase(), upper: text[rare].to_ascii_uppercase() }
        } else {
            How::Exact(Box::new(Finder::new(&text).into_owned()))
        };
        Needle { text, how }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether JSON writes the text as it is, apart from `\u…`, which may stand for anything.
    pub(super) fn is_plain(&self) -> bool {
        !self.text.iter().any(|byte| byte.is_ascii_control() || matches!(byte, b'"' | b'\\' | b'/'))
    }

    /// Whether the text is in these bytes.
    #[inline]
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        self.find(bytes).is_some()
    }

    /// Where the text stands first.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8]) -> Option<usize> {
        match &self.how {
            How::Empty => Some(0),
            How::Exact(finder) => finder.find(bytes),
            How::AnyCase { rare, lower, upper } => {
                let last = (bytes.len() + 1).checked_sub(self.text.len() - rare)?;
                let window = bytes.get(*rare..last)?;
                let fits = |at: &usize| bytes[*at..at + self.text.len()].eq_ignore_ascii_case(&self.text);
                if lower == upper {
                    memchr::memchr_iter(*lower, window).find(fits)
                } else {
                    memchr::memchr2_iter(*lower, *upper, window).find(fits)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, wanted: &str, expected: bool) {
        for sample in ["", "aaaabbbc", text, wanted] {
            assert_eq!(
                Needle::new(wanted, sample.as_bytes()).is_in(text.as_bytes()),
                expected,
                "{wanted:?} in {text:?}"
            );
        }
    }

    #[test]
    fn text_is_found_in_either_case_and_at_both_ends() {
        for wanted in ["C", "A", "aBc", "", "bc"] {
            check("abc", wanted, true);
        }
        check("", "", true);
        check("ab", "abc", false);
        check("", "a", false);
        check("李四", "四", true);
        check("12.5", "2.", true);
        check("12.5", "25", false);
    }

    proptest! {
        #[test]
        fn it_finds_what_comparing_everywhere_finds(text in "[abAB1 李]{0,12}", wanted in "[abAB1李]{0,3}") {
            let slow = (0..=text.len()).any(|at| {
                text.as_bytes().get(at..at + wanted.len()).is_some_and(|there| there.eq_ignore_ascii_case(wanted.as_bytes()))
            });
            prop_assert_eq!(Needle::new(&wanted, text.as_bytes()).is_in(text.as_bytes()), slow);
        }
    }
}
