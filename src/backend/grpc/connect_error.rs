use std::fmt;
use std::io;

use rustls::CertificateError;

/// Why there is no connection to a server; the message names the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::backend) struct ConnectError {
    /// Host and port.
    pub(in crate::backend) server: String,
    pub(in crate::backend) fault: ConnectFault,
}

/// What stands between a client and a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::backend) enum ConnectFault {
    /// The name cannot be looked up.
    Name(String),
    /// Nobody listens.
    Refused,
    /// No answer for too long.
    TimedOut,
    /// The network failed.
    Network(String),
    /// The other side does not speak TLS.
    NotTls,
    /// The certificate is signed by nobody known; whether a CA file was given.
    UnknownCa(bool),
    /// The certificate is for other names.
    WrongName(Vec<String>),
    /// The certificate is valid no longer.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// TLS failed in another way.
    Tls(String),
}

impl ConnectFault {
    /// Whether it may be otherwise in a moment.
    pub(in crate::backend) fn may_pass(&self) -> bool {
        match self {
            Self::Refused | Self::TimedOut | Self::Network(_) => true,
            // EAI_AGAIN: the name server did not answer; all else it said itself.
            Self::Name(cause) => cause.contains("Temporary failure"),
            Self::NotTls
            | Self::UnknownCa(_)
            | Self::WrongName(_)
            | Self::Expired
            | Self::NotYetValid
            | Self::Tls(_) => false,
        }
    }

    /// What the system says of a connection.
    pub(in crate::backend) fn of_network(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::TimedOut => Self::TimedOut,
            _ => Self::Network(error.to_string()),
        }
    }

    /// What TLS says of a server; `has_ca_file` is whether the trusted certificates were given.
    pub(in crate::backend) fn of_handshake(error: &io::Error, has_ca_file: bool) -> Self {
        let Some(fault) = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>()) else {
            return Self::of_network(error);
        };
        match fault {
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                // A CA that was made anew has the name of the one before, but signs otherwise.
                CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UnknownCa(has_ca_file),
                CertificateError::NotValidForName => Self::WrongName(Vec::new()),
                CertificateError::NotValidForNameContext { presented, .. } => Self::WrongName(presented.clone()),
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
                other => Self::Tls(other.to_string()),
            },
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Tls(other.to_string()),
        }
    }
}

/// Names of a certificate that a message lists.
const MAX_NAMES: usize = 10;

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, fault } = self;
        match fault {
            ConnectFault::Name(cause) => {
                write!(f, "the name of {server} cannot be looked up ({cause}); check the URL and the name server")
            }
            ConnectFault::Refused => write!(f, "{server} refuses connections; is the server running, on this port?"),
            ConnectFault::TimedOut => {
                write!(f, "{server} does not answer; check the URL, and what lies between (firewall, VPN)")
            }
            ConnectFault::Network(cause) => write!(f, "the connection to {server} failed: {cause}"),
            ConnectFault::NotTls => {
                write!(f, "{server} does not speak TLS; is the port right, and is it https that is served there?")
            }
            ConnectFault::UnknownCa(false) => write!(
                f,
                "the certificate of {server} is signed by an authority that this machine does not know; set \
                 PACKER_REGISTRY_CA_FILE to the CA's certificate (a server that made its own has it in its data folder)"
            ),
            ConnectFault::UnknownCa(true) => write!(
                f,
                "the certificate of {server} is not signed by an authority in the file of PACKER_REGISTRY_CA_FILE; is \
                 it the CA of this server, and does the server still use it?"
            ),
            ConnectFault::WrongName(names) => {
                write!(f, "the certificate of {server} is for another name")?;
                if !names.is_empty() {
                    let names: Vec<&str> = names.iter().take(MAX_NAMES).map(String::as_str).collect();
                    write!(f, " ({})", names.join(", "))?;
                }
                write!(f, "; use that name in the URL, or give the server a certificate for this one")
            }
            ConnectFault::Expired => {
                write!(f, "the certificate of {server} has expired; renew it on the server (or is this clock wrong?)")
            }
            ConnectFault::NotYetValid => {
                write!(f, "the certificate of {server} is not valid yet; is the clock of this machine right?")
            }
            ConnectFault::Tls(cause) => write!(f, "no secure connection to {server}: {cause}"),
        }
    }
}

impl std::error::Error for ConnectError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_names_the_server_and_only_those_that_may_pass_are_tried_again() {
        for (fault, may_pass) in [
            (ConnectFault::Name("Name or service not known".to_owned()), false),
            (ConnectFault::Name("Temporary failure in name resolution".to_owned()), true),
            (ConnectFault::Refused, true),
            (ConnectFault::TimedOut, true),
            (ConnectFault::Network("reset".to_owned()), true),
            (ConnectFault::NotTls, false),
            (ConnectFault::UnknownCa(false), false),
            (ConnectFault::UnknownCa(true), false),
            (ConnectFault::WrongName(vec!["other.test".to_owned()]), false),
            (ConnectFault::Expired, false),
            (ConnectFault::NotYetValid, false),
            (ConnectFault::Tls("x".to_owned()), false),
        ] {
            assert_eq!(fault.may_pass(), may_pass, "{fault:?}");
            let message = ConnectError { server: "registry.test:8443".to_owned(), fault }.to_string();
            assert!(message.contains("registry.test:8443"), "{message}");
        }
    }
}
