//! An unmodified Packer that takes our server for HCP Packer: no plugin of ours has a part in it.

mod amazon;
mod builds;
mod clients_of_2022;
mod data_sources;
mod deprecated_data_sources;
mod enforced;
mod environment;
mod interrupted;
mod machine;
mod packer_1_8;
mod roles;
mod sboms;
mod terraform;
mod transcript;
mod transcripts;
mod workload;
