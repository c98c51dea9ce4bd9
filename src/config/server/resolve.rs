use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::given::{Given, Raw};
use super::nearest::nearest;
use super::{
    Database, Fault, Faults, Listen, LogConfig, LogFormat, LogLevel, Origin, PublicName, ServerConfig, ServerFlags,
    ServerVariables, Tls, file, span, tls,
};
use crate::config::{Environment, data_folder};

const SHUTDOWN_GRACE: Duration = Duration::from_secs(30);
const TOKEN_LIFETIME: Duration = Duration::from_secs(3600);
const MAX_CONNECTIONS: u64 = 1024;

/// The configuration that the file, the variables and the flags give together; a later one of these wins.
///
/// # Errors
/// Everything that is wrong with any of them, also with what a later one hides.
pub fn load(
    flags: &ServerFlags,
    variables: &ServerVariables,
    environment: &Environment,
) -> Result<ServerConfig, Faults> {
    let mut faults = Vec::new();
    let here = environment.working_folder().unwrap_or_default();
    let named = flags.config.as_deref().or_else(|| variables.config().map(|(path, _)| Path::new(path)));
    let mut given = named.map(|path| file::read(&here.join(path), &mut faults)).unwrap_or_default();
    given.extend(variables.read(&here, &mut faults));
    given.extend(flags.read(&here, &mut faults));
    resolve(&given, environment, faults)
}

/// What `given` amounts to; of the same option, the one of the highest rank counts.
pub(super) fn resolve(given: &[Given], environment: &Environment, faults: Vec<Fault>) -> Result<ServerConfig, Faults> {
    let mut from = Resolver { given, environment, faults, origins: BTreeMap::new() };
    let listen = from.each("listen", Listen::DEFAULT, |given| Listen::parse(given.text()));
    let data = data(&mut from);
    let home = environment.home.as_deref();
    let database = from.each("database", Database::in_folder(&data), |given| Database::parse(given, home));
    let ready_file = from.take("ready_file").map(|given| from.path(&given));
    let tls = tls::resolve(&mut from);
    let allow_plain_http = from.each("allow_plain_http", false, |given| Ok(given.value == Raw::Bool(true)));
    let public_names = public_names(&mut from, listen);
    let log = LogConfig {
        format: from.each("log.format", LogFormat::Text, |given| choice(given, FORMATS)),
        level: from.each("log.level", LogLevel::Info, |given| choice(given, LEVELS)),
    };
    let hour = Duration::from_secs(3600);
    let shutdown_grace = from.each("shutdown_grace", SHUTDOWN_GRACE, |given| within(given, Duration::ZERO, hour));
    let token_lifetime =
        from.each("token_lifetime", TOKEN_LIFETIME, |given| within(given, Duration::from_secs(60), 24 * hour));
    let max_connections = from.each("max_connections", MAX_CONNECTIONS, |given| match given.value {
        Raw::Number(number @ 1..=1_000_000) => Ok(number),
        _ => Err("must be from 1 to 1000000".to_owned()),
    });
    if tls == Tls::Off && !allow_plain_http && !listen.is_loopback() {
        from.plain_http(listen);
    }
    let Resolver { faults, origins, .. } = from;
    Faults::none(faults)?;
    Ok(ServerConfig {
        listen,
        data,
        database,
        ready_file,
        tls,
        allow_plain_http,
        public_names,
        log,
        shutdown_grace,
        token_lifetime,
        max_connections: usize::try_from(max_connections).unwrap_or(usize::MAX),
        origins,
    })
}

/// What was given, on its way to a configuration.
pub(super) struct Resolver<'r> {
    given: &'r [Given],
    environment: &'r Environment,
    faults: Vec<Fault>,
    origins: BTreeMap<&'static str, Origin>,
}

impl Resolver<'_> {
    /// The value of an option that counts.
    pub(super) fn take(&mut self, name: &str) -> Option<Given> {
        let of_option = self.given.iter().filter(|given| given.option.name == name);
        let given = of_option.max_by_key(|given| given.origin.rank())?.clone();
        self.origins.insert(given.option.name, given.origin.clone());
        Some(given)
    }

    /// The value of an option as `parse` reads it. Values that others hide are parsed, too, for their faults.
    fn each<T>(&mut self, name: &str, default: T, parse: impl Fn(&Given) -> Result<T, String>) -> T {
        let mut values: Vec<(u8, T)> = Vec::new();
        let mut faults = Vec::new();
        for given in self.given.iter().filter(|given| given.option.name == name) {
            match parse(given) {
                Ok(value) => values.push((given.origin.rank(), value)),
                Err(message) => faults.push(given.fault(message)),
            }
        }
        self.faults.extend(faults);
        let _ = self.take(name);
        values.into_iter().max_by_key(|(rank, _)| *rank).map_or(default, |(_, value)| value)
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn home(&self) -> Option<&Path> {
        self.environment.home.as_deref()
    }

    /// The path that an option names.
    fn path(&mut self, given: &Given) -> PathBuf {
        let text = given.text();
        if text.is_empty() {
            self.fault(given.fault("is empty; name a path, or leave the option out"));
        } else if text.contains('\0') {
            self.fault(given.fault("holds a NUL character, which no path may"));
        } else if let Some(below) = text.strip_prefix("~/") {
            match self.home() {
                Some(home) => return home.join(below),
                None => self.fault(given.fault("begins with ~, but HOME is not set; write the whole path")),
            }
        }
        path_of(given)
    }

    /// The path that an option names, of a file that must be there.
    pub(super) fn readable_file(&mut self, given: &Given) -> PathBuf {
        let path = self.path(given);
        if let Err(error) = fs::File::open(&path) {
            self.fault(given.fault(format!("{} cannot be read: {error}", path.display())));
        } else if path.is_dir() {
            self.fault(given.fault(format!("{} is a folder, not a file", path.display())));
        }
        path
    }

    /// Notes that plain HTTP would be open to others, at what asked for it.
    fn plain_http(&mut self, listen: Listen) {
        let at = if self.origins.contains_key("tls") { "tls" } else { "listen" };
        let origin = self.origins.get(at).cloned().unwrap_or(Origin::Default);
        self.fault(Fault::new(
            origin,
            at,
            format!(
                "plain HTTP on {listen} would send tokens and secrets readably to anyone on the way; listen on \
                 127.0.0.1 behind a proxy that does TLS, or leave tls = \"off\" away, or say allow_plain_http = true"
            ),
        ));
    }
}

/// The path that an option names, without judgement.
pub(super) fn path_of(given: &Given) -> PathBuf {
    given.base.join(given.text())
}

fn data(from: &mut Resolver<'_>) -> PathBuf {
    match from.take("data") {
        Some(given) => from.path(&given),
        None => data_folder(from.environment).unwrap_or_else(|error| {
            from.fault(Fault::new(Origin::Default, "data", format!("{error}; or name a folder by --data")));
            PathBuf::new()
        }),
    }
}

fn public_names(from: &mut Resolver<'_>, listen: Listen) -> Vec<PublicName> {
    let mut names: Vec<PublicName> = Vec::new();
    match from.take("public_names") {
        Some(given) => {
            for text in given.list() {
                match PublicName::parse(text) {
                    Ok(name) => names.push(name),
                    Err(fault) => from.fault(given.fault(format!("{text:?} {fault}"))),
                }
            }
        }
        None => names.extend(PublicName::of_host()),
    }
    names.extend(PublicName::of_loopback());
    if !listen.address.ip().is_unspecified() {
        names.push(PublicName::Address(listen.address.ip().to_canonical()));
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

const FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
const LEVELS: &[(&str, LogLevel)] = &[
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
];

fn choice<T: Copy>(given: &Given, choices: &[(&'static str, T)]) -> Result<T, String> {
    let text = given.text();
    if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let names = choices.iter().map(|(name, _)| *name);
    Err(match nearest(text, names.clone()) {
        Some(meant) => format!("{text:?} is not known; did you mean \"{meant}\"?"),
        None => format!("{text:?} is not known; use {}", names.collect::<Vec<_>>().join(", ")),
    })
}

fn within(given: &Given, least: Duration, most: Duration) -> Result<Duration, String> {
    let text = given.text();
    let length = span::parse(text).map_err(|fault| format!("{text:?} {fault}"))?;
    if length < least || length > most {
        return Err(format!("{text:?} must be from {} to {}", span::format(least), span::format(most)));
    }
    Ok(length)
}
