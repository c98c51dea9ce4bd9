//! A proxy between a client and a server that speaks HTTP without TLS, which does to connections what networks do.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What happens to one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is cut as soon as it is there.
    Cut,
    /// It is cut when the server begins to answer a call: what was asked for has been done by then.
    LoseReply,
    /// From the moment that the server begins to answer a call, nothing comes through any more.
    Stall,
    /// None of these.
    Nothing,
    /// Instead of the server, the proxy answers so; for HTTP/1.1 only.
    Say(&'static str),
}

/// What is spoken through the proxy.
#[derive(Clone, Copy)]
enum Speech {
    Http1,
    Http2,
}

/// HTTP/2's frame type of an answer: RFC 9113, section 6.2.
const HEADERS: u8 = 1;

/// The proxy; it ends with the test's process.
pub(crate) struct TcpProxy {
    address: SocketAddr,
    faults: Arc<Mutex<VecDeque<Fault>>>,
}

impl TcpProxy {
    /// A proxy before `server`; each fault hits one connection, in this order.
    pub(crate) fn before(server: SocketAddr, faults: impl IntoIterator<Item = Fault>) -> Self {
        Self::start(server, Speech::Http2, faults)
    }

    /// The same before a server that is spoken HTTP/1.1 with, one call on each connection.
    pub(crate) fn before_http1(server: SocketAddr, faults: impl IntoIterator<Item = Fault>) -> Self {
        Self::start(server, Speech::Http1, faults)
    }

    fn start(server: SocketAddr, speech: Speech, faults: impl IntoIterator<Item = Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(Mutex::new(faults.into_iter().collect::<VecDeque<_>>()));
        let to_come = Arc::clone(&faults);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let fault = to_come.lock().unwrap().pop_front();
                thread::spawn(move || connect(&client, server, speech, fault));
            }
        });
        Self { address, faults }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The faults that have not come yet.
    pub(crate) fn to_come(&self) -> usize {
        self.faults.lock().unwrap().len()
    }
}

fn connect(client: &TcpStream, server: SocketAddr, speech: Speech, fault: Option<Fault>) {
    if fault == Some(Fault::Cut) {
        let _ = client.shutdown(Shutdown::Both);
        return;
    }
    if let Some(Fault::Say(answer)) = fault {
        say(client, answer);
        return;
    }
    let Ok(server) = TcpStream::connect(server) else { return };
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let _ = match speech {
        Speech::Http1 => answer(&server, client, fault),
        Speech::Http2 => frames(&server, client, fault),
    };
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

/// Answers in the server's place, once the client has begun to ask.
fn say(mut client: &TcpStream, answer: &str) {
    let mut begin = [0; 1];
    if client.read_exact(&mut begin).is_err() {
        return;
    }
    let _ = client.write_all(answer.as_bytes());
    let _ = client.shutdown(Shutdown::Write);
    // A connection that is closed with something unread is reset, and the answer lost.
    let _ = io::copy(&mut client, &mut io::sink());
}

/// Passes on the one answer of the server.
fn answer(mut server: &TcpStream, mut client: &TcpStream, fault: Option<Fault>) -> io::Result<()> {
    let mut begin = [0; 1];
    server.read_exact(&mut begin)?;
    match fault {
        Some(Fault::LoseReply) => return Ok(()),
        Some(Fault::Stall) => return io::copy(&mut server, &mut io::sink()).map(drop),
        Some(Fault::Cut | Fault::Nothing | Fault::Say(_)) | None => {}
    }
    client.write_all(&begin)?;
    io::copy(&mut server, &mut client).map(drop)
}

/// Passes on what the server sends, frame by frame: RFC 9113, section 4.1.
fn frames(mut server: &TcpStream, mut client: &TcpStream, fault: Option<Fault>) -> io::Result<()> {
    loop {
        let mut head = [0; 9];
        server.read_exact(&mut head)?;
        if head[3] == HEADERS {
            match fault {
                Some(Fault::LoseReply) => return Ok(()),
                Some(Fault::Stall) => return io::copy(&mut server, &mut io::sink()).map(drop),
                Some(Fault::Cut | Fault::Nothing | Fault::Say(_)) | None => {}
            }
        }
        let mut payload = vec![0; usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2])];
        server.read_exact(&mut payload)?;
        client.write_all(&head)?;
        client.write_all(&payload)?;
    }
}
