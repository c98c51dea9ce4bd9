#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");

/// A PostgreSQL server of one's own, which may be lost.
pub(crate) struct Cluster {
    folder: PathBuf,
    options: &'static [&'static str],
    pub(crate) url: String,
    _keep: tempfile::TempDir,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same, with options of PostgreSQL's server.
    pub(crate) fn start_with(options: &'static [&'static str]) -> Self {
        let keep = tempfile::tempdir().unwrap();
        // The server may run as another user, who must get through.
        Command::new("chmod").arg("711").arg(keep.path()).status().unwrap();
        let mut cluster = Self { folder: keep.path().join("server"), options, url: String::new(), _keep: keep };
        cluster.url = cluster.run("start", options);
        cluster
    }

    /// Ends it as a power cut would, and starts it again.
    pub(crate) fn crash_and_start(&self) {
        self.crash();
        self.start_again();
    }

    pub(crate) fn crash(&self) {
        self.run::<&str>("crash", &[]);
    }

    /// Starts it where it was before.
    pub(crate) fn start_again(&self) {
        assert_eq!(self.run("start", self.options), self.url);
    }

    /// A command of the script; answers what it prints.
    pub(crate) fn run<T: AsRef<OsStr>>(&self, command: &str, arguments: &[T]) -> String {
        let output = Command::new(SCRIPT).arg(command).arg(&self.folder).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(SCRIPT).arg("crash").arg(&self.folder).output();
    }
}
