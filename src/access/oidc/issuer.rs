use std::fmt;

/// Whoever signs identity tokens: the `iss` of the tokens, and the address below which its keys are found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(String);

/// Whether an issuer on this machine may speak plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// It may not: HTTPS everywhere.
    Https,
    /// It may: for tests.
    Http,
}

/// A text that is not the address of an issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the address of an issuer: {reason}")]
pub struct InvalidIssuer {
    text: String,
    reason: &'static str,
}

/// The longest address, in bytes.
const MAX_LENGTH: usize = 512;

impl Issuer {
    /// Reads the address of an issuer, which is compared with the `iss` of tokens byte by byte.
    ///
    /// # Errors
    /// [`InvalidIssuer`] for anything but `https://host[:port][/path]`.
    pub fn parse(text: impl Into<String>, loopback: Loopback) -> Result<Self, InvalidIssuer> {
        let text = text.into();
        match check(&text, loopback) {
            Ok(()) => Ok(Self(text)),
            Err(reason) => Err(InvalidIssuer { text: text.chars().take(MAX_LENGTH).collect(), reason }),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where it describes itself: OpenID Connect Discovery 1.0, section 4.
    pub fn discovery_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.trim_end_matches('/'))
    }

    /// Whether keys may be fetched from `url`: as safely as the issuer itself is asked.
    pub(super) fn may_refer_to(&self, url: &str) -> Result<(), InvalidIssuer> {
        let loopback = if self.0.starts_with(HTTP) { Loopback::Http } else { Loopback::Https };
        Self::parse(url, loopback).map(drop)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const HTTPS: &str = "https://";
const HTTP: &str = "http://";

fn check(text: &str, loopback: Loopback) -> Result<(), &'static str> {
    if text.len() > MAX_LENGTH {
        return Err("it is longer than 512 bytes");
    }
    let (rest, is_plain) = match (text.strip_prefix(HTTPS), text.strip_prefix(HTTP)) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) if loopback == Loopback::Http => (rest, true),
        _ => return Err("it must begin with https://"),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) if host.parse::<std::net::Ipv6Addr>().is_ok() => (host, port),
        Some(_) => return Err("its host is not an IPv6 address"),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_name = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if host.is_empty() || !authority.starts_with('[') && !is_name(host) {
        return Err("it must have a host, and neither user nor password");
    }
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok();
    if !(port.is_empty() || port.strip_prefix(':').is_some_and(is_port)) {
        return Err("its port is not a number up to 65535");
    }
    if is_plain && !is_loopback(host) {
        return Err("plain HTTP is for 127.0.0.1, [::1] and localhost only");
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte);
    if !path.bytes().all(fits) {
        return Err("it must have neither query nor fragment nor white space");
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_https_address() {
        for good in [
            "https://token.actions.githubusercontent.com",
            "https://gitlab.example.com:8443",
            "https://sts.example.com/v2.0/",
            "https://[2001:db8::1]:6443/openid",
            "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
        ] {
            assert!(Issuer::parse(good, Loopback::Https).is_ok(), "{good}");
        }
        for bad in [
            "",
            "gitlab.example.com",
            "http://gitlab.example.com",
            "http://localhost",
            "HTTPS://gitlab.example.com",
            "https://",
            "https:///path",
            "https://user:password@gitlab.example.com",
            "https://gitlab.example.com?x=1",
            "https://gitlab.example.com/#x",
            "https://gitlab.example.com/?x",
            "https://gitlab.example.com:",
            "https://gitlab.example.com:+1",
            "https://gitlab.example.com:65536",
            "https://gitlab.example.com/a b",
            "https://gitlab.exämple.com",
            "https://[::1",
            "https://[gitlab]/",
            "https://gitlab.example.com\\@evil.example",
            &format!("https://{}.example.com", "a".repeat(MAX_LENGTH)),
        ] {
            assert!(Issuer::parse(bad, Loopback::Https).is_err(), "{bad}");
        }
    }

    #[test]
    fn plain_http_is_for_tests_on_this_machine() {
        for good in ["http://127.0.0.1:4000", "http://[::1]:4000/x", "http://localhost", "https://example.com"] {
            assert!(Issuer::parse(good, Loopback::Http).is_ok(), "{good}");
        }
        for bad in ["http://example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "ftp://::1"] {
            assert!(Issuer::parse(bad, Loopback::Http).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_issuer_describes_itself_below_its_path() {
        for (issuer, url) in [
            ("https://a.example", "https://a.example/.well-known/openid-configuration"),
            ("https://a.example/x/", "https://a.example/x/.well-known/openid-configuration"),
        ] {
            assert_eq!(Issuer::parse(issuer, Loopback::Https).unwrap().discovery_url(), url);
        }
    }
}
