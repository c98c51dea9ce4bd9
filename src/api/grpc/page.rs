use prost::Message;
use tonic::Status;

use super::status::malformed;
use crate::wire::grpc::{PAGE_BYTES, PageToken, page_size};

/// What a request says of the page that it wants.
pub(super) struct Wanted {
    size: usize,
    after: Option<PageToken>,
}

impl Wanted {
    pub(super) fn read(size: u32, token: &str) -> Result<Self, Status> {
        Ok(Self { size: page_size(size) as usize, after: PageToken::decode(token).map_err(malformed)? })
    }

    /// The first page of `all`, or the one behind the token; `is_behind` says whether an entry comes behind a place, and
    /// nothing where the place belongs to another list. `place` is that of an entry.
    pub(super) fn of<T, W: Message + From<T>>(
        &self,
        all: Vec<T>,
        is_behind: impl Fn(&T, &PageToken) -> Option<bool>,
        place: impl Fn(&T) -> PageToken,
    ) -> Result<(Vec<W>, String), Status> {
        let mut page = Vec::new();
        let mut bytes = 0;
        let mut last = None;
        for entry in all {
            if let Some(after) = &self.after {
                let foreign = || malformed(crate::wire::grpc::InvalidPageToken);
                if !is_behind(&entry, after).ok_or_else(foreign)? {
                    continue;
                }
            }
            if page.len() == self.size || bytes > PAGE_BYTES {
                return Ok((page, last.as_ref().map(PageToken::encode).unwrap_or_default()));
            }
            last = Some(place(&entry));
            let message = W::from(entry);
            bytes += message.encoded_len();
            page.push(message);
        }
        Ok((page, String::new()))
    }
}
