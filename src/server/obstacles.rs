use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::server::{Database, Fault, ServerConfig, Tls};

/// What is in the way of the files that a server with this configuration writes, as far as it can be told without writing.
pub(super) fn obstacles(config: &ServerConfig) -> Vec<Fault> {
    let ready_file = config.ready_file.as_ref().and_then(|path| {
        let error = ready_file(path, &config.data).err()?;
        let message = format!("{} cannot be written: {error}; choose another file", path.display());
        Some(config.fault("ready_file", message))
    });
    let data = written_folders(config).into_iter().find_map(|folder| {
        let error = can_be_made(&folder).err()?;
        let message = format!("{} cannot be created or written: {error}; choose another folder", folder.display());
        Some(config.fault("data", message))
    });
    data.into_iter().chain(ready_file).collect()
}

fn ready_file(path: &Path, data: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    match path.parent() {
        // That one is made by then.
        Some(folder) if folder == data => can_be_made(folder),
        Some(folder) if folder.as_os_str().is_empty() => takes_files(Path::new(".")),
        Some(folder) => takes_files(folder),
        None => Err(io::ErrorKind::InvalidFilename.into()),
    }
}

/// The folders below `data`, and that one, which have to take files. With the database and the certificate from elsewhere,
/// a folder that is there is only read once there is an owner.
fn written_folders(config: &ServerConfig) -> Vec<PathBuf> {
    let data = &config.data;
    let mut folders = Vec::new();
    if !data.is_dir() {
        folders.push(data.clone());
    }
    if let Database::Sqlite(path) = &config.database
        && let Some(folder) = path.parent().filter(|folder| folder.starts_with(data))
    {
        folders.push(folder.to_path_buf());
    }
    if config.tls == Tls::SelfMade {
        folders.push(data.join("tls"));
    }
    folders
}

/// Whether the folder is there and takes files, or could be made, with those above it.
fn can_be_made(folder: &Path) -> io::Result<()> {
    match (fs::metadata(folder), folder.parent()) {
        (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound && !above.as_os_str().is_empty() => {
            can_be_made(above)
        }
        _ => takes_files(folder),
    }
}

fn takes_files(folder: &Path) -> io::Result<()> {
    let about = fs::metadata(folder)?;
    if !about.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)?;
    #[cfg(not(unix))]
    if about.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_can_be_made_where_the_nearest_one_above_it_takes_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "").unwrap();
        assert!(can_be_made(folder.path()).is_ok() && can_be_made(&path("a/b/c")).is_ok());
        assert!(can_be_made(&path("file")).is_err() && can_be_made(&path("file/a/b")).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was made");
    }

    #[test]
    fn a_ready_file_needs_a_folder_that_is_there_or_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let data = path("data");
        for (name, fits) in [("ready", true), ("data/ready", true), ("none/ready", false), ("data/deeper/ready", false)]
        {
            assert_eq!(ready_file(&path(name), &data).is_ok(), fits, "{name}");
        }
        assert!(ready_file(folder.path(), &data).is_err(), "it is a folder");
    }
}
