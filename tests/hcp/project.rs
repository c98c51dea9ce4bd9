use std::process::{Command, Stdio};

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::hcp_client::{Hcp, send};
use crate::support::http_client::Answer;
use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::server::Server;

pub(crate) const RUN: &str = "00000000-0000-4000-8000-000000000001";

/// A server with one project.
pub(crate) struct Project {
    server: Server,
}

/// A client of HCP Packer, in the project; paths begin where those of all projects end.
pub(crate) struct Packer<'a> {
    hcp: Hcp<'a>,
    organization: String,
    project: String,
    version: &'static str,
}

impl Project {
    pub(crate) fn start() -> Self {
        Self { server: Server::start(None) }
    }

    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// The same by plain HTTP.
    pub(crate) fn start_without_tls() -> Self {
        Self { server: Server::start_with(None, vec![("PACKER_REGISTRY_SERVER_TLS", "off".to_owned())]) }
    }

    pub(crate) fn owner(&self) -> Packer<'_> {
        Packer::owner(&self.server)
    }

    /// A new principal with a role in the project.
    pub(crate) fn principal(&self, role: &str) -> Packer<'_> {
        self.holder(role, &["--project", "default"])
    }

    /// A new principal with a role in a bucket.
    pub(crate) fn principal_in(&self, bucket: &str, role: &str) -> Packer<'_> {
        self.holder(role, &["--project", "default", "--bucket", bucket])
    }

    /// A new principal with a role in another project, which is created.
    pub(crate) fn principal_elsewhere(&self, project: &str, role: &str) -> Packer<'_> {
        self.run(&["project", "create", project]).succeeded();
        self.holder(role, &["--project", project])
    }

    fn holder(&self, role: &str, place: &[&str]) -> Packer<'_> {
        self.run(&["principal", "create", role]).succeeded();
        let grant = ["role", "grant", role, "--principal", role];
        self.run(&[&grant, place].concat()).succeeded();
        let made = self.run(&["principal", "secret", "create", role, "--json"]).succeeded();
        let made: Value = serde_json::from_str(&made.stdout).unwrap();
        let text = |key: &str| made[key].as_str().unwrap();
        Packer::of(Hcp::with(&self.server, text("client_id"), text("client_secret")))
    }

    /// What is at an address that the server gave, for whoever has no token.
    pub(crate) fn download(&self, url: &str) -> Answer {
        let server = self.server.url();
        let (scheme, _) = server.split_once("://").unwrap();
        let path = url.strip_prefix(&format!("{scheme}://localhost")).unwrap_or_else(|| panic!("{url}"));
        send(&self.server, path, Method::GET, &[], "")
    }

    /// Our own command line, as the owner.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(REGISTRY);
        command.env_clear().env("HOME", "/nonexistent").envs(self.server.variables()).stdin(Stdio::null());
        command.args(arguments).output().unwrap().into()
    }
}

impl<'a> Packer<'a> {
    /// As the owner of a server.
    pub(crate) fn owner(server: &'a Server) -> Self {
        Self::of(Hcp::owner(server))
    }

    fn of(hcp: Hcp<'a>) -> Self {
        let (_, answer) = hcp.get("/resource-manager/2019-12-10/projects");
        let project = &answer["projects"][0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self { organization: text(&project["parent"]["id"]), project: text(&project["id"]), version: "2023-01-01", hcp }
    }
}

impl Packer<'_> {
    /// The same by the API of 2021-04-30.
    pub(crate) fn of_2021(self) -> Self {
        Self { version: "2021-04-30", ..self }
    }

    pub(crate) fn location(&self) -> Value {
        json!({"organization_id": self.organization, "project_id": self.project})
    }

    pub(crate) fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.hcp.call(method, &self.path(path), &body)
    }

    pub(crate) fn path(&self, path: &str) -> String {
        self.path_in(&self.organization, &self.project, path)
    }

    pub(crate) fn path_in(&self, organization: &str, project: &str, path: &str) -> String {
        format!("/packer/{}/organizations/{organization}/projects/{project}{path}", self.version)
    }

    pub(crate) fn hcp(&self) -> &Hcp<'_> {
        &self.hcp
    }

    /// What a call answers that is done.
    #[track_caller]
    fn done(&self, method: &Method, path: &str, body: &Value) -> Value {
        let (code, answer) = self.call(method.clone(), path, body);
        assert_eq!(code, 200, "{method} {path} {body}: {answer}");
        answer
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Value {
        self.done(&Method::GET, path, &Value::Null)
    }

    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) -> Value {
        self.done(&Method::PUT, path, body)
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.done(&Method::POST, path, body)
    }

    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: &Value) -> Value {
        self.done(&Method::PATCH, path, body)
    }

    /// What a call answers that is not done: the status of HTTP, the code in the body, and the words.
    #[track_caller]
    pub(crate) fn refused(&self, method: Method, path: &str, body: &Value) -> (u16, i64, String) {
        let (status, answer) = self.call(method, path, body);
        let code = answer["code"].as_i64().unwrap_or_else(|| panic!("{path}: {answer}"));
        assert_eq!((&answer["details"], &answer["error"]), (&json!([]), &answer["message"]), "{answer}");
        (status, code, answer["message"].as_str().unwrap().to_owned())
    }

    /// Creates the bucket `web`.
    pub(crate) fn bucket(&self) {
        self.put("/buckets", &json!({"name": "web"}));
    }

    /// Creates a version of `web` with builds of these component types; answers their ids.
    pub(crate) fn version(&self, fingerprint: &str, components: &[&str]) -> Vec<String> {
        let body = json!({"fingerprint": fingerprint, "template_type": "HCL2"});
        self.post("/buckets/web/versions", &body);
        components.iter().map(|component| self.build(fingerprint, component)).collect()
    }

    /// Announces a build as Packer does; answers its id.
    pub(crate) fn build(&self, fingerprint: &str, component: &str) -> String {
        let announced = json!({
            "artifacts": null, "component_type": component, "packer_run_uuid": RUN, "status": "BUILD_UNSET",
        });
        let answer = self.post(&format!("/buckets/web/versions/{fingerprint}/builds"), &announced);
        answer["build"]["id"].as_str().unwrap().to_owned()
    }

    /// Says of a build that it is done, as Packer does, with one image.
    pub(crate) fn finish(&self, fingerprint: &str, build: &str) -> Value {
        let done = json!({
            "status": "BUILD_DONE", "packer_run_uuid": RUN, "platform": "aws", "labels": {"os": "linux"},
            "artifacts": [{"external_identifier": format!("ami-{build}"), "region": "us-east-1"}],
        });
        self.patch(&format!("/buckets/web/versions/{fingerprint}/builds/{build}"), &done)
    }

    /// Creates a version with one build, and completes it.
    pub(crate) fn complete(&self, fingerprint: &str) {
        let build = self.version(fingerprint, &["amazon-ebs.east"]).remove(0);
        self.finish(fingerprint, &build);
    }
}
