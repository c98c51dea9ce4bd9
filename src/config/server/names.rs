use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A name or an address by which clients know the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicName {
    /// A DNS name, in lower case; the first label may be `*`.
    Dns(String),
    /// An address.
    Address(IpAddr),
}

impl PublicName {
    /// Reads a DNS name or an address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(address.to_canonical()));
        }
        if text.contains("://") || text.contains('/') {
            return Err("is a URL; write the name alone, without scheme and path");
        }
        if text.contains(':') {
            return Err("has a port; write the name alone");
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let labels = name.strip_prefix("*.").unwrap_or(name);
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // An address that was mistyped is no name, and no certificate could be checked against it.
        let ends_in_number = labels.rsplit('.').next().is_some_and(|label| label.chars().all(|c| c.is_ascii_digit()));
        if name.len() > 253 || ends_in_number || !labels.split('.').all(is_label) {
            return Err("is neither a DNS name nor an address");
        }
        Ok(Self::Dns(name.to_ascii_lowercase()))
    }

    /// The names that every certificate has: those of this machine to itself.
    pub(super) fn of_loopback() -> Vec<Self> {
        vec![
            Self::Dns("localhost".to_owned()),
            Self::Address(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Self::Address(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ]
    }

    /// The name of this machine, where it is fit for a certificate.
    pub(super) fn of_host() -> Option<Self> {
        #[cfg(unix)]
        let name = rustix::system::uname().nodename().to_str().ok().map(str::to_owned);
        #[cfg(not(unix))]
        let name: Option<String> = None;
        Self::parse(&name?).ok()
    }
}

impl fmt::Display for PublicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        let dns = |name: &str| Ok(PublicName::Dns(name.to_owned()));
        assert_eq!(PublicName::parse("Registry.Example.com."), dns("registry.example.com"));
        assert_eq!(PublicName::parse("*.example.com"), dns("*.example.com"));
        assert_eq!(PublicName::parse("[::1]"), Ok(PublicName::Address("::1".parse().unwrap())));
        assert_eq!(PublicName::parse("10.0.0.7"), Ok(PublicName::Address("10.0.0.7".parse().unwrap())));
    }

    #[test]
    fn what_no_client_could_check_is_refused() {
        for text in ["", "https://x", "x:8443", "a b", "-x", "a..b", "*", "*.", "a.*.b", "ä", "1.2.3.400", "a_b"] {
            assert!(PublicName::parse(text).is_err(), "{text:?}");
        }
    }
}
