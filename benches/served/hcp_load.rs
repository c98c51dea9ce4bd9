//! Calls as clients of HCP make them: HTTP/2, a token and JSON.

use axum::http::Method;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::header::AUTHORIZATION;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::calls::{CONNECTIONS, IN_FLIGHT, Load, at_once, runtime};
use super::process::Place;
use super::seed::{CHANNEL, bucket_name, bucket_of_call};

/// Where a load goes, and with which token.
pub(crate) struct Target<'a> {
    pub(crate) place: &'a Place,
    pub(crate) token: &'a str,
    /// Buckets, which are asked for in turn.
    pub(crate) buckets: usize,
}

/// Asks for the channel of one bucket after the other with its version, `calls` times.
pub(crate) fn get_channels(target: &Target<'_>, calls: usize) -> Load {
    let connect = || connect(target.place);
    runtime().block_on(at_once(calls, (CONNECTIONS, IN_FLIGHT), connect, async |client, call| {
        get_channel(client, target, bucket_of_call(call, target.buckets)).await;
    }))
}

/// What the server answers.
pub(crate) fn answer(target: &Target<'_>) -> Bytes {
    runtime().block_on(async { get_channel(&mut connect(target.place).await, target, 0).await })
}

pub(crate) type Client = SendRequest<Full<Bytes>>;

pub(crate) async fn connect(place: &Place) -> Client {
    let stream = TcpStream::connect(place.authority()).await.expect("a server");
    stream.set_nodelay(true).expect("a socket");
    let (client, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
    tokio::spawn(connection);
    client
}

async fn get_channel(client: &mut Client, target: &Target<'_>, bucket: usize) -> Bytes {
    let path = format!("/buckets/{}/channels/{CHANNEL}", bucket_name(bucket));
    let body = call(client, target, (Method::GET, &path), Bytes::new()).await;
    assert!(body.len() > 500, "{body:?}");
    body
}

/// One call of the API of 2023-01-01, whose paths begin where those of all projects end.
pub(crate) async fn call(
    client: &mut Client,
    target: &Target<'_>,
    (method, path): (Method, &str),
    body: Bytes,
) -> Bytes {
    let Place { url, organization_id, project_id } = target.place;
    let url = format!("{url}/packer/2023-01-01/organizations/{organization_id}/projects/{project_id}{path}");
    let request = Request::builder().method(method).uri(url).header(AUTHORIZATION, format!("Bearer {}", target.token));
    client.ready().await.expect("the connection stands");
    let answer = client.send_request(request.body(Full::new(body)).expect("a request")).await.expect("an answer");
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("all of it").to_bytes();
    assert_eq!(status, StatusCode::OK, "{path}: {body:?}");
    body
}
