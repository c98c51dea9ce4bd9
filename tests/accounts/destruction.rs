use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use serde_json::Value;

use super::door::Door;
use crate::support::ran::Ran;

/// A registry with everything that can be destroyed, and the command lines that do so, with what they speak of.
fn everything(door: &Door) -> Vec<(String, Vec<&'static str>)> {
    door.run("project create web").exits(0);
    door.run("principal create ci").exits(0);
    door.run("role grant viewer --principal ci --project default").exits(0);
    let secret = door.text("principal secret create ci", "secret_id");
    let rule = "principal identity add ci --issuer https://ci.example --audience registry --claim sub=job";
    let rule = door.text(rule, "id");
    vec![
        ("role revoke --principal ci --project default".to_owned(), vec!["role viewer", "project default", "ci ("]),
        (format!("principal secret delete ci {secret}"), vec!["of principal ci", "last used: never", "locked out"]),
        (format!("principal identity delete ci {rule}"), vec!["https://ci.example", "sub=job", "locked out"]),
        ("principal delete ci".to_owned(), vec!["1 secret, 1 role and 1 identity rule"]),
        ("project delete web".to_owned(), vec!["project web"]),
    ]
}

fn state(door: &Door) -> [Value; 2] {
    [door.json("project list"), door.json("principal show ci")]
}

#[test]
fn what_cannot_be_undone_is_not_done_without_a_word_and_says_what_it_would_touch() {
    for door in Door::both() {
        let lines = everything(&door);
        let before = state(&door);
        for (line, touched) in &lines {
            let ran = door.run(line).exits(2).says("say --yes");
            assert!(touched.iter().all(|text| ran.text.contains(text)), "{line}: {}", ran.text);
        }
        assert_eq!(state(&door), before);
        for (line, touched) in &lines {
            let ran = door.run(&format!("{line} --yes")).exits(0);
            assert!(ran.stdout.contains(touched[0]) || line.starts_with("principal delete"), "{line}: {}", ran.text);
        }
        door.run("principal show ci").exits(3);
    }
}

/// Answers `answer` on a terminal.
fn on_a_terminal(mut command: Command, answer: &str) -> Ran {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let terminal = OpenOptions::new().read(true).write(true).open(OsStr::from_bytes(name.to_bytes())).unwrap();
    let mut person = File::from(master);
    person.write_all(answer.as_bytes()).unwrap();
    command.stdin(terminal).output().unwrap().into()
}

#[test]
fn a_person_is_asked_and_no_answer_is_no() {
    let door = Door::file();
    everything(&door);
    let before = state(&door);
    for answer in ["\n", "n\n", "maybe\n"] {
        let ran = on_a_terminal(door.command_with(&[], &["principal", "delete", "ci"]), answer).exits(0);
        assert_eq!(ran.stdout, "", "{answer:?}");
        ran.says("Delete principal ci").says("[y/N]").says("nothing was changed");
    }
    assert_eq!(state(&door), before);
    on_a_terminal(door.command_with(&[], &["principal", "delete", "ci"]), "y\n").exits(0).says("Deleted principal ci");
    door.run("principal show ci").exits(3);
}
