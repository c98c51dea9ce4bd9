use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

use super::machine::Machine;
use crate::support::ran::Ran;
use crate::support::record::{build_of, image};
use crate::support::terminal::on_a_terminal;

const ESCAPE: char = '\u{1b}';

/// What a command prints to a terminal as its answer.
fn answer_on_a_terminal(command: Command) -> String {
    on_a_terminal(command, |command, terminal| {
        command.stdout(terminal).stderr(Stdio::null());
    })
}

#[test]
fn colour_is_for_terminals_and_for_those_who_insist() {
    let machine = Machine::with_images();
    let show = |color: &str| {
        let mut command = machine.command(&["iteration", "show", "--bucket", "web-server", "--color", color]);
        command.env("TERM", "xterm");
        command
    };
    let is_colored = |text: &str| text.contains(ESCAPE);
    assert!(is_colored(&answer_on_a_terminal(show("auto"))));
    assert!(!is_colored(&answer_on_a_terminal(show("never"))));
    let piped = |color: &str| Ran::from(show(color).output().unwrap()).exits(0).stdout;
    assert!(!is_colored(&piped("auto")));
    assert!(is_colored(&piped("always")));
}

#[test]
fn no_color_and_dumb_terminals_are_honoured() {
    let machine = Machine::with_images();
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", "")] {
        let mut command = machine.command(&["iteration", "show", "--bucket", "web-server"]);
        command.env("TERM", "xterm").env(name, value);
        let text = answer_on_a_terminal(command);
        assert!(text.contains("release-2") && !text.contains(ESCAPE), "{name}={value}: {text}");
    }
}

#[test]
fn an_image_s_id_is_never_coloured() {
    let machine = Machine::with_images();
    let arguments = "artifact get --bucket web-server --region us-east-1 --color always";
    assert_eq!(machine.run(arguments).stdout, "ami-2-east\n");
}

#[test]
fn what_builders_report_cannot_steer_the_terminal() {
    let machine = Machine::new();
    let mut record = build_of("release-1", 1, "amazon-ebs.east");
    record.images = vec![image("us-\u{1b}]0;x\u{7}east", "ami-\u{1b}[2J"), image("eu\r", "ami-\u{202e}")];
    machine.record(&record);
    let again = build_of("release-1", 2, "amazon-ebs.east");
    machine.spool().write(&again).unwrap();
    machine.revoke("release-1", packer_plugin_registry::model::Timestamp(4_000_000_000_000));
    let sql = "UPDATE iterations SET revocation_message = char(27) || '[2J' || char(8238)";
    rusqlite::Connection::open(machine.registry_file()).unwrap().execute_batch(sql).unwrap();
    for line in [
        "iteration show --bucket web-server --version 1",
        "artifact list --bucket web-server --version 1",
        "artifact get --bucket web-server --version 1",
        "artifact get --bucket web-server --version 1 --region moon",
        "spool list",
        "spool push",
    ] {
        let ran = machine.run(line);
        let risky = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.text.contains(risky), "{line}: {:?}", ran.text);
    }
}

/// The end of a pipe that nobody reads.
fn broken_pipe() -> io::PipeWriter {
    let (_, writer) = io::pipe().unwrap();
    writer
}

#[test]
fn a_reader_who_has_had_enough_is_no_failure() {
    let machine = Machine::with_images();
    for line in [
        "bucket list",
        "iteration list --bucket web-server --json",
        "artifact get --bucket web-server --region us-east-1",
        "completions zsh",
        "--help",
        "describe",
    ] {
        let mut command = machine.command(&line.split(' ').collect::<Vec<_>>());
        let output = command.stdout(broken_pipe()).output().unwrap();
        let ran = Ran::from(output).exits(0);
        assert_eq!(ran.stderr, "", "{line}");
    }
}

#[test]
fn nobody_who_reads_the_messages_changes_what_is_done() {
    let machine = Machine::new();
    machine.spool().write(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    machine.spool().write(&build_of("release-1", 1, "amazon-ebs.west")).unwrap();
    let output = machine.command(&["spool", "push"]).stderr(broken_pipe()).output().unwrap();
    Ran::from(output).exits(0).says("Delivered 2 of 2 records.");
    assert!(machine.spool().list().unwrap().records.is_empty());
    let output = machine.command(&["bucket", "show", "nothing"]).stderr(broken_pipe()).output().unwrap();
    Ran::from(output).exits(3);
}

#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let machine = Machine::with_images();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = machine.command(&["bucket", "list"]).stdout(full).output().unwrap();
    Ran::from(output).exits(1).says("cannot write the answer");
}

#[test]
fn arguments_that_are_no_text_are_refused_and_paths_may_be_anything() {
    let machine = Machine::with_images();
    let bytes = OsStr::from_bytes(b"\xff\xfe");
    for (line, code) in [
        ("bucket show", 2),
        ("artifact get --bucket web-server --region", 2),
        ("iteration complete --bucket web-server --fingerprint release-3 --allow-partial --reason", 2),
        ("--url", 2),
        ("start post-processor", 1),
        ("spool show", 3),
        ("spool push", 3),
    ] {
        let mut command = machine.command(&line.split(' ').collect::<Vec<_>>());
        let ran = Ran::from(command.arg(bytes).output().unwrap()).exits(code);
        assert!(!ran.stderr.is_empty() && !ran.stderr.contains("panicked"), "{line}: {}", ran.stderr);
    }
    Ran::from(machine.command(&[]).arg(bytes).output().unwrap()).exits(2);
}
