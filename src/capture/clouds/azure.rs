use crate::capture::guard::Guard;
use crate::capture::row::{Located, Row, Source};
use crate::capture::{id, placeholder, text};
use crate::model::ArtifactFacts;

/// Azure: arm and dtl share a builder id; dtl answers no state at all.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["Azure.ResourceManagement.VMImage"],
        platform: "azure",
        guard: Guard::Map,
        located,
        sources: &[Source::GeneratedData("SourceImageName")],
        ..Row::PLAIN
    },
    Row {
        // Images, gallery versions, and with skip_cleanup disks and snapshots; no region anywhere.
        builder_ids: &["azure.chroot"],
        platform: "azure",
        guard: Guard::Map,
        located: id::comma_list,
        sources: &[Source::GeneratedData("SourceImageName")],
        ..Row::PLAIN
    },
];

/// The managed image before the gallery version before the VHD, as arm reports it for HCP: with `keep_os_disk` its
/// `Id()` is the disk instead.
fn located(facts: &ArtifactFacts) -> Vec<Located> {
    let id = text::line(facts, "ManagedImageId")
        .or_else(|| placeholder::meaningful(&facts.id).map(str::to_owned))
        .or_else(|| text::line(facts, "ManagedImageSharedImageGalleryId"))
        .or_else(|| text::line(facts, "VHDOSDiskUri"));
    let Some(id) = id else { return Vec::new() };
    let locations = if id.starts_with("https://") {
        ["StorageAccountLocation", "ManagedImageLocation"]
    } else {
        ["ManagedImageLocation", "StorageAccountLocation"]
    };
    let region = locations.iter().find_map(|key| text::line(facts, key));
    vec![Located::new(region.unwrap_or_default(), id)]
}
