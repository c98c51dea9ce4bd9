/// What an option's value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text in quotes.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Number,
    /// A list of texts; in a variable separated by commas.
    List,
}

/// An option of the server, by its names in the three places where it can be given.
#[derive(Debug, PartialEq, Eq)]
pub struct ServerOption {
    /// Its name in the file; behind a point what stands within a block.
    pub name: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// The flag of `serve`.
    pub flag: &'static str,
    /// What its value is made of.
    pub kind: Kind,
}

const fn option(name: &'static str, variable: &'static str, flag: &'static str, kind: Kind) -> ServerOption {
    ServerOption { name, variable, flag, kind }
}

/// Everything that there is to configure; of what is not in this table, the file and the environment may say nothing.
pub const OPTIONS: &[ServerOption] = &[
    option("listen", "PACKER_REGISTRY_SERVER_LISTEN", "--listen", Kind::Text),
    option("data", "PACKER_REGISTRY_SERVER_DATA", "--data", Kind::Text),
    option("database", "PACKER_REGISTRY_SERVER_DATABASE", "--database", Kind::Text),
    option("ready_file", "PACKER_REGISTRY_SERVER_READY_FILE", "--ready-file", Kind::Text),
    option("tls", "PACKER_REGISTRY_SERVER_TLS", "--tls", Kind::Text),
    option("tls.cert", "PACKER_REGISTRY_SERVER_TLS_CERT", "--tls-cert", Kind::Text),
    option("tls.key", "PACKER_REGISTRY_SERVER_TLS_KEY", "--tls-key", Kind::Text),
    option("allow_plain_http", "PACKER_REGISTRY_SERVER_ALLOW_PLAIN_HTTP", "--allow-plain-http", Kind::Bool),
    option("public_names", "PACKER_REGISTRY_SERVER_PUBLIC_NAMES", "--public-name", Kind::List),
    option("log.format", "PACKER_REGISTRY_SERVER_LOG_FORMAT", "--log-format", Kind::Text),
    option("log.level", "PACKER_REGISTRY_SERVER_LOG_LEVEL", "--log-level", Kind::Text),
    option("shutdown_grace", "PACKER_REGISTRY_SERVER_SHUTDOWN_GRACE", "--shutdown-grace", Kind::Text),
    option("token_lifetime", "PACKER_REGISTRY_SERVER_TOKEN_LIFETIME", "--token-lifetime", Kind::Text),
    option("max_connections", "PACKER_REGISTRY_SERVER_MAX_CONNECTIONS", "--max-connections", Kind::Number),
];

/// The option with this name.
pub(super) fn by_name(name: &str) -> Option<&'static ServerOption> {
    OPTIONS.iter().find(|option| option.name == name)
}

/// Whether `name` is that of a block in the file.
pub(super) fn is_block(name: &str) -> bool {
    OPTIONS.iter().any(|option| option.name.split_once('.').is_some_and(|(block, _)| block == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_of_an_option_follows_from_its_name_and_so_does_its_flag() {
        for option in OPTIONS {
            let words = option.name.replace('.', "_");
            assert_eq!(option.variable, format!("PACKER_REGISTRY_SERVER_{}", words.to_uppercase()));
            if option.kind != Kind::List {
                assert_eq!(option.flag, format!("--{}", words.replace('_', "-")));
            }
        }
    }
}
