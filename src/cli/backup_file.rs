use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::failure::{Failure, Kind};
use crate::registry::store::remove_files;
use crate::server::{create_private_file, sync_folder};

/// The file of a backup while it is written: beside the one that it is to be, under a name that no other process has.
///
/// Under its own name there is never half of it, and never that of somebody else. Unless it is kept, nothing is left.
pub(super) struct BackupFile<'f> {
    file: &'f Path,
    partial: PathBuf,
}

impl<'f> BackupFile<'f> {
    /// Begins one, empty, that only this user may read.
    pub(super) fn begin(file: &'f Path) -> Result<Self, Failure> {
        // A link that points nowhere is there, too.
        if file.symlink_metadata().is_ok() {
            return Err(is_there(file));
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let message = format!(
                "{} is no folder that is there, so {} is not written; make the folder, or mount the disk that it is on",
                folder.display(),
                file.display()
            );
            return Err(Failure::new(Kind::Refused, message));
        }
        let partial = create_beside(file).map_err(|error| cannot_be_written(file, &error))?;
        Ok(Self { file, partial })
    }

    /// Where it is meanwhile.
    pub(super) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Gives it its name once it is durable; whatever has that name by now stays as it is.
    pub(super) fn keep(self) -> Result<(), Failure> {
        let kept = sync(&self.partial)
            .and_then(|()| name(&self.partial, self.file, |from, to| fs::hard_link(from, to)))
            .and_then(|()| sync_folder(self.file));
        kept.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => is_there(self.file),
            _ => cannot_be_written(self.file, &error),
        })
    }
}

impl Drop for BackupFile<'_> {
    fn drop(&mut self) {
        remove_files(&self.partial);
    }
}

/// Creates a file of this process' own, whose name says which it is to be.
fn create_beside(file: &Path) -> io::Result<PathBuf> {
    let mut nth = 0;
    loop {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{}-{nth}.partial", std::process::id()));
        match create_private_file(Path::new(&name)) {
            // Left by one that was killed, or by one in another container, whose processes have the same numbers.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => nth += 1,
            created => return created.map(|_| name.into()),
        }
    }
}

fn sync(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all())
}

/// Gives `partial` the name `file` by a `link`, which fails where there is a file of that name, as renaming does not.
fn name(partial: &Path, file: &Path, link: impl Fn(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
    match link(partial, file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // A file system that has no links, such as FAT, lets one process make a new file all the same.
            create_private_file(file)?;
            fs::rename(partial, file).inspect_err(|_| drop(fs::remove_file(file)))
        }
        linked => linked,
    }
}

fn is_there(file: &Path) -> Failure {
    let message = format!("{} is there already; choose another file, or move it away", file.display());
    Failure::new(Kind::Refused, message)
}

fn cannot_be_written(file: &Path, error: &io::Error) -> Failure {
    Failure::new(Kind::Refused, format!("{} cannot be written: {error}; choose another file", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_appears_meanwhile_is_left_as_it_is_also_where_there_are_no_links() {
        type Link = fn(&Path, &Path) -> io::Result<()>;
        let links: [Link; 2] = [|from, to| fs::hard_link(from, to), |_, _| Err(io::ErrorKind::Unsupported.into())];
        for link in links {
            let folder = tempfile::tempdir().unwrap();
            let (first, second, file) = (folder.path().join("1"), folder.path().join("2"), folder.path().join("x"));
            fs::write(&first, "first").unwrap();
            fs::write(&second, "second").unwrap();
            name(&first, &file, link).unwrap();
            assert_eq!(name(&second, &file, link).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read_to_string(&file).unwrap(), "first");
        }
    }

    #[test]
    fn what_is_not_kept_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        drop(BackupFile::begin(&file).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        BackupFile::begin(&file).unwrap().keep().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
