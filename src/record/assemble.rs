use super::labels;
use crate::model::{
    BucketName, BuildMetadata, Captured, CapturedImage, ChannelName, ComponentType, FileDigest, Fingerprint,
    IterationRecord, Labels, OnExisting, ParentIteration, RunUuid, Timestamp,
};

/// Everything that a record says beyond what was captured from the artifact.
#[derive(Clone, Debug)]
pub struct RunContext {
    /// The bucket to record into.
    pub bucket: BucketName,
    /// Its new description; `None` leaves it.
    pub bucket_description: Option<String>,
    /// Its new labels; `None` leaves them.
    pub bucket_labels: Option<Labels>,
    /// The iteration within the bucket.
    pub fingerprint: Fingerprint,
    /// The iteration to use where `fingerprint` names one that is complete.
    pub fresh_fingerprint: Fingerprint,
    /// What to do then.
    pub on_existing: OnExisting,
    /// The run.
    pub run_uuid: RunUuid,
    /// Which build of the template this is.
    pub component_type: ComponentType,
    /// The builds that the iteration waits for; this one is added where it is missing.
    pub expected: Vec<ComponentType>,
    /// Channels to assign once the iteration is complete.
    pub channels: Vec<ChannelName>,
    /// The template's labels of the build; they win over the builder's.
    pub build_labels: Labels,
    /// The cloud of images for which the builder names none.
    pub platform: Option<String>,
    /// The region of images for which the builder names none.
    pub region: Option<String>,
    /// The identifier of the image, used where none could be derived.
    pub image_id: Option<String>,
    /// The iterations that the build used as its source.
    pub parents: Vec<ParentIteration>,
    /// Whence the build came.
    pub metadata: BuildMetadata,
    /// When the run configured the build.
    pub started_at: Timestamp,
    /// The present moment.
    pub recorded_at: Timestamp,
}

/// Makes the record of one build. What was derived from the artifact stands; the options of `run` fill gaps only.
pub fn assemble(captured: &Captured, files: Vec<FileDigest>, run: RunContext) -> IterationRecord {
    let mut images = captured.images.clone();
    if images.is_empty()
        && let Some(external_identifier) = run.image_id
    {
        images.push(CapturedImage { external_identifier, ..CapturedImage::default() });
    }
    for image in &mut images {
        fill(&mut image.platform, run.platform.as_ref());
        fill(&mut image.platform, Some(&captured.platform));
        fill(&mut image.region, run.region.as_ref());
        image.labels = labels::within_limits(&image.labels);
    }
    images.sort();
    images.dedup();

    let platform = images.iter().map(|image| &image.platform).find(|platform| !platform.is_empty());
    let mut expected = run.expected;
    expected.push(run.component_type.clone());
    expected.sort();
    expected.dedup();

    IterationRecord {
        bucket: run.bucket,
        bucket_description: run.bucket_description,
        bucket_labels: run.bucket_labels,
        fingerprint: run.fingerprint,
        fresh_fingerprint: run.fresh_fingerprint,
        on_existing: run.on_existing,
        run_uuid: run.run_uuid,
        component_type: run.component_type,
        expected,
        channels: run.channels,
        platform: platform.cloned().or(run.platform).unwrap_or_else(|| captured.platform.clone()),
        labels: merged(run.build_labels, &images),
        source_external_identifier: images
            .iter()
            .find_map(|image| image.source_external_identifier.clone())
            .or_else(|| captured.source_external_identifier.clone()),
        images,
        files,
        parents: run.parents,
        metadata: run.metadata,
        started_at: run.started_at,
        recorded_at: run.recorded_at,
    }
}

fn fill(field: &mut String, option: Option<&String>) {
    if let (true, Some(option)) = (field.is_empty(), option) {
        field.clone_from(option);
    }
}

/// The template's labels, and as many of the builder's under other keys as there is room for.
fn merged(mut labels: Labels, images: &[CapturedImage]) -> Labels {
    for (key, value) in images.iter().flat_map(|image| &image.labels) {
        if labels.len() < labels::MAX_LABELS && !labels.contains_key(key) {
            labels.insert(key.clone(), value.clone());
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> RunContext {
        RunContext {
            bucket: BucketName::parse("learn-packer").unwrap(),
            bucket_description: None,
            bucket_labels: None,
            fingerprint: Fingerprint::parse("asked").unwrap(),
            fresh_fingerprint: Fingerprint::parse("fresh").unwrap(),
            on_existing: OnExisting::New,
            run_uuid: RunUuid::parse("6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11").unwrap(),
            component_type: ComponentType::parse("amazon-ebs.east").unwrap(),
            expected: Vec::new(),
            channels: Vec::new(),
            build_labels: Labels::new(),
            platform: None,
            region: None,
            image_id: None,
            parents: Vec::new(),
            metadata: BuildMetadata::default(),
            started_at: Timestamp(1),
            recorded_at: Timestamp(2),
        }
    }

    fn image(platform: &str, region: &str, id: &str) -> CapturedImage {
        CapturedImage {
            platform: platform.to_owned(),
            region: region.to_owned(),
            external_identifier: id.to_owned(),
            ..CapturedImage::default()
        }
    }

    fn captured(images: Vec<CapturedImage>) -> Captured {
        Captured { images, ..Captured::default() }
    }

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn options_fill_what_the_builder_left_empty_and_never_override_it() {
        let run = RunContext { platform: text("lab"), region: text("cellar"), image_id: text("mine"), ..run() };
        let record = assemble(&captured(vec![image("aws", "", "ami-1"), image("", "r2", "ami-2")]), Vec::new(), run);
        assert_eq!(record.images, [image("aws", "cellar", "ami-1"), image("lab", "r2", "ami-2")]);
        assert_eq!(record.platform, "aws");
    }

    #[test]
    fn an_image_id_of_the_template_stands_in_where_nothing_was_derived() {
        let run = RunContext { platform: text("lab"), image_id: text("disk-7"), ..run() };
        let record = assemble(&captured(Vec::new()), Vec::new(), run);
        assert_eq!(record.images, [image("lab", "", "disk-7")]);
        assert_eq!(record.platform, "lab");
    }

    #[test]
    fn a_build_without_images_still_has_the_platform_that_the_template_names() {
        let record = assemble(&captured(Vec::new()), Vec::new(), RunContext { platform: text("lab"), ..run() });
        assert!(record.images.is_empty());
        assert_eq!(record.platform, "lab");
    }

    #[test]
    fn a_build_without_images_has_the_platform_and_the_source_of_its_builder() {
        let derived = Captured {
            platform: "qemu".to_owned(),
            source_external_identifier: text("debian-12.iso"),
            ..Captured::default()
        };
        let record = assemble(&derived, Vec::new(), run());
        assert_eq!((record.platform.as_str(), record.source_external_identifier), ("qemu", text("debian-12.iso")));
        let record = assemble(&derived, Vec::new(), RunContext { image_id: text("disk-7"), ..run() });
        assert_eq!(record.images, [image("qemu", "", "disk-7")]);
        let record = assemble(&derived, Vec::new(), RunContext { platform: text("lab"), ..run() });
        assert_eq!(record.platform, "lab");
    }

    #[test]
    fn images_that_filling_made_equal_are_recorded_once() {
        let run = RunContext { region: text("r1"), ..run() };
        let record = assemble(&captured(vec![image("aws", "", "ami-1"), image("aws", "r1", "ami-1")]), Vec::new(), run);
        assert_eq!(record.images, [image("aws", "r1", "ami-1")]);
    }

    #[test]
    fn labels_of_the_template_win_over_those_of_the_builder() {
        let mut built = image("aws", "r1", "ami-1");
        built.labels = labels(&[("os", "from builder"), ("arch", "x86_64")]);
        let run = RunContext { build_labels: labels(&[("os", "from template")]), ..run() };
        let record = assemble(&captured(vec![built]), Vec::new(), run);
        assert_eq!(record.labels, labels(&[("os", "from template"), ("arch", "x86_64")]));
    }

    #[test]
    fn a_builder_cannot_crowd_out_the_labels_of_the_template() {
        let mut built = image("aws", "r1", "ami-1");
        built.labels = (0..500).map(|n| (format!("a{n}"), String::new())).collect();
        let run = RunContext { build_labels: labels(&[("z", "kept")]), ..run() };
        let record = assemble(&captured(vec![built]), Vec::new(), run);
        assert_eq!(record.labels.len(), labels::MAX_LABELS);
        assert_eq!(record.labels["z"], "kept");
    }

    #[test]
    fn the_iteration_always_expects_this_build_and_each_build_once() {
        let west = ComponentType::parse("amazon-ebs.west").unwrap();
        let run = RunContext { expected: vec![west.clone(), west.clone()], ..run() };
        let east = run.component_type.clone();
        assert_eq!(assemble(&captured(Vec::new()), Vec::new(), run).expected, [east, west]);
    }

    #[test]
    fn the_source_is_that_of_the_first_image_that_has_one() {
        let mut second = image("aws", "r2", "ami-2");
        second.source_external_identifier = text("ami-0");
        let record = assemble(&captured(vec![image("aws", "r1", "ami-1"), second]), Vec::new(), run());
        assert_eq!(record.source_external_identifier, text("ami-0"));
    }
}
