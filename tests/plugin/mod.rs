//! The plugin protocol, with tests that play Packer.
