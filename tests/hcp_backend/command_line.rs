use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::place::{Place, push, record};
use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::record::{component_types, image};
use crate::support::server::Server;

/// A machine with what a person with a working HCP has in the environment, and nothing of ours but `hcp://`.
struct Machine {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Machine {
    fn of(place: &Place) -> Self {
        let [_, (_, id), (_, secret), _] = place.server.variables();
        let variables = vec![
            ("HCP_CLIENT_ID", id),
            ("HCP_CLIENT_SECRET", secret),
            ("HCP_AUTH_URL", place.server.url()),
            ("HCP_API_ADDRESS", place.address().to_string()),
            ("HCP_API_TLS", "disabled".to_owned()),
            ("PACKER_REGISTRY_URL", "hcp://".to_owned()),
        ];
        Self { home: tempfile::tempdir().unwrap(), variables }
    }

    fn run(&self, line: &str) -> Ran {
        let mut command = Command::new(REGISTRY);
        command.env_clear().env("HOME", self.home.path()).envs(self.variables.clone()).stdin(Stdio::null());
        command.args(line.split_whitespace()).output().unwrap().into()
    }
}

#[test]
fn the_words_and_exit_codes_are_those_of_every_registry() {
    let place = Place::start();
    let mut east = record("one", 1, "amazon-ebs.east");
    east.images.push(image("eu-west-1", "ami-west"));
    push(&place.hcp(), &east);
    let mut half = record("two", 2, "amazon-ebs.east");
    half.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    push(&place.hcp(), &half);
    let machine = Machine::of(&place);
    machine.run("bucket list").exits(0).says("web-server");
    machine.run("iteration list --bucket web-server").exits(0).says("2, 1 missing");
    let shown = machine.run("iteration show --bucket web-server --version 1 --json").exits(0);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!((&shown["version"], &shown["channels"][0]), (&1.into(), &"latest".into()));
    machine.run("iteration show --bucket web-server --version 7").exits(3).says("version v7 of bucket web-server");
    machine.run("iteration complete --bucket web-server --fingerprint two --allow-partial --reason x").exits(1);
    machine.run("channel assign --bucket web-server --channel production --version 1").exits(0);
    machine.run("channel assign --bucket web-server --channel production --fingerprint two").exits(1);
    machine.run("channel show --bucket web-server --channel production").exits(0).says("v1");
    machine.run("channel history --bucket web-server --channel production").exits(0).says("v1");
    let get = "artifact get --bucket web-server --channel production";
    assert_eq!(machine.run(&format!("{get} --region eu-west-1")).exits(0).stdout, "ami-west\n");
    machine.run(get).exits(4);
    machine.run("search ami-west").exits(0).says("web-server");
    machine.run("sbom list --bucket web-server").exits(0).says("There is no SBOM");
    machine.run("iteration revoke --bucket web-server --version 1 --reason leak --yes").exits(0);
    machine.run("artifact get --bucket web-server --version 1 --region eu-west-1").exits(5).says("leak");
    machine.run("registry show").exits(0).says("in use");
    machine.run("principal list").exits(1).says("HCP's portal");
    machine.run("bucket delete web-server --yes").exits(0);
    machine.run("bucket show web-server").exits(3);
}

#[test]
fn a_registry_that_is_away_and_one_that_nobody_may_enter_have_exit_codes_of_their_own() {
    let place = Place::start();
    let mut machine = Machine::of(&place);
    machine.variables[1].1 = "wrong".to_owned();
    machine.run("bucket list").exits(1).says("does not let the client of HCP_CLIENT_ID");
    machine.variables[0].1 = String::new();
    machine.run("bucket list").exits(1).says("HCP_CLIENT_ID is not");
    let mut machine = Machine::of(&place);
    machine.variables[3].1 = "127.0.0.1:1".to_owned();
    machine.run("bucket list").exits(6).says("refuses connections");
    machine.variables[5].1 = "hcp://acme".to_owned();
    machine.run("bucket list").exits(2).says("does not name an organization and a project");
}

#[test]
fn an_sbom_comes_back_as_it_was_handed_in() {
    // Links of a server lead to where it is reached by TLS.
    let server = Server::start(None);
    let site = crate::governance::site::Site::on(server);
    site.documented(
        "one",
        &[(
            "east",
            &[("packages", packer_plugin_registry::model::SbomFormat::Spdx, b"{ \"spdxVersion\": \"SPDX-2.3\" }\n")],
        )],
    );
    let listed = site.hcp("sbom list --bucket web-server --json").exits(0);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!((&listed[0]["name"], &listed[0]["format"]), (&"packages".into(), &"spdx".into()));
    let document = site.hcp("sbom get --bucket web-server").exits(0).stdout;
    assert_eq!(document, "{ \"spdxVersion\": \"SPDX-2.3\" }\n");
}
