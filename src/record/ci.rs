//! The job of the CI system that runs the build.

use std::collections::BTreeMap;

use super::labels::MAX_VALUE;
use crate::model::{CiJob, Labels};

type Variables = BTreeMap<String, String>;

/// What is known of one CI system.
struct System {
    name: &'static str,
    /// The variable that only this system sets.
    mark: &'static str,
    /// How the names of its variables begin; the details are all that were read and begin so.
    prefixes: &'static [&'static str],
    url: fn(&Variables) -> Option<String>,
}

/// In the order in which they are looked for. Jenkins comes last: its agents may run within the jobs of others.
const SYSTEMS: &[System] = &[
    System { name: "github", mark: "GITHUB_ACTIONS", prefixes: &["GITHUB_"], url: github_url },
    System { name: "gitlab", mark: "GITLAB_CI", prefixes: &["GITLAB_", "CI_"], url: gitlab_url },
    System { name: "bitbucket", mark: "BITBUCKET_BUILD_NUMBER", prefixes: &["BITBUCKET_"], url: bitbucket_url },
    System {
        name: "jenkins",
        mark: "JENKINS_URL",
        prefixes: &["JENKINS_", "BRANCH_", "BUILD_", "GIT_", "JOB_"],
        url: jenkins_url,
    },
];

/// The job that `variables` speak of, with a link to it; `None` outside of the CI systems that are known.
///
/// `variables` hold no secrets, but a URL among them may hold a user name and a password; those are removed.
pub fn read(variables: &BTreeMap<String, String>) -> Option<CiJob> {
    let system = SYSTEMS.iter().find(|system| variables.contains_key(system.mark))?;
    let details: Labels = variables
        .iter()
        .filter(|(name, _)| system.prefixes.iter().any(|prefix| name.starts_with(prefix)))
        .filter(|(name, value)| !(name.as_str() == system.mark && value.as_str() == "true"))
        .map(|(name, value)| (name.clone(), without_userinfo(value).chars().take(MAX_VALUE).collect()))
        .collect();
    let url = (system.url)(variables).map(|url| without_userinfo(&url));
    Some(CiJob { system: system.name.to_owned(), url, details })
}

/// "Default environment variables" of GitHub Actions: server, repository, run and attempt; the link names them all.
fn github_url(variables: &Variables) -> Option<String> {
    let server = variables.get("GITHUB_SERVER_URL")?.trim_end_matches('/');
    let repository = variables.get("GITHUB_REPOSITORY")?;
    let run = variables.get("GITHUB_RUN_ID")?;
    let attempt = variables.get("GITHUB_RUN_ATTEMPT").map(|attempt| format!("/attempts/{attempt}"));
    Some(format!("{server}/{repository}/actions/runs/{run}{}", attempt.unwrap_or_default()))
}

/// "Predefined CI/CD variables" of GitLab: the job's own page, else the pipeline's.
fn gitlab_url(variables: &Variables) -> Option<String> {
    variables.get("CI_JOB_URL").or_else(|| variables.get("CI_PIPELINE_URL")).cloned()
}

/// "Variables and secrets" of Bitbucket Pipelines: `BITBUCKET_GIT_HTTP_ORIGIN` is the repository's page.
fn bitbucket_url(variables: &Variables) -> Option<String> {
    let origin = variables.get("BITBUCKET_GIT_HTTP_ORIGIN")?.trim_end_matches('/');
    let number = variables.get("BITBUCKET_BUILD_NUMBER")?;
    Some(format!("{origin}/pipelines/results/{number}"))
}

/// "Using environment variables" of Jenkins: the page of this build.
fn jenkins_url(variables: &Variables) -> Option<String> {
    variables.get("BUILD_URL").cloned()
}

/// `text` without what stands before an `@` in the host of a URL.
fn without_userinfo(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(pairs: &[(&str, &str)]) -> Option<CiJob> {
        read(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn link(pairs: &[(&str, &str)]) -> (String, Option<String>) {
        let job = job(pairs).unwrap();
        (job.system, job.url)
    }

    fn linked(system: &str, url: &str) -> (String, Option<String>) {
        (system.to_owned(), Some(url.to_owned()))
    }

    #[test]
    fn github_links_to_the_attempt_of_the_run() {
        let run = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SERVER_URL", "https://forge.example/"),
            ("GITHUB_REPOSITORY", "acme/images"),
            ("GITHUB_RUN_ID", "17"),
        ];
        assert_eq!(link(&run), linked("github", "https://forge.example/acme/images/actions/runs/17"));
        let again = [&run[..], &[("GITHUB_RUN_ATTEMPT", "2")]].concat();
        assert_eq!(link(&again), linked("github", "https://forge.example/acme/images/actions/runs/17/attempts/2"));
    }

    #[test]
    fn gitlab_links_to_the_job_or_else_to_the_pipeline() {
        let pipeline = [("GITLAB_CI", "true"), ("CI_PIPELINE_URL", "https://lab.example/p/1")];
        assert_eq!(link(&pipeline), linked("gitlab", "https://lab.example/p/1"));
        let with_job = [&pipeline[..], &[("CI_JOB_URL", "https://lab.example/j/2")]].concat();
        assert_eq!(link(&with_job), linked("gitlab", "https://lab.example/j/2"));
    }

    #[test]
    fn bitbucket_links_to_the_results_of_the_pipeline() {
        let run =
            [("BITBUCKET_BUILD_NUMBER", "9"), ("BITBUCKET_GIT_HTTP_ORIGIN", "https://bucket.example/acme/images")];
        assert_eq!(link(&run), linked("bitbucket", "https://bucket.example/acme/images/pipelines/results/9"));
    }

    #[test]
    fn jenkins_links_to_the_build() {
        let run = [("JENKINS_URL", "https://ci.example/"), ("BUILD_URL", "https://ci.example/job/x/3/")];
        assert_eq!(link(&run), linked("jenkins", "https://ci.example/job/x/3/"));
    }

    #[test]
    fn a_job_without_the_parts_of_its_link_has_no_link() {
        assert_eq!(link(&[("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "17")]), ("github".to_owned(), None));
    }

    #[test]
    fn the_details_are_the_variables_of_that_system_alone() {
        let job = job(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SHA", "0123"),
            ("CI_JOB_ID", "of another system"),
            ("BUILD_NUMBER", "of a third"),
        ]);
        assert_eq!(job.unwrap().details, Labels::from([("GITHUB_SHA".to_owned(), "0123".to_owned())]));
    }

    #[test]
    fn a_password_in_a_url_is_removed() {
        let job = job(&[
            ("JENKINS_URL", "https://me:pass@ci.example/"),
            ("BUILD_URL", "https://me:p@ss@ci.example/job/x/3/?mail=a@b"),
        ])
        .unwrap();
        assert_eq!(job.url.as_deref(), Some("https://ci.example/job/x/3/?mail=a@b"));
        assert_eq!(job.details["JENKINS_URL"], "https://ci.example/");
    }

    #[test]
    fn outside_of_a_ci_system_there_is_no_job() {
        assert_eq!(job(&[("GIT_COMMIT", "0123")]), None);
    }
}
