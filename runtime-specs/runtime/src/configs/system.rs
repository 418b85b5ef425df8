//! System, timestamp, balances.

use crate::{configs::session::MAX_AUTHORITIES, *};
use assay_primitives::{MILLI_ASY, SLOT_MS, SS58_PREFIX};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::{ConstU16, ConstU32, ConstU64, InsideBoth, VariantCountOf},
	weights::{
		constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_MILLIS},
		Weight,
	},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::AccountIdLookup, Perbill};

/// Share of a block that ordinary transactions may fill; operational ones have the rest.
const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
/// Half a slot: a block takes as long again to import before the next is due.
const BLOCK_REF_TIME: u64 = WEIGHT_REF_TIME_PER_MILLIS * SLOT_MS / 2;
const BLOCK_BYTES: u32 = 5 * 1024 * 1024;
/// What a header may hold before its block runs. An author needs 120 bytes for the block it follows and its slot.
const MAX_PREPARED_HEADER_BYTES: u32 = 4 * 1024;
/// What the runtime and the seal add at most: for each authority its two keys and a weight where they change (72 bytes),
/// and for half of them that they are disabled (26 bytes); the rest is a seal of 71 bytes, and names and lengths.
const MAX_ADDED_HEADER_BYTES: u32 = MAX_AUTHORITIES * (72 + 26 / 2) + 256;
// A larger header could be sealed twice, and nobody could report it.
const _: () =
	assert!(MAX_PREPARED_HEADER_BYTES + MAX_ADDED_HEADER_BYTES <= pallet_equivocation::MAX_HEADER_BYTES as u32);

parameter_types! {
	pub const BlockHashCount: BlockNumber = 2_400;
	pub const Version: RuntimeVersion = VERSION;
	pub const ExistentialDeposit: Balance = MILLI_ASY;
	/// Weight of a block; no limit on proof size, since a solochain carries no proofs.
	pub RuntimeBlockWeights: BlockWeights =
		BlockWeights::with_sensible_defaults(Weight::from_parts(BLOCK_REF_TIME, u64::MAX), NORMAL_SHARE);
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(BLOCK_BYTES)
		.max_header_size(MAX_PREPARED_HEADER_BYTES)
		.modify_max_length_for_class(DispatchClass::Normal, |max| *max = NORMAL_SHARE.mul_floor(BLOCK_BYTES))
		.build();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type BaseCallFilter = InsideBoth<TxPause, configs::parameters::WithinBounds>;
	type Block = Block;
	type BlockHashCount = BlockHashCount;
	type BlockLength = RuntimeBlockLength;
	type BlockWeights = RuntimeBlockWeights;
	type DbWeight = ParityDbWeight;
	type Hash = Hash;
	type Lookup = AccountIdLookup<AccountId, ()>;
	type MaxConsumers = ConstU32<16>;
	type MultiBlockMigrator = MultiBlockMigrations;
	type Nonce = Nonce;
	type SS58Prefix = ConstU16<SS58_PREFIX>;
	type SingleBlockMigrations = migrations::SingleBlock;
	type ExtensionsWeightInfo = weights::frame_system_extensions::Measured<Runtime>;
	type SystemWeightInfo = weights::frame_system::Measured<Runtime>;
	type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
	type MinimumPeriod = ConstU64<{ SLOT_MS / 2 }>;
	type Moment = u64;
	type OnTimestampSet = Aura;
	type WeightInfo = weights::pallet_timestamp::Measured<Runtime>;
}

impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type DoneSlashHandler = ();
	type DustRemoval = ();
	type ExistentialDeposit = ExistentialDeposit;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type ReserveIdentifier = [u8; 8];
	type RuntimeEvent = RuntimeEvent;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = weights::pallet_balances::Measured<Runtime>;
}
