//! A state that counts which keys are read from the database and written to it, by the rules of the state in
//! `frame-benchmarking-cli`: each key once, what the overlay answers not at all, whitelisted keys not at all.

use polkadot_sdk::*;
use sp_core::{
	offchain::{testing::TestOffchainExt, OffchainDbExt, OffchainWorkerExt},
	storage::{ChildInfo, StateVersion, TrackedStorageKey},
};
use sp_externalities::Extensions;
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{
	Backend, BackendTransaction, ChildStorageCollection, Ext, IterArgs, OverlayedChanges, StateMachineStats,
	StorageCollection, StorageIterator, StorageKey, StorageValue, UsageInfo,
};
use sp_trie::{MerkleValue, PrefixedMemoryDB};
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
	ops::Bound,
	rc::Rc,
};

type Hash = sp_core::H256;

/// The rows of a state.
pub type Rows = BTreeMap<StorageKey, StorageValue>;

/// The keys touched since the last reset.
#[derive(Debug, Default)]
struct Touched {
	read: BTreeSet<StorageKey>,
	written: BTreeSet<StorageKey>,
}

/// Rows without a trie, and what was touched of them. Its roots are zero: nothing here looks at them.
#[derive(Debug, Default)]
pub struct Tracked {
	genesis: Rc<Rows>,
	changes: RefCell<BTreeMap<StorageKey, Option<StorageValue>>>,
	touched: RefCell<Touched>,
	whitelist: RefCell<Vec<TrackedStorageKey>>,
}

impl Tracked {
	/// The state with these rows.
	pub fn new(genesis: Rc<Rows>) -> Self {
		Self {
			genesis,
			changes: Default::default(),
			touched: Default::default(),
			whitelist: Default::default(),
		}
	}

	/// The distinct keys read and written since the last reset, in order.
	pub fn keys_touched(&self) -> (Vec<StorageKey>, Vec<StorageKey>) {
		let whitelist = self.whitelist.borrow();
		let counted = |keys: &BTreeSet<StorageKey>| {
			let counts = |key: &&StorageKey| whitelist.iter().all(|white| white.key != **key);
			keys.iter().filter(counts).cloned().collect()
		};
		let touched = self.touched.borrow();
		(counted(&touched.read), counted(&touched.written))
	}

	fn note_read(&self, key: &[u8]) {
		self.touched.borrow_mut().read.insert(key.to_vec());
	}

	fn value(&self, key: &[u8]) -> Option<StorageValue> {
		let changed = self.changes.borrow().get(key).cloned();
		changed.unwrap_or_else(|| self.genesis.get(key).cloned())
	}

	/// The first key from `from` on.
	fn first(&self, from: Bound<&[u8]>) -> Option<StorageKey> {
		let changes = self.changes.borrow();
		let range = (from, Bound::Unbounded);
		let stored = self.genesis.range::<[u8], _>(range).map(|(key, _)| key);
		let old = stored.into_iter().find(|key| !changes.contains_key(*key));
		let new = changes
			.range::<[u8], _>(range)
			.find(|(_, value)| value.is_some())
			.map(|(key, _)| key);
		old.into_iter().chain(new).min().cloned()
	}
}

/// Where an iteration stands.
pub struct Position {
	prefix: StorageKey,
	next: Bound<StorageKey>,
}

impl StorageIterator<BlakeTwo256> for Position {
	type Backend = Tracked;
	type Error = String;

	fn next_key(&mut self, backend: &Tracked) -> Option<Result<StorageKey, String>> {
		let from = match &self.next {
			Bound::Included(key) => Bound::Included(key.as_slice()),
			Bound::Excluded(key) => Bound::Excluded(key.as_slice()),
			Bound::Unbounded => Bound::Unbounded,
		};
		let key = backend.first(from).filter(|key| key.starts_with(&self.prefix))?;
		backend.note_read(&key);
		self.next = Bound::Excluded(key.clone());
		Some(Ok(key))
	}

	fn next_pair(&mut self, backend: &Tracked) -> Option<Result<(StorageKey, StorageValue), String>> {
		let key = self.next_key(backend)?;
		Some(key.map(|key| {
			let value = backend.value(&key).unwrap_or_default();
			(key, value)
		}))
	}

	fn was_complete(&self) -> bool {
		true
	}
}

fn no_child_tries<T>() -> Result<T, String> {
	Err("no pallet of this runtime keeps child tries".into())
}

impl Backend<BlakeTwo256> for Tracked {
	type Error = String;
	type RawIter = Position;
	type TrieBackendStorage = PrefixedMemoryDB<BlakeTwo256>;

	fn storage(&self, key: &[u8]) -> Result<Option<StorageValue>, String> {
		self.note_read(key);
		Ok(self.value(key))
	}

	fn storage_hash(&self, key: &[u8]) -> Result<Option<Hash>, String> {
		self.note_read(key);
		Ok(self.value(key).map(|value| sp_io::hashing::blake2_256(&value).into()))
	}

	fn exists_storage(&self, key: &[u8]) -> Result<bool, String> {
		self.note_read(key);
		Ok(self.value(key).is_some())
	}

	fn next_storage_key(&self, key: &[u8]) -> Result<Option<StorageKey>, String> {
		self.note_read(key);
		Ok(self.first(Bound::Excluded(key)))
	}

	fn raw_iter(&self, args: IterArgs) -> Result<Position, String> {
		if args.child_info.is_some() {
			return no_child_tries();
		}
		let prefix = args.prefix.unwrap_or_default().to_vec();
		let next = match args.start_at {
			Some(key) if args.start_at_exclusive => Bound::Excluded(key.to_vec()),
			Some(key) => Bound::Included(key.to_vec()),
			None => Bound::Included(prefix.clone()),
		};
		Ok(Position { prefix, next })
	}

	fn storage_root<'a>(
		&self,
		_: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
		_: StateVersion,
	) -> (Hash, BackendTransaction<BlakeTwo256>) {
		Default::default()
	}

	fn commit(
		&self,
		_: Hash,
		_: BackendTransaction<BlakeTwo256>,
		changes: StorageCollection,
		_: ChildStorageCollection,
	) -> Result<(), String> {
		for (key, value) in changes {
			self.touched.borrow_mut().written.insert(key.clone());
			self.changes.borrow_mut().insert(key, value);
		}
		Ok(())
	}

	fn wipe(&self) -> Result<(), String> {
		self.changes.borrow_mut().clear();
		self.reset_read_write_count();
		Ok(())
	}

	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		let (read, written) = self.keys_touched();
		(read.len() as u32, 0, written.len() as u32, 0)
	}

	fn reset_read_write_count(&self) {
		*self.touched.borrow_mut() = Touched::default();
	}

	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		self.whitelist.borrow().clone()
	}

	fn set_whitelist(&self, whitelist: Vec<TrackedStorageKey>) {
		*self.whitelist.borrow_mut() = whitelist;
	}

	fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
		Vec::new()
	}

	fn proof_size(&self) -> Option<u32> {
		None
	}

	fn register_overlay_stats(&self, _: &StateMachineStats) {}

	fn usage_info(&self) -> UsageInfo {
		UsageInfo::empty()
	}

	fn closest_merkle_value(&self, _: &[u8]) -> Result<Option<MerkleValue<Hash>>, String> {
		Err("there is no trie".into())
	}

	fn child_closest_merkle_value(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<MerkleValue<Hash>>, String> {
		no_child_tries()
	}

	fn child_storage(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<StorageValue>, String> {
		no_child_tries()
	}

	fn child_storage_hash(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Hash>, String> {
		no_child_tries()
	}

	fn next_child_storage_key(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<StorageKey>, String> {
		no_child_tries()
	}

	fn child_storage_root<'a>(
		&self,
		_: &ChildInfo,
		_: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
		_: StateVersion,
	) -> (Hash, bool, BackendTransaction<BlakeTwo256>) {
		Default::default()
	}
}

/// What the runtime asks of a node besides its state.
pub fn extensions() -> Extensions {
	let (offchain, _) = TestOffchainExt::new();
	let mut extensions = Extensions::new();
	extensions.register(KeystoreExt::new(MemoryKeystore::new()));
	extensions.register(OffchainWorkerExt::new(offchain.clone()));
	extensions.register(OffchainDbExt::new(offchain));
	extensions
}

/// Runs `f` natively on that state, as a call from a node is run.
pub fn within<R>(state: &Tracked, f: impl FnOnce() -> R) -> R {
	let (mut overlay, mut extensions) = (OverlayedChanges::default(), extensions());
	overlay.enter_runtime().expect("it is entered once");
	let mut ext = Ext::new(&mut overlay, state, Some(&mut extensions));
	sp_externalities::set_and_run_with_externalities(&mut ext, f)
}

/// Puts the members of a JSON patch over those of a base.
pub fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}
