use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

use crate::config::server::Listen;

/// How many connections the system keeps until they are accepted.
const BACKLOG: u32 = 1024;

/// Opens the socket of a server, within a runtime.
///
/// # Errors
/// Those of the system, for example that the port is taken.
pub fn listen(listen: &Listen) -> io::Result<TcpListener> {
    match bind(listen.address) {
        // A machine without IPv6.
        Err(_) if listen.any => bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, listen.address.port()))),
        bound => bound,
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that was restarted does not wait for the connections of the one before; on Windows the same option
    // would let two servers share a port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
