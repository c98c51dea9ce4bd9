use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

const GET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/get");

/// The plugin and command line under test.
pub(crate) const REGISTRY: &str = env!("CARGO_BIN_EXE_packer-plugin-registry");

/// The pinned Packer.
pub(crate) fn packer() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| get("packer"))
}

/// Packer 1.8.7.
pub(crate) fn packer_1_8() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| get("packer_1_8"))
}

/// The pinned packer-plugin-amazon.
pub(crate) fn packer_plugin_amazon() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| get("packer-plugin-amazon"))
}

/// Terraform, or where there is none, `OpenTofu`.
pub(crate) fn terraform() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| get("terraform"))
}

/// A python that has the pinned moto.
pub(super) fn moto_python() -> PathBuf {
    get("moto")
}

/// The path of a peer, which is built the first time: that takes minutes, and says so.
pub(crate) fn get(name: &str) -> PathBuf {
    let output = Command::new(GET).arg(name).stderr(Stdio::inherit()).output().expect("tests/peers/get runs");
    assert!(output.status.success(), "tests/peers/get {name} failed; it said why above");
    let path = String::from_utf8(output.stdout).expect("a path");
    PathBuf::from(path.trim_end())
}
