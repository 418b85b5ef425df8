//! GRANDPA's voter.

use crate::{
	runtime_api::Block,
	service::{GrandpaLink, Pool},
};
use futures::Future;
use polkadot_sdk::*;
use sc_consensus_grandpa::{Config, GrandpaParams, SharedVoterState, VotingRulesBuilder};
use sc_network::{service::traits::NetworkService, NotificationService};
use sc_service::Error;
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// How long votes wait on average before they are passed on.
pub const GOSSIP_PERIOD: Duration = Duration::from_millis(333);

/// What the voter works with.
pub struct Voter {
	/// How it votes.
	pub config: Config,
	/// From the import of blocks.
	pub link: GrandpaLink,
	/// To whom it speaks.
	pub network: Arc<dyn NetworkService>,
	/// Who fetches blocks that others voted for.
	pub sync: Arc<sc_network_sync::SyncingService<Block>>,
	/// The protocol's messages.
	pub notifications: Box<dyn NotificationService>,
	/// Where it counts.
	pub registry: Option<Registry>,
	/// What it says of itself over RPC.
	pub state: SharedVoterState,
	/// Where it reports.
	pub telemetry: Option<TelemetryHandle>,
	/// Where it puts reports of equivocations: each is an unsigned transaction that the runtime makes of the proof.
	pub pool: Arc<Pool>,
}

/// The voter's work; a node without an authority's key follows the votes.
pub fn voter(voter: Voter) -> Result<impl Future<Output = ()> + Send, Error> {
	Ok(sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
		config: voter.config,
		link: voter.link,
		network: voter.network,
		sync: voter.sync,
		notification_service: voter.notifications,
		voting_rule: VotingRulesBuilder::default().build(),
		prometheus_registry: voter.registry,
		shared_voter_state: voter.state,
		telemetry: voter.telemetry,
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(voter.pool),
	})?)
}
