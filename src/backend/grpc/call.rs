use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::address::Address;
use super::blocking::Blocking;
use super::connect::Trust;
use super::connection::Connection;
use super::failure::{Context, Failure, Next};
use super::patience::Patience;
use super::project::ChosenProject;
use super::retry::Pauses;
use super::tls;
use super::token::Tokens;
use crate::backend::{AccessToken, BackendError};
use crate::config::ServerAccess;
use crate::wire::grpc::v1::account_service_client::AccountServiceClient;
use crate::wire::grpc::v1::governance_service_client::GovernanceServiceClient;
use crate::wire::grpc::v1::registry_service_client::RegistryServiceClient;
use crate::wire::grpc::{MAX_MESSAGE, PROJECT_ID, REQUEST_ID};

/// The client that messages are sent with.
pub(super) type Stub = RegistryServiceClient<Channel>;

/// The client that messages about accounts are sent with.
pub(super) type AccountStub = AccountServiceClient<Channel>;

/// The client that messages about governance are sent with.
pub(super) type GovernanceStub = GovernanceServiceClient<Channel>;

/// How much longer a server may take than the answer is waited for: it is we who say that it is late.
const TIMEOUT_OF_SERVER: Duration = Duration::from_secs(1);

/// What kind of a call it is.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// For all attempts together.
    pub(super) budget: Duration,
    /// Whether the same call again does no harm.
    pub(super) is_repeatable: bool,
}

/// Calls a server until it answers.
pub(super) struct Calls {
    url: String,
    access: ServerAccess,
    pub(super) patience: Patience,
    blocking: Blocking,
    tokens: Tokens,
    project: ChosenProject,
    connection: Connection,
    reach: OnceLock<Result<Reach, String>>,
}

/// What the first call finds out about the way to the server.
struct Reach {
    address: Address,
    /// For calls, and for the questions that tokens need.
    trust: Option<[Trust; 2]>,
}

/// What travels beside a message.
pub(super) struct Headers {
    token: Option<MetadataValue<Ascii>>,
    project: Option<MetadataValue<Ascii>>,
    id: Option<MetadataValue<Ascii>>,
    timeout: Duration,
}

impl Headers {
    /// `message` as it is sent.
    pub(super) fn beside<M>(&self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        let fields = [("authorization", &self.token), (PROJECT_ID, &self.project), (REQUEST_ID, &self.id)];
        for (name, value) in fields {
            if let Some(value) = value {
                request.metadata_mut().insert(name, value.clone());
            }
        }
        request.set_timeout(self.timeout + TIMEOUT_OF_SERVER);
        request
    }
}

impl Calls {
    pub(super) fn new(
        url: String,
        access: ServerAccess,
        patience: Patience,
        cancelled: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        let tokens = Tokens::new(access.credentials.clone());
        let project = ChosenProject::new(access.project.clone());
        Self {
            url,
            access,
            patience,
            blocking: Blocking::new(cancelled),
            tokens,
            project,
            connection: Connection::default(),
            reach: OnceLock::new(),
        }
    }

    /// Sends a message, again if need be, and waits for the answer.
    pub(super) fn call<T>(
        &self,
        kind: Kind,
        send: impl AsyncFn(Stub, Headers) -> Result<Response<T>, Status>,
    ) -> Result<T, BackendError> {
        self.call_on(kind, async |channel, headers| {
            let stub = Stub::new(channel).max_decoding_message_size(MAX_MESSAGE).max_encoding_message_size(MAX_MESSAGE);
            send(stub, headers).await
        })
    }

    /// The same for a message about accounts.
    pub(super) fn call_accounts<T>(
        &self,
        kind: Kind,
        send: impl AsyncFn(AccountStub, Headers) -> Result<Response<T>, Status>,
    ) -> Result<T, BackendError> {
        self.call_on(kind, async |channel, headers| {
            send(AccountStub::new(channel).max_decoding_message_size(MAX_MESSAGE), headers).await
        })
    }

    /// The same for a message about governance.
    pub(super) fn call_governance<T>(
        &self,
        kind: Kind,
        send: impl AsyncFn(GovernanceStub, Headers) -> Result<Response<T>, Status>,
    ) -> Result<T, BackendError> {
        self.call_on(kind, async |channel, headers| {
            send(GovernanceStub::new(channel).max_decoding_message_size(MAX_MESSAGE), headers).await
        })
    }

    /// The token that the last call was made with, and for how long it is taken from now on.
    pub(super) fn token(&self) -> Option<AccessToken> {
        self.tokens.last()
    }

    fn call_on<T>(
        &self,
        kind: Kind,
        send: impl AsyncFn(Channel, Headers) -> Result<Response<T>, Status>,
    ) -> Result<T, BackendError> {
        self.blocking.wait(&self.url, self.attempts(kind, send))
    }

    async fn attempts<T>(
        &self,
        kind: Kind,
        send: impl AsyncFn(Channel, Headers) -> Result<Response<T>, Status>,
    ) -> Result<T, BackendError> {
        let request_id = Uuid::new_v4().to_string();
        let end = Instant::now() + kind.budget;
        let mut pauses = Pauses::new(&self.patience);
        let mut renewed = false;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (failure, was_kept) = match timeout_at(end, self.attempt(&request_id, end, &send)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(failed)) => failed,
                Err(_) => (Failure::Late, false),
            };
            if failure.is_of_transport() {
                self.connection.forget();
            }
            let pause = match failure.next(kind.is_repeatable) {
                // A connection that has idled may have been dropped by the other side: that is no trouble of the server.
                Next::Again(None) if was_kept && failure.is_of_transport() => Some(Duration::ZERO),
                Next::Again(at_least) => Some(pauses.next(Uuid::new_v4().as_u128()).max(at_least.unwrap_or_default())),
                Next::NewToken if !renewed => {
                    renewed = true;
                    self.tokens.forget();
                    Some(Duration::ZERO)
                }
                Next::NewToken | Next::GiveUp => None,
            };
            match pause.filter(|pause| Instant::now() + *pause < end) {
                Some(pause) => sleep(pause).await,
                None => {
                    return Err(failure.into_error(&Context {
                        url: &self.url,
                        request_id: &request_id,
                        attempts,
                        is_repeatable: kind.is_repeatable,
                        credentials: &self.tokens.source(),
                    }));
                }
            }
        }
    }

    /// One attempt; a failure comes with whether it was on a connection that was there before.
    async fn attempt<T>(
        &self,
        request_id: &str,
        end: Instant,
        send: &impl AsyncFn(Channel, Headers) -> Result<Response<T>, Status>,
    ) -> Result<T, (Failure, bool)> {
        let left = end.saturating_duration_since(Instant::now());
        let patience = Patience {
            connect: self.patience.connect.min(left),
            attempt: self.patience.attempt.min(left),
            ..self.patience
        };
        let reach = self.reach().map_err(|fault| (fault, false))?;
        let [for_calls, for_tokens] = match &reach.trust {
            Some([for_calls, for_tokens]) => [Some(for_calls), Some(for_tokens)],
            None => [None, None],
        };
        let token = self.tokens.current(&reach.address, for_tokens, &patience).await.map_err(|fault| (fault, false))?;
        let connected = self.connection.get(&reach.address, for_calls, patience.connect).await;
        let (channel, was_kept) = connected.map_err(|error| (Failure::Connect(error), false))?;
        let mut headers = Headers {
            token: match token {
                Some(token) => Some(bearer(token.expose()).map_err(|fault| (fault, was_kept))?),
                None => None,
            },
            project: None,
            id: MetadataValue::try_from(request_id).ok(),
            timeout: patience.attempt,
        };
        let sent = async {
            headers.project = self.project.id(&self.url, channel.clone(), &headers).await?;
            send(channel, headers).await.map_err(Failure::from)
        };
        match timeout(patience.attempt, sent).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(failure)) => Err((failure, was_kept)),
            Err(_) => Err((Failure::Late, was_kept)),
        }
    }

    fn reach(&self) -> Result<&Reach, Failure> {
        let found = self.reach.get_or_init(|| {
            let address = Address::parse(&self.url)?;
            let trust = if address.is_tls {
                let ca_file = self.access.ca_file.as_deref();
                let roots = tls::roots(ca_file)?;
                let trust = |protocol: &[u8]| {
                    let config = tls::client_config(roots.clone(), protocol)?;
                    Ok::<_, String>(Trust { config, has_ca_file: ca_file.is_some() })
                };
                Some([trust(b"h2")?, trust(b"http/1.1")?])
            } else {
                None
            };
            Ok(Reach { address, trust })
        });
        found.as_ref().map_err(|fault| Failure::Refused(fault.clone()))
    }
}

fn bearer(token: &str) -> Result<MetadataValue<Ascii>, Failure> {
    let mut value = ascii("the token", &format!("Bearer {token}"))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn ascii(what: &str, text: &str) -> Result<MetadataValue<Ascii>, Failure> {
    MetadataValue::try_from(text).map_err(|_| Failure::Refused(format!("{what} has characters that it cannot have")))
}
