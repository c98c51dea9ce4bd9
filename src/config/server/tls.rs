use std::path::PathBuf;

use super::Fault;
use super::given::Given;
use super::resolve::{Resolver, path_of};

/// How connections are secured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// With a certificate of the server's own local CA, both made in the data folder and renewed there.
    SelfMade,
    /// With a certificate and key from files, which are read again when they change.
    Files {
        /// The certificate and those that lead to its CA, PEM.
        cert: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
    },
    /// Not at all: plain HTTP.
    Off,
}

/// What the places say about TLS together: the last place that says anything decides the form, and `tls.cert` and
/// `tls.key` may stand in different places.
pub(super) fn resolve(from: &mut Resolver<'_>) -> Tls {
    let mode = from.take("tls");
    let cert = from.take("tls.cert");
    let key = from.take("tls.key");
    let rank = |given: &Option<Given>| given.as_ref().map_or(0, |given| given.origin.rank());
    let of_files = rank(&cert).max(rank(&key));
    if let Some(mode) = &mode
        && rank(&Some(mode.clone())) >= of_files
    {
        if of_files == mode.origin.rank() {
            from.fault(mode.fault("stands beside tls.cert and tls.key, which already say what to use; leave one out"));
        }
        return match mode.text() {
            "self" => Tls::SelfMade,
            "off" => Tls::Off,
            other => {
                from.fault(unknown(mode, other));
                Tls::SelfMade
            }
        };
    }
    match (cert, key) {
        (None, None) => Tls::SelfMade,
        (Some(cert), Some(key)) => {
            let cert = from.readable_file(&cert);
            let key = from.readable_file(&key);
            Tls::Files { cert, key }
        }
        (Some(cert), None) => {
            from.fault(cert.fault("is a certificate without its private key; give tls.key, too"));
            Tls::Files { cert: path_of(&cert), key: PathBuf::new() }
        }
        (None, Some(key)) => {
            from.fault(key.fault("is a private key without its certificate; give tls.cert, too"));
            Tls::Files { cert: PathBuf::new(), key: path_of(&key) }
        }
    }
}

fn unknown(given: &Given, text: &str) -> Fault {
    given.fault(format!(
        "{text:?} is not known; use \"self\" for a certificate of the server's own CA, \"off\" for plain HTTP, or give \
         tls.cert and tls.key"
    ))
}
