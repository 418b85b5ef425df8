//! Anything, in any order; and headers that are anything.

use crate::{mock::*, *};
use codec::{Decode, Encode};
use frame_support::assert_ok;
use polkadot_sdk::sp_runtime::{generic::DigestItem, Digest};
use proptest::{collection::vec, prelude::*};

const ACTORS: [Key; 2] = [OFFENDER, OTHER];

fn ignore<T>(_: T) {}

fn step(kind: u8, who: usize, number: u128) {
	let (key, account) = (ACTORS[who], ACTORS[who].to_account_id());
	match kind {
		0 | 1 => ignore(<Bonded<Test> as frame_support::traits::ReservableCurrency<_>>::reserve(
			&account, number,
		)),
		2..=4 => ignore(Equivocation::unbond(&account, number)),
		5 => ignore(Equivocation::withdraw_unbonded(signed(key))),
		6 => ignore(report(key, (number as u64) % (u64::from(Session::get()) * SLOTS + 1))),
		7 => {
			let known = Selected::get().contains(&account);
			(!known).then(|| Selected::mutate(|selected| selected.push(account)));
		}
		_ => pass((number % 3) as u32),
	}
}

fn digest_item() -> impl Strategy<Value = DigestItem> {
	let engine = prop_oneof![Just(*b"aura"), Just(*b"BABE"), Just(*b"FRNK")];
	let bytes = vec(any::<u8>(), 0..80);
	(0..4_u8, engine, bytes).prop_map(|(kind, engine, bytes)| match kind {
		0 => DigestItem::PreRuntime(engine, bytes),
		1 => DigestItem::Seal(engine, bytes),
		2 => DigestItem::Consensus(engine, bytes),
		_ => DigestItem::Other(bytes),
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	#[test]
	fn state_should_hold_when_anyone_does_anything(steps in vec((0..10_u8, 0..2_usize, 0..2_000_u128), 1..80)) {
		run(|| {
			for (kind, who, number) in &steps {
				step(*kind, *who, number * 1_000_000_000_000);
				assert_ok!(Equivocation::do_try_state());
				assert!(!Selected::get().is_empty(), "an authority is left");
			}
		});
	}

	#[test]
	fn nobody_should_be_punished_when_logs_are_anything_but_two_seals(logs in vec(digest_item(), 0..6)) {
		run(|| {
			slots(5);
			let mut header = unsealed(5, 2);
			header.digest = Digest { logs };
			let decoded = Header::decode(&mut &header.encode()[..]).unwrap();
			prop_assert_eq!(&decoded, &header);
			prop_assert!(report_both(sealed(OFFENDER, 5, 1), header).is_err());
			prop_assert_eq!(Slashes::<Test>::iter().count(), 0);
			Ok(())
		})?;
	}
}
