use std::sync::OnceLock;
use std::time::Duration;

use hyper::Method;
use hyper::body::Bytes;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::trouble::{Context, Failed, Trouble};
use crate::backend::BackendError;
use crate::backend::grpc::Patience;
use crate::backend::grpc::address::Address;
use crate::backend::grpc::blocking::Blocking;
use crate::backend::grpc::connect::Trust;
use crate::backend::grpc::failure::{Failure, Next};
use crate::backend::grpc::http::{Answer, Body, NoAnswer, Question, ask};
use crate::backend::grpc::retry::Pauses;
use crate::backend::grpc::tls;
use crate::backend::grpc::token::Tokens;
use crate::config::{CredentialSource, HcpAccess, read_hcp_credentials};

/// Bytes of an answer: a list of a thousand versions with their builds.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// Whom the tokens of HCP are for.
const AUDIENCE: &str = "https://api.hashicorp.cloud";

/// One call.
pub(super) struct Request {
    pub(super) method: Method,
    /// A path with its query.
    pub(super) path: String,
    pub(super) body: Option<Value>,
    /// For all attempts together.
    pub(super) budget: Duration,
    /// Whether the same call again does no harm.
    pub(super) is_repeatable: bool,
}

/// Calls HCP, or a server in its place, until it answers.
pub(super) struct HcpCalls {
    access: Result<HcpAccess, String>,
    pub(super) patience: Patience,
    blocking: Blocking,
    reach: OnceLock<Result<Reach, String>>,
}

/// What the first call finds out about the way there.
struct Reach {
    api: Address,
    auth: Address,
    trust: Option<Trust>,
    tokens: Tokens,
}

impl HcpCalls {
    pub(super) fn new(
        access: Result<HcpAccess, String>,
        patience: Patience,
        cancelled: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { access, patience, blocking: Blocking::new(cancelled), reach: OnceLock::new() }
    }

    /// What the client was told.
    pub(super) fn access(&self) -> Result<&HcpAccess, Failed> {
        self.access.as_ref().map_err(|fault| BackendError::Refused(fault.clone()).into())
    }

    /// Makes a call, again if need be, and waits for the answer, which is JSON.
    pub(super) fn call(&self, request: &Request) -> Result<Value, Failed> {
        let url = self.access()?.api.clone();
        let answer = self.blocking.wait(&url, async { Ok(self.attempts(request).await) })?;
        serde_json::from_slice(&answer?).map_err(|_| {
            BackendError::Unavailable(format!("{url} did not answer in JSON; is it an address of HCP's API?")).into()
        })
    }

    /// Waits a little.
    pub(super) fn pause(&self, pause: Duration) -> Result<(), Failed> {
        let url = self.access()?.api.clone();
        Ok(self.blocking.wait(&url, async {
            sleep(pause).await;
            Ok(())
        })?)
    }

    /// What is at an address that HCP gave, for whoever has no token.
    pub(super) fn download(&self, url: &str) -> Result<Bytes, BackendError> {
        let refused = |fault: String| BackendError::Refused(format!("the link that HCP gave: {fault}"));
        let address = Address::parse(url).map_err(refused)?;
        let after_host = url.split_once("://").map_or("", |(_, rest)| rest);
        let path = after_host.find(['/', '?']).map_or("/", |at| &after_host[at..]).to_owned();
        let ca_file = self.access().map_err(BackendError::from)?.ca_file.clone();
        let trust = if address.is_tls { Some(trust(ca_file.as_deref()).map_err(refused)?) } else { None };
        let question = Question { most: MAX_ANSWER, ..Question::get(path, None) };
        let answer = self.blocking.wait(&address.to_string(), async {
            ask(&address, trust.as_ref(), question, &self.patience).await.map_err(|fault| match fault {
                NoAnswer::Connect(error) => BackendError::Unavailable(error.to_string()),
                NoAnswer::Broken(message) => BackendError::Unavailable(message),
            })
        })?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        Err(BackendError::Unavailable(format!(
            "{address} does not give the document (HTTP {}); try again",
            answer.status
        )))
    }

    async fn attempts(&self, request: &Request) -> Result<Bytes, Failed> {
        let reach = match self.reach() {
            Ok(reach) => reach,
            Err(fault) => return Err(BackendError::Refused(fault).into()),
        };
        let end = Instant::now() + request.budget;
        let mut pauses = Pauses::new(&self.patience);
        let mut renewed = false;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let trouble = match self.attempt(reach, request, end).await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            let pause = match trouble.next(request.is_repeatable) {
                Next::Again(at_least) => Some(pauses.next(Uuid::new_v4().as_u128()).max(at_least.unwrap_or_default())),
                Next::NewToken if !renewed => {
                    renewed = true;
                    reach.tokens.forget();
                    Some(Duration::ZERO)
                }
                Next::NewToken | Next::GiveUp => None,
            };
            match pause.filter(|pause| Instant::now() + *pause < end) {
                Some(pause) => sleep(pause).await,
                None => {
                    return Err(trouble.into_failed(&Context {
                        url: &reach.api.to_string(),
                        attempts,
                        is_repeatable: request.is_repeatable,
                        credentials: &reach.tokens.source(),
                    }));
                }
            }
        }
    }

    async fn attempt(&self, reach: &Reach, request: &Request, end: Instant) -> Result<Bytes, Trouble> {
        let left = end.saturating_duration_since(Instant::now());
        let patience = Patience {
            connect: self.patience.connect.min(left),
            attempt: self.patience.attempt.min(left),
            ..self.patience
        };
        let trust = |address: &Address| reach.trust.as_ref().filter(|_| address.is_tls);
        let token = reach.tokens.current(&reach.auth, trust(&reach.auth), &patience).await.map_err(Trouble::Way)?;
        let question = Question {
            method: request.method.clone(),
            path: request.path.clone(),
            body: request.body.as_ref().map(|body| Body { kind: "application/json", text: body.to_string() }),
            bearer: token,
            most: MAX_ANSWER,
        };
        let answer = ask(&reach.api, trust(&reach.api), question, &patience).await.map_err(|fault| match fault {
            NoAnswer::Connect(error) => Trouble::Way(Failure::Connect(error)),
            NoAnswer::Broken(message) => Trouble::Broken(message),
        })?;
        let Answer { status, retry_after, body } = answer;
        if status.is_success() { Ok(body) } else { Err(Trouble::said(status, retry_after, &body)) }
    }

    fn reach(&self) -> Result<&Reach, String> {
        let found = self.reach.get_or_init(|| {
            let access = self.access.as_ref().map_err(String::clone)?;
            let named = |name: &'static str| move |fault: String| format!("{name}: {fault}");
            let api = Address::parse(&access.api).map_err(named("HCP_API_ADDRESS"))?;
            let auth = Address::parse(&access.auth).map_err(named("HCP_AUTH_URL"))?;
            let trust = if api.is_tls || auth.is_tls { Some(trust(access.ca_file.as_deref())?) } else { None };
            Ok(Reach { api, auth, trust, tokens: tokens(&access.credentials)? })
        });
        found.as_ref().map_err(String::clone)
    }
}

fn trust(ca_file: Option<&std::path::Path>) -> Result<Trust, String> {
    let config = tls::client_config(tls::roots(ca_file)?, b"http/1.1")?;
    Ok(Trust { config, has_ca_file: ca_file.is_some() })
}

/// Who the client is: HCP's file has a form of its own.
fn tokens(source: &CredentialSource) -> Result<Tokens, String> {
    let (client, words) = match source {
        CredentialSource::Client(client) => (client.clone(), "the client of HCP_CLIENT_ID and its secret".to_owned()),
        CredentialSource::File(path) | CredentialSource::DefaultFile(path) if path.exists() => {
            (read_hcp_credentials(path)?, format!("the client in {}", path.display()))
        }
        CredentialSource::Incomplete(fault) => return Err(fault.clone()),
        CredentialSource::File(path) => return Err(format!("HCP_CRED_FILE: {} is not there", path.display())),
        CredentialSource::DefaultFile(_) | CredentialSource::Identity { .. } | CredentialSource::Nowhere => {
            return Err(
                "HCP wants to know who is calling: set HCP_CLIENT_ID and HCP_CLIENT_SECRET, or HCP_CRED_FILE to \
                        a file with both"
                    .to_owned(),
            );
        }
    };
    Ok(Tokens::for_audience(client, AUDIENCE, words))
}
