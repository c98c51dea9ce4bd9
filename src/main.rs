//! The binary: as a Packer plugin, or as the command line of the registry.

fn main() {}
