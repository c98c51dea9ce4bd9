use std::process::Stdio;

use super::machine::Machine;
use crate::support::terminal::on_a_terminal;

/// What a terminal is shown besides the answer.
fn shown(arguments: &str) -> String {
    let machine = Machine::with_registry();
    on_a_terminal(machine.command(arguments), |command, terminal| {
        command.stdout(Stdio::null()).stderr(terminal);
    })
}

#[test]
fn a_terminal_is_shown_how_far_the_check_is_and_left_clean() {
    let said = shown("check --database sqlite:registry.db");
    for part in ["the history of a channel has no gap", "rows: builds", "rows: a complete iteration has all builds"] {
        assert!(said.contains(part), "{part}: {said:?}");
    }
    let (_, last) = said.rsplit_once("\r\x1b[K").unwrap();
    assert_eq!(last, "\x1b[?7l\x1b[?7h", "{said:?}");
}

#[test]
fn a_terminal_is_shown_nothing_besides_json() {
    assert_eq!(shown("check --database sqlite:registry.db --json"), "");
    assert_eq!(shown("copy --from sqlite:registry.db --to sqlite:other.db --json"), "");
}
