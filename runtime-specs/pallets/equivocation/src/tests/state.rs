//! `try_state` finds what is wrong.

use crate::{mock::*, *};
use frame_support::{assert_ok, BoundedVec};
use polkadot_sdk::sp_runtime::{Perbill, TryRuntimeError};

/// Breaks a good state, and expects the complaint.
fn finds(complaint: &'static str, break_it: impl FnOnce()) {
	ext().execute_with(|| {
		bond(OFFENDER, 100);
		assert_ok!(Equivocation::do_try_state());
		break_it();
		assert_eq!(Equivocation::do_try_state(), Err(complaint.into()));
	});
}

fn leaving(chunks: &[(u128, u32)]) {
	let chunks = chunks.iter().map(|&(amount, until)| Chunk { amount, until });
	Unbonding::<Test>::insert(
		OFFENDER.to_account_id(),
		BoundedVec::truncate_from(chunks.collect::<Vec<_>>()),
	);
}

#[test]
fn try_state_should_complain_when_more_leaves_than_is_on_hold() {
	finds("more is on its way out than is on hold", || {
		leaving(&[(60, 1), (41, 2)])
	});
}

#[test]
fn try_state_should_complain_when_parts_are_out_of_order() {
	finds("parts on their way out are out of order", || leaving(&[(1, 2), (1, 2)]));
}

#[test]
fn try_state_should_complain_when_a_part_is_empty() {
	finds("an empty part is on its way out", || leaving(&[(0, 2)]));
	finds("nothing is on its way out, yet stored", || leaving(&[]));
}

#[test]
fn try_state_should_complain_when_a_part_leaves_too_late() {
	leaving_until(HISTORY + 1).unwrap();
	let late = leaving_until(HISTORY + 2);
	assert_eq!(late, Err("a part is on its way out for too long".into()));
}

fn leaving_until(until: u32) -> Result<(), TryRuntimeError> {
	ext().execute_with(|| {
		bond(OFFENDER, 100);
		leaving(&[(1, until)]);
		Equivocation::do_try_state()
	})
}

#[test]
fn try_state_should_complain_when_an_offender_is_outgoing_twice_or_at_the_wrong_time() {
	let outgoing = |list: &[(Key, u32)]| {
		let list = list.iter().map(|(who, until)| (who.to_account_id(), *until));
		Outgoing::<Test>::put(BoundedVec::truncate_from(list.collect::<Vec<_>>()));
	};
	finds("an offender is on its way out twice", || {
		outgoing(&[(OFFENDER, 1), (OTHER, 0), (OFFENDER, 0)])
	});
	let wrong = "an offender is out of the authorities, or in them for too long";
	finds(wrong, || outgoing(&[(OFFENDER, 2)]));
	finds(wrong, || {
		pass(2);
		outgoing(&[(OFFENDER, 1)]);
	});
}

#[test]
fn try_state_should_complain_when_a_session_is_out_of_reach() {
	finds("a session out of reach has its slot", || {
		FirstSlots::<Test>::insert(1, CurrentSlot::get())
	});
	let slash = |fraction| Slash { fraction, base: 1 };
	finds("a session out of reach has a slash", || {
		Slashes::<Test>::insert(1, OFFENDER.to_account_id(), slash(Perbill::one()))
	});
	finds("a slash is below the least", || {
		Slashes::<Test>::insert(0, OFFENDER.to_account_id(), slash(Perbill::zero()))
	});
}
