//! Our answers, as the models of HCP's SDK read them.

mod of_2021;
mod of_2023;
mod of_the_platform;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::project::Project;
use crate::support::ran::Ran;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/hcpcheck");

/// Which API answered, which model of it that should be, and what was answered.
type Answer = (&'static str, &'static str, Value);

/// What the models have and this server never says.
const NEVER_SAID: &[&str] = &[
    // There is one kind of principal, and nobody else manages them.
    "iam Principal.group",
    "iam Principal.group_ids",
    "iam Principal.user",
    "iam ServicePrincipal.managed_by",
    // What is begun is done when it is answered, and nothing is kept of it.
    "operation ListResponse.operations",
    "operation Location.region",
    "operation Operation.error",
    "operation Operation.link",
    "operation Operation.response",
    "operation PaginationResponse.next_page_token",
    "operation PaginationResponse.previous_page_token",
    "packer 2021-04-30 Operation.error",
    "packer 2021-04-30 Operation.link",
    "packer 2021-04-30 Operation.response",
    "packer 2023-01-01 Operation.error",
    "packer 2023-01-01 Operation.link",
    "packer 2023-01-01 Operation.response",
    // There are no regions.
    "packer 2021-04-30 Location.region",
    "packer 2023-01-01 Location.region",
    // An organization has no owner and no projects beyond one page, and projects have no description.
    "resource-manager Organization.owner",
    "resource-manager Organization.tfc_synced",
    "resource-manager PaginationResponse.next_page_token",
    "resource-manager PaginationResponse.previous_page_token",
    "resource-manager Project.description",
    // The key of the run task is told by the call that asks for it, and to nobody who may only read.
    "packer 2021-04-30 RegistryTFCRunTaskConfig.api_id",
    "packer 2021-04-30 RegistryTFCRunTaskConfig.hmac_key",
    "packer 2023-01-01 RegistryTFCRunTaskConfig.api_id",
    "packer 2023-01-01 RegistryTFCRunTaskConfig.hmac_key",
    // Vulnerabilities are not looked for.
    "packer 2023-01-01 Package.build_id",
    "packer 2023-01-01 Package.build_name",
    "packer 2023-01-01 Package.channel_id",
    "packer 2023-01-01 Package.channel_name",
    "packer 2023-01-01 Package.vuln_details",
    // What the documentation of HCP does not explain, or other calls answer.
    "packer 2021-04-30 BucketLatestIteration.iteration_ancestor_id",
    "packer 2021-04-30 Build.source_build_ulid",
    "packer 2021-04-30 ChannelAssignmentIteration.parents",
    "packer 2021-04-30 Iteration.iteration_ancestor_id",
    "packer 2021-04-30 IterationforList.has_descendants",
    "packer 2021-04-30 IterationforList.iteration_ancestor_id",
    "packer 2021-04-30 LatestIterationBuild.source_build_ulid",
];

#[test]
#[ignore = "needs Go"]
fn the_sdk_of_hcp_reads_all_that_is_answered_and_writes_the_same() {
    let project = Project::start();
    let mut answers = of_2023::answers(&project);
    answers.extend(of_2021::answers(&project));
    answers.extend(of_the_platform::answers(&project));
    let ran = hcpcheck(&answers).succeeded();
    let silent: BTreeSet<&str> = ran.stdout.lines().collect();
    let known: BTreeSet<&str> = NEVER_SAID.iter().copied().collect();
    let new: Vec<_> = silent.difference(&known).collect();
    assert!(new.is_empty(), "no answer says anything in these fields: {new:#?}");
    let said: Vec<_> = known.difference(&silent).collect();
    assert!(said.is_empty(), "these are said by now: {said:#?}");
}

fn hcpcheck(answers: &[Answer]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("hcpcheck");
    let built = Command::new("go").current_dir(SOURCE).args(["build", "-o"]).arg(&program).arg(".").status();
    assert!(built.expect("Go is installed and on the PATH").success(), "hcpcheck builds");
    let mut lines = String::new();
    for (api, model, answer) in answers {
        writeln!(lines, "{api}\t{model}\t{answer}").unwrap();
    }
    let piped =
        |program| Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = piped(&program).unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}
