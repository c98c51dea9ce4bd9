use std::path::{Path, PathBuf};
use std::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");

/// A PostgreSQL server of a test's own, which may be lost.
pub(crate) struct Cluster {
    folder: PathBuf,
    pub(crate) url: String,
    _keep: tempfile::TempDir,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let keep = tempfile::tempdir().unwrap();
        // The server may run as another user, who must get through.
        Command::new("chmod").arg("711").arg(keep.path()).status().unwrap();
        let folder = keep.path().join("server");
        let url = Self::command("start", &folder);
        Self { folder, url, _keep: keep }
    }

    /// Ends it as a power cut would, and starts it again.
    pub(crate) fn crash_and_start(&self) {
        Self::command("crash", &self.folder);
        assert_eq!(Self::command("start", &self.folder), self.url);
    }

    fn command(command: &str, folder: &Path) -> String {
        let output = Command::new(SCRIPT).arg(command).arg(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(SCRIPT).arg("crash").arg(&self.folder).output();
    }
}
