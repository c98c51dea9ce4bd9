use crate::capture::row::{Files, Row};

/// VMware desktop, and in the plugin's first version ESXi: the name that the user chose, and the machine's files.
///
/// It answers an unknown state key with an empty text.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["vmware.desktop", "mitchellh.vmware"],
        platform: "vmware",
        files: Files::Content,
        ..Row::PLAIN
    },
    // Its files are on the ESXi host unless they were exported.
    Row { builder_ids: &["mitchellh.vmware-esx"], platform: "vmware", files: Files::StandIn, ..Row::PLAIN },
];
