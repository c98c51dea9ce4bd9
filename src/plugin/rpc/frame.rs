use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::RpcError;
use crate::plugin::Value;
use crate::plugin::codec::msgpack::{self, Scanner};

/// A header and the body that follows it, either way.
///
/// | field of the header | in calls | in answers |
/// |---|---|---|
/// | `ServiceMethod` | `PostProcessor.Configure` | the same again |
/// | `Seq` | a number that the caller chose | the same again |
/// | `Error` | – | a text; empty when the call succeeded |
#[derive(Debug, PartialEq)]
pub(in crate::plugin) struct Frame {
    pub(in crate::plugin) method: String,
    pub(in crate::plugin) seq: i64,
    pub(in crate::plugin) error: String,
    /// One MessagePack value, not decoded.
    pub(in crate::plugin) body: Vec<u8>,
}

/// Reads frames from a stream.
pub(in crate::plugin) struct FrameReader<R> {
    stream: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub(in crate::plugin) fn new(stream: R) -> Self {
        Self { stream, buffer: Vec::new() }
    }

    /// The next frame, or `None` where the stream ends between two.
    pub(in crate::plugin) async fn next(&mut self) -> Result<Option<Frame>, RpcError> {
        let Some(header) = self.value().await? else { return Ok(None) };
        let header = Header::decode(&header)?;
        let body = self.value().await?.ok_or(RpcError::Closed)?;
        let Header { method, seq, error } = header;
        Ok(Some(Frame { method, seq, error, body }))
    }

    /// The bytes of the next value, or `None` where the stream ends before its first one.
    async fn value(&mut self) -> Result<Option<Vec<u8>>, RpcError> {
        let mut scanner = Scanner::new();
        loop {
            if let Some(end) = scanner.end(&self.buffer)? {
                let rest = self.buffer.split_off(end);
                return Ok(Some(std::mem::replace(&mut self.buffer, rest)));
            }
            match self.stream.read_buf(&mut self.buffer).await {
                Ok(0) | Err(_) if self.buffer.is_empty() => return Ok(None),
                Ok(0) | Err(_) => return Err(RpcError::Closed),
                Ok(_) => {}
            }
        }
    }
}

struct Header {
    method: String,
    seq: i64,
    error: String,
}

impl Header {
    fn decode(bytes: &[u8]) -> Result<Self, RpcError> {
        let Value::Map(mut fields) = msgpack::decode(bytes)? else { return Err(RpcError::Header("its fields")) };
        let mut text = |name| match fields.remove(name) {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Bytes(bytes)) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            _ => None,
        };
        let method = text("ServiceMethod").ok_or(RpcError::Header("ServiceMethod"))?;
        let error = text("Error").unwrap_or_default();
        let Some(Value::Int(seq)) = fields.remove("Seq") else { return Err(RpcError::Header("Seq")) };
        Ok(Self { method, seq, error })
    }
}

/// Writes one frame; a call's header has no `Error`.
pub(super) async fn write<W: AsyncWrite + Unpin>(stream: &mut W, frame: &Frame, is_call: bool) -> Result<(), RpcError> {
    let Frame { method, seq, error, body } = frame;
    let mut fields = vec![("ServiceMethod", Value::Text(method.clone())), ("Seq", Value::Int(*seq))];
    if !is_call {
        fields.push(("Error", Value::Text(error.clone())));
    }
    let header = Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let closed = |_| RpcError::Closed;
    stream.write_all(&msgpack::encode(&header)).await.map_err(closed)?;
    stream.write_all(body).await.map_err(closed)?;
    stream.flush().await.map_err(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(body: Vec<u8>) -> Frame {
        Frame { method: "Ui.Say".to_owned(), seq: 7, error: String::new(), body }
    }

    #[tokio::test]
    async fn a_frame_survives_the_stream_in_any_pieces() {
        let mut bytes = Vec::new();
        let text = msgpack::encode(&Value::Text("x".repeat(70_000)));
        write(&mut bytes, &frame(text.clone()), true).await.unwrap();
        write(&mut bytes, &frame(super::super::NIL.to_vec()), false).await.unwrap();
        for piece in [1, 2, 1000, bytes.len()] {
            let (mut near, far) = tokio::io::duplex(piece);
            let sent = bytes.clone();
            tokio::spawn(async move { near.write_all(&sent).await.unwrap() });
            let mut reader = FrameReader::new(far);
            assert_eq!(reader.next().await.unwrap(), Some(frame(text.clone())));
            assert_eq!(reader.next().await.unwrap(), Some(frame(super::super::NIL.to_vec())));
            assert_eq!(reader.next().await.unwrap(), None);
        }
    }

    #[tokio::test]
    async fn a_frame_that_ends_early_is_an_error_and_a_bad_header_names_what_it_lacks() {
        let mut reader = FrameReader::new(&[0x81, 0xa3][..]);
        assert_eq!(reader.next().await, Err(RpcError::Closed));
        let mut reader = FrameReader::new(&[0x80, 0xc0][..]);
        assert_eq!(reader.next().await, Err(RpcError::Header("ServiceMethod")));
        let mut reader = FrameReader::new(&[0x01, 0xc0][..]);
        assert_eq!(reader.next().await, Err(RpcError::Header("its fields")));
    }
}
