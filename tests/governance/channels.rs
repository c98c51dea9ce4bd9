use super::site::{Site, on_each_backend};
use crate::support::record::build_of;

on_each_backend![
    a_channel_is_created_hidden_shown_and_deleted,
    a_channel_is_promoted_and_unassigned,
    a_channel_waits_for_an_iteration_to_be_complete,
    the_channel_that_the_registry_keeps_is_kept,
];

const STABLE: &str = "--bucket web-server --channel stable";

fn a_channel_is_created_hidden_shown_and_deleted(site: &Site) {
    site.two_releases();
    site.run(&format!("channel create {STABLE} --restricted --version 1")).exits(0).says("hidden").says("v1 (old)");
    assert_eq!(site.json(&format!("channel show {STABLE}"))["restricted"], true);
    site.run(&format!("channel create {STABLE}")).exits(1).says("already");
    site.run(&format!("channel restrict {STABLE} --off")).exits(0).does_not_say("hidden");
    assert_eq!(site.json(&format!("channel restrict {STABLE}"))["restricted"], true);
    site.run(&format!("channel delete {STABLE}")).exits(2).says("with its history of 1 entries for good?");
    site.run(&format!("channel delete {STABLE} --yes")).exits(0).says("Deleted channel stable");
    site.run(&format!("channel show {STABLE}")).exits(3);
    site.run(&format!("channel create {STABLE}")).exits(0).says("points at nothing");
}

fn a_channel_is_promoted_and_unassigned(site: &Site) {
    site.two_releases();
    site.run(&format!("channel create {STABLE}")).exits(0);
    site.run("channel promote --bucket web-server --from production --to stable").exits(0).says("v2 (new)");
    assert_eq!(site.behind("stable"), Some(2));
    site.run(&format!("channel unassign {STABLE}")).exits(0).says("points at nothing");
    assert_eq!(site.behind("stable"), None);
    site.run("channel promote --bucket web-server --from stable --to production").exits(3).says("points at nothing");
    assert_eq!(site.behind("production"), Some(2));
}

fn a_channel_waits_for_an_iteration_to_be_complete(site: &Site) {
    let record = build_of("next", 1, "east");
    site.ingest(&record);
    let line = format!("channel assign {STABLE} --fingerprint next");
    site.run(&line).exits(1).says("is incomplete");
    site.run(&format!("{line} --when-complete")).exits(0).says("will point at next once that is complete");
    site.run(&format!("channel show {STABLE}")).exits(3);
    site.confirm(&record);
    assert_eq!(site.behind("stable"), Some(1));
    site.run(&format!("{line} --when-complete")).exits(0).says("points at v1 (next)");
}

fn the_channel_that_the_registry_keeps_is_kept(site: &Site) {
    site.two_releases();
    site.run("channel delete --bucket web-server --channel latest --yes").exits(1).says("kept by the registry itself");
    site.run("channel unassign --bucket web-server --channel latest").exits(1).says("moved by the registry itself");
    site.run("channel assign --bucket web-server --channel stable").exits(2).says("name the iteration");
}
