//! Words that plugins give where they have nothing to give.

/// `text` without surrounding white space, unless it is empty or only stands for a missing value.
pub(super) fn meaningful(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && !is_placeholder(text)).then_some(text)
}

/// Whether `text` stands for a missing value: the SDK, azure and docker write `ERR_SOURCE_IMAGE_NAME_NOT_FOUND` and the
/// like, and azure `UNKNOWN ID`.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.starts_with("ERR_") || text == "UNKNOWN ID"
}
