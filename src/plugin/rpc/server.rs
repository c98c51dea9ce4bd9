use std::future::Future;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::RpcError;
use super::frame::{self, Frame, FrameReader};

/// How many calls of one stream may be under way at once.
const MAX_CALLS: usize = 64;

/// Answers calls.
pub(in crate::plugin) trait Handler: Send + Sync + 'static {
    /// Answers the call of `method`; both bodies are one MessagePack value.
    ///
    /// # Errors
    /// The text of the error that the caller gets.
    fn call(&self, method: String, body: Vec<u8>) -> impl Future<Output = Result<Vec<u8>, String>> + Send;
}

/// Answers the calls that come over `stream`, each as a task of its own, until the other side closes it.
///
/// # Errors
/// [`RpcError`] when the other side sends what is not a call.
pub(in crate::plugin) async fn serve<S, H>(stream: S, handler: Arc<H>) -> Result<(), RpcError>
where
    S: AsyncRead + AsyncWrite + Send + 'static,
    H: Handler,
{
    let (reader, writer) = tokio::io::split(stream);
    let writer = Arc::new(Mutex::new(writer));
    let mut frames = FrameReader::new(reader);
    let mut calls = JoinSet::new();
    let end = loop {
        match frames.next().await {
            Ok(Some(call)) => {
                if calls.len() >= MAX_CALLS {
                    calls.join_next().await;
                }
                while calls.try_join_next().is_some() {}
                calls.spawn(answer(call, Arc::clone(&handler), Arc::clone(&writer)));
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    calls.abort_all();
    let _ = writer.lock().await.shutdown().await;
    end
}

/// The body beside an error, as Go's `net/rpc` sends it: a struct without fields.
const NOTHING: &[u8] = &[0x80];

async fn answer<W, H>(call: Frame, handler: Arc<H>, writer: Arc<Mutex<W>>)
where
    W: AsyncWrite + Unpin,
    H: Handler,
{
    let Frame { method, seq, body, .. } = call;
    let (error, body) = match handler.call(method.clone(), body).await {
        Ok(body) => (String::new(), body),
        Err(error) if error.is_empty() => ("the call failed without saying why".to_owned(), NOTHING.to_vec()),
        Err(error) => (error, NOTHING.to_vec()),
    };
    // Where the other side is gone, nobody waits for the answer.
    let _ = frame::write(&mut *writer.lock().await, &Frame { method, seq, error, body }, false).await;
}
