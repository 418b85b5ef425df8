//! Two times: blocks, and the clock of rounds, which stands still while duties are halted.
//!
//! On the clock run the windows in which somebody has a duty, and unbonding, which must outlast them. Everything else is
//! counted in blocks: draws are fed by the hashes of blocks; the cap on subsidies is one of real time; and that a claim
//! has an age, in the models' pallet, protects its owner without asking anything of it.

use crate::{Config, Event, Pallet, Round, StoppedBlocks};
use assay_primitives::{AccountId, BlockNumber};
use polkadot_sdk::{
	frame_support::{traits::Get, weights::Weight},
	frame_system,
	sp_runtime::SaturatedConversion,
};

impl<T: Config> Pallet<T> {
	/// The current block.
	pub(crate) fn now() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// The clock of rounds: blocks, less those in which duties were halted.
	pub(crate) fn clock() -> BlockNumber {
		Self::now().saturating_sub(StoppedBlocks::<T>::get())
	}

	/// Lets the clock stand still in this block where duties are halted. Returns what that weighs.
	pub(crate) fn keep_clock() -> Weight {
		if !T::Halted::get() {
			return Weight::zero();
		}
		let stopped = StoppedBlocks::<T>::mutate(|stopped| {
			*stopped = stopped.saturating_add(1);
			*stopped
		});
		Self::deposit_event(Event::ClockStopped { stopped });
		T::DbWeight::get().reads_writes(1, 1)
	}

	/// Whether the round's window has passed.
	pub(crate) fn is_overdue(round: &Round<AccountId>) -> bool {
		let time = if round.state.is_duty() {
			Self::clock()
		} else {
			Self::now()
		};
		time > round.deadline
	}

	/// The last block of the round's window, if duties are not halted until then; of a round that has ended, the block
	/// in which it did.
	pub fn last_block(round: &Round<AccountId>) -> BlockNumber {
		let stopped = if round.state.is_duty() {
			StoppedBlocks::<T>::get()
		} else {
			0
		};
		round.deadline.saturating_add(stopped)
	}
}
