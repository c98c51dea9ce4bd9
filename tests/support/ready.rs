use std::fs;
use std::path::Path;
use std::process::Child;

use serde_json::Value;

use super::wait::until;

/// What the ready file of a server says, once it serves; fails with its log where it ends before.
#[track_caller]
pub(crate) fn ready(server: &mut Child, ready_file: &Path, log: &Path) -> Value {
    until("the server serves", || {
        if let Some(status) = server.try_wait().expect("it can be waited for") {
            panic!("the server ended with {status}:\n{}", fs::read_to_string(log).unwrap_or_default());
        }
        serde_json::from_slice(&fs::read(ready_file).ok()?).ok()
    })
}
