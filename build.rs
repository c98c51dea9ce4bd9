//! Makes Rust of `proto/`: messages, client, server, and the descriptors that reflection serves. No protoc needed.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use prost::Message as _;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=build.rs");
    shrink_release();
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_source_info(true).include_imports(true);
    for file in ["registry_service", "governance_service", "account_service", "error"] {
        compiler.open_file(format!("registry/v1/{file}.proto"))?;
    }
    let mut descriptors = compiler.file_descriptor_set();
    tonic_prost_build::configure().build_transport(false).btree_map(".").compile_fds(descriptors.clone())?;
    // Clients that ask by reflection want names and numbers; without the comments it is a fraction of the size.
    for file in &mut descriptors.file {
        file.source_code_info = None;
    }
    #[expect(clippy::disallowed_methods, reason = "cargo tells build scripts by the environment")]
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?);
    fs::write(out.join("registry_v1_descriptor.bin"), descriptors.encode_to_vec())?;
    Ok(())
}

/// A static binary that is loaded anywhere has tens of thousands of relocations; packed, they take a twentieth of the space.
/// And as it ends where it panics, it needs no tables for unwinding.
#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts by the environment")]
fn shrink_release() {
    println!("cargo::rerun-if-changed=release.ld");
    let is = |variable, value| env::var(variable).is_ok_and(|is| is == value);
    if is("CARGO_CFG_TARGET_ENV", "musl") && is("PROFILE", "release") {
        let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        println!("cargo::rustc-link-arg-bins=-Wl,--no-eh-frame-hdr,-T,{here}/release.ld");
    }
}
