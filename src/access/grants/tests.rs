use super::*;
use crate::access::{Caller, Denied, Level};

/// What a role allows where it is held, and elsewhere: one letter per permission of [`LETTERS`].
struct Cells {
    level: Level,
    role: Role,
    own_bucket: &'static str,
    other_bucket: &'static str,
    own_project: &'static str,
    other_project: &'static str,
    other_organization: &'static str,
}

/// In the order of [`Permission::ALL`].
const LETTERS: [char; 7] = ['r', 'p', 'c', 'g', 'b', 'm', 'o'];

#[rustfmt::skip]
const TABLE: &[Cells] = &[
    //         held in a                   the bucket     another bucket  the project    another project  elsewhere
    row(Level::Bucket, Role::Viewer,      ["r------",     "-------",      "-------",     "-------",       "-------"]),
    row(Level::Bucket, Role::Contributor, ["rp-g---",     "-------",      "-------",     "-------",       "-------"]),
    row(Level::Bucket, Role::Admin,       ["rp-gb--",     "-------",      "-------",     "-------",       "-------"]),
    row(Level::Bucket, Role::Owner,       ["rp-gb--",     "-------",      "-------",     "-------",       "-------"]),
    row(Level::Project, Role::Viewer,      ["r------",     "r------",      "r------",     "-------",       "-------"]),
    row(Level::Project, Role::Contributor, ["rpcg---",     "rpcg---",      "rpcg---",     "-------",       "-------"]),
    row(Level::Project, Role::Admin,       ["rpcgbm-",     "rpcgbm-",      "rpcgbm-",     "-------",       "-------"]),
    row(Level::Project, Role::Owner,       ["rpcgbm-",     "rpcgbm-",      "rpcgbm-",     "-------",       "-------"]),
    row(Level::Organization, Role::Viewer,      ["r------",     "r------",      "r------",     "r------",       "-------"]),
    row(Level::Organization, Role::Contributor, ["rpcg---",     "rpcg---",      "rpcg---",     "rpcg---",       "-------"]),
    row(Level::Organization, Role::Admin,       ["rpcgbm-",     "rpcgbm-",      "rpcgbm-",     "rpcgbm-",       "-------"]),
    row(Level::Organization, Role::Owner,       ["rpcgbmo",     "rpcgbmo",      "rpcgbmo",     "rpcgbmo",       "-------"]),
];

const fn row(level: Level, role: Role, cells: [&'static str; 5]) -> Cells {
    let [own_bucket, other_bucket, own_project, other_project, other_organization] = cells;
    Cells { level, role, own_bucket, other_bucket, own_project, other_project, other_organization }
}

fn organization(nth: u8) -> OrganizationId {
    OrganizationId::parse(format!("0000000{nth}-0000-4000-8000-000000000000")).unwrap()
}

fn project(nth: u8) -> ProjectId {
    ProjectId::parse(format!("0000000{nth}-0000-4000-9000-000000000000")).unwrap()
}

fn bucket(name: &str) -> BucketName {
    BucketName::parse(name).unwrap()
}

fn place(level: Level) -> Place {
    match level {
        Level::Organization => Place::Organization(organization(1)),
        Level::Project => Place::Project(project(1)),
        Level::Bucket => Place::Bucket(project(1), bucket("web")),
    }
}

/// Someone who holds `roles` in organization 1, project 1 and bucket web, and now works in another place perhaps.
fn caller(roles: &[(Level, Role)], (in_organization, in_project): (u8, u8)) -> Caller {
    let bindings = roles.iter().map(|(level, role)| Binding { role: *role, place: place(*level) }).collect();
    Caller {
        name: "ci".to_owned(),
        principal_id: None,
        organization_id: Some(organization(in_organization)),
        project_id: Some(project(in_project)),
        grants: Grants::of(bindings),
    }
}

fn allowed(caller: &Caller, bucket: Option<&BucketName>) -> String {
    let letter = |(permission, letter)| if caller.require(permission, bucket).is_ok() { letter } else { '-' };
    Permission::ALL.into_iter().zip(LETTERS).map(letter).collect()
}

#[test]
fn each_role_allows_what_the_table_says_and_nothing_else() {
    let (web, db) = (bucket("web"), bucket("db1"));
    for row in TABLE {
        let held = [(row.level, row.role)];
        let (own, other, foreign) = (caller(&held, (1, 1)), caller(&held, (1, 2)), caller(&held, (2, 3)));
        for (name, found, expected) in [
            ("own bucket", allowed(&own, Some(&web)), row.own_bucket),
            ("other bucket", allowed(&own, Some(&db)), row.other_bucket),
            ("own project", allowed(&own, None), row.own_project),
            ("other project", allowed(&other, None), row.other_project),
            ("same bucket of another project", allowed(&other, Some(&web)), row.other_project),
            ("other organization", allowed(&foreign, None), row.other_organization),
            ("same bucket elsewhere", allowed(&foreign, Some(&web)), row.other_organization),
        ] {
            assert_eq!(found, expected, "{} of the {}: {name}", row.role, row.level);
        }
    }
}

#[test]
fn the_table_has_a_row_for_every_role_at_every_level() {
    for level in Level::ALL {
        for role in Role::ALL {
            assert_eq!(TABLE.iter().filter(|row| (row.level, row.role) == (level, role)).count(), 1, "{level} {role}");
        }
    }
}

#[test]
fn rights_add_up() {
    let (web, db) = (bucket("web"), bucket("db1"));
    let held = [(Level::Organization, Role::Viewer), (Level::Bucket, Role::Contributor)];
    let caller = caller(&held, (1, 1));
    assert_eq!((allowed(&caller, Some(&web)), allowed(&caller, Some(&db))), ("rp-g---".into(), "r------".into()));
    assert_eq!((caller.role(Some(&web)), caller.role(Some(&db))), (Some(Role::Contributor), Some(Role::Viewer)));
}

#[test]
fn without_a_project_only_the_organization_counts() {
    let held = Level::ALL.map(|level| (level, Role::Contributor));
    let nowhere = Caller { project_id: None, ..caller(&held, (1, 1)) };
    assert_eq!(allowed(&nowhere, None), "rpcg---", "by the organization");
    let nowhere = Caller { project_id: None, ..caller(&held[1..], (1, 1)) };
    assert_eq!(
        (allowed(&nowhere, None), allowed(&nowhere, Some(&bucket("web")))),
        ("-------".into(), "-------".into())
    );
}

#[test]
fn nothing_granted_is_nothing_allowed_and_the_local_caller_may_do_everything() {
    let web = bucket("web");
    assert_eq!(allowed(&caller(&[], (1, 1)), Some(&web)), "-------");
    let local = Caller::local("ada");
    assert_eq!((allowed(&local, Some(&web)), allowed(&local, None)), ("rpcgbmo".into(), "rpcgbmo".into()));
    assert!(local.is_local() && local.may_see_project(&project(9)) && local.role(None) == Some(Role::Owner));
    assert!(!caller(&[(Level::Organization, Role::Owner)], (1, 1)).is_local());
}

#[test]
fn whoever_holds_anything_in_a_project_sees_that_it_is_there() {
    for level in Level::ALL {
        let caller = caller(&[(level, Role::Viewer)], (1, 1));
        assert!(caller.may_see_project(&project(1)), "{level}");
        assert_eq!(caller.may_see_project(&project(2)), level == Level::Organization, "{level}");
    }
    assert!(!caller(&[(Level::Organization, Role::Owner)], (2, 1)).may_see_project(&project(1)), "of another one");
}

/// Which roles a holder of `role` at `level` may give at each level: the last one, if any.
#[test]
fn nobody_gives_a_role_above_their_own_nor_in_a_wider_place() {
    use Role::{Admin, Owner};
    for (level, role, [organization, project, bucket]) in [
        (Level::Organization, Owner, [Some(Owner), Some(Owner), Some(Owner)]),
        (Level::Organization, Admin, [None, Some(Admin), Some(Admin)]),
        (Level::Project, Owner, [None, Some(Owner), Some(Owner)]),
        (Level::Project, Admin, [None, Some(Admin), Some(Admin)]),
        (Level::Bucket, Owner, [None, None, Some(Owner)]),
        (Level::Bucket, Admin, [None, None, Some(Admin)]),
        (Level::Organization, Role::Contributor, [None; 3]),
        (Level::Project, Role::Contributor, [None; 3]),
        (Level::Bucket, Role::Contributor, [None; 3]),
        (Level::Organization, Role::Viewer, [None; 3]),
    ] {
        let caller = caller(&[(level, role)], (1, 1));
        for (given_at, strongest) in Level::ALL.into_iter().zip([organization, project, bucket]) {
            for given in Role::ALL {
                let binding = Binding { role: given, place: place(given_at) };
                let expected = strongest.is_some_and(|strongest| given <= strongest);
                assert_eq!(caller.require_to_grant(&binding).is_ok(), expected, "{role}/{level}: {given}/{given_at}");
            }
        }
    }
}

#[test]
fn roles_are_given_in_the_project_that_the_caller_works_in() {
    let admin = caller(&[(Level::Project, Role::Admin)], (1, 2));
    let here = Binding { role: Role::Viewer, place: Place::Project(project(2)) };
    assert!(admin.require_to_grant(&here).is_err());
    let elsewhere = Binding { role: Role::Viewer, place: Place::Project(project(1)) };
    assert!(admin.require_to_grant(&elsewhere).is_err(), "though it is theirs: they work in another one");
    let owner = caller(&[(Level::Organization, Role::Owner)], (1, 1));
    assert!(owner.require_to_grant(&elsewhere).is_ok() && owner.require_to_grant(&here).is_err());
    let foreign = Binding { role: Role::Viewer, place: Place::Organization(organization(2)) };
    assert!(owner.require_to_grant(&foreign).is_err());
}

#[test]
fn a_refusal_names_what_is_missing_and_who_can_give_it() {
    let viewer = caller(&[(Level::Project, Role::Viewer)], (1, 1));
    let said = |result: Result<(), Denied>| result.unwrap_err().to_string();
    assert_eq!(
        said(viewer.require(Permission::Push, Some(&bucket("web")))),
        "ci may not record builds in bucket web; that needs the role contributor on the bucket, in its project or in \
         the organization, which an admin of one of these can give"
    );
    assert_eq!(
        said(viewer.require(Permission::ManageBuckets, Some(&bucket("web")))),
        format!(
            "ci may not create or delete buckets in project {}; that needs the role contributor in the project or in the \
             organization, which an admin of the project or an owner of the organization can give",
            project(1)
        )
    );
    assert_eq!(
        said(viewer.require(Permission::ManageOrganization, None)),
        "ci may not manage the organization, its projects or its roles in the organization; that needs the role owner \
         in the organization, which one of its owners can give"
    );
    let admin = caller(&[(Level::Project, Role::Admin)], (1, 1));
    let binding = Binding { role: Role::Owner, place: place(Level::Bucket) };
    assert_eq!(
        said(admin.require_to_grant(&binding)),
        "ci may not give or take the role owner in bucket web: it is above their own; an owner can"
    );
}
