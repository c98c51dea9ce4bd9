use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls::{self, Roots, Verification};
use crate::registry::store::{Fault, StoreError};

const APPLICATION: &str = "packer-plugin-registry";

/// How long the system tries to reach a server, and then to get what was sent through, where the URL does not say.
const CONNECT: Duration = Duration::from_secs(5);
const UNANSWERED: Duration = Duration::from_secs(30);
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Where a database is, and how to speak to it.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    /// How messages name it: without user and password.
    pub(super) place: String,
}

impl Address {
    /// Reads a URL of libpq, of which `sslmode` and `sslrootcert` mean the same here.
    ///
    /// Source: "Connection URIs" and "SSL Mode Descriptions" in PostgreSQL's documentation of libpq.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(invalid("it does not begin with postgres://"));
        }
        let (url, security) = Security::split(url)?;
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            // Its source names the option at fault, and never a value.
            invalid(&std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
        })?;
        let place = place(&config)?;
        config.ssl_mode(security.mode);
        if config.get_application_name().is_none() {
            config.application_name(APPLICATION);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNANSWERED);
        }
        config.keepalives_idle(KEEPALIVE);
        let tls = tls::connector(&security.verification)
            .map_err(|cause| StoreError::new(Fault::CannotOpen(cause)).at_server(&place))?;
        Ok(Self { config, tls, place })
    }
}

/// What the URL says about TLS.
struct Security {
    mode: SslMode,
    verification: Verification,
}

impl Security {
    /// Takes the options about TLS out of a URL; answers what is left of it, too.
    fn split(url: &str) -> Result<(String, Self), StoreError> {
        // A password may hold a question mark.
        let host_at = url.find('@').unwrap_or_default();
        let Some((address, options)) = url[host_at..].split_once('?') else {
            return Ok((url.to_owned(), Self::of(None, None)?));
        };
        let (mut mode, mut roots) = (None, None);
        let mut others = Vec::new();
        for option in options.split('&') {
            match option.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(percent_decoded(value)?),
                _ => others.push(option),
            }
        }
        let rest = format!("{}{address}?{}", &url[..host_at], others.join("&"));
        Ok((rest, Self::of(mode, roots)?))
    }

    fn of(mode: Option<&str>, roots: Option<String>) -> Result<Self, StoreError> {
        let roots = roots.map(|path| if path == "system" { Roots::System } else { Roots::File(PathBuf::from(path)) });
        let (mode, verification) = match (mode.unwrap_or("prefer"), roots) {
            ("disable", _) => (SslMode::Disable, Verification::None),
            ("prefer" | "allow", _) => (SslMode::Prefer, Verification::None),
            ("require", None) => (SslMode::Require, Verification::None),
            ("require" | "verify-ca", Some(roots)) => (SslMode::Require, Verification::Authority(roots)),
            ("verify-ca", None) => return Err(invalid("sslmode=verify-ca needs sslrootcert=PATH")),
            ("verify-full", roots) => (SslMode::Require, Verification::Full(roots.unwrap_or(Roots::System))),
            _ => {
                let modes = "disable, prefer, require, verify-ca and verify-full";
                return Err(invalid(&format!("its sslmode is not known; there are {modes}")));
            }
        };
        Ok(Self { mode, verification })
    }
}

fn place(config: &Config) -> Result<String, StoreError> {
    let mut ports = config.get_ports().iter().cycle();
    let mut hosts = Vec::new();
    for host in config.get_hosts() {
        let port = ports.next().unwrap_or(&5432);
        hosts.push(match host {
            Host::Tcp(name) if name.contains('@') => {
                return Err(invalid("it has two @; write %40 for the one in the user's name or the password"));
            }
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => format!("{}:{port}", folder.display()),
        });
    }
    if hosts.is_empty() {
        return Err(invalid("it names no host"));
    }
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    Ok(format!("postgres://{}/{database}", hosts.join(",")))
}

fn percent_decoded(text: &str) -> Result<String, StoreError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let byte = match byte {
            b'%' => digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()),
            other => Some(other),
        };
        bytes.push(byte.ok_or_else(|| invalid("a % in sslrootcert is not followed by two hexadecimal digits"))?);
    }
    String::from_utf8(bytes).map_err(|_| invalid("its sslrootcert is not UTF-8"))
}

fn invalid(cause: &str) -> StoreError {
    let example = "write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE";
    StoreError::new(Fault::InvalidUrl(format!("the URL of the PostgreSQL database cannot be used: {cause}; {example}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(url: &str) -> String {
        Address::parse(url).err().expect(url).to_string()
    }

    #[test]
    fn messages_name_the_server_and_neither_user_nor_password() {
        for (url, place) in [
            ("postgres://ada:secret@db.test/registry", "postgres://db.test:5432/registry"),
            ("postgresql://ada:secret@db.test:5433/registry?sslmode=require", "postgres://db.test:5433/registry"),
            ("postgres://ada:secret%40@a.test:1,b.test:2/r?connect_timeout=3", "postgres://a.test:1,b.test:2/r"),
            ("postgres://ada:sec?ret@db.test/registry?sslmode=disable", "postgres://db.test:5432/registry"),
            ("postgres://ada@%2Frun%2Fpg/registry", "postgres:///run/pg:5432/registry"),
        ] {
            assert_eq!(Address::parse(url).unwrap().place, place);
        }
    }

    #[test]
    fn a_url_that_cannot_be_used_says_why_and_never_shows_the_password() {
        for (url, cause) in [
            ("mysql://ada:secret@db.test/registry", "does not begin with postgres://"),
            ("postgres://ada:p@secret@db.test/registry", "two @"),
            ("postgres://ada:secret@db.test/registry?sslmode=sometimes", "sslmode"),
            ("postgres://ada:secret@db.test/registry?sslmode=verify-ca", "sslrootcert=PATH"),
            ("postgres://ada:secret@db.test/registry?secret=secret", "unknown option"),
            ("postgres://ada:secret@db.test:secret/registry", "port"),
            ("postgres://ada:secret@/registry", "names no host"),
        ] {
            let message = fault(url);
            assert!(message.contains(cause), "{message}");
            assert!(!message.replace("option `secret`", "").contains("secret"), "{message}");
        }
        let message = fault("postgres://ada:secret@db.test/r?sslmode=verify-full&sslrootcert=/no/such%20file");
        assert!(message.contains("postgres://db.test:5432/r") && message.contains("/no/such file"), "{message}");
    }

    #[test]
    fn sslmode_means_what_it_means_to_libpq() {
        let mode = |options: &str| {
            let address = Address::parse(&format!("postgres://db.test/r{options}")).unwrap();
            address.config.get_ssl_mode()
        };
        assert_eq!(mode(""), SslMode::Prefer);
        assert_eq!(mode("?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("?application_name=x&sslmode=require"), SslMode::Require);
    }
}
