//! Calls as the Terraform provider makes them: HTTP/2 and a token, for a channel with its version.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
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

/// Asks for the channel of one bucket after the other, `calls` times.
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

type Client = SendRequest<Empty<Bytes>>;

async fn connect(place: &Place) -> Client {
    let stream = TcpStream::connect(place.authority()).await.expect("a server");
    stream.set_nodelay(true).expect("a socket");
    let (client, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
    tokio::spawn(connection);
    client
}

async fn get_channel(client: &mut Client, target: &Target<'_>, bucket: usize) -> Bytes {
    let Place { url, organization_id, project_id } = target.place;
    let bucket = bucket_name(bucket);
    let url = format!(
        "{url}/packer/2023-01-01/organizations/{organization_id}/projects/{project_id}/buckets/{bucket}/channels/{CHANNEL}"
    );
    let request = Request::get(url).header(AUTHORIZATION, format!("Bearer {}", target.token));
    client.ready().await.expect("the connection stands");
    let answer = client.send_request(request.body(Empty::new()).expect("a request")).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let body = answer.into_body().collect().await.expect("all of it").to_bytes();
    assert!(body.len() > 500, "{body:?}");
    body
}
