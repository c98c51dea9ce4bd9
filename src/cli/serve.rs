use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::serve_check;
use crate::config::server::{self as config, ServerConfig, ServerFlags, ServerVariables};
use crate::server::{self, FirstOwner, Server, Shutdown, StartError};

const AFTER_HELP: &str = "\
Each option can also stand in the configuration file, or in an environment variable: `--log-level debug` is
PACKER_REGISTRY_SERVER_LOG_LEVEL=debug. A variable beats the file, and a flag beats both.

Examples:
  packer-plugin-registry serve
  packer-plugin-registry serve --config /etc/packer-plugin-registry/server.hcl --check
  packer-plugin-registry serve --data /var/lib/registry --listen 127.0.0.1:0 --ready-file ready.json";

/// How long what runs in the background may take at the very end.
const LAST_WORK: Duration = Duration::from_secs(5);

/// Serve the registry to a team, over HTTP and gRPC on one port
#[derive(Args, Debug)]
#[expect(clippy::doc_markdown, reason = "the comments are the help text, as a person reads it")]
#[command(after_help = AFTER_HELP)]
pub(super) struct Serve {
    /// The configuration file, in HCL [env: PACKER_REGISTRY_SERVER_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say what the server would do, and what is wrong with its configuration; change nothing
    #[arg(long)]
    check: bool,
    /// The folder of the server: database, certificates, the owner's credentials [default: the data folder]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Where to listen; port 0 is any that is free, :PORT is every address [default: 127.0.0.1:8443]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE [default: registry.db in the folder]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// A file to write once the server serves: address, CA, organization, project
    #[arg(long, value_name = "FILE")]
    ready_file: Option<String>,
    /// `self`: with a certificate of its own CA; `off`: plain HTTP [default: self]
    #[arg(long, value_name = "FORM")]
    tls: Option<String>,
    /// A certificate and those that lead to its CA, PEM
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<String>,
    /// The private key of the certificate, PEM
    #[arg(long, value_name = "FILE")]
    tls_key: Option<String>,
    /// Allow plain HTTP on an address that others can reach
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    allow_plain_http: Option<String>,
    /// A name or address by which clients know the server, for its own certificate; may be repeated
    #[arg(long, value_name = "NAME")]
    public_name: Vec<String>,
    /// text or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
    /// How long requests may go on once the server was told to stop [default: 30s]
    #[arg(long, value_name = "TIME")]
    shutdown_grace: Option<String>,
    /// How long an access token is valid [default: 1h]
    #[arg(long, value_name = "TIME")]
    token_lifetime: Option<String>,
    /// How many connections may be open at once [default: 1024]
    #[arg(long, value_name = "COUNT")]
    max_connections: Option<String>,
}

impl Serve {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        if context.url.is_some() {
            let message = "--url names a registry to talk to, and serve is one; say --database instead";
            return Err(Failure::new(Kind::Usage, message));
        }
        let check = self.check;
        let config = config::load(&self.flags(), &ServerVariables::from_process(), &context.environment);
        let config = config.map_err(|faults| Failure::new(Kind::Usage, faults.to_string()))?;
        if check { serve_check::check(&config, context) } else { serve(config, context) }
    }

    fn flags(self) -> ServerFlags {
        let one = [
            ("--listen", self.listen),
            ("--data", self.data),
            ("--database", self.database),
            ("--ready-file", self.ready_file),
            ("--tls", self.tls),
            ("--tls-cert", self.tls_cert),
            ("--tls-key", self.tls_key),
            ("--allow-plain-http", self.allow_plain_http),
            ("--log-format", self.log_format),
            ("--log-level", self.log_level),
            ("--shutdown-grace", self.shutdown_grace),
            ("--token-lifetime", self.token_lifetime),
            ("--max-connections", self.max_connections),
        ];
        let names = self.public_name.into_iter().map(|name| ("--public-name", name));
        let options = one.into_iter().filter_map(|(flag, value)| Some((flag, value?))).chain(names).collect();
        ServerFlags { config: self.config, options }
    }
}

fn serve(config: ServerConfig, context: &Context) -> Result<Answer, Failure> {
    let system = |error: &dyn std::fmt::Display| Failure::new(Kind::Unavailable, error.to_string());
    server::start_logging(config.log, context.environment.no_color).map_err(|error| system(&error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| system(&error))?;
    let clock = Arc::clone(&context.clock);
    let served = runtime.block_on(async {
        let shutdown = Shutdown::new();
        let server = Server::start(config, clock, &shutdown).await?;
        if let Some(owner) = server.owner() {
            // Not on stderr: that is the log, which others read, and which may have to be JSON.
            let mut stdout = std::io::stdout();
            let _ = stdout.write_all(introduction(owner).as_bytes()).and_then(|()| stdout.flush());
        }
        server.serve(shutdown).await
    });
    runtime.shutdown_timeout(LAST_WORK);
    served?;
    Ok(Answer::default())
}

/// What the person who starts a server for the first time has to note.
fn introduction(FirstOwner { credentials, file, trouble }: &FirstOwner) -> String {
    let file = file.display();
    let way_on = match trouble {
        None => format!("It is also in {file}; delete that file once you have noted it."),
        Some(error) => format!("Note it now: it could not be left in {file} ({error})."),
    };
    format!(
        "This is the first start. The owner of the registry is:\n\n  client id      {}\n  client secret  {}\n\nThe \
         secret is not shown again. {way_on}\n\n",
        credentials.principal.client_id,
        credentials.client_secret.expose(),
    )
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let kind = match &error {
            StartError::Configuration(_) => Kind::Usage,
            StartError::Registry(_) | StartError::System { .. } => Kind::Unavailable,
        };
        Self::new(kind, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser};

    use super::*;
    use crate::config::server::OPTIONS;

    #[derive(Parser, Debug)]
    struct Alone {
        #[command(flatten)]
        serve: Serve,
    }

    #[test]
    fn every_option_has_its_flag_and_the_flag_arrives() {
        let flags: Vec<String> = Alone::command()
            .get_arguments()
            .filter_map(|argument| argument.get_long().map(|l| format!("--{l}")))
            .collect();
        for option in OPTIONS {
            assert!(flags.iter().any(|flag| flag == option.flag), "{}", option.flag);
            let given = [String::from("serve"), format!("{}=x", option.flag)];
            let arrived = Alone::try_parse_from(given).unwrap().serve.flags().options;
            assert_eq!(arrived, [(option.flag, "x".to_owned())]);
        }
        assert_eq!(flags.len(), OPTIONS.len() + 2, "and config and check: {flags:?}");
    }

    #[test]
    fn plain_http_is_allowed_by_the_bare_flag() {
        let arrived = Alone::try_parse_from(["serve", "--allow-plain-http"]).unwrap().serve.flags().options;
        assert_eq!(arrived, [("--allow-plain-http", "true".to_owned())]);
    }
}
