use crate::capture::row::{Files, Located, Row};
use crate::capture::{id, text};
use crate::model::ArtifactFacts;

/// Hypervisors of the machine that runs Packer. Most call each artifact `VM`: only its files tell one from another.
pub(super) const ROWS: &[Row] = &[
    files_only(&["mitchellh.virtualbox"], "virtualbox"),
    files_only(&["transcend.qemu"], "qemu"),
    files_only(&["packer.parallels"], "parallels"),
    files_only(&["MSOpenTech.hyperv"], "hyperv"),
    files_only(&["ustream.lxc"], "lxc"),
    files_only(&["packer.xenserver"], "xenserver"),
    Row { builder_ids: &["lxd"], platform: "lxd", located: published, ..Row::PLAIN },
    Row {
        // The key of a volume, on a host that is not exposed.
        builder_ids: &["thomasklein94.libvirt"],
        platform: "libvirt",
        state_keys: &["Pool", "Volume"],
        located: volume,
        ..Row::PLAIN
    },
    // The name of a virtual machine; its files are bare names within tart's own folder.
    Row { builder_ids: &["tart.builder"], platform: "tart", ..Row::PLAIN },
];

const fn files_only(builder_ids: &'static [&'static str], platform: &'static str) -> Row {
    Row { builder_ids, platform, located: id::none, files: Files::StandIn, ..Row::PLAIN }
}

/// The fingerprint of the image; `0` where it was not published.
fn published(facts: &ArtifactFacts) -> Vec<Located> {
    if facts.id.trim() == "0" { Vec::new() } else { id::whole(facts) }
}

fn volume(facts: &ArtifactFacts) -> Vec<Located> {
    id::whole(facts)
        .into_iter()
        .map(|located| {
            located.with_label("pool", text::state(facts, "Pool")).with_label("volume", text::state(facts, "Volume"))
        })
        .collect()
}
