use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::peers::REGISTRY;
use crate::support::plugin_process::signal;
use crate::support::ready::ready;
use crate::support::wait::until;

/// A machine for servers: with a folder for their data, and nothing in its environment but a home.
pub(super) struct ServerMachine {
    folder: TempDir,
}

impl ServerMachine {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `serve` with these arguments, not yet started.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(REGISTRY);
        command.arg("serve").args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", self.folder.path());
        command
    }

    /// A server on a free port of this machine, with its data in `data`; answers once it serves.
    #[track_caller]
    pub(super) fn start(&self, arguments: &[&str]) -> ServerProcess {
        self.start_by(self.command(&[]), arguments)
    }

    /// The same, in a shell that first sets limits by these options of `ulimit`.
    #[track_caller]
    pub(super) fn start_limited(&self, options: &str, arguments: &[&str]) -> ServerProcess {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!(r#"ulimit {options} && exec "$0" serve "$@""#)).arg(REGISTRY);
        command.current_dir(self.folder.path()).stdin(Stdio::null()).env_clear().env("HOME", self.folder.path());
        self.start_by(command, arguments)
    }

    #[track_caller]
    fn start_by(&self, mut command: Command, arguments: &[&str]) -> ServerProcess {
        let ready_file = self.path("ready.json");
        let log = self.path("server.log");
        // That of a server before, which was killed.
        let _ = fs::remove_file(&ready_file);
        let mut all = vec!["--data", "data", "--ready-file", "ready.json"];
        if !arguments.contains(&"--listen") {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        all.extend(arguments);
        command.args(all);
        let output = self.path("server.out");
        command.stdout(File::create(&output).unwrap()).stderr(File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let ready = ready(&mut child, &ready_file, &log);
        ServerProcess { child, ready, output, log }
    }
}

/// A server that serves.
pub(super) struct ServerProcess {
    child: Child,
    /// What its ready file says.
    pub(super) ready: Value,
    output: PathBuf,
    log: PathBuf,
}

impl ServerProcess {
    /// `ADDRESS:PORT`.
    pub(super) fn address(&self) -> &str {
        self.ready["address"].as_str().unwrap()
    }

    /// The file of its CA.
    pub(super) fn ca_file(&self) -> &Path {
        Path::new(self.ready["ca_file"].as_str().unwrap())
    }

    /// What it has printed so far, the log not included.
    pub(super) fn output(&self) -> String {
        fs::read_to_string(&self.output).unwrap()
    }

    /// What it has logged so far.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits for a line of the log that holds `text`, and answers with it.
    #[track_caller]
    pub(super) fn logs(&self, text: &str) -> String {
        until(text, || self.log().lines().find(|line| line.contains(text)).map(ToOwned::to_owned))
    }

    /// The id of its process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn signal(&self, name: &str) {
        signal(name, &self.child.id().to_string());
    }

    /// Waits until it has ended.
    #[track_caller]
    pub(super) fn ended(mut self) -> (ExitStatus, String) {
        let status = until("the end of the server", || self.child.try_wait().unwrap());
        (status, self.log())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
