use std::fmt;
use std::path::{Path, PathBuf};

use super::given::Given;
use crate::config::folders::DATABASE;
use crate::config::registry_url::sqlite_path;

/// Where a server keeps the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file on this machine.
    Sqlite(PathBuf),
    /// A PostgreSQL database, which several servers may share.
    Postgres(PostgresUrl),
}

impl Database {
    /// The SQLite file in the data folder: the one that the command line and the plugin open by default.
    pub(super) fn in_folder(data: &Path) -> Self {
        Self::Sqlite(data.join(DATABASE))
    }

    /// The database that an option names.
    pub(super) fn parse(given: &Given, home: Option<&Path>) -> Result<Self, String> {
        let text = given.text();
        let parsed = match text.split_once(':') {
            Some(("sqlite", rest)) => sqlite_path(rest, &given.base, home).map(Self::Sqlite),
            Some(("postgres" | "postgresql", _)) => PostgresUrl::parse(text).map(Self::Postgres),
            Some(_) => Err("has a scheme that is not known"),
            None => Err("has no scheme"),
        };
        let way_out = "use sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE";
        parsed.map_err(|fault| format!("{:?} {fault}; {way_out}", shown(text)))
    }
}

/// The URL of a PostgreSQL database; its password shows neither in `Debug` nor in `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// The URL as it was given, with its password.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
        let rest = rest.ok_or("lacks the two slashes behind the scheme")?;
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("holds white space; write it as %20");
        }
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.is_empty() && !rest.contains("host=") {
            return Err("names no host");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redacted(&self.0))
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({})", redacted(&self.0))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => write!(f, "{url}"),
        }
    }
}

/// `url` without a password, neither before the host nor among the parameters, of which only names remain.
///
/// A password may hold `@`, `/` and `?` against the rules, so everything up to the last `@` counts as credentials.
fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "…".to_owned() };
    let (user, rest) = match rest.rsplit_once('@') {
        Some((credentials, rest)) => {
            let user = credentials.split([':', '/', '?']).next().unwrap_or_default();
            (format!("{user}@"), rest)
        }
        None => (String::new(), rest),
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let names: Vec<&str> = parameters.split('&').filter_map(|parameter| parameter.split('=').next()).collect();
    let parameters = if parameters.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{scheme}://{user}{place}{parameters}")
}

/// A URL that cannot be read, as far as it can be shown: what has an `@` may hold a password anywhere before it.
fn shown(text: &str) -> String {
    match (text.contains("://"), text.rsplit_once('@')) {
        (true, _) => redacted(text),
        (false, Some((_, behind))) => format!("…@{behind}"),
        (false, None) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_form_of_a_postgres_url_shows_its_password() {
        for (url, shown) in [
            ("postgres://me:pass@db.internal:5432/registry", "postgres://me@db.internal:5432/registry"),
            ("postgres://me:p@ss/w?rd@db/registry", "postgres://me@db/registry"),
            ("postgresql://db/r?user=me&password=pass", "postgresql://db/r?user&password"),
            ("postgres://db/r", "postgres://db/r"),
        ] {
            let url = PostgresUrl::parse(url).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("PostgresUrl({shown})"));
            assert!(url.expose().starts_with("postgres"));
        }
    }

    #[test]
    fn a_url_without_host_is_refused() {
        for url in ["postgres:db", "postgres://", "postgres:///registry", "postgres://h/a b"] {
            assert!(PostgresUrl::parse(url).is_err(), "{url}");
        }
        assert!(PostgresUrl::parse("postgres:///registry?host=/run/postgresql").is_ok());
    }
}
