use std::time::Instant;

use hyper::Method;

use super::HcpBackend;
use super::read::{channel_path, version_path};
use super::trouble::{ALREADY_EXISTS, Failed, NOT_FOUND};
use crate::backend::BackendError;
use crate::model::{
    Build, BuildStatus, ComponentType, Fingerprint, Iteration, IterationId, IterationRecord, Receipt, Warning,
};
use crate::wire::hcp_2023::received::{ReceivedBucket, ReceivedBuild, ReceivedVersion};
use crate::wire::hcp_2023::sent::{self, BuildReport};

/// How often it is looked again at what there is, after a call of which it is not known whether it was done.
const ROUNDS: u32 = 4;

/// What became of a record.
pub(super) struct Pushed {
    /// The version that it went to, as it was then.
    pub(super) iteration: Iteration,
    /// Whether nothing was left to be sent.
    pub(super) replayed: bool,
    pub(super) warnings: Vec<Warning>,
}

impl HcpBackend {
    /// Brings a record to where it stands as `status`. What is there already is not sent again: this may be repeated.
    pub(super) fn push(&self, record: &IterationRecord, status: BuildStatus) -> Result<Pushed, Failed> {
        // A build waits for it.
        let end = Instant::now() + self.calls.patience.delivery;
        let mut round = 1;
        loop {
            match self.push_once(record, status) {
                Err(failed) if failed.is_in_doubt && round < ROUNDS && Instant::now() < end => round += 1,
                pushed => return pushed,
            }
        }
    }

    fn push_once(&self, record: &IterationRecord, status: BuildStatus) -> Result<Pushed, Failed> {
        let artifacts = artifacts(record);
        if artifacts.is_empty() {
            return Err(BackendError::Refused(format!(
                "{} made neither an image nor a file that has a name, and HCP takes no build without an artifact",
                record.component_type
            ))
            .into());
        }
        self.ensure_bucket(record)?;
        let mut warnings = Vec::new();
        let mut iteration = self.open_version(record, &mut warnings)?;
        if let Some(build) = own(&iteration, record) {
            let lacks: Vec<&str> = lacking(build, &artifacts).into_iter().map(|(identifier, _)| identifier).collect();
            if lacks.is_empty() && (build.status == BuildStatus::Done || build.status == status) {
                return Ok(Pushed { iteration, replayed: true, warnings });
            }
            if iteration.version.is_some() {
                return Err(BackendError::Refused(format!(
                    "{} of this run was recorded before, and its version {} is complete and never changes again; to \
                     record {}, give it a component_type of its own",
                    record.component_type,
                    iteration.fingerprint,
                    lacks.join(", ")
                ))
                .into());
            }
        } else if let Some(former) = of_kind(&iteration, &record.component_type).cloned() {
            let is_done = former.status == BuildStatus::Done;
            if is_done && former.updated_at > record.recorded_at {
                warnings.push(Warning::ArrivedSuperseded { component_type: record.component_type.clone() });
                return Ok(Pushed { iteration, replayed: false, warnings });
            }
            if is_done && status != BuildStatus::Done {
                // What is not confirmed takes nobody's place: nobody knows whether its image will exist.
                return Ok(Pushed { iteration, replayed: false, warnings });
            }
            if !former.artifacts.is_empty() {
                warnings.push(self.take_away(&iteration, &former)?);
                iteration.builds.retain(|build| build.id != former.id);
            }
        }
        for component in record.expected.iter().chain([&record.component_type]) {
            if of_kind(&iteration, component).is_none() {
                let build = self.announce(&iteration, component, record)?;
                iteration.builds.push(build);
            }
        }
        self.report(&iteration, record, status, &artifacts)?;
        let (bucket, fingerprint) = (&iteration.bucket, &iteration.fingerprint);
        let iteration = self.version(bucket, fingerprint)?.unwrap_or_else(|| iteration.clone());
        Ok(Pushed { iteration, replayed: false, warnings })
    }

    /// The bucket, described as the record says.
    fn ensure_bucket(&self, record: &IterationRecord) -> Result<(), Failed> {
        let IterationRecord { bucket, bucket_description, bucket_labels, .. } = record;
        let path = format!("/buckets/{bucket}");
        let found = match self.get(&path) {
            Ok(answer) => Some(self.read(answer, "bucket", ReceivedBucket::read)?.bucket),
            Err(failed) if failed.code == Some(NOT_FOUND) => None,
            Err(failed) => return Err(failed),
        };
        let description = bucket_description.clone().unwrap_or_default();
        let labels = bucket_labels.clone().unwrap_or_default();
        let Some(found) = found else {
            let body = sent::create_bucket(bucket, &description, &labels);
            return match self.send(Method::PUT, "/buckets", Some(body), true) {
                // Another build of the run came first, with the same words.
                Err(failed) if failed.code == Some(ALREADY_EXISTS) => Ok(()),
                made => made.map(drop),
            };
        };
        let description = bucket_description.clone().unwrap_or_else(|| found.description.clone());
        let labels = bucket_labels.clone().unwrap_or_else(|| found.labels.clone());
        if (&description, &labels) == (&found.description, &found.labels) {
            return Ok(());
        }
        self.send(Method::PATCH, &path, Some(sent::update_bucket(&description, &labels)), true).map(drop)
    }

    /// The version that takes the record: the one that it asks for, or a fresh one where others have completed that.
    fn open_version(&self, record: &IterationRecord, warnings: &mut Vec<Warning>) -> Result<Iteration, Failed> {
        let asked = self.ensure_version(record, &record.fingerprint)?;
        if asked.version.is_none() || own(&asked, record).is_some() {
            return Ok(asked);
        }
        let fresh = self.ensure_version(record, &record.fresh_fingerprint)?;
        if fresh.version.is_some() && own(&fresh, record).is_none() {
            return Err(BackendError::Refused(format!(
                "versions {} and {} of bucket {} are complete, and take no more builds; choose another fingerprint",
                asked.fingerprint, fresh.fingerprint, record.bucket
            ))
            .into());
        }
        let (asked, used) = (record.fingerprint.clone(), fresh.fingerprint.clone());
        warnings.push(Warning::WentToFreshIteration { asked, used });
        Ok(fresh)
    }

    fn ensure_version(&self, record: &IterationRecord, fingerprint: &Fingerprint) -> Result<Iteration, Failed> {
        if let Some(found) = self.version(&record.bucket, fingerprint)? {
            return Ok(found);
        }
        let path = format!("/buckets/{}/versions", record.bucket);
        let body = sent::create_version(fingerprint, record.metadata.template_type);
        match self.send(Method::POST, &path, Some(body), true) {
            Ok(answer) => self.read(answer, "version", ReceivedVersion::read),
            Err(failed) if failed.code == Some(ALREADY_EXISTS) => match self.version(&record.bucket, fingerprint)? {
                Some(found) => Ok(found),
                None => Err(failed),
            },
            Err(failed) => Err(failed),
        }
    }

    /// A build with images of another run makes room: a version has one of each kind.
    fn take_away(&self, iteration: &Iteration, former: &Build) -> Result<Warning, Failed> {
        match self.send(Method::DELETE, &build_path(iteration, former), None, true) {
            // It is gone, or the answer to the first attempt was lost.
            Err(failed) if failed.code == Some(NOT_FOUND) => {}
            deleted => drop(deleted?),
        }
        Ok(Warning::Superseded {
            component_type: former.component_type.clone(),
            run_uuid: former.run_uuid.clone(),
            external_identifiers: former.artifacts.iter().map(|a| a.external_identifier.clone()).collect(),
        })
    }

    fn announce(
        &self,
        iteration: &Iteration,
        component: &ComponentType,
        record: &IterationRecord,
    ) -> Result<Build, Failed> {
        let path = format!("{}/builds", version_path(&iteration.bucket, &iteration.fingerprint));
        let report = BuildReport {
            status: Some(BuildStatus::Registered),
            run_uuid: Some(&record.run_uuid),
            ..BuildReport::default()
        };
        match self.send(Method::POST, &path, Some(sent::create_build(component, &report)), true) {
            Ok(answer) => self.read(answer, "build", ReceivedBuild::read),
            // Another build of the run has announced it meanwhile.
            Err(failed) if failed.code == Some(ALREADY_EXISTS) => {
                let found = self.version(&iteration.bucket, &iteration.fingerprint)?;
                found.as_ref().and_then(|found| of_kind(found, component)).cloned().ok_or(failed)
            }
            Err(failed) => Err(failed),
        }
    }

    /// Says of the record's build all that there is to say, but for the artifacts that it has.
    fn report(
        &self,
        iteration: &Iteration,
        record: &IterationRecord,
        status: BuildStatus,
        artifacts: &[(&str, &str)],
    ) -> Result<(), Failed> {
        let Some(build) = of_kind(iteration, &record.component_type) else { return Ok(()) };
        let parent = record.parents.first();
        let parent_id = parent.filter(|parent| IterationId::parse(parent.iteration_id.as_str()).is_ok());
        let channel = parent_id.and_then(|parent| {
            // The parent may be of another registry, or its channel gone: no reason to lose an image.
            let channel = self.get(&channel_path(&parent.bucket, parent.channel.as_ref()?)).ok()?;
            channel["channel"]["id"].as_str().map(ToOwned::to_owned)
        });
        let report = BuildReport {
            // What is done stays so.
            status: Some(if build.status == BuildStatus::Done { build.status } else { status }),
            run_uuid: Some(&record.run_uuid),
            platform: &record.platform,
            labels: Some(&record.labels),
            artifacts: lacking(build, artifacts),
            source_external_identifier: record.source_external_identifier.as_deref(),
            parent_version_id: parent_id.map(|parent| parent.iteration_id.as_str()),
            parent_channel_id: channel.as_deref(),
            metadata: Some(&record.metadata),
        };
        // Artifacts that were sent twice might be there twice: whether they arrived is looked up instead.
        let body = sent::update_build(&report);
        self.send(Method::PATCH, &build_path(iteration, build), Some(body), false).map(drop)
    }

    /// Says of a build whose record this process does not have how it stands.
    pub(super) fn set_status(&self, iteration: &Iteration, build: &Build, status: BuildStatus) -> Result<(), Failed> {
        let report = BuildReport { status: Some(status), ..BuildReport::default() };
        let body = sent::update_build(&report);
        self.send(Method::PATCH, &build_path(iteration, build), Some(body), true).map(drop)
    }
}

/// What HCP takes of what a build made: identifiers and regions.
fn artifacts(record: &IterationRecord) -> Vec<(&str, &str)> {
    let images = record.images.iter().map(|image| (image.external_identifier.as_str(), image.region.as_str()));
    let files = record.files.iter().map(|file| (file.name.as_str(), ""));
    let mut all: Vec<_> = if record.images.is_empty() { files.collect() } else { images.collect() };
    all.retain(|(identifier, _)| !identifier.is_empty());
    all.sort_unstable();
    all.dedup();
    all
}

/// Those of the artifacts that a build does not have.
fn lacking<'a>(build: &Build, artifacts: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let has = |(identifier, region): &(&str, &str)| {
        build.artifacts.iter().any(|there| there.external_identifier == *identifier && there.region == *region)
    };
    artifacts.iter().filter(|artifact| !has(artifact)).copied().collect()
}

/// The record's own build, where it is there.
pub(super) fn own<'i>(iteration: &'i Iteration, record: &IterationRecord) -> Option<&'i Build> {
    of_kind(iteration, &record.component_type).filter(|build| build.run_uuid == record.run_uuid)
}

/// The build of a component: a version has one.
pub(super) fn of_kind<'i>(iteration: &'i Iteration, component: &ComponentType) -> Option<&'i Build> {
    iteration.builds.iter().find(|build| build.component_type == *component)
}

pub(super) fn build_path(iteration: &Iteration, build: &Build) -> String {
    format!("{}/builds/{}", version_path(&iteration.bucket, &iteration.fingerprint), build.id)
}

impl Pushed {
    /// The answer to whoever pushed.
    pub(super) fn receipt(self) -> Receipt {
        let Self { iteration, replayed, warnings } = self;
        let done = iteration.builds.iter().filter(|build| build.status == BuildStatus::Done).count();
        Receipt {
            iteration_id: iteration.id,
            fingerprint: iteration.fingerprint,
            version: iteration.version,
            recorded: done,
            expected: iteration.builds.len(),
            missing: iteration.missing,
            assigned: Vec::new(),
            replayed,
            warnings,
        }
    }
}
