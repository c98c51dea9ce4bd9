use clap::{Parser, Subcommand};

use super::artifact::ArtifactCommand;
use super::bucket::BucketCommand;
use super::channel::ChannelCommand;
use super::completions::Completions;
use super::database::DatabaseCommand;
use super::env::Env;
use super::iteration::IterationCommand;
use super::principal::PrincipalCommand;
use super::project::ProjectCommand;
use super::registry::RegistryCommand;
use super::role::RoleCommand;
use super::sbom::SbomCommand;
use super::search::Search;
use super::serve::Serve;
use super::spool::SpoolCommand;
use super::style::Color;
use super::token::TokenCommand;

const AFTER_HELP: &str = "\
Examples:
  packer-plugin-registry bucket list
  packer-plugin-registry iteration show --bucket learn-packer-ubuntu --channel production
  packer-plugin-registry artifact get --bucket learn-packer-ubuntu --channel production --platform aws --region us-east-1
  packer-plugin-registry channel assign --bucket learn-packer-ubuntu --channel production --version 3

As a Packer plugin, it is installed once:
  packer plugins install --path packer-plugin-registry github.com/OWNER/registry

Exit codes:
  0 done   1 refused   2 usage   3 not found   4 ambiguous   5 revoked   6 registry unavailable";

/// An image registry for Packer: reads and governs what builds have recorded.
#[derive(Parser, Debug)]
#[expect(clippy::doc_markdown, reason = "the comments are the help text, as a person reads it")]
#[command(name = "packer-plugin-registry", version, after_help = AFTER_HELP, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// The registry: sqlite:PATH, https://HOST:PORT or hcp:// [env: PACKER_REGISTRY_URL] [default: the file in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    pub(super) url: Option<String>,
    /// The project, by its name or id [env: PACKER_REGISTRY_PROJECT] [default: the only one]
    #[arg(long, global = true, value_name = "PROJECT")]
    pub(super) project: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(super) color: Color,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Buckets: lines of images
    #[command(subcommand)]
    Bucket(BucketCommand),
    /// Iterations: what a run of `packer build` made
    #[command(subcommand)]
    Iteration(IterationCommand),
    /// Channels: names that point at iterations
    #[command(subcommand)]
    Channel(ChannelCommand),
    /// Artifacts: the images of an iteration
    #[command(subcommand)]
    Artifact(ArtifactCommand),
    /// SBOMs: what builds have put into their images
    #[command(subcommand)]
    Sbom(SbomCommand),
    /// Find the builds that have an image
    Search(Search),
    /// The registry of a project as a whole
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// The spool: records that no registry has taken yet
    #[command(subcommand)]
    Spool(SpoolCommand),
    /// Projects: buckets that belong together, and who may use them
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Principals: build systems, pipelines and persons, to which roles are given
    #[command(subcommand)]
    Principal(PrincipalCommand),
    /// Roles: who may do what where
    #[command(subcommand)]
    Role(RoleCommand),
    /// Print a short-lived token for other programs that speak with the server
    Token(TokenCommand),
    /// Print what points unmodified Packer and Terraform at the server
    Env(Env),
    /// Databases: checked, backed up, restored, copied
    #[command(subcommand)]
    Database(DatabaseCommand),
    /// Serve the registry to a team
    Serve(Serve),
    /// Print the completions of a shell
    Completions(Completions),
}
