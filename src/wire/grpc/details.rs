//! What errors carry beside code and message: `google.rpc.Status`, of which only what we send and read is spelled out.

use std::time::Duration;

use prost::Message;
use prost_types::Any;

use super::v1;

/// Bytes of details in one error. They travel in a header, in base64, and some clients take headers of 8 KiB in all.
pub const MAX_DETAILS: usize = 3 * 1024;
/// Bytes of one text in the details.
pub(super) const MAX_TEXT: usize = 512;

const NO_SINGLE_ARTIFACT: &str = "type.googleapis.com/registry.v1.NoSingleArtifact";
const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.rpc.RetryInfo`: when to try again.
#[derive(Clone, PartialEq, Message)]
pub struct RetryInfo {
    /// How long to wait.
    #[prost(message, optional, tag = "1")]
    pub retry_delay: Option<prost_types::Duration>,
}

/// The details that this version knows; what else there is, is passed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// What there is instead of the one artifact that was asked for.
    pub no_single_artifact: Option<v1::NoSingleArtifact>,
    /// How long to wait before another attempt.
    pub retry_after: Option<Duration>,
}

/// The bytes of the header `grpc-status-details-bin` (before base64) for an error with this code and message.
pub fn encode_details(code: i32, message: &str, details: &Details) -> Vec<u8> {
    let Details { no_single_artifact, retry_after } = details;
    let any = |url: &str, value: Vec<u8>| Any { type_url: url.to_owned(), value };
    let retry = retry_after.and_then(|wait| prost_types::Duration::try_from(wait).ok());
    let retry = retry.map(|wait| RetryInfo { retry_delay: Some(wait) });
    let artifact = no_single_artifact.as_ref().map(|detail| any(NO_SINGLE_ARTIFACT, detail.encode_to_vec()));
    let details = artifact.into_iter().chain(retry.map(|info| any(RETRY_INFO, info.encode_to_vec()))).collect();
    RpcStatus { code, message: message.to_owned(), details }.encode_to_vec()
}

/// Reads what [`encode_details`] wrote; nothing where the bytes are something else.
pub fn details_of(bytes: &[u8]) -> Details {
    let mut known = Details::default();
    let Ok(RpcStatus { details, .. }) = RpcStatus::decode(bytes) else { return known };
    for Any { type_url, value } in details {
        match type_url.as_str() {
            NO_SINGLE_ARTIFACT => known.no_single_artifact = v1::NoSingleArtifact::decode(&*value).ok(),
            RETRY_INFO => {
                let wait = RetryInfo::decode(&*value).ok().and_then(|info| info.retry_delay);
                known.retry_after = wait.and_then(|wait| Duration::try_from(wait).ok());
            }
            _ => {}
        }
    }
    known
}

/// `text`, cut to `limit` bytes at most.
pub(super) fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        text.truncate(text.floor_char_boundary(limit - '…'.len_utf8()));
        text.push('…');
    }
    text
}
