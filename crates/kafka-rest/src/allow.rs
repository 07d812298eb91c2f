//! Which topics may be read at all.

/// The patterns of the settings; `*` stands for any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowed(Vec<String>);

impl Allowed {
    pub(crate) fn new(patterns: &[String]) -> Self {
        Self(patterns.to_vec())
    }

    /// Without patterns, all topics but Kafka's own, which begin with two underscores.
    pub(crate) fn is_allowed(&self, topic: &str) -> bool {
        if self.0.is_empty() {
            return !topic.starts_with("__");
        }
        self.0.iter().any(|pattern| matches(pattern, topic))
    }
}

/// Linear in the text but for `*`s that compete, which are tried from the left; patterns come from the operator.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::Allowed;

    #[track_caller]
    fn check(patterns: &str, topic: &str, expected: bool) {
        let patterns: Vec<String> = patterns.split_whitespace().map(str::to_owned).collect();
        assert_eq!(Allowed::new(&patterns).is_allowed(topic), expected, "{topic} of {patterns:?}");
    }

    #[test]
    fn a_star_is_any_text() {
        check("orders", "orders", true);
        check("orders", "orders-2", false);
        check("orders*", "orders-2", true);
        check("*-events", "status-events", true);
        check("a*b*c", "a-b-c", true);
        check("a*b*c", "a-c-b", false);
        check("aba*ba", "aba", false);
        check("x *", "anything", true);
    }

    #[test]
    fn kafkas_own_topics_are_left_out_unless_named() {
        check("", "orders", true);
        check("", "__consumer_offsets", false);
        check("__*", "__consumer_offsets", true);
    }
}
