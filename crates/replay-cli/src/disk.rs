//! Files on disk as sources: a large one is read where it is looked at, so that its size does not matter.

use replay_formats::Source;
use replay_log::text::Fetch;
use std::fs::File;
use std::io;
use std::sync::{Arc, OnceLock};

/// Smaller files are read at once: whether they are schemas is seen only then.
const SMALL: u64 = 4 << 20;

/// The first file that could no longer be read when it was looked at again, and why: what was printed since is not to be relied on.
pub(crate) fn trouble() -> Option<&'static str> {
    TROUBLE.get().map(String::as_str)
}

static TROUBLE: OnceLock<String> = OnceLock::new();

/// A file's bytes, or where they are.
///
/// # Errors
/// Those of the file system.
pub(crate) fn source(name: &str) -> io::Result<Source> {
    let file = File::open(name)?;
    let about = file.metadata()?;
    // A pipe has no length and can be read only once.
    if !about.is_file() || about.len() < SMALL {
        return std::fs::read(name).map(Source::Bytes);
    }
    Ok(Source::Elsewhere(Arc::new(Disk { file, length: about.len(), name: name.to_owned() })))
}

/// A file that stays open, as long as it was when it was opened.
struct Disk {
    file: File,
    length: u64,
    name: String,
}

impl Disk {
    fn fail(&self, why: &str) {
        TROUBLE.get_or_init(|| format!("{}: {why}", self.name));
    }
}

impl Fetch for Disk {
    fn len(&self) -> u64 {
        self.length
    }

    fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.fetch_into(start, length, &mut bytes)?;
        Ok(bytes)
    }

    fn fetch_into(&self, start: u64, length: usize, into: &mut Vec<u8>) -> Result<(), String> {
        let length = usize::try_from(self.length.saturating_sub(start)).unwrap_or(usize::MAX).min(length);
        let mut end = into.len();
        into.resize(end + length, 0);
        let mut at = start;
        while end < into.len() {
            match read_at(&self.file, &mut into[end..], at) {
                Ok(0) => {
                    self.fail("it became shorter while it was read");
                    break;
                }
                Ok(n) => (at, end) = (at + n as u64, end + n),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.fail(&error.to_string());
                    return Err(error.to_string());
                }
            }
        }
        into.truncate(end);
        Ok(())
    }

    fn is_quick(&self) -> bool {
        true
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}
