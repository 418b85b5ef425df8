//! Blocks sealed by hand, for development.
//!
//! As on the embedded chain, time begins 30 days in the past and moves on by one slot with each block, and each block
//! carries the ordinary Aura seal of its slot's author: any node imports such a chain.

use crate::{
	cli::Sealing,
	runtime_api::{Block, Hash, Header},
	service::{Client, Pool, SelectChain},
};
use codec::Decode;
use futures::{channel::mpsc, stream, Future, Stream, StreamExt};
use futures_timer::Delay;
use polkadot_sdk::*;
use sc_basic_authorship::ProposerFactory;
use sc_client_api::{StorageKey, StorageProvider};
use sc_consensus::BlockImportParams;
use sc_consensus_aura::{
	find_pre_digest,
	standalone::{claim_slot, pre_digest, seal, slot_author},
};
use sc_consensus_manual_seal::{run_manual_seal, ConsensusDataProvider, EngineCommand, Error, ManualSealParams};
use sc_transaction_pool_api::TransactionPool;
use sp_api::{ProvideRuntimeApi, StorageProof};
use sp_consensus_aura::{
	sr25519::{AuthorityId, AuthorityPair, AuthoritySignature},
	AuraApi, Slot, SlotDuration,
};
use sp_crypto_hashing::twox_128;
use sp_inherents::InherentData;
use sp_keystore::KeystorePtr;
use sp_runtime::{traits::Header as _, Digest, Perbill};
use sp_timestamp::{InherentDataProvider as TimeProvider, Timestamp, TimestampInherentData};
use std::{sync::Arc, time::Duration};

/// Commands that may wait.
pub const QUEUE: usize = 1024;

/// How long before now a chain begins, so that a block a second does not soon meet the clock.
const GENESIS_AGE: Duration = Duration::from_secs(30 * 24 * 3600);

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Claims slots and signs blocks with the keys of the keystore.
#[derive(Clone)]
pub struct Author {
	client: Arc<Client>,
	keystore: KeystorePtr,
}

impl Author {
	/// An author of blocks on `client`'s chain.
	pub fn new(client: Arc<Client>, keystore: KeystorePtr) -> Self {
		Self { client, keystore }
	}

	/// The time of the first slot after the parent's whose author's key is here and may author.
	async fn next(&self, parent: Hash) -> Result<TimeProvider, AnyError> {
		let header = self.client.header(parent)?.ok_or("the parent is unknown")?;
		let (authorities, duration) = self.rules(parent)?;
		let disabled = self.disabled(parent)?;
		let now = Slot::from_timestamp(Timestamp::current(), duration);
		let first = match header.number() {
			0 => now.saturating_sub(
				u64::try_from(GENESIS_AGE.as_millis())?
					.checked_div(duration.as_millis())
					.unwrap_or(0),
			),
			_ => find_pre_digest::<Block, AuthoritySignature>(&header)?.saturating_add(1u64),
		};
		for slot in (*first..=u64::MAX).take(authorities.len()) {
			let place = slot.checked_rem(authorities.len() as u64);
			if place.is_some_and(|place| disabled.iter().any(|(one, _)| u64::from(*one) == place)) {
				continue;
			}
			let slot = Slot::from(slot);
			if claim_slot::<AuthorityPair>(slot, &authorities, &self.keystore)
				.await
				.is_some()
			{
				if slot > now {
					return Err("the chain has caught up with the clock".into());
				}
				let time = slot.timestamp(duration).ok_or("the slot is past the end of time")?;
				return Ok(TimeProvider::new(time));
			}
		}
		Err("no authority's key is in the keystore: use --alice or the like".into())
	}

	/// The places of authorities that the runtime lets author no more in this session, and how severe each offence was.
	fn disabled(&self, at: Hash) -> Result<Vec<(u32, Perbill)>, AnyError> {
		let key = [twox_128(b"Session"), twox_128(b"DisabledValidators")].concat();
		match self.client.storage(at, &StorageKey(key))? {
			Some(data) => Ok(Decode::decode(&mut &data.0[..])?),
			None => Ok(Vec::new()),
		}
	}

	fn rules(&self, at: Hash) -> Result<(Vec<AuthorityId>, SlotDuration), sp_api::ApiError> {
		let api = self.client.runtime_api();
		Ok((api.authorities(at)?, api.slot_duration(at)?))
	}

	fn slot(&self, parent: &Header, inherents: &InherentData) -> Result<(Slot, Vec<AuthorityId>), Error> {
		let time = inherents
			.timestamp_inherent_data()?
			.ok_or_else(|| other("there is no timestamp"))?;
		let (authorities, duration) = self.rules(parent.hash()).map_err(other)?;
		Ok((Slot::from_timestamp(time, duration), authorities))
	}
}

impl ConsensusDataProvider<Block> for Author {
	fn create_digest(&self, parent: &Header, inherents: &InherentData) -> Result<Digest, Error> {
		let (slot, _) = self.slot(parent, inherents)?;
		Ok(Digest {
			logs: vec![pre_digest::<AuthorityPair>(slot)],
		})
	}

	fn append_block_import(
		&self,
		parent: &Header,
		params: &mut BlockImportParams<Block>,
		inherents: &InherentData,
		_: StorageProof,
	) -> Result<(), Error> {
		let (slot, authorities) = self.slot(parent, inherents)?;
		let author = slot_author::<AuthorityPair>(slot, &authorities).ok_or_else(|| other("there is no authority"))?;
		params
			.post_digests
			.push(seal::<_, AuthorityPair>(&params.header.hash(), author, &self.keystore)?);
		Ok(())
	}
}

/// Seals blocks until the node stops.
pub fn run(
	sealing: Sealing,
	author: Author,
	client: Arc<Client>,
	pool: Arc<Pool>,
	select_chain: SelectChain,
	env: ProposerFactory<Pool, Client>,
	commands: mpsc::Receiver<EngineCommand<Hash>>,
) -> impl Future<Output = ()> {
	let commands_stream = stream::select(commands, triggers(sealing, &pool));
	let clock = author.clone();
	run_manual_seal(ManualSealParams {
		block_import: client.clone(),
		env,
		client,
		pool,
		commands_stream,
		select_chain,
		consensus_data_provider: Some(Box::new(author)),
		create_inherent_data_providers: move |parent, ()| {
			let clock = clock.clone();
			async move { clock.next(parent).await }
		},
	})
}

/// Blocks that nobody asked for over RPC.
fn triggers(sealing: Sealing, pool: &Arc<Pool>) -> stream::BoxStream<'static, EngineCommand<Hash>> {
	match sealing {
		Sealing::Manual => stream::pending().boxed(),
		Sealing::Instant => pool.import_notification_stream().map(|_| block(false)).boxed(),
		Sealing::Every(period) => every(period).map(|()| block(true)).boxed(),
	}
}

fn block(create_empty: bool) -> EngineCommand<Hash> {
	EngineCommand::SealNewBlock {
		create_empty,
		finalize: true,
		parent_hash: None,
		sender: None,
	}
}

fn every(period: Duration) -> impl Stream<Item = ()> {
	stream::unfold((), move |()| async move {
		Delay::new(period).await;
		Some(((), ()))
	})
}

fn other(error: impl std::fmt::Display) -> Error {
	Error::StringError(error.to_string())
}
