//! Small files that appear whole or not at all.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Bytes of one note that are read; the identifiers of an iteration with a thousand images fit.
const MAX_NOTE: u64 = 1024 * 1024;
/// Files of one folder that are read.
const MAX_NOTES: usize = 10_000;
/// How the names of files begin that are not notes yet.
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
/// Readers see all of the text or no file, also when this process is killed half-way: the text is written beside, and
/// a hard link gives it its name.
///
/// # Errors
/// When the folder cannot be written, or its file system has no hard links.
pub(super) fn publish(path: &Path, text: &str) -> io::Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    let unfinished = write_beside(path, text)?;
    let linked = fs::hard_link(&unfinished, path);
    // If it stays, it goes with the run's folder.
    let _ = fs::remove_file(&unfinished);
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes the note `path`, over one that is there. Its folder must exist.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = write_beside(path, text)?;
    fs::rename(&unfinished, path).inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let unfinished = path.with_file_name(format!("{UNFINISHED}{}", Uuid::new_v4().simple()));
    OpenOptions::new().write(true).create_new(true).open(&unfinished)?.write_all(text.as_bytes())?;
    Ok(unfinished)
}

/// The text of the note `path`.
///
/// # Errors
/// When it is missing, too long, or not UTF-8.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let length = fs::File::open(path)?.take(MAX_NOTE + 1).read_to_string(&mut text)?;
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
