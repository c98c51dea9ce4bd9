use crate::capture::guard::Guard;
use crate::capture::row::{Files, Located, Row, Source};
use crate::capture::{id, placeholder, text};
use crate::model::ArtifactFacts;

/// Docker. The committing builder, the import and the push all say `docker-import`.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["packer.post-processor.docker-import", "packer.post-processor.docker-tag"],
        platform: "docker",
        // A push after an import has generated data with nothing but a digest, and the plugin asserts all three.
        guard: Guard::Texts(&["SourceImageSha256", "SourceImageDigest", "ImageSha256"]),
        located,
        sources: &[Source::GeneratedData("SourceImageSha256")],
        ..Row::PLAIN
    },
    Row {
        // An exported tar file; with `discard` its path is empty.
        builder_ids: &["packer.docker"],
        platform: "docker",
        located: id::none,
        sources: &[Source::GeneratedData("SourceImageSha256")],
        files: Files::StandIn,
        ..Row::PLAIN
    },
];

/// As the plugin reports it for HCP: the image's own digest if it is known, else `repo:tag`; the region is a constant.
fn located(facts: &ArtifactFacts) -> Vec<Located> {
    let artifact_id = placeholder::meaningful(&facts.id).map(str::to_owned);
    let digest = text::generated(facts, "ImageSha256");
    let Some(id) = digest.or_else(|| artifact_id.clone()) else { return Vec::new() };
    let located = Located::new("docker", id)
        .with_label("PackerArtifactID", artifact_id)
        // After a push: repo@sha256:…, by which the image can be pulled.
        .with_label("ImageDigest", text::generated(facts, "Digest"));
    vec![located]
}
