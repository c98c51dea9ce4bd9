use std::cmp::Reverse;

use packer_plugin_registry::model::{BuildStatus, IterationStatus};

use super::{Build, Entry, Iteration, Model};
use crate::store::differential::seen::{self, Bucket};

impl Model {
    /// What the bucket reads as.
    pub(in crate::store::differential) fn bucket(&self) -> Bucket {
        let is_there = |position: &usize| !self.iterations[*position].is_deleted;
        let mut positions: Vec<_> = (0..self.iterations.len()).filter(is_there).collect();
        positions.sort_by_key(|position| {
            let Iteration { recorded_at, version, .. } = &self.iterations[*position];
            Reverse((*recorded_at, *version, *position))
        });
        let version = |iteration: usize| self.iterations[iteration].version;
        let entry = |entry: &Entry| (entry.iteration.and_then(version), entry.author.to_owned());
        Bucket {
            latest_version: self.newest().and_then(|newest| self.iterations[newest].version),
            iterations: positions.into_iter().map(|position| self.iteration(position)).collect(),
            channels: self
                .channels
                .iter()
                .map(|(name, history)| ((*name).to_owned(), history.iter().rev().map(entry).collect()))
                .collect(),
        }
    }

    fn iteration(&self, position: usize) -> seen::Iteration {
        let mut builds: Vec<_> =
            (0..self.builds.len()).filter(|build| self.builds[*build].iteration == position).collect();
        builds.sort_by_key(|build| {
            let Build { push, status, .. } = &self.builds[*build];
            (*status == BuildStatus::Superseded, push.key.component, Reverse((push.at, *build)))
        });
        let points_here = |history: &Vec<Entry>| history.last().is_some_and(|head| head.iteration == Some(position));
        let channels = self.channels.iter().filter(|(_, history)| points_here(history));
        let build = |build: usize| {
            let Build { push, status, identifiers, .. } = &self.builds[build];
            let (component, run) = (push.key.component.to_owned(), push.key.run);
            seen::Build { component, run, status: *status, identifiers: identifiers.clone() }
        };
        seen::Iteration {
            fingerprint: self.iterations[position].fingerprint.clone(),
            version: self.iterations[position].version,
            status: self.status(position),
            recorded_at: self.iterations[position].recorded_at,
            missing: self.missing(position),
            channels: channels.map(|(name, _)| (*name).to_owned()).collect(),
            builds: builds.into_iter().map(build).collect(),
        }
    }

    fn status(&self, position: usize) -> IterationStatus {
        match &self.iterations[position] {
            Iteration { version: None, .. } => IterationStatus::Incomplete,
            Iteration { revocation: None, .. } => IterationStatus::Complete,
            Iteration { .. } if self.is_revoked(position) => IterationStatus::Revoked,
            Iteration { .. } => IterationStatus::RevocationScheduled,
        }
    }
}
