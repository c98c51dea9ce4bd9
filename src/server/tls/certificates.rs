use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::Notify;

use super::authority::Authority;
use super::facts::Facts;
use super::stamp::Stamp;
use super::{TlsError, pem};
use crate::config::server::{PublicName, Tls};
use crate::model::{Clock, Timestamp};
use crate::server::{Metrics, Shutdown};

/// How often files are looked at, and the end of a certificate thought of.
const INTERVAL: Duration = Duration::from_secs(30);
/// How long before its end people are told that a certificate ends which they have to renew.
const WARNING: i64 = 14 * 24 * 3600 * 1000;

/// The certificate that a server shows, and where the next one comes from.
pub struct Certificates {
    source: Source,
    clock: Arc<dyn Clock>,
    current: RwLock<Arc<CertifiedKey>>,
    seen: Mutex<Seen>,
    look: Notify,
}

enum Source {
    SelfMade(Authority),
    Files { cert: PathBuf, key: PathBuf },
}

/// The state of the source when it was looked at last.
struct Seen {
    stamp: Stamp,
    /// When to look even though no file has changed.
    renewal: Timestamp,
}

impl Certificates {
    /// The certificates that `tls` asks for; those of a local CA are made in `data`. `None` for plain HTTP.
    ///
    /// # Errors
    /// [`TlsError`] when there is none to begin with.
    pub fn open(
        tls: &Tls,
        data: &Path,
        names: &[PublicName],
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Arc<Self>>, TlsError> {
        let source = match tls {
            Tls::Off => return Ok(None),
            Tls::SelfMade => Source::SelfMade(Authority::new(data, names.iter().cloned())),
            Tls::Files { cert, key } => Source::Files { cert: cert.clone(), key: key.clone() },
        };
        let (stamp, loaded) = source.look(clock.now());
        let (key, renewal) = loaded?;
        Ok(Some(Arc::new(Self {
            source,
            clock,
            current: RwLock::new(Arc::new(key)),
            seen: Mutex::new(Seen { stamp, renewal }),
            look: Notify::new(),
        })))
    }

    /// The certificate of the local CA, which clients need; `None` where certificates come from elsewhere.
    pub fn ca_file(&self) -> Option<&Path> {
        match &self.source {
            Source::SelfMade(authority) => Some(&authority.folder.ca_cert),
            Source::Files { .. } => None,
        }
    }

    /// When the certificate in use ends.
    pub fn not_after(&self) -> Timestamp {
        self.current().cert.first().and_then(Facts::of).map_or(Timestamp(0), |facts| facts.not_after)
    }

    /// Settings of TLS that always show the newest certificate.
    ///
    /// # Errors
    /// Those of rustls, which has none for these settings.
    pub fn server_config(self: Arc<Self>) -> Result<Arc<ServerConfig>, rustls::Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Makes [`Certificates::keep_fresh`] look at once, whether or not anything has changed.
    pub fn look_now(&self) {
        self.look.notify_one();
    }

    /// Looks after the certificate until the server ends: renews it, and reads files again that have changed.
    pub async fn keep_fresh(self: Arc<Self>, metrics: Metrics, shutdown: Shutdown) {
        loop {
            metrics.set_certificate_end(self.not_after());
            let asked = tokio::select! {
                () = tokio::time::sleep(INTERVAL) => false,
                () = self.look.notified() => true,
                () = shutdown.begun() => return,
            };
            let certificates = Arc::clone(&self);
            // Files are read, and keys made.
            let _ = tokio::task::spawn_blocking(move || certificates.refresh(asked)).await;
        }
    }

    /// Takes a new certificate where there is one; one that cannot be used is reported, and the old one kept.
    pub(super) fn refresh(&self, asked: bool) {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked && self.source.stamp() == seen.stamp && now < seen.renewal {
            return;
        }
        let (stamp, loaded) = self.source.look(now);
        match loaded {
            Ok((key, renewal)) => {
                let is_new = self.current().cert != key.cert;
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
                *seen = Seen { stamp, renewal };
                if is_new {
                    tracing::info!("a new certificate is in use, until {}", self.not_after().to_rfc3339());
                } else if asked {
                    tracing::info!("the certificate is the same");
                }
            }
            Err(error) => {
                tracing::error!(
                    "the new certificate cannot be used, and the old one stays, which ends at {}: {error}",
                    self.not_after().to_rfc3339()
                );
                // Not again until something changes, or in an hour.
                *seen = Seen { stamp, renewal: Timestamp(now.0.saturating_add(3_600_000)) };
            }
        }
    }

    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Source {
    fn stamp(&self) -> Stamp {
        match self {
            Self::SelfMade(authority) => {
                let folder = &authority.folder;
                Stamp::of(&[&folder.ca_cert, &folder.ca_key, &folder.server_cert, &folder.server_key])
            }
            Self::Files { cert, key } => Stamp::of(&[cert, key]),
        }
    }

    /// What the source has now, and the state of its files with which to compare later ones.
    fn look(&self, now: Timestamp) -> (Stamp, Result<(CertifiedKey, Timestamp), TlsError>) {
        let before = self.stamp();
        let loaded = self.load(now);
        let stamp = match self {
            // What was just made is not a change.
            Self::SelfMade(_) => self.stamp(),
            // What has taken the place of a file since it was read is one.
            Self::Files { .. } => before,
        };
        (stamp, loaded)
    }

    /// The certificate that the source has now, and when to ask for the next one whatever happens.
    fn load(&self, now: Timestamp) -> Result<(CertifiedKey, Timestamp), TlsError> {
        match self {
            Self::SelfMade(authority) => authority.supply(now).map(|supply| (supply.key, supply.renewal)),
            Self::Files { cert, key } => {
                let loaded = pem::read(cert, key)?;
                let facts = loaded.cert.first().and_then(Facts::of);
                let facts = facts.ok_or_else(|| TlsError::at(cert, "the first certificate cannot be read"))?;
                warn_of_end(cert, &facts, now);
                // Once a day, so that the warning is repeated.
                Ok((loaded, Timestamp(now.0.saturating_add(24 * 3_600_000))))
            }
        }
    }
}

fn warn_of_end(cert: &Path, facts: &Facts, now: Timestamp) {
    let (path, end) = (cert.display(), facts.not_after.to_rfc3339());
    if facts.not_after <= now {
        tracing::error!("{path}: the certificate has ended at {end}; clients refuse it: put a new one in its place");
    } else if facts.not_after.0.saturating_sub(WARNING) <= now.0 {
        tracing::warn!("{path}: the certificate ends at {end}; put a new one in its place");
    } else if facts.not_before > now {
        tracing::warn!("{path}: the certificate begins at {} only", facts.not_before.to_rfc3339());
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _client_hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ca = self.ca_file();
        f.debug_struct("Certificates").field("ca_file", &ca).finish_non_exhaustive()
    }
}
