//! Files as a person gives them: chosen, pasted or dropped, alone or in folders.
//!
//! Some exports say topic, partition and offset only in the names of files and folders, so a file in a folder is called by its path.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// More files of a folder are not opened: that is a home folder rather than a log.
pub(crate) const MAX_FILES: usize = 10_000;
/// Deeper folders are not looked into.
const MAX_DEPTH: usize = 32;

/// A file and what it is called.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamedFile {
    /// Its name, behind the names of the folders that it was given in.
    pub name: String,
    /// The file itself.
    pub file: File,
}

/// Why no files came of a folder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FolderError {
    /// More than so many files.
    TooMany(usize),
    /// The browser's words.
    Unreadable(String),
}

impl From<File> for NamedFile {
    fn from(file: File) -> NamedFile {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        NamedFile { name: path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name()), file }
    }
}

/// The files of a list, in order.
pub(crate) fn files_of(list: Option<FileList>) -> Vec<NamedFile> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)).map(NamedFile::from).collect()
}

/// What was dropped, if a folder is among it. To be asked while the event is handled: later its data is gone.
pub(crate) fn dropped_folders(data: &DataTransfer) -> Option<Vec<FileSystemEntry>> {
    let items = data.items();
    let entries = (0..items.length()).filter_map(|index| items.get(index)?.webkit_get_as_entry().ok()?);
    let entries: Vec<FileSystemEntry> = entries.collect();
    entries.iter().any(FileSystemEntry::is_directory).then_some(entries)
}

/// All files of what was dropped, by their paths.
///
/// # Errors
/// If they are too many, or the browser cannot read a folder.
pub(crate) async fn files_in(entries: Vec<FileSystemEntry>) -> Result<Vec<NamedFile>, FolderError> {
    let mut waiting: Vec<(FileSystemEntry, usize)> = entries.into_iter().map(|entry| (entry, 0)).collect();
    let mut files = Vec::new();
    while let Some((entry, depth)) = waiting.pop() {
        if entry.is_directory() && depth < MAX_DEPTH {
            let reader = entry.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
            waiting.extend(children(&reader).await.map_err(unreadable)?.into_iter().map(|entry| (entry, depth + 1)));
        } else if entry.is_file() {
            let name = entry.full_path().trim_start_matches('/').to_owned();
            let file = file(&entry.unchecked_into()).await.map_err(unreadable)?;
            files.push(NamedFile { name, file });
        }
        if files.len() + waiting.len() > MAX_FILES {
            return Err(FolderError::TooMany(MAX_FILES));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Everything in a folder: a reader gives some at a time, and none at the end.
async fn children(reader: &FileSystemDirectoryReader) -> Result<Vec<FileSystemEntry>, JsValue> {
    let mut children = Vec::new();
    loop {
        let some = promised(|resolve, reject| reader.read_entries_with_callback_and_callback(resolve, reject)).await?;
        let some: Array = some.dyn_into()?;
        if some.length() == 0 || children.len() > MAX_FILES {
            return Ok(children);
        }
        children.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    promised(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        Ok(())
    })
    .await?
    .dyn_into()
}

/// What a function gives to the first of two callbacks; what it gives to the second is an error.
async fn promised(
    mut call: impl FnMut(&js_sys::Function, &js_sys::Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = call(&resolve, &reject) {
            // Whoever waits hears of it.
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await
}

#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: JsValue) -> FolderError {
    let message = Reflect::get(&error, &"message".into()).ok().and_then(|message| message.as_string());
    FolderError::Unreadable(message.unwrap_or_default())
}
