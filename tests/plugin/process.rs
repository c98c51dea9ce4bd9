//! The process that Packer starts: its handshake, its signals, its end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::peers::REGISTRY;
use crate::support::plugin_process::signal;

const POST_PROCESSOR: [&str; 4] = ["start", "post-processor", "--protobuf", "-packer-default-plugin-name-"];
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A plugin that waits for Packer, or talks to it.
struct Plugin {
    child: Child,
    socket: String,
    _folder: TempDir,
}

fn start(arguments: &[&str]) -> Plugin {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(REGISTRY)
        .args(arguments)
        .env_clear()
        .envs([("HOME", folder.path()), ("TMPDIR", folder.path())])
        .env("PACKER_PLUGIN_MAGIC_COOKIE", COOKIE)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut handshake = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut handshake).unwrap();
    let socket = handshake.trim_end().strip_prefix("5|0|unix|").unwrap_or_else(|| panic!("{handshake:?}")).to_owned();
    Plugin { child, socket, _folder: folder }
}

/// A yamux ping, and whether its answer came; the plugin sends pings, too.
fn is_alive(packer: &mut UnixStream, number: u8) -> bool {
    packer.write_all(&[0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, number]).unwrap();
    let mut frame = [0; 12];
    while frame != [0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, number] {
        if packer.read_exact(&mut frame).is_err() {
            return false;
        }
    }
    true
}

#[test]
fn a_plugin_survives_what_ctrl_c_sends_it_and_ends_when_packer_hangs_up() {
    for component in [&POST_PROCESSOR[..], &["start", "datasource", "iteration"]] {
        let mut plugin = start(component);
        let mut packer = UnixStream::connect(&plugin.socket).unwrap();
        assert!(is_alive(&mut packer, 1));
        for name in ["INT", "TERM", "INT"] {
            signal(name, &plugin.child.id().to_string());
        }
        assert!(is_alive(&mut packer, 2));
        assert!(plugin.child.try_wait().unwrap().is_none());
        drop(packer);
        assert!(plugin.child.wait().unwrap().success());
    }
}

#[test]
fn a_socket_is_for_one_connection_and_leaves_nothing_behind() {
    let mut plugin = start(&POST_PROCESSOR);
    let mut packer = UnixStream::connect(&plugin.socket).unwrap();
    assert!(is_alive(&mut packer, 1));
    assert!(UnixStream::connect(&plugin.socket).is_err());
    assert!(!std::path::Path::new(&plugin.socket).parent().unwrap().exists());
    drop(packer);
    plugin.child.wait().unwrap();
}

#[test]
fn bytes_that_are_no_yamux_end_the_process_with_an_error() {
    let mut plugin = start(&POST_PROCESSOR);
    let mut packer = UnixStream::connect(&plugin.socket).unwrap();
    packer.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert!(!plugin.child.wait().unwrap().success());
    let mut said = String::new();
    plugin.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.starts_with("packer-plugin-registry: the connection to Packer failed"), "{said}");
}

#[test]
fn a_person_who_starts_it_learns_what_it_is_and_how_to_install_it() {
    let output = Command::new(REGISTRY).args(POST_PROCESSOR).env_clear().output().unwrap();
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("This is a plugin for Packer") && said.contains("packer plugins install --path"), "{said}");
}

#[test]
fn a_component_that_does_not_exist_is_named() {
    let output = Command::new(REGISTRY)
        .args(["start", "datasource", "image"])
        .env_clear()
        .env("PACKER_PLUGIN_MAGIC_COOKIE", COOKIE)
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("image"));
}
