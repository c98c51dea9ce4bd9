//! The plugin protocol, with tests that play Packer.

mod codec_against_go;
#[cfg(unix)]
mod process;
