use serde_json::{Value, json};

use super::shop::{Shop, Standing};

/// What fills a path that is described, and what goes along.
pub(super) struct Asked {
    segments: Vec<(&'static str, String)>,
    query: String,
    body: Value,
}

impl Asked {
    /// What leads to all that stands in a bucket.
    pub(super) fn at(standing: &Standing) -> Self {
        let Standing { bucket, version, build, block, block_version } = standing;
        let asked = Self { segments: Vec::new(), query: String::new(), body: Value::Null };
        asked
            .with("bucket_name", *bucket)
            .with("bucket_slug", *bucket)
            .with("channel_name", "canary-shown")
            .with("slug", "canary-shown")
            .with("fingerprint", "canary-one")
            .with("iteration_id", version)
            .with("build_id", build)
            .with("sbom_name", "canary-sbom")
            .with("enforced_block_id", block)
            .with("enforced_block_version_id", block_version)
            .with("task_type", "validation")
    }

    /// The same, with something else in the place of a segment.
    pub(super) fn with(mut self, segment: &'static str, value: impl Into<String>) -> Self {
        self.segments.retain(|(known, _)| *known != segment);
        self.segments.push((segment, value.into()));
        self
    }

    pub(super) fn query(self, query: impl Into<String>) -> Self {
        Self { query: format!("?{}", query.into()), ..self }
    }

    pub(super) fn body(self, body: Value) -> Self {
        Self { body, ..self }
    }

    /// The path and the body of a request in `project`.
    pub(super) fn request(&self, template: &str, (organization, project): (&str, &str)) -> (String, String) {
        let filled = |segment: &str| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some("organization_id") => organization.to_owned(),
            Some("project_id") => project.to_owned(),
            Some(name) => {
                let known = self.segments.iter().find(|(known, _)| *known == name);
                known.unwrap_or_else(|| panic!("nothing fills {name} of {template}")).1.clone()
            }
            None => segment.to_owned(),
        };
        let path = template.split('/').map(filled).collect::<Vec<_>>().join("/");
        (path + &self.query, Self::text(&self.body))
    }

    /// A body as it is sent.
    pub(super) fn text(body: &Value) -> String {
        if body.is_null() { String::new() } else { body.to_string() }
    }
}

/// Roles in one place, of one member.
pub(super) fn policy(member: &str) -> Value {
    json!({"bindings": [{"role_id": "roles/viewer", "members": [{"member_id": member, "member_type": "SERVICE_PRINCIPAL"}]}]})
}

/// What is asked of a new version with one build, which is not done: its bucket, its fingerprint, and its ids.
pub(super) fn at_fresh_build(shop: &Shop<'_>, standing: &Standing) -> Asked {
    let fingerprint = shop.fresh();
    let (version, build) = shop.version(standing.bucket, &fingerprint, false);
    Asked::at(standing).with("fingerprint", fingerprint).with("iteration_id", version).with("build_id", build)
}

/// What is asked of a new version that is complete.
pub(super) fn at_fresh_version(shop: &Shop<'_>, standing: &Standing) -> Asked {
    let fingerprint = shop.fresh();
    let (version, build) = shop.version(standing.bucket, &fingerprint, true);
    Asked::at(standing).with("fingerprint", fingerprint).with("iteration_id", version).with("build_id", build)
}
