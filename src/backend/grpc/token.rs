use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::address::Address;
use super::connect::Trust;
use super::failure::Failure;
use super::http::{Answer, NoAnswer, Question, ask, form};
use super::identity;
use super::patience::Patience;
use crate::backend::AccessToken;
use crate::config::{self, ClientCredentials, CredentialSource, IdentityToken};
use crate::model::Secret;

/// Where tokens are given: RFC 6749, section 3.2.
const PATH: &str = "/oauth2/token";
/// RFC 8693, section 2.1.
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 8693, section 3.
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
/// How long before its end a token is replaced.
const MARGIN: Duration = Duration::from_secs(60);
/// The life of a token that does not say it.
const UNSAID: Duration = Duration::from_secs(120);
/// The longest life that is believed.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// RFC 6749, section 5.1.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

/// RFC 6749, section 5.2.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NotGranted {
    error: String,
    error_description: String,
}

/// The tokens that prove to a registry who is calling; kept in memory only.
pub(in crate::backend) struct Tokens {
    credentials: CredentialSource,
    /// Whom the tokens are for, where whoever gives them wants to know it.
    audience: Option<&'static str>,
    /// Where the credentials came from, in words, where that is not one of our own variables.
    words: Option<String>,
    current: Mutex<Option<Kept>>,
}

#[derive(Clone)]
struct Kept {
    token: Secret,
    /// When to replace it.
    until: Instant,
    /// When it is no longer taken.
    end: Instant,
}

impl Tokens {
    pub(in crate::backend) fn new(credentials: CredentialSource) -> Self {
        Self { credentials, audience: None, words: None, current: Mutex::default() }
    }

    /// The tokens of a client for `audience`, whose credentials came from where `words` say.
    pub(in crate::backend) fn for_audience(client: ClientCredentials, audience: &'static str, words: String) -> Self {
        let (audience, words) = (Some(audience), Some(words));
        Self { credentials: CredentialSource::Client(client), audience, words, current: Mutex::default() }
    }

    /// A token; nothing where there are no credentials, which the server will say if it wants some.
    pub(in crate::backend) async fn current(
        &self,
        registry: &Address,
        trust: Option<&Trust>,
        patience: &Patience,
    ) -> Result<Option<Secret>, Failure> {
        if let Some(kept) = self.kept().filter(|kept| Instant::now() < kept.until) {
            return Ok(Some(kept.token));
        }
        let Some(form) = self.form(registry, patience).await? else { return Ok(None) };
        let question = Question::form(PATH.to_owned(), form);
        let answer = ask(registry, trust, question, patience).await.map_err(|fault| match fault {
            NoAnswer::Connect(error) => Failure::Connect(error),
            NoAnswer::Broken(message) => Failure::Away { message, retry_after: None },
        })?;
        let (token, life) = self.granted(&answer, registry)?;
        let now = Instant::now();
        let kept = Kept { token: token.clone(), until: now + life.saturating_sub(MARGIN), end: now + life };
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(Some(token))
    }

    /// The token that was there last, and for how long it is taken from now on.
    pub(in crate::backend) fn last(&self) -> Option<AccessToken> {
        let Kept { token, end, .. } = self.kept()?;
        Some(AccessToken { token, expires_in: end.saturating_duration_since(Instant::now()) })
    }

    /// Forgets the token, because the server did not take it.
    pub(in crate::backend) fn forget(&self) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Where the credentials came from, in words.
    pub(in crate::backend) fn source(&self) -> String {
        if let Some(words) = &self.words {
            return words.clone();
        }
        match &self.credentials {
            CredentialSource::Client(_) => "the client of PACKER_REGISTRY_CLIENT_ID and its secret".to_owned(),
            CredentialSource::Identity { token, .. } => match token {
                IdentityToken::Value(_) => "the token of PACKER_REGISTRY_OIDC_TOKEN".to_owned(),
                IdentityToken::File(path) => format!("the token in {}", path.display()),
                IdentityToken::GitHubActions { .. } => "this GitHub Actions job".to_owned(),
            },
            CredentialSource::File(path) => format!("the client in {}", path.display()),
            CredentialSource::DefaultFile(path) => format!(
                "a caller without credentials (set PACKER_REGISTRY_CLIENT_ID and PACKER_REGISTRY_CLIENT_SECRET, or put \
                 them into {})",
                path.display()
            ),
            CredentialSource::Incomplete(_) | CredentialSource::Nowhere => {
                "a caller without credentials (set PACKER_REGISTRY_CLIENT_ID and PACKER_REGISTRY_CLIENT_SECRET)"
                    .to_owned()
            }
        }
    }

    fn kept(&self) -> Option<Kept> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The form that asks for a token.
    async fn form(&self, registry: &Address, patience: &Patience) -> Result<Option<String>, Failure> {
        let of_client = |ClientCredentials { id, secret }: &ClientCredentials| {
            let mut fields = vec![
                ("grant_type", "client_credentials"),
                ("client_id", id.as_str()),
                ("client_secret", secret.expose()),
            ];
            fields.extend(self.audience.map(|audience| ("audience", audience)));
            form(&fields)
        };
        match &self.credentials {
            CredentialSource::Client(client) => Ok(Some(of_client(client))),
            CredentialSource::File(path) => match config::read_credentials(path, false) {
                Ok(client) => Ok(Some(of_client(&client))),
                Err(error) => {
                    Err(Failure::Refused(format!("PACKER_REGISTRY_CREDENTIALS: {}: {error}", path.display())))
                }
            },
            CredentialSource::DefaultFile(path) => match config::read_credentials(path, true) {
                Ok(client) => Ok(Some(of_client(&client))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Failure::Refused(format!("the credentials in {}: {error}", path.display()))),
            },
            CredentialSource::Identity { token, client_id } => {
                let subject = identity::token(token, registry, patience).await?;
                let mut fields =
                    vec![("grant_type", EXCHANGE), ("subject_token", subject.expose()), ("subject_token_type", JWT)];
                if let Some(id) = client_id {
                    fields.push(("client_id", id));
                }
                Ok(Some(form(&fields)))
            }
            CredentialSource::Incomplete(fault) => Err(Failure::Refused(fault.clone())),
            CredentialSource::Nowhere => Ok(None),
        }
    }

    /// Reads what the server answered.
    fn granted(&self, answer: &Answer, registry: &Address) -> Result<(Secret, Duration), Failure> {
        let Answer { status, retry_after, body } = answer;
        if status.is_server_error() || status.as_u16() == 429 {
            let message = format!("{registry} gives no tokens now: {}", cause(answer));
            return Err(Failure::Away { message, retry_after: *retry_after });
        }
        if status.is_success() {
            let granted =
                serde_json::from_slice::<Granted>(body).ok().filter(|granted| !granted.access_token.is_empty());
            let Some(Granted { access_token, expires_in }) = granted else {
                return Err(Failure::Refused(format!("{registry} is not a registry: it answered without a token")));
            };
            let life = expires_in.map_or(UNSAID, Duration::from_secs).min(LONGEST);
            return Ok((Secret::new(access_token), life));
        }
        if status.as_u16() == 404 {
            return Err(Failure::Refused(format!("{registry} gives no tokens: is it a registry of this kind?")));
        }
        Err(Failure::Refused(format!("{registry} does not let {} in: {}", self.source(), cause(answer))))
    }
}

/// Why there is no token, in the words of whoever gives none, or by the status of HTTP.
fn cause(Answer { status, body, .. }: &Answer) -> String {
    let NotGranted { error, error_description } = serde_json::from_slice(body).unwrap_or_default();
    let cause = [error_description, error, format!("HTTP {status}")].into_iter().find(|text| !text.is_empty());
    cause.unwrap_or_default().chars().take(300).filter(|c| !c.is_control()).collect()
}
