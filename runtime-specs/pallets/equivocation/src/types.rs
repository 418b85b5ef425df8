//! An author's offence, what it costs, and bonds on their way out.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
	sp_consensus_aura::Slot,
	sp_runtime::Perbill,
	sp_staking::{
		offence::{Kind, Offence},
		SessionIndex,
	},
};
use scale_info::{
	prelude::{vec, vec::Vec},
	TypeInfo,
};

/// Largest header in a report, in bytes. The runtime keeps every header under it: what could not be reported could be
/// sealed as often as one likes.
pub const MAX_HEADER_BYTES: usize = 16_384;
/// Parts of one account's bond on their way out; later ones join the last.
pub const MAX_CHUNKS: u32 = 32;
/// What an equivocation costs at least.
pub const MIN_SLASH: Perbill = Perbill::from_percent(1);

/// One key sealed two blocks in one slot.
pub struct AuraOffence<Offender> {
	/// The slot.
	pub slot: Slot,
	/// The session it lies in.
	pub session: SessionIndex,
	/// Authorities of the session.
	pub validators: u32,
	/// Who sealed.
	pub offender: Offender,
}

impl<Offender: Clone> Offence<Offender> for AuraOffence<Offender> {
	type Slot = Slot;

	const ID: Kind = *b"aura:equivocatio";

	fn offenders(&self) -> Vec<Offender> {
		vec![self.offender.clone()]
	}

	fn session_index(&self) -> SessionIndex {
		self.session
	}

	fn validator_set_count(&self) -> u32 {
		self.validators
	}

	fn slot(&self) -> Slot {
		self.slot
	}

	fn slash_fraction(&self, offenders: u32) -> Perbill {
		slash_fraction(offenders, self.validators)
	}
}

/// `min((3k / n)^2, 1)` for k of n authorities, as for BABE and GRANDPA: little for one of many, all for a third.
pub fn slash_fraction(offenders: u32, validators: u32) -> Perbill {
	Perbill::from_rational(offenders.saturating_mul(3), validators).square()
}

/// What an authority was slashed for one session.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Slash<Balance> {
	/// The largest fraction so far.
	pub fraction: Perbill,
	/// The bond it is a fraction of, in planck: what was on hold at the first report.
	pub base: Balance,
}

/// A part of a bond on its way out.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Chunk<Balance> {
	/// How much, in planck.
	pub amount: Balance,
	/// The last session in which it can be slashed.
	pub until: SessionIndex,
}

/// What became of an offender.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Exclusion {
	/// It is an authority no more from the session after next.
	Excluded,
	/// It had left before.
	Gone,
	/// Without it there were no authority left: it stays.
	Last,
}

/// The authorities, as whoever selects them sees them.
pub trait Authorities<AccountId> {
	/// The running session.
	fn session() -> SessionIndex;
	/// How many there are in a session that can be reported; none where that is not known.
	fn count(session: SessionIndex) -> Option<u32>;
	/// Takes the account from those who are selected for later sessions; never the last that can author.
	fn exclude(who: &AccountId) -> Exclusion;
	/// Keeps it from authoring in the running session, where it is among its authorities and enough others are left.
	fn disable(who: &AccountId);
}
