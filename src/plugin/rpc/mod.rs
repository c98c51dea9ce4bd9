//! Go's `net/rpc` over one stream, in the notation of `codec.GoRpc`.
//!
//! A call is two MessagePack values, a header and a body; so is its answer. Bodies travel as bytes: [`frame`] finds where
//! they end, and whoever the call is for decodes them. [`client`] makes calls, [`server`] answers them.

mod client;
mod frame;
mod server;

pub(super) use client::Client;
#[cfg(test)]
pub(super) use frame::{Frame, FrameReader};
pub(super) use server::{Handler, serve};

use super::codec::msgpack::MsgpackError;

/// The body of calls without arguments and of answers without a result: MessagePack's nil.
pub(super) const NIL: &[u8] = &[0xc0];

/// Why a call has no result, or a stream came to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RpcError {
    /// The other side answered with an error.
    #[error("{0}")]
    Remote(String),
    /// The stream ended before the answer came.
    #[error("Packer has closed the connection")]
    Closed,
    /// The other side sent bytes that are not an acceptable call or answer.
    #[error(transparent)]
    Malformed(#[from] MsgpackError),
    /// A header without the fields that it must have.
    #[error("a call's header lacks {0}")]
    Header(&'static str),
}
