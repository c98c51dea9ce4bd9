//! What Schemathesis is told, in its own words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::seeded::Seeded;

/// How requests are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Each case of each schema once, valid and not, of things that are there.
    Systematic,
    /// At random, mostly of things that are there, or that are elsewhere.
    Random,
}

/// A run of Schemathesis.
pub(super) struct Run<'a> {
    pub(super) url: String,
    pub(super) ca_file: String,
    pub(super) token: &'a str,
    pub(super) way: Way,
    /// The project that requests are about.
    pub(super) project: &'a Seeded,
    /// A project whose ids are tried in that one.
    pub(super) other: &'a Seeded,
    /// The id of a project whose registry may be taken out of use.
    pub(super) spare: &'a str,
}

/// What is called the same in every project.
const NAMES: [(&str, &str); 6] = [
    ("bucket_name", "web"),
    ("bucket_slug", "web"),
    ("channel_name", "production"),
    ("slug", "production"),
    ("fingerprint", "one"),
    ("sbom_name", "packages"),
];

/// A bucket that may be deleted.
pub(super) const SPARE_BUCKET: &str = "spare";

/// Operations that the server does not serve, and says so.
const UNSERVED: [&str; 3] =
    ["ListBucketPackagesVulnerabilitySummary", "ListBucketPackagesWithVulnerabilities", "ListBucketVulnerabilities"];

impl Run<'_> {
    pub(super) fn configuration(&self) -> String {
        let Self { url, ca_file, token, spare, .. } = self;
        let (systematic, random) = (self.way == Way::Systematic, self.way == Way::Random);
        format!(
            r#"seed = 20230101
base-url = {url:?}
tls-verify = {ca_file:?}
continue-on-failure = true
warnings = false

[generation]
max-examples = 4
database = "none"
no-shrink = true
with-security-parameters = false

[phases]
examples.enabled = false
stateful.enabled = false
coverage.enabled = {systematic}
coverage.unexpected-methods = []
fuzzing.enabled = {random}

[checks]
enabled = false
not_a_server_error.enabled = true
status_code_conformance.enabled = true
content_type_conformance.enabled = true
response_schema_conformance.enabled = true

[auth.openapi.token]
bearer = {token:?}

[reports.har]
path = "calls.har"

[[operations]]
include-operation-id = {UNSERVED:?}
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", 501]

[[operations]]
include-operation-id = ["CreateBuild"]
parameters."path.fingerprint" = "two"

[[operations]]
include-operation-id = ["UpdateRegistry", "DeleteRegistry"]
parameters.project_id = {spare:?}

[[operations]]
include-operation-id = ["DeleteBucket"]
parameters."path.bucket_name" = {SPARE_BUCKET:?}
parameters."path.bucket_slug" = {SPARE_BUCKET:?}

{}"#,
            self.parameters()
        )
    }

    /// The project is always the one; what is in it is known, or is so mostly.
    fn parameters(&self) -> String {
        let Seeded { location, ids } = self.project;
        let mut text = "[parameters]\n".to_owned();
        for name in ["organization_id", "project_id"] {
            writeln!(text, "{name} = {:?}", location[name].as_str().unwrap()).unwrap();
        }
        let mut known: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let names = NAMES.iter().copied();
        let ids = ids.iter().map(|(name, id)| (*name, id.as_str()));
        let others = self.other.ids.iter().map(|(name, id)| (*name, id.as_str()));
        for (name, value) in names.chain(ids).chain(others) {
            known.entry(name).or_default().push(value);
        }
        if self.way == Way::Systematic {
            for (name, values) in known {
                writeln!(text, "\"path.{name}\" = {:?}", values[0]).unwrap();
            }
            return text;
        }
        for name in known.keys() {
            writeln!(text, "\"path.{name}\" = {{ dictionary = {name:?}, probability = 0.8 }}").unwrap();
        }
        for (name, values) in known {
            writeln!(text, "[dictionaries.{name}]\nvalues = {values:?}").unwrap();
        }
        text
    }
}
