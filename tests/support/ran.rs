use std::process::{ExitStatus, Output};

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    status: ExitStatus,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// Standard output, then standard error.
    pub(crate) text: String,
}

impl Ran {
    pub(super) fn new(status: ExitStatus, stdout: String, stderr: &[u8]) -> Self {
        let stderr = String::from_utf8_lossy(stderr).into_owned();
        let text = format!("{stdout}{stderr}");
        Self { status, stdout, stderr, text }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.success()
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert!(self.status.success(), "{} and said:\n{}", self.status, self.text);
        self
    }

    #[track_caller]
    pub(crate) fn failed(self) -> Self {
        assert!(!self.status.success(), "it was to fail, but said:\n{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "it said:\n{}", self.text);
        self
    }

    /// Line breaks count as spaces: Packer breaks and indents what plugins say.
    #[track_caller]
    pub(crate) fn says(self, expected: &str) -> Self {
        assert!(self.flat().contains(expected), "{expected:?} is missing in:\n{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn does_not_say(self, unexpected: &str) -> Self {
        assert!(!self.flat().contains(unexpected), "{unexpected:?} stands in:\n{}", self.text);
        self
    }

    fn flat(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self::new(output.status, String::from_utf8_lossy(&output.stdout).into_owned(), &output.stderr)
    }
}
