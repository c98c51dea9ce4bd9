use std::io::{BufRead, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use super::plugin_process::signal;
use super::ran::Ran;

/// A program whose output is read while it runs; it leads a process group, as on a terminal.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    said: String,
    stderr: JoinHandle<Vec<u8>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child =
            command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut stderr = child.stderr.take().expect("it is piped");
        let stderr = std::thread::spawn(move || {
            let mut said = Vec::new();
            stderr.read_to_end(&mut said).expect("standard error can be read");
            said
        });
        Self { child, stdout, said: String::new(), stderr }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads on until a line of standard output has `expected` in it.
    #[track_caller]
    pub(crate) fn until_it_says(&mut self, expected: &str) {
        loop {
            let mut line = String::new();
            let read = self.stdout.read_line(&mut line).expect("standard output can be read");
            assert!(read > 0, "it ended without {expected:?} and said:\n{}", self.said);
            self.said += &line;
            if line.contains(expected) {
                return;
            }
        }
    }

    /// Ctrl-C: the signal reaches every process of the group.
    pub(crate) fn interrupt(&self) {
        signal("INT", &format!("-{}", self.id()));
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> Ran {
        self.stdout.read_to_string(&mut self.said).expect("standard output can be read");
        let status = self.child.wait().expect("it can be waited for");
        let stderr = self.stderr.join().expect("the reader does not panic");
        Ran::new(status, self.said, &stderr)
    }
}
