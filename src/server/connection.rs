use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::uri::Scheme;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::limits::{
    FIRST_REQUEST_PATIENCE, GOODBYE_PATIENCE, HANDSHAKE_PATIENCE, HEAD_PATIENCE, LAST_REQUEST_PATIENCE,
    MAX_CONCURRENT_STREAMS, MAX_HEADERS, MAX_READ_HEAD, MAX_REQUEST_HEAD, PING_INTERVAL, PING_PATIENCE,
};
use super::turns::{Turns, by_turns};
use super::{App, Metrics, Shutdown};

/// What every connection of a server is served with.
#[derive(Clone)]
pub(super) struct Connections {
    app: App,
    tls: Option<TlsAcceptor>,
    http: auto::Builder<TokioExecutor>,
    metrics: Metrics,
    shutdown: Shutdown,
}

impl Connections {
    pub(super) fn new(app: App, tls: Option<Arc<rustls::ServerConfig>>, metrics: Metrics, shutdown: Shutdown) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .max_buf_size(MAX_REQUEST_HEAD)
            .max_headers(MAX_HEADERS);
        http.http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_PATIENCE)
            .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
            .max_header_list_size(MAX_READ_HEAD);
        Self { app, tls: tls.map(TlsAcceptor::from), http, metrics, shutdown }
    }

    /// Serves one connection until it ends, or the server does.
    pub(super) async fn serve(&self, stream: TcpStream, client: SocketAddr) {
        self.metrics.connections.inc();
        // An answer is not to wait for more.
        let _ = stream.set_nodelay(true);
        let served = tokio::select! {
            served = self.secure(stream, client) => served,
            () = self.shutdown.grace_is_over() => Ok(()),
        };
        if let Err(error) = served {
            // Scanners and impatient clients cause these, whom nobody here can help.
            tracing::debug!(%client, "connection: {error}");
        }
        self.metrics.connections.dec();
    }

    async fn secure(&self, stream: TcpStream, client: SocketAddr) -> io::Result<()> {
        let Some(tls) = &self.tls else { return self.http(stream, client).await };
        let agreed = async {
            if speaks_plain_http(&stream).await? {
                answer_in_plain(stream).await?;
                return Err(io::Error::other("plain HTTP where TLS is spoken"));
            }
            tls.accept(stream).await
        };
        let stream = timeout(HANDSHAKE_PATIENCE, agreed).await??;
        self.http(stream, client).await
    }

    async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, client: SocketAddr) -> io::Result<()> {
        let first = CancellationToken::new();
        let turns = Turns::new();
        let scheme = if self.tls.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
        let service = service_fn(|mut request: Request<Incoming>| {
            first.cancel();
            request.extensions_mut().insert(scheme.clone());
            let (app, turns, turn) = (self.app.clone(), turns.clone(), turns.take());
            async move {
                let response = app.answer(request, client).await;
                drop(turn);
                Ok::<_, Infallible>(response.map(|body| by_turns(body, turns)))
            }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(stream), service));
        let mut patience = pin!(sleep(FIRST_REQUEST_PATIENCE));
        tokio::select! {
            ended = connection.as_mut() => return ended.map_err(io::Error::other),
            () = first.cancelled() => {}
            () = patience.as_mut() => return Err(io::ErrorKind::TimedOut.into()),
            // What was sent before the end may still lie in the socket.
            () = async { self.shutdown.begun().await; sleep(LAST_REQUEST_PATIENCE).await } => {}
        }
        tokio::select! {
            ended = connection.as_mut() => return ended.map_err(io::Error::other),
            () = self.shutdown.begun() => connection.as_mut().graceful_shutdown(),
            () = turns.idle() => {
                // A client that is there, and reads, learns that it has to connect again.
                connection.as_mut().graceful_shutdown();
                return timeout(GOODBYE_PATIENCE, connection).await?.map_err(io::Error::other);
            }
        }
        connection.await.map_err(io::Error::other)
    }
}

/// Whether the client's first byte is that of a request and not of TLS, whose first byte is 0x16.
async fn speaks_plain_http(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    let count = stream.peek(&mut first).await?;
    Ok(count == 1 && first[0].is_ascii_uppercase())
}

/// Says in HTTP/1 what the client has to change: without it, all that a person sees is a closed connection.
async fn answer_in_plain(mut stream: TcpStream) -> io::Result<()> {
    const BODY: &str = "this port speaks TLS: use https:// instead of http://\n";
    let length = BODY.len();
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{BODY}"
    );
    // What is left unread would make the system reset the connection, and the answer be lost.
    let _ = stream.read(&mut [0; 4096]).await?;
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use http_body_util::BodyExt as _;
    use hyper::client::conn::http2;
    use tokio::time::Instant;

    use super::super::limits::IDLE_PATIENCE;
    use super::super::{Readiness, app};
    use super::*;
    use crate::model::Timestamp;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_only_answers_pings_is_told_to_go_and_one_may_ask_again_before() {
        let (metrics, shutdown) = (Metrics::new(Timestamp(0), []), Shutdown::new());
        let app = app::compose(Router::new(), Router::new(), Readiness::always(), metrics.clone(), shutdown.clone());
        let connections = Connections::new(app, None, metrics, shutdown);
        // Not by a socket: the clock of a test does not wait for those.
        let (near, far) = tokio::io::duplex(1 << 16);
        let served = async { connections.http(far, SocketAddr::from(([127, 0, 0, 1], 1))).await };
        let asked = async {
            let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(near)).await.unwrap();
            let connection = tokio::spawn(connection);
            for _ in 0..2 {
                sleep(FIRST_REQUEST_PATIENCE / 2).await;
                let request = Request::get("http://localhost/healthz").body(Body::empty()).unwrap();
                let response = sender.send_request(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                response.into_body().collect().await.unwrap();
            }
            let begun = Instant::now();
            connection.await.unwrap().expect("it ends well");
            begun.elapsed()
        };
        // Who hears the farewell may hang up before it is over: that the server minds is no fault.
        let (_, took) = timeout(10 * IDLE_PATIENCE, async { tokio::join!(served, asked) }).await.unwrap();
        assert!(took >= IDLE_PATIENCE && took < IDLE_PATIENCE + GOODBYE_PATIENCE, "{took:?}");
    }
}
