//! What the command line takes.

use polkadot_sdk::sc_cli;
use std::{str::FromStr, time::Duration};

/// The command line.
#[derive(Debug, clap::Parser)]
pub struct Cli {
	/// What to do instead of running a node.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	/// How to run a node.
	#[clap(flatten)]
	pub run: RunCmd,
}

/// How to run a node.
#[derive(Debug, clap::Args)]
pub struct RunCmd {
	/// What every node takes.
	#[clap(flatten)]
	pub base: sc_cli::RunCmd,

	/// Seal blocks by hand, for development: `manual` seals on `engine_createBlock`, `instant` as soon as a transaction
	/// is there, a number every so many milliseconds.
	///
	/// Such a chain begins 30 days ago and moves on by one slot with each block. Its blocks are final at once and carry
	/// ordinary Aura seals, so that any node imports them.
	#[arg(long, value_name = "manual|instant|MILLISECONDS")]
	pub sealing: Option<Sealing>,
}

/// When a development node seals a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
	/// On `engine_createBlock`.
	Manual,
	/// As soon as a transaction is in the pool.
	Instant,
	/// Again and again.
	Every(Duration),
}

impl FromStr for Sealing {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		match text {
			"manual" => Ok(Self::Manual),
			"instant" => Ok(Self::Instant),
			number => match number.parse() {
				Ok(milliseconds) if milliseconds > 0 => Ok(Self::Every(Duration::from_millis(milliseconds))),
				_ => Err("expected manual, instant, or a number of milliseconds".into()),
			},
		}
	}
}

/// What to do instead of running a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
	/// Make, show and insert keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Write a chain spec as JSON, plain or raw.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Verify and execute a block again.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Write a block's state as a chain spec.
	ExportState(sc_cli::ExportStateCmd),

	/// Verify, execute and keep the blocks of a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Take back blocks that are not final.
	Revert(sc_cli::RevertCmd),

	/// Remove the chain's database.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Show what the database holds.
	ChainInfo(sc_cli::ChainInfoCmd),
}
