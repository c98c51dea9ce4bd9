use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::shell::Shell;
use crate::config::{
    ClientCredentials, CredentialSource, RegistryUrl, ServerAccess, ca_bundle_file, read_credentials, write_ca_bundle,
};
use crate::model::Standing;

const AFTER_HELP: &str = "\
The lines hold the secret of the credentials that the environment has. Examples:
  eval \"$(packer-plugin-registry env)\"
  packer-plugin-registry env --shell fish | source
  packer-plugin-registry env --shell github >> \"$GITHUB_ENV\"";

/// Print what points unmodified clients of HCP Packer, such as Packer and Terraform, at the server
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Env {
    /// Who reads the lines
    #[arg(long, value_enum, default_value_t = Shell::Bash, value_name = "SHELL")]
    shell: Shell,
    /// Where to write the certificates that clients shall trust, on Linux [default: a file in the state folder]
    #[arg(long, value_name = "PATH")]
    ca_bundle: Option<PathBuf>,
}

impl Env {
    pub(super) fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let url = match context.registry_url()? {
            RegistryUrl::Server(url) => url,
            other => {
                return Err(refused(format!(
                    "{other} has no address for clients of HCP; serve it, and name --url https://…"
                )));
            }
        };
        let Some(authority) = url.strip_prefix("https://").map(|rest| rest.trim_end_matches('/')) else {
            return Err(refused(format!("clients of HCP ask for tokens by https only; {url} is not that")));
        };
        let access = ServerAccess::of(&context.environment);
        let ClientCredentials { id, secret } = client(&access.credentials)?;
        let Standing { organization_id, project_id, .. } = context.accounts()?.standing()?;
        let Some(project_id) = project_id else {
            return Err(Failure::new(Kind::Usage, "there are several projects; choose one with --project"));
        };
        let mut variables = BTreeMap::from([
            ("HCP_AUTH_URL", format!("https://{authority}")),
            ("HCP_API_ADDRESS", with_port(authority)),
            ("HCP_CLIENT_ID", id),
            ("HCP_CLIENT_SECRET", secret.expose().to_owned()),
            ("HCP_ORGANIZATION_ID", organization_id.to_string()),
            ("HCP_PROJECT_ID", project_id.to_string()),
            // Terraform's provider looks there whether HCP is well, which says nothing of this server.
            ("HCP_SKIP_STATUS_CHECK", "true".to_owned()),
        ]);
        let trust = match &access.ca_file {
            None => None,
            Some(ca_file) if cfg!(target_os = "linux") => {
                let bundle = self.bundle(authority, context)?;
                write_ca_bundle(ca_file, &bundle)
                    .map_err(|error| refused(format!("{} and {}: {error}", ca_file.display(), bundle.display())))?;
                variables.insert("SSL_CERT_FILE", bundle.display().to_string());
                None
            }
            Some(ca_file) => Some(how_to_trust(&ca_file.display().to_string())),
        };
        if context.json {
            return Answer::json(&variables);
        }
        let mut lines: Vec<String> = variables.iter().map(|(name, value)| self.shell.line(name, value)).collect();
        lines.extend(trust.map(|command| self.shell.comment(&format!("run once: {command}"))));
        let answer = Answer::text(lines.join("\n"));
        Ok(if self.shell == Shell::Github { answer.with_line(mask(&variables)) } else { answer })
    }

    fn bundle(&self, authority: &str, context: &Context) -> Result<PathBuf, Failure> {
        let path = match &self.ca_bundle {
            Some(path) => path.clone(),
            None => ca_bundle_file(&context.environment, authority).map_err(|error| refused(error.to_string()))?,
        };
        // Clients run elsewhere.
        std::path::absolute(&path).map_err(|error| refused(format!("{}: {error}", path.display())))
    }
}

/// Only the id and secret of a principal are of use to clients of HCP.
fn client(source: &CredentialSource) -> Result<ClientCredentials, Failure> {
    let file = |path: &PathBuf, is_default| {
        read_credentials(path, is_default).map_err(|error| refused(format!("{}: {error}", path.display())))
    };
    match source {
        CredentialSource::Client(client) => Ok(client.clone()),
        CredentialSource::File(path) => file(path, false),
        CredentialSource::DefaultFile(path) if path.exists() => file(path, true),
        CredentialSource::Incomplete(fault) => Err(refused(fault.clone())),
        CredentialSource::Identity { .. } | CredentialSource::DefaultFile(_) | CredentialSource::Nowhere => {
            let message = "clients of HCP need a client id and a secret: set PACKER_REGISTRY_CLIENT_ID and \
                           PACKER_REGISTRY_CLIENT_SECRET, or name a file with PACKER_REGISTRY_CREDENTIALS";
            Err(refused(message.to_owned()))
        }
    }
}

/// The SDK takes host and port, and no port for none.
fn with_port(authority: &str) -> String {
    let host = authority.rsplit_once(']').map_or(authority, |(_, rest)| rest);
    if host.contains(':') { authority.to_owned() } else { format!("{authority}:443") }
}

/// Elsewhere than on Linux, Go's programs ask the system, which one tells once.
fn how_to_trust(ca_file: &str) -> String {
    if cfg!(windows) {
        format!("certutil -addstore -f Root \"{ca_file}\"")
    } else {
        format!("sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain \"{ca_file}\"")
    }
}

/// What keeps the secret out of the log of GitHub Actions.
fn mask(variables: &BTreeMap<&str, String>) -> String {
    format!("::add-mask::{}", variables.get("HCP_CLIENT_SECRET").map_or("", String::as_str))
}

fn refused(message: String) -> Failure {
    Failure::new(Kind::Refused, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_port() {
        for (authority, address) in [
            ("registry.example", "registry.example:443"),
            ("registry.example:8443", "registry.example:8443"),
            ("[::1]", "[::1]:443"),
            ("[::1]:8443", "[::1]:8443"),
        ] {
            assert_eq!(with_port(authority), address);
        }
    }
}
