//! Limits of descriptions and labels, and the removal of secrets from a record.

use std::collections::BTreeMap;

use crate::model::{BuildMetadata, IterationRecord, Labels, Secret};

/// Characters of a bucket's description; HCP Packer's limit.
pub const MAX_DESCRIPTION: usize = 255;
/// Labels of one bucket or build.
pub const MAX_LABELS: usize = 64;
/// Characters of a label's key.
pub const MAX_KEY: usize = 128;
/// Characters of a label's value.
pub const MAX_VALUE: usize = 1024;

/// Texts shorter than this are not taken for secrets: a password `pw` would be found in every other word.
const SHORTEST_SECRET: usize = 4;
/// The same in identifiers and names of files, which are worth nothing once a word is missing: the well-known
/// passwords `packer`, `ubuntu` and `vagrant` are words of many image names.
const SHORTEST_IN_IDENTIFIER: usize = 8;
/// What stands in the place of a secret.
const REDACTED: &str = "<redacted>";

/// The part of `labels` that is within the limits, and one fault for each that is not, naming `option`.
///
/// Long values are cut; labels with an empty or overlong key, and those beyond the number, are left out.
pub fn trim(option: &str, labels: &Labels) -> (Labels, Vec<String>) {
    let mut faults = Vec::new();
    let mut trimmed = Labels::new();
    for (key, value) in labels {
        if key.is_empty() {
            faults.push(format!("{option}: a label has an empty key; name it, or leave it out"));
            continue;
        }
        if key.chars().count() > MAX_KEY {
            let start: String = key.chars().take(32).collect();
            faults.push(format!("{option}: the key {start:?}... has more than {MAX_KEY} characters; shorten it"));
            continue;
        }
        if value.chars().count() > MAX_VALUE {
            faults.push(format!("{option}: the value of {key:?} has more than {MAX_VALUE} characters; shorten it"));
        }
        trimmed.insert(key.clone(), cut(value));
    }
    if labels.len() > MAX_LABELS {
        faults.push(format!("{option}: there are {} labels; {MAX_LABELS} are the most, leave some out", labels.len()));
    }
    (trimmed.into_iter().take(MAX_LABELS).collect(), faults)
}

/// The part of a builder's labels that is within the limits; nobody can be asked to shorten those.
pub(super) fn within_limits(labels: &Labels) -> Labels {
    trim("", labels).0
}

fn cut(value: &str) -> String {
    value.chars().take(MAX_VALUE).collect()
}

/// Removes `secrets` from every free text of `record`; `true` when one was found.
///
/// Names (bucket, channels, component types, fingerprints) stay: without them there is no record, and their rules
/// leave little room for a secret.
pub fn redact_record(record: &mut IterationRecord, secrets: &[Secret]) -> bool {
    let mut pen = Pen::new(secrets);
    if pen.secrets.is_empty() {
        return false;
    }
    let IterationRecord {
        bucket_description,
        bucket_labels,
        platform,
        images,
        files,
        labels,
        source_external_identifier,
        parents,
        metadata,
        bucket: _,
        fingerprint: _,
        fresh_fingerprint: _,
        on_existing: _,
        run_uuid: _,
        component_type: _,
        expected: _,
        channels: _,
        started_at: _,
        recorded_at: _,
    } = record;
    if let Some(description) = bucket_description {
        pen.text(description);
        // What stands in the place of a secret may be longer than it.
        *description = description.chars().take(MAX_DESCRIPTION).collect();
    }
    if let Some(labels) = bucket_labels {
        pen.labels(labels);
    }
    pen.labels(labels);
    pen.identifier(platform);
    pen.identifiers(source_external_identifier);
    for image in images {
        pen.identifier(&mut image.platform);
        pen.identifier(&mut image.region);
        pen.identifier(&mut image.external_identifier);
        pen.identifiers(&mut image.source_external_identifier);
        pen.labels(&mut image.labels);
    }
    for file in files {
        pen.identifier(&mut file.name);
    }
    for parent in parents {
        pen.identifier(&mut parent.external_identifier);
    }
    pen.metadata(metadata);
    pen.found
}

/// Strikes secrets out of texts, and remembers whether it did.
struct Pen<'a> {
    /// The longest first, so that a secret within another does not leave the rest of it behind.
    secrets: Vec<&'a str>,
    found: bool,
}

impl<'a> Pen<'a> {
    fn new(secrets: &'a [Secret]) -> Self {
        let mut secrets: Vec<&str> = secrets
            .iter()
            .map(|secret| secret.expose().trim())
            .filter(|secret| secret.chars().count() >= SHORTEST_SECRET)
            .collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets, found: false }
    }

    fn strike(&mut self, text: &mut String, shortest: usize) {
        for secret in &self.secrets {
            if secret.chars().count() >= shortest && text.contains(secret) {
                *text = text.replace(secret, REDACTED);
                self.found = true;
            }
        }
    }

    fn text(&mut self, text: &mut String) {
        self.strike(text, SHORTEST_SECRET);
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t mut String>) {
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn identifier(&mut self, text: &mut String) {
        self.strike(text, SHORTEST_IN_IDENTIFIER);
    }

    fn identifiers<'t>(&mut self, texts: impl IntoIterator<Item = &'t mut String>) {
        texts.into_iter().for_each(|text| self.identifier(text));
    }

    fn labels(&mut self, labels: &mut Labels) {
        let before = std::mem::take(labels);
        let struck: BTreeMap<String, String> = before
            .into_iter()
            .map(|(mut key, mut value)| {
                self.text(&mut key);
                self.text(&mut value);
                (key.chars().take(MAX_KEY).collect(), cut(&value))
            })
            .collect();
        *labels = struck;
    }

    fn metadata(&mut self, metadata: &mut BuildMetadata) {
        let BuildMetadata {
            vcs,
            ci,
            packer_version: _,
            plugin_version: _,
            builder_type: _,
            builder_id: _,
            os: _,
            template_type: _,
        } = metadata;
        if let Some(vcs) = vcs {
            self.texts(&mut vcs.branch);
            self.texts(&mut vcs.author);
        }
        if let Some(ci) = ci {
            self.texts(&mut ci.url);
            self.labels(&mut ci.details);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::record;
    use crate::model::{CapturedImage, CiJob, FileDigest, Vcs};

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn labels_within_the_limits_are_left_alone() {
        let most: Labels = (0..MAX_LABELS).map(|n| (format!("{n:0>MAX_KEY$}"), "ü".repeat(MAX_VALUE))).collect();
        assert_eq!(trim("build_labels", &most), (most, Vec::new()));
    }

    #[test]
    fn each_limit_has_a_fault_of_its_own_that_names_the_option() {
        let mut labels: Labels = (0..MAX_LABELS).map(|n| (format!("key {n:02}"), String::new())).collect();
        labels.insert(String::new(), "no key".to_owned());
        labels.insert("k".repeat(MAX_KEY + 1), String::new());
        labels.insert("a long value".to_owned(), "v".repeat(MAX_VALUE + 1));
        let (trimmed, faults) = trim("bucket_labels", &labels);
        assert_eq!(trimmed.len(), MAX_LABELS);
        assert_eq!(trimmed["a long value"].len(), MAX_VALUE);
        assert_eq!(faults.len(), 4, "{faults:#?}");
        assert!(faults.iter().all(|fault| fault.starts_with("bucket_labels: ")), "{faults:#?}");
    }

    #[test]
    fn a_secret_is_struck_out_of_every_free_text() {
        const SECRET: &str = "hunter2-hunter2";
        let with = |text: &str| format!("{text} {SECRET}.");
        let mut record = record();
        record.bucket_description = Some(with("description"));
        record.bucket_labels = Some(labels(&[("bucket", &with("value")), (&with("key"), "value")]));
        record.labels = labels(&[("build", &with("value")), (&with("key"), "value")]);
        record.platform = with("platform");
        record.source_external_identifier = Some(with("source"));
        record.images = vec![CapturedImage {
            platform: with("platform"),
            region: with("region"),
            external_identifier: with("id"),
            source_external_identifier: Some(with("source")),
            labels: labels(&[("image", &with("value"))]),
        }];
        record.files = vec![FileDigest { name: with("file"), size: 1, sha256: None }];
        for parent in &mut record.parents {
            parent.external_identifier = with("parent");
        }
        record.metadata.vcs =
            Some(Vcs { commit: None, branch: Some(with("branch")), dirty: false, author: Some(with("author")) });
        record.metadata.ci = Some(CiJob {
            system: "github".to_owned(),
            url: Some(with("url")),
            details: labels(&[("GITHUB_REF", &with("ref"))]),
        });
        assert!(redact_record(&mut record, &[Secret::new("hunter2"), Secret::new(format!("{SECRET}\n"))]));
        let left = format!("{record:?}");
        assert!(!left.contains("hunter2"), "{left}");
        assert_eq!(record.bucket_description.as_deref(), Some("description <redacted>."));
    }

    #[test]
    fn a_record_is_still_within_the_limits_when_what_stands_for_a_secret_is_longer_than_it() {
        let mut record = record();
        record.bucket_description = Some("hunt ".repeat(MAX_DESCRIPTION / 5));
        record.labels = labels(&[(&"hunt".repeat(MAX_KEY / 4), &"hunt".repeat(MAX_VALUE / 4))]);
        assert!(redact_record(&mut record, &[Secret::new("hunt")]));
        assert_eq!(record.bucket_description.unwrap().chars().count(), MAX_DESCRIPTION);
        assert_eq!(trim("", &record.labels), (record.labels, Vec::new()));
    }

    #[test]
    fn texts_without_a_secret_stay_as_they_are() {
        let mut record = record();
        let before = record.clone();
        assert!(!redact_record(&mut record, &[Secret::new("not in there"), Secret::new(""), Secret::new("   ")]));
        assert_eq!(record, before);
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_stays() {
        let mut record = record();
        record.bucket_description = Some("all abc".to_owned());
        assert!(!redact_record(&mut record, &[Secret::new("abc")]));
        assert!(redact_record(&mut record, &[Secret::new("l abc")]));
    }

    #[test]
    fn a_word_that_is_also_a_well_known_password_does_not_cost_an_image_its_identifier() {
        let mut record = record();
        record.images[0].external_identifier = "packer-ubuntu-1".to_owned();
        record.labels = labels(&[("login", "packer")]);
        assert!(redact_record(&mut record, &[Secret::new("packer")]));
        assert_eq!(record.images[0].external_identifier, "packer-ubuntu-1");
        assert_eq!(record.labels, labels(&[("login", REDACTED)]));
    }
}
