use clap::ValueEnum;

/// Who reads the lines that set variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    /// Bash, dash, zsh and other POSIX shells
    Bash,
    Fish,
    /// PowerShell, on any system
    #[value(name = "powershell")]
    Power,
    /// Files of variables, as docker and others read them
    Dotenv,
    /// The file that GitHub Actions names in `$GITHUB_ENV`
    Github,
}

impl Shell {
    /// A line that sets a variable; the value has no line breaks.
    pub(super) fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Bash => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            Self::Fish => format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'")),
            Self::Power => format!("$env:{name} = '{}'", value.replace('\'', "''")),
            // Some readers take quotes for a part of the value.
            Self::Dotenv | Self::Github => format!("{name}={value}"),
        }
    }

    /// A line that only people read.
    pub(super) fn comment(self, text: &str) -> String {
        format!("# {text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_means_itself_in_every_shell() {
        for (shell, expected) in [
            (Shell::Bash, r"export A='it'\''s $HOME\n'"),
            (Shell::Fish, r"set -gx A 'it\'s $HOME\\n'"),
            (Shell::Power, r"$env:A = 'it''s $HOME\n'"),
            (Shell::Dotenv, r"A=it's $HOME\n"),
            (Shell::Github, r"A=it's $HOME\n"),
        ] {
            assert_eq!(shell.line("A", r"it's $HOME\n"), expected);
        }
    }
}
