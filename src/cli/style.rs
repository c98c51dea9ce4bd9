use std::io::IsTerminal as _;

use clap::ValueEnum;

use crate::config::Environment;

/// When to colour what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// How text looks on this output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    colored: bool,
}

impl Style {
    pub(super) fn of_stdout(color: Color, environment: &Environment) -> Self {
        let colored = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let able = environment.term.as_deref().is_some_and(|term| term != "dumb");
                able && !environment.no_color && std::io::stdout().is_terminal()
            }
        };
        Self { colored }
    }

    #[cfg(test)]
    pub(super) fn plain() -> Self {
        Self { colored: false }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrapped("1", text)
    }

    pub(super) fn good(self, text: &str) -> String {
        self.wrapped("32", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.wrapped("31", text)
    }

    pub(super) fn attention(self, text: &str) -> String {
        self.wrapped("33", text)
    }

    fn wrapped(self, code: &str, text: &str) -> String {
        if self.colored { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
