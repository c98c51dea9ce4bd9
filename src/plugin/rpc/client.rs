use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};

use super::RpcError;
use super::frame::{self, Frame, FrameReader};

type Answer = Result<Vec<u8>, RpcError>;

/// Makes calls over one stream; clones share it, and the stream is closed when the last of them is gone.
#[derive(Clone)]
pub(in crate::plugin) struct Client {
    calls: mpsc::UnboundedSender<Call>,
}

struct Call {
    method: String,
    body: Vec<u8>,
    answer: oneshot::Sender<Answer>,
}

/// The calls that wait for their answers; `None` once no answer can come any more.
type Waiting = Arc<Mutex<Option<HashMap<i64, oneshot::Sender<Answer>>>>>;

impl Client {
    /// A client on `stream`, which it reads and writes from now on; needs a runtime around it.
    pub(in crate::plugin) fn new<S: AsyncRead + AsyncWrite + Send + 'static>(stream: S) -> Self {
        let (calls, queue) = mpsc::unbounded_channel();
        let (reader, writer) = tokio::io::split(stream);
        let waiting: Waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        tokio::spawn(send(writer, queue, Arc::clone(&waiting)));
        tokio::spawn(receive(FrameReader::new(reader), waiting));
        Self { calls }
    }

    /// Calls `method` and returns the body of the answer; both bodies are one MessagePack value.
    pub(in crate::plugin) async fn call(&self, method: &str, body: Vec<u8>) -> Answer {
        self.start(method, body).await.unwrap_or(Err(RpcError::Closed))
    }

    /// The same from a thread that may block.
    pub(in crate::plugin) fn call_blocking(&self, method: &str, body: Vec<u8>) -> Answer {
        self.start(method, body).blocking_recv().unwrap_or(Err(RpcError::Closed))
    }

    fn start(&self, method: &str, body: Vec<u8>) -> oneshot::Receiver<Answer> {
        let (answer, receiver) = oneshot::channel();
        // Where the stream is gone, the call is dropped here, and with it the sender of its answer.
        let _ = self.calls.send(Call { method: method.to_owned(), body, answer });
        receiver
    }
}

async fn send<W: AsyncWrite + Unpin>(mut stream: W, mut queue: mpsc::UnboundedReceiver<Call>, waiting: Waiting) {
    let mut seq = 0;
    while let Some(Call { method, body, answer }) = queue.recv().await {
        match waiting.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(waiting) => waiting.insert(seq, answer),
            None => break,
        };
        let call = Frame { method, seq, error: String::new(), body };
        if frame::write(&mut stream, &call, true).await.is_err() {
            break;
        }
        seq += 1;
    }
    // Packer reads until our end is closed; merely dropping the stream would reset it and lose what is under way.
    let _ = stream.shutdown().await;
}

async fn receive<R: AsyncRead + Unpin>(mut frames: FrameReader<R>, waiting: Waiting) {
    while let Ok(Some(Frame { seq, error, body, .. })) = frames.next().await {
        let call = waiting.lock().unwrap_or_else(PoisonError::into_inner).as_mut().and_then(|calls| calls.remove(&seq));
        let answer = if error.is_empty() { Ok(body) } else { Err(RpcError::Remote(error)) };
        if let Some(call) = call {
            let _ = call.send(answer);
        }
    }
    // Dropping their senders tells those who still wait.
    waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
}
