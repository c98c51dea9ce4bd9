use std::cell::Cell;
use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use super::asked::Asked;
use crate::hcp::project::{Project, RUN};
use crate::hcp::sboms::compressed;
use crate::support::hcp_client::Hcp;

/// The bucket that roles on a bucket are held on; the other project has one of that name too.
pub(super) const WEB: &str = "web";

/// The other bucket of the project; the other project has none of that name.
pub(super) const DATABASE: &str = "canary-db";

/// What all is called that nobody of the other project may learn of.
pub(super) const CANARY: &str = "canary";

/// A project in which something of everything stands, and what its only keeper makes there for those who call.
pub(super) struct Shop<'s> {
    project: &'s Project,
    keeper: Hcp<'s>,
    pub(super) organization: String,
    pub(super) id: String,
    /// The other project of the organization.
    pub(super) other: String,
    /// Principals of the project and of the organization, to give roles to.
    pub(super) members: [String; 2],
    counter: Cell<u32>,
}

/// What stands in a bucket.
pub(super) struct Standing {
    pub(super) bucket: &'static str,
    pub(super) version: String,
    pub(super) build: String,
    pub(super) block: String,
    pub(super) block_version: String,
}

impl<'s> Shop<'s> {
    /// Opens it on a server, and another project beside it, which has a bucket of the same name and nothing else.
    pub(super) fn open(project: &'s Project) -> Self {
        let owner = project.owner();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let place = owner.location();
        let other = json_of(project, &["project", "create", "other"]);
        let other = text(&other["id"]);
        let name = "canary-keeper";
        let home = ["--project", "default"];
        json_of(project, &[&["principal", "create", name][..], &home].concat());
        let grant = ["role", "grant", "contributor", "--principal", name, "--project", "default"];
        project.run(&grant).succeeded();
        let keeper = credentials(project, &[&[name][..], &home].concat());
        let local = json_of(project, &["principal", "create", "canary-local", "--project", "default"]);
        let global = json_of(project, &["principal", "create", "global"]);
        project.run(&["project", "rename", "default", CANARY]).succeeded();
        let shop = Self {
            keeper: Hcp::with(project.server(), &keeper.0, &keeper.1),
            project,
            organization: text(&place["organization_id"]),
            id: text(&place["project_id"]),
            other,
            members: [text(&local["id"]), text(&global["id"])],
            counter: Cell::default(),
        };
        for bucket in [WEB, DATABASE] {
            let labels = json!({"team": CANARY});
            let body = json!({"name": bucket, "description": "the canary of the mine", "labels": labels});
            shop.done(Method::PUT, "/buckets", &body);
            shop.version(bucket, "canary-one", true);
            for (name, restricted) in [("canary-shown", false), ("canary-hidden", true)] {
                let body = json!({"name": name, "restricted": restricted, "version_fingerprint": "canary-one"});
                shop.done(Method::POST, &format!("/buckets/{bucket}/channels"), &body);
            }
        }
        let there = Hcp::owner(project.server());
        let at = format!("/packer/2023-01-01/organizations/{}/projects/{}", shop.organization, shop.other);
        let (code, answer) = there.put(&format!("{at}/buckets"), &json!({"name": WEB}));
        assert_eq!(code, 200, "{answer}");
        shop
    }

    /// A new principal of the organization with a role, or without.
    pub(super) fn holder(&self, name: &str, role: Option<(&str, &[&str])>) -> Hcp<'s> {
        json_of(self.project, &["principal", "create", name]);
        if let Some((role, place)) = role {
            self.project.run(&[&["role", "grant", role, "--principal", name], place].concat()).succeeded();
        }
        let (id, secret) = credentials(self.project, &[name]);
        Hcp::with(self.project.server(), &id, &secret)
    }

    /// An admin of the other project, who is at home there.
    pub(super) fn foreigner(&self) -> Hcp<'s> {
        let home = ["--project", "other"];
        json_of(self.project, &[&["principal", "create", "foreigner"][..], &home].concat());
        self.project.run(&[&["role", "grant", "admin", "--principal", "foreigner"][..], &home].concat()).succeeded();
        let (id, secret) = credentials(self.project, &[&["foreigner"][..], &home].concat());
        Hcp::with(self.project.server(), &id, &secret)
    }

    /// A name that nothing else gets.
    pub(super) fn fresh(&self) -> String {
        self.counter.set(self.counter.get() + 1);
        format!("canary-{}", self.counter.get())
    }

    /// A new bucket.
    pub(super) fn bucket(&self) -> String {
        let name = self.fresh();
        self.done(Method::PUT, "/buckets", &json!({"name": name}));
        name
    }

    /// A new channel of a bucket.
    pub(super) fn channel(&self, bucket: &str) -> String {
        let name = self.fresh();
        self.done(Method::POST, &format!("/buckets/{bucket}/channels"), &json!({"name": name}));
        name
    }

    /// A new version of a bucket, with one build: its id and that of the build.
    pub(super) fn version(&self, bucket: &str, fingerprint: &str, is_complete: bool) -> (String, String) {
        let versions = format!("/buckets/{bucket}/versions");
        let made = self.done(Method::POST, &versions, &json!({"fingerprint": fingerprint}));
        let builds = format!("{versions}/{fingerprint}/builds");
        let build = json!({"component_type": "canary.east", "packer_run_uuid": RUN, "status": "BUILD_RUNNING"});
        let build = self.done(Method::POST, &builds, &build)["build"]["id"].as_str().unwrap().to_owned();
        if is_complete {
            let document = json!({
                "bomFormat": "CycloneDX", "specVersion": "1.6",
                "components": [{"type": "library", "name": "canary-lib", "version": "1", "purl": "pkg:deb/canary@1"}],
            });
            let sbom = json!({"format": "CYCLONEDX", "name": "canary-sbom", "compressed_sbom": compressed(&document)});
            self.done(Method::PUT, &format!("{builds}/{build}/sboms"), &sbom);
            let done = json!({
                "status": "BUILD_DONE", "platform": "aws", "labels": {"bird": "canary-bird"},
                "artifacts": [{"external_identifier": "ami-canary", "region": "us-east-1"}],
            });
            self.done(Method::PATCH, &format!("{builds}/{build}"), &done);
        }
        (made["version"]["id"].as_str().unwrap().to_owned(), build)
    }

    /// A new enforced block: its id and that of its version.
    pub(super) fn block(&self) -> (String, String) {
        let body = json!({
            "name": self.fresh(), "version": "v1", "block_content": "provisioner \"canary\" {}",
            "additional_description": CANARY, "labels": {"bird": "canary-bird"},
        });
        let block = &self.done(Method::PUT, "/enforced_blocks", &body)["enforced_block"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&block["id"]), text(&block["latest_version"]["id"]))
    }

    /// What stands in `bucket`, with an enforced block that is linked to it.
    pub(super) fn standing(&self, bucket: &'static str) -> Standing {
        let (_, version) = self.keeper(Method::GET, &format!("/buckets/{bucket}/versions/canary-one"), &Value::Null);
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{version}")).to_owned();
        let (block, block_version) = self.block();
        let links = format!("/enforced_blocks/{block}/versions/{block_version}/buckets");
        self.done(Method::POST, &links, &json!({"bucket_names": [bucket]}));
        let build = text(&version["version"]["builds"][0]["id"]);
        Standing { bucket, version: text(&version["version"]["id"]), build, block, block_version }
    }

    /// All that is told of the project to one of its contributors.
    pub(super) fn everything(&self) -> Vec<Value> {
        let lists = ["/registry", "/runtasks/validation", "/runtasks/config", "/buckets", "/enforced_blocks"];
        let mut paths: Vec<String> = lists.map(ToOwned::to_owned).to_vec();
        for bucket in [WEB, DATABASE] {
            let of_bucket = ["", "/versions", "/channels", "/packages", "/channels/canary-shown/history"];
            paths.extend(of_bucket.map(|rest| format!("/buckets/{bucket}{rest}")));
            paths.push(format!("/enforced_blocks/bucket/{bucket}"));
        }
        paths.iter().map(|path| self.keeper(Method::GET, path, &Value::Null).1).collect()
    }

    /// Ids and keys of what stands in the project.
    pub(super) fn ids(&self) -> BTreeSet<String> {
        let mut ids = BTreeSet::from([self.id.clone(), self.members[0].clone()]);
        self.everything().iter().for_each(|answer| collect_ids(answer, &mut ids));
        ids.remove(&self.organization);
        // The run of all builds, of this project and of others.
        ids.remove(RUN);
        // Who makes the channel `latest` of each bucket.
        ids.remove("registry");
        ids
    }

    /// Asks as whoever keeps the shop.
    fn keeper(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let path = format!("/packer/2023-01-01/organizations/{}/projects/{}{path}", self.organization, self.id);
        self.keeper.call(method, &path, &Asked::text(body))
    }

    #[track_caller]
    fn done(&self, method: Method, path: &str, body: &Value) -> Value {
        let (code, answer) = self.keeper(method, path, body);
        assert_eq!(code, 200, "{path}: {answer}");
        answer
    }
}

fn json_of(project: &Project, arguments: &[&str]) -> Value {
    let ran = project.run(&[arguments, &["--json"]].concat()).succeeded();
    serde_json::from_str(&ran.stdout).unwrap()
}

/// A new secret of a principal.
fn credentials(project: &Project, principal: &[&str]) -> (String, String) {
    let made = json_of(project, &[&["principal", "secret", "create"], principal].concat());
    let text = |key: &str| made[key].as_str().unwrap().to_owned();
    (text("client_id"), text("client_secret"))
}

fn collect_ids(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str() {
                    // That of the run task ends its address.
                    Some(text) if key == "id" || key.ends_with("_id") || key == "hmac_key" || key == "api_url" => {
                        ids.extend(text.rsplit('/').next().filter(|id| !id.is_empty()).map(ToOwned::to_owned));
                    }
                    _ => collect_ids(value, ids),
                }
            }
        }
        _ => {}
    }
}
