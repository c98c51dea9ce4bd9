use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Environment;
use super::folders::{NoFolder, state_folder};

/// Characters of a line of PEM: RFC 7468, section 2.
const LINE: usize = 64;

/// Where the bundle for the server at `authority` (host and port) is kept: a file in [`state_folder`]. Nothing is created.
///
/// # Errors
/// Those of [`state_folder`].
pub fn ca_bundle_file(environment: &Environment, authority: &str) -> Result<PathBuf, NoFolder> {
    let name: String = authority.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    Ok(state_folder(environment)?.join(format!("roots-{name}.pem")))
}

/// Writes the certificates in `ca_file` and those that the system trusts into `bundle`, for programs that can be told of
/// one file only: it takes the place of what they trust otherwise.
///
/// # Errors
/// Those of the system.
pub fn write_ca_bundle(ca_file: &Path, bundle: &Path) -> io::Result<()> {
    let own = std::fs::read_to_string(ca_file)?;
    let system = rustls_native_certs::load_native_certs().certs;
    let text = system.iter().fold(format!("{}\n", own.trim_end()), |text, certificate| text + &pem(certificate));
    if let Some(folder) = bundle.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Whoever reads it meanwhile has the old one or the new one.
    let new = bundle.with_extension("new");
    std::fs::write(&new, text)?;
    std::fs::rename(&new, bundle)
}

fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in text.as_bytes().chunks(LINE) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_has_what_was_given_and_what_the_system_trusts() {
        let folder = tempfile::tempdir().unwrap();
        let (ca, bundle) = (folder.path().join("ca.pem"), folder.path().join("below/roots.pem"));
        std::fs::write(&ca, pem(&[7; 100])).unwrap();
        write_ca_bundle(&ca, &bundle).unwrap();
        let written = std::fs::read_to_string(&bundle).unwrap();
        let system = rustls_native_certs::load_native_certs().certs;
        let expected: String = system.iter().map(|certificate| pem(certificate)).collect();
        assert_eq!(written, pem(&[7; 100]) + &expected);
        assert!(written.lines().all(|line| line.len() <= LINE));
        write_ca_bundle(&ca, &bundle).unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("below")).unwrap().count(), 1);
    }

    #[test]
    fn a_server_has_a_file_of_its_own() {
        let environment = Environment { home: Some("/home/x".into()), ..Environment::default() };
        let file = ca_bundle_file(&environment, "[::1]:8443").unwrap();
        assert_eq!(file.file_name().unwrap(), "roots----1--8443.pem");
    }
}
