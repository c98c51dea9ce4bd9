//! The processes that Packer starts, by their place in the system's process table.

use std::fs;
use std::process::Command;

/// The processes of our post-processor that the Packer with this process id has started.
pub(crate) fn post_processors(packer: u32) -> Vec<u32> {
    processes()
        .into_iter()
        .filter(|&(_, parent)| descends_from(parent, packer))
        .map(|(process, _)| process)
        .filter(|process| command_line(*process).is_some_and(|line| is_ours(&line)))
        .collect()
}

fn is_ours(command_line: &str) -> bool {
    command_line.contains("packer-plugin-registry") && command_line.contains("start\0post-processor")
}

/// Packer starts itself once more, to catch its own panics; the plugins are that process's children.
fn descends_from(process: u32, ancestor: u32) -> bool {
    process == ancestor || parent(process).is_some_and(|parent| parent > 1 && descends_from(parent, ancestor))
}

fn processes() -> Vec<(u32, u32)> {
    let entries = fs::read_dir("/proc").expect("the process table can be read");
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|process| Some((process, parent(process)?))).collect()
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}

fn command_line(process: u32) -> Option<String> {
    fs::read(format!("/proc/{process}/cmdline")).ok().map(|line| String::from_utf8_lossy(&line).into_owned())
}

/// Sends a signal: to one process, or to a group where `target` begins with a hyphen.
pub(crate) fn signal(name: &str, target: &str) {
    let status = Command::new("kill").args(["-s", name, "--", target]).status().expect("kill runs");
    // The process may have ended by itself.
    let _ = status;
}
