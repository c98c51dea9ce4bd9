use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use super::HcpVariables;
use crate::model::Secret;

/// The variables of CI systems that say which job this is; none of them holds a secret by its own documentation.
///
/// Sources: "Default environment variables" of GitHub Actions, "Predefined CI/CD variables" of GitLab, "Variables and
/// secrets" of Bitbucket Pipelines, and "Using environment variables" of Jenkins (with its Git plugin).
pub const CI_VARIABLES: &[&str] = &[
    "GITHUB_ACTIONS",
    "GITHUB_ACTOR",
    "GITHUB_EVENT_NAME",
    "GITHUB_JOB",
    "GITHUB_REF",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ATTEMPT",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_WORKFLOW",
    "GITLAB_CI",
    "GITLAB_USER_LOGIN",
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_SHA",
    "CI_JOB_ID",
    "CI_JOB_NAME",
    "CI_JOB_URL",
    "CI_PIPELINE_ID",
    "CI_PIPELINE_SOURCE",
    "CI_PIPELINE_URL",
    "CI_PROJECT_PATH",
    "CI_PROJECT_URL",
    "BITBUCKET_BRANCH",
    "BITBUCKET_BUILD_NUMBER",
    "BITBUCKET_COMMIT",
    "BITBUCKET_GIT_HTTP_ORIGIN",
    "BITBUCKET_PIPELINE_UUID",
    "BITBUCKET_REPO_FULL_NAME",
    "BITBUCKET_STEP_UUID",
    "BITBUCKET_TAG",
    "JENKINS_URL",
    "BRANCH_NAME",
    "BUILD_NUMBER",
    "BUILD_TAG",
    "BUILD_URL",
    "GIT_BRANCH",
    "GIT_COMMIT",
    "JOB_NAME",
];

/// Everything that is read from the environment, as it was given; an empty variable counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `PACKER_REGISTRY_URL`: where the registry lives, unless the template or the command line says it.
    pub registry_url: Option<String>,
    /// `PACKER_REGISTRY_FINGERPRINT`: the iteration to record into, above what the template says.
    pub fingerprint: Option<String>,
    /// `PACKER_REGISTRY_SPOOL`: the folder of records that could not be delivered.
    pub spool: Option<PathBuf>,
    /// What a client of a server is told.
    pub server: ServerVariables,
    /// What HCP's own clients are told.
    pub hcp: HcpVariables,
    /// `PACKER_RUN_UUID`: Packer's name for one run of `packer build`.
    pub run_uuid: Option<String>,
    /// What Packer tells a plugin that it starts.
    pub plugin: PluginHandshake,
    /// The folder for temporary files: `TMPDIR`, on Windows `TMP` or `TEMP`.
    pub temp: PathBuf,
    /// `HOME`, on Windows `USERPROFILE`.
    pub home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub xdg_data_home: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub xdg_state_home: Option<PathBuf>,
    /// `LOCALAPPDATA`, of Windows.
    pub local_app_data: Option<PathBuf>,
    /// Whether `NO_COLOR` is set: no colours on the terminal.
    pub no_color: bool,
    /// `TERM`.
    pub term: Option<String>,
    /// `USER`, on Windows `USERNAME`: the name under which histories record what a person does.
    pub user_name: Option<String>,
    /// Those of [`CI_VARIABLES`] that are set.
    pub ci: BTreeMap<String, String>,
}

/// What a client of a server is told; [`ServerAccess`](super::ServerAccess) says what comes before what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerVariables {
    /// `PACKER_REGISTRY_CA_FILE`: the certificates that the server's may be signed by.
    pub ca_file: Option<PathBuf>,
    /// `PACKER_REGISTRY_PROJECT`: the project to work in, by its name or id; `PACKER_REGISTRY_PROJECT_ID` is the same.
    pub project: Option<String>,
    /// `PACKER_REGISTRY_CLIENT_ID`: the id of a service principal.
    pub client_id: Option<String>,
    /// `PACKER_REGISTRY_CLIENT_SECRET`: its secret.
    pub client_secret: Option<Secret>,
    /// `PACKER_REGISTRY_CREDENTIALS`: a file with both.
    pub credentials: Option<PathBuf>,
    /// `PACKER_REGISTRY_OIDC_TOKEN`: a token of a CI system.
    pub oidc_token: Option<Secret>,
    /// `PACKER_REGISTRY_OIDC_TOKEN_FILE`: a file that holds such a token.
    pub oidc_token_file: Option<PathBuf>,
    /// `PACKER_REGISTRY_OIDC_AUDIENCE`: whom a token that is asked for shall be for.
    pub oidc_audience: Option<String>,
    /// `ACTIONS_ID_TOKEN_REQUEST_URL`, of GitHub Actions: where a token is to be had.
    pub github_url: Option<String>,
    /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, of GitHub Actions: what that asks for.
    pub github_token: Option<Secret>,
}

/// What Packer tells a plugin that it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginHandshake {
    /// `PACKER_PLUGIN_MAGIC_COOKIE`: present when Packer started this process.
    pub magic_cookie: Option<String>,
    /// `PACKER_PLUGIN_MIN_PORT`: the lowest TCP port to listen on, where there are no unix sockets; not judged here.
    pub min_port: Option<String>,
    /// `PACKER_PLUGIN_MAX_PORT`: the highest such port.
    pub max_port: Option<String>,
}

impl Environment {
    /// Reads the environment of this process. Bytes of a text that are not Unicode become U+FFFD, which no name and no
    /// URL may hold; paths keep them.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_process() -> Self {
        Self::from_lookup(|name| env::var_os(name))
    }

    /// Reads an environment in which `lookup` gives the value of a variable.
    pub fn from_lookup<T: Into<OsString>>(lookup: impl Fn(&str) -> Option<T>) -> Self {
        let given = |name: &str| lookup(name).map(Into::into).filter(|value: &OsString| !value.is_empty());
        let text = |name: &str| given(name).map(|value| value.to_string_lossy().into_owned());
        let path = |name: &str| given(name).map(PathBuf::from);
        let temp = if cfg!(windows) { path("TMP").or_else(|| path("TEMP")) } else { path("TMPDIR") };
        Self {
            registry_url: text("PACKER_REGISTRY_URL"),
            fingerprint: text("PACKER_REGISTRY_FINGERPRINT"),
            spool: path("PACKER_REGISTRY_SPOOL"),
            server: ServerVariables {
                ca_file: path("PACKER_REGISTRY_CA_FILE"),
                project: text("PACKER_REGISTRY_PROJECT").or_else(|| text("PACKER_REGISTRY_PROJECT_ID")),
                client_id: text("PACKER_REGISTRY_CLIENT_ID"),
                client_secret: text("PACKER_REGISTRY_CLIENT_SECRET").map(Secret::new),
                credentials: path("PACKER_REGISTRY_CREDENTIALS"),
                oidc_token: text("PACKER_REGISTRY_OIDC_TOKEN").map(Secret::new),
                oidc_token_file: path("PACKER_REGISTRY_OIDC_TOKEN_FILE"),
                oidc_audience: text("PACKER_REGISTRY_OIDC_AUDIENCE"),
                github_url: text("ACTIONS_ID_TOKEN_REQUEST_URL"),
                github_token: text("ACTIONS_ID_TOKEN_REQUEST_TOKEN").map(Secret::new),
            },
            hcp: HcpVariables {
                client_id: text("HCP_CLIENT_ID"),
                client_secret: text("HCP_CLIENT_SECRET").map(Secret::new),
                cred_file: path("HCP_CRED_FILE"),
                organization: text("HCP_ORGANIZATION_ID"),
                project: text("HCP_PROJECT_ID"),
                api_address: text("HCP_API_ADDRESS").or_else(|| text("HCP_API_HOST")),
                api_tls: text("HCP_API_TLS"),
                auth_url: text("HCP_AUTH_URL"),
                auth_tls: text("HCP_AUTH_TLS"),
            },
            run_uuid: text("PACKER_RUN_UUID"),
            plugin: PluginHandshake {
                magic_cookie: text("PACKER_PLUGIN_MAGIC_COOKIE"),
                min_port: text("PACKER_PLUGIN_MIN_PORT"),
                max_port: text("PACKER_PLUGIN_MAX_PORT"),
            },
            temp: temp.unwrap_or_else(|| PathBuf::from(if cfg!(windows) { r"C:\Windows\Temp" } else { "/tmp" })),
            home: path(if cfg!(windows) { "USERPROFILE" } else { "HOME" }),
            xdg_config_home: path("XDG_CONFIG_HOME"),
            xdg_data_home: path("XDG_DATA_HOME"),
            xdg_state_home: path("XDG_STATE_HOME"),
            local_app_data: path("LOCALAPPDATA"),
            no_color: text("NO_COLOR").is_some(),
            term: text("TERM"),
            user_name: text(if cfg!(windows) { "USERNAME" } else { "USER" }),
            ci: CI_VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), text(name)?))).collect(),
        }
    }

    /// The folder that this process works in; `None` when it has been deleted or may not be seen.
    ///
    /// Packer starts its plugins in its own.
    pub fn working_folder(&self) -> Option<PathBuf> {
        env::current_dir().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variables: BTreeMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Environment::from_lookup(|name| variables.get(name).cloned())
    }

    #[test]
    fn every_variable_lands_in_its_own_field() {
        let read = environment(&[
            ("PACKER_REGISTRY_URL", "sqlite:/r.db"),
            ("PACKER_REGISTRY_FINGERPRINT", "from-ci"),
            ("PACKER_REGISTRY_SPOOL", "/spool"),
            ("PACKER_RUN_UUID", "a-run"),
            ("PACKER_PLUGIN_MAGIC_COOKIE", "cookie"),
            ("PACKER_PLUGIN_MIN_PORT", "10000"),
            ("PACKER_PLUGIN_MAX_PORT", "25000"),
            ("PACKER_REGISTRY_CA_FILE", "/ca.pem"),
            ("PACKER_REGISTRY_PROJECT", "a-project"),
            ("PACKER_REGISTRY_CLIENT_ID", "an-id"),
            ("PACKER_REGISTRY_CLIENT_SECRET", "a-secret"),
            ("PACKER_REGISTRY_CREDENTIALS", "/credentials.json"),
            ("PACKER_REGISTRY_OIDC_TOKEN", "a-token"),
            ("PACKER_REGISTRY_OIDC_TOKEN_FILE", "/token"),
            ("PACKER_REGISTRY_OIDC_AUDIENCE", "an-audience"),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://forge.test/"),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "a-job"),
            ("XDG_CONFIG_HOME", "/config"),
            ("XDG_DATA_HOME", "/data"),
            ("XDG_STATE_HOME", "/state"),
            ("LOCALAPPDATA", "/local"),
            ("NO_COLOR", "1"),
            ("TERM", "dumb"),
        ]);
        assert_eq!(read.registry_url.as_deref(), Some("sqlite:/r.db"));
        assert_eq!(read.fingerprint.as_deref(), Some("from-ci"));
        assert_eq!(read.spool, Some(PathBuf::from("/spool")));
        assert_eq!(read.run_uuid.as_deref(), Some("a-run"));
        assert_eq!(
            read.plugin,
            PluginHandshake {
                magic_cookie: Some("cookie".to_owned()),
                min_port: Some("10000".to_owned()),
                max_port: Some("25000".to_owned()),
            }
        );
        assert_eq!(
            read.server,
            ServerVariables {
                ca_file: Some(PathBuf::from("/ca.pem")),
                project: Some("a-project".to_owned()),
                client_id: Some("an-id".to_owned()),
                client_secret: Some(Secret::new("a-secret")),
                credentials: Some(PathBuf::from("/credentials.json")),
                oidc_token: Some(Secret::new("a-token")),
                oidc_token_file: Some(PathBuf::from("/token")),
                oidc_audience: Some("an-audience".to_owned()),
                github_url: Some("https://forge.test/".to_owned()),
                github_token: Some(Secret::new("a-job")),
            }
        );
        assert_eq!(read.xdg_config_home, Some(PathBuf::from("/config")));
        assert_eq!(read.xdg_data_home, Some(PathBuf::from("/data")));
        assert_eq!(read.xdg_state_home, Some(PathBuf::from("/state")));
        assert_eq!(read.local_app_data, Some(PathBuf::from("/local")));
        assert!(read.no_color);
        assert_eq!(read.term.as_deref(), Some("dumb"));
    }

    #[cfg(unix)]
    #[test]
    fn home_user_and_temporary_folder_have_their_unix_names() {
        let read = environment(&[("HOME", "/home/x"), ("USER", "x"), ("TMPDIR", "/scratch")]);
        assert_eq!(read.home, Some(PathBuf::from("/home/x")));
        assert_eq!(read.user_name.as_deref(), Some("x"));
        assert_eq!(read.temp, PathBuf::from("/scratch"));
        assert_eq!(environment(&[]).temp, PathBuf::from("/tmp"));
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let read = environment(&[("PACKER_REGISTRY_URL", ""), ("NO_COLOR", ""), ("GITHUB_ACTIONS", "")]);
        assert_eq!(read, environment(&[]));
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_unicode_stay_in_paths_and_show_in_texts() {
        use std::os::unix::ffi::OsStringExt as _;
        let read = Environment::from_lookup(|_| Some(OsString::from_vec(b"/a\xff".to_vec())));
        assert_eq!(read.spool, Some(PathBuf::from(OsString::from_vec(b"/a\xff".to_vec()))));
        assert_eq!(read.registry_url.as_deref(), Some("/a\u{fffd}"));
    }

    #[test]
    fn of_a_ci_system_only_the_listed_variables_are_taken() {
        let read = environment(&[("GITHUB_RUN_ID", "7"), ("GITHUB_TOKEN", "secret"), ("CI_JOB_TOKEN", "secret")]);
        assert_eq!(read.ci, BTreeMap::from([("GITHUB_RUN_ID".to_owned(), "7".to_owned())]));
    }
}
