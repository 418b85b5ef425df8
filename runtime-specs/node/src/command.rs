//! From the command line to what it asks for.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	runtime_api::Block,
	service::{self, Parts},
};
use clap::{CommandFactory, FromArgMatches};
use futures::future::LocalBoxFuture;
use polkadot_sdk::*;
use sc_cli::{CliConfiguration, Result, SubstrateCli};
use sc_service::DatabaseSource;

/// The program with the runtime that it embeds.
struct Program {
	runtime: &'static [u8],
}

impl SubstrateCli for Program {
	fn impl_name() -> String {
		"Assay Node".into()
	}

	fn impl_version() -> String {
		env!("CARGO_PKG_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
		chain_spec::load(id, self.runtime)
	}
}

/// Does what the command line asks, with `runtime` as the Wasm of the chains that go by name.
pub fn run(runtime: &'static [u8]) -> Result<()> {
	let program = Program { runtime };
	let matches = Program::setup_command(Cli::command()).get_matches();
	let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
	match cli.subcommand {
		None => {
			let sealing = cli.run.sealing;
			program
				.create_runner(&cli.run.base)?
				.run_node_until_exit(
					|config| async move { service::start(config, sealing).map_err(sc_cli::Error::from) },
				)
		}
		Some(subcommand) => run_subcommand(&program, subcommand),
	}
}

fn run_subcommand(program: &Program, subcommand: Subcommand) -> Result<()> {
	match subcommand {
		Subcommand::Key(cmd) => cmd.run(program),
		Subcommand::ExportChainSpec(cmd) => cmd.run(program.load_spec(&cmd.chain)?),
		Subcommand::CheckBlock(cmd) => on_database(program, &cmd, |cmd, _, parts| {
			Box::pin(async move { cmd.run(parts.client, parts.import_queue).await })
		}),
		Subcommand::ExportBlocks(cmd) => on_database(program, &cmd, |cmd, database, parts| {
			Box::pin(async move { cmd.run(parts.client, database).await })
		}),
		Subcommand::ImportBlocks(cmd) => on_database(program, &cmd, |cmd, _, parts| {
			Box::pin(async move { cmd.run(parts.client, parts.import_queue).await })
		}),
		Subcommand::ExportState(cmd) => {
			let spec = program.load_spec(cmd.shared_params().chain.as_deref().unwrap_or_default())?;
			on_database(program, &cmd, |cmd, _, parts| {
				Box::pin(async move { cmd.run(parts.client, spec).await })
			})
		}
		Subcommand::Revert(cmd) => on_database(program, &cmd, |cmd, _, parts| {
			let forget_votes = Box::new(|client, _, blocks| {
				sc_consensus_grandpa::revert(client, blocks)?;
				Ok(())
			});
			Box::pin(async move { cmd.run(parts.client, parts.backend, Some(forget_votes)).await })
		}),
		Subcommand::PurgeChain(cmd) => program.create_runner(&cmd)?.sync_run(|config| cmd.run(config.database)),
		Subcommand::ChainInfo(cmd) => program
			.create_runner(&cmd)?
			.sync_run(|config| cmd.run::<Block>(&config)),
	}
}

type Work<'a> = LocalBoxFuture<'a, Result<()>>;

/// Opens the chain's database and works on it.
fn on_database<'a, C: CliConfiguration>(
	program: &Program,
	cmd: &'a C,
	work: impl FnOnce(&'a C, DatabaseSource, Parts) -> Work<'a>,
) -> Result<()> {
	program.create_runner(cmd)?.async_run(|config| {
		let (parts, tasks) = service::open(&config)?;
		Ok((work(cmd, config.database, parts), tasks))
	})
}
