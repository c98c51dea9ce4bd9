use std::collections::BTreeSet;
use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;

use crate::config::server::PublicName;
use crate::model::Timestamp;

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The first moment at which it is good.
    pub(super) not_before: Timestamp,
    /// The last one.
    pub(super) not_after: Timestamp,
    /// The names and addresses that it is good for.
    pub(super) names: BTreeSet<PublicName>,
}

impl Facts {
    /// Reads a certificate; `None` when it is none.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = parse_x509_certificate(certificate).ok()?;
        let moment = |seconds: i64| Timestamp(seconds.saturating_mul(1000));
        let validity = certificate.validity();
        let names = certificate.subject_alternative_name().ok().flatten();
        let names = names.iter().flat_map(|extension| &extension.value.general_names).filter_map(name);
        Some(Self {
            not_before: moment(validity.not_before.timestamp()),
            not_after: moment(validity.not_after.timestamp()),
            names: names.collect(),
        })
    }
}

/// Whether the key of `issuer` has signed `certificate`.
pub(super) fn is_signed_by(certificate: &CertificateDer<'_>, issuer: &CertificateDer<'_>) -> bool {
    let (Ok((_, certificate)), Ok((_, issuer))) = (parse_x509_certificate(certificate), parse_x509_certificate(issuer))
    else {
        return false;
    };
    certificate.issuer() == issuer.subject() && certificate.verify_signature(Some(issuer.public_key())).is_ok()
}

fn name(name: &GeneralName<'_>) -> Option<PublicName> {
    match name {
        GeneralName::DNSName(name) => Some(PublicName::Dns((*name).to_owned())),
        GeneralName::IPAddress(bytes) => {
            let address = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            address.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok().map(PublicName::Address)
        }
        _ => None,
    }
}
