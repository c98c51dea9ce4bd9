use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::{Environment, HcpUrl, NoFolder, default_database};

/// Where the registry lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryUrl {
    /// `sqlite:PATH`: embedded, in this process; the path is absolute where the working folder is known.
    Sqlite(PathBuf),
    /// `https://host:port`: a server of ours; kept as it was given, without a slash at its end.
    Server(String),
    /// `hcp://` or `hcp://ORGANIZATION/PROJECT`: HCP Packer, or a server in its place.
    Hcp(HcpUrl),
}

/// Why a registry's URL cannot be used; the message says where the URL came from, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRegistryUrl {
    /// It has a form that is not known.
    #[error("{source_name}: {url:?} {fault}; use sqlite:PATH, https://HOST:PORT, hcp:// or hcp://ORGANIZATION/PROJECT")]
    Malformed {
        /// The option or variable at fault.
        source_name: &'static str,
        /// What it says, without user name and password.
        url: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// There is no URL, and no place for the default.
    #[error("url: none is given, and {0}; or name a registry: url = \"sqlite:PATH\", or PACKER_REGISTRY_URL")]
    NoDefault(NoFolder),
}

impl RegistryUrl {
    /// The registry of `option` (an option of a template or of the command line), else of `PACKER_REGISTRY_URL`, else
    /// the default file. An empty option counts as absent.
    ///
    /// # Errors
    /// [`InvalidRegistryUrl`] when the first of these that is given cannot be read.
    pub fn parse(option: Option<&str>, environment: &Environment) -> Result<Self, InvalidRegistryUrl> {
        match (option.filter(|text| !text.is_empty()), &environment.registry_url) {
            (Some(text), _) => read(text, environment).map_err(|fault| malformed("url", text, fault)),
            (None, Some(text)) => {
                read(text, environment).map_err(|fault| malformed("PACKER_REGISTRY_URL", text, fault))
            }
            (None, None) => default_database(environment).map(Self::Sqlite).map_err(InvalidRegistryUrl::NoDefault),
        }
    }

    /// Whether what is sent there travels, so that it can get lost on the way.
    pub fn is_remote(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Server(_) | Self::Hcp(_) => true,
        }
    }
}

impl fmt::Display for RegistryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Server(url) => f.write_str(url),
            Self::Hcp(HcpUrl { organization, project, address, auth }) => {
                f.write_str("hcp://")?;
                if let (Some(organization), Some(project)) = (organization, project) {
                    write!(f, "{organization}/{project}")?;
                }
                let parameters = [("address", address), ("auth", auth)];
                let given = parameters.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
                for (nth, (name, value)) in given.enumerate() {
                    write!(f, "{}{name}={value}", if nth == 0 { '?' } else { '&' })?;
                }
                Ok(())
            }
        }
    }
}

fn read(text: &str, environment: &Environment) -> Result<RegistryUrl, &'static str> {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err("holds bytes that are not Unicode");
    }
    let Some((scheme, rest)) = text.split_once(':') else { return Err("has no scheme") };
    match scheme {
        "sqlite" => sqlite_file(rest, environment).map(RegistryUrl::Sqlite),
        "https" | "http" => server(text, rest),
        "hcp" => hcp(rest),
        _ => Err("has a scheme that is not known"),
    }
}

/// The file of a `sqlite:` URL: absolute, from the home folder (`~/`), or from the working folder. `sqlite:///x` is
/// what other programs write for `sqlite:/x`.
fn sqlite_file(rest: &str, environment: &Environment) -> Result<PathBuf, &'static str> {
    sqlite_path(rest, &environment.working_folder().unwrap_or_default(), environment.home.as_deref())
}

/// The same, relative to `base`.
pub(super) fn sqlite_path(rest: &str, base: &Path, home: Option<&Path>) -> Result<PathBuf, &'static str> {
    let path = match rest.strip_prefix("//") {
        Some(path) if path.starts_with('/') => path,
        Some(_) => return Err("names a host, but an embedded registry is a file"),
        None => rest,
    };
    if path.is_empty() || path.contains('\0') {
        return Err("names no file");
    }
    if path == ":memory:" {
        return Err("names a registry in memory, which would be gone with this process");
    }
    if path.ends_with(std::path::is_separator) || path == "~" {
        return Err("names a folder, not a file");
    }
    match path.strip_prefix("~/") {
        Some(below) => home.map(|home| home.join(below)).ok_or("begins with ~, but HOME is not set"),
        None => Ok(base.join(Path::new(path))),
    }
}

fn server(text: &str, rest: &str) -> Result<RegistryUrl, &'static str> {
    let rest = rest.strip_prefix("//").ok_or("lacks the two slashes before the host")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("holds a user name or password, which would end up in logs");
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err("names no host");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("holds white space");
    }
    if rest.trim_end_matches('/') != authority {
        return Err("has a path behind the host");
    }
    if text.starts_with("http:") && !is_loopback(authority) {
        return Err("is plain http to another machine, which would show tokens to everyone on the way (use https)");
    }
    Ok(RegistryUrl::Server(text.trim_end_matches('/').to_owned()))
}

/// Whether host and port are on this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// `//`, `//ORGANIZATION/PROJECT`, either with `?address=HOST:PORT&auth=URL`.
fn hcp(rest: &str) -> Result<RegistryUrl, &'static str> {
    let fault = "does not name an organization and a project";
    let rest = rest.strip_prefix("//").ok_or("lacks the two slashes")?;
    if rest.contains('@') {
        return Err("holds a user name or password, which would end up in logs");
    }
    if rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("holds white space");
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut url = HcpUrl::default();
    if !place.is_empty() {
        let (organization, project) = place.split_once('/').ok_or(fault)?;
        let project = project.strip_suffix('/').unwrap_or(project);
        if organization.is_empty() || project.is_empty() || project.contains('/') {
            return Err(fault);
        }
        (url.organization, url.project) = (Some(organization.to_owned()), Some(project.to_owned()));
    }
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("address", value)) if !value.is_empty() => url.address = Some(value.to_owned()),
            Some(("auth", value)) if !value.is_empty() => url.auth = Some(value.to_owned()),
            _ => return Err("has a parameter that is not address=HOST:PORT or auth=URL"),
        }
    }
    Ok(RegistryUrl::Hcp(url))
}

fn malformed(source_name: &'static str, url: &str, fault: &'static str) -> InvalidRegistryUrl {
    InvalidRegistryUrl::Malformed { source_name, url: without_credentials(url), fault }
}

/// `url` without what stands between its scheme and its last `@`: a password may hold a slash, against the rules.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment { home: Some("/home/x".into()), ..Environment::default() }
    }

    fn parsed(text: &str) -> Result<RegistryUrl, String> {
        RegistryUrl::parse(Some(text), &environment()).map_err(|error| error.to_string())
    }

    fn sqlite(path: &str) -> Result<RegistryUrl, String> {
        Ok(RegistryUrl::Sqlite(PathBuf::from(path)))
    }

    #[test]
    fn a_file_may_be_absolute_or_from_home_or_from_the_working_folder() {
        assert_eq!(parsed("sqlite:/var/lib/r.db"), sqlite("/var/lib/r.db"));
        assert_eq!(parsed("sqlite:///var/lib/r.db"), sqlite("/var/lib/r.db"));
        assert_eq!(parsed("sqlite:~/r.db"), sqlite("/home/x/r.db"));
        let here = environment().working_folder().unwrap();
        assert_eq!(parsed("sqlite:build/r.db"), Ok(RegistryUrl::Sqlite(here.join("build/r.db"))));
    }

    #[test]
    fn a_file_whose_name_was_not_unicode_is_refused_rather_than_replaced_by_another() {
        assert!(parsed("sqlite:/r\u{fffd}.db").unwrap_err().contains("holds bytes that are not Unicode"));
    }

    #[test]
    fn servers_and_hcp_packer_are_told_apart() {
        assert_eq!(parsed("https://images:8443/"), Ok(RegistryUrl::Server("https://images:8443".to_owned())));
        assert_eq!(
            parsed("hcp://acme/images"),
            Ok(RegistryUrl::Hcp(HcpUrl {
                organization: Some("acme".to_owned()),
                project: Some("images".to_owned()),
                ..HcpUrl::default()
            }))
        );
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for url in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080"] {
            assert_eq!(parsed(url), Ok(RegistryUrl::Server(url.to_owned())));
        }
    }

    #[test]
    fn the_option_comes_before_the_variable_and_the_variable_before_the_default() {
        let with_variable = Environment { registry_url: Some("sqlite:/variable.db".to_owned()), ..environment() };
        let of = |option, environment: &Environment| RegistryUrl::parse(option, environment).unwrap().to_string();
        assert_eq!(of(Some("sqlite:/option.db"), &with_variable), "sqlite:/option.db");
        assert_eq!(of(None, &with_variable), "sqlite:/variable.db");
        assert_eq!(of(Some(""), &with_variable), "sqlite:/variable.db");
        assert_eq!(of(None, &environment()), "sqlite:/home/x/.local/share/packer-plugin-registry/registry.db");
    }

    #[test]
    fn what_is_no_registry_is_refused_with_the_way_out() {
        for (url, fault) in [
            ("registry.db", "has no scheme"),
            ("postgres://db", "has a scheme that is not known"),
            ("sqlite:", "names no file"),
            ("sqlite::memory:", "in memory"),
            ("sqlite:/var/", "names a folder"),
            ("sqlite:~", "names a folder"),
            ("sqlite://host/r.db", "names a host"),
            ("https:/host", "two slashes"),
            ("https://:80", "names no host"),
            ("https://host/path", "has a path"),
            ("https://ho st", "white space"),
            ("http://images", "plain http"),
            ("http://127.0.0.1.images:80", "plain http"),
            ("hcp://acme", "an organization and a project"),
            ("hcp://acme/a/b", "an organization and a project"),
            ("hcp://me:pw@acme/images", "a user name or password"),
            ("hcp://?region=eu", "a parameter that is not"),
        ] {
            let error = parsed(url).unwrap_err();
            assert!(error.contains(fault), "{url}: {error}");
            assert!(error.contains("use sqlite:PATH"), "{url}: {error}");
        }
    }

    #[test]
    fn an_error_names_the_variable_that_is_at_fault() {
        let environment = Environment { registry_url: Some("nonsense".to_owned()), ..environment() };
        let error = RegistryUrl::parse(None, &environment).unwrap_err().to_string();
        assert!(error.starts_with("PACKER_REGISTRY_URL: \"nonsense\" has no scheme"), "{error}");
    }

    #[test]
    fn an_error_does_not_repeat_a_password() {
        let error = parsed("https://me:pa@s/s@host").unwrap_err();
        assert!(error.starts_with("url: "), "{error}");
        assert!(error.contains("\"https://host\"") && !error.contains("pa@"), "{error}");
    }

    #[test]
    fn without_home_and_url_the_error_says_what_to_set() {
        let error = RegistryUrl::parse(None, &Environment::default()).unwrap_err().to_string();
        assert!(error.contains("HOME") && error.contains("PACKER_REGISTRY_URL"), "{error}");
        let error = RegistryUrl::parse(Some("sqlite:~/r.db"), &Environment::default()).unwrap_err().to_string();
        assert!(error.contains("HOME is not set"), "{error}");
    }

    #[test]
    fn the_text_of_a_url_reads_back_as_the_same_url() {
        for url in [
            "sqlite:/r.db",
            "https://images:8443",
            "hcp://",
            "hcp://acme/images",
            "hcp://acme/images?address=images.test:8443&auth=https://images.test:8443",
        ] {
            assert_eq!(parsed(url).unwrap().to_string(), url);
        }
    }
}
