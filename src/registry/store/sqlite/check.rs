use std::fs::{self, OpenOptions};
use std::path::Path;

use super::header::Header;
use crate::registry::store::{Fault, StoreError, migrations};

/// Whether a registry at `path` could be written, or created, as far as that can be said without writing anything.
///
/// # Errors
/// [`StoreError`] with what stands in the way.
pub fn check_writable(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match Header::read(path)?.accept(path)? {
        Header::Missing => check_creatable(path, folder),
        header => {
            if let Header::Registry { schema, .. } = header {
                migrations::check_known(schema, migrations::SQLITE).map_err(|error| error.at(path))?;
            }
            OpenOptions::new().write(true).open(path).map_err(|error| cannot_open(path, &error.to_string()))?;
            check_folder(path, folder)
        }
    }
}

/// Looks at the nearest folder above `path` that exists, in which the missing ones would be made.
fn check_creatable(path: &Path, folder: &Path) -> Result<(), StoreError> {
    let nearest = folder.ancestors().find(|ancestor| fs::symlink_metadata(ancestor).is_ok());
    check_folder(path, nearest.unwrap_or(Path::new(".")))
}

fn check_folder(path: &Path, folder: &Path) -> Result<(), StoreError> {
    let about = fs::metadata(folder).map_err(|error| cannot_open(path, &format!("{}: {error}", folder.display())))?;
    if !about.is_dir() {
        return Err(cannot_open(path, &format!("{} is not a folder", folder.display())));
    }
    may_write(folder).map_err(|cause| cannot_open(path, &format!("{} may not be written: {cause}", folder.display())))
}

#[cfg(unix)]
fn may_write(folder: &Path) -> Result<(), std::io::Error> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Elsewhere only an attempt would tell, and nothing may be written here.
#[cfg(not(unix))]
fn may_write(_: &Path) -> Result<(), std::io::Error> {
    Ok(())
}

fn cannot_open(path: &Path, cause: &str) -> StoreError {
    StoreError::at_path(Fault::CannotOpen(cause.to_owned()), path)
}
