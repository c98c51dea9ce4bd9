use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use packer_plugin_registry::model::Credentials;
use serde_json::Value;

use super::calls::Load;
use super::microseconds;
use crate::support::ready::ready;
use crate::support::wait::until;

/// Where a server is, and where in it its owner is.
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) organization_id: String,
    pub(crate) project_id: String,
}

impl Place {
    /// Its host and port.
    pub(crate) fn authority(&self) -> &str {
        self.url.strip_prefix("http://").expect("no TLS")
    }
}

/// A server without TLS, in a process of its own.
pub(crate) struct ServerProcess {
    child: Child,
    place: Place,
    data: PathBuf,
}

impl ServerProcess {
    /// The shipped binary with its data in `data`; `more` are further arguments.
    pub(crate) fn shipped(data: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(crate::support::peers::REGISTRY);
        command.args(["serve", "--tls", "off", "--listen", "127.0.0.1:0", "--log-level", "warn"]).args(more);
        Self::start(command.arg("--data").arg(data), data)
    }

    /// `command`, which writes a ready file into `data` once it serves.
    pub(crate) fn start(command: &mut Command, data: &Path) -> Self {
        let ready_file = data.join("ready.json");
        let _ = fs::remove_file(&ready_file);
        let log_file = data.join("log");
        let log = fs::File::create(&log_file).expect("a file can be made");
        command.env_clear().env("HOME", data).arg("--ready-file").arg(&ready_file);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("the server runs");
        let ready = ready(&mut child, &ready_file, &log_file);
        let text = |key: &str| ready[key].as_str().expect("a text").to_owned();
        let place =
            Place { url: text("url"), organization_id: text("organization_id"), project_id: text("project_id") };
        Self { child, place, data: data.to_owned() }
    }

    pub(crate) fn url(&self) -> &str {
        &self.place.url
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// A token for its owner, who may do everything.
    pub(crate) fn token(&self) -> String {
        let owner = fs::read(self.data.join("owner.json")).expect("the owner's credentials are there");
        let owner: Value = serde_json::from_slice(&owner).expect("JSON");
        let text = |key: &str| owner[key].as_str().expect("a text");
        let output = Command::new("curl")
            .args(["--silent", "--fail", "--data", "grant_type=client_credentials", "--user"])
            .arg(format!("{}:{}", text("client_id"), text("client_secret")))
            .arg(format!("{}/oauth2/token", self.url()))
            .output()
            .expect("curl runs");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("a token");
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// The time that it has spent on a processor so far.
    pub(crate) fn cpu_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the server runs");
        let (_, after_name) = stat.rsplit_once(')').expect("proc(5)");
        let mut fields = after_name.split_whitespace().skip(11);
        let mut ticks = || fields.next().and_then(|field| field.parse::<u64>().ok()).expect("proc(5)");
        // A tick is 10 ms on every Linux: sysconf(_SC_CLK_TCK).
        Duration::from_millis((ticks() + ticks()) * 10)
    }

    /// The microseconds on a processor that a call of `load` takes.
    pub(crate) fn cpu_time_of_a_call(&self, load: impl FnOnce() -> Load) -> f64 {
        let before = self.cpu_time();
        let Load { calls, .. } = load();
        #[expect(clippy::cast_precision_loss, reason = "few calls")]
        let calls = calls as f64;
        microseconds(self.cpu_time() - before) / calls
    }

    /// What is resident of it now, and the most that ever was.
    pub(crate) fn resident(&self) -> (f64, f64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the server runs");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("proc(5)");
            let kibibytes: f64 = line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().expect("proc(5)");
            kibibytes / 1024.0
        };
        (field("VmRSS"), field("VmHWM"))
    }

    /// Waits until it has not run for a moment.
    pub(crate) fn calm(&self) {
        let mut last = (Instant::now(), self.cpu_time());
        until("the server is idle", || {
            let now = self.cpu_time();
            if now != last.1 {
                last = (Instant::now(), now);
            }
            (last.0.elapsed() > Duration::from_millis(300)).then_some(())
        });
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Leaves the owner's credentials where our server leaves them.
pub(crate) fn write_owner(data: &Path, owner: &Credentials) {
    let (id, secret) = (&owner.principal.client_id, owner.client_secret.expose());
    let text = serde_json::json!({ "client_id": id, "client_secret": secret }).to_string();
    fs::write(data.join("owner.json"), text).expect("a file can be written");
}
