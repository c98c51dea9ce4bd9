use std::fs;
use std::process::Command;

use super::machine::Machine;

#[test]
fn each_shell_gets_completions_that_know_every_command() {
    let machine = Machine::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = machine.run(&format!("completions {shell}")).exits(0);
        for word in
            ["bucket", "iteration", "channel", "artifact", "spool", "principal", "assign", "allow-partial", "format"]
        {
            assert!(ran.stdout.contains(word), "{shell} does not know {word}");
        }
    }
    machine.run("completions tcsh").exits(2).says("bash, elvish, fish, powershell, zsh");
}

#[test]
fn bash_completes_a_command_with_them() {
    let machine = Machine::new();
    let script = machine.path("completions.bash");
    fs::write(&script, machine.run("completions bash").exits(0).stdout).unwrap();
    let try_out = r#"
        source "$1"
        COMP_WORDS=(packer-plugin-registry channel as) COMP_CWORD=2
        _packer__plugin__registry packer-plugin-registry as channel
        echo "${COMPREPLY[@]}"
    "#;
    let output = Command::new("bash").args(["-c", try_out, "bash"]).arg(&script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "assign\n", "{output:?}");
}
