use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::peers;

/// OpenSSH's server on this machine, which lets in whoever runs the tests, by a key of its own.
pub(crate) struct SshServer {
    pub(crate) port: u16,
    pub(crate) user: String,
    folder: TempDir,
}

impl SshServer {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for name in ["host", "user"] {
            make_key(&folder.path().join(name));
        }
        let config = folder.path().join("config");
        fs::write(&config, configuration(folder.path())).expect("a file can be written");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let sshd = peers::get("sshd");
        std::thread::spawn(move || serve(&listener, &sshd, &config));
        let user = Command::new("id").arg("-un").output().expect("id runs").stdout;
        let user = String::from_utf8(user).expect("a name").trim().to_owned();
        Self { port, user, folder }
    }

    /// The file with the key that is let in.
    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("user")
    }
}

fn make_key(path: &Path) {
    let mut command = Command::new("ssh-keygen");
    let status = command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status();
    assert!(status.expect("ssh-keygen runs").success(), "no key was made");
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "HostKey {folder}/host\nAuthorizedKeysFile {folder}/user.pub\nStrictModes no\nUsePAM no\n\
         PasswordAuthentication no\nPermitRootLogin prohibit-password\n"
    )
}

/// Hands each connection to a server of its own, as inetd does: so the port is known before anybody else can have it.
fn serve(listener: &TcpListener, sshd: &Path, config: &Path) {
    for connection in listener.incoming() {
        let socket =
            || Stdio::from(OwnedFd::from(connection.as_ref().expect("a connection").try_clone().expect("a socket")));
        let mut command = Command::new(sshd);
        let server =
            command.args(["-i", "-e", "-f"]).arg(config).stdin(socket()).stdout(socket()).stderr(Stdio::null());
        let mut server = server.spawn().expect("sshd runs");
        std::thread::spawn(move || server.wait());
    }
}
