use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::private_file::write_private_file;

/// What a script has to know of a server that it has started.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyFile {
    /// Where to reach it, `ADDRESS:PORT`: the address that it listens on, or this machine's own where that is any.
    pub address: String,
    /// The same as a URL.
    pub url: String,
    /// The CA that its certificate has to be checked with; `null` where it is none of its own.
    pub ca_file: Option<PathBuf>,
    /// The organization.
    pub organization_id: String,
    /// Its first project.
    pub project_id: String,
}

impl ReadyFile {
    /// What there is to say of a server that listens on `address`.
    pub fn new(
        address: SocketAddr,
        tls: bool,
        ca_file: Option<&Path>,
        organization_id: &str,
        project_id: &str,
    ) -> Self {
        let address = reachable(address).to_string();
        let scheme = if tls { "https" } else { "http" };
        Self {
            url: format!("{scheme}://{address}"),
            address,
            ca_file: ca_file.map(Path::to_path_buf),
            organization_id: organization_id.to_owned(),
            project_id: project_id.to_owned(),
        }
    }

    /// Writes it, whole at once, for its owner only.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_private_file(path, &self.text()?)
    }

    /// Removes it, unless another server has written its own there since.
    pub(super) fn withdraw(&self, path: &Path) {
        let is_ours = self.text().is_ok_and(|ours| fs::read(path).is_ok_and(|there| there == ours));
        if is_ours && let Err(error) = fs::remove_file(path) {
            tracing::warn!("{} cannot be removed: {error}; it tells of a server that stops", path.display());
        }
    }

    fn text(&self) -> io::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }
}

fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        // A socket for all addresses takes those of IPv4, too, which there is everywhere.
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other.to_canonical(),
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_server_has_written_itself_does_it_remove() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        let of = |port: u16| ReadyFile::new(SocketAddr::from(([127, 0, 0, 1], port)), true, None, "o", "p");
        of(1).write(&path).unwrap();
        of(2).withdraw(&path);
        assert!(path.exists());
        of(1).withdraw(&path);
        assert!(!path.exists());
        of(1).withdraw(&path);
    }

    #[test]
    fn a_script_is_told_an_address_that_it_can_reach() {
        for (listening, told) in [
            ("127.0.0.1:8443", "127.0.0.1:8443"),
            ("0.0.0.0:8443", "127.0.0.1:8443"),
            ("[::]:8443", "127.0.0.1:8443"),
            ("[::1]:8443", "[::1]:8443"),
        ] {
            let ready = ReadyFile::new(listening.parse().unwrap(), true, None, "o", "p");
            assert_eq!(ready.address, told);
            assert_eq!(ready.url, format!("https://{told}"));
        }
    }
}
