//! How far builds are: the API of 2023 puts a word before what that of 2021 says alone.

use super::Invalid;
use crate::model::{Build, BuildStatus, Iteration};

/// What stands before each status in the API of 2023.
const PREFIX: &str = "BUILD_";

/// What clients may say.
const STATUSES: &[(&str, BuildStatus)] = &[
    ("BUILD_UNSET", BuildStatus::Registered),
    ("BUILD_RUNNING", BuildStatus::Running),
    ("BUILD_DONE", BuildStatus::Done),
    ("BUILD_CANCELLED", BuildStatus::Cancelled),
    ("BUILD_FAILED", BuildStatus::Failed),
];

/// The builds of an iteration that there are for clients of HCP: to them, an iteration has one build of each kind.
pub fn shown_builds(iteration: &Iteration) -> impl Iterator<Item = &Build> {
    let counts = |status| !matches!(status, BuildStatus::Superseded | BuildStatus::Destroyed);
    iteration.builds.iter().filter(move |build| counts(build.status))
}

/// Whether the images of a build may be shown: Packer may have deleted what is not confirmed.
pub fn shows_images(build: &Build) -> bool {
    build.status != BuildStatus::Unconfirmed
}

/// How the API of 2023 writes it.
pub fn build_status(status: BuildStatus) -> &'static str {
    match status {
        BuildStatus::Registered => "BUILD_UNSET",
        BuildStatus::Running | BuildStatus::Unconfirmed => "BUILD_RUNNING",
        BuildStatus::Done => "BUILD_DONE",
        BuildStatus::Failed | BuildStatus::Destroyed => "BUILD_FAILED",
        BuildStatus::Cancelled | BuildStatus::Superseded => "BUILD_CANCELLED",
    }
}

/// How the API of 2021 writes it.
pub fn bare_build_status(status: BuildStatus) -> &'static str {
    bare(build_status(status))
}

/// Reads what the API of 2023 writes.
///
/// # Errors
/// [`Invalid`].
pub fn read_build_status(text: &str) -> Result<BuildStatus, Invalid> {
    read(text, |name| name)
}

/// Reads what the API of 2021 writes.
///
/// # Errors
/// [`Invalid`].
pub fn read_bare_build_status(text: &str) -> Result<BuildStatus, Invalid> {
    read(text, bare)
}

fn bare(name: &'static str) -> &'static str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

fn read(text: &str, written: fn(&'static str) -> &'static str) -> Result<BuildStatus, Invalid> {
    match STATUSES.iter().find(|(name, _)| written(name) == text) {
        Some((_, status)) => Ok(*status),
        None => {
            let known: Vec<&str> = STATUSES.iter().map(|(name, _)| written(name)).collect();
            let (last, others) = known.split_last().map_or(("", &known[..]), |(last, others)| (*last, others));
            Err(Invalid::new("status", format!("{text:?} is not known; use {} or {last}", others.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_by_the_same_version_of_the_api_alone() {
        for (name, status) in STATUSES {
            assert_eq!((build_status(*status), read_build_status(name)), (*name, Ok(*status)));
            let bare = bare_build_status(*status);
            assert_eq!((format!("BUILD_{bare}"), read_bare_build_status(bare)), ((*name).to_owned(), Ok(*status)));
            assert!(read_build_status(bare).is_err() && read_bare_build_status(name).is_err());
        }
        let message = read_bare_build_status("LATE").unwrap_err().to_string();
        assert_eq!(message, "status: \"LATE\" is not known; use UNSET, RUNNING, DONE, CANCELLED or FAILED");
    }
}
