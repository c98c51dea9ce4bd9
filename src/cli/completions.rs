use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::answer::Answer;
use super::arguments::Arguments;

/// Print the completions of a shell.
#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

const NAME: &str = env!("CARGO_PKG_NAME");

impl Completions {
    pub(super) fn run(self) -> Answer {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), NAME, &mut script);
        let script = String::from_utf8_lossy(&script);
        Answer::text(if self.shell == Shell::Bash { with_one_spelling(&script) } else { script.into_owned() })
    }
}

/// The script for bash spells the hyphens of the binary's name in two ways, and so completes no subcommand
/// (<https://github.com/clap-rs/clap/issues/6421>); where that is mended, there is nothing to replace.
fn with_one_spelling(script: &str) -> String {
    script.replace(&NAME.replace('-', "__subcmd__"), &NAME.replace('-', "__"))
}
