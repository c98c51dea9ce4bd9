//! The rows of the table: one file per vendor, each row the facts of one of its plugins.
//!
//! A row says in data what can be said in data; what its plugin does differently from all others is a small function
//! beside it. The facts were read from the plugins' sources; the tests in `tests/capture` hold an example of each.

use super::row::Row;

mod alicloud;
mod aws;
mod azure;
mod cloudstack;
mod digitalocean;
mod docker;
mod exoscale;
mod google;
mod hetzner;
mod hyperone;
mod hypervisor;
mod ibm;
mod ionos;
mod jdcloud;
mod linode;
mod ncloud;
mod nutanix;
mod openstack;
mod oracle;
mod outscale;
mod packer;
mod proxmox;
mod scaleway;
mod tencentcloud;
mod triton;
mod ucloud;
mod upcloud;
mod vagrant;
mod vmware;
mod vsphere;
mod vultr;
mod yandex;

/// Every row, by vendor.
pub(super) static FAMILIES: &[&[Row]] = &[
    alicloud::ROWS,
    aws::ROWS,
    azure::ROWS,
    cloudstack::ROWS,
    digitalocean::ROWS,
    docker::ROWS,
    exoscale::ROWS,
    google::ROWS,
    hetzner::ROWS,
    hyperone::ROWS,
    hypervisor::ROWS,
    ibm::ROWS,
    ionos::ROWS,
    jdcloud::ROWS,
    linode::ROWS,
    ncloud::ROWS,
    nutanix::ROWS,
    openstack::ROWS,
    oracle::ROWS,
    outscale::ROWS,
    packer::ROWS,
    proxmox::ROWS,
    scaleway::ROWS,
    tencentcloud::ROWS,
    triton::ROWS,
    ucloud::ROWS,
    upcloud::ROWS,
    vagrant::ROWS,
    vmware::ROWS,
    vsphere::ROWS,
    vultr::ROWS,
    yandex::ROWS,
];
