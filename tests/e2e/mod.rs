//! The real Packer, with real plugins, against the real binary.
