use packer_plugin_registry::model::IterationRecord;

use super::site::{Site, on_each_backend};
use crate::support::record::{bucket, build_of, identifier};

on_each_backend![what_was_built_from_what_is_shown, an_image_is_found_by_its_identifier];

fn what_was_built_from_what_is_shown(site: &Site) {
    site.two_releases();
    let source = Some(identifier(2, "east"));
    let child = build_of("app-1", 3, "east");
    site.record(&IterationRecord { bucket: bucket("app"), source_external_identifier: source, ..child });
    let shown = site.run("iteration ancestry --bucket app").exits(0);
    shown.says("app v1 (app-1)").says("web-server v2 (new)").says("undetermined");
    let relations = site.json("iteration ancestry --bucket web-server --side children");
    assert_eq!(relations[0]["child"]["bucket"], "app");
    assert_eq!(relations[0]["status"], "undetermined");
    site.run("iteration ancestry --bucket web-server --version 1").exits(0).says("Nothing is known");
    site.run("iteration ancestry --bucket none").exits(3);
}

fn an_image_is_found_by_its_identifier(site: &Site) {
    site.two_releases();
    let image = identifier(2, "east");
    site.run(&format!("search {image}")).exits(0).says("web-server").says("v2").says("us-east-1");
    assert_eq!(site.json(&format!("search {image} --region us-east-1"))[0]["fingerprint"], "new");
    site.run(&format!("search {image} --platform gce")).exits(3).says(&image);
    site.run("search").exits(2);
}
