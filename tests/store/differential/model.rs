mod reading;

use std::collections::{BTreeMap, BTreeSet};

use packer_plugin_registry::model::BuildStatus;

use super::engine::BEGIN;
use super::seen::{Answer, Receipt, Warning};
use super::transition::{Key, Push, Selector, Transition};

const LATEST: &str = "latest";

/// The rules, as simply as they can be said. Positions stand for ids: what was made later has a higher one.
#[derive(Clone, Debug)]
pub(super) struct Model {
    now: i64,
    versions: u32,
    chosen: u32,
    iterations: Vec<Iteration>,
    builds: Vec<Build>,
    /// The histories of channels, oldest entry first; empty before the bucket is there.
    channels: BTreeMap<&'static str, Vec<Entry>>,
    /// What the last operation answers.
    pub(super) answer: Answer,
}

#[derive(Clone, Debug)]
struct Iteration {
    fingerprint: String,
    version: Option<u32>,
    recorded_at: i64,
    revocation: Option<Revocation>,
    is_deleted: bool,
}

#[derive(Clone, Debug)]
struct Revocation {
    revoke_at: i64,
    turns_channels: bool,
}

#[derive(Clone, Debug)]
struct Build {
    push: Push,
    iteration: usize,
    status: BuildStatus,
    superseded_by: Option<usize>,
    identifiers: Vec<String>,
}

#[derive(Clone, Debug)]
struct Entry {
    iteration: Option<usize>,
    author: &'static str,
    effective_at: i64,
}

/// Why an operation is not done.
enum No {
    NotFound,
    Refused,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            now: BEGIN,
            versions: 0,
            chosen: 0,
            iterations: Vec::new(),
            builds: Vec::new(),
            channels: BTreeMap::new(),
            answer: Answer::Nothing,
        }
    }
}

impl Model {
    /// The keys of all records.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.builds.iter().map(|build| build.push.key.clone()).collect()
    }

    pub(super) fn apply(&mut self, transition: &Transition) {
        self.wait_until(self.now + if let Transition::Wait(milliseconds) = transition { *milliseconds } else { 1 });
        let answer = match transition {
            Transition::Ingest(push) => self.ingest(push).map(Answer::Receipt),
            Transition::Confirm(key) => self.confirm(key).map(Answer::Receipt),
            Transition::Destroy(key) => self.destroy(key).map(|()| Answer::Nothing),
            Transition::Complete(selector) => self.complete_partial(selector).map(Answer::Receipt),
            Transition::Assign(channel, selector) => self.assign(channel, selector).map(Answer::Pointed),
            Transition::Unassign(channel) => self.unassign(channel).map(|()| Answer::Nothing),
            Transition::DeleteChannel(channel) => self.delete_channel(channel).map(|()| Answer::Nothing),
            Transition::Revoke(selector, after, turns) => {
                self.revoke(selector, *after, *turns).map(|()| Answer::Nothing)
            }
            Transition::Restore(selector) => self.restore(selector).map(|()| Answer::Nothing),
            Transition::DeleteIteration(selector, turns) => self.delete(selector, *turns).map(|()| Answer::Nothing),
            Transition::Wait(_) => Ok(Answer::Nothing),
        };
        self.answer = answer.unwrap_or_else(|no| match no {
            No::NotFound => Answer::NotFound,
            No::Refused => Answer::Refused,
        });
    }

    /// Lets the time pass, and channels turn at each moment at which a revocation takes effect.
    fn wait_until(&mut self, moment: i64) {
        let revocations = self.iterations.iter().filter_map(|iteration| iteration.revocation.as_ref());
        let due =
            revocations.map(|revocation| revocation.revoke_at).filter(|due| (self.now + 1..=moment).contains(due));
        for due in due.collect::<BTreeSet<i64>>() {
            self.now = due;
            self.turn_channels();
        }
        self.now = moment;
    }

    fn ingest(&mut self, push: &Push) -> Result<Receipt, No> {
        if let Some(build) = self.find(&push.key) {
            return self.replay(push, build);
        }
        self.channels.entry(LATEST).or_default();
        let iteration = self.open_for(&push.key, push.at);
        let warnings = self.went_elsewhere(push.key.fingerprint, iteration);
        let mut push = push.clone();
        push.expected.push(push.key.component);
        let identifiers = push.identifiers();
        let status = BuildStatus::Unconfirmed;
        self.builds.push(Build { push, iteration, status, superseded_by: None, identifiers });
        Ok(self.receipt(iteration, warnings))
    }

    fn replay(&mut self, push: &Push, build: usize) -> Result<Receipt, No> {
        let iteration = self.kept(build)?;
        let known = &self.builds[build].identifiers;
        let new: Vec<_> = push.identifiers().into_iter().filter(|identifier| !known.contains(identifier)).collect();
        if !new.is_empty() && self.iterations[iteration].version.is_some() {
            return Err(No::Refused);
        }
        let mut warnings = self.went_elsewhere(push.key.fingerprint, iteration);
        let replayed = new.is_empty();
        if !replayed {
            self.builds[build].identifiers.extend(new.clone());
            warnings.push(Warning::Added(new));
        }
        Ok(Receipt { replayed, ..self.receipt(iteration, warnings) })
    }

    /// The open iteration that takes a record, which is noted as its newest where it is.
    fn open_for(&mut self, key: &Key, at: i64) -> usize {
        let fresh = format!("fresh-{}", key.run);
        for fingerprint in [key.fingerprint, &fresh] {
            match self.by_fingerprint(fingerprint) {
                None => return self.create(fingerprint.to_owned(), at),
                Some(found) if self.iterations[found].version.is_none() => return self.note(found, at),
                Some(_) => {}
            }
        }
        let of_this_run = |build: &&Build| {
            let Key { fingerprint, run, .. } = build.push.key;
            let Iteration { version, is_deleted, .. } = self.iterations[build.iteration];
            (fingerprint, run) == (key.fingerprint, key.run) && version.is_none() && !is_deleted
        };
        match self.builds.iter().filter(of_this_run).map(|build| build.iteration).max() {
            Some(found) => self.note(found, at),
            None => {
                self.chosen += 1;
                self.create(format!("chosen-{}", self.chosen), at)
            }
        }
    }

    fn create(&mut self, fingerprint: String, recorded_at: i64) -> usize {
        let revocation = None;
        self.iterations.push(Iteration { fingerprint, version: None, recorded_at, revocation, is_deleted: false });
        self.iterations.len() - 1
    }

    fn note(&mut self, iteration: usize, at: i64) -> usize {
        let recorded_at = &mut self.iterations[iteration].recorded_at;
        *recorded_at = at.max(*recorded_at);
        iteration
    }

    fn confirm(&mut self, key: &Key) -> Result<Receipt, No> {
        let build = self.find(key).ok_or(No::NotFound)?;
        self.kept(build)?;
        let mut warnings = Vec::new();
        if self.builds[build].status == BuildStatus::Unconfirmed {
            if self.iterations[self.builds[build].iteration].version.is_some() {
                // It was left out of a partial completion.
                let to = self.open_for(key, self.builds[build].push.at);
                self.builds[build].iteration = to;
                warnings.push(Warning::WentTo(self.iterations[to].fingerprint.clone()));
            }
            self.take_place(build);
        }
        for made_way in self.builds.iter().filter(|other| other.superseded_by == Some(build)) {
            let run = made_way.push.key.run;
            warnings.push(Warning::Superseded { run, identifiers: made_way.identifiers.clone() });
        }
        let Build { status, iteration, .. } = self.builds[build];
        if status == BuildStatus::Superseded {
            warnings.push(Warning::ArrivedSuperseded);
        }
        let is_open = self.iterations[iteration].version.is_none();
        let mut assigned = Vec::new();
        if status == BuildStatus::Done && is_open && self.missing(iteration).is_empty() {
            assigned = self.complete(iteration, &mut warnings);
        }
        Ok(Receipt { assigned, ..self.receipt(iteration, warnings) })
    }

    /// Of several confirmed records of the same build, the newest is in force.
    fn take_place(&mut self, build: usize) {
        let holder = (0..self.builds.len()).find(|other| self.is_rival(*other, build, BuildStatus::Done));
        if let Some(holder) = holder {
            if self.builds[holder].push.at > self.builds[build].push.at {
                self.builds[build].status = BuildStatus::Superseded;
                return;
            }
            self.builds[holder].status = BuildStatus::Superseded;
            self.builds[holder].superseded_by = Some(build);
        }
        self.builds[build].status = BuildStatus::Done;
    }

    fn is_rival(&self, other: usize, build: usize, status: BuildStatus) -> bool {
        let (other, build) = (&self.builds[other], &self.builds[build]);
        other.iteration == build.iteration
            && other.push.key.component == build.push.key.component
            && other.status == status
    }

    fn destroy(&mut self, key: &Key) -> Result<(), No> {
        let build = self.find(key).ok_or(No::NotFound)?;
        if self.builds[build].status != BuildStatus::Destroyed {
            self.kept(build)?;
        }
        let was = std::mem::replace(&mut self.builds[build].status, BuildStatus::Destroyed);
        if was == BuildStatus::Done && self.iterations[self.builds[build].iteration].version.is_none() {
            let rivals = (0..self.builds.len()).filter(|other| self.is_rival(*other, build, BuildStatus::Superseded));
            if let Some(next) = rivals.max_by_key(|other| (self.builds[*other].push.at, *other)) {
                self.builds[next].status = BuildStatus::Done;
                self.builds[next].superseded_by = None;
            }
        }
        Ok(())
    }

    fn complete_partial(&mut self, selector: &Selector) -> Result<Receipt, No> {
        let iteration = self.select(selector)?;
        if self.iterations[iteration].version.is_some() || self.done(iteration).is_empty() {
            return Err(No::Refused);
        }
        let mut warnings = Vec::new();
        let assigned = self.complete(iteration, &mut warnings);
        Ok(Receipt { assigned, ..self.receipt(iteration, warnings) })
    }

    /// Numbers an iteration and moves its channels; answers which.
    fn complete(&mut self, iteration: usize, warnings: &mut Vec<Warning>) -> Vec<String> {
        self.versions += 1;
        self.iterations[iteration].version = Some(self.versions);
        let recorded_at = self.iterations[iteration].recorded_at;
        let in_force = self.builds_of(iteration).filter(|build| build.status == BuildStatus::Done);
        let asked: BTreeSet<_> = in_force.flat_map(|build| build.push.channels.iter().copied()).collect();
        let mut assigned = Vec::new();
        for name in asked.into_iter().filter(|name| *name != LATEST) {
            let history = self.channels.entry(name).or_default();
            if history.last().is_some_and(|head| head.effective_at > recorded_at) {
                warnings.push(Warning::MovedSince(name.to_owned()));
                continue;
            }
            history.push(Entry { iteration: Some(iteration), author: "ada", effective_at: recorded_at });
            assigned.push(name.to_owned());
        }
        self.turn_channels();
        let latest = self.channels.get(LATEST).and_then(|history| history.last());
        assigned.extend((latest.and_then(|head| head.iteration) == Some(iteration)).then(|| LATEST.to_owned()));
        assigned
    }

    /// Lets `latest` point at the newest iteration in force, and others turn away from what is revoked.
    fn turn_channels(&mut self) {
        let mut turned = Vec::new();
        for (name, history) in &self.channels {
            let head = history.last();
            let iteration = head.and_then(|head| head.iteration);
            let (in_force, effective_at) = if *name == LATEST {
                (self.newest(), self.now)
            } else if iteration.is_some_and(|iteration| self.is_left(iteration)) {
                (self.last_in_force(history), head.map_or(self.now, |head| head.effective_at))
            } else {
                continue;
            };
            if in_force != iteration {
                turned.push((*name, Entry { iteration: in_force, author: "registry", effective_at }));
            }
        }
        for (name, entry) in turned {
            self.channels.entry(name).or_default().push(entry);
        }
    }

    fn is_left(&self, iteration: usize) -> bool {
        let revocation = self.iterations[iteration].revocation.as_ref();
        self.is_revoked(iteration) && revocation.is_some_and(|revocation| revocation.turns_channels)
    }

    fn is_revoked(&self, iteration: usize) -> bool {
        let revocation = self.iterations[iteration].revocation.as_ref();
        revocation.is_some_and(|revocation| revocation.revoke_at <= self.now)
    }

    /// What a channel turns back to.
    fn last_in_force(&self, history: &[Entry]) -> Option<usize> {
        history.iter().rev().filter_map(|entry| entry.iteration).find(|iteration| self.is_in_force(*iteration))
    }

    fn is_in_force(&self, iteration: usize) -> bool {
        let Iteration { version, is_deleted, .. } = &self.iterations[iteration];
        version.is_some() && !self.is_revoked(iteration) && !is_deleted
    }

    /// The iteration in force with the newest record.
    fn newest(&self) -> Option<usize> {
        let in_force = (0..self.iterations.len()).filter(|position| self.is_in_force(*position));
        in_force.max_by_key(|position| (self.iterations[*position].recorded_at, self.iterations[*position].version))
    }

    fn assign(&mut self, channel: &'static str, selector: &Selector) -> Result<Option<u32>, No> {
        if channel == LATEST {
            return Err(No::Refused);
        }
        let iteration = self.select(selector)?;
        if !self.is_in_force(iteration) {
            return Err(No::Refused);
        }
        self.point(channel, Some(iteration));
        Ok(self.iterations[iteration].version)
    }

    /// Points a channel by hand, unless it points there already.
    fn point(&mut self, channel: &'static str, iteration: Option<usize>) {
        let history = self.channels.entry(channel).or_default();
        if history.last().and_then(|head| head.iteration) != iteration {
            history.push(Entry { iteration, author: "ada", effective_at: self.now });
        }
    }

    /// Only channels that people move can be moved, or deleted.
    fn require_unmanaged(&self, channel: &str) -> Result<(), No> {
        if !self.channels.contains_key(channel) {
            return Err(No::NotFound);
        }
        if channel == LATEST { Err(No::Refused) } else { Ok(()) }
    }

    fn unassign(&mut self, channel: &'static str) -> Result<(), No> {
        self.require_unmanaged(channel)?;
        self.point(channel, None);
        Ok(())
    }

    fn delete_channel(&mut self, channel: &str) -> Result<(), No> {
        self.require_unmanaged(channel)?;
        self.channels.remove(channel);
        Ok(())
    }

    fn revoke(&mut self, selector: &Selector, after: i64, turns_channels: bool) -> Result<(), No> {
        let iteration = self.select(selector)?;
        if !self.is_in_force(iteration) {
            return Err(No::Refused);
        }
        let revocation = &mut self.iterations[iteration].revocation;
        let known = revocation.as_ref().map_or(i64::MAX, |revocation| revocation.revoke_at);
        let revoke_at = known.min(self.now + after.max(0));
        *revocation = Some(Revocation { revoke_at, turns_channels });
        self.turn_channels();
        Ok(())
    }

    fn restore(&mut self, selector: &Selector) -> Result<(), No> {
        let iteration = self.select(selector)?;
        self.iterations[iteration].revocation.take().ok_or(No::Refused)?;
        self.turn_channels();
        Ok(())
    }

    fn delete(&mut self, selector: &Selector, turns_channels: bool) -> Result<(), No> {
        let iteration = self.select(selector)?;
        let points_here = |history: &[Entry]| history.last().is_some_and(|head| head.iteration == Some(iteration));
        let unmanaged = self.channels.iter().filter(|(name, _)| **name != LATEST);
        let here: Vec<_> = unmanaged.filter(|(_, history)| points_here(history)).map(|(name, _)| *name).collect();
        if !turns_channels && !here.is_empty() {
            return Err(No::Refused);
        }
        self.iterations[iteration].is_deleted = true;
        for name in here {
            self.point(name, self.last_in_force(&self.channels[name]));
        }
        self.turn_channels();
        Ok(())
    }

    fn select(&self, selector: &Selector) -> Result<usize, No> {
        let found = match selector {
            Selector::Fingerprint(name) => self.by_fingerprint(name),
            Selector::Version(version) => {
                self.iterations.iter().position(|found| found.version == Some(*version) && !found.is_deleted)
            }
            Selector::Channel(name) => {
                self.channels.get(name).and_then(|history| history.last()).and_then(|head| head.iteration)
            }
        };
        found.ok_or(No::NotFound)
    }

    fn by_fingerprint(&self, fingerprint: &str) -> Option<usize> {
        self.iterations.iter().position(|found| found.fingerprint == fingerprint && !found.is_deleted)
    }

    /// The iteration of a build, unless it was deleted.
    fn kept(&self, build: usize) -> Result<usize, No> {
        let iteration = self.builds[build].iteration;
        if self.iterations[iteration].is_deleted { Err(No::Refused) } else { Ok(iteration) }
    }

    fn find(&self, key: &Key) -> Option<usize> {
        self.builds.iter().position(|build| build.push.key == *key)
    }

    fn builds_of(&self, iteration: usize) -> impl Iterator<Item = &Build> {
        self.builds.iter().filter(move |build| build.iteration == iteration)
    }

    fn done(&self, iteration: usize) -> BTreeSet<&'static str> {
        let done = self.builds_of(iteration).filter(|build| build.status == BuildStatus::Done);
        done.map(|build| build.push.key.component).collect()
    }

    fn expected(&self, iteration: usize) -> BTreeSet<&'static str> {
        self.builds_of(iteration).flat_map(|build| build.push.expected.iter().copied()).collect()
    }

    fn missing(&self, iteration: usize) -> Vec<String> {
        self.expected(iteration).difference(&self.done(iteration)).map(|name| (*name).to_owned()).collect()
    }

    fn went_elsewhere(&self, asked: &str, iteration: usize) -> Vec<Warning> {
        let used = &self.iterations[iteration].fingerprint;
        if used == asked { Vec::new() } else { vec![Warning::WentTo(used.clone())] }
    }

    fn receipt(&self, iteration: usize, warnings: Vec<Warning>) -> Receipt {
        Receipt {
            fingerprint: self.iterations[iteration].fingerprint.clone(),
            version: self.iterations[iteration].version,
            recorded: self.done(iteration).len(),
            expected: self.expected(iteration).len(),
            missing: self.missing(iteration),
            assigned: Vec::new(),
            replayed: false,
            warnings,
        }
    }
}
