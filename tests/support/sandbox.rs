use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::ran::Ran;
use super::{moto, peers};

/// A machine in a folder: a home, a place for plugins with ours installed, and an environment that holds nothing else.
///
/// Everything in it goes when it is dropped.
pub(crate) struct Sandbox {
    folder: TempDir,
    variables: Vec<(String, String)>,
    packer: &'static Path,
}

impl Sandbox {
    /// With our plugin, installed as a person would.
    pub(crate) fn new() -> Self {
        // Under the system's folder: the path of a unix socket must be short.
        let sandbox = Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
            variables: Vec::new(),
            packer: peers::packer(),
        };
        for folder in ["home", "tmp", "plugins"] {
            fs::create_dir(sandbox.path(folder)).expect("a folder can be made");
        }
        sandbox.packer(&["plugins", "install", "--path", peers::REGISTRY, "github.com/example/registry"]).succeeded();
        sandbox
    }

    /// With packer-plugin-amazon beside our plugin, and a simulated EC2.
    pub(crate) fn with_amazon() -> Self {
        let sandbox = Self::new();
        install_amazon(&sandbox.path("plugins"));
        sandbox
            .with("AWS_ACCESS_KEY_ID", "test")
            .with("AWS_SECRET_ACCESS_KEY", "test")
            .with("AWS_EC2_METADATA_DISABLED", "true")
            .with("AWS_ENDPOINT_URL", moto::url())
            .with("PKR_VAR_endpoint", moto::url())
    }

    /// With a further variable in the environment of everything that runs here.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(given, _)| given != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With another Packer than the pinned one.
    pub(crate) fn with_packer(self, packer: &'static Path) -> Self {
        Self { packer, ..self }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file; returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("a file can be written");
        text_of(&path)
    }

    pub(crate) fn packer(&self, arguments: &[&str]) -> Ran {
        self.packer_command(arguments).output().expect("packer runs").into()
    }

    pub(crate) fn packer_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(self.packer);
        command.args(arguments);
        command
    }

    /// `packer build` without colours.
    pub(crate) fn build(&self, arguments: &[&str]) -> Ran {
        self.build_command(arguments).output().expect("packer runs").into()
    }

    pub(crate) fn build_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.packer_command(&["build", "-color=false"]);
        command.args(arguments);
        command
    }

    /// Terraform, in this folder.
    pub(crate) fn terraform(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(peers::terraform());
        command.args(arguments).env("TF_INPUT", "0").output().expect("terraform runs").into()
    }

    /// Another program, in this folder.
    pub(crate) fn run(&self, program: &Path, arguments: &[&str]) -> Ran {
        self.command(program).args(arguments).output().expect("the program runs").into()
    }

    /// Our command line.
    pub(crate) fn registry(&self, arguments: &[&str]) -> Ran {
        self.run(Path::new(peers::REGISTRY), arguments)
    }

    /// What our command line answers in JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.registry(&[arguments, &["--json"]].concat()).succeeded();
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.text))
    }

    /// The iteration that a channel of a bucket points at.
    #[track_caller]
    pub(crate) fn channel(&self, bucket: &str, channel: &str) -> Value {
        self.json(&["iteration", "show", "--bucket", bucket, "--channel", channel])
    }

    /// The iterations of a bucket, newest first; none where there is no such bucket.
    pub(crate) fn iterations(&self, bucket: &str) -> Vec<Value> {
        let ran = self.registry(&["iteration", "list", "--bucket", bucket, "--json"]);
        let list = serde_json::from_str(&ran.stdout).unwrap_or_default();
        if let Value::Array(iterations) = list { iterations } else { Vec::new() }
    }

    /// The one iteration of a bucket.
    #[track_caller]
    pub(crate) fn only_iteration(&self, bucket: &str) -> Value {
        let mut iterations = self.iterations(bucket);
        assert_eq!(iterations.len(), 1, "{iterations:#?}");
        iterations.remove(0)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("PACKER_PLUGIN_PATH", self.path("plugins"))
            .env("PACKER_CONFIG_DIR", self.path("home"))
            .env("CHECKPOINT_DISABLE", "1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

pub(crate) fn text_of(path: &Path) -> String {
    path.to_str().expect("a path of ours is text").to_owned()
}

/// Puts packer-plugin-amazon where `packer plugins install` would, by a link: it has 100 MB.
fn install_amazon(plugins: &Path) {
    static INSTALLED: OnceLock<(String, String)> = OnceLock::new();
    let program = peers::packer_plugin_amazon();
    let (name, sum) = INSTALLED.get_or_init(|| {
        let description = Command::new(program).arg("describe").output().expect("the plugin runs");
        let description: Value = serde_json::from_slice(&description.stdout).expect("JSON");
        let text = |key: &str| description[key].as_str().expect("a text").to_owned();
        let (os, arch) = go_platform();
        let name = format!("packer-plugin-amazon_v{}_{}_{os}_{arch}", text("version"), text("api_version"));
        let sum = Sha256::digest(fs::read(program).expect("the plugin can be read"));
        (name, sum.iter().map(|byte| format!("{byte:02x}")).collect())
    });
    let folder = plugins.join("github.com/hashicorp/amazon");
    fs::create_dir_all(&folder).expect("a folder can be made");
    symlink(program, folder.join(name)).expect("a link can be made");
    fs::write(folder.join(format!("{name}_SHA256SUM")), sum).expect("a file can be written");
}

fn go_platform() -> (&'static str, &'static str) {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    (os, arch)
}
