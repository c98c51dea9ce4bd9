//! Shows the committed bytes of our encoders to the Go packages that Packer decodes them with.
//!
//! The unit tests of `plugin::codec` hold the encoders to the same bytes without Go.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plugin/fixtures/codec");
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/gobcheck");

fn built_gobcheck(folder: &Path) -> PathBuf {
    let program = folder.join("gobcheck");
    let built = Command::new("go").current_dir(SOURCE).args(["build", "-o"]).arg(&program).arg(".").status();
    assert!(built.expect("Go is installed and on the PATH").success(), "gobcheck builds");
    program
}

fn printed(gobcheck: &Path, argument: &str, input: Stdio) -> String {
    let output = Command::new(gobcheck).arg(argument).stdin(input).output().expect("gobcheck runs");
    assert!(output.status.success(), "{argument}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("gobcheck prints text")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(format!("{FIXTURES}/{name}")).expect("a fixture can be read")
}

#[test]
#[ignore = "needs Go"]
fn go_understands_every_encoding_and_our_documents_are_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let gobcheck = built_gobcheck(folder.path());

    for (name, kind, encodings) in [
        ("every", "spec", ["spec-protobuf", "spec-gob"]),
        ("empty", "spec", ["spec-protobuf", "spec-gob"]),
        ("every", "value", ["value-msgpack", "value-gob"]),
        ("empty", "value", ["value-msgpack", "value-gob"]),
        ("null", "value", ["value-msgpack", "value-gob"]),
    ] {
        for encoding in encodings {
            let bytes = File::open(format!("{FIXTURES}/{name}.{encoding}.hex")).unwrap();
            let understood = printed(&gobcheck, encoding, bytes.into());
            assert_eq!(understood, fixture(&format!("{name}.{kind}.json")), "{name}.{encoding}");
        }
    }
    assert_eq!(printed(&gobcheck, "golden", Stdio::null()), fixture("configurations.tsv"));
}
