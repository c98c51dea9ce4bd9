//! The rows: each builder and post-processor that is known to return an artifact, or known to return none.

use super::case::{self, Case};

/// What a plugin component's artifacts say of their builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// One of these builder ids.
    Ids(&'static [&'static str]),
    /// The artifact that it was given, so any builder id.
    PassedThrough,
    /// Nothing: it has no artifacts.
    NoArtifact,
}

use Says::{Ids, NoArtifact, PassedThrough};

const ARM: &str = "Azure.ResourceManagement.VMImage";
const DOCKER_IMPORT: &str = "packer.post-processor.docker-import";

pub(super) const ROWS: &[(&str, Says)] = &[
    ("amazon ebs", Ids(&["mitchellh.amazonebs"])),
    ("amazon ebssurrogate", Ids(&["mitchellh.amazon.ebssurrogate"])),
    ("amazon instance", Ids(&["mitchellh.amazon.instance"])),
    ("amazon chroot", Ids(&["mitchellh.amazon.chroot"])),
    ("amazon ebsvolume", Ids(&["mitchellh.amazon.ebsvolume"])),
    ("amazon import", Ids(&["packer.post-processor.amazon-import"])),
    ("azure arm", Ids(&[ARM])),
    ("azure chroot", Ids(&["azure.chroot"])),
    ("azure dtl", Ids(&[ARM])),
    ("googlecompute", Ids(&["packer.googlecompute"])),
    ("googlecompute export", Ids(&["packer.post-processor.googlecompute-export"])),
    ("googlecompute import", Ids(&["packer.post-processor.googlecompute-import"])),
    ("docker commit", Ids(&[DOCKER_IMPORT])),
    ("docker export", Ids(&["packer.docker"])),
    ("docker import", Ids(&[DOCKER_IMPORT])),
    ("docker tag", Ids(&["packer.post-processor.docker-tag"])),
    ("docker push", Ids(&[DOCKER_IMPORT])),
    ("docker save", PassedThrough),
    ("vsphere iso", Ids(&["jetbrains.vsphere"])),
    ("vsphere clone", Ids(&["jetbrains.vsphere"])),
    ("vsphere supervisor", NoArtifact),
    ("vsphere upload", Ids(&["packer.post-processor.vsphere"])),
    ("vsphere template", PassedThrough),
    ("virtualbox", Ids(&["mitchellh.virtualbox"])),
    ("vmware", Ids(&["vmware.desktop", "mitchellh.vmware", "mitchellh.vmware-esx"])),
    ("qemu", Ids(&["transcend.qemu"])),
    ("proxmox", Ids(&["proxmox.iso", "proxmox.clone"])),
    ("openstack", Ids(&["mitchellh.openstack"])),
    ("oracle oci", Ids(&["packer.oracle.oci"])),
    ("oracle classic", Ids(&["packer.oracle.classic"])),
    ("alicloud ecs", Ids(&["alibaba.alicloud"])),
    ("alicloud import", Ids(&["packer.post-processor.alicloud-import"])),
    ("tencentcloud cvm", Ids(&["tencent.cloud"])),
    ("yandex", Ids(&["packer.yandex"])),
    ("yandex export", Ids(&["packer.post-processor.yandex-export"])),
    ("yandex import", Ids(&["packer.post-processor.yandex-import"])),
    ("digitalocean", Ids(&["pearkes.digitalocean"])),
    ("digitalocean import", Ids(&["pearkes.digitalocean"])),
    ("hcloud", Ids(&["hcloud.builder"])),
    ("linode", Ids(&["packer.linode"])),
    ("vultr", Ids(&["packer.vultr"])),
    ("scaleway", Ids(&["hashicorp.scaleway"])),
    ("upcloud", Ids(&["upcloud.builder"])),
    ("upcloud import", Ids(&["packer.post-processor.upcloud-import"])),
    ("ibmcloud vpc", Ids(&["ibmcloud.vpc.builder"])),
    ("ibmcloud classic", Ids(&["ibmcloud.classic.builder"])),
    ("ibmcloud export-image", Ids(&["ibmcloud.post-processor.vpc-export"])),
    ("nutanix", Ids(&["packer.nutanix"])),
    ("lxd", Ids(&["lxd"])),
    ("lxc", Ids(&["ustream.lxc"])),
    ("vagrant builder", Ids(&["vagrant"])),
    ("vagrant box", Ids(&["mitchellh.post-processor.vagrant"])),
    ("vagrant cloud", Ids(&["pearkes.post-processor.vagrant-cloud"])),
    ("vagrant registry", Ids(&["hashicorp.post-processor.vagrant-registry"])),
    ("parallels", Ids(&["packer.parallels"])),
    ("hyperv", Ids(&["MSOpenTech.hyperv"])),
    ("ansible", NoArtifact),
    ("windows-update", NoArtifact),
    ("cloudstack", Ids(&["packer.cloudstack"])),
    ("outscale bsu", Ids(&["oapi.outscale.bsu"])),
    ("outscale bsusurrogate", Ids(&["oapi.outscale.bsusurrogate"])),
    ("outscale chroot", Ids(&["oapi.outscale.chroot"])),
    ("outscale bsuvolume", Ids(&["oapi.outscale.bsuvolume"])),
    ("profitbricks", Ids(&["packer.profitbricks"])),
    ("ionoscloud", Ids(&["ionoscloud.builder"])),
    ("oneandone", Ids(&["packer.oneandone"])),
    ("triton", Ids(&["joyent.triton"])),
    ("ncloud", Ids(&["ncloud.server.image"])),
    ("ucloud uhost", Ids(&["ucloud.uhost"])),
    ("ucloud import", Ids(&["packer.post-processor.ucloud-import"])),
    ("hyperone", Ids(&["hyperone.builder"])),
    ("jdcloud", Ids(&["hashicorp.jdcloud"])),
    ("exoscale", Ids(&["packer.builder.exoscale"])),
    ("exoscale import", Ids(&["packer.post-processor.exoscale-import"])),
    ("libvirt", Ids(&["thomasklein94.libvirt"])),
    ("tart", Ids(&["tart.builder"])),
    ("xenserver", Ids(&["packer.xenserver"])),
    ("amazon-ami-management", PassedThrough),
    ("null", Ids(&["fnoeding.null"])),
    ("file", Ids(&["packer.file"])),
    ("manifest", PassedThrough),
    ("shell-local", PassedThrough),
    ("provenance", PassedThrough),
    ("checksum", Ids(&["packer.post-processor.checksum"])),
    ("compress", Ids(&["packer.post-processor.compress"])),
    ("artifice", Ids(&["packer.post-processor.artifice"])),
    ("hcp marker", Ids(&["packer.post-processor.hpc-packer-registry"])),
];

/// Every case, read from the files beside this one.
pub(super) fn cases() -> Vec<Case> {
    [
        ("aws.json", include_str!("rows/aws.json")),
        ("azure.json", include_str!("rows/azure.json")),
        ("google.json", include_str!("rows/google.json")),
        ("docker.json", include_str!("rows/docker.json")),
        ("vmware.json", include_str!("rows/vmware.json")),
        ("local.json", include_str!("rows/local.json")),
        ("reporting_clouds.json", include_str!("rows/reporting_clouds.json")),
        ("silent_clouds.json", include_str!("rows/silent_clouds.json")),
        ("packer.json", include_str!("rows/packer.json")),
        ("hostile.json", include_str!("rows/hostile.json")),
    ]
    .into_iter()
    .flat_map(|(file, json)| case::read(file, json))
    .collect()
}
