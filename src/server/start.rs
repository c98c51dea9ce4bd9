use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::key_fetcher::HttpKeyFetcher;
use super::obstacles::obstacles;
use super::open_files;
use super::open_store::open_store;
use super::owner::FirstOwner;
use super::tls::Certificates;
use super::{Metrics, Parts, Readiness, ReadyFile, Shutdown, create_private_folder, listener, run, signals};
use crate::api::Authenticator;
use crate::api::description;
use crate::api::grpc::{EverySecond, Grpc, method_paths};
use crate::api::identity::Identity;
use crate::api::links::Links;
use crate::api::platform::Platform;
use crate::api::v2021_04_30::Packer20210430;
use crate::api::v2023_01_01::Packer20230101;
use crate::config::server::{Fault, Faults, ServerConfig, Tls};
use crate::model::Clock;
use crate::registry::store::{OpenMode, Store};
use crate::registry::{Place, RegistryError, Service};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration asks for what cannot be had.
    #[error("{0}")]
    Configuration(Faults),
    /// The registry cannot be opened.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A file or the system is in the way.
    #[error("{what}: {error}")]
    System {
        /// What was being done.
        what: String,
        /// What the system says.
        error: io::Error,
    },
}

/// A server that has everything it needs, and listens, but does not answer yet.
pub struct Server {
    listener: TcpListener,
    parts: Parts,
    config: ServerConfig,
    place: Place,
    owner: Option<FirstOwner>,
}

impl Server {
    /// Opens what the configuration names, and creates what is missing. Called within a runtime.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: ServerConfig, clock: Arc<dyn Clock>, shutdown: &Shutdown) -> Result<Self, StartError> {
        // Before anything is made: an owner's secret is not told twice.
        Faults::none(obstacles(&config)).map_err(StartError::Configuration)?;
        open_files::allow_for(config.max_connections);
        let listener = listener::listen(&config.listen).map_err(|error| {
            let message = format!("cannot listen on {}: {error}; choose another address or port", config.listen);
            at_option(&config, "listen", message)
        })?;
        if let Some(path) = &config.ready_file {
            // One that a server left which was killed tells of nothing.
            let _ = std::fs::remove_file(path);
        }
        create_private_folder(&config.data).map_err(|error| {
            let message = format!("{} cannot be created: {error}; choose another folder", config.data.display());
            at_option(&config, "data", message)
        })?;
        let certificates = certificates(&config, Arc::clone(&clock));
        let certificates = certificates.map_err(|fault| StartError::Configuration(fault.into()))?;
        let store = open_store(&config.database, OpenMode::Create(clock.now())).await?;
        let service = Arc::new(Service::new(store, Arc::clone(&clock)));
        let place = service.place().await?;
        let owner = first_owner(&service, &config).await?;
        let fetcher = HttpKeyFetcher::new().map_err(|error| system("the client for HTTPS", io::Error::other(error)))?;
        let identity = Identity::new(Arc::clone(&service), Arc::clone(&clock), config.token_lifetime, fetcher);
        let identity = Arc::new(identity);
        let authenticator = Arc::clone(&identity) as Arc<dyn Authenticator>;
        let platform = Platform { service: Arc::clone(&service), authenticator: Arc::clone(&authenticator) };
        let links = Arc::new(Links::new(Arc::clone(&service)));
        let packer = Packer20230101 {
            service: Arc::clone(&service),
            authenticator: Arc::clone(&authenticator),
            links: Arc::clone(&links),
        };
        let old_packer = Packer20210430 { service: Arc::clone(&service), authenticator: Arc::clone(&authenticator) };
        let readiness = readiness(Arc::clone(&service));
        let grpc = Grpc {
            service,
            authenticator,
            readiness: Arc::new(readiness.clone()),
            pulse: Arc::new(EverySecond),
            shutdown: shutdown.token(),
        };
        let parts = Parts {
            rest: identity
                .router()
                .merge(platform.router())
                .merge(packer.router())
                .merge(old_packer.router())
                .merge(links.router())
                .merge(description::router()),
            grpc: grpc.router(),
            readiness,
            metrics: Metrics::new(clock.now(), method_paths()),
            certificates,
        };
        Ok(Self { listener, parts, config, place, owner })
    }

    /// The owner, where this is the first start.
    pub fn owner(&self) -> Option<&FirstOwner> {
        self.owner.as_ref()
    }

    /// What a script has to know of this server.
    ///
    /// # Errors
    /// Those of the system, which does not know where it listens.
    pub fn ready_file(&self) -> io::Result<ReadyFile> {
        let ca_file = self.parts.certificates.as_ref().and_then(|certificates| certificates.ca_file());
        let Place { organization_id, project_id } = &self.place;
        Ok(ReadyFile::new(self.address()?, self.parts.certificates.is_some(), ca_file, organization_id, project_id))
    }

    /// Answers until `shutdown`, or a signal, says otherwise.
    ///
    /// # Errors
    /// [`StartError`] when the ready file cannot be written, or the system takes no signal handlers.
    pub async fn serve(self, shutdown: Shutdown) -> Result<(), StartError> {
        let ready = self.ready_file().map_err(|error| system("the address of the server", error))?;
        let ca = ready.ca_file.as_ref().map(|path| path.display().to_string());
        tracing::info!(
            url = ready.url,
            ca,
            registry = %self.config.database,
            "serving packer-plugin-registry {}",
            env!("CARGO_PKG_VERSION")
        );
        signals::follow(&shutdown, self.parts.certificates.as_ref())
            .map_err(|error| system("the handlers of signals", error))?;
        if let Some(path) = &self.config.ready_file {
            ready.write(path).map_err(|error| {
                let message = format!("{} cannot be written: {error}; choose another file", path.display());
                at_option(&self.config, "ready_file", message)
            })?;
        }
        let mut running = pin!(run(self.listener, &self.config, self.parts, shutdown.clone()));
        let ended = tokio::select! {
            biased;
            () = shutdown.begun() => None,
            served = running.as_mut() => Some(served),
        };
        if let Some(path) = &self.config.ready_file {
            // It says that there is a server for whoever comes, and there is none any more, though what it accepted may take
            // long to end.
            ready.withdraw(path);
        }
        let served = match ended {
            Some(served) => served,
            None => running.await,
        };
        served.map_err(|error| system("serving", error))
    }

    fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Judges what can be judged of a configuration without changing anything: whether its files can be written, and those of TLS
/// used.
///
/// # Errors
/// What is wrong.
pub fn check(config: &ServerConfig, clock: &Arc<dyn Clock>) -> Result<(), Faults> {
    let mut faults = obstacles(config);
    if let Tls::Files { cert, .. } = &config.tls {
        match certificates(config, Arc::clone(clock)) {
            Ok(certificates) => {
                let end = certificates.map(|certificates| certificates.not_after()).filter(|end| *end <= clock.now());
                faults.extend(end.map(|end| {
                    let (cert, end) = (cert.display(), end.to_rfc3339());
                    let message = format!("{cert}: the certificate has ended at {end}; put a new one in its place");
                    config.fault("tls.cert", message)
                }));
            }
            Err(fault) => faults.push(fault),
        }
    }
    Faults::none(faults)
}

/// Makes the owner where there is none, and leaves their credentials in the data folder.
async fn first_owner<S: Store>(service: &Service<S>, config: &ServerConfig) -> Result<Option<FirstOwner>, StartError> {
    // The folder is needed for an owner who has to be made, and not for one who is there.
    if service.has_owner().await? {
        return Ok(None);
    }
    FirstOwner::try_to_leave(&config.data).map_err(|(file, error)| {
        let file = file.display();
        let message = format!(
            "{file} cannot be written: {error}; the first start leaves the owner's secret there, which nobody would know \
             otherwise: make the folder writable, or choose another"
        );
        at_option(config, "data", message)
    })?;
    let made = service.bootstrap_owner().await?;
    Ok(made.map(|credentials| FirstOwner::leave(credentials, &config.data)))
}

fn certificates(config: &ServerConfig, clock: Arc<dyn Clock>) -> Result<Option<Arc<Certificates>>, Fault> {
    Certificates::open(&config.tls, &config.data, &config.public_names, clock).map_err(|error| {
        let option = if matches!(config.tls, Tls::Files { .. }) { "tls.cert" } else { "tls" };
        config.fault(option, error.to_string())
    })
}

fn readiness<S: Store + 'static>(service: Arc<Service<S>>) -> Readiness {
    Readiness::new(move || {
        let service = Arc::clone(&service);
        async move { service.check_usable().await.map_err(|error| error.to_string()) }
    })
}

fn at_option(config: &ServerConfig, option: &'static str, message: String) -> StartError {
    StartError::Configuration(config.fault(option, message).into())
}

fn system(what: &str, error: io::Error) -> StartError {
    StartError::System { what: what.to_owned(), error }
}
