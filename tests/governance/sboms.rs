use std::fs;

use packer_plugin_registry::model::SbomFormat::{CycloneDx, Spdx};
use serde_json::Value;

use super::site::{Document, Site, on_each_backend};

on_each_backend![
    sboms_are_listed_by_build_and_name,
    a_document_comes_back_as_it_was_handed_in,
    a_document_as_large_as_any_may_be_comes_back,
    what_is_not_there_or_not_the_only_one_is_told_with_what_there_is,
];

const PACKAGES: &[u8] = br#"{ "bomFormat": "CycloneDX", "components": [] }"#;
const LICENCES: &[u8] = "{\"spdxVersion\":\"SPDX-2.3\", \"name\": \"\u{fc}\"}\n\n".as_bytes();

fn two_builds(site: &Site) {
    let east: &[Document<'_>] = &[("packages", CycloneDx, PACKAGES), ("licences", Spdx, LICENCES)];
    let west: &[Document<'_>] = &[("packages", Spdx, LICENCES)];
    site.documented("one", &[("west", west), ("east", east)]);
}

fn sboms_are_listed_by_build_and_name(site: &Site) {
    two_builds(site);
    let listed = site.json("sbom list --bucket web-server --fingerprint one");
    let shown = |sbom: &Value| {
        let text = |key: &str| sbom[key].as_str().unwrap();
        assert!(text("id").len() == 26 && text("build_id").len() == 26, "{sbom}");
        format!("{} {} {}", text("component_type"), text("name"), text("format"))
    };
    let shown: Vec<String> = listed.as_array().unwrap().iter().map(shown).collect();
    assert_eq!(shown, ["east licences spdx", "east packages cyclonedx", "west packages spdx"]);
    site.run("sbom list --bucket web-server --fingerprint one").exits(0).says("east packages cyclonedx");
    site.documented("two", &[("east", &[])]);
    site.run("sbom list --bucket web-server --fingerprint two").exits(0).says("There is no SBOM");
    site.run("sbom list --bucket web-server --fingerprint six").exits(3).says("there are: ");
    site.run("sbom list --bucket other").exits(3);
}

fn a_document_comes_back_as_it_was_handed_in(site: &Site) {
    two_builds(site);
    let get = "sbom get --bucket web-server --fingerprint one --component-type";
    let printed = site.run(&format!("{get} east --name packages")).exits(0);
    assert_eq!((printed.stdout.as_bytes(), printed.stderr.as_str()), (PACKAGES, ""));
    assert_eq!(site.run(&format!("{get} west")).exits(0).stdout.as_bytes(), LICENCES, "no line break was added");

    let file = site.path("sbom.json");
    let shown = file.display();
    site.run(&format!("{get} west --output {shown}")).exits(0).says("Wrote SBOM packages of west").says("bytes");
    assert_eq!(fs::read(&file).unwrap(), LICENCES);
    let view = site.json(&format!("{get} east --name packages --output {shown}"));
    assert_eq!((view["name"].as_str(), view["format"].as_str()), (Some("packages"), Some("cyclonedx")));
    assert_eq!(fs::read(&file).unwrap(), PACKAGES);
    let nowhere = site.path("no/such/folder/sbom.json");
    site.run(&format!("{get} west --output {}", nowhere.display())).exits(1).says("it cannot be written");
}

/// What travels is the compressed document, whose size is less than that of the largest message by far; what it holds may
/// be as large as the largest message.
fn a_document_as_large_as_any_may_be_comes_back(site: &Site) {
    let mut document = PACKAGES.to_vec();
    document.resize(64 * 1024 * 1024, b' ');
    site.documented("one", &[("east", &[("packages", CycloneDx, &document)])]);
    let file = site.path("sbom.json");
    site.run(&format!("sbom get --bucket web-server --fingerprint one --output {}", file.display())).exits(0);
    assert!(fs::read(&file).unwrap() == document);
    // As many bytes as may be sent, which no compression makes fewer.
    let mut state: u32 = 1;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let noise: Vec<u8> = noise.take(16 * 1024 * 1024 - 64 * 1024).collect();
    site.documented("two", &[("east", &[("packages", CycloneDx, &noise)])]);
    site.run(&format!("sbom get --bucket web-server --fingerprint two --output {}", file.display())).exits(0);
    assert!(fs::read(&file).unwrap() == noise);
}

fn what_is_not_there_or_not_the_only_one_is_told_with_what_there_is(site: &Site) {
    two_builds(site);
    let get = "sbom get --bucket web-server --fingerprint one";
    let several = site.run(&format!("{get} --name packages")).exits(4).says("2 SBOMs of");
    several.says("east packages cyclonedx west packages spdx narrow it by --component-type or --name");
    site.run(&format!("{get} --name other")).exits(3).says("no SBOM of").says("east licences spdx");
    site.documented("two", &[("east", &[])]);
    site.run("sbom get --bucket web-server --fingerprint two").exits(3).says("has no SBOM");
}
