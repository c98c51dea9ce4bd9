use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::token_answer::NoToken;
use crate::access::{ClientId, ClientSecret};

/// RFC 6749, section 4.4.2.
const CLIENT_CREDENTIALS: &str = "client_credentials";
/// RFC 8693, section 2.1.
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 8693, section 3: what an identity token may be called.
const SUBJECT_TYPES: [&str; 2] = ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];

/// What somebody wants a token for.
#[derive(Debug)]
pub(super) enum TokenRequest {
    /// A client's credentials.
    Client(ClientId, ClientSecret),
    /// The identity token of a CI job, and the principal that it wants to be, where it says so.
    Identity {
        /// The identity token.
        token: String,
        /// The principal's client id.
        client: Option<ClientId>,
    },
}

/// The fields of the form that are looked at.
#[derive(Default)]
struct Form {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    subject_token: Option<String>,
    subject_token_type: Option<String>,
}

impl Form {
    /// RFC 6749, section 3.2: parameters must not be there twice, and one without a value is not there.
    fn read(body: &[u8]) -> Result<Self, NoToken> {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let field = match &*name {
                "grant_type" => &mut form.grant_type,
                "client_id" => &mut form.client_id,
                "client_secret" => &mut form.client_secret,
                "subject_token" => &mut form.subject_token,
                "subject_token_type" => &mut form.subject_token_type,
                _ => continue,
            };
            if value.is_empty() {
                continue;
            }
            if field.replace(value.into_owned()).is_some() {
                return Err(NoToken::InvalidRequest(format!("{name} is there twice")));
            }
        }
        Ok(form)
    }
}

impl TokenRequest {
    /// Reads what is asked: the client in the header `authorization` (HTTP Basic), or in the form.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, NoToken> {
        let form = Form::read(body)?;
        match form.grant_type.as_deref() {
            Some(CLIENT_CREDENTIALS) => Self::of_client(headers, form),
            Some(EXCHANGE) => Self::of_identity(form),
            Some(_) => Err(NoToken::UnsupportedGrantType),
            None => Err(NoToken::InvalidRequest("grant_type is missing".to_owned())),
        }
    }

    fn of_client(headers: &HeaderMap, form: Form) -> Result<Self, NoToken> {
        let (id, secret) = match headers.get(header::AUTHORIZATION) {
            Some(value) => basic(value.as_bytes()).ok_or(NoToken::InvalidClient)?,
            None => match (form.client_id, form.client_secret) {
                (Some(id), Some(secret)) => (id, secret),
                (None, _) => return Err(NoToken::InvalidRequest("client_id is missing".to_owned())),
                (_, None) => return Err(NoToken::InvalidRequest("client_secret is missing".to_owned())),
            },
        };
        // What no client id looks like, no client has.
        let id = ClientId::parse(id).map_err(|_| NoToken::InvalidClient)?;
        Ok(Self::Client(id, ClientSecret::presented(secret)))
    }

    fn of_identity(form: Form) -> Result<Self, NoToken> {
        let missing = |name: &str| NoToken::InvalidRequest(format!("{name} is missing"));
        let token = form.subject_token.ok_or_else(|| missing("subject_token"))?;
        let kind = form.subject_token_type.ok_or_else(|| missing("subject_token_type"))?;
        if !SUBJECT_TYPES.contains(&kind.as_str()) {
            let types = SUBJECT_TYPES.join(" or ");
            return Err(NoToken::InvalidRequest(format!("subject_token_type is not one that is taken; use {types}")));
        }
        let client = form.client_id.map(ClientId::parse).transpose();
        let client = client.map_err(|error| NoToken::InvalidRequest(error.to_string()))?;
        Ok(Self::Identity { token, client })
    }
}

/// RFC 6749, section 2.3.1: both halves are encoded as in a form before they are joined.
fn basic(header: &[u8]) -> Option<(String, String)> {
    let (scheme, encoded) = std::str::from_utf8(header).ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let joined = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    let decoded = |text: &str| form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned());
    Some((decoded(id)?, decoded(secret)?))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn read(authorization: Option<&str>, body: &str) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        match TokenRequest::read(&headers, body.as_bytes()) {
            Ok(TokenRequest::Client(id, secret)) => Ok(format!("{id} {}", secret.expose())),
            Ok(TokenRequest::Identity { token, client }) => Ok(format!("{token} {client:?}")),
            Err(error) => Err(format!("{error:?}")),
        }
    }

    #[test]
    fn a_client_may_say_who_it_is_in_the_header_or_in_the_form() {
        let header = format!("Basic {}", STANDARD.encode(format!("{ID}:a%2Bb+c")));
        assert_eq!(read(Some(&header), "grant_type=client_credentials&audience=x"), Ok(format!("{ID} a+b c")));
        let form = format!("client_id={ID}&client_secret=a%2Bb+c&grant_type=client_credentials");
        assert_eq!(read(None, &form), Ok(format!("{ID} a+b c")));
        assert_eq!(read(Some(&header.replace("Basic", "BASIC")), &form), Ok(format!("{ID} a+b c")));
    }

    #[test]
    fn an_identity_token_is_read_with_the_principal_that_it_is_for() {
        let form = format!("grant_type={EXCHANGE}&subject_token=t&subject_token_type={}", SUBJECT_TYPES[0]);
        assert_eq!(read(None, &form), Ok("t None".to_owned()));
        assert_eq!(read(None, &format!("{form}&client_id={ID}")), Ok(format!("t Some(ClientId({ID:?}))")));
        assert!(read(None, &format!("{form}&client_id=me")).unwrap_err().contains("32 hexadecimal digits"));
    }

    #[test]
    fn what_is_missing_doubled_or_not_known_is_named() {
        for (form, fault) in [
            ("", "grant_type is missing"),
            ("grant_type=", "grant_type is missing"),
            ("grant_type=password", "UnsupportedGrantType"),
            ("grant_type=client_credentials", "client_id is missing"),
            ("grant_type=client_credentials&client_id=a", "client_secret is missing"),
            ("grant_type=client_credentials&client_id=a&client_secret=b", "InvalidClient"),
            ("grant_type=client_credentials&grant_type=client_credentials", "grant_type is there twice"),
            ("grant_type=urn:ietf:params:oauth:grant-type:token-exchange", "subject_token is missing"),
            (
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=t&subject_token_type=saml",
                "subject_token_type is not one",
            ),
        ] {
            let error = read(None, form).unwrap_err();
            assert!(error.contains(fault), "{form}: {error}");
        }
        for header in ["", "Basic", "Basic !", "Bearer x", "Basic Og==", "Basic bm9jb2xvbg=="] {
            assert_eq!(
                read(Some(header), "grant_type=client_credentials"),
                Err("InvalidClient".to_owned()),
                "{header}"
            );
        }
    }
}
