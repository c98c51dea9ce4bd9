//! Every role, at every level, and every call of the service, on what is theirs and on what is not.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use packer_plugin_registry::access::oidc::{Condition, IdentityRule, Issuer, Loopback, Pattern};
use packer_plugin_registry::access::{Binding, Caller, Level, Permission, Place, Role};
use packer_plugin_registry::model::{
    AncestryQuery, ArtifactQuery, BucketName, BuildStatus, BuildUpdate, ChannelUpdate, Iteration, IterationRecord,
    IterationSelector, Labels, NewBuild, NewSbom, PackageFilter, ParentIteration, PrincipalId, ProjectId,
    RevocationOrder, SbomFormat, SbomName, Timestamp,
};
use packer_plugin_registry::registry::store::Store;
use packer_plugin_registry::registry::{RegistryError, Service};

use super::account::people::{People, bucket_named, name, outcome, project_name};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::{FINGERPRINT, build, build_of, channel, component_type, fingerprint, identifier, parent_of};
use crate::store::registry::{BUCKET, NOON, Registry};

/// The other bucket of the first project.
const OTHER_BUCKET: &str = "database";

/// What becomes of calls, in one letter for each [`Kind`] in their order: done, `d`enied, not `f`ound.
struct Row {
    holder: Option<(Level, Role)>,
    own_bucket: &'static str,
    other_bucket: &'static str,
    other_project: &'static str,
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Read,
    Push,
    Create,
    Govern,
    BucketAccess,
    Project,
    /// What an owner of the organization does to a project.
    ProjectOfOrganization,
    Organization,
    /// What is everybody's.
    Own,
}

const KINDS: [Kind; 9] = [
    Kind::Read,
    Kind::Push,
    Kind::Create,
    Kind::Govern,
    Kind::BucketAccess,
    Kind::Project,
    Kind::ProjectOfOrganization,
    Kind::Organization,
    Kind::Own,
];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // One letter each: read, push, create a bucket, govern, give access to a bucket; manage the project, the projects of
    // the organization, the organization; what is everybody's.
    //   held                                      in the own bucket, another one, one of another project
    row(None,                                      ["fffffffd+", "fffffffd+", "fffffffd+"]),
    row(Some((Level::Bucket, Role::Viewer)),       ["+dfddddd+", "fffffddd+", "fffffffd+"]),
    row(Some((Level::Bucket, Role::Contributor)),  ["++f+dddd+", "fffffddd+", "fffffffd+"]),
    row(Some((Level::Bucket, Role::Admin)),        ["++f++ddd+", "fffffddd+", "fffffffd+"]),
    row(Some((Level::Bucket, Role::Owner)),        ["++f++ddd+", "fffffddd+", "fffffffd+"]),
    row(Some((Level::Project, Role::Viewer)),      ["+ddddddd+", "+ddddddd+", "fffffffd+"]),
    row(Some((Level::Project, Role::Contributor)), ["++++dddd+", "++++dddd+", "fffffffd+"]),
    row(Some((Level::Project, Role::Admin)),       ["++++++dd+", "++++++dd+", "fffffffd+"]),
    row(Some((Level::Project, Role::Owner)),       ["++++++dd+", "++++++dd+", "fffffffd+"]),
    row(Some((Level::Organization, Role::Viewer)), ["+ddddddd+", "+ddddddd+", "+ddddddd+"]),
    row(Some((Level::Organization, Role::Contributor)), ["++++dddd+", "++++dddd+", "++++dddd+"]),
    row(Some((Level::Organization, Role::Admin)),  ["++++++dd+", "++++++dd+", "++++++dd+"]),
    row(Some((Level::Organization, Role::Owner)),  ["+++++++++", "+++++++++", "+++++++++"]),
];

const fn row(holder: Option<(Level, Role)>, [own_bucket, other_bucket, other_project]: [&'static str; 3]) -> Row {
    Row { holder, own_bucket, other_bucket, other_project }
}

/// One call of the service, made by somebody on a bucket, or on the project that they work in.
struct Call<S> {
    /// The name of the method.
    name: &'static str,
    kind: Kind,
    make: fn(&Walk<'_, S>, &Caller, &Target) -> char,
}

struct Target {
    project: ProjectId,
    bucket: BucketName,
}

struct Walk<'r, S> {
    people: People<'r, S>,
    counter: Cell<u32>,
}

impl<'r, S: Store> Walk<'r, S> {
    fn service(&self) -> &'r Service<S> {
        self.people.service()
    }

    fn local(&self, at: &Target) -> Caller {
        self.people.local().in_project(at.project.clone())
    }

    /// A number that no other call gets.
    fn next(&self) -> u32 {
        self.counter.set(self.counter.get() + 1);
        self.counter.get()
    }

    /// A new principal of the project.
    fn somebody(&self, at: &Target) -> PrincipalId {
        self.people.hire(Some(&at.project), &format!("somebody-{}", self.next())).id
    }

    /// The iteration that was recorded there.
    fn iteration_of(&self, at: &Target) -> Iteration {
        block_on(self.service().iteration(&self.local(at), &at.bucket, &selector())).unwrap()
    }

    /// The id of a build that was recorded there.
    fn build_of(&self, at: &Target) -> String {
        self.iteration_of(at).builds[0].id.clone()
    }

    /// Somebody who holds a role there.
    fn holder(&self, at: &Target, place: &Place) -> PrincipalId {
        let id = match place {
            Place::Organization(_) => self.people.hire(None, &format!("somebody-{}", self.next())).id,
            _ => self.somebody(at),
        };
        let binding = Binding { role: Role::Viewer, place: place.clone() };
        block_on(self.service().grant(&self.local(at), &id, &binding)).unwrap();
        id
    }

    /// An iteration that was announced there to be deleted, with its build.
    fn doomed(&self, at: &Target) -> (IterationSelector, String) {
        let (service, local, asked) = (self.service(), self.local(at), fingerprint("doomed"));
        made(&block_on(service.create_iteration(&local, &at.bucket, &asked, None)));
        let selector = IterationSelector::Fingerprint(asked);
        made(&block_on(service.create_build(&local, &at.bucket, &selector, new_build())));
        let iteration = block_on(service.iteration(&local, &at.bucket, &selector)).unwrap();
        (selector, iteration.builds[0].id.clone())
    }

    /// Those who hold roles there, and somebody new.
    fn one_more(&self, at: &Target, place: &Place) -> BTreeMap<PrincipalId, Role> {
        let mut members = block_on(self.service().policy(&self.local(at), place)).unwrap().members;
        members.insert(self.somebody(at), Role::Viewer);
        members
    }
}

impl Target {
    fn record(&self, run: u32) -> IterationRecord {
        IterationRecord { bucket: self.bucket.clone(), ..build(run, "east") }
    }

    fn bucket_place(&self) -> Place {
        Place::Bucket(self.project.clone(), self.bucket.clone())
    }

    fn project_place(&self) -> Place {
        Place::Project(self.project.clone())
    }
}

fn selector() -> IterationSelector {
    IterationSelector::Fingerprint(fingerprint(FINGERPRINT))
}

/// What was to be made is there now, if not before.
fn made<T>(result: &Result<T, RegistryError>) {
    assert!(matches!(result, Ok(_) | Err(RegistryError::Exists(_))), "{}", outcome(result));
}

fn new_build() -> NewBuild {
    NewBuild { component_type: component_type("west"), update: BuildUpdate::default() }
}

fn sbom() -> NewSbom {
    NewSbom { name: None, format: SbomFormat::Spdx, compressed: b"x".to_vec(), size: 1, packages: Vec::new() }
}

fn scheduled_revocation() -> RevocationOrder {
    let revoke_at = Some(Timestamp(NOON.0 + 1));
    RevocationOrder { revoke_at, message: "broken".to_owned(), descends: true, rolls_back: true }
}

fn identity_rule() -> IdentityRule {
    let issuer = Issuer::parse("https://gitlab.example.com", Loopback::Https).unwrap();
    let condition = Condition { claim: "sub".to_owned(), pattern: Pattern::parse("acme").unwrap() };
    IdentityRule::new(issuer, "registry", vec![condition]).unwrap()
}

/// A call: its name, what it asks for, and how it is made.
macro_rules! call {
    ($name:ident, $kind:ident, |$walk:ident, $by:ident, $at:ident| ($($argument:expr),*)) => {
        Call {
            name: stringify!($name),
            kind: Kind::$kind,
            make: |$walk, $by, $at| {
                let result = block_on($walk.service().$name($by, $($argument),*));
                // What a rule refuses for another reason was allowed.
                match outcome(&result) { 'r' => '+', letter => letter }
            },
        }
    };
}

#[expect(unused_variables, reason = "not every call needs all that it is offered")]
fn calls<S: Store>() -> Vec<Call<S>> {
    vec![
        call!(bucket, Read, |walk, by, at| (&at.bucket)),
        call!(iterations, Read, |walk, by, at| (&at.bucket)),
        call!(iterations_behind, Read, |walk, by, at| (&at.bucket, None, 10)),
        call!(iteration, Read, |walk, by, at| (&at.bucket, &selector())),
        call!(iteration_with_build, Read, |walk, by, at| (&at.bucket, &selector(), "")),
        call!(iteration_with, Read, |walk, by, at| (&at.bucket, &selector(), &ArtifactQuery::default())),
        call!(locate_iteration, Read, |walk, by, at| (&walk.iteration_of(at).id)),
        call!(locate_build, Read, |walk, by, at| (&walk.build_of(at))),
        call!(channels, Read, |walk, by, at| (&at.bucket)),
        call!(channel, Read, |walk, by, at| (&at.bucket, &channel("shown"))),
        call!(channel_with_iteration, Read, |walk, by, at| (&at.bucket, &channel("shown"))),
        call!(channel_moves, Read, |walk, by, at| (&at.bucket, &channel("shown"), 0)),
        call!(channel_history, Read, |walk, by, at| (&at.bucket, &channel("shown"))),
        call!(ancestry, Read, |walk, by, at| (&at.bucket, &AncestryQuery::default())),
        call!(descendants, Read, |walk, by, at| (&at.bucket, &selector())),
        call!(sboms, Read, |walk, by, at| (&at.bucket, &selector(), &walk.build_of(at))),
        call!(iteration_sboms, Read, |walk, by, at| (&at.bucket, &selector())),
        Call {
            name: "sbom",
            kind: Kind::Read,
            make: |walk, by, at| {
                let (iteration, id) = walk.doomed(at);
                let (service, local) = (walk.service(), walk.local(at));
                let named = NewSbom { name: Some(SbomName::parse("packages").unwrap()), ..sbom() };
                made(&block_on(service.upload_sbom(&local, &at.bucket, &iteration, &id, named)));
                outcome(&block_on(service.sbom(by, &at.bucket, &iteration, &id, "packages")))
            },
        },
        call!(build_packages, Read, |walk, by, at| (
            &at.bucket,
            &selector(),
            &walk.build_of(at),
            PackageFilter::default()
        )),
        call!(bucket_packages, Read, |walk, by, at| (&at.bucket, PackageFilter::default())),
        call!(upload_sbom, Push, |walk, by, at| (&at.bucket, &selector(), &walk.build_of(at), sbom())),
        call!(enforced_on, Read, |walk, by, at| (&at.bucket)),
        call!(check_recordable, Push, |walk, by, at| (Some(&at.bucket))),
        call!(ingest, Push, |walk, by, at| (&at.record(1))),
        call!(ingest, Push, |walk, by, at| (&at.record(100 + walk.next()))),
        call!(confirm, Push, |walk, by, at| (&at.record(1).key())),
        call!(mark_destroyed, Push, |walk, by, at| (&at.record(1).key())),
        call!(update_bucket, Push, |walk, by, at| (&at.bucket, Some("described".to_owned()), None)),
        call!(create_iteration, Push, |walk, by, at| (
            &at.bucket,
            &fingerprint(&format!("announced-{}", walk.next())),
            None
        )),
        call!(create_build, Push, |walk, by, at| (&at.bucket, &selector(), new_build())),
        call!(update_build, Push, |walk, by, at| (
            &at.bucket,
            &selector(),
            &walk.build_of(at),
            BuildUpdate { status: Some(BuildStatus::Running), ..BuildUpdate::default() }
        )),
        call!(create_bucket, Create, |walk, by, at| (
            &bucket_named(&format!("new-{}", walk.next())),
            "",
            &Labels::new()
        )),
        call!(check_recordable, Create, |walk, by, at| (Some(&bucket_named(&format!("new-{}", walk.next()))))),
        call!(ingest, Create, |walk, by, at| (&IterationRecord {
            bucket: bucket_named(&format!("new-{}", walk.next())),
            ..build(1, "east")
        })),
        call!(governed_iteration, Govern, |walk, by, at| (&at.bucket, &selector())),
        call!(complete_iteration, Govern, |walk, by, at| (&at.bucket, &selector(), "because")),
        call!(complete_done_iteration, Govern, |walk, by, at| (&at.bucket, &selector())),
        call!(revoke_iteration, Govern, |walk, by, at| (&at.bucket, &selector(), scheduled_revocation())),
        call!(cancel_revocation, Govern, |walk, by, at| (&at.bucket, &selector())),
        call!(restore_iteration, Govern, |walk, by, at| (&at.bucket, &selector())),
        call!(assign_channel, Govern, |walk, by, at| (&at.bucket, &channel("staging"), &selector())),
        call!(create_channel, Govern, |walk, by, at| (
            &at.bucket,
            &channel(&format!("new-{}", walk.next())),
            true,
            None
        )),
        call!(update_channel, Govern, |walk, by, at| (
            &at.bucket,
            &channel("shown"),
            ChannelUpdate { restricted: Some(false), assignment: Some(None) }
        )),
        call!(assign_when_complete, Govern, |walk, by, at| (&at.bucket, &channel("staging"), &walk.doomed(at).0)),
        call!(delete_iteration, Govern, |walk, by, at| (&at.bucket, &walk.doomed(at).0, false)),
        Call {
            name: "delete_channel",
            kind: Kind::Govern,
            make: |walk, by, at| {
                let name = channel("doomed");
                made(&block_on(walk.service().create_channel(&walk.local(at), &at.bucket, &name, false, None)));
                outcome(&block_on(walk.service().delete_channel(by, &at.bucket, &name)))
            },
        },
        Call {
            name: "delete_build",
            kind: Kind::Govern,
            make: |walk, by, at| {
                let (iteration, id) = walk.doomed(at);
                outcome(&block_on(walk.service().delete_build(by, &at.bucket, &iteration, &id)))
            },
        },
        Call {
            name: "delete_bucket",
            kind: Kind::Create,
            make: |walk, by, at| {
                let name = bucket_named("doomed");
                made(&block_on(walk.service().create_bucket(&walk.local(at), &name, "", &Labels::new())));
                outcome(&block_on(walk.service().delete_bucket(by, &name)))
            },
        },
        call!(roles, BucketAccess, |walk, by, at| (&at.bucket_place())),
        call!(grant, BucketAccess, |walk, by, at| (
            &walk.somebody(at),
            &Binding { role: Role::Viewer, place: at.bucket_place() }
        )),
        call!(revoke_role, BucketAccess, |walk, by, at| (&walk.holder(at, &at.bucket_place()), &at.bucket_place())),
        call!(policy, BucketAccess, |walk, by, at| (&at.bucket_place())),
        call!(set_policy, BucketAccess, |walk, by, at| (
            &at.bucket_place(),
            &walk.one_more(at, &at.bucket_place()),
            None
        )),
        call!(policy, Project, |walk, by, at| (&at.project_place())),
        call!(set_policy, Project, |walk, by, at| (&at.project_place(), &walk.one_more(at, &at.project_place()), None)),
        call!(roles, Project, |walk, by, at| (&at.project_place())),
        call!(grant, Project, |walk, by, at| (
            &walk.somebody(at),
            &Binding { role: Role::Viewer, place: at.project_place() }
        )),
        call!(revoke_role, Project, |walk, by, at| (&walk.holder(at, &at.project_place()), &at.project_place())),
        call!(rename_project, Project, |walk, by, at| (&at.project, &project_name(&format!("name {}", walk.next())))),
        call!(create_principal, Project, |walk, by, at| (Some(&at.project), &name(&format!("new-{}", walk.next())))),
        call!(principals, Project, |walk, by, at| ()),
        call!(principal, Project, |walk, by, at| (&walk.somebody(at))),
        call!(roles_of, Project, |walk, by, at| (&walk.somebody(at))),
        call!(delete_principal, Project, |walk, by, at| (&walk.somebody(at))),
        call!(new_secret, Project, |walk, by, at| (&walk.somebody(at), None)),
        Call {
            name: "delete_secret",
            kind: Kind::Project,
            make: |walk, by, at| {
                let id = walk.somebody(at);
                let secret = block_on(walk.service().new_secret(&walk.local(at), &id, None)).unwrap();
                outcome(&block_on(walk.service().delete_secret(by, &id, &secret.secret_id)))
            },
        },
        call!(identity_rules, Project, |walk, by, at| (&walk.somebody(at))),
        call!(add_identity_rule, Project, |walk, by, at| (&walk.somebody(at), &identity_rule())),
        Call {
            name: "delete_identity_rule",
            kind: Kind::Project,
            make: |walk, by, at| {
                let id = walk.somebody(at);
                let trust = block_on(walk.service().add_identity_rule(&walk.local(at), &id, &identity_rule())).unwrap();
                outcome(&block_on(walk.service().delete_identity_rule(by, &id, &trust.id)))
            },
        },
        call!(delete_project, ProjectOfOrganization, |walk, by, at| (&at.project)),
        call!(create_project, Organization, |walk, by, at| (&project_name(&format!("new {}", walk.next())))),
        call!(rename_organization, Organization, |walk, by, at| (&project_name("Acme"))),
        call!(create_principal, Organization, |walk, by, at| (None, &name(&format!("new-{}", walk.next())))),
        call!(roles, Organization, |walk, by, at| (&walk.people.everywhere())),
        call!(grant, Organization, |walk, by, at| (
            &walk.people.hire(None, &format!("new-{}", walk.next())).id,
            &Binding { role: Role::Viewer, place: walk.people.everywhere() }
        )),
        call!(revoke_role, Organization, |walk, by, at| (
            &walk.holder(at, &walk.people.everywhere()),
            &walk.people.everywhere()
        )),
        call!(organization, Own, |walk, by, at| ()),
        call!(standing, Own, |walk, by, at| ()),
        call!(projects, Own, |walk, by, at| ()),
        call!(principal, Own, |walk, by, at| (by.principal_id.as_ref().unwrap())),
        call!(principals_by_id, Own, |walk, by, at| (std::slice::from_ref(by.principal_id.as_ref().unwrap()))),
        call!(roles_of, Own, |walk, by, at| (by.principal_id.as_ref().unwrap())),
        call!(identity_rules, Own, |walk, by, at| (by.principal_id.as_ref().unwrap())),
    ]
}

/// Calls that are about no bucket, and have tests of their own: here, with the settings of a registry, and with its enforced
/// blocks.
const OF_THE_PROJECT: [&str; 19] = [
    "buckets",
    "search",
    "several_iterations",
    "registry",
    "create_registry",
    "update_registry",
    "delete_registry",
    "run_task",
    "regenerate_run_task_key",
    "create_enforced_block",
    "enforced_blocks",
    "enforced_block",
    "update_enforced_block",
    "delete_enforced_block",
    "create_enforced_version",
    "describe_enforced_version",
    "delete_enforced_version",
    "link_enforced_version",
    "linked_buckets",
];

/// Calls that nobody makes for somebody: the server does, before it knows who is calling.
const WITHOUT_CALLER: [&str; 12] = [
    "check_usable",
    "sbom_content",
    "new",
    "now",
    "place",
    "has_owner",
    "bootstrap_owner",
    "another_owner",
    "authenticate",
    "caller",
    "principals_of_issuer",
    "signing_keys",
];

/// In the first project, without a role or with the one that a row names.
fn holder_of<S: Store>(people: &People<'_, S>, holder: Option<(Level, Role)>) -> Caller {
    match holder {
        Some((Level::Organization, role)) => people.caller(role, people.everywhere()),
        Some((Level::Project, role)) => people.caller(role, people.here()),
        Some((Level::Bucket, role)) => people.caller(role, people.bucket()),
        None => {
            let guest = people.caller(Role::Viewer, people.here());
            let id = guest.principal_id.as_ref().unwrap();
            block_on(people.service().revoke_role(people.local(), id, &people.here())).unwrap();
            let caller = block_on(people.service().caller(id, None)).unwrap().unwrap();
            caller.in_project(people.project.clone())
        }
    }
}

fn each_role_can_call_what_the_table_says_and_nothing_else<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let own = Target { project: people.project.clone(), bucket: bucket_named(BUCKET) };
    let other = Target { project: people.project.clone(), bucket: bucket_named(OTHER_BUCKET) };
    registry.record(&other.record(1));
    let foreign = Target { project: people.new_project("other").id, bucket: bucket_named(BUCKET) };
    let walk = Walk { people, counter: Cell::new(0) };
    for at in [&own, &other, &foreign] {
        let (service, local) = (walk.service(), walk.local(at));
        block_on(service.ingest(&local, &at.record(1))).unwrap();
        for (name, restricted) in [("shown", false), ("hidden", true)] {
            block_on(service.create_channel(&local, &at.bucket, &channel(name), restricted, None)).unwrap();
        }
    }
    for row in TABLE {
        let caller = holder_of(&walk.people, row.holder);
        for (at, expected) in [(&own, row.own_bucket), (&other, row.other_bucket), (&foreign, row.other_project)] {
            let caller = caller.in_project(at.project.clone());
            for call in calls::<S>() {
                let nth = KINDS.iter().position(|kind| *kind == call.kind).unwrap();
                let expected = expected.chars().nth(nth).unwrap();
                let found = (call.make)(&walk, &caller, at);
                assert_eq!(
                    found, expected,
                    "{} ({:?}) by {:?} in bucket {} of project {}",
                    call.name, call.kind, row.holder, at.bucket, at.project
                );
            }
        }
    }
}

fn whoever_may_only_read_does_not_see_restricted_channels<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, bucket) = (people.service(), bucket_named(BUCKET));
    registry.record(&build(1, "east"));
    for (name, restricted) in [("hidden", true), ("shown", false)] {
        block_on(service.create_channel(people.local(), &bucket, &channel(name), restricted, Some(selector())))
            .unwrap();
    }
    for (role, expected) in [(Role::Viewer, vec!["shown"]), (Role::Contributor, vec!["hidden", "latest", "shown"])] {
        let caller = people.caller(role, people.bucket());
        let expected: Vec<_> = expected.into_iter().map(channel).collect();
        let listed = block_on(service.channels(&caller, &bucket)).unwrap();
        assert_eq!(listed.into_iter().map(|channel| channel.name).collect::<Vec<_>>(), expected);
        assert_eq!(block_on(service.iteration(&caller, &bucket, &selector())).unwrap().channels, expected);
        for name in ["hidden", "latest"] {
            let behind = IterationSelector::Channel(channel(name));
            let found = if role == Role::Viewer { 'f' } else { '+' };
            assert_eq!(outcome(&block_on(service.channel(&caller, &bucket, &channel(name)))), found);
            assert_eq!(outcome(&block_on(service.iteration(&caller, &bucket, &behind))), found);
            let query = ArtifactQuery::default();
            assert_eq!(outcome(&block_on(service.iteration_with(&caller, &bucket, &behind, &query))), found);
            let name = channel(name);
            assert_eq!(outcome(&block_on(service.channel_with_iteration(&caller, &bucket, &name))), found);
            assert_eq!(outcome(&block_on(service.channel_history(&caller, &bucket, &name))), found);
            assert_eq!(outcome(&block_on(service.channel_moves(&caller, &bucket, &name, 0))), found);
            let wanted = vec![(bucket.clone(), behind)];
            let several = block_on(service.several_iterations(&caller, wanted)).unwrap();
            assert_eq!(several[0].is_none(), found == 'f', "{name}");
        }
    }
}

fn whoever_may_only_read_is_not_told_by_which_restricted_channel_a_parent_was_found<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, bucket) = (people.service(), bucket_named(BUCKET));
    let parent = registry.record(&build(1, "east"));
    let parent = IterationSelector::Id(parent.iteration_id);
    let hidden = channel("hidden");
    block_on(service.create_channel(people.local(), &bucket, &hidden, true, Some(parent.clone()))).unwrap();
    let parent = block_on(service.iteration(people.local(), &bucket, &parent)).unwrap();
    let found_by = ParentIteration { channel: Some(hidden.clone()), ..parent_of(&parent) };
    registry.record(&IterationRecord { parents: vec![found_by], ..build_of("child", 2, "west") });
    let query =
        AncestryQuery { iteration: Some(IterationSelector::Fingerprint(fingerprint("child"))), ..Default::default() };
    for (role, expected) in [(Role::Viewer, None), (Role::Contributor, Some(hidden))] {
        let caller = people.caller(role, people.bucket());
        let relations = block_on(service.ancestry(&caller, &bucket, &query)).unwrap();
        assert_eq!(relations.len(), 1, "{relations:?}");
        assert_eq!(relations[0].channel, expected, "{role}");
        assert_eq!(relations[0].channel_points_at.is_some(), expected.is_some(), "{role}");
    }
}

fn whoever_sees_some_buckets_is_told_of_these_only<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = Target { project: people.project.clone(), bucket: bucket_named(OTHER_BUCKET) };
    registry.record(&other.record(1));
    let foreign = people.new_project("other").id;
    let service = people.service();
    let listed = |caller: &Caller| {
        let buckets = block_on(service.buckets(caller)).unwrap();
        buckets.into_iter().map(|summary| summary.bucket.name.to_string()).collect::<Vec<_>>()
    };
    let guest = people.caller(Role::Contributor, people.bucket());
    assert_eq!(listed(&guest), [BUCKET]);
    assert_eq!(listed(&people.caller(Role::Viewer, people.here())), [OTHER_BUCKET, BUCKET]);
    assert_eq!(outcome(&block_on(service.buckets(&guest.in_project(foreign)))), 'f');
    assert_eq!(outcome(&block_on(service.buckets(&holder_of(&people, None)))), 'f');
    let latest = IterationSelector::Channel(channel("latest"));
    let behind_latest = |caller: &Caller| {
        let (bucket, query) = (bucket_named(OTHER_BUCKET), ArtifactQuery::default());
        outcome(&block_on(service.iteration_with(caller, &bucket, &latest, &query)))
    };
    assert_eq!((behind_latest(&guest), behind_latest(people.local())), ('f', '+'));
    let found = |caller: &Caller| block_on(service.search(caller, &identifier(1, "east"), ("", ""))).unwrap().len();
    assert_eq!((found(&guest), found(people.local())), (1, 2));
    let wanted = [BUCKET, OTHER_BUCKET].map(|name| (bucket_named(name), latest.clone()));
    let several = block_on(service.several_iterations(&guest, wanted.to_vec())).unwrap();
    assert!(several[1].is_none(), "{several:?}");
    let said = |bucket: &str| block_on(service.bucket(&guest, &bucket_named(bucket))).unwrap_err().to_string();
    assert_eq!(said(OTHER_BUCKET), format!("bucket {OTHER_BUCKET} does not exist; there are: {BUCKET}"));
    assert_eq!(said(OTHER_BUCKET), said("missing").replace("missing", OTHER_BUCKET), "the answers do not differ");
    let push = |bucket: &str| {
        let target = Target { project: people.project.clone(), bucket: bucket_named(bucket) };
        block_on(service.ingest(&guest, &target.record(2))).unwrap_err().to_string()
    };
    assert_eq!(push(OTHER_BUCKET), push("missing").replace("missing", OTHER_BUCKET), "neither do these");
}

fn a_refused_call_changes_nothing<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let viewer = people.caller(Role::Viewer, people.here());
    let at = Target { project: people.project.clone(), bucket: bucket_named(BUCKET) };
    let walk = Walk { people, counter: Cell::new(0) };
    let calls = calls::<S>().into_iter().filter(|call| matches!(call.kind, Kind::Push | Kind::Create | Kind::Govern));
    // Those that delete make what they delete, the first time.
    let (deleting, others): (Vec<_>, Vec<_>) = calls.partition(|call| call.name.starts_with("delete_"));
    let refuse = |call: &Call<S>| assert_eq!((call.make)(&walk, &viewer, &at), 'd', "{}", call.name);
    deleting.iter().for_each(refuse);
    let before = registry.everything();
    deleting.iter().chain(&others).for_each(refuse);
    assert_eq!(registry.everything(), before);
}

fn without_a_project_there_are_no_buckets_to_work_in<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    people.new_project("other");
    let id = people.caller(Role::Owner, people.everywhere()).principal_id.unwrap();
    let nowhere = block_on(people.service().caller(&id, None)).unwrap().unwrap();
    assert_eq!(nowhere.project_id, None);
    assert_eq!(outcome(&block_on(people.service().buckets(&nowhere))), 'r');
    assert_eq!(outcome(&block_on(people.service().ingest(&nowhere, &build(2, "east")))), 'r');
    assert_eq!(outcome(&block_on(people.service().projects(&nowhere))), '+');
}

on_every_engine![
    each_role_can_call_what_the_table_says_and_nothing_else,
    whoever_sees_some_buckets_is_told_of_these_only,
    whoever_may_only_read_does_not_see_restricted_channels,
    whoever_may_only_read_is_not_told_by_which_restricted_channel_a_parent_was_found,
    a_refused_call_changes_nothing,
    without_a_project_there_are_no_buckets_to_work_in,
];

#[test]
fn the_table_has_a_row_for_every_role_at_every_level_and_a_letter_for_every_kind() {
    let roles = Role::ALL.into_iter();
    let all = roles.flat_map(|role| Level::ALL.map(|level| Some((level, role)))).chain([None]);
    for holder in all {
        assert_eq!(TABLE.iter().filter(|row| row.holder == holder).count(), 1, "{holder:?}");
    }
    assert_eq!(KINDS.len(), Permission::ALL.len() + 2);
    for row in TABLE {
        for letters in [row.own_bucket, row.other_bucket, row.other_project] {
            assert_eq!(letters.len(), KINDS.len(), "{:?}", row.holder);
        }
    }
}

#[test]
fn every_call_of_the_service_is_walked() {
    type Sqlite = packer_plugin_registry::registry::store::SqliteStore;
    let walked: BTreeSet<&str> = calls::<Sqlite>().iter().map(|call| call.name).chain(OF_THE_PROJECT).collect();
    let sources = [
        include_str!("../../../src/registry/service.rs"),
        include_str!("../../../src/registry/governance.rs"),
        include_str!("../../../src/registry/account/service.rs"),
        include_str!("../../../src/registry/enforced/service.rs"),
        include_str!("../../../src/registry/sbom/service.rs"),
    ];
    let public = |line: &'static str| {
        let rest = line.trim_start().strip_prefix("pub async fn ").or(line.trim_start().strip_prefix("pub fn "))?;
        rest.split(['(', '<']).next()
    };
    let methods: BTreeSet<&str> = sources.iter().flat_map(|text| text.lines()).filter_map(public).collect();
    let missing: Vec<_> = methods.difference(&walked).filter(|name| !WITHOUT_CALLER.contains(name)).collect();
    assert!(missing.is_empty(), "not walked: {missing:?}");
}
