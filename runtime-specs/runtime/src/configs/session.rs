//! Block production, finality, sessions and authorship.

use crate::*;
use assay_primitives::{Pace, SLOT_MS};
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU64, Get},
	weights::Weight,
};
use pallet_equivocation::WeightInfo as _;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{
	impl_opaque_keys,
	traits::{Convert, ConvertInto, OpaqueKeys},
	KeyTypeId,
};
use sp_staking::SessionIndex;

impl_opaque_keys! {
	/// Keys by which an authority authors and finalises blocks.
	pub struct SessionKeys {
		/// Authors blocks.
		pub aura: Aura,
		/// Finalises blocks.
		pub grandpa: Grandpa,
	}
}

/// Most authorities.
pub(crate) const MAX_AUTHORITIES: u32 = 100;

/// Sessions whose authorities can still be proven, and their equivocations reported, at each pace.
pub const fn history(pace: Pace) -> SessionIndex {
	match pace {
		Pace::Dev => 10,
		Pace::Local => 10,
		Pace::Live => MAX_HISTORY,
	}
}

/// The longest history: four weeks of sessions of four hours.
const MAX_HISTORY: SessionIndex = 168;

/// Sessions whose authorities can still be proven.
pub struct History;

impl Get<SessionIndex> for History {
	fn get() -> SessionIndex {
		history(pace())
	}
}

impl pallet_aura::Config for Runtime {
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type AuthorityId = AuraId;
	type DisabledValidators = Session;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type SlotDuration = ConstU64<SLOT_MS>;
}

/// GRANDPA's own weights, which leave out what follows from a report: the same as from one of Aura's.
pub struct GrandpaWeights;

impl pallet_grandpa::WeightInfo for GrandpaWeights {
	fn report_equivocation(authorities: u32, nominators: u32) -> Weight {
		<() as pallet_grandpa::WeightInfo>::report_equivocation(authorities, nominators)
			.max(<Runtime as pallet_equivocation::Config>::WeightInfo::report_aura())
	}

	fn note_stalled() -> Weight {
		<() as pallet_grandpa::WeightInfo>::note_stalled()
	}
}

impl pallet_grandpa::Config for Runtime {
	type EquivocationReportSystem = pallet_grandpa::EquivocationReportSystem<
		Self,
		configs::equivocation::GrandpaReports,
		configs::owners::Owners,
		ReportLongevity,
	>;
	type KeyOwnerProof = sp_session::MembershipProof;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	// One set a session: the running one, those in reach, and the one before them, after which the oldest begins.
	type MaxSetIdSessionEntries = ConstU64<{ MAX_HISTORY as u64 + 2 }>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = GrandpaWeights;
}

impl pallet_authorship::Config for Runtime {
	// Notes the block in which each author was last seen.
	type EventHandler = CollatorSelection;
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
}

/// Blocks in a session at each pace.
pub const fn session_length(pace: Pace) -> BlockNumber {
	match pace {
		Pace::Dev => 100,
		Pace::Local => 100,
		Pace::Live => 4 * configs::HOURS,
	}
}

/// Blocks in a session.
pub struct SessionLength;

impl Get<BlockNumber> for SessionLength {
	fn get() -> BlockNumber {
		session_length(pace())
	}
}

/// Blocks for which a report of an equivocation stays in the pool.
pub struct ReportLongevity;

impl Get<u64> for ReportLongevity {
	fn get() -> u64 {
		let pace = pace();
		u64::from(history(pace)).saturating_mul(u64::from(session_length(pace)))
	}
}

/// Those who take over a session's keys: Aura and GRANDPA.
type Handlers = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;

/// Tells Aura and GRANDPA of each session's keys, and leaves them those they have where there are none: every authority
/// may take back its keys. GRANDPA would schedule an empty set, and no node gets past it.
pub struct KeepTheLastKeys;

impl pallet_session::SessionHandler<AccountId> for KeepTheLastKeys {
	const KEY_TYPE_IDS: &'static [KeyTypeId] = <Handlers as pallet_session::SessionHandler<AccountId>>::KEY_TYPE_IDS;

	fn on_genesis_session<Keys: OpaqueKeys>(authorities: &[(AccountId, Keys)]) {
		Handlers::on_genesis_session(authorities);
	}

	fn on_new_session<Keys: OpaqueKeys>(
		changed: bool,
		authorities: &[(AccountId, Keys)],
		queued: &[(AccountId, Keys)],
	) {
		if !authorities.is_empty() {
			Handlers::on_new_session(changed, authorities, queued);
		}
	}

	fn on_before_session_ending() {
		<Handlers as pallet_session::SessionHandler<AccountId>>::on_before_session_ending();
	}

	fn on_disabled(index: u32) {
		<Handlers as pallet_session::SessionHandler<AccountId>>::on_disabled(index);
	}
}

parameter_types! {
	pub const KeyDeposit: Balance = configs::deposit(1, 160);
}

impl pallet_session::Config for Runtime {
	type Currency = Balances;
	// Less than half of the authorities: a disabled one authors nothing, and the rest must carry the chain. Its weight
	// in finality stays until it is out of the set.
	type DisablingStrategy = pallet_session::disabling::UpToLimitDisablingStrategy<2>;
	type KeyDeposit = KeyDeposit;
	type Keys = SessionKeys;
	type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength, ConstU32<0>>;
	type RuntimeEvent = RuntimeEvent;
	type SessionHandler = KeepTheLastKeys;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, configs::authorities::Authorities>;
	type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength, ConstU32<0>>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type WeightInfo = weights::pallet_session::Measured<Runtime>;
}

/// An authority is identified by its account alone.
pub struct ByAccount;

impl Convert<AccountId, Option<()>> for ByAccount {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl pallet_session::historical::Config for Runtime {
	type FullIdentification = ();
	type FullIdentificationOf = ByAccount;
	type RuntimeEvent = RuntimeEvent;
}
