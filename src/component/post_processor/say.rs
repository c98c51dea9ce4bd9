use super::settings::join;
use crate::backend::{BackendError, NotTold, SpooledPath};
use crate::model::{BuildKey, CiJob, IterationRecord, Receipt, TemplateType, resume_command};
use crate::plugin::Ui;
use crate::record::digest::Progress;

/// Tells the person at the terminal what happens to the record.
#[derive(Clone)]
pub(super) struct Voice {
    ui: Ui,
}

impl Voice {
    pub(super) fn new(ui: Ui) -> Self {
        Self { ui }
    }

    pub(super) fn warn(&self, warning: &str) {
        self.ui.error(&format!("Warning: {warning}"));
    }

    pub(super) fn say(&self, text: &str) {
        self.ui.say(text);
    }

    pub(super) fn progress(&self, progress: &Progress) {
        self.ui.say(&progress.to_string());
    }

    /// What was found in the artifact.
    pub(super) fn captured(&self, record: &IterationRecord) {
        let title = format!("{} in bucket {}", record.component_type, record.bucket);
        let mut lines = vec![format!("Recording {title}:")];
        for image in &record.images {
            let place = [image.platform.as_str(), image.region.as_str()];
            let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
            lines.push(format!("  {}: {}", place.join(" "), image.external_identifier));
        }
        for file in &record.files {
            let digest = file.sha256.as_deref().map_or("not hashed".to_owned(), |digest| format!("sha256:{digest}"));
            lines.push(format!("  {} ({} bytes, {digest})", file.name, file.size));
        }
        if record.images.is_empty() && record.files.is_empty() {
            lines.push("  no image and no file could be derived from the artifact".to_owned());
        }
        self.ui.say(&lines.join("\n"));
    }

    pub(super) fn warnings(&self, receipt: &Receipt) {
        for warning in &receipt.warnings {
            self.warn(&warning.to_string());
        }
    }

    /// How far the iteration is, once Packer took the answer.
    pub(super) fn confirmed(&self, receipt: &Receipt, key: &BuildKey, template_type: TemplateType) {
        self.warnings(receipt);
        let Receipt { fingerprint, recorded, expected, missing, assigned, .. } = receipt;
        let bucket = &key.bucket;
        match receipt.version {
            Some(version) => {
                let mut line = format!("Iteration {fingerprint} of bucket {bucket} is complete: v{version}");
                if !assigned.is_empty() {
                    line.push_str(&format!("; now in channel {}", join(assigned)));
                }
                self.ui.say(&line);
            }
            None => self.ui.say(&format!(
                "Iteration {fingerprint} of bucket {bucket} has {recorded} of {expected} builds; missing: {}.\nIf they \
                 do not follow in this run, resume it: {}",
                join(missing),
                resume_command(fingerprint, missing, template_type)
            )),
        }
    }

    /// Where the record waits. The disk of a CI job goes with the job, so there it is said what to keep.
    pub(super) fn spooled(&self, path: &SpooledPath, cause: &BackendError, ci: Option<&CiJob>) {
        let folder = path.folder().display();
        let then = match ci {
            None => "deliver it with: packer-plugin-registry spool push".to_owned(),
            Some(CiJob { system, .. }) => format!(
                "this is a CI job ({system}), so keep that folder as an artifact of the job before the disk goes, and \
                 deliver it later with: packer-plugin-registry spool push FOLDER"
            ),
        };
        self.warn(&format!(
            "the registry did not take the record: {cause}. The image is kept, and the record waits in the folder \
             {folder}; {then}"
        ));
    }

    /// That a registry which has the record did not hear what became of its image.
    pub(super) fn not_told(&self, what: &str, not_told: &NotTold, path: &SpooledPath) {
        let NotTold { cause, waits } = not_told;
        let then = match waits {
            Ok(()) => format!(
                "this waits in the folder {}; deliver it with: packer-plugin-registry spool push",
                path.folder().display()
            ),
            Err(error) => format!("and it could not be noted either: {error}"),
        };
        self.warn(&format!("the record {what}, as the registry did not answer: {cause}; {then}"));
    }
}
