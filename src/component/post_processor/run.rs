use super::backlog::Backlog;
use super::configure::Configured;
use super::say::Voice;
use super::settings::OnUnavailable;
use crate::backend::{
    Backend, BackendError, Delivery, Spool, SpoolState, SpooledPath, deliver, deliver_remote, tell_remote,
};
use crate::capture;
use crate::component::{Context, facts};
use crate::config::RegistryUrl;
use crate::model::{
    ArtifactFacts, BucketName, BuildKey, BuildMetadata, Captured, Fingerprint, IterationRecord, Secret, TemplateType,
};
use crate::plugin::PostProcessCall;
use crate::record::{self, RunContext, ci, digest, labels, os};

/// A record that was delivered, or waits in the spool; what comes after the answer is noted on it.
pub(super) struct Recorded {
    key: BuildKey,
    template_type: TemplateType,
    place: Place,
    voice: Voice,
    /// What had waited, and is being delivered beside.
    backlog: Option<Backlog>,
}

enum Place {
    Registry(Box<dyn Backend>),
    /// A registry elsewhere; what it has not heard yet is noted in the spool.
    Remote(Box<dyn Backend>, Spool, SpooledPath),
    Spool(Spool, SpooledPath),
}

/// Records the artifact of `call`.
///
/// # Errors
/// Only when the record could be kept nowhere, or the template asked to fail: Packer deletes the image then.
pub(super) fn record(
    configured: &mut Configured,
    context: &Context,
    call: &PostProcessCall,
) -> Result<Recorded, String> {
    let voice = Voice::new(call.ui.clone());
    let facts = facts::read(&call.artifact);
    if configured.core.is_json {
        configured.render_again(context, facts.generated_data.clone().unwrap_or_default());
    }
    let record = assemble(configured, context, call, &facts, &voice);
    for warning in configured.warnings.drain(..) {
        voice.warn(&warning);
    }
    deliver_record(configured, context, call, &record, voice)
}

fn assemble(
    configured: &mut Configured,
    context: &Context,
    call: &PostProcessCall,
    facts: &ArtifactFacts,
    voice: &Voice,
) -> IterationRecord {
    let settings = &configured.settings;
    let bucket = settings.final_bucket();
    let component_type = settings.final_component_type(&configured.core);

    let mut captured = capture::images(facts);
    configured.warnings.append(&mut captured.warnings);
    let files = hash_files(&captured, call, &mut configured.warnings, voice);

    let run_folder = context.run_folder();
    let chosen = run_fingerprint(context, &bucket);
    let expected = if settings.expected_builds.is_empty() {
        run_folder.as_ref().map(|folder| folder.claims(&bucket)).unwrap_or_default()
    } else {
        settings.expected_builds.clone()
    };
    let parents = captured
        .images
        .iter()
        .filter_map(|image| image.source_external_identifier.as_deref())
        .chain(captured.source_external_identifier.as_deref())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .flat_map(|source| run_folder.as_ref().map(|folder| folder.parents_of(source)).unwrap_or_default())
        .collect();

    let run = RunContext {
        bucket,
        bucket_description: settings.description.clone(),
        bucket_labels: settings.bucket_labels.clone(),
        fingerprint: settings.fingerprint.clone().unwrap_or_else(|| chosen.clone()),
        fresh_fingerprint: match &settings.fingerprint {
            Some(_) => chosen,
            None => record::run_folder::fingerprint_of(context.run_uuid()),
        },
        on_existing: settings.on_existing,
        run_uuid: context.run_uuid().clone(),
        component_type,
        expected,
        channels: settings.channels.clone(),
        build_labels: settings.build_labels.clone(),
        platform: settings.platform.clone(),
        region: settings.region.clone(),
        image_id: settings.image_id.clone(),
        parents,
        metadata: BuildMetadata {
            packer_version: configured.core.packer_version.clone().unwrap_or_default(),
            plugin_version: env!("CARGO_PKG_VERSION").to_owned(),
            builder_type: configured.core.builder_type.clone().unwrap_or_default(),
            builder_id: facts.builder_id.clone(),
            template_type: if configured.core.is_json { TemplateType::Json } else { TemplateType::Hcl2 },
            os: os::read(),
            vcs: configured.vcs.take().and_then(|reader| reader.join().ok()).flatten(),
            ci: ci::read(&context.environment.ci),
        },
        started_at: configured.started_at,
        recorded_at: context.clock.now(),
    };
    let mut record = record::assemble(&captured, files, run);
    redact(&mut record, facts, &configured.core.sensitive_values, &mut configured.warnings);
    record
}

/// The fingerprint that all processes of the run agree on, even where they cannot leave each other a note.
fn run_fingerprint(context: &Context, bucket: &BucketName) -> Fingerprint {
    match context.run_folder() {
        Ok(folder) => folder.fingerprint(bucket, context.clock.now()),
        Err(_) => record::run_folder::fingerprint_of(context.run_uuid()),
    }
}

fn hash_files(
    captured: &Captured,
    call: &PostProcessCall,
    warnings: &mut Vec<String>,
    voice: &Voice,
) -> Vec<crate::model::FileDigest> {
    let mut progress = |progress: digest::Progress| voice.progress(&progress);
    let (files, trouble) = digest::digests(&captured.files_to_digest, &mut progress, &|| call.cancel.is_cancelled());
    warnings.extend(trouble);
    files
}

/// Passwords and keys of the build, and sensitive variables, stay out even where the template put them in itself.
fn redact(record: &mut IterationRecord, facts: &ArtifactFacts, sensitive: &[String], warnings: &mut Vec<String>) {
    let secrets: Vec<Secret> = facts.secrets.iter().cloned().chain(sensitive.iter().map(Secret::new)).collect();
    if labels::redact_record(record, &secrets) {
        warnings
            .push("a label or description contained a secret of the build; it was left out of the record".to_owned());
    }
}

fn deliver_record(
    configured: &Configured,
    context: &Context,
    call: &PostProcessCall,
    record: &IterationRecord,
    voice: Voice,
) -> Result<Recorded, String> {
    voice.captured(record);
    let backend = open_backend(configured, context, call);
    let url = configured.settings.url.as_ref();
    let project = context.environment.server.project.clone();
    let spool = context.spool()?.meant_for(url.map(ToString::to_string)).in_project(project);
    let is_remote = url.is_some_and(RegistryUrl::is_remote);
    if configured.settings.on_unavailable == OnUnavailable::Fail {
        return deliver_or_fail(backend, record, is_remote.then_some(spool), voice);
    }
    let borrowed = backend.as_deref().map_err(BackendError::clone);
    let delivery = match is_remote {
        true => deliver_remote(borrowed, &spool, record),
        false => deliver(borrowed, &spool, record),
    };
    let mut backlog = None;
    let place = match delivery {
        Delivery::Recorded(receipt) => {
            voice.warnings(&receipt);
            Place::Registry(backend.expect("what took the record is open"))
        }
        Delivery::Acknowledged { receipt, path, trouble } => {
            voice.warnings(&receipt);
            if let Some(trouble) = trouble {
                voice.warn(&format!("the registry has the record, but the spool is in trouble: {trouble}"));
            }
            backlog = url.and_then(|url| Backlog::start(context, url, &spool, &voice));
            let backend = backend.expect("what took the record is open");
            match path {
                Some(path) => Place::Remote(backend, spool, path),
                None => Place::Registry(backend),
            }
        }
        Delivery::Spooled { path, cause } => {
            voice.spooled(&path, &cause, record.metadata.ci.as_ref());
            Place::Spool(spool, path)
        }
        Delivery::Lost { backend, spool } => {
            return Err(format!(
                "the record could be kept nowhere: the registry says: {backend}; the spool says: {spool}"
            ));
        }
    };
    Ok(Recorded { key: record.key(), template_type: record.metadata.template_type, place, voice, backlog })
}

fn open_backend(
    configured: &Configured,
    context: &Context,
    call: &PostProcessCall,
) -> Result<Box<dyn Backend>, BackendError> {
    let url = configured.settings.url.as_ref();
    let url = url.ok_or_else(|| BackendError::Refused("url: it names no registry that could be used".to_owned()))?;
    let cancel = call.cancel.clone();
    context.open_backend_until(url, move || cancel.is_cancelled())
}

/// Without the spool, because the build is to fail instead; but for a registry elsewhere, `spool` takes what it does not
/// hear later on.
fn deliver_or_fail(
    backend: Result<Box<dyn Backend>, BackendError>,
    record: &IterationRecord,
    spool: Option<Spool>,
    voice: Voice,
) -> Result<Recorded, String> {
    let refused = |error| format!("the registry did not take the record, and on_unavailable is \"fail\": {error}");
    let backend = backend.map_err(refused)?;
    let receipt = backend.ingest(record).map_err(refused)?;
    voice.warnings(&receipt);
    let reserved = spool.and_then(|spool| spool.reserve(record).ok().map(|path| (spool, path)));
    let place = match reserved {
        Some((spool, path)) => Place::Remote(backend, spool, path),
        None => Place::Registry(backend),
    };
    Ok(Recorded { key: record.key(), template_type: record.metadata.template_type, place, voice, backlog: None })
}

impl Recorded {
    /// Notes that Packer took the answer, so that the image is there to stay.
    pub(super) fn confirm(&mut self) {
        let confirmed = |backend: &dyn Backend| backend.confirm(&self.key);
        match &self.place {
            Place::Registry(backend) => match confirmed(backend.as_ref()) {
                Ok(receipt) => self.voice.confirmed(&receipt, &self.key, self.template_type),
                Err(error) => self.voice.warn(&format!("the record stays unconfirmed: {error}")),
            },
            Place::Remote(backend, spool, path) => {
                match tell_remote(spool, path, SpoolState::Confirmed, || confirmed(backend.as_ref())) {
                    Ok(receipt) => self.voice.confirmed(&receipt, &self.key, self.template_type),
                    Err(not_told) => self.voice.not_told("stays unconfirmed", &not_told, path),
                }
            }
            Place::Spool(spool, path) => {
                if let Err(error) = spool.confirm(path) {
                    self.voice.warn(&format!("the spooled record stays unconfirmed: {error}"));
                }
            }
        }
        if let Some(backlog) = self.backlog.take() {
            backlog.wait();
        }
    }

    /// Notes that Packer destroyed the artifact.
    pub(super) fn mark_destroyed(&self) {
        let marked = |backend: &dyn Backend| backend.mark_destroyed(&self.key);
        let result = match &self.place {
            Place::Registry(backend) => marked(backend.as_ref()).map_err(|error| error.to_string()),
            Place::Remote(backend, spool, path) => {
                if let Err(not_told) = tell_remote(spool, path, SpoolState::Destroyed, || marked(backend.as_ref())) {
                    self.voice.not_told("is not marked as destroyed", &not_told, path);
                }
                Ok(())
            }
            Place::Spool(spool, path) => spool.mark_destroyed(path).map_err(|error| error.to_string()),
        };
        if let Err(error) = result {
            self.voice.warn(&format!("could not note that the artifact was destroyed: {error}"));
        }
    }
}
