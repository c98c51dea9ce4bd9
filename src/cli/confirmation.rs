use std::io::{IsTerminal as _, Write as _};

use clap::Args;

use super::failure::{Failure, Kind};

/// Asks before something is taken away.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Confirmation {
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

impl Confirmation {
    /// Whether the person agrees, or has done so in advance; `question` says what will be gone.
    ///
    /// A failure where there is nobody to ask.
    pub(super) fn given_for(self, question: &str) -> Result<bool, Failure> {
        if self.yes {
            return Ok(true);
        }
        let stdin = std::io::stdin();
        if !stdin.is_terminal() {
            let message = format!("{question} To do it, say --yes: there is no terminal to ask on");
            return Err(Failure::new(Kind::Usage, message));
        }
        let _ = write!(std::io::stderr(), "{question} [y/N] ");
        let mut line = String::new();
        let read = stdin.read_line(&mut line);
        Ok(read.is_ok() && matches!(line.trim(), "y" | "Y" | "yes"))
    }
}
