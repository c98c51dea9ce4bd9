use packer_plugin_registry::model::{IterationRecord, ParentIteration};

use super::site::{Site, on_each_backend};
use crate::support::record::{bucket, build_of, fingerprint};

on_each_backend![
    a_revocation_says_first_what_it_touches,
    what_is_revoked_is_restored,
    a_revocation_may_be_for_later_and_be_cancelled,
    channels_and_descendants_can_be_spared,
    an_iteration_is_deleted_after_a_question,
    who_revokes_says_which_and_why,
];

const NEW: &str = "--bucket web-server --fingerprint new";

fn with_a_child(site: &Site) {
    site.two_releases();
    let parent = site.json("iteration show --bucket web-server --fingerprint new");
    let parent = ParentIteration {
        bucket: bucket("web-server"),
        fingerprint: fingerprint("new"),
        iteration_id: parent["id"].as_str().unwrap().to_owned(),
        version: Some(2),
        channel: None,
        external_identifier: "ami-east-2".to_owned(),
    };
    let child = IterationRecord { bucket: bucket("app"), parents: vec![parent], ..build_of("app-1", 3, "east") };
    site.record(&child);
}

fn a_revocation_says_first_what_it_touches(site: &Site) {
    with_a_child(site);
    let asked = site.run(&format!("iteration revoke {NEW} --reason CVE-2026-1")).exits(2);
    let asked = asked.says("Revoke v2 (new) of bucket web-server now?");
    let asked = asked.says("Channel latest, production turns back to what it pointed at before.");
    asked.says("What was built from it goes with it: app v1.").says("--yes");
    assert_eq!(site.json(&format!("iteration show {NEW}"))["status"], "complete", "nobody has said yes");

    site.run(&format!("iteration revoke {NEW} --reason CVE-2026-1 --yes"))
        .exits(0)
        .says("v2 (new) of bucket web-server");
    let revoked = site.json(&format!("iteration show {NEW}"));
    assert_eq!((&revoked["status"], &revoked["revocation"]["message"]), (&"revoked".into(), &"CVE-2026-1".into()));
    assert_eq!((site.behind("production"), site.behind("latest")), (Some(1), Some(1)));
    let child = site.json("iteration show --bucket app --fingerprint app-1");
    assert_eq!((&child["status"], &child["revocation"]["through"]), (&"revoked".into(), &revoked["id"]));
    let place = ["through_bucket", "through_fingerprint", "through_version"].map(|key| &child["revocation"][key]);
    assert_eq!(place, [&"web-server".into(), &revoked["fingerprint"], &2.into()]);
    site.run("artifact get --bucket web-server --version 2").exits(5).says("CVE-2026-1");
}

fn what_is_revoked_is_restored(site: &Site) {
    with_a_child(site);
    site.run(&format!("iteration revoke {NEW} --reason CVE-2026-1 --yes")).exits(0);
    site.run("iteration restore --bucket app --version 1").exits(1).says("restore that one");
    site.run(&format!("iteration restore {NEW}")).exits(0).says("is in force again: complete");
    assert_eq!(site.json("iteration show --bucket app --version 1")["status"], "complete");
    assert_eq!((site.behind("production"), site.behind("latest")), (Some(1), Some(2)));
    site.run(&format!("iteration restore {NEW}")).exits(1).says("is not revoked");
}

fn a_revocation_may_be_for_later_and_be_cancelled(site: &Site) {
    site.two_releases();
    site.run(&format!("iteration revoke {NEW} --reason old --in 30d --yes"))
        .exits(0)
        .says("is revoked at")
        .says("(in ");
    assert_eq!(site.json(&format!("iteration show {NEW}"))["status"], "revocation_scheduled");
    site.run(&format!("iteration cancel-revocation {NEW}")).exits(0).says("stays in force: complete");
    site.run(&format!("iteration revoke {NEW} --reason old --at 2999-01-31T12:00:00Z --yes")).exits(0);
    let revoke_at = site.json(&format!("iteration show {NEW}"))["revocation"]["revoke_at"].clone();
    assert_eq!(revoke_at, "2999-01-31T12:00:00.000Z");
    site.run(&format!("iteration revoke {NEW} --reason worse --yes")).exits(0);
    site.run(&format!("iteration cancel-revocation {NEW}")).exits(1).says("restore it instead");
}

fn channels_and_descendants_can_be_spared(site: &Site) {
    with_a_child(site);
    let line = format!("iteration revoke {NEW} --reason old --skip-descendants --keep-channels");
    let asked = site.run(&line).exits(2).says("Channel production goes on pointing at it.");
    asked.says("Channel latest turns back").does_not_say("app");
    site.run(&format!("{line} --yes")).exits(0);
    assert_eq!((site.behind("production"), site.behind("latest")), (Some(2), Some(1)));
    assert_eq!(site.json("iteration show --bucket app --version 1")["status"], "complete");
}

fn an_iteration_is_deleted_after_a_question(site: &Site) {
    site.two_releases();
    let asked = site.run(&format!("iteration delete {NEW}")).exits(2);
    asked.says("Delete v2 (new) of bucket web-server with its 1 builds for good?").says("Channel latest, production");
    site.run(&format!("iteration delete {NEW} --yes")).exits(0).says("Deleted v2 (new)");
    site.run(&format!("iteration show {NEW}")).exits(3);
    assert_eq!((site.behind("production"), site.behind("latest")), (Some(1), Some(1)));
    site.record(&build_of("new", 3, "east"));
    assert_eq!(site.behind("latest"), Some(3), "its number is not given again");
}

fn who_revokes_says_which_and_why(site: &Site) {
    site.two_releases();
    site.run("iteration revoke --bucket web-server --reason old --yes").exits(2).says("name the iteration");
    site.run(&format!("iteration revoke {NEW} --yes")).exits(2).says("--reason");
    site.run(&format!("iteration revoke {NEW} --reason old --at tomorrow --yes")).exits(2).says("2027-01-31T12:00:00Z");
    site.run(&format!("iteration revoke {NEW} --reason old --at 2999-01-31T12:00:00Z --in 1d --yes")).exits(2);
    site.ingest(&build_of("half", 3, "east"));
    site.run("iteration revoke --bucket web-server --fingerprint half --reason old --yes")
        .exits(1)
        .says("is incomplete");
}
