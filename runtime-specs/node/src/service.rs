//! A node's parts, and how they are put together.

use crate::{
	cli::Sealing,
	finality, offchain, rpc,
	runtime_api::{Block, Hash, RuntimeApi},
	sealing,
};
use futures::{channel::mpsc, FutureExt};
use polkadot_sdk::*;
use sc_client_api::BlockBackend;
use sc_consensus::{DefaultImportQueue, LongestChain};
use sc_consensus_aura::SlotProportion;
use sc_consensus_grandpa::{GrandpaBlockImport, GrandpaPruningFilter, LinkHalf, SharedVoterState};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_executor::WasmExecutor;
use sc_network::{
	config::{FullNetworkConfiguration, NetworkBackendType},
	Litep2pNetworkBackend, NetworkBackend,
};
use sc_service::{ChainType, Configuration, Error, KeystoreContainer, TaskManager, WarpSyncConfig};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sp_consensus_aura::{inherents::InherentDataProvider as SlotProvider, sr25519::AuthorityPair};
use sp_timestamp::InherentDataProvider as TimeProvider;
use std::sync::Arc;

/// Calls the chain's Wasm, with the host functions that every Substrate chain has.
type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
/// The chain.
pub type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The database.
pub type Backend = sc_service::TFullBackend<Block>;
/// Which of several tips to build on.
pub type SelectChain = LongestChain<Backend, Block>;
/// Transactions that wait for a block.
pub type Pool = TransactionPoolHandle<Block, Client>;
/// What GRANDPA's voter shares with the import of blocks.
pub type GrandpaLink = LinkHalf<Block, Client, SelectChain>;
type GrandpaImport = GrandpaBlockImport<Backend, Block, Client, SelectChain>;

/// A justification is kept of every 512th block, and of each block that changes the authorities: with those, a new node
/// learns in a few steps which blocks are final (warp sync).
const JUSTIFICATION_PERIOD: u32 = 512;

/// The part of a slot in which a block is made; the rest is for its way to the others.
const PROPOSAL_PORTION: f32 = 2.0 / 3.0;

/// What a node is made of, before it speaks to anybody.
pub struct Parts {
	/// The chain.
	pub client: Arc<Client>,
	/// Its database.
	pub backend: Arc<Backend>,
	/// Verifies blocks of others, one after the other.
	pub import_queue: DefaultImportQueue<Block>,
	keystore: KeystoreContainer,
	select_chain: SelectChain,
	pool: Arc<Pool>,
	block_import: GrandpaImport,
	grandpa_link: GrandpaLink,
	telemetry: Option<Telemetry>,
}

/// Opens the database and makes the parts, with what runs their tasks.
pub fn open(config: &Configuration) -> Result<(Parts, TaskManager), Error> {
	let telemetry = telemetry(config)?;
	let telemetry_handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());
	let (client, backend, keystore, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, Executor>(
		config,
		telemetry_handle.clone(),
		sc_service::new_wasm_executor(&config.executor),
		vec![Arc::new(GrandpaPruningFilter)],
	)?;
	let client = Arc::new(client);
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});
	let select_chain = LongestChain::new(backend.clone());
	let pool = sc_transaction_pool::Builder::new(
		task_manager.spawn_essential_handle(),
		client.clone(),
		config.role.is_authority().into(),
	)
	.with_options(config.transaction_pool.clone())
	.with_prometheus(config.prometheus_registry())
	.build();
	let (block_import, grandpa_link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		&client,
		select_chain.clone(),
		telemetry_handle.clone(),
	)?;
	let asked = client.clone();
	let import_queue =
		sc_consensus_aura::import_queue::<AuthorityPair, _, _, _, _, _>(sc_consensus_aura::ImportQueueParams {
			block_import: block_import.clone(),
			justification_import: Some(Box::new(block_import.clone())),
			client: client.clone(),
			create_inherent_data_providers: move |parent, ()| {
				let asked = asked.clone();
				async move {
					let slot_duration = sc_consensus_aura::standalone::slot_duration_at(&*asked, parent)?;
					let time = TimeProvider::from_system_time();
					Ok((
						SlotProvider::from_timestamp_and_slot_duration(*time, slot_duration),
						time,
					))
				}
			},
			spawner: &task_manager.spawn_essential_handle(),
			registry: config.prometheus_registry(),
			check_for_equivocation: Default::default(),
			telemetry: telemetry_handle,
			compatibility_mode: Default::default(),
		})?;
	let parts = Parts {
		client,
		backend,
		import_queue,
		keystore,
		select_chain,
		pool: Arc::new(pool),
		block_import,
		grandpa_link,
		telemetry,
	};
	Ok((parts, task_manager))
}

/// Starts a node: blocks by Aura and GRANDPA, or sealed by hand where `sealing` says so.
pub fn start(config: Configuration, sealing: Option<Sealing>) -> Result<TaskManager, Error> {
	if matches!(config.network.network_backend, NetworkBackendType::Libp2p) {
		return Err("this node is built with the litep2p network backend only"
			.to_string()
			.into());
	}
	if sealing.is_some() && matches!(config.chain_spec.chain_type(), ChainType::Live) {
		return Err("a live chain is not sealed by hand: leave --sealing out"
			.to_string()
			.into());
	}
	let (parts, mut task_manager) = open(&config)?;
	let Parts {
		client,
		backend,
		import_queue,
		keystore,
		select_chain,
		pool,
		block_import,
		grandpa_link,
		mut telemetry,
	} = parts;

	let registry = config.prometheus_registry().cloned();
	let mut net_config =
		FullNetworkConfiguration::<Block, Hash, Litep2pNetworkBackend>::new(&config.network, registry.clone());
	let metrics =
		<Litep2pNetworkBackend as NetworkBackend<Block, Hash>>::register_notification_metrics(registry.as_ref());
	let genesis = client
		.block_hash(0)?
		.ok_or_else(|| Error::Other("the genesis block is missing".into()))?;
	let protocol_name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
	let (protocol, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<Block, Litep2pNetworkBackend>(
		protocol_name.clone(),
		metrics.clone(),
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(protocol);
	let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		backend.clone(),
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	));
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config: &config,
			net_config,
			client: client.clone(),
			transaction_pool: pool.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;

	if config.offchain_worker.enabled {
		offchain::spawn(
			&config,
			&client,
			&backend,
			&keystore,
			&pool,
			network.clone(),
			&task_manager,
		)?;
	}

	let role = config.role;
	let force_authoring = config.force_authoring;
	let voter = (sealing.is_none() && !config.disable_grandpa).then(|| sc_consensus_grandpa::Config {
		gossip_duration: finality::GOSSIP_PERIOD,
		justification_generation_period: JUSTIFICATION_PERIOD,
		observer_enabled: false,
		local_role: role,
		name: Some(config.network.node_name.clone()),
		keystore: role.is_authority().then(|| keystore.keystore()),
		telemetry: telemetry.as_ref().map(Telemetry::handle),
		protocol_name,
	});
	let voter_state = SharedVoterState::empty();
	let (commands, command_stream) = mpsc::channel(sealing::QUEUE);
	let rpc = rpc::Rpc::new(
		client.clone(),
		backend.clone(),
		pool.clone(),
		&grandpa_link,
		voter_state.clone(),
		sealing.map(|_| commands),
	);
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		config,
		client: client.clone(),
		backend,
		task_manager: &mut task_manager,
		keystore: keystore.keystore(),
		transaction_pool: pool.clone(),
		rpc_builder: Box::new(move |executor| rpc.module(executor)),
		network: network.clone(),
		system_rpc_tx,
		tx_handler_controller,
		sync_service: sync_service.clone(),
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;

	let telemetry = telemetry.as_ref().map(Telemetry::handle);
	let proposer_factory = sc_basic_authorship::ProposerFactory::new(
		task_manager.spawn_handle(),
		client.clone(),
		pool.clone(),
		registry.as_ref(),
		telemetry.clone(),
	);
	if let Some(sealing) = sealing {
		let author = sealing::Author::new(client.clone(), keystore.keystore());
		let work = sealing::run(
			sealing,
			author,
			client,
			pool,
			select_chain,
			proposer_factory,
			command_stream,
		);
		task_manager
			.spawn_essential_handle()
			.spawn_blocking("sealing", Some("block-authoring"), work);
		return Ok(task_manager);
	}
	if role.is_authority() {
		let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
		let aura = sc_consensus_aura::start_aura::<AuthorityPair, _, _, _, _, _, _, _, _, _, _>(
			sc_consensus_aura::StartAuraParams {
				slot_duration,
				client,
				select_chain,
				block_import,
				proposer_factory,
				sync_oracle: sync_service.clone(),
				justification_sync_link: sync_service.clone(),
				create_inherent_data_providers: move |_, ()| async move {
					let time = TimeProvider::from_system_time();
					Ok((
						SlotProvider::from_timestamp_and_slot_duration(*time, slot_duration),
						time,
					))
				},
				force_authoring,
				// While finality lags, blocks become rarer, and deadlines counted in blocks come later.
				backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
				keystore: keystore.keystore(),
				block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
				max_block_proposal_slot_portion: None,
				telemetry: telemetry.clone(),
				compatibility_mode: Default::default(),
			},
		)?;
		task_manager
			.spawn_essential_handle()
			.spawn_blocking("aura", Some("block-authoring"), aura);
	}
	if let Some(config) = voter {
		let voter = finality::voter(finality::Voter {
			config,
			link: grandpa_link,
			network,
			sync: sync_service,
			notifications,
			registry,
			state: voter_state,
			telemetry,
			pool,
		})?;
		task_manager
			.spawn_essential_handle()
			.spawn_blocking("grandpa-voter", None, voter.boxed());
	}
	Ok(task_manager)
}

fn telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, Error> {
	let Some(endpoints) = config
		.telemetry_endpoints
		.clone()
		.filter(|endpoints| !endpoints.is_empty())
	else {
		return Ok(None);
	};
	let worker = TelemetryWorker::new(16)?;
	let telemetry = worker.handle().new_telemetry(endpoints);
	Ok(Some((worker, telemetry)))
}
