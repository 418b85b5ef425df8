//! The emergency track: it pauses calls of an allowlist, and cancels referenda.

use crate::{
	referenda::{aye, conclude, submit},
	support::{signed, Chain},
};
use assay_runtime::*;
use frame_support::{assert_ok, traits::GetCallMetadata};
use pallet_referenda::ReferendumInfo;
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve};

pub fn emergency() -> RuntimeOrigin {
	origins::Origin::Emergency.into()
}

fn full_name(pallet: &str, call: &str) -> pallet_tx_pause::RuntimeCallNameOf<Runtime> {
	(
		pallet.as_bytes().to_vec().try_into().unwrap(),
		call.as_bytes().to_vec().try_into().unwrap(),
	)
}

pub fn pause(pallet: &str, call: &str) -> pallet_tx_pause::Call<Runtime> {
	pallet_tx_pause::Call::pause {
		full_name: full_name(pallet, call),
	}
}

pub fn unpause(pallet: &str, call: &str) -> pallet_tx_pause::Call<Runtime> {
	pallet_tx_pause::Call::unpause {
		ident: full_name(pallet, call),
	}
}

fn transfer() -> RuntimeCall {
	pallet_balances::Call::transfer_keep_alive {
		dest: Bob.to_account_id().into(),
		value: 1,
	}
	.into()
}

#[test]
fn call_should_be_refused_while_paused() {
	let mut chain = Chain::dev();
	assert_ok!(chain.call(emergency(), pause("Balances", "transfer_keep_alive")));
	let refused = frame_system::Error::<Runtime>::CallFiltered.into();
	assert_eq!(chain.call(signed(Alice), transfer()).unwrap_err().error, refused);
	let batch = pallet_utility::Call::batch_all {
		calls: vec![transfer()],
	};
	assert_eq!(chain.call(signed(Alice), batch).unwrap_err().error, refused);
	let ident = full_name("Balances", "transfer_keep_alive");
	assert_ok!(chain.call(emergency(), pallet_tx_pause::Call::unpause { ident }));
	assert_ok!(chain.call(signed(Alice), transfer()));
}

#[test]
fn call_should_not_be_pausable_when_off_the_allowlist() {
	let mut chain = Chain::dev();
	let mut refused = 0;
	for pallet in RuntimeCall::get_module_names() {
		for call in RuntimeCall::get_call_names(pallet) {
			let listed = PAUSABLE.contains(&(*pallet, *call));
			assert_eq!(
				chain.call(emergency(), pause(pallet, call)).is_ok(),
				listed,
				"{pallet}::{call}"
			);
			refused += usize::from(!listed);
		}
	}
	assert!(refused > 0);
	for governance in [
		"Referenda",
		"ConvictionVoting",
		"Preimage",
		"TxPause",
		"Utility",
		"Proxy",
		"System",
	] {
		assert!(PAUSABLE.iter().all(|(pallet, _)| *pallet != governance));
	}
}

#[test]
fn allowlist_should_name_calls_that_exist_in_order() {
	for (pallet, call) in PAUSABLE {
		assert!(RuntimeCall::get_call_names(pallet).contains(call), "{pallet}::{call}");
	}
	assert!(PAUSABLE.is_sorted());
}

#[test]
fn account_should_neither_pause_nor_unpause() {
	let mut chain = Chain::dev();
	let (pallet, call) = PAUSABLE[0];
	assert!(chain.call(signed(Alice), pause(pallet, call)).is_err());
	let ident = full_name(pallet, call);
	assert!(chain
		.call(signed(Alice), pallet_tx_pause::Call::unpause { ident })
		.is_err());
}

#[test]
fn only_root_and_emergency_should_pause_and_unpause() {
	let mut chain = Chain::dev();
	let (pallet, call) = PAUSABLE[0];
	for origin in [
		origins::Origin::Parameters,
		origins::Origin::Treasurer,
		origins::Origin::Benchmarks,
	] {
		for refused in [pause(pallet, call), unpause(pallet, call)] {
			let error = chain.call(origin.clone(), refused).unwrap_err().error;
			assert_eq!(error, sp_runtime::DispatchError::BadOrigin, "{origin:?}");
		}
	}
	assert_ok!(chain.call(RuntimeOrigin::root(), pause(pallet, call)));
	assert_ok!(chain.call(emergency(), unpause(pallet, call)));
	assert_ok!(chain.call(emergency(), pause(pallet, call)));
	assert_ok!(chain.call(RuntimeOrigin::root(), unpause(pallet, call)));
}

#[test]
fn emergency_should_cancel_a_referendum_and_only_root_kill_one() {
	let mut chain = Chain::dev();
	let root = || OriginCaller::system(frame_system::RawOrigin::Root);
	let remark = || frame_system::Call::remark_with_event { remark: vec![1] };
	let [first, second] = [(); 2].map(|()| submit(&mut chain, root(), remark()));
	let kill = |index| pallet_referenda::Call::kill { index };
	let refused = chain.call(emergency(), kill(first)).unwrap_err().error;
	assert_eq!(refused, sp_runtime::DispatchError::BadOrigin);
	assert_ok!(chain.call(emergency(), pallet_referenda::Call::cancel { index: first }));
	assert_ok!(chain.call(RuntimeOrigin::root(), kill(second)));
}

#[test]
fn emergency_track_should_cancel_a_referendum_under_way() {
	let mut chain = Chain::dev();
	let root = OriginCaller::system(frame_system::RawOrigin::Root);
	let bad = submit(
		&mut chain,
		root,
		frame_system::Call::remark_with_event {
			remark: b"bad".to_vec(),
		},
	);
	let track = OriginCaller::Origins(origins::Origin::Emergency);
	let cancel = submit(&mut chain, track, pallet_referenda::Call::cancel { index: bad });
	for who in [Alice, Bob, Charlie, Dave, Eve] {
		aye(&mut chain, who, cancel, 9_000_000);
	}
	assert!(matches!(conclude(&mut chain, cancel), ReferendumInfo::Approved(..)));
	assert!(matches!(conclude(&mut chain, bad), ReferendumInfo::Cancelled(..)));
}

#[test]
fn emergency_track_should_need_real_turnout() {
	let mut chain = Chain::dev();
	let track = OriginCaller::Origins(origins::Origin::Emergency);
	let (pallet, call) = PAUSABLE[0];
	let index = submit(&mut chain, track, pause(pallet, call));
	aye(&mut chain, Alice, index, 100);
	assert!(matches!(conclude(&mut chain, index), ReferendumInfo::Rejected(..)));
}
