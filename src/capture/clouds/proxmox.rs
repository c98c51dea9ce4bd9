use crate::capture::row::Row;

/// Proxmox: the number of a virtual machine or template, which is free again once that is gone; no node.
pub(super) const ROWS: &[Row] =
    &[Row { builder_ids: &["proxmox.iso", "proxmox.clone"], platform: "proxmox", ..Row::PLAIN }];
