//! A listener between a client and a server, which notes what they say to each other.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::{Request, Response, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::http_client::{connect, send};
use super::server::Server;

/// A request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) answer: String,
}

/// Speaks plain HTTP with clients, and TLS with a server.
pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<Exchange>>>,
    _runtime: Runtime,
}

impl Recorder {
    pub(crate) fn before(server: &Server) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let [(_, url), _, _, (_, ca)] = server.variables();
        let behind = (url.trim_start_matches("https://").to_owned(), PathBuf::from(ca));
        runtime.spawn(listen(listener, behind, Arc::clone(&heard)));
        Self { address, heard, _runtime: runtime }
    }

    /// What was said since this was asked last.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

async fn listen(listener: TcpListener, behind: (String, PathBuf), heard: Arc<Mutex<Vec<Exchange>>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (behind, heard) = (behind.clone(), Arc::clone(&heard));
        tokio::spawn(async move {
            let service = service_fn(|request| pass_on(request, &behind, &heard));
            // Clients hang up when they like.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn pass_on(
    request: Request<Incoming>,
    (address, ca): &(String, PathBuf),
    heard: &Mutex<Vec<Exchange>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let (method, path) = (parts.method.to_string(), parts.uri.to_string());
    let request = String::from_utf8_lossy(&body).into_owned();
    let stream = connect(address, ca, "localhost", Version::HTTP_11).await.unwrap();
    let answer = send(stream, Version::HTTP_11, Request::from_parts(parts, Full::new(body))).await.unwrap();
    let status = answer.status.as_u16();
    heard.lock().unwrap().push(Exchange { method, path, request, status, answer: answer.text.clone() });
    let mut response = Response::new(Full::new(Bytes::from(answer.text)));
    *response.status_mut() = answer.status;
    for name in ["content-type", "retry-after"] {
        if let Some(value) = answer.headers.get(name) {
            response.headers_mut().insert(axum::http::HeaderName::from_static(name), value.clone());
        }
    }
    Ok(response)
}
