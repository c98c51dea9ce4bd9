use serde_json::{Value, json};

use super::door::Door;
use super::hcp::{self, Hcp};

const RESOURCES: &str = "/2019-12-10/resource-manager/resources/iam-policy";

/// A server with the principals `ci` and `deputy`, and what HCP calls its bucket.
struct Shop {
    door: Door,
    organization: String,
    project: String,
    ci: String,
    deputy: String,
}

impl Shop {
    fn open() -> Self {
        let door = Door::server();
        let [ci, deputy] = ["ci", "deputy"].map(|name| door.text(&format!("principal create {name}"), "id"));
        let (_, answer) = hcp::owner(&door).get("/resource-manager/2019-12-10/projects");
        let project = &answer["projects"][0];
        let [organization, project] =
            [&project["parent"]["id"], &project["id"]].map(|id| id.as_str().unwrap().to_owned());
        Self { door, organization, project, ci, deputy }
    }

    fn bucket(&self) -> String {
        format!("packer/project/{}/bucket/web-server", self.project)
    }

    fn get(&self, client: &Hcp<'_>) -> (u16, Value) {
        client.get(&format!("{RESOURCES}?resource_name={}", self.bucket().replace('/', "%2F")))
    }

    fn put(&self, client: &Hcp<'_>, bindings: &Value, etag: &str) -> (u16, Value) {
        let body = json!({"resource_name": self.bucket(), "policy": {"bindings": bindings, "etag": etag}});
        client.put(RESOURCES, &body)
    }
}

fn binding(role: &str, member: &str) -> Value {
    json!({"role_id": role, "members": [{"member_id": member, "member_type": "SERVICE_PRINCIPAL"}]})
}

fn message(answer: &Value) -> &str {
    answer["message"].as_str().unwrap_or_else(|| panic!("no message in {answer}"))
}

#[test]
fn the_roles_on_a_bucket_are_read_and_replaced() {
    let shop = Shop::open();
    let owner = hcp::owner(&shop.door);
    let (code, empty) = shop.get(&owner);
    assert_eq!((code, &empty["policy"]["bindings"]), (200, &json!([])));
    let etag = empty["policy"]["etag"].as_str().unwrap();

    let both = json!([binding("roles/viewer", &shop.ci), binding("roles/contributor", &shop.deputy)]);
    let (code, written) = shop.put(&owner, &both, etag);
    assert_eq!((code, &written["policy"]["bindings"]), (200, &both), "{written}");
    assert_eq!(shop.get(&owner), (200, written.clone()));
    shop.door.run("role list --bucket web-server").exits(0).says("ci").says("viewer").says("deputy");
    assert_eq!(shop.get(&hcp::principal(&shop.door, "ci")).0, 403, "who may read a bucket may not see who else may");

    let other = json!([binding("roles/admin", &shop.ci)]);
    let (code, answer) = shop.put(&owner, &other, written["policy"]["etag"].as_str().unwrap());
    assert_eq!((code, &answer["policy"]["bindings"]), (200, &other), "{answer}");
    let (code, answer) = shop.put(&owner, &Value::Null, "");
    assert_eq!((code, &answer), (200, &empty), "without an etag, whatever there is is replaced");
}

#[test]
fn whoever_saw_another_state_changes_nothing() {
    let shop = Shop::open();
    let owner = hcp::owner(&shop.door);
    let (_, seen) = shop.get(&owner);
    shop.door.run("role grant viewer --principal ci --bucket web-server").exits(0);
    let (code, answer) =
        shop.put(&owner, &json!([binding("roles/admin", &shop.deputy)]), seen["policy"]["etag"].as_str().unwrap());
    assert_eq!((code, &answer["code"]), (409, &json!(10)), "{answer}");
    assert!(message(&answer).starts_with("policy.etag: somebody else has changed"), "{answer}");
    assert_eq!(shop.get(&owner).1["policy"]["bindings"], json!([binding("roles/viewer", &shop.ci)]));
}

#[test]
fn a_policy_that_cannot_be_changes_nothing_at_all() {
    let shop = Shop::open();
    let owner = hcp::owner(&shop.door);
    let nobody = "01JD0000000000000000000001";
    let twice = json!([binding("roles/viewer", &shop.ci), binding("roles/admin", &shop.ci)]);
    let mut group = binding("roles/viewer", &shop.ci);
    group["members"][0]["member_type"] = json!("GROUP");
    for (bindings, code, expected) in [
        (json!([binding("roles/viewer", &shop.ci), binding("roles/viewer", nobody)]), 5, "does not exist"),
        (json!([binding("roles/packer-king", &shop.ci)]), 3, "is not a role"),
        (json!([binding("roles/resource-manager.browser", &shop.ci)]), 3, "is not held here; leave it out"),
        (json!([binding("roles/viewer", "ada")]), 3, "member_id: principal id \"ada\""),
        (json!([group]), 3, "use SERVICE_PRINCIPAL"),
        (twice, 3, "keep the stronger of the two"),
        (json!("nonsense"), 3, "the body is not the JSON that is wanted here"),
    ] {
        let (_, answer) = shop.put(&owner, &bindings, "");
        assert_eq!(answer["code"], code, "{answer}");
        assert!(message(&answer).contains(expected), "{answer}");
        assert_eq!(shop.get(&owner).1["policy"]["bindings"], json!([]), "{expected}");
    }
    for (name, code, expected) in [
        (format!("packer/project/{}/bucket/no-such", shop.project), 5, "bucket no-such does not exist"),
        (format!("packer/project/{}/bucket/web-server", shop.organization), 5, "does not exist"),
        ("vault/project/1".to_owned(), 3, "use packer/project/PROJECT_ID/bucket/NAME"),
        (String::new(), 3, "use packer/project/PROJECT_ID/bucket/NAME"),
    ] {
        let (_, answer) = owner.get(&format!("{RESOURCES}?resource_name={name}"));
        assert_eq!(answer["code"], code, "{answer}");
        assert!(message(&answer).contains(expected), "{answer}");
    }
}

#[test]
fn an_admin_of_a_bucket_gives_roles_on_it_up_to_their_own() {
    let shop = Shop::open();
    shop.door.run("role grant admin --principal deputy --bucket web-server").exits(0);
    let deputy = hcp::principal(&shop.door, "deputy");
    let own = binding("roles/admin", &shop.deputy);
    let (code, answer) = shop.put(&deputy, &json!([own, binding("roles/contributor", &shop.ci)]), "");
    assert_eq!(code, 200, "{answer}");
    let (code, answer) = shop.put(&deputy, &json!([own, binding("roles/owner", &shop.ci)]), "");
    assert_eq!((code, &answer["code"]), (403, &json!(7)), "{answer}");
    assert!(message(&answer).contains("it is above their own"), "{answer}");
    let project = deputy.get(&format!("/resource-manager/2019-12-10/projects/{}/iam-policy", shop.project));
    assert_eq!(project.0, 403, "{}", project.1);
}

#[test]
fn projects_and_the_organization_have_policies_too() {
    let shop = Shop::open();
    let owner = hcp::owner(&shop.door);
    let at = |noun: &str, id: &str| format!("/resource-manager/2019-12-10/{noun}s/{id}/iam-policy");
    let viewer = json!({"policy": {"bindings": [binding("roles/viewer", &shop.ci)]}});
    let (code, answer) = owner.put(&at("project", &shop.project), &viewer);
    assert_eq!((code, &answer["policy"]["bindings"]), (200, &viewer["policy"]["bindings"]), "{answer}");
    let by_name = owner.get(&format!("{RESOURCES}?resource_name=project/{}", shop.project));
    assert_eq!(by_name, (200, answer));

    let (code, answer) = owner.get(&at("organization", &shop.organization));
    assert_eq!((code, &answer["policy"]["bindings"][0]["role_id"]), (200, &json!("roles/owner")), "{answer}");
    let (_, answer) = owner.put(&at("organization", &shop.organization), &json!({"policy": {"bindings": []}}));
    assert_eq!(answer["code"], 9, "{answer}");
    assert!(message(&answer).starts_with("nobody else could manage the organization then"), "{answer}");
}

#[test]
fn principals_are_found_by_their_ids_by_whoever_gives_roles() {
    let shop = Shop::open();
    let of = |client: &Hcp<'_>, ids: &[&str]| {
        let query: Vec<String> = ids.iter().map(|id| format!("principal_ids={id}")).collect();
        let path = format!("/iam/2019-12-10/organizations/{}/principals", shop.organization);
        client.get(&format!("{path}?{}&view=PRINCIPAL_VIEW_BASIC", query.join("&")))
    };
    let owner = hcp::owner(&shop.door);
    let (code, answer) = of(&owner, &[&shop.ci, "nonsense", &shop.deputy, "01JD0000000000000000000001", &shop.ci]);
    assert_eq!(code, 200, "{answer}");
    let [ci, deputy] = answer["principals"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!((&ci["id"], &ci["type"]), (&json!(shop.ci), &json!("PRINCIPAL_TYPE_SERVICE")));
    let name = format!("iam/organization/{}/service-principal/ci", shop.organization);
    assert_eq!((&ci["service"]["name"], &ci["service"]["resource_name"]), (&json!("ci"), &json!(name)));
    assert_eq!(deputy["id"], json!(shop.deputy));

    shop.door.run("role grant viewer --principal ci --project default").exits(0);
    let (_, answer) = of(&hcp::principal(&shop.door, "ci"), &[&shop.ci, &shop.deputy]);
    assert_eq!(answer["principals"].as_array().unwrap().len(), 1, "who gives no roles knows themself: {answer}");
    shop.door.run("role grant admin --principal deputy --bucket web-server").exits(0);
    let (_, answer) = of(&hcp::principal(&shop.door, "deputy"), &[&shop.ci, &shop.deputy]);
    assert_eq!(answer["principals"].as_array().unwrap().len(), 2, "{answer}");
}
