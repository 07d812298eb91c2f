//! A file on the user's disk, or a part of one, read ahead of the engine.
//!
//! The browser reads in another process, and goes on while the engine works on what has come, as long as there is room in the pipe between
//! them. A file is one stream, since each part that is asked for by itself opens the file anew: in parts of 2 MB, Chromium's own reading cost
//! twice the processor time. What comes lies in buffers that are used again: what a synchronous read leaves behind for the garbage collector
//! is as large as the file.

use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use replay_engine::{Attachment, ByteSource, Fetch, Read, Shared};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, FileReaderSync, ReadableStreamByobReader};

/// Bytes of a slice at most: it is as long as what has come.
const SLICE: u64 = 1 << 20;
/// And at least so long, but for the last: a browser that works on what it has just read does not hurry for each 64 KB.
const AT_LEAST: u64 = 256 << 10;
/// Slices waiting to be taken.
const SLICES: usize = 2;
/// Bytes that are read at once for who waits for them.
const AT_ONCE: f64 = (16 << 20) as f64;
/// Bytes that are copied at once: new memory is cleared first, and so much of it stays in the cache meanwhile.
const PIECE: usize = 128 << 10;

/// See the module.
pub(crate) struct FileSource {
    file: Blob,
    size: u64,
    ahead: Rc<RefCell<Ahead>>,
    /// Makes the host step the engine.
    wake: Rc<dyn Fn()>,
}

#[derive(Default)]
struct Ahead {
    /// The stream, from where the first slice was asked for; `None` before, and where files cannot be read into buffers of one's own.
    reader: Option<ReadableStreamByobReader>,
    /// Where the next slice starts.
    next: u64,
    is_reading: bool,
    /// Slices that have come, by where they start.
    ready: BTreeMap<u64, Result<Uint8Array, String>>,
    /// Buffers to be used again.
    spare: Vec<ArrayBuffer>,
}

impl Ahead {
    /// Nothing was asked for yet.
    fn is_fresh(&self) -> bool {
        self.next == 0 && !self.is_reading && self.ready.is_empty()
    }
}

impl FileSource {
    pub(crate) fn new(file: Blob, wake: Rc<dyn Fn()>) -> FileSource {
        FileSource { size: file.size() as u64, file, ahead: Rc::default(), wake }
    }

    fn ask_for_more(&self) {
        {
            let mut ahead = self.ahead.borrow_mut();
            if ahead.is_reading || ahead.next >= self.size || ahead.ready.len() >= SLICES {
                return;
            }
            ahead.is_reading = true;
            if ahead.reader.is_none() {
                let rest = self.file.slice_with_f64_and_f64(ahead.next as f64, self.size as f64);
                ahead.reader = rest.ok().and_then(|rest| ReadableStreamByobReader::new(&rest.stream()).ok());
            }
        }
        let (file, size) = (self.file.clone(), self.size);
        let (ahead, wake) = (Rc::clone(&self.ahead), Rc::clone(&self.wake));
        spawn_local(async move {
            loop {
                let (start, spare, reader) = {
                    let mut ahead = ahead.borrow_mut();
                    if ahead.next >= size || ahead.ready.len() >= SLICES {
                        ahead.is_reading = false;
                        return;
                    }
                    (ahead.next, ahead.spare.pop(), ahead.reader.clone())
                };
                let end = (start + SLICE).min(size);
                let read = match reader {
                    Some(reader) => some(&reader, size - start, spare).await,
                    None => whole(&file, start, end).await,
                };
                {
                    let mut ahead = ahead.borrow_mut();
                    ahead.next = read.as_ref().map_or(size, |slice| start + u64::from(slice.length()));
                    ahead.ready.insert(start, read.map_err(unreadable));
                }
                wake();
            }
        });
    }
}

impl ByteSource for FileSource {
    fn len(&self) -> u64 {
        self.size
    }

    /// For readers that go from the start to the end, a slice at a time: `length` is not looked at.
    fn read(&mut self, offset: u64, _: usize, into: &mut Vec<u8>) -> Result<Read, String> {
        if offset >= self.size {
            return Ok(Read::Bytes(0));
        }
        if self.ahead.borrow().is_fresh() {
            self.ahead.borrow_mut().next = offset;
        }
        self.ask_for_more();
        let Some(slice) = self.ahead.borrow_mut().ready.remove(&offset) else { return Ok(Read::Later) };
        let slice = slice?;
        let length = slice.length() as usize;
        for start in (0..length).step_by(PIECE) {
            let end = length.min(start + PIECE);
            let place = into.len();
            into.resize(place + end - start, 0);
            slice.subarray(start as u32, end as u32).copy_to(&mut into[place..]);
        }
        self.ahead.borrow_mut().spare.push(slice.buffer());
        self.ask_for_more();
        Ok(Read::Bytes(length))
    }

    fn get_ready(&mut self) {
        if self.ahead.borrow().is_fresh() {
            self.ask_for_more();
        }
    }

    fn read_now(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, String> {
        read_now(&self.file, offset, length)
    }

    fn home(&self) -> Option<Arc<dyn Fetch>> {
        Some(Arc::new(FileHome { file: self.file.clone(), size: self.size }))
    }

    fn again(&self) -> Option<Attachment> {
        Some(Box::new(FileSource::new(self.file.clone(), self.wake.clone())))
    }

    /// A part of a file is a handle, too: nothing is read for it.
    fn share(&self, part: Range<u64>) -> Option<Shared> {
        let part = self.file.slice_with_f64_and_f64(part.start as f64, part.end as f64).ok()?;
        Some(Shared(Box::new(part)))
    }
}

/// A file whose records are read when somebody looks at them.
struct FileHome {
    file: Blob,
    size: u64,
}

impl Fetch for FileHome {
    fn len(&self) -> u64 {
        self.size
    }

    fn fetch(&self, start: u64, length: usize) -> Result<Vec<u8>, String> {
        read_now(&self.file, start, length)
    }

    /// As one blob made of slices of the file: a read of its own for each takes twice as long.
    fn fetch_all(&self, pieces: &[Range<u64>]) -> Result<Vec<u8>, String> {
        let parts = Array::new();
        for piece in pieces {
            let part = self.file.slice_with_f64_and_f64(piece.start as f64, piece.end as f64);
            parts.push(part.map_err(unreadable)?.as_ref());
        }
        let all = Blob::new_with_blob_sequence(&parts).map_err(unreadable)?;
        read_now(&all, 0, all.size() as usize)
    }
}

/// In pieces, so that what the browser reads for a long record need not lie in memory twice.
fn read_now(file: &Blob, start: u64, length: usize) -> Result<Vec<u8>, String> {
    let end = (start as f64 + length as f64).min(file.size());
    let mut bytes = Vec::with_capacity((end - start as f64).max(0.0) as usize);
    let mut at = start as f64;
    while at < end {
        let slice = file.slice_with_f64_and_f64(at, end.min(at + AT_ONCE)).map_err(unreadable)?;
        let buffer =
            FileReaderSync::new().and_then(|reader| reader.read_as_array_buffer(&slice)).map_err(unreadable)?;
        let read = Uint8Array::new(&buffer);
        let place = bytes.len();
        bytes.resize(place + read.length() as usize, 0);
        read.copy_to(&mut bytes[place..]);
        if read.length() == 0 {
            break;
        }
        at += f64::from(read.length());
    }
    Ok(bytes)
}

#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(_: JsValue) -> String {
    "the file cannot be read; it may have changed or moved".to_owned()
}

/// The bytes of a slice, for browsers whose files cannot be read into a buffer of one's own.
async fn whole(file: &Blob, start: u64, end: u64) -> Result<Uint8Array, JsValue> {
    let slice = file.slice_with_f64_and_f64(start as f64, end as f64)?;
    Ok(Uint8Array::new(&JsFuture::from(slice.array_buffer()).await?))
}

/// The next bytes of a stream that has `left`, in the buffer given.
async fn some(reader: &ReadableStreamByobReader, left: u64, spare: Option<ArrayBuffer>) -> Result<Uint8Array, JsValue> {
    let buffer = spare.unwrap_or_else(|| ArrayBuffer::new(SLICE as u32));
    let options = Object::new();
    Reflect::set(&options, &"min".into(), &(left.min(AT_LEAST) as f64).into())?;
    // web-sys knows this function without its second argument, which older browsers ignore.
    let read: Function = Reflect::get(reader, &"read".into())?.dyn_into()?;
    let answer: Promise = read.call2(reader, &Uint8Array::new(&buffer), &options)?.dyn_into()?;
    let answer = JsFuture::from(answer).await?;
    let read: Uint8Array = Reflect::get(&answer, &"value".into())?.dyn_into()?;
    if read.length() == 0 {
        return Err("the file ends too early".into());
    }
    Ok(read)
}
