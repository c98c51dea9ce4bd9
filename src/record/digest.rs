//! Sizes and SHA-256 digests of an artifact's files, where these stand in for an identity.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::FileDigest;

/// Files of one artifact that are listed; what a folder holds beyond is named in a warning.
pub const MAX_FILES: usize = 10_000;
/// Folders within folders that are looked into.
const MAX_DEPTH: usize = 32;
/// Bytes that are read at once; between two reads, a cancelled build is noticed.
const BUFFER: usize = 1024 * 1024;
/// Files from this size on take long enough to speak of: some seconds at 500 MB/s.
const LONG_FILE: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes between two lines of progress, at the most.
const LONG_STEP: u64 = 20 * 1024 * 1024 * 1024;

/// How far the digest of a long file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The file.
    pub name: String,
    /// Bytes read.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, done, total } = self;
        let percent = u128::from(*done) * 100 / u128::from(*total).max(1);
        #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
        let gib = *total as f64 / f64::from(1 << 30);
        write!(f, "Hashing {name}: {percent} % of {gib:.1} GiB")
    }
}

/// Digests the regular files among `paths`, and those in the folders among them, in order and each once.
///
/// `progress` hears of long files; `cancelled` is asked before every mebibyte, and from then on files are listed
/// without a digest. Returns the files, and a warning for each path that is not among them or has no digest.
pub fn digests(
    paths: &[PathBuf],
    progress: &mut dyn FnMut(Progress),
    cancelled: &dyn Fn() -> bool,
) -> (Vec<FileDigest>, Vec<String>) {
    let mut listing = Listing::default();
    for path in paths {
        listing.add(path, MAX_DEPTH);
    }
    let Listing { files, mut warnings, left_out, .. } = listing;
    if left_out > 0 {
        warnings.push(format!("the artifact has more than {MAX_FILES} files; at least {left_out} are not recorded"));
    }
    let mut was_cancelled = false;
    let mut digests = Vec::with_capacity(files.len());
    for (path, size) in files {
        let name = path.to_string_lossy().into_owned();
        if cancelled() {
            was_cancelled = true;
            digests.push(FileDigest { name, size, sha256: None });
            continue;
        }
        let mut hashing = Hashing { name: &name, total: size, step: step(size), progress, cancelled };
        match File::open(&path).and_then(|file| hashing.read(file)) {
            Ok(Hashed::Whole(sha256)) => digests.push(FileDigest { name, size, sha256: Some(sha256) }),
            Ok(Hashed::Cancelled) => {
                was_cancelled = true;
                digests.push(FileDigest { name, size, sha256: None });
            }
            Ok(Hashed::Changed) => {
                warnings.push(format!("{name} changed while it was hashed, so it has no digest"));
                digests.push(FileDigest { name, size, sha256: None });
            }
            Err(error) => {
                warnings.push(format!("{name} cannot be read, so it has no digest: {error}"));
                digests.push(FileDigest { name, size, sha256: None });
            }
        }
    }
    if was_cancelled {
        warnings.push("the build was cancelled, so not every file has a digest".to_owned());
    }
    (digests, warnings)
}

/// Bytes between two lines of progress on a file of `size` bytes; `None` for files that are done soon.
fn step(size: u64) -> Option<u64> {
    (size >= LONG_FILE).then(|| (size / 10).min(LONG_STEP))
}

/// The regular files below some paths.
#[derive(Default)]
struct Listing {
    files: Vec<(PathBuf, u64)>,
    seen: BTreeSet<PathBuf>,
    left_out: usize,
    warnings: Vec<String>,
}

impl Listing {
    fn add(&mut self, path: &Path, depth: usize) {
        // Whoever gives a whole disk as an artifact is not to wait for all of it.
        if self.left_out >= MAX_FILES || !self.seen.insert(path.to_owned()) {
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => self.add_file(path, metadata.len()),
            Ok(metadata) if metadata.is_dir() => self.add_folder(path, depth),
            // To open a pipe or a device can take for ever.
            Ok(_) => self.warn(path, "it is neither a file nor a folder"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.warn(path, "it does not exist"),
            Err(error) => self.warn(path, &error.to_string()),
        }
    }

    fn add_file(&mut self, path: &Path, size: u64) {
        if self.files.len() < MAX_FILES {
            self.files.push((path.to_owned(), size));
        } else {
            self.left_out += 1;
        }
    }

    fn add_folder(&mut self, folder: &Path, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return self.warn(folder, "it lies too deep within other folders");
        };
        // Twice the limit: enough to know that the folder holds too much, without listing all of it.
        let entries = fs::read_dir(folder)
            .and_then(|entries| entries.take(2 * MAX_FILES).collect::<Result<Vec<fs::DirEntry>, io::Error>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.warn(folder, &error.to_string()),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            match entry.file_type() {
                // A link to a folder may lead round in a circle; a link to a file is as good as the file.
                Ok(kind) if kind.is_symlink() && entry.path().is_dir() => {
                    self.warn(&entry.path(), "it is a link to a folder");
                }
                Ok(_) => self.add(&entry.path(), depth),
                Err(error) => self.warn(&entry.path(), &error.to_string()),
            }
        }
    }

    fn warn(&mut self, path: &Path, cause: &str) {
        if self.warnings.len() < MAX_FILES {
            self.warnings.push(format!("{} is not recorded: {cause}", path.display()));
        }
    }
}

/// What became of one file.
#[derive(Debug, PartialEq, Eq)]
enum Hashed {
    /// Its digest.
    Whole(String),
    /// The build was cancelled.
    Cancelled,
    /// It is longer or shorter than it was.
    Changed,
}

struct Hashing<'a> {
    name: &'a str,
    total: u64,
    step: Option<u64>,
    progress: &'a mut dyn FnMut(Progress),
    cancelled: &'a dyn Fn() -> bool,
}

impl Hashing<'_> {
    fn read(&mut self, mut file: impl Read) -> io::Result<Hashed> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; usize::try_from(self.total).unwrap_or(BUFFER).clamp(1, BUFFER)];
        let mut done: u64 = 0;
        if self.step.is_some() {
            self.report(done);
        }
        loop {
            if (self.cancelled)() {
                return Ok(Hashed::Cancelled);
            }
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&buffer[..read]);
            let before = done;
            done += read as u64;
            if done > self.total {
                return Ok(Hashed::Changed);
            }
            if self.step.is_some_and(|step| done < self.total && done / step > before / step) {
                self.report(done);
            }
        }
        if done < self.total {
            return Ok(Hashed::Changed);
        }
        let digest = hasher.finalize();
        Ok(Hashed::Whole(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    fn report(&mut self, done: u64) {
        (self.progress)(Progress { name: self.name.to_owned(), done, total: self.total });
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn quiet(paths: &[PathBuf]) -> (Vec<FileDigest>, Vec<String>) {
        digests(paths, &mut |progress| panic!("{progress}"), &|| false)
    }

    #[test]
    fn files_have_their_size_and_digest_in_the_order_given() {
        let folder = tempfile::tempdir().unwrap();
        let (abc, empty) = (folder.path().join("z"), folder.path().join("a"));
        fs::write(&abc, "abc").unwrap();
        fs::write(&empty, "").unwrap();
        let (files, warnings) = quiet(&[abc.clone(), empty.clone(), abc.clone()]);
        assert_eq!(warnings, [""; 0]);
        assert_eq!(files.len(), 2);
        assert_eq!(files[0], FileDigest { name: abc.display().to_string(), size: 3, sha256: Some(ABC.to_owned()) });
        assert_eq!((files[1].size, files[1].sha256.is_some()), (0, true));
    }

    #[test]
    fn a_folder_stands_for_the_files_below_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("inner/b"), "abc").unwrap();
        fs::write(folder.path().join("a"), "abc").unwrap();
        let (files, warnings) = quiet(&[folder.path().to_owned()]);
        let names: Vec<_> =
            files.iter().map(|file| Path::new(&file.name).strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a"), Path::new("inner/b")]);
        assert_eq!(warnings, [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_missing_special_or_runs_in_circles_is_warned_about_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink(folder.path(), folder.path().join("round")).unwrap();
        let missing = folder.path().join("missing");
        let (files, warnings) = quiet(&[folder.path().to_owned(), pipe, missing, PathBuf::from("/dev/zero")]);
        assert_eq!(files, []);
        for cause in ["pipe is not recorded: it is neither", "round is not recorded", "missing is not", "/dev/zero is"]
        {
            assert!(warnings.iter().any(|warning| warning.contains(cause)), "{cause} is missing in {warnings:#?}");
        }
    }

    #[test]
    fn a_cancelled_build_leaves_files_without_a_digest_and_says_so_once() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b", "c"].map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, "abc").unwrap();
        }
        let asked = Cell::new(0);
        // Asked before the first file, and before and after its only block.
        let cancelled = || {
            asked.set(asked.get() + 1);
            asked.get() > 3
        };
        let (files, warnings) = digests(&paths, &mut |_| (), &cancelled);
        let digested: Vec<bool> = files.iter().map(|file| file.sha256.is_some()).collect();
        assert_eq!(digested, [true, false, false]);
        assert_eq!(warnings.len(), 1, "{warnings:#?}");
    }

    #[test]
    fn a_cancel_in_the_middle_of_a_file_is_noticed() {
        let mut hashing = Hashing { name: "x", total: 5, step: None, progress: &mut |_| (), cancelled: &|| true };
        assert_eq!(hashing.read(&b"12345"[..]).unwrap(), Hashed::Cancelled);
    }

    #[test]
    fn a_long_file_reports_its_start_and_every_step_but_not_its_end() {
        let mut seen = Vec::new();
        let mut progress = |progress: Progress| seen.push(progress.done);
        let total = 10 * BUFFER as u64;
        let mut hashing =
            Hashing { name: "x", total, step: Some(total / 5), progress: &mut progress, cancelled: &|| false };
        hashing.read(io::repeat(0).take(total)).unwrap();
        assert_eq!(seen, [0, 2, 4, 6, 8].map(|mebibytes| mebibytes * BUFFER as u64));
    }

    #[test]
    fn only_long_files_are_spoken_of_and_at_least_every_twenty_gibibytes() {
        assert_eq!(step(LONG_FILE - 1), None);
        assert_eq!(step(LONG_FILE), Some(LONG_FILE / 10));
        assert_eq!(step(u64::MAX), Some(LONG_STEP));
        let progress = Progress { name: "disk.raw".to_owned(), done: 1 << 30, total: 5 << 29 };
        assert_eq!(progress.to_string(), "Hashing disk.raw: 40 % of 2.5 GiB");
    }

    #[test]
    fn a_file_that_grows_or_shrinks_has_no_digest_and_does_not_go_on_for_ever() {
        let hashed = |file: &mut dyn Read| {
            Hashing { name: "x", total: 4, step: None, progress: &mut |_| (), cancelled: &|| false }.read(file).unwrap()
        };
        assert_eq!(hashed(&mut io::repeat(0)), Hashed::Changed);
        assert_eq!(hashed(&mut &b"123"[..]), Hashed::Changed);
        assert!(matches!(hashed(&mut &b"1234"[..]), Hashed::Whole(_)));
    }

    #[test]
    fn a_folder_with_too_many_files_is_cut_off_with_a_warning() {
        let mut listing = Listing::default();
        for number in 0..MAX_FILES + 5 {
            listing.add_file(Path::new(&number.to_string()), 0);
        }
        assert_eq!((listing.files.len(), listing.left_out), (MAX_FILES, 5));
    }
}
