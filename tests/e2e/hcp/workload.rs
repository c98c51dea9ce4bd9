use serde_json::json;

use super::machine::{template, text, without_credentials};
use crate::support::issuer::Issuer;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_workload_builds_with_its_identity_token_and_no_secret() {
    let issuer = Issuer::start();
    let trust = vec![("SSL_CERT_FILE", issuer.authority.file().display().to_string())];
    let server = Server::start_with(None, trust);
    let sandbox = without_credentials(&server, Sandbox::new());
    let principal = sandbox.json(&["principal", "create", "ci", "--project", "default"]);
    let project = text(&principal["project_id"]);
    let role = ["role", "grant", "contributor", "--principal", "ci", "--project", "default"];
    sandbox.registry(&role).succeeded();
    let add = ["principal", "identity", "add", "ci", "--project", "default", "--issuer", &issuer.url];
    let rule = ["--audience", "https://registry.example", "--claim", "repository=acme/images"];
    let rule = sandbox.json(&[&add[..], &rule].concat());

    let token = sandbox.write("token", &issuer.key.token(&issuer.claims()));
    let file = |rule: &str| {
        let provider = format!("iam/project/{project}/service-principal/ci/workload-identity-provider/{rule}");
        let workload = json!({"provider_resource_name": provider, "file": {"path": token}});
        json!({"scheme": "workload", "project_id": project, "workload": workload}).to_string()
    };
    let stranger = sandbox.write("stranger.json", &file("01JD0000000000000000000001"));
    let ours = sandbox.write("ours.json", &file(text(&rule["id"])));
    let image = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &[("x", "out/x.txt")]));

    // Packer looks for the project in the environment alone.
    let sandbox = sandbox.with("HCP_PROJECT_ID", project).with("HCP_CRED_FILE", &stranger);
    sandbox.build(&[&image]).failed().says("exchange token status code 401").says("no identity rule trusts the issuer");
    let sandbox = sandbox.with("HCP_CRED_FILE", &ours);
    sandbox.build(&[&image]).succeeded().says("Published metadata to HCP Packer");
    assert_eq!(text(&sandbox.only_iteration("web")["author"]), "ci");
}
