#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What a command prints to a terminal, to which `connect` connects it.
pub(crate) fn on_a_terminal(mut command: Command, connect: impl FnOnce(&mut Command, Stdio)) -> String {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let terminal = OpenOptions::new().read(true).write(true).open(OsStr::from_bytes(name.to_bytes())).unwrap();
    connect(&mut command, terminal.into());
    let mut child = command.spawn().unwrap();
    // Once no process has the terminal open, reading fails.
    drop(command);
    let mut said = Vec::new();
    let _ = File::from(master).read_to_end(&mut said);
    child.wait().unwrap();
    String::from_utf8(said).unwrap()
}
