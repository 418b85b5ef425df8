use crate::{mock::*, *};
use frame_support::{assert_ok, traits::fungible::MutateHold};
use polkadot_sdk::sp_runtime::TryRuntimeError;

/// The state after the damage to one of a published version whose first shard `MEMBER` holds.
fn damaged(damage: impl FnOnce()) -> Result<(), TryRuntimeError> {
	ext().execute_with(|| {
		let (dataset, version) = publish();
		owe(1, MEMBER, dataset, version, 0b1);
		assert_ok!(Data::do_release_key(&STEWARD, 1, MEMBER, sealed(1)));
		assert_ok!(Data::do_accredit(Some(&STEWARD), dataset, MEMBER));
		assert_ok!(Data::do_try_state());
		damage();
		Data::do_try_state()
	})
}

fn says(damage: impl FnOnce(), complaint: &'static str) {
	assert_eq!(damaged(damage), Err(TryRuntimeError::Other(complaint)));
}

fn change_version(change: impl FnOnce(&mut Version)) {
	Versions::<Test>::mutate(0, 0, |it| it.as_mut().map(change));
}

#[test]
fn try_state_should_complain_when_a_counter_is_off() {
	says(|| NextDataset::<Test>::put(2), "data sets differ from their counter");
	says(
		|| Datasets::<Test>::mutate_extant(0, |it| it.versions = 2),
		"versions differ from their counter",
	);
	says(
		|| Usage::<Test>::insert(5, UsageCounts::default()),
		"usage without a data set",
	);
	says(
		|| Datasets::<Test>::mutate_extant(0, |it| it.suspended = true),
		"a data set is suspended without the faults, or has them and is not",
	);
	let moved = || Datasets::<Test>::insert(3, Datasets::<Test>::take(0).unwrap());
	says(moved, "a data set's id is not below the next one");
}

#[test]
fn try_state_should_complain_when_a_version_is_off() {
	says(
		|| Versions::<Test>::insert(4, 0, Versions::<Test>::get(0, 0).unwrap()),
		"a version without a data set",
	);
	let moved = || Versions::<Test>::insert(0, 3, Versions::<Test>::take(0, 0).unwrap());
	says(moved, "a version is not below the next one");
	let retired = || change_version(|it| it.retired_shards = 0b1000);
	says(retired, "a retired shard that the version does not have");
	says(
		|| change_version(|it| it.spec.frame_bytes = 1),
		"a version that would not be accepted",
	);
	says(|| Accreditations::<Test>::insert(8, OTHER, 0), "accredited for nothing");
}

#[test]
fn try_state_should_complain_when_exposure_is_off() {
	says(|| Holders::<Test>::insert((0, 7, OTHER), 1), "keys held of no version");
	says(|| Holders::<Test>::insert((0, 0, OTHER), 0), "keys held of no shard");
	says(
		|| Holders::<Test>::insert((0, 0, OTHER), 0b1000),
		"keys held of no shard",
	);
	says(
		|| Holders::<Test>::insert((0, 0, OTHER), 0b1),
		"exposure differs from the holders",
	);
	says(|| Exposure::<Test>::remove(0, 0), "exposure differs from the holders");
}

#[test]
fn try_state_should_complain_when_a_hold_is_off() {
	let slash = |reason: HoldReason| {
		let precision = frame_support::traits::tokens::Precision::Exact;
		assert_ok!(Balances::release(&reason.into(), &STEWARD, 1, precision));
	};
	says(|| slash(HoldReason::Deposit), "deposits differ from what is on hold");
	says(|| slash(HoldReason::StewardBond), "bonds differ from what is on hold");
	says(
		|| Accreditations::<Test>::remove(0, MEMBER),
		"deposits differ from what is on hold",
	);
}
