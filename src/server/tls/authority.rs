use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use time::{Duration, OffsetDateTime};

use super::TlsError;
use super::facts::{Facts, is_signed_by};
use super::folder::Folder;
use super::pem;
use crate::config::server::PublicName;
use crate::model::Timestamp;
use crate::server::private_file::{write_file, write_private_file};

/// How long a CA is good for.
const CA_LIFE: Duration = Duration::days(3650);
/// How long a certificate is good for.
const LIFE: Duration = Duration::days(90);
/// How long before its end a certificate is renewed.
const RENEWED_BEFORE_END: Duration = Duration::days(30);
/// How far the clock of a client may be behind ours.
const CLOCK_SKEW: Duration = Duration::hours(1);
/// How soon to try again where no certificate could be made.
const RETRY: Duration = Duration::hours(1);
/// How long before its end people are told that the CA ends.
const CA_WARNING: Duration = Duration::days(180);

/// A local CA and the certificate that it gives to the server, in a folder of their own.
#[derive(Debug)]
pub(super) struct Authority {
    pub(super) folder: Folder,
    names: BTreeSet<PublicName>,
}

/// What an authority has for the server.
pub(super) struct Supply {
    pub(super) key: CertifiedKey,
    /// When the next certificate is to be made.
    pub(super) renewal: Timestamp,
}

/// Why the certificate that is there has to be replaced, and what the server has as long as that fails: the same, where it is
/// still good.
struct Outdated {
    reason: String,
    meanwhile: Option<Supply>,
}

impl From<String> for Outdated {
    fn from(reason: String) -> Self {
        Self { reason, meanwhile: None }
    }
}

impl From<&str> for Outdated {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

impl Authority {
    pub(super) fn new(data: &Path, names: impl IntoIterator<Item = PublicName>) -> Self {
        Self { folder: Folder::in_data(data), names: names.into_iter().collect() }
    }

    /// The certificate of the server, which is made anew where there is none, it ends soon, it lacks a name, or is not
    /// of this CA; and the CA before it, where there is none. A CA that exists is never replaced. Where none can be made,
    /// because the CA's key is lost or the disk full, the present one has to do until its end.
    pub(super) fn supply(&self, now: Timestamp) -> Result<Supply, TlsError> {
        let _lock = self.folder.lock()?;
        if !exists(&self.folder.ca_cert)? {
            self.make_ca(now)?;
        }
        let ca = pem::certificates(&self.folder.ca_cert)?.swap_remove(0);
        let ca_facts = Facts::of(&ca).ok_or_else(|| TlsError::at(&self.folder.ca_cert, "no certificate of a CA"))?;
        warn_of_end(&ca_facts, &self.folder, now);
        let Outdated { reason, meanwhile } = match self.present(&ca, now) {
            Ok(supply) => return Ok(supply),
            Err(outdated) => outdated,
        };
        tracing::info!("making a certificate for the server: {reason}");
        let made = self.make_certificate(&ca, &ca_facts, now).and_then(|()| {
            self.present(&ca, now).map_err(|outdated| TlsError::at(&self.folder.server_cert, outdated.reason))
        });
        match (made, meanwhile) {
            (Err(error), Some(supply)) => {
                tracing::error!("no new certificate can be made, and the old one stays: {reason}: {error}");
                Ok(supply)
            }
            (made, _) => made,
        }
    }

    /// The certificate that is there, or why it has to be replaced.
    fn present(&self, ca: &CertificateDer<'_>, now: Timestamp) -> Result<Supply, Outdated> {
        let folder = &self.folder;
        if !folder.server_cert.exists() {
            return Err("there is none yet".into());
        }
        let key = pem::read(&folder.server_cert, &folder.server_key).map_err(|error| error.to_string())?;
        let facts = key.cert.first().and_then(Facts::of).ok_or("it cannot be read")?;
        if !is_signed_by(&key.cert[0], ca) {
            return Err("it is not of this CA".into());
        }
        if facts.names != self.names {
            return Err("its names are no longer those of the server".into());
        }
        // The CA may end before a certificate of full length would.
        let lead = RENEWED_BEFORE_END.min(Duration::milliseconds((facts.not_after.0 - facts.not_before.0) / 3));
        let renewal = Timestamp(facts.not_after.0.saturating_sub(milliseconds(lead)));
        if now >= renewal {
            let again = Timestamp(now.0.saturating_add(milliseconds(RETRY)));
            let meanwhile = (now < facts.not_after).then_some(Supply { key, renewal: again });
            return Err(Outdated { reason: format!("it ends at {}", facts.not_after.to_rfc3339()), meanwhile });
        }
        if now < facts.not_before {
            return Err(format!("it begins at {} only", facts.not_before.to_rfc3339()).into());
        }
        Ok(Supply { key, renewal })
    }

    fn make_ca(&self, now: Timestamp) -> Result<(), TlsError> {
        let folder = &self.folder;
        let key = KeyPair::generate().map_err(made)?;
        let now = moment(now)?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Two CAs of one name would be taken for each other where both are trusted.
        let mark = uuid::Uuid::new_v4().simple().to_string();
        params.distinguished_name = named(&format!("packer-plugin-registry CA {}", &mark[..8]));
        params.not_before = now - CLOCK_SKEW;
        params.not_after = now + CA_LIFE;
        let certificate = params.self_signed(&key).map_err(made)?;
        // The key first: a certificate without it would be a CA that can sign nothing.
        let written = write_private_file(&folder.ca_key, key.serialize_pem().as_bytes());
        written.map_err(|error| TlsError::at(&folder.ca_key, error))?;
        let written = write_file(&folder.ca_cert, certificate.pem().as_bytes(), 0o644);
        written.map_err(|error| TlsError::at(&folder.ca_cert, error))?;
        tracing::info!("made a CA: clients trust the server by {}", folder.ca_cert.display());
        Ok(())
    }

    fn make_certificate(&self, ca: &CertificateDer<'_>, ca_facts: &Facts, now: Timestamp) -> Result<(), TlsError> {
        let folder = &self.folder;
        let issuer = self.issuer(ca)?;
        let key = KeyPair::generate().map_err(made)?;
        let begin = moment(now)?;
        let end = (begin + LIFE).min(moment(ca_facts.not_after)?);
        if end <= begin {
            return Err(TlsError::at(
                &folder.ca_cert,
                "the CA has ended; move it and ca.key away, and give the new ca.pem to the clients",
            ));
        }
        let mut params = CertificateParams::default();
        params.distinguished_name = named("packer-plugin-registry");
        params.subject_alt_names = self.names.iter().filter_map(alternative_name).collect();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = begin - CLOCK_SKEW;
        params.not_after = end;
        let certificate = params.signed_by(&key, &issuer).map_err(made)?;
        let written = write_private_file(&folder.server_key, key.serialize_pem().as_bytes());
        written.map_err(|error| TlsError::at(&folder.server_key, error))?;
        let written = write_file(&folder.server_cert, certificate.pem().as_bytes(), 0o644);
        written.map_err(|error| TlsError::at(&folder.server_cert, error))?;
        Ok(())
    }

    fn issuer(&self, ca: &CertificateDer<'_>) -> Result<Issuer<'static, KeyPair>, TlsError> {
        let folder = &self.folder;
        let way_out = format!(
            "put the key of {} back, or move that file away, too: then a new CA is made, whose ca.pem the clients need",
            folder.ca_cert.display()
        );
        let text = pem::text(&folder.ca_key).map_err(|error| TlsError::new(format!("{error}; {way_out}")))?;
        let key = KeyPair::from_pem(&text)
            .map_err(|_| TlsError::at(&folder.ca_key, format!("no private key that can be read; {way_out}")))?;
        Issuer::from_ca_cert_der(ca, key).map_err(|error| TlsError::at(&folder.ca_cert, error))
    }
}

fn exists(path: &Path) -> Result<bool, TlsError> {
    path.try_exists().map_err(|error| TlsError::at(path, error))
}

fn warn_of_end(ca: &Facts, folder: &Folder, now: Timestamp) {
    if ca.not_after.0.saturating_sub(milliseconds(CA_WARNING)) <= now.0 {
        tracing::warn!(
            "the CA {} ends at {}: move it and ca.key away in time, and give the new ca.pem to the clients",
            folder.ca_cert.display(),
            ca.not_after.to_rfc3339()
        );
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

fn alternative_name(name: &PublicName) -> Option<SanType> {
    match name {
        PublicName::Dns(name) => name.as_str().try_into().ok().map(SanType::DnsName),
        PublicName::Address(address @ (IpAddr::V4(_) | IpAddr::V6(_))) => Some(SanType::IpAddress(*address)),
    }
}

fn moment(timestamp: Timestamp) -> Result<OffsetDateTime, TlsError> {
    let outside = || TlsError::new("the clock of this machine shows a time that no certificate can hold; set it");
    OffsetDateTime::from_unix_timestamp(timestamp.0 / 1000)
        .ok()
        .filter(|at| (1971..9000).contains(&at.year()))
        .ok_or_else(outside)
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.whole_milliseconds()).unwrap_or(i64::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn made(error: rcgen::Error) -> TlsError {
    TlsError::new(format!("no certificate could be made: {error}"))
}
