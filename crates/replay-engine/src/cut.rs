//! Texts so long that nobody reads them, and that no page can show.

/// Bytes of one value in a tree, a list or a difference.
pub(crate) const OF_VALUE: usize = 64 << 10;
/// Bytes of a whole state or record. What is longer is whole in what is saved or converted.
pub(crate) const OF_WHOLE: usize = 4 << 20;

/// The text, or its beginning and how many bytes are left away.
pub(crate) fn cut(mut text: String, longest: usize) -> String {
    if text.len() <= longest {
        return text;
    }
    let end = (0..=longest).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    let rest = text.len() - end;
    text.truncate(end);
    text.push_str("… +");
    text.push_str(&rest.to_string());
    text.push_str(" B");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_what_is_left_away() {
        assert_eq!(cut("日志".to_owned(), 6), "日志");
        assert_eq!(cut("日志日志".to_owned(), 7), "日志… +6 B");
        assert_eq!(cut("abc".to_owned(), 0), "… +3 B");
    }
}
