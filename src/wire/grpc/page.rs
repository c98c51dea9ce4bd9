//! Pages of lists.

use crate::model::{IterationId, Timestamp};

/// Entries of a page, where the request does not say.
pub const DEFAULT_PAGE: u32 = 100;
/// Entries of a page at most.
pub const MAX_PAGE: u32 = 1000;
/// Bytes after which a page ends, whatever it holds; one entry alone may be larger.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a page token.
const MAX_TOKEN: usize = 256;

/// How many entries a page has for a request's `page_size`.
pub fn page_size(asked: u32) -> u32 {
    match asked {
        0 => DEFAULT_PAGE,
        asked => asked.min(MAX_PAGE),
    }
}

/// Where a list goes on: behind the last entry of the page before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageToken {
    /// Behind the entry with this name, in a list by name.
    Name(String),
    /// Behind the iteration with this time of its newest record, version number (0 without one) and id.
    Iteration(Timestamp, u32, IterationId),
    /// Behind (before) this position of a channel's history.
    Position(u32),
}

/// A page token that no server of ours made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("page_token: it is not one that this list gave; leave it empty to start over")]
pub struct InvalidPageToken;

impl PageToken {
    /// The token as clients get it. To them it is opaque; the form may change with any release.
    pub fn encode(&self) -> String {
        match self {
            Self::Name(name) => format!("n.{name}"),
            Self::Iteration(Timestamp(at), version, id) => format!("i.{at}.{version}.{id}"),
            Self::Position(position) => format!("p.{position}"),
        }
    }

    /// Reads a token; `None` for an empty one, which asks for the first page.
    ///
    /// # Errors
    /// [`InvalidPageToken`].
    pub fn decode(token: &str) -> Result<Option<Self>, InvalidPageToken> {
        if token.is_empty() {
            return Ok(None);
        }
        let read = || match token.split_once('.')? {
            ("n", name) => Some(Self::Name(name.to_owned())),
            ("i", rest) => {
                let mut parts = rest.splitn(3, '.');
                let (at, version) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
                Some(Self::Iteration(Timestamp(at), version, IterationId::parse(parts.next()?).ok()?))
            }
            ("p", position) => position.parse().ok().map(Self::Position),
            _ => None,
        };
        if token.len() > MAX_TOKEN { Err(InvalidPageToken) } else { read().map(Some).ok_or(InvalidPageToken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_the_place_it_was_made_for() {
        let id = IterationId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap();
        for token in [
            PageToken::Name("learn-packer".to_owned()),
            PageToken::Iteration(Timestamp(-7), 3, id),
            PageToken::Position(3),
        ] {
            assert_eq!(PageToken::decode(&token.encode()), Ok(Some(token)));
        }
        assert_eq!(PageToken::decode(""), Ok(None));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for token in ["x", "p.x", "p.-1", "i.1", "i.1.2.short", "z.1", &format!("n.{}", "a".repeat(MAX_TOKEN))] {
            assert_eq!(PageToken::decode(token), Err(InvalidPageToken), "{token}");
        }
    }

    #[test]
    fn pages_have_a_size_whatever_is_asked_for() {
        assert_eq!((page_size(0), page_size(7), page_size(u32::MAX)), (DEFAULT_PAGE, 7, MAX_PAGE));
    }
}
