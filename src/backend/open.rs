use std::sync::Arc;

use super::{Accounts, Backend, BackendError, EmbeddedBackend, GrpcBackend, Patience};
use crate::access::Caller;
use crate::config::{Environment, RegistryUrl, ServerAccess};
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
    Ok(match of_url(url, environment, clock, cancel)? {
        Either::Embedded(embedded) => embedded,
        Either::Server(server) => server,
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
    Ok(match of_url(url, environment, clock, || false)? {
        Either::Embedded(embedded) => embedded,
        Either::Server(server) => server,
    })
}

enum Either {
    Embedded(Box<EmbeddedBackend>),
    Server(Box<GrpcBackend>),
}

fn of_url(
    url: &RegistryUrl,
    environment: &Environment,
    clock: Arc<dyn Clock>,
    cancel: impl Fn() -> bool + Send + Sync + 'static,
) -> Result<Either, BackendError> {
    match url {
        RegistryUrl::Sqlite(path) => {
            let author = environment.user_name.as_deref().unwrap_or(NAMELESS_AUTHOR);
            let embedded = EmbeddedBackend::new(path.clone(), clock, Caller::local(author), cancel);
            Ok(Either::Embedded(Box::new(embedded.in_project(environment.server.project.clone()))))
        }
        RegistryUrl::Server(url) => {
            let access = ServerAccess::of(environment);
            Ok(Either::Server(Box::new(GrpcBackend::new(url.clone(), access, Patience::default(), cancel))))
        }
        RegistryUrl::Hcp { .. } => Err(BackendError::Refused(format!(
            "{url} is not supported by this version; use sqlite:PATH or https://HOST:PORT"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SystemClock;

    fn opened(url: &RegistryUrl) -> Result<Box<dyn Backend>, BackendError> {
        open(url, &Environment::default(), Arc::new(SystemClock))
    }

    #[test]
    fn hcp_packer_is_refused_with_what_to_use() {
        let hcp = RegistryUrl::Hcp { organization: "acme".to_owned(), project: "images".to_owned() };
        let Err(BackendError::Refused(message)) = opened(&hcp) else { panic!("it was not refused") };
        assert_eq!(message, "hcp://acme/images is not supported by this version; use sqlite:PATH or https://HOST:PORT");
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
