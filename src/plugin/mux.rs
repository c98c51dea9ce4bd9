//! Many streams over one connection: yamux, and the broker on top that names them.
//!
//! Whoever opens a stream first writes the id that both sides know it by, as u32 in little endian, and waits for the same
//! four bytes as the sign that the other side has accepted it. Ids of the two directions are apart. Stream 0 is the one
//! on which Packer calls the plugin.
//!
//! Source: `rpc/mux_broker.go` of packer-plugin-sdk 0.6.10.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::{Future, poll_fn};
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{AsyncRead, AsyncWrite};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::compat::{Compat, FuturesAsyncReadCompatExt as _};
use yamux::Mode;

/// How many streams may be open at once; with the window below this is what hashicorp/yamux never overruns.
const MAX_STREAMS: usize = 64;
/// The receive window of each stream. A larger one makes Go send frames that are longer than yamux 0.14 takes.
const WINDOW: usize = 256 * 1024;
/// How long a stream waits for whoever expects it, and for its own id; the SDK waits as long.
const UNCLAIMED: Duration = Duration::from_secs(5);
/// How long a stream that we open waits for the other side to accept it.
const ACCEPTANCE: Duration = Duration::from_secs(30);

/// One stream, with its id and its acknowledgement already behind it.
pub(super) type Stream = Compat<yamux::Stream>;

/// Why there is no such stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MuxError {
    /// The connection broke, or what came over it is not yamux.
    #[error("the connection to Packer failed: {0}")]
    Connection(String),
    /// The connection has ended.
    #[error("Packer has closed the connection")]
    Closed,
    /// Packer did not accept a stream in time, or under another id.
    #[error("Packer did not accept the stream {0}")]
    NotAccepted(u32),
}

/// Opens and accepts streams; clones share the connection.
#[derive(Clone)]
pub(super) struct Mux {
    opens: mpsc::UnboundedSender<oneshot::Sender<yamux::Stream>>,
    broker: Arc<Broker>,
    last_id: Arc<AtomicU32>,
}

/// Starts to speak yamux over `socket`; the returned future does the work and ends with the connection.
pub(super) fn start<S>(socket: S, mode: Mode) -> (Mux, impl Future<Output = Result<(), MuxError>> + Send)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut config = yamux::Config::default();
    config.set_max_num_streams(MAX_STREAMS);
    config.set_max_connection_receive_window(Some(MAX_STREAMS * WINDOW));
    let connection = yamux::Connection::new(socket, config, mode);
    let (opens, queue) = mpsc::unbounded_channel();
    let broker = Arc::new(Broker::default());
    let mux = Mux { opens, broker: Arc::clone(&broker), last_id: Arc::default() };
    (mux, Driver { connection, queue, opening: None, broker }.run())
}

impl Mux {
    /// An id for a stream that the other side shall open.
    pub(super) fn next_id(&self) -> u32 {
        self.last_id.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Opens the stream that the other side knows by `id`.
    ///
    /// # Errors
    /// [`MuxError`] when the connection is gone or nobody accepts.
    pub(super) async fn dial(&self, id: u32) -> Result<Stream, MuxError> {
        let (reply, stream) = oneshot::channel();
        let _ = self.opens.send(reply);
        let mut stream = stream.await.map_err(|_| MuxError::Closed)?.compat();
        stream.write_all(&id.to_le_bytes()).await.map_err(|_| MuxError::Closed)?;
        stream.flush().await.map_err(|_| MuxError::Closed)?;
        let mut accepted = [0; 4];
        let acceptance = timeout(ACCEPTANCE, stream.read_exact(&mut accepted)).await;
        match acceptance {
            Ok(Ok(_)) if u32::from_le_bytes(accepted) == id => Ok(stream),
            _ => Err(MuxError::NotAccepted(id)),
        }
    }

    /// Expects the other side to open the stream `id`, from now on and however long it takes.
    pub(super) fn expect(&self, id: u32) -> impl Future<Output = Result<Arrived, MuxError>> + Send + use<> {
        let stream = self.broker.claim(id);
        async move { Ok(Arrived { id, stream: stream.await.map_err(|_| MuxError::Closed)? }) }
    }
}

/// A stream that the other side has opened, and whose acceptance it now waits for.
pub(super) struct Arrived {
    id: u32,
    stream: Stream,
}

impl Arrived {
    /// Lets the other side go on.
    pub(super) async fn accept(mut self) -> Result<Stream, MuxError> {
        self.stream.write_all(&self.id.to_le_bytes()).await.map_err(|_| MuxError::Closed)?;
        self.stream.flush().await.map_err(|_| MuxError::Closed)?;
        Ok(self.stream)
    }
}

/// Brings streams that were opened together with those who expect them.
#[derive(Default)]
struct Broker(Mutex<HashMap<u32, Meeting>>);

enum Meeting {
    Expected(oneshot::Sender<Stream>),
    /// The second part tells whose turn it is to give up: each arrival has its own.
    Unclaimed(Stream, Arc<()>),
}

impl Broker {
    fn meetings(&self) -> MutexGuard<'_, HashMap<u32, Meeting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim(&self, id: u32) -> oneshot::Receiver<Stream> {
        let (sender, receiver) = oneshot::channel();
        let unclaimed = match self.meetings().entry(id) {
            Entry::Occupied(mut entry) => match entry.get() {
                Meeting::Unclaimed(..) => Some(entry.remove()),
                Meeting::Expected(_) => {
                    entry.insert(Meeting::Expected(sender));
                    return receiver;
                }
            },
            Entry::Vacant(entry) => {
                entry.insert(Meeting::Expected(sender));
                return receiver;
            }
        };
        if let Some(Meeting::Unclaimed(stream, _)) = unclaimed {
            let _ = sender.send(stream);
        }
        receiver
    }

    /// Takes a stream that the other side has just opened; one that nobody claims is closed again.
    async fn meet(self: Arc<Self>, stream: yamux::Stream) {
        let mut stream = stream.compat();
        let mut id = [0; 4];
        let Ok(Ok(_)) = timeout(UNCLAIMED, stream.read_exact(&mut id)).await else {
            let _ = stream.shutdown().await;
            return;
        };
        let id = u32::from_le_bytes(id);
        let Some(turn) = self.hand_over(id, stream) else { return };
        tokio::time::sleep(UNCLAIMED).await;
        let unclaimed = {
            let mut meetings = self.meetings();
            match meetings.get(&id) {
                Some(Meeting::Unclaimed(_, current)) if Arc::ptr_eq(current, &turn) => meetings.remove(&id),
                _ => None,
            }
        };
        if let Some(Meeting::Unclaimed(mut stream, _)) = unclaimed {
            let _ = stream.shutdown().await;
        }
    }

    /// Gives the stream to whoever expects it, or keeps it and says whose turn it is to give up.
    fn hand_over(&self, id: u32, stream: Stream) -> Option<Arc<()>> {
        let mut meetings = self.meetings();
        match meetings.remove(&id) {
            Some(Meeting::Expected(sender)) => {
                let _ = sender.send(stream);
                None
            }
            _ => {
                let turn = Arc::new(());
                meetings.insert(id, Meeting::Unclaimed(stream, Arc::clone(&turn)));
                Some(turn)
            }
        }
    }
}

/// Moves the connection: opens what was asked for, and hands over what was opened.
struct Driver<S> {
    connection: yamux::Connection<S>,
    queue: mpsc::UnboundedReceiver<oneshot::Sender<yamux::Stream>>,
    opening: Option<oneshot::Sender<yamux::Stream>>,
    broker: Arc<Broker>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Driver<S> {
    async fn run(mut self) -> Result<(), MuxError> {
        let end = poll_fn(|context| self.poll(context)).await;
        // Whoever still expects a stream learns that none will come.
        self.broker.meetings().clear();
        end
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), MuxError>> {
        let failed = |error: yamux::ConnectionError| match error {
            yamux::ConnectionError::Closed => Ok(()),
            yamux::ConnectionError::Io(error) if is_hang_up(&error) => Ok(()),
            error => Err(MuxError::Connection(error.to_string())),
        };
        while self.opening.is_some() || self.poll_queue(context) {
            match self.connection.poll_new_outbound(context) {
                Poll::Ready(Ok(stream)) => {
                    if let Some(reply) = self.opening.take() {
                        let _ = reply.send(stream);
                    }
                }
                Poll::Ready(Err(error)) => return Poll::Ready(failed(error)),
                Poll::Pending => break,
            }
        }
        loop {
            match self.connection.poll_next_inbound(context) {
                Poll::Ready(Some(Ok(stream))) => {
                    tokio::spawn(Arc::clone(&self.broker).meet(stream));
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(failed(error)),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn poll_queue(&mut self, context: &mut Context<'_>) -> bool {
        if let Poll::Ready(Some(reply)) = self.queue.poll_recv(context) {
            self.opening = Some(reply);
        }
        self.opening.is_some()
    }
}

/// Packer does not say goodbye: it exits, or kills us.
fn is_hang_up(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
}
