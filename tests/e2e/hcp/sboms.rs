use serde_json::json;

use super::machine::{on_hcp, text};
use crate::hcp::project::Packer;
use crate::support::sandbox::text_of;
use crate::support::server::Server;
use crate::support::ssh_server::SshServer;

const LICENCES: &str = r#"{ "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
  "name": "shop", "documentNamespace": "https://shop.example/licences",
  "creationInfo": { "creators": ["Tool: by hand"], "created": "2026-11-01T00:00:00Z" },
  "packages": [{ "name": "curl", "SPDXID": "SPDXRef-curl", "versionInfo": "8.1", "downloadLocation": "NOASSERTION" }] }
"#;

const PACKAGES: &str = r#"{ "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
  "components": [{ "type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0" }] }
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn sboms_of_an_image_are_kept_with_its_build_and_searched_for_packages() {
    let (server, ssh) = (Server::start(None), SshServer::start());
    let sandbox = on_hcp(&server);
    let licences = sandbox.write("licences.json", LICENCES);
    let packages = sandbox.write("packages.json", PACKAGES);
    let template = format!(
        r#"
hcp_packer_registry {{
  bucket_name = "web"
}}
source "null" "image" {{
  communicator         = "ssh"
  ssh_host             = "127.0.0.1"
  ssh_port             = {}
  ssh_username         = "{}"
  ssh_private_key_file = "{}"
}}
build {{
  sources = ["source.null.image"]
  provisioner "hcp-sbom" {{
    source    = "{licences}"
    sbom_name = "licences"
  }}
  provisioner "hcp-sbom" {{
    source = "{packages}"
  }}
}}
"#,
        ssh.port,
        ssh.user,
        text_of(&ssh.key()),
    );
    let template = sandbox.write("web.pkr.hcl", &template);
    let sandbox = sandbox.with("HCP_PACKER_BUILD_FINGERPRINT", "release-1");
    sandbox.build(&[&template]).succeeded().does_not_say("Build will continue without SBOM");

    let listed = sandbox.json(&["sbom", "list", "--bucket", "web", "--version", "1"]);
    let listed: Vec<[&str; 2]> =
        listed.as_array().unwrap().iter().map(|sbom| ["name", "format"].map(|key| text(&sbom[key]))).collect();
    assert_eq!(listed, [["licences", "spdx"], ["release-1", "cyclonedx"]]);
    let get = ["sbom", "get", "--bucket", "web", "--version", "1", "--name"];
    assert_eq!(sandbox.registry(&[&get[..], &["licences"]].concat()).succeeded().stdout, LICENCES);
    assert_eq!(sandbox.registry(&[&get[..], &["release-1"]].concat()).succeeded().stdout, PACKAGES);

    let packages = Packer::owner(&server).get("/buckets/web/packages");
    let named = |name: &str| {
        let packages = packages["packages"].as_array().unwrap();
        packages.iter().find(|package| package["name"] == name).unwrap_or_else(|| panic!("no {name}: {packages:?}"))
    };
    assert_eq!(named("left-pad")["version"], "1.3.0");
    assert_eq!(named("curl")["version"], "8.1");
    assert_eq!(named("curl")["sboms"][0]["name"], json!("licences"));
}
