use serde_json::Value;

use crate::e2e::hcp::machine::template;
use crate::support::peers;
use crate::support::ran::Ran;
use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A machine with Terraform, and a server on which Packer built an image: `web-server`, of the fingerprint `one`.
pub(super) struct Machine {
    pub(super) sandbox: Sandbox,
    // Until the end of the test.
    _server: Server,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self::before(Server::start(None))
    }

    /// Before a server on a database.
    pub(super) fn on(database: &str) -> Self {
        Self::before(Server::start(Some(database)))
    }

    /// With a recorder on the way to the API, which has heard nothing yet.
    pub(super) fn recorded() -> (Self, Recorder) {
        let server = Server::start(None);
        let recorder = Recorder::before(&server);
        let Self { sandbox, _server } = Self::before(server);
        let address = recorder.address.to_string();
        // One call at a time, so that they always come in the same order.
        let sandbox = ["TF_CLI_ARGS_plan", "TF_CLI_ARGS_apply", "TF_CLI_ARGS_destroy"]
            .iter()
            .fold(sandbox, |sandbox, name| sandbox.with(name, "-parallelism=1"))
            .with("HCP_API_ADDRESS", &address)
            .with("HCP_API_TLS", "disabled");
        (Self { sandbox, _server }, recorder)
    }

    fn before(server: Server) -> Self {
        let sandbox = server.used_by(Sandbox::new());
        let variables = sandbox.json(&["env"]);
        let set = |sandbox: Sandbox, (name, value): (&String, &Value)| sandbox.with(name, value.as_str().unwrap());
        let sandbox = variables.as_object().unwrap().iter().fold(sandbox, set);
        let provider = peers::get("terraform-provider-hcp");
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"hashicorp/hcp\" = \"{}\"\n  }}\n  direct {{}}\n}}\n",
            provider.parent().unwrap().display()
        );
        let settings = sandbox.write("terraform.rc", &settings);
        let machine = Self { sandbox: sandbox.with("TF_CLI_CONFIG_FILE", &settings), _server: server };
        machine.build("one");
        machine
    }

    /// Builds an image with Packer, as a version of `web-server`.
    pub(super) fn build(&self, fingerprint: &str) {
        self.build_from(&template("  bucket_name = \"web-server\"", &[("image", "out/image.txt")]), fingerprint);
    }

    fn build_from(&self, template: &str, fingerprint: &str) {
        let file = self.sandbox.write("image.pkr.hcl", template);
        let mut build = self.sandbox.build_command(&["-force", &file]);
        Ran::from(build.env("HCP_PACKER_BUILD_FINGERPRINT", fingerprint).output().unwrap()).succeeded();
    }

    /// Builds the same image by two sources.
    pub(super) fn build_twice(&self, fingerprint: &str) {
        let sources = [("first", "out/first.txt"), ("second", "out/second.txt")];
        self.build_from(&template("  bucket_name = \"web-server\"", &sources), fingerprint);
    }

    /// Writes the configuration, and applies it.
    #[track_caller]
    pub(super) fn apply(&self, configuration: &str) -> Ran {
        self.try_to_apply(configuration).succeeded()
    }

    /// The same, which may fail.
    pub(super) fn try_to_apply(&self, configuration: &str) -> Ran {
        let text = format!(
            "terraform {{\n  required_providers {{\n    hcp = {{ source = \"hashicorp/hcp\" }}\n  }}\n}}\n{configuration}"
        );
        self.sandbox.write("main.tf", &text);
        self.terraform(&["apply", "-auto-approve", "-no-color"])
    }

    /// Destroys all that was applied.
    #[track_caller]
    pub(super) fn destroy(&self) -> Ran {
        self.terraform(&["destroy", "-auto-approve", "-no-color"]).succeeded()
    }

    pub(super) fn import(&self, resource: &str, id: &str) -> Ran {
        self.terraform(&["import", "-no-color", resource, id])
    }

    pub(super) fn terraform(&self, arguments: &[&str]) -> Ran {
        self.sandbox.terraform(arguments)
    }

    /// Plans; answers whether there is something to do.
    pub(super) fn wants_changes(&self) -> bool {
        let ran = self.terraform(&["plan", "-no-color", "-detailed-exitcode"]);
        match ran.code() {
            Some(0) => false,
            Some(2) => true,
            _ => panic!("{}", ran.text),
        }
    }

    pub(super) fn outputs(&self) -> Value {
        let ran = self.terraform(&["output", "-json"]).succeeded();
        let outputs: Value = serde_json::from_str(&ran.stdout).unwrap();
        let values = outputs.as_object().unwrap().iter();
        values.map(|(name, output)| (name.clone(), output["value"].clone())).collect()
    }

    pub(super) fn registry(&self, arguments: &[&str]) -> Ran {
        self.sandbox.registry(arguments).succeeded()
    }
}
