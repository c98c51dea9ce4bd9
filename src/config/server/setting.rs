use super::{Database, LogFormat, LogLevel, OPTIONS, Origin, ServerConfig, Tls, span};

/// An option with its value and where that comes from, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The option's name in the file.
    pub name: &'static str,
    /// Its value, without passwords; `None` where it has none.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl ServerConfig {
    /// Every option, in the order of [`OPTIONS`].
    pub fn settings(&self) -> Vec<Setting> {
        let setting = |name| Setting { name, value: self.value(name), origin: self.origin(name) };
        OPTIONS.iter().map(|option| setting(option.name)).collect()
    }

    fn value(&self, name: &str) -> Option<String> {
        let files = match &self.tls {
            Tls::Files { cert, key } => Some((cert.display().to_string(), key.display().to_string())),
            Tls::SelfMade | Tls::Off => None,
        };
        match name {
            "listen" => Some(self.listen.to_string()),
            "data" => Some(self.data.display().to_string()),
            "database" => Some(match &self.database {
                Database::Sqlite(path) => format!("sqlite:{}", path.display()),
                Database::Postgres(url) => url.to_string(),
            }),
            "ready_file" => self.ready_file.as_ref().map(|path| path.display().to_string()),
            "tls" => match self.tls {
                Tls::SelfMade => Some("self".to_owned()),
                Tls::Off => Some("off".to_owned()),
                Tls::Files { .. } => None,
            },
            "tls.cert" => files.map(|(cert, _)| cert),
            "tls.key" => files.map(|(_, key)| key),
            "allow_plain_http" => Some(self.allow_plain_http.to_string()),
            "public_names" => {
                let names: Vec<String> = self.public_names.iter().map(ToString::to_string).collect();
                Some(names.join(", "))
            }
            "log.format" => Some(match self.log.format {
                LogFormat::Text => "text".to_owned(),
                LogFormat::Json => "json".to_owned(),
            }),
            "log.level" => Some(match self.log.level {
                LogLevel::Error => "error".to_owned(),
                LogLevel::Warn => "warn".to_owned(),
                LogLevel::Info => "info".to_owned(),
                LogLevel::Debug => "debug".to_owned(),
                LogLevel::Trace => "trace".to_owned(),
            }),
            "shutdown_grace" => Some(span::format(self.shutdown_grace)),
            "token_lifetime" => Some(span::format(self.token_lifetime)),
            "max_connections" => Some(self.max_connections.to_string()),
            _ => None,
        }
    }
}
