//! Every role, and every operation of HCP's APIs, on what is theirs, on what is not, and on what is another project's.

mod asked;
mod operations;
mod shop;

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use self::asked::Asked;
use self::operations::{Kind, OF_2021, OF_2023, OF_THE_PLATFORM, Operation};
use self::shop::{CANARY, DATABASE, Shop, WEB};
use super::project::Project;
use crate::support::description;
use crate::support::hcp_client::{Hcp, read, send};

const KINDS: [Kind; 14] = [
    Kind::Own,
    Kind::Projects,
    Kind::Organization,
    Kind::Project,
    Kind::Read,
    Kind::Restricted,
    Kind::Push,
    Kind::Govern,
    Kind::Buckets,
    Kind::BucketRoles,
    Kind::ReadAll,
    Kind::Settings,
    Kind::ProjectRoles,
    Kind::Unserved,
];

const IN_WEB: &[&str] = &["--project", CANARY, "--bucket", WEB];
const IN_PROJECT: &[&str] = &["--project", CANARY];

type Row = (&'static str, Option<(&'static str, &'static [&'static str])>, &'static str, Option<&'static str>);

/// Who calls, with which role; and what becomes of what they ask, in one letter for each of [`KINDS`]: done (or refused by a
/// rule that is about something else), `d`enied, not `f`ound, `u`nserved. First in the bucket that roles on a bucket are
/// held on, then, where that differs, in another one.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("nobody",                None,                               "+ddfffffffffff", None),
    ("bucket-viewer",         Some(("viewer", IN_WEB)),           "++d++fddfddddu", Some("++d+ffffffdddu")),
    ("bucket-contributor",    Some(("contributor", IN_WEB)),      "++d+++++fddddu", Some("++d+ffffffdddu")),
    ("bucket-admin",          Some(("admin", IN_WEB)),            "++d+++++f+dddu", Some("++d+ffffffdddu")),
    ("project-viewer",        Some(("viewer", IN_PROJECT)),       "++d++fdddd+ddu", None),
    ("project-contributor",   Some(("contributor", IN_PROJECT)),  "++d++++++d++du", None),
    ("project-admin",         Some(("admin", IN_PROJECT)),        "++d++++++++++u", None),
    ("organization-owner",    Some(("owner", &["--organization"])), "+++++++++++++u", None),
];

/// An admin of another project, who asks for what is in this one.
const FOREIGNER: &str = "+ddfffffffffff";

/// What is refused to everybody by another rule: a registry is there already, or in use; nobody else would be an owner, or
/// somebody has changed the roles meanwhile; what is to be restored is in force.
const REFUSED: [&str; 7] = [
    "CreateRegistry",
    "DeleteRegistry",
    "PUT /resource-manager/2019-12-10/organizations/{id}/iam-policy",
    "PUT /resource-manager/2019-12-10/projects/{id}/iam-policy",
    "PUT /2019-12-10/resource-manager/resources/iam-policy",
    "UpdateVersion",
    "UpdateIteration",
];

/// An operation with its method and the path that it has.
type Routed = (&'static Operation, Method, String);

/// All operations; those that are described have to be asked for, and those of the platform.
fn routed() -> Vec<Routed> {
    let mut all = Vec::new();
    for (description, operations) in description::all().iter().zip([OF_2023, OF_2021]) {
        let mut described = BTreeSet::new();
        for (method, path, about) in description.operations() {
            let id = about["operationId"].as_str().unwrap();
            described.insert(id.to_owned());
            let asked = operations.iter().filter(|operation| operation.id == id);
            let before = all.len();
            all.extend(asked.map(|operation| (operation, method.clone(), path.to_owned())));
            assert!(all.len() > before, "nobody asks for {id}, {method} {path}");
        }
        for Operation { id, .. } in operations {
            assert!(described.contains(*id), "{id} is not described");
        }
    }
    all.extend(OF_THE_PLATFORM.iter().map(|operation| {
        let (method, path) = operation.id.split_once(' ').unwrap();
        (operation, method.parse().unwrap(), path.to_owned())
    }));
    all
}

/// What becomes of a call, in the letters of [`TABLE`].
fn outcome(status: u16, answer: &Value) -> char {
    match (status, answer["code"].as_i64()) {
        (200, None) => '+',
        (403, Some(7)) => 'd',
        (404, Some(5)) => 'f',
        (501, Some(12)) => 'u',
        (400, Some(9)) | (409, Some(6 | 10)) => 'r',
        _ => '?',
    }
}

fn expected(kind: Kind, letters: &str) -> char {
    letters.chars().nth(KINDS.iter().position(|known| *known == kind).unwrap()).unwrap()
}

/// What a text says, without what is between.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
}

#[test]
fn each_role_is_answered_what_the_table_says() {
    let project = Project::start();
    let shop = Shop::open(&project);
    let routed = routed();
    let place = (shop.organization.as_str(), shop.id.as_str());
    let mut wrong = Vec::new();
    for (name, role, in_web, in_database) in TABLE {
        let caller = shop.holder(name, *role);
        for (bucket, letters) in [(WEB, Some(*in_web)), (DATABASE, *in_database)] {
            let Some(letters) = letters else { continue };
            let standing = shop.standing(bucket);
            for (operation, method, template) in &routed {
                let (path, body) = (operation.ask)(&shop, &standing).request(template, place);
                let (status, answer) = caller.call(method.clone(), &path, &body);
                let found = match outcome(status, &answer) {
                    'r' if REFUSED.contains(&operation.id) => '+',
                    letter => letter,
                };
                let expected = expected(operation.kind, letters);
                if found != expected {
                    let Operation { id, kind, .. } = operation;
                    wrong.push(format!("{id} ({kind:?}) by {name}: {found} {method} {path} {body}: {status} {answer}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn whoever_is_at_home_in_another_project_learns_nothing_and_changes_nothing() {
    let project = Project::start();
    let shop = Shop::open(&project);
    let foreigner = shop.foreigner();
    let mut asked: Vec<(&Routed, Asked)> = Vec::new();
    let routed = routed();
    for bucket in [WEB, DATABASE] {
        let standing = shop.standing(bucket);
        asked.extend(routed.iter().map(|routed| (routed, (routed.0.ask)(&shop, &standing))));
    }
    // The first to ask for the run task sets it up.
    let ids = shop.ids();
    let before = shop.everything();
    // What they said themselves may be repeated: names also later, as they call what is theirs by them.
    let mut named = BTreeSet::new();
    for (at, letters) in [(&shop.id, Some(FOREIGNER)), (&shop.other, None)] {
        for ((operation, method, template), asked) in &asked {
            let (path, body) = asked.request(template, (&shop.organization, at));
            let (status, answer) = foreigner.call(method.clone(), &path, &body);
            let what = format!("{} ({:?}): {method} {path} {body}: {status} {answer}", operation.id, operation.kind);
            match letters {
                Some(letters) => assert_eq!(outcome(status, &answer), expected(operation.kind, letters), "{what}"),
                None => assert!(status < 500 || operation.kind == Kind::Unserved, "{what}"),
            }
            let said = path.replace("%2F", "/") + &body;
            let said: BTreeSet<&str> = words(&said).collect();
            named.extend(said.iter().map(|word| (*word).to_owned()));
            let told = answer.to_string();
            let leaked = words(&told).find(|word| {
                word.contains(CANARY) && !named.contains(*word) || ids.contains(*word) && !said.contains(word)
            });
            assert_eq!(leaked, None, "{what}");
        }
    }
    assert_eq!(shop.everything(), before);
}

#[test]
fn without_a_good_token_nothing_is_answered() {
    let project = Project::start();
    let shop = Shop::open(&project);
    let standing = shop.standing(WEB);
    let owner = Hcp::owner(project.server());
    let cut = &owner.token()[..owner.token().len() - 1];
    for (operation, method, template) in routed() {
        let asked = (operation.ask)(&shop, &standing);
        let (path, body) = asked.request(&template, (&shop.organization, &shop.id));
        for token in [None, Some("nonsense"), Some(cut)] {
            let bearer = token.map(|token| format!("Bearer {token}"));
            let headers: Vec<_> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
            let (status, answer) = read(&send(project.server(), &path, method.clone(), &headers, &body));
            assert_eq!((status, answer["code"].as_i64()), (401, Some(16)), "{method} {path}: {answer}");
            assert!(!answer.to_string().contains(CANARY), "{method} {path}: {answer}");
        }
    }
}

#[test]
fn every_route_of_the_platform_is_asked_for() {
    let sources = include_str!("../../../src/api/platform/mod.rs");
    let routes: BTreeSet<&str> = sources
        .split('"')
        .filter(|text| text.starts_with('/') && !text.starts_with("//") && text.matches('/').count() > 2)
        .filter(|text| !text.contains("{{"))
        .collect();
    let asked: BTreeSet<&str> =
        OF_THE_PLATFORM.iter().map(|operation| operation.id.split_once(' ').unwrap().1).collect();
    assert_eq!(asked, routes);
}
