//! Methods beyond those that every Substrate node serves.

use crate::{
	runtime_api::{AccountId, Balance, Block, BlockNumber, Hash, Nonce},
	service::{Backend, Client, GrandpaLink, Pool},
};
use futures::channel::mpsc;
use jsonrpsee::{core::RegisterMethodError, RpcModule};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use polkadot_sdk::*;
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_consensus_manual_seal::{
	rpc::{ManualSeal, ManualSealApiServer},
	EngineCommand,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::Error;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};

/// What the methods answer from.
pub struct Rpc {
	client: Arc<Client>,
	pool: Arc<Pool>,
	authorities: SharedAuthoritySet<Hash, BlockNumber>,
	voter_state: SharedVoterState,
	justifications: GrandpaJustificationStream<Block>,
	finality: Arc<FinalityProofProvider<Backend, Block>>,
	sealing: Option<mpsc::Sender<EngineCommand<Hash>>>,
}

impl Rpc {
	/// `sealing` takes the commands of `engine_createBlock`; without it there is no such method.
	pub fn new(
		client: Arc<Client>,
		backend: Arc<Backend>,
		pool: Arc<Pool>,
		grandpa: &GrandpaLink,
		voter_state: SharedVoterState,
		sealing: Option<mpsc::Sender<EngineCommand<Hash>>>,
	) -> Self {
		let authorities = grandpa.shared_authority_set().clone();
		Self {
			client,
			pool,
			finality: FinalityProofProvider::new_for_service(backend, Some(authorities.clone())),
			authorities,
			voter_state,
			justifications: grandpa.justification_stream(),
			sealing,
		}
	}

	/// The methods.
	pub fn module(&self, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, Error> {
		self.merged(executor).map_err(|error| Error::Application(error.into()))
	}

	fn merged(&self, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, RegisterMethodError> {
		let mut module = RpcModule::new(());
		let system = System::new(self.client.clone(), self.pool.clone());
		module.merge(SystemApiServer::<Hash, AccountId, Nonce>::into_rpc(system))?;
		let payment = TransactionPayment::<_, Block>::new(self.client.clone());
		module.merge(TransactionPaymentApiServer::<
			Hash,
			pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance>,
		>::into_rpc(payment))?;
		let grandpa = Grandpa::new(
			executor,
			self.authorities.clone(),
			self.voter_state.clone(),
			self.justifications.clone(),
			self.finality.clone(),
		);
		module.merge(grandpa.into_rpc())?;
		if let Some(commands) = &self.sealing {
			module.merge(ManualSeal::new(commands.clone()).into_rpc())?;
		}
		Ok(module)
	}
}
