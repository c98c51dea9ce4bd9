use std::process::{Command, Stdio};

use serde_json::Value;

use super::configuration::Run;
use crate::support::peers;
use crate::support::ran::Ran;

/// What was asked, and what was answered.
pub(super) struct Call {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) status: u64,
    pub(super) answer: String,
}

impl Run<'_> {
    /// Has requests made up for all operations of a description; answers with all calls.
    ///
    /// Fails where an answer is a fault of the server, or has a status, a type or a content that is not described.
    pub(super) fn calls(&self, description: &str) -> Vec<Call> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("schemathesis.toml"), self.configuration()).unwrap();
        let mut command = Command::new(peers::get("schemathesis"));
        command.current_dir(folder.path()).env_clear().env("HOME", folder.path()).stdin(Stdio::null());
        command.args(["-m", "schemathesis.cli", "--no-color", "run"]).arg(description);
        Ran::from(command.output().unwrap()).succeeded();
        let recorded = std::fs::read(folder.path().join("calls.har")).unwrap();
        let recorded: Value = serde_json::from_slice(&recorded).unwrap();
        recorded["log"]["entries"].as_array().unwrap().iter().map(Call::from).collect()
    }
}

impl From<&Value> for Call {
    fn from(entry: &Value) -> Self {
        let (request, response) = (&entry["request"], &entry["response"]);
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text in {entry}")).to_owned();
        Self {
            method: text(&request["method"]),
            url: text(&request["url"]),
            status: response["status"].as_u64().unwrap(),
            answer: text(&response["content"]["text"]),
        }
    }
}
