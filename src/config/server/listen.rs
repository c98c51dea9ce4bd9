use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The address; with port 0 the system picks one.
    pub address: SocketAddr,
    /// Whether every address of this machine is meant, of both families: `:8443`.
    pub any: bool,
}

impl Listen {
    /// `127.0.0.1:8443`: this machine alone, until its operator says otherwise.
    pub(super) const DEFAULT: Self =
        Self { address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8443), any: false };

    /// Reads `ADDRESS:PORT`, `[ADDRESS]:PORT`, `localhost:PORT` or `:PORT`.
    ///
    /// # Errors
    /// What is wrong with it, and what it may be.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        const FORMS: &str = "write an address and a port: \"127.0.0.1:8443\", \"0.0.0.0:8443\", \"[::]:8443\", or \
            \":8443\" for all addresses";
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { address, any: false });
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            let example = SocketAddr::new(address, 8443);
            return Err(format!("{text:?} has no port; write for example \"{example}\""));
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(|| format!("{text:?} has no port; {FORMS}"))?;
        let port: u16 = port.parse().map_err(|_| format!("{text:?} has no port from 0 to 65535; {FORMS}"))?;
        match host {
            "" => Ok(Self { address: SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port), any: true }),
            "localhost" => Ok(Self { address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port), any: false }),
            "*" => Err(format!("{text:?} is no address; write \":{port}\" for all addresses")),
            _ if host.parse::<Ipv6Addr>().is_ok() => {
                Err(format!("{text:?} lacks the brackets of an IPv6 address; write \"[{host}]:{port}\""))
            }
            _ => Err(format!(
                "{text:?} names a host, but a server listens on an address of its own; {FORMS} (names by which clients \
                 know the server go to public_names)"
            )),
        }
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        self.address.ip().to_canonical().is_loopback()
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.any { write!(f, ":{}", self.address.port()) } else { write!(f, "{}", self.address) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notations_that_operators_use_are_understood() {
        for (text, address, loopback) in [
            ("127.0.0.1:8443", "127.0.0.1:8443", true),
            ("localhost:0", "127.0.0.1:0", true),
            ("[::1]:443", "[::1]:443", true),
            ("0.0.0.0:8443", "0.0.0.0:8443", false),
            (":8443", "[::]:8443", false),
            ("10.0.0.7:1", "10.0.0.7:1", false),
            ("[::ffff:127.0.0.1]:1", "[::ffff:127.0.0.1]:1", true),
        ] {
            let listen = Listen::parse(text).unwrap();
            assert_eq!(listen.address.to_string(), address, "{text}");
            assert_eq!(listen.is_loopback(), loopback, "{text}");
        }
        assert_eq!(Listen::parse(":8443").unwrap().to_string(), ":8443");
    }

    #[test]
    fn what_is_no_address_is_refused_with_what_to_write_instead() {
        for (text, way_out) in [
            ("8443", "write an address and a port"),
            ("127.0.0.1", "write for example \"127.0.0.1:8443\""),
            ("::1", "write for example \"[::1]:8443\""),
            ("::1:x", "has no port from 0"),
            ("127.0.0.1:99999", "has no port from 0 to 65535"),
            ("registry.example.com:443", "go to public_names"),
            ("*:8443", "write \":8443\""),
            ("fe80::1:2:3:4:5:6:7:8443", "write an address"),
            ("", "has no port"),
        ] {
            let fault = Listen::parse(text).unwrap_err();
            assert!(fault.contains(way_out), "{text}: {fault}");
        }
    }
}
