//! Notes: small texts that appear whole or not at all. Each is a folder with one file.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::path::Path;

use uuid::Uuid;

/// Bytes of one note that are read; the identifiers of an iteration with a thousand images fit.
const MAX_NOTE: u64 = 1024 * 1024;
/// The file in a note.
const TEXT: &str = "note";
/// Notes of one folder that are read.
const MAX_NOTES: usize = 10_000;
/// How the names of folders begin that are not notes yet.
const UNFINISHED: char = '.';

/// Creates `folder`, and the folders above it, for this user alone.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes the note `path` unless it is there; `false` when it was. Its folder must exist.
///
/// Readers see all of the text or no note, also when this process is killed half-way: a folder with the text is made
/// beside, and takes the note's name in one step. That fails where the name is taken by a folder that is not empty, on
/// every system; a hard link would do the same, but not every file system has them.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn publish(path: &Path, text: &str) -> io::Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    let unfinished = path.with_file_name(format!("{UNFINISHED}{}", Uuid::new_v4().simple()));
    fs::create_dir(&unfinished)?;
    let published = fs::write(unfinished.join(TEXT), text).and_then(|()| fs::rename(&unfinished, path));
    match published {
        Ok(()) => Ok(true),
        Err(error) => {
            // If it stays, it goes with the run's folder.
            let _ = fs::remove_dir_all(&unfinished);
            if path.exists() { Ok(false) } else { Err(error) }
        }
    }
}

/// The text of the note `path`.
///
/// # Errors
/// When it is missing, too long, or not UTF-8.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let length = File::open(path.join(TEXT))?.take(MAX_NOTE + 1).read_to_string(&mut text)?;
    if length as u64 > MAX_NOTE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}

/// The texts of the notes in `folder`, as far as they can be read.
pub(super) fn read_all(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .take(MAX_NOTES)
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with(UNFINISHED))
        .filter_map(|entry| read(&entry.path()).ok())
        .collect()
}
