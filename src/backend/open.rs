use std::sync::Arc;

use super::{Accounts, Backend, BackendError, EmbeddedBackend, Governance, GrpcBackend, HcpBackend, Patience};
use crate::access::Caller;
use crate::config::{Environment, HcpAccess, RegistryUrl, ServerAccess};
use crate::model::Clock;

/// The name that histories record where the environment names no user.
const NAMELESS_AUTHOR: &str = "local";

/// Opens the registry at `url`. Nothing is read, written or connected to before the first call.
///
/// # Errors
/// [`BackendError::Refused`] for a kind of registry that this version does not support.
pub fn open(
    url: &RegistryUrl,
    environment: &Environment,
    clock: Arc<dyn Clock>,
) -> Result<Box<dyn Backend>, BackendError> {
    open_until(url, environment, clock, || false)
}

/// Like [`open`]; a call that waits for its turn gives up once `cancel` answers true.
///
/// # Errors
/// Those of [`open`].
pub fn open_until(
    url: &RegistryUrl,
    environment: &Environment,
    clock: Arc<dyn Clock>,
    cancel: impl Fn() -> bool + Send + Sync + 'static,
) -> Result<Box<dyn Backend>, BackendError> {
    Ok(match of_url(url, environment, clock, cancel) {
        Kind::Embedded(embedded) => embedded,
        Kind::Server(server) => server,
        Kind::Hcp(hcp) => hcp,
    })
}

/// The accounts of the registry at `url`. Nothing is read, written or connected to before the first call.
///
/// # Errors
/// Those of [`open`].
pub fn open_accounts(
    url: &RegistryUrl,
    environment: &Environment,
    clock: Arc<dyn Clock>,
) -> Result<Box<dyn Accounts>, BackendError> {
    Ok(match of_url(url, environment, clock, || false) {
        Kind::Embedded(embedded) => embedded,
        Kind::Server(server) => server,
        Kind::Hcp(hcp) => {
            let message = format!("projects, principals and roles of {hcp} are managed in HCP's portal");
            return Err(BackendError::Refused(message));
        }
    })
}

/// The governance of the registry at `url`. Nothing is read, written or connected to before the first call.
///
/// # Errors
/// Those of [`open`].
pub fn open_governance(
    url: &RegistryUrl,
    environment: &Environment,
    clock: Arc<dyn Clock>,
) -> Result<Box<dyn Governance>, BackendError> {
    Ok(match of_url(url, environment, clock, || false) {
        Kind::Embedded(embedded) => embedded,
        Kind::Server(server) => server,
        Kind::Hcp(hcp) => hcp,
    })
}

enum Kind {
    Embedded(Box<EmbeddedBackend>),
    Server(Box<GrpcBackend>),
    Hcp(Box<HcpBackend>),
}

fn of_url(
    url: &RegistryUrl,
    environment: &Environment,
    clock: Arc<dyn Clock>,
    cancel: impl Fn() -> bool + Send + Sync + 'static,
) -> Kind {
    match url {
        RegistryUrl::Sqlite(path) => {
            let author = environment.user_name.as_deref().unwrap_or(NAMELESS_AUTHOR);
            let embedded = EmbeddedBackend::new(path.clone(), clock, Caller::local(author), cancel);
            Kind::Embedded(Box::new(embedded.in_project(environment.server.project.clone())))
        }
        RegistryUrl::Server(url) => {
            let access = ServerAccess::of(environment);
            Kind::Server(Box::new(GrpcBackend::new(url.clone(), access, Patience::default(), cancel)))
        }
        RegistryUrl::Hcp(hcp) => {
            let access = HcpAccess::of(hcp, environment);
            Kind::Hcp(Box::new(HcpBackend::new(url.to_string(), access, Patience::default(), cancel)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HcpUrl;
    use crate::model::SystemClock;

    fn opened(url: &RegistryUrl) -> Result<Box<dyn Backend>, BackendError> {
        open(url, &Environment::default(), Arc::new(SystemClock))
    }

    #[test]
    fn hcp_packer_is_opened_without_looking_for_it_and_says_what_it_wants() {
        let hcp = RegistryUrl::Hcp(HcpUrl::default());
        let Err(BackendError::Refused(message)) = opened(&hcp).unwrap().buckets() else { panic!("nobody is calling") };
        assert!(message.contains("HCP_CLIENT_ID"), "{message}");
        let accounts = open_accounts(&hcp, &Environment::default(), Arc::new(SystemClock));
        assert!(matches!(accounts.err(), Some(BackendError::Refused(text)) if text.contains("portal")));
    }

    #[test]
    fn opening_a_server_does_not_look_for_it() {
        opened(&RegistryUrl::Server("https://there.is.no.such.host.invalid".to_owned())).unwrap();
    }

    #[test]
    fn opening_an_embedded_registry_does_not_touch_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        opened(&RegistryUrl::Sqlite(folder.path().join("below/registry.db"))).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
