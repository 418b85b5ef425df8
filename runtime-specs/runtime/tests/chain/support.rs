//! A chain made of one externalities and the real `Executive`.

use assay_runtime::*;
use codec::Encode;
use frame_support::{
	storage::with_transaction_unchecked,
	traits::{Hooks, TryState, TryStateSelect},
};
use polkadot_sdk::*;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic,
	traits::{Dispatchable, Header as _},
	ApplyExtrinsicResult, Digest, DigestItem, DispatchResult, DispatchResultWithInfo, TransactionOutcome,
};

/// First slot of the tests' chains.
const FIRST_SLOT: u64 = 1_000;

/// A chain with an open block, in which calls are dispatched.
pub struct Chain {
	ext: sp_io::TestExternalities,
	parent: Header,
	number: BlockNumber,
	slot: u64,
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

impl Chain {
	/// The first block of a chain whose genesis is the preset.
	pub fn new(preset: &str) -> Self {
		let mut ext = sp_io::TestExternalities::default();
		ext.execute_with(|| {
			let read = |id: Option<&str>| {
				let bytes = Runtime::get_preset(&id.map(Into::into)).expect("the preset exists");
				serde_json::from_slice(&bytes).expect("a preset is JSON")
			};
			let mut genesis: serde_json::Value = read(None);
			merge(&mut genesis, read(Some(preset)));
			Runtime::build_state(serde_json::to_vec(&genesis).unwrap()).expect("the preset builds");
		});
		let parent = Header::new(
			0,
			Default::default(),
			Default::default(),
			Default::default(),
			Default::default(),
		);
		let mut chain = Self {
			ext,
			parent,
			number: 0,
			slot: FIRST_SLOT,
		};
		chain.open();
		chain
	}

	/// Gives the node keys of its own.
	pub fn with_keystore(mut self) -> Self {
		let keys = sp_keystore::testing::MemoryKeystore::new();
		self.ext.register_extension(sp_keystore::KeystoreExt::new(keys));
		self
	}

	/// The development chain.
	pub fn dev() -> Self {
		Self::new(sp_genesis_builder::DEV_RUNTIME_PRESET)
	}

	fn open(&mut self) {
		self.number += 1;
		self.slot += 1;
		// A disabled authority lets its slots pass.
		while self.author_is_disabled() {
			self.slot += 1;
		}
		let slot = Slot::from(self.slot);
		let header = self.claim(slot);
		self.ext.execute_with(|| {
			Executive::initialize_block(&header);
			let now = *slot * assay_primitives::SLOT_MS;
			let inherent = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
			Executive::apply_extrinsic(inherent)
				.expect("the inherent is valid")
				.expect("the inherent applies");
		});
	}

	fn author_is_disabled(&mut self) -> bool {
		let slot = self.slot;
		self.with(|| {
			let author = Aura::slot_author_index(slot.into());
			author.is_some_and(|author| Session::disabled_validators().contains(&author))
		})
	}

	/// A header on top of the last block that claims the slot.
	pub fn claim(&self, slot: Slot) -> Header {
		let digest = Digest {
			logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())],
		};
		let zero = Default::default();
		Header::new(self.number, zero, zero, self.parent.hash(), digest)
	}

	/// Header of the last closed block, without a seal.
	pub fn parent(&self) -> &Header {
		&self.parent
	}

	/// Slot of the open block.
	pub fn slot(&self) -> Slot {
		self.slot.into()
	}

	/// The same chain, in the same open block, which goes its own way from here on.
	pub fn fork(&mut self) -> Self {
		self.ext.commit_all().expect("nothing is being executed");
		let mut ext = sp_io::TestExternalities::default();
		ext.backend = self.ext.backend.clone();
		Self {
			ext,
			parent: self.parent.clone(),
			..*self
		}
	}

	/// Closes the open block and opens the next.
	pub fn next(&mut self) {
		self.parent = self.ext.execute_with(Executive::finalize_block);
		self.open();
	}

	/// Opens blocks until `number` is the open one.
	pub fn run_to(&mut self, number: BlockNumber) {
		while self.number < number {
			self.next();
		}
	}

	/// Opens this many blocks.
	pub fn skip(&mut self, blocks: BlockNumber) {
		self.run_to(self.number + blocks);
	}

	/// Number of the open block.
	pub fn number(&self) -> BlockNumber {
		self.number
	}

	/// Reads or writes state in the open block.
	pub fn with<R>(&mut self, f: impl FnOnce() -> R) -> R {
		self.ext.execute_with(f)
	}

	/// Dispatches a call as the runtime would, without fees.
	pub fn call(
		&mut self,
		origin: impl Into<RuntimeOrigin>,
		call: impl Into<RuntimeCall>,
	) -> DispatchResultWithInfo<frame_support::dispatch::PostDispatchInfo> {
		let (origin, call) = (origin.into(), call.into());
		self.with(|| call.dispatch(origin))
	}

	/// Applies a signed transaction, with its fees, and returns how its call ended.
	pub fn send(&mut self, who: Sr25519Keyring, call: RuntimeCall) -> DispatchResult {
		self.try_send(who, call).expect("the transaction is valid")
	}

	/// The same for a transaction that need not be valid: its sender may have nothing to pay with.
	pub fn try_send(&mut self, who: Sr25519Keyring, call: RuntimeCall) -> ApplyExtrinsicResult {
		let account = who.to_account_id();
		let transaction = self.with(|| {
			let extension: TxExtension = (
				frame_system::AuthorizeCall::new(),
				frame_system::CheckNonZeroSender::new(),
				frame_system::CheckSpecVersion::new(),
				frame_system::CheckTxVersion::new(),
				frame_system::CheckGenesis::new(),
				frame_system::CheckEra::from(generic::Era::Immortal),
				frame_system::CheckNonce::from(System::account_nonce(&account)),
				frame_system::CheckWeight::new(),
				pallet_transaction_payment::ChargeTransactionPayment::from(0),
				frame_metadata_hash_extension::CheckMetadataHash::new(false),
			);
			let payload = SignedPayload::new(call.clone(), extension.clone()).expect("the extension has its implicits");
			let signature = payload.using_encoded(|bytes| who.sign(bytes));
			UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension)
		});
		self.with(|| Executive::apply_extrinsic(transaction))
	}

	/// Checks every pallet's state, and that all that was issued lies on accounts.
	pub fn check(&mut self) {
		let number = self.number;
		self.with(|| {
			try_state(number).expect("the state is consistent");
			let balances = frame_system::Account::<Runtime>::iter_values();
			let sum: Balance = balances.map(|account| account.data.free + account.data.reserved).sum();
			assert_eq!(sum, Balances::total_issuance(), "issuance is the sum of balances");
		});
	}

	/// Whether the open block has the event.
	pub fn emitted(&mut self, wanted: impl Fn(&RuntimeEvent) -> bool) -> bool {
		self.with(|| System::events().iter().any(|record| wanted(&record.event)))
	}
}

/// Every pallet's own check. They are made for closed blocks, in which the author is forgotten: in the open block that
/// begins a session, Authorship would look for it among the new authorities.
fn try_state(number: BlockNumber) -> Result<(), sp_runtime::TryRuntimeError> {
	with_transaction_unchecked(|| {
		Authorship::on_finalize(number);
		TransactionOutcome::Rollback(AllPalletsWithSystem::try_state(number, TryStateSelect::All))
	})
}

/// Origin of a well-known account.
pub fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(who.to_account_id())
}
