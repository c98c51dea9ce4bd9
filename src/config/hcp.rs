use std::path::{Path, PathBuf};

use super::{ClientCredentials, CredentialSource, Environment};
use crate::model::Secret;

/// Where HCP's API is, unless the environment or the URL says otherwise.
const API: &str = "api.cloud.hashicorp.com:443";
/// Where HCP gives tokens.
const AUTH: &str = "https://auth.idp.hashicorp.com";
/// HCP's own file of credentials, below the home folder.
const CRED_FILE: &str = ".config/hcp/cred_file.json";

/// What the environment tells clients of HCP, under the names that HCP's own clients read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HcpVariables {
    /// `HCP_CLIENT_ID`: the id of a service principal.
    pub client_id: Option<String>,
    /// `HCP_CLIENT_SECRET`: its secret.
    pub client_secret: Option<Secret>,
    /// `HCP_CRED_FILE`: a file with both.
    pub cred_file: Option<PathBuf>,
    /// `HCP_ORGANIZATION_ID`.
    pub organization: Option<String>,
    /// `HCP_PROJECT_ID`.
    pub project: Option<String>,
    /// `HCP_API_ADDRESS`, or `HCP_API_HOST` of former years: host and port.
    pub api_address: Option<String>,
    /// `HCP_API_TLS`: `disabled` is plain HTTP.
    pub api_tls: Option<String>,
    /// `HCP_AUTH_URL`: where tokens are given.
    pub auth_url: Option<String>,
    /// `HCP_AUTH_TLS`.
    pub auth_tls: Option<String>,
}

/// What a URL such as `hcp://ORGANIZATION/PROJECT?address=HOST:PORT&auth=URL` says; what is missing is in the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HcpUrl {
    /// The organization, by its id or name.
    pub organization: Option<String>,
    /// The project, by its id or name.
    pub project: Option<String>,
    /// Host and port of the API.
    pub address: Option<String>,
    /// Where tokens are given.
    pub auth: Option<String>,
}

/// What a client of HCP's wire needs: nothing of it is read from disk yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HcpAccess {
    /// The URL of the API, without a path.
    pub api: String,
    /// The URL of the server that gives tokens.
    pub auth: String,
    /// The organization, by its id or name; without it, the only one of the caller.
    pub organization: Option<String>,
    /// The project, by its id or name; without it, the oldest one, which HCP's own clients take, too.
    pub project: Option<String>,
    /// The certificates that those of a server in HCP's place may be signed by, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who the client is.
    pub credentials: CredentialSource,
}

impl HcpAccess {
    /// What `url` says, and `environment` of the rest.
    ///
    /// # Errors
    /// What is asked for and would not be safe, in words for a person.
    pub fn of(url: &HcpUrl, environment: &Environment) -> Result<Self, String> {
        let given = &environment.hcp;
        for (name, value) in [("HCP_API_TLS", &given.api_tls), ("HCP_AUTH_TLS", &given.auth_tls)] {
            if value.as_deref() == Some("insecure") {
                return Err(format!(
                    "{name}=insecure would show secrets to whoever is on the way; trust the server's CA instead \
                     (PACKER_REGISTRY_CA_FILE), and unset {name}"
                ));
            }
        }
        let plain = given.api_tls.as_deref() == Some("disabled") && url.address.is_none();
        let api = url.address.as_ref().or(given.api_address.as_ref());
        let auth = url.auth.as_ref().or(given.auth_url.as_ref());
        // The CA of a server of one's own does not sign for HCP.
        let is_own = api.is_some() || auth.is_some();
        Ok(Self {
            api: api_url(api.map_or(API, String::as_str), plain),
            auth: auth.map_or(AUTH, String::as_str).to_owned(),
            organization: url.organization.clone().or(given.organization.clone()),
            project: url.project.clone().or(environment.server.project.clone()).or(given.project.clone()),
            ca_file: environment.server.ca_file.clone().filter(|_| is_own),
            credentials: credentials(environment),
        })
    }
}

/// HCP's clients take `host:port`; those who write a URL mean the same.
fn api_url(address: &str, is_plain: bool) -> String {
    match address.split_once("://") {
        Some(_) => address.trim_end_matches('/').to_owned(),
        None if is_plain => format!("http://{address}"),
        None => format!("https://{address}"),
    }
}

fn credentials(environment: &Environment) -> CredentialSource {
    let given = &environment.hcp;
    match (&given.client_id, &given.client_secret) {
        (Some(id), Some(secret)) => {
            CredentialSource::Client(ClientCredentials { id: id.clone(), secret: secret.clone() })
        }
        (Some(_), None) => {
            CredentialSource::Incomplete("HCP_CLIENT_ID is set, but HCP_CLIENT_SECRET is not".to_owned())
        }
        (None, Some(_)) => {
            CredentialSource::Incomplete("HCP_CLIENT_SECRET is set, but HCP_CLIENT_ID is not".to_owned())
        }
        (None, None) => match (&given.cred_file, &environment.home) {
            (Some(path), _) => CredentialSource::File(path.clone()),
            (None, Some(home)) => CredentialSource::DefaultFile(home.join(CRED_FILE)),
            (None, None) => CredentialSource::Nowhere,
        },
    }
}

/// Reads HCP's own file of credentials: `{"scheme": "service_principal_creds", "oauth": {"client_id", "client_secret"}}`.
///
/// # Errors
/// Those of the system, and what the file is not, in words for a person.
pub fn read_hcp_credentials(path: &Path) -> Result<ClientCredentials, String> {
    let fault = |cause: &str| format!("{}: {cause}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| fault(&error.to_string()))?;
    // The parser's own message could repeat a part of the secret.
    let file: serde_json::Value = serde_json::from_str(&text).map_err(|_| fault("it is not JSON"))?;
    let texts = ["client_id", "client_secret"].map(|name| file["oauth"][name].as_str().filter(|text| !text.is_empty()));
    match (file["scheme"].as_str(), texts) {
        (Some("service_principal_creds"), [Some(id), Some(secret)]) => {
            Ok(ClientCredentials { id: id.to_owned(), secret: Secret::new(secret) })
        }
        (Some("workload"), _) => {
            Err(fault("it is for workload identity, which is not known here; set HCP_CLIENT_ID and HCP_CLIENT_SECRET"))
        }
        _ => Err(fault(
            "it must have \"scheme\": \"service_principal_creds\" and in \"oauth\" client_id and client_secret",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(url: &HcpUrl, variables: &[(&str, &str)]) -> Result<HcpAccess, String> {
        let environment = Environment::from_lookup(|name| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        });
        HcpAccess::of(url, &environment)
    }

    const CLIENT: [(&str, &str); 2] = [("HCP_CLIENT_ID", "an-id"), ("HCP_CLIENT_SECRET", "hush")];

    #[test]
    fn without_further_words_it_is_hcp_itself() {
        let found = access(&HcpUrl::default(), &CLIENT).unwrap();
        assert_eq!((found.api.as_str(), found.auth.as_str()), ("https://api.cloud.hashicorp.com:443", AUTH));
        assert!(matches!(found.credentials, CredentialSource::Client(_)));
        assert!(!format!("{found:?}").contains("hush"));
    }

    #[test]
    fn the_url_comes_before_the_environment_of_hcps_own_clients() {
        let variables = [
            ("HCP_API_ADDRESS", "images.test:8443"),
            ("HCP_AUTH_URL", "https://images.test:8443"),
            ("HCP_ORGANIZATION_ID", "o"),
            ("HCP_PROJECT_ID", "p"),
            ("PACKER_REGISTRY_CA_FILE", "/ca.pem"),
        ];
        let found = access(&HcpUrl::default(), &variables).unwrap();
        assert_eq!(found.api, "https://images.test:8443");
        assert_eq!((found.organization.as_deref(), found.project.as_deref()), (Some("o"), Some("p")));
        assert_eq!(found.ca_file, Some("/ca.pem".into()));
        let url = HcpUrl {
            organization: Some("a".to_owned()),
            project: Some("b".to_owned()),
            address: Some("other.test:1".to_owned()),
            auth: Some("https://auth.test".to_owned()),
        };
        let found = access(&url, &variables).unwrap();
        assert_eq!((found.api.as_str(), found.auth.as_str()), ("https://other.test:1", "https://auth.test"));
        assert_eq!((found.organization.as_deref(), found.project.as_deref()), (Some("a"), Some("b")));
        assert_eq!(access(&HcpUrl::default(), &variables[4..]).unwrap().ca_file, None, "it does not sign for HCP");
    }

    #[test]
    fn what_would_trust_everybody_is_refused() {
        for name in ["HCP_API_TLS", "HCP_AUTH_TLS"] {
            let message = access(&HcpUrl::default(), &[(name, "insecure")]).unwrap_err();
            assert!(message.contains(name), "{message}");
        }
        let plain = [("HCP_API_TLS", "disabled"), ("HCP_API_HOST", "localhost:80")];
        assert_eq!(access(&HcpUrl::default(), &plain).unwrap().api, "http://localhost:80");
    }

    #[test]
    fn credentials_may_be_in_the_file_that_hcp_makes() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = r#"{"scheme":"service_principal_creds","oauth":{"client_id":"a","client_secret":"hush"}}"#;
        std::fs::write(file.path(), text).unwrap();
        let read = read_hcp_credentials(file.path()).unwrap();
        assert_eq!((read.id.as_str(), read.secret.expose()), ("a", "hush"));
        for text in ["hush", "{}", r#"{"scheme":"workload"}"#, r#"{"scheme":"service_principal_creds","oauth":{}}"#] {
            std::fs::write(file.path(), text).unwrap();
            let message = read_hcp_credentials(file.path()).unwrap_err();
            assert!(!message.contains("hush"), "{message}");
        }
        let half = access(&HcpUrl::default(), &CLIENT[..1]).unwrap().credentials;
        assert!(matches!(half, CredentialSource::Incomplete(text) if text.contains("HCP_CLIENT_SECRET is not")));
    }
}
