//! What travels beside the messages.

/// The project that a call is made in: a UUID.
pub const PROJECT_ID: &str = "x-project-id";
/// What names one request in answers, errors and logs.
pub const REQUEST_ID: &str = "x-request-id";

/// Characters of a request id that a client chose.
const MAX_REQUEST_ID: usize = 128;

/// Whether a server takes over a request id that a client sent: printable ASCII without spaces, and not too long.
pub fn is_request_id(text: &str) -> bool {
    (1..=MAX_REQUEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
