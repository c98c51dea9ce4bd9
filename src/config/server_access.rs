use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{Environment, config_folder};
use crate::model::Secret;

/// The file of credentials within [`config_folder`].
const CREDENTIALS: &str = "credentials.json";
/// Bytes of a file that holds a credential.
const MAX_FILE: u64 = 64 * 1024;

/// What a client needs besides the URL of a server: nothing of it is read from disk yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerAccess {
    /// `PACKER_REGISTRY_CA_FILE`: the certificates (PEM) that the server's may be signed by, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// `PACKER_REGISTRY_PROJECT`: the project to work in, by its name or id; without it, the only one of the caller.
    pub project: Option<String>,
    /// Who the client is.
    pub credentials: CredentialSource,
}

/// Where the credentials are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CredentialSource {
    /// A service principal: `PACKER_REGISTRY_CLIENT_ID` and `PACKER_REGISTRY_CLIENT_SECRET`.
    Client(ClientCredentials),
    /// A token of a CI system or a cluster, to be exchanged for one of the registry's.
    Identity {
        /// Where the token is.
        token: IdentityToken,
        /// `PACKER_REGISTRY_CLIENT_ID`: the principal to be, where the token may stand for several.
        client_id: Option<String>,
    },
    /// A file that `PACKER_REGISTRY_CREDENTIALS` names.
    File(PathBuf),
    /// The file that is looked for where nothing else is given; it may be missing.
    DefaultFile(PathBuf),
    /// Half of what is needed; the text says what is missing.
    Incomplete(String),
    /// There are none, and no place where they could be.
    #[default]
    Nowhere,
}

/// The id and the secret of a service principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCredentials {
    /// The id.
    pub id: String,
    /// The secret.
    pub secret: Secret,
}

/// Where a token of a CI system or a cluster is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityToken {
    /// `PACKER_REGISTRY_OIDC_TOKEN`: the token itself, as GitLab sets it.
    Value(Secret),
    /// `PACKER_REGISTRY_OIDC_TOKEN_FILE`: a file that holds it, as Kubernetes mounts it; read anew each time.
    File(PathBuf),
    /// GitHub Actions gives it on request, to jobs with `permissions: id-token: write`.
    GitHubActions {
        /// `ACTIONS_ID_TOKEN_REQUEST_URL`.
        url: String,
        /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
        bearer: Secret,
        /// `PACKER_REGISTRY_OIDC_AUDIENCE`: whom the token is for; without it, the URL of the registry.
        audience: Option<String>,
    },
}

impl ServerAccess {
    /// What `environment` says. What is said outright comes before what happens to be there: id and secret, a token, a
    /// named file, GitHub Actions' token, the default file.
    pub fn of(environment: &Environment) -> Self {
        Self {
            ca_file: environment.server.ca_file.clone(),
            project: environment.server.project.clone(),
            credentials: credentials(environment),
        }
    }
}

fn credentials(environment: &Environment) -> CredentialSource {
    let given = &environment.server;
    let identity = |token| CredentialSource::Identity { token, client_id: given.client_id.clone() };
    if let Some(secret) = &given.client_secret {
        return match &given.client_id {
            Some(id) => CredentialSource::Client(ClientCredentials { id: id.clone(), secret: secret.clone() }),
            None => CredentialSource::Incomplete(
                "PACKER_REGISTRY_CLIENT_SECRET is set, but PACKER_REGISTRY_CLIENT_ID is not".to_owned(),
            ),
        };
    }
    if let Some(token) = &given.oidc_token {
        return identity(IdentityToken::Value(token.clone()));
    }
    if let Some(path) = &given.oidc_token_file {
        return identity(IdentityToken::File(path.clone()));
    }
    if let Some(path) = &given.credentials {
        return CredentialSource::File(path.clone());
    }
    if let (Some(url), Some(bearer)) = (&given.github_url, &given.github_token) {
        let audience = given.oidc_audience.clone();
        return identity(IdentityToken::GitHubActions { url: url.clone(), bearer: bearer.clone(), audience });
    }
    if given.client_id.is_some() {
        return CredentialSource::Incomplete(
            "PACKER_REGISTRY_CLIENT_ID is set, but PACKER_REGISTRY_CLIENT_SECRET is not".to_owned(),
        );
    }
    match config_folder(environment) {
        Ok(folder) => CredentialSource::DefaultFile(folder.join(CREDENTIALS)),
        Err(_) => CredentialSource::Nowhere,
    }
}

/// Reads a file of credentials: `{"client_id": "…", "client_secret": "…"}`, the form of a server's `owner.json`.
///
/// The default file must be readable by its owner only; one that is named outright may be mounted by a platform that
/// chooses its mode, and is not judged.
///
/// # Errors
/// Those of the system, and [`io::ErrorKind::InvalidData`] for what is no such file.
pub fn read_credentials(path: &Path, is_default: bool) -> io::Result<ClientCredentials> {
    let text = read_small(path, is_default)?;
    let unfit = |fault: &str| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{fault}; it must be JSON with the texts \"client_id\" and \"client_secret\""),
        )
    };
    // The parser's own message could repeat a part of the secret.
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|_| unfit("it is not JSON"))?;
    let field = |name: &str| {
        let text = value.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
        text.map(ToOwned::to_owned).ok_or_else(|| unfit(&format!("it has no {name}")))
    };
    Ok(ClientCredentials { id: field("client_id")?, secret: Secret::new(field("client_secret")?) })
}

/// Reads a file that holds a token.
///
/// # Errors
/// Those of the system.
pub fn read_token(path: &Path) -> io::Result<Secret> {
    let text = read_small(path, false)?;
    match text.trim() {
        "" => Err(io::Error::new(io::ErrorKind::InvalidData, "it is empty")),
        token => Ok(Secret::new(token)),
    }
}

fn read_small(path: &Path, is_private: bool) -> io::Result<String> {
    let file = File::open(path)?;
    #[cfg(unix)]
    if is_private {
        let mode = std::os::unix::fs::MetadataExt::mode(&file.metadata()?);
        if mode & 0o077 != 0 {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("others may read it: chmod 600 {}", path.display()),
            ));
        }
    }
    #[cfg(not(unix))]
    let _ = is_private;
    let mut text = String::new();
    if file.take(MAX_FILE + 1).read_to_string(&mut text)? as u64 > MAX_FILE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    }
    Ok(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn access(variables: &[(&str, &str)]) -> CredentialSource {
        let environment = Environment::from_lookup(|name| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        });
        ServerAccess::of(&environment).credentials
    }

    const CLIENT: [(&str, &str); 2] = [("PACKER_REGISTRY_CLIENT_ID", "ci"), ("PACKER_REGISTRY_CLIENT_SECRET", "hush")];
    const GITHUB: [(&str, &str); 2] =
        [("ACTIONS_ID_TOKEN_REQUEST_URL", "https://forge.test/t"), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x")];

    #[test]
    fn what_is_said_outright_comes_before_what_happens_to_be_there() {
        let file = ("PACKER_REGISTRY_CREDENTIALS", "/run/secrets/registry");
        let token = ("PACKER_REGISTRY_OIDC_TOKEN", "t");
        let home = ("HOME", "/home/x");
        let all = [CLIENT[0], CLIENT[1], token, file, GITHUB[0], GITHUB[1], home];
        let is_client = |source: &CredentialSource| matches!(source, CredentialSource::Client(_));
        assert!(is_client(&access(&all)));
        let CredentialSource::Identity { token: IdentityToken::Value(_), client_id: None } = access(&all[2..]) else {
            panic!("the token comes next")
        };
        assert_eq!(access(&all[3..]), CredentialSource::File("/run/secrets/registry".into()));
        let CredentialSource::Identity { token: IdentityToken::GitHubActions { .. }, .. } = access(&all[4..]) else {
            panic!("GitHub comes next")
        };
        let default = "/home/x/.config/packer-plugin-registry/credentials.json";
        assert_eq!(access(&all[6..]), CredentialSource::DefaultFile(default.into()));
        assert_eq!(access(&[]), CredentialSource::Nowhere);
    }

    #[test]
    fn half_of_a_pair_is_named_rather_than_passed_over() {
        let CredentialSource::Incomplete(text) = access(&CLIENT[..1]) else { panic!("the secret is missing") };
        assert!(text.contains("PACKER_REGISTRY_CLIENT_SECRET is not"), "{text}");
        let CredentialSource::Incomplete(text) = access(&CLIENT[1..]) else { panic!("the id is missing") };
        assert!(text.contains("PACKER_REGISTRY_CLIENT_ID is not"), "{text}");
    }

    #[test]
    fn no_secret_is_ever_printed() {
        let printed = format!("{:?}", access(&CLIENT));
        assert!(printed.contains("ci") && !printed.contains("hush"), "{printed}");
    }

    fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a file can be made");
        std::fs::write(file.path(), text).expect("it can be written");
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).expect("it is ours");
        file
    }

    #[test]
    fn the_owner_file_of_a_server_is_a_file_of_credentials() {
        let file = file(r#"{"client_id": "01K", "client_secret": "hush", "more": 1}"#, 0o600);
        let read = read_credentials(file.path(), true).unwrap();
        assert_eq!((read.id.as_str(), read.secret.expose()), ("01K", "hush"));
    }

    #[test]
    fn a_default_file_that_others_may_read_is_refused_with_what_to_do() {
        let file = file(r#"{"client_id": "01K", "client_secret": "hush"}"#, 0o640);
        assert!(read_credentials(file.path(), true).unwrap_err().to_string().contains("chmod 600"));
        assert!(read_credentials(file.path(), false).is_ok());
    }

    #[test]
    fn a_file_that_is_something_else_is_refused_without_repeating_it() {
        for text in ["hush", r#"{"client_secret": "hush"}"#, r#"{"client_id": "", "client_secret": "hush"}"#, ""] {
            let message = read_credentials(file(text, 0o600).path(), true).unwrap_err().to_string();
            assert!(message.contains("client_id") && !message.contains("hush"), "{message}");
        }
        assert!(read_token(file(" \n", 0o600).path()).is_err());
        assert_eq!(read_token(file("a.b.c\n", 0o600).path()).unwrap().expose(), "a.b.c");
    }
}
