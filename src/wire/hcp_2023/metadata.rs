use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::model::{self, Build, CiJob, Labels, OsInfo, Vcs};

/// Whence a build came, as Packer says it: three objects whose fields are Packer's own affair.
///
/// What is known of them is read; all of them are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(super) struct BuildMetadata {
    packer: Option<Value>,
    cicd: Option<Value>,
    vcs: Option<Value>,
}

/// Where CI systems link to their job.
const URLS: &[&str] = &["GITHUB_WORKFLOW_URL", "CI_JOB_URL", "BITBUCKET_STEP_URL", "BUILD_URL"];

impl BuildMetadata {
    /// What the model has a place for.
    pub(super) fn read(&self) -> model::BuildMetadata {
        let Self { packer, cicd, vcs } = self;
        let os = packer.as_ref().map_or(&Value::Null, |packer| &packer["os"]);
        model::BuildMetadata {
            packer_version: text(packer.as_ref().map_or(&Value::Null, |packer| &packer["version"])).unwrap_or_default(),
            os: OsInfo {
                kind: text(&os["type"]).unwrap_or_default(),
                arch: text(&os["details"]["arch"]).unwrap_or_default(),
                version: text(&os["details"]["version"]),
            },
            vcs: vcs.as_ref().filter(|vcs| vcs.is_object()).map(|vcs| read_vcs(&vcs["details"])),
            ci: cicd.as_ref().filter(|cicd| cicd.is_object()).map(read_ci),
            ..model::BuildMetadata::default()
        }
    }

    /// All of it as text.
    pub(super) fn reported(&self) -> String {
        let Self { packer, cicd, vcs } = self;
        json!({"packer": packer, "cicd": cicd, "vcs": vcs}).to_string()
    }

    /// What a build says, or what is known of one that came another way; nothing where it has not said anything yet.
    pub(super) fn of(build: &Build) -> Option<Self> {
        let reported = build.reported.as_deref().and_then(|reported| serde_json::from_str(reported).ok());
        reported.or_else(|| (build.metadata != model::BuildMetadata::default()).then(|| Self::known(&build.metadata)))
    }

    /// What is known of a build, as Packer would say it.
    pub(super) fn known(metadata: &model::BuildMetadata) -> Self {
        let OsInfo { kind, arch, version } = &metadata.os;
        let details = json!({"arch": arch, "version": version});
        let packer = json!({"version": metadata.packer_version, "os": {"type": kind, "details": details}});
        Self {
            packer: Some(packer),
            cicd: metadata.ci.as_ref().map(known_ci),
            vcs: metadata.vcs.as_ref().map(known_vcs),
        }
    }
}

fn read_vcs(details: &Value) -> Vcs {
    Vcs {
        commit: text(&details["commit"]),
        // Packer says HEAD where no branch is checked out.
        branch: text(&details["ref"]).filter(|branch| branch != "HEAD"),
        dirty: details["has_uncommitted_changes"].as_bool().unwrap_or_default(),
        author: text(&details["author"]),
    }
}

fn known_vcs(Vcs { commit, branch, dirty, author }: &Vcs) -> Value {
    let details = json!({"ref": branch, "commit": commit, "author": author, "has_uncommitted_changes": dirty});
    json!({"type": "git", "details": details})
}

fn read_ci(cicd: &Value) -> CiJob {
    let details = cicd["details"].as_object().into_iter().flatten();
    let details: Labels = details.filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect();
    let url = URLS.iter().find_map(|key| details.get(*key).cloned());
    CiJob { system: text(&cicd["type"]).unwrap_or_default(), url, details }
}

fn known_ci(CiJob { system, url, details }: &CiJob) -> Value {
    let mut shown: Map<String, Value> =
        details.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    if let Some(url) = url {
        shown.entry("url").or_insert_with(|| url.as_str().into());
    }
    json!({"type": system, "details": shown})
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(metadata: &Value) -> model::BuildMetadata {
        serde_json::from_value::<BuildMetadata>(metadata.clone()).unwrap().read()
    }

    #[test]
    fn what_packer_says_is_read_as_far_as_there_is_a_place_for_it() {
        let metadata = read(&json!({
            "packer": {"version": "1.16.0", "os": {"type": "linux", "details": {"arch": "x86_64", "version": "6.1"}}},
            "vcs": {"type": "git", "details": {"ref": "main", "commit": "c0ffee", "author": "Ada <a@b>",
                "has_uncommitted_changes": true}},
            "cicd": {"type": "gitlab", "details": {"CI_JOB_URL": "https://ci/7", "CI_PROJECT_ID": "3", "X": 1}},
        }));
        assert_eq!(metadata.packer_version, "1.16.0");
        assert_eq!((metadata.os.arch.as_str(), metadata.os.version.as_deref()), ("x86_64", Some("6.1")));
        let vcs = metadata.vcs.unwrap();
        assert_eq!((vcs.commit.as_deref(), vcs.branch.as_deref(), vcs.dirty), (Some("c0ffee"), Some("main"), true));
        let ci = metadata.ci.unwrap();
        assert_eq!((ci.system.as_str(), ci.url.as_deref(), ci.details.len()), ("gitlab", Some("https://ci/7"), 2));
    }

    #[test]
    fn nonsense_is_no_fault_and_says_nothing() {
        let metadata = read(&json!({"packer": "x", "vcs": [1], "cicd": null, "more": {}}));
        assert_eq!(metadata, model::BuildMetadata::default());
        assert_eq!(read(&json!({})), model::BuildMetadata::default());
    }

    #[test]
    fn what_a_build_of_ours_knows_reads_back_as_itself() {
        let known = model::BuildMetadata {
            packer_version: "1.14.0".to_owned(),
            os: OsInfo { kind: "linux".to_owned(), arch: "arm64".to_owned(), version: None },
            vcs: Some(Vcs { commit: Some("c0ffee".to_owned()), branch: None, dirty: false, author: None }),
            ..model::BuildMetadata::default()
        };
        assert_eq!(BuildMetadata::known(&known).read(), known);
    }
}
