//! `kill -9` of the post-processor at any moment of its work.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::plugin_process::{post_processors, signal};
use crate::support::ran::Ran;
use crate::support::running::Running;
use crate::support::sandbox::Sandbox;
use crate::support::templates::file;
use crate::support::wait;

/// Kills at moments that are spread over all of the work.
const KILLS: u32 = 50;
/// Kills at most, where none of these came between the record and Packer's answer.
const MOST_KILLS: u32 = 250;

/// A step before ours gives the test the time to find our process.
const CHAIN: &str = r#"post-processor "shell-local" {
    inline = ["true"]
  }
  post-processor "registry" {
    bucket_name   = "images"
    bucket_labels = { owner = "platform-team" }
    build_labels  = { one = "1", two = "2" }
    channels      = ["development"]
  }"#;

/// A build up to the moment in which Packer asks our post-processor to work.
fn start(sandbox: &Sandbox, template: &str) -> (Running, u32) {
    let mut packer = Running::start(sandbox.build_command(&[template]));
    packer.until_it_says("(type shell-local)");
    let ours = wait::until("our post-processor runs", || post_processors(packer.id()).pop());
    packer.until_it_says("(type registry)");
    (packer, ours)
}

fn killed_after(delay: Duration, sandbox: &Sandbox, template: &str) -> Ran {
    let (packer, ours) = start(sandbox, template);
    std::thread::sleep(delay);
    signal("KILL", &ours.to_string());
    packer.end()
}

/// The next moment to kill at: later when the record was not begun, sooner when it was done. Steps differ, so that
/// none of them goes back and forth over the moment that is looked for.
fn nearer(moment: Duration, state: &str, whole: Duration, kill: u32) -> Duration {
    let step = whole * (1 + kill * 7 % 16) / 1600;
    if state == "nothing" { moment + step } else { moment.saturating_sub(step) }
}

/// What does not differ between two builds of the same template.
fn lasting(iteration: &Value) -> Value {
    let builds = iteration["builds"].as_array().expect("a list").iter();
    builds
        .map(|build| {
            let image = &build["artifacts"][0];
            let image = ["platform", "region", "external_identifier"].map(|part| &image[part]);
            let parts = ["component_type", "platform", "labels", "files"].map(|part| &build[part]);
            serde_json::json!([image, parts])
        })
        .collect()
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_kill_at_any_moment_never_leaves_half_a_record_and_what_was_not_answered_is_unconfirmed() {
    let sandbox = Sandbox::new();
    let template = sandbox.write("image.pkr.hcl", &file(CHAIN));
    let (mut packer, _) = start(&sandbox, &template);
    let started = Instant::now();
    packer.until_it_says("Build 'file.x' finished");
    let whole = started.elapsed();
    packer.end().succeeded();
    let reference = lasting(&sandbox.only_iteration("images"));

    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut known = 1;
    // Where the record is written, which takes a short moment.
    let mut moment = whole / 2;
    for kill in 0..MOST_KILLS {
        if kill >= KILLS && seen.contains_key("nothing") && seen.contains_key("unconfirmed") {
            break;
        }
        let delay = if kill < KILLS { whole * kill / KILLS } else { moment };
        let ran = killed_after(delay, &sandbox, &template);
        // What a kill left in the spool is whole, too, and can be delivered.
        sandbox.registry(&["spool", "push"]).succeeded();
        let iterations = sandbox.iterations("images");
        let state = match iterations.len() - known {
            0 => "nothing".to_owned(),
            1 => {
                let fingerprint = iterations[0]["fingerprint"].as_str().expect("a text");
                let newest = sandbox.json(&["iteration", "show", "--bucket", "images", "--fingerprint", fingerprint]);
                assert_eq!(lasting(&newest), reference, "{newest:#}");
                newest["builds"][0]["status"].as_str().expect("a text").to_owned()
            }
            more => panic!("one build left {more} iterations"),
        };
        known = iterations.len();
        assert!(["nothing", "unconfirmed", "done"].contains(&state.as_str()), "{state}");
        assert!(!ran.is_success() || state == "done", "the build succeeded, and its record is {state}:\n{}", ran.text);
        if kill >= KILLS {
            moment = nearer(moment, &state, whole, kill);
        } else if state == "nothing" {
            moment = delay;
        }
        *seen.entry(state).or_default() += 1;
    }
    assert!(seen.contains_key("nothing") && seen.contains_key("unconfirmed"), "no kill came in time: {seen:?}");
}
