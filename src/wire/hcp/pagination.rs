use serde::Serialize;

/// Entries of a page at most, and where the request does not say: Packer reads only the first page of a version's builds.
pub const MAX_PAGE: usize = 1_000;

/// How to read on from a page: both are empty where that is all there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pagination {
    /// For the page behind this one.
    pub next_page_token: String,
    /// For the page before this one.
    pub previous_page_token: String,
}
