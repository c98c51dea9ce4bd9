//! A proxy between a client and a server that speaks HTTP/2 without TLS, which does to connections what networks do.
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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(Mutex::new(faults.into_iter().collect::<VecDeque<_>>()));
        let to_come = Arc::clone(&faults);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let fault = to_come.lock().unwrap().pop_front();
                thread::spawn(move || connect(&client, server, fault));
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

fn connect(client: &TcpStream, server: SocketAddr, fault: Option<Fault>) {
    if fault == Some(Fault::Cut) {
        let _ = client.shutdown(Shutdown::Both);
        return;
    }
    let Ok(server) = TcpStream::connect(server) else { return };
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let _ = frames(&server, client, fault);
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
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
                Some(Fault::Cut) | None => {}
            }
        }
        let mut payload = vec![0; usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2])];
        server.read_exact(&mut payload)?;
        client.write_all(&head)?;
        client.write_all(&payload)?;
    }
}
