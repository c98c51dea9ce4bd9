//! What a client may cost before it has shown who it is.

use std::time::Duration;

use crate::wire::grpc::MAX_MESSAGE;

/// The most bytes that the body of a request may have: those of the largest message of gRPC, with what frames it.
pub const MAX_REQUEST_BODY: u64 = MAX_MESSAGE as u64 + FRAME;

/// What gRPC puts before a message: "gRPC over HTTP2" of its documentation, "Length-Prefixed-Message".
const FRAME: u64 = 5;

/// The most bytes that the head of a request may have.
pub const MAX_REQUEST_HEAD: usize = 64 << 10;

/// The most bytes that a head may have over HTTP/2 for it to be read, and refused in words: what has more is refused by a code
/// of HTTP/2 that makes clients try again.
pub const MAX_READ_HEAD: u32 = 256 << 10;

/// The most header fields that a request over HTTP/1 may have.
pub const MAX_HEADERS: usize = 100;

/// The most requests that one connection over HTTP/2 may have under way.
pub const MAX_CONCURRENT_STREAMS: u32 = 250;

/// How long a client may take to agree on TLS.
pub const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection may be open before its first request has arrived, head and all.
pub const FIRST_REQUEST_PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection that was accepted before a shutdown may take with its first request.
pub const LAST_REQUEST_PATIENCE: Duration = Duration::from_millis(500);

/// How long the head of a further request over HTTP/1 may take, the idle time before it included.
pub const HEAD_PATIENCE: Duration = Duration::from_secs(60);

/// How long the body of a request may stand still.
pub const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection may have nothing under way but what its client does not read.
pub const IDLE_PATIENCE: Duration = Duration::from_secs(300);

/// How long such a client may then take to hear that the connection ends.
pub const GOODBYE_PATIENCE: Duration = Duration::from_secs(5);

/// How often a connection over HTTP/2 is asked whether anyone is still there.
pub const PING_INTERVAL: Duration = Duration::from_secs(30);

/// How long that answer may take.
pub const PING_PATIENCE: Duration = Duration::from_secs(20);
