use std::fmt;
use std::net::IpAddr;

/// Where a server listens, and whether it speaks TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::backend) struct Address {
    pub(in crate::backend) is_tls: bool,
    /// A name or an IP address, without brackets.
    pub(in crate::backend) host: String,
    pub(in crate::backend) port: u16,
    /// The URL as a person knows it.
    url: String,
}

impl Address {
    /// Reads a URL of the schemes `https` and `http`, up to its path.
    pub(in crate::backend) fn parse(url: &str) -> Result<Self, String> {
        let malformed = || format!("{url} is not a URL of a server");
        let (scheme, rest) = url.split_once("://").ok_or_else(malformed)?;
        let is_tls = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(malformed()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("the URL of a server may not hold a user name or a password".to_owned());
        }
        let (host, port) = match authority.strip_prefix('[') {
            Some(v6) => {
                let (host, rest) = v6.split_once(']').ok_or_else(malformed)?;
                (host, rest.strip_prefix(':'))
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().map_err(|_| format!("{url}: {port:?} is not a port"))?,
            None if is_tls => 443,
            None => 80,
        };
        if host.is_empty() {
            return Err(malformed());
        }
        let address = Self { is_tls, host: host.to_owned(), port, url: format!("{scheme}://{authority}") };
        if !is_tls && !address.is_loopback() {
            return Err(format!(
                "{url} is plain http to another machine, which would show tokens to everyone on the way; use https"
            ));
        }
        Ok(address)
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Host and port as they stand in a URL and in the header `Host`.
    pub(in crate::backend) fn authority(&self) -> &str {
        self.url.split_once("://").map_or(&self.url, |(_, authority)| authority)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_host_and_port() {
        for (url, is_tls, host, port) in [
            ("https://registry.test:8443", true, "registry.test", 8443),
            ("https://registry.test", true, "registry.test", 443),
            ("https://[::1]:8443/path?x#y", true, "::1", 8443),
            ("https://[2001:db8::1]", true, "2001:db8::1", 443),
            ("http://127.0.0.1:80", false, "127.0.0.1", 80),
            ("http://localhost", false, "localhost", 80),
        ] {
            let address = Address::parse(url).unwrap();
            assert_eq!((address.is_tls, address.host.as_str(), address.port), (is_tls, host, port), "{url}");
        }
        assert_eq!(Address::parse("https://[::1]:8443/path").unwrap().to_string(), "https://[::1]:8443");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in
            ["registry.test", "ftp://x", "https://", "https://:80", "https://x:y", "https://x:70000", "https://[::1"]
        {
            assert!(Address::parse(url).is_err(), "{url}");
        }
        assert!(!Address::parse("https://me:secret@x").unwrap_err().contains("secret"));
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let message = Address::parse("http://registry.test").unwrap_err();
        assert!(message.contains("use https"), "{message}");
        assert!(Address::parse("http://127.0.0.2:1").is_ok() && Address::parse("http://[::1]:1").is_ok());
    }
}
