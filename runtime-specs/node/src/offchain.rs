//! Runs the runtime's offchain workers after each block, where `--offchain-worker` says so.

use crate::service::{Backend, Client, Pool};
use polkadot_sdk::*;
use sc_client_api::Backend as _;
use sc_network::service::traits::NetworkService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Configuration, Error, KeystoreContainer, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::sync::Arc;

/// Starts them.
pub fn spawn(
	config: &Configuration,
	client: &Arc<Client>,
	backend: &Arc<Backend>,
	keystore: &KeystoreContainer,
	pool: &Arc<Pool>,
	network: Arc<dyn NetworkService>,
	task_manager: &TaskManager,
) -> Result<(), Error> {
	let workers = OffchainWorkers::new(OffchainWorkerOptions {
		runtime_api_provider: client.clone(),
		keystore: Some(keystore.keystore()),
		offchain_db: backend.offchain_storage(),
		transaction_pool: Some(OffchainTransactionPoolFactory::new(pool.clone())),
		network_provider: Arc::new(network),
		is_validator: config.role.is_authority(),
		enable_http_requests: false,
		custom_extensions: |_| vec![],
	})?;
	let work = workers.run(client.clone(), task_manager.spawn_handle());
	task_manager
		.spawn_handle()
		.spawn("offchain-workers", Some("offchain-worker"), work);
	Ok(())
}
