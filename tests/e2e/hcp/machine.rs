use std::fmt::Write as _;

use serde_json::Value;

use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A sandbox whose Packer takes `server` for HCP, and whose command line of ours uses it too.
///
/// Its home is its own: clients keep tokens there by the client's id, whatever server they are of.
pub(super) fn on_hcp(server: &Server) -> Sandbox {
    of_hcp(server, Sandbox::new())
}

/// The same of `sandbox`.
pub(super) fn of_hcp(server: &Server, sandbox: Sandbox) -> Sandbox {
    let [_, (_, id), (_, secret), _] = server.variables();
    without_credentials(server, sandbox).with("HCP_CLIENT_ID", &id).with("HCP_CLIENT_SECRET", &secret)
}

/// The same, but Packer is given nothing by which it could prove who it is.
pub(super) fn without_credentials(server: &Server, sandbox: Sandbox) -> Sandbox {
    let [(_, url), _, _, (_, ca)] = server.variables();
    server
        .used_by(sandbox)
        .with("HCP_AUTH_URL", &url)
        .with("HCP_API_ADDRESS", url.trim_start_matches("https://"))
        .with("SSL_CERT_FILE", &ca)
}

/// `owner`, whose Packer goes by a new principal of the project with a role; our command line stays the owner's.
///
/// It names the project: whoever belongs to a project cannot list projects.
pub(super) fn as_principal(owner: Sandbox, role: &[&str]) -> Sandbox {
    owner.registry(&["principal", "create", "ci", "--project", "default"]).succeeded();
    owner.registry(&[&["role", "grant"], role, &["--principal", "ci", "--project", "default"]].concat()).succeeded();
    let secret = owner.json(&["principal", "secret", "create", "ci", "--project", "default"]);
    let principal = owner.json(&["principal", "show", "ci", "--project", "default"]);
    owner
        .with("HCP_CLIENT_ID", text(&secret["client_id"]))
        .with("HCP_CLIENT_SECRET", text(&secret["client_secret"]))
        .with("HCP_PROJECT_ID", text(&principal["project_id"]))
}

/// The same, with a recorder on the way to the API.
pub(super) fn recorded(server: &Server, recorder: &Recorder) -> Sandbox {
    on_hcp(server).with("HCP_API_ADDRESS", &recorder.address.to_string()).with("HCP_API_TLS", "disabled")
}

/// A template of `file` sources, each with a target and what its image holds, with `registry` as its registry block.
pub(super) fn template(registry: &str, sources: &[(&str, &str)]) -> String {
    let mut text = format!("hcp_packer_registry {{\n{registry}\n}}\n");
    for (name, target) in sources {
        writeln!(text, "source \"file\" \"{name}\" {{\n  content = \"image\"\n  target  = \"{target}\"\n}}").unwrap();
    }
    let list: Vec<String> = sources.iter().map(|(name, _)| format!("\"source.file.{name}\"")).collect();
    text + &format!("build {{\n  sources = [{}]\n}}\n", list.join(", "))
}

/// The builds of an iteration: component type and status.
pub(super) fn builds(iteration: &Value) -> Vec<(&str, &str)> {
    let builds = iteration["builds"].as_array().expect("builds").iter();
    builds.map(|build| (text(&build["component_type"]), text(&build["status"]))).collect()
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
