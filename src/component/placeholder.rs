//! Values that are not known yet when Packer configures a plugin for the first time.

/// What Packer writes in the place of an unknown string.
pub(super) const UNKNOWN: &str = "<unknown>";

/// Whether `text` is, or contains, a value that is not known yet.
pub(super) fn is_unknown(text: &str) -> bool {
    text.contains(UNKNOWN)
}
