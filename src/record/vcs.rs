//! The state of the git work tree that a template lies in, as the `git` command tells it.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::model::Vcs;

/// How long each of the two commands may take; a work tree on a network share can be slow.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a command that has closed its output may take to end.
const PATIENCE_AT_END: Duration = Duration::from_millis(500);
/// Bytes of output that are read; what is wanted stands in the first lines.
const MAX_OUTPUT: u64 = 64 * 1024;

/// The state of the work tree around `folder`; `None` where there is none, git is not installed or too slow, or git
/// refuses to look because the work tree belongs to somebody else (`safe.directory`).
///
/// Files that git does not track do not make a tree dirty. Takes at most some ten seconds.
pub fn read(folder: &Path) -> Option<Vcs> {
    read_with(OsStr::new("git"), folder)
}

fn read_with(git: &OsStr, folder: &Path) -> Option<Vcs> {
    let status =
        ["--no-optional-locks", "status", "--porcelain=v2", "--branch", "--untracked-files=no", "--no-renames"];
    let mut vcs = parse_status(&run(command(git, folder, &status), PATIENCE)?)?;
    if vcs.commit.is_some() {
        let log = ["log", "-1", "--no-show-signature", "--no-color", "--format=%an <%ae>"];
        vcs.author = run(command(git, folder, &log), PATIENCE)
            .and_then(|text| text.lines().next().map(str::to_owned))
            .filter(|author| !author.is_empty());
    }
    Some(vcs)
}

/// Git as a tool that asks nothing, takes no locks, runs no hooks of the tree, and looks at `folder` alone, even where
/// a git hook started Packer.
fn command(git: &OsStr, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(git);
    command.arg("-C").arg(folder).args(["-c", "core.fsmonitor=false"]).args(arguments);
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
}

/// The start of what `command` writes; `None` when it fails, or does not end in time and is killed.
fn run(mut command: Command, patience: Duration) -> Option<String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let stdout = child.stdout.take()?;
    let (sender, output) = mpsc::channel();
    // A thread, because a pipe has no read with a time limit. It ends with the pipe, which the killed child closes; a
    // grandchild that holds the pipe open keeps this thread, but nobody who waits.
    let reader = thread::Builder::new().name("git-output".to_owned()).spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(MAX_OUTPUT).read_to_end(&mut bytes);
        // The receiver is gone when the time was up.
        let _ = sender.send(read.map(|_| bytes));
    });
    let bytes = match reader {
        Ok(_) => output.recv_timeout(patience).ok().and_then(Result::ok),
        Err(_) => None,
    };
    let cut_short = bytes.as_ref().is_some_and(|bytes| bytes.len() as u64 == MAX_OUTPUT);
    let ended_well = bytes.is_some() && !cut_short && ends_well(&mut child);
    // Both fail where the child has ended, which is as good.
    let _ = child.kill();
    let _ = child.wait();
    bytes.filter(|_| ended_well || cut_short).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether `child`, whose output has ended, ends now and with success.
fn ends_well(child: &mut Child) -> bool {
    const STEP: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if waited < PATIENCE_AT_END => thread::sleep(STEP),
            Ok(None) | Err(_) => return false,
        }
        waited += STEP;
    }
}

/// Reads `git status --porcelain=v2 --branch`: lines `# branch.oid COMMIT`, `# branch.head NAME`, other lines with `#`
/// that do not matter here, and one line for each change. ("Porcelain Format Version 2" in git-status(1).)
fn parse_status(text: &str) -> Option<Vcs> {
    let header = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(' ')).map(str::to_owned)
    };
    let commit = header("branch.oid")?;
    Some(Vcs {
        commit: Some(commit).filter(|commit| commit != "(initial)"),
        branch: header("branch.head").filter(|branch| branch != "(detached)"),
        dirty: text.lines().any(|line| !line.is_empty() && !line.starts_with('#')),
        author: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_tree_on_a_branch() {
        let vcs = parse_status("# branch.oid 0123abcd\n# branch.head main\n# branch.ab +1 -0\n").unwrap();
        assert_eq!((vcs.commit.as_deref(), vcs.branch.as_deref(), vcs.dirty), (Some("0123abcd"), Some("main"), false));
    }

    #[test]
    fn a_change_makes_the_tree_dirty() {
        let text = "# branch.oid 01\n# branch.head main\n1 .M N... 100644 100644 100644 01 01 image.pkr.hcl\n";
        assert!(parse_status(text).unwrap().dirty);
    }

    #[test]
    fn before_the_first_commit_and_off_any_branch_there_is_nothing_to_name() {
        assert_eq!(parse_status("# branch.oid (initial)\n# branch.head main\n").unwrap().commit, None);
        assert_eq!(parse_status("# branch.oid 01\n# branch.head (detached)\n").unwrap().branch, None);
    }

    #[test]
    fn what_is_no_status_is_no_tree() {
        assert_eq!(parse_status("fatal: detected dubious ownership\n"), None);
        assert_eq!(parse_status(""), None);
    }

    #[test]
    fn a_real_work_tree_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut git = command(OsStr::new("git"), folder.path(), &[]);
            git.args([
                "-c",
                "user.name=A. Builder",
                "-c",
                "user.email=builder@example.com",
                "-c",
                "commit.gpgsign=false",
            ]);
            assert!(git.args(arguments).output().unwrap().status.success(), "git {arguments:?}");
        };
        git(&["init", "-q", "-b", "trunk"]);
        let expected = Vcs { commit: None, branch: Some("trunk".to_owned()), dirty: false, author: None };
        assert_eq!(read(folder.path()), Some(expected));

        std::fs::write(folder.path().join("image.pkr.hcl"), "one").unwrap();
        git(&["add", "."]);
        git(&["commit", "-q", "-m", "first"]);
        let clean = read(folder.path()).unwrap();
        assert_eq!(clean.commit.as_ref().map(String::len), Some(40));
        assert_eq!(clean.author.as_deref(), Some("A. Builder <builder@example.com>"));
        assert!(!clean.dirty);

        std::fs::write(folder.path().join("untracked"), "x").unwrap();
        assert!(!read(folder.path()).unwrap().dirty);
        std::fs::write(folder.path().join("image.pkr.hcl"), "two").unwrap();
        assert!(read(folder.path()).unwrap().dirty);
    }

    #[test]
    fn a_folder_outside_of_any_work_tree_has_no_state() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), None);
        assert_eq!(read(&folder.path().join("missing")), None);
    }

    #[test]
    fn without_git_there_is_no_state() {
        assert_eq!(read_with(OsStr::new("no-such-program-as-this"), Path::new(".")), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_does_not_end_in_time_is_killed() {
        let mut sleeper = Command::new("sleep");
        sleeper.arg("600");
        assert_eq!(run(sleeper, Duration::from_millis(20)), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_grandchild_that_keeps_the_output_open_does_not_keep_us() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 1 & exit 0"]);
        assert_eq!(run(shell, Duration::from_millis(20)), None);
    }

    #[cfg(unix)]
    #[test]
    fn endless_output_is_cut_short_and_its_start_is_used() {
        let text = run(Command::new("yes"), PATIENCE).unwrap();
        assert_eq!(text.len() as u64, MAX_OUTPUT);
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_fails_says_nothing_of_use() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo half; exit 1"]);
        assert_eq!(run(shell, PATIENCE), None);
    }
}
