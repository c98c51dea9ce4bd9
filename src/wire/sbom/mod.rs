//! Software bills of materials as clients of HCP Packer hand them in: JSON, compressed by Zstandard.
//!
//! Whatever a client sends is bounded: the bytes that it has and those that it makes others have, the depth, the packages,
//! and what is said of each.

mod compressed;
mod cyclonedx;
mod spdx;

pub use compressed::decompress;

use crate::model::{NewPackage, SbomFormat};

/// Bytes of a document as it is sent.
pub const MAX_COMPRESSED: usize = 16 * 1024 * 1024;
/// Bytes of a document.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;
/// Packages that a document names.
pub const MAX_PACKAGES: usize = 100_000;
/// Bytes of a name, a version or a package URL.
const MAX_TEXT: usize = 4_096;

/// Why a document cannot be read as what it is said to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// The packages that a document names.
///
/// # Errors
/// [`Unreadable`] for what is no document of this format.
pub fn packages(format: SbomFormat, document: &[u8]) -> Result<Vec<NewPackage>, Unreadable> {
    match format {
        SbomFormat::CycloneDx => cyclonedx::packages(document),
        SbomFormat::Spdx => spdx::packages(document),
    }
}

/// Packages as they are found.
#[derive(Debug, Default)]
struct Found(Vec<NewPackage>);

impl Found {
    fn add(&mut self, package: NewPackage) -> Result<(), Unreadable> {
        let NewPackage { name, version, purl } = &package;
        for (what, text) in [("name", name), ("version", version), ("purl", purl)] {
            if text.len() > MAX_TEXT || text.contains('\0') {
                let shown: String = name.chars().take(64).collect();
                return Err(Unreadable(format!(
                    "the {what} of package {shown:?} has a NUL character, or more than {MAX_TEXT} bytes"
                )));
            }
        }
        if self.0.len() >= MAX_PACKAGES {
            return Err(Unreadable(format!("the document names more than {MAX_PACKAGES} packages; split it")));
        }
        self.0.push(package);
        Ok(())
    }
}

fn parse<'d, T: serde::Deserialize<'d>>(document: &'d [u8], format: &str) -> Result<T, Unreadable> {
    serde_json::from_slice(document).map_err(|error| Unreadable(format!("it is no {format} in JSON: {error}")))
}
