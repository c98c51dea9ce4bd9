//! The encodings of what calls carry, one file each.
