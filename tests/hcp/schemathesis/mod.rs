//! Schemathesis makes up requests from our descriptions, and holds what is answered against them.

mod configuration;
mod run;
mod seeded;

use serde_json::Value;

use self::configuration::{Run, Way};
use self::run::Call;
use self::seeded::Seeded;
use super::project::{Packer, Project};

/// A server with two projects: what is in the first begins with `ours`, what is in the second with `theirs`.
struct Two {
    project: Project,
    version: &'static str,
}

/// Those who call, and what they call about.
struct Callers<'a> {
    owner: Packer<'a>,
    viewer: Packer<'a>,
    elsewhere: Packer<'a>,
    ours: Seeded,
    theirs: Seeded,
    spare: String,
}

impl Two {
    fn of(version: &'static str) -> Self {
        Self { project: Project::start(), version }
    }

    fn callers(&self) -> Callers<'_> {
        let owner = self.project.owner();
        let viewer = self.project.principal("viewer");
        let elsewhere = self.project.principal_elsewhere("other", "admin");
        let (ours, theirs) = (Seeded::new(&owner, "ours"), Seeded::new(&elsewhere, "theirs"));
        let made = self.project.run(&["project", "create", "spare", "--json"]).succeeded();
        let made: Value = serde_json::from_str(&made.stdout).unwrap();
        Callers { owner, viewer, elsewhere, ours, theirs, spare: made["id"].as_str().unwrap().to_owned() }
    }

    /// What is answered to requests about the first project.
    fn calls(&self, callers: &Callers<'_>, caller: &Packer<'_>, way: Way) -> Vec<Call> {
        let [(_, url), _, _, (_, ca_file)] = self.project.server().variables();
        let Callers { ours: project, theirs: other, spare, .. } = callers;
        let run = Run { url, ca_file, token: caller.hcp().token(), way, project, other, spare };
        run.calls(&format!("{}/openapi/packer-{}.json", env!("CARGO_MANIFEST_DIR"), self.version))
    }
}

/// Fails where an answer has something in it that begins with this word.
#[track_caller]
fn tell_nothing_of(word: &str, calls: &[Call]) {
    for Call { method, url, status, answer } in calls {
        assert!(!answer.contains(&format!("{word}-")), "{method} {url}: {status} {answer}");
    }
}

/// Fails where anything was changed.
#[track_caller]
fn change_nothing(calls: &[Call]) {
    for Call { method, url, status, answer } in calls.iter().filter(|call| call.method != "GET") {
        let searched = url.contains("/_search/");
        assert!(searched || *status != 200, "{method} {url}: {status} {answer}");
    }
}

fn the_owner_is_answered_as_it_is_described(version: &'static str) {
    let two = Two::of(version);
    let callers = two.callers();
    for way in [Way::Random, Way::Systematic] {
        let calls = two.calls(&callers, &callers.owner, way);
        tell_nothing_of("theirs", &calls);
        let done = calls.iter().filter(|call| call.status == 200).count();
        // Otherwise, what they are about would not be there.
        assert!(done * 5 > calls.len(), "only {done} of {} calls were done", calls.len());
    }
}

fn others_see_and_change_nothing_that_is_not_theirs(version: &'static str) {
    let two = Two::of(version);
    let callers = two.callers();
    let seen = two.calls(&callers, &callers.viewer, Way::Random);
    assert!(seen.iter().any(|call| call.answer.contains("ours-")), "a viewer sees what is there");
    tell_nothing_of("theirs", &seen);
    change_nothing(&seen);
    let refused = two.calls(&callers, &callers.elsewhere, Way::Random);
    tell_nothing_of("ours", &refused);
    // They are their own, and nobody has tried to reach them by their own project.
    tell_nothing_of("theirs", &refused);
    for Call { method, url, status, answer } in &refused {
        assert_ne!(*status, 200, "{method} {url}: {answer}");
    }
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn made_up_requests_of_2023_are_answered_as_it_is_described() {
    the_owner_is_answered_as_it_is_described("2023-01-01");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn made_up_requests_of_2021_are_answered_as_it_is_described() {
    the_owner_is_answered_as_it_is_described("2021-04-30");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn made_up_requests_of_2023_tell_nobody_of_the_project_of_another() {
    others_see_and_change_nothing_that_is_not_theirs("2023-01-01");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn made_up_requests_of_2021_tell_nobody_of_the_project_of_another() {
    others_see_and_change_nothing_that_is_not_theirs("2021-04-30");
}
