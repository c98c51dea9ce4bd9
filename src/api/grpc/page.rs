use prost::Message;
use tonic::Status;

use super::status::malformed;
use crate::wire::grpc::{InvalidPageToken, PAGE_BYTES, PageToken, page_size};

/// What a request says of the page that it wants.
pub(super) struct Wanted {
    size: usize,
    after: Option<PageToken>,
}

/// A page that is being filled.
pub(super) struct Page<W> {
    entries: Vec<W>,
    size: usize,
    bytes: usize,
    last: Option<PageToken>,
}

impl<W: Message> Page<W> {
    /// Puts an entry on the page; false when there is no room for it, so that the page is done.
    pub(super) fn push<T: Into<W>>(&mut self, entry: T, place: PageToken) -> bool {
        if self.entries.len() == self.size || self.bytes > PAGE_BYTES {
            return false;
        }
        let message = entry.into();
        self.bytes += message.encoded_len();
        self.entries.push(message);
        self.last = Some(place);
        true
    }

    /// The entries, and the token for what follows.
    pub(super) fn into_continued(self) -> (Vec<W>, String) {
        (self.entries, self.last.as_ref().map(PageToken::encode).unwrap_or_default())
    }

    /// The entries, and no token: this is the end.
    pub(super) fn end(self) -> (Vec<W>, String) {
        (self.entries, String::new())
    }
}

/// The answer to a token of another list.
pub(super) fn foreign() -> Status {
    malformed(InvalidPageToken)
}

impl Wanted {
    pub(super) fn read(size: u32, token: &str) -> Result<Self, Status> {
        Ok(Self { size: page_size(size) as usize, after: PageToken::decode(token).map_err(malformed)? })
    }

    /// Where the page begins: behind this.
    pub(super) fn after(&self) -> Option<&PageToken> {
        self.after.as_ref()
    }

    /// An empty page.
    pub(super) fn page<W: Message>(&self) -> Page<W> {
        Page { entries: Vec::new(), size: self.size, bytes: 0, last: None }
    }

    /// The first page of `all`, or the one behind the token; `is_behind` says whether an entry comes behind a place, and
    /// nothing where the place belongs to another list. `place` is that of an entry.
    pub(super) fn of<T, W: Message + From<T>>(
        &self,
        all: Vec<T>,
        is_behind: impl Fn(&T, &PageToken) -> Option<bool>,
        place: impl Fn(&T) -> PageToken,
    ) -> Result<(Vec<W>, String), Status> {
        let mut page = self.page();
        for entry in all {
            if let Some(after) = &self.after
                && !is_behind(&entry, after).ok_or_else(foreign)?
            {
                continue;
            }
            let place = place(&entry);
            if !page.push(entry, place) {
                return Ok(page.into_continued());
            }
        }
        Ok(page.end())
    }
}
