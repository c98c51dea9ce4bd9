use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file that only its owner may read: whole and durable, or not at all.
///
/// # Errors
/// Those of the file system; there is then no new file, and no half one.
pub fn write_private_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_file(path, bytes, 0o600)
}

/// Finds out whether [`write_private_file`] could write a file of this size, by writing as much beside it and taking that
/// away again.
///
/// # Errors
/// Those of the file system that would be in the way.
pub(super) fn try_private_file(path: &Path, size: usize) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let beside = beside(path)?;
    let written = write_durably(&beside, &vec![b' '; size], 0o600);
    let removed = fs::remove_file(&beside);
    written.and(removed)
}

/// Writes a file with these permissions (of unix): whole and durable, or not at all.
pub(super) fn write_file(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let beside = beside(path)?;
    let written = write_durably(&beside, bytes, mode).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written?;
    sync_folder(path)
}

/// Creates a folder that only its owner may enter, and those above it; one that is there is left as it is.
///
/// # Errors
/// Those of the file system.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut folders = fs::DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders.create(path)
}

/// The name under which a file is written before it gets its own.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let mut name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?.to_owned();
    name.push(format!(".{}.new", std::process::id()));
    Ok(path.with_file_name(name))
}

fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    // A file of the same name is what a process left that was killed while it wrote.
    let _ = fs::remove_file(path);
    let mut file = create(path, mode)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Creates a file that only its owner may read, where there is none of its name.
///
/// # Errors
/// Those of the file system; [`io::ErrorKind::AlreadyExists`] where there is one.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    create(path, 0o600)
}

fn create(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(path)
}

/// Makes the name of a new file durable.
///
/// # Errors
/// Those of the file system.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        return File::open(folder)?.sync_all();
    }
    let _ = path;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write_private_file(&path, b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("x")).unwrap();
        assert!(write_private_file(&folder.path().join("x"), b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write_private_file(&folder.path().join("none/x"), b"new").is_err());
    }

    #[test]
    fn to_try_changes_nothing_and_fails_where_writing_would() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        try_private_file(&path, 100).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        fs::write(&path, "old").unwrap();
        try_private_file(&path, 100).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert!(try_private_file(&folder.path().join("none/x"), 100).is_err());
        assert!(try_private_file(folder.path(), 100).is_err());
    }
}
