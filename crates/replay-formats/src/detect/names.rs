//! Questions about the members of an object.

use replay_log::scan;

/// The names of an object's members, for questions about them.
pub(super) struct Names<'a> {
    pub(super) object: &'a [u8],
    pub(super) names: Vec<&'a [u8]>,
}

impl<'a> Names<'a> {
    pub(super) fn new(object: &'a [u8]) -> Names<'a> {
        Names {
            object,
            names: scan::members(object, scan::skip_ws(object, 0)).flatten().map(|member| member.name).collect(),
        }
    }

    pub(super) fn all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.names.contains(&name.as_bytes()))
    }

    pub(super) fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.names.contains(&name.as_bytes()))
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| *n == name.as_bytes())
    }

    pub(super) fn at(&self, pointer: &str) -> Option<&'a [u8]> {
        scan::pointer(self.object, pointer)
    }
}
