use crate::{mock::*, *};
use assay_primitives::{Datasets as _, ASY};
use frame_support::{assert_noop, assert_ok};
use polkadot_sdk::sp_runtime::{traits::BadOrigin, TokenError};

fn suspended() -> (u32, u32) {
	let (dataset, version) = publish();
	(0..FAULTS_TO_SUSPEND).for_each(|_| Data::note_fault(dataset));
	(dataset, version)
}

#[test]
fn note_fault_should_suspend_when_it_is_the_third() {
	run(|| {
		let (dataset, version) = publish();
		Data::note_fault(dataset);
		Data::note_fault(dataset);
		assert!(Data::terms(dataset, version).unwrap().usable);
		System::assert_last_event(Event::Faulted { dataset, faults: 2 }.into());
		Data::note_fault(dataset);
		assert!(!Data::terms(dataset, version).unwrap().usable);
		System::assert_last_event(Event::Suspended { dataset }.into());
		Data::note_fault(dataset);
		System::assert_last_event(Event::Faulted { dataset, faults: 4 }.into());
	});
}

#[test]
fn note_fault_should_do_nothing_when_there_is_no_data_set() {
	run(|| {
		Data::note_fault(3);
		assert_eq!(System::event_count(), 0);
	});
}

#[test]
fn reinstate_should_forget_the_faults_when_governance_asks() {
	run(|| {
		let (dataset, version) = suspended();
		assert_ok!(Data::reinstate(RuntimeOrigin::root(), dataset));
		assert!(Data::terms(dataset, version).unwrap().usable);
		assert_eq!(Datasets::<Test>::get(dataset).unwrap().faults, 0);
		System::assert_last_event(Event::Reinstated { dataset }.into());
	});
}

#[test]
fn reinstate_should_refuse_when_it_may_not_be() {
	run(|| {
		let (dataset, _) = publish();
		assert_noop!(
			Data::reinstate(RuntimeOrigin::root(), dataset),
			Error::<Test>::NotSuspended
		);
		assert_noop!(Data::reinstate(RuntimeOrigin::root(), 7), Error::<Test>::UnknownDataset);
		let (dataset, _) = suspended();
		assert_noop!(Data::reinstate(RuntimeOrigin::signed(STEWARD), dataset), BadOrigin);
		assert_eq!(Data::charge_steward(dataset, 1, &MEMBER), 1);
		assert_noop!(
			Data::reinstate(RuntimeOrigin::root(), dataset),
			Error::<Test>::BondTooLow
		);
		assert_ok!(Data::top_up_bond(RuntimeOrigin::signed(STEWARD), dataset, 1));
		assert_ok!(Data::reinstate(RuntimeOrigin::root(), dataset));
	});
}

#[test]
fn top_up_bond_should_hold_more_when_the_steward_asks() {
	run(|| {
		let dataset = register();
		assert_ok!(Data::top_up_bond(RuntimeOrigin::signed(STEWARD), dataset, 5 * ASY));
		assert_eq!(held(HoldReason::StewardBond, STEWARD), 55 * ASY);
		System::assert_last_event(
			Event::BondToppedUp {
				dataset,
				amount: 5 * ASY,
			}
			.into(),
		);
	});
}

#[test]
fn top_up_bond_should_refuse_when_it_may_not_be() {
	run(|| {
		let dataset = register();
		let top_up = |who, id, amount| Data::top_up_bond(RuntimeOrigin::signed(who), id, amount);
		assert_noop!(top_up(OTHER, dataset, 1), Error::<Test>::NotSteward);
		assert_noop!(top_up(STEWARD, 7, 1), Error::<Test>::UnknownDataset);
		assert_noop!(top_up(STEWARD, dataset, 0), Error::<Test>::NothingToAdd);
		assert_noop!(top_up(STEWARD, dataset, FUNDS), TokenError::FundsUnavailable);
	});
}

#[test]
fn charge_steward_should_move_at_most_the_bond_of_this_data_set_when_charged() {
	run(|| {
		let (first, second) = (register(), register());
		assert_eq!(Data::charge_steward(first, 20 * ASY, &MEMBER), 20 * ASY);
		System::assert_last_event(
			Event::StewardCharged {
				dataset: first,
				amount: 20 * ASY,
				to: MEMBER,
			}
			.into(),
		);
		assert_eq!(Data::charge_steward(first, 100 * ASY, &MEMBER), 30 * ASY);
		assert_eq!(Data::charge_steward(first, 1, &MEMBER), 0);
		assert_eq!(Balances::free_balance(MEMBER), FUNDS + 50 * ASY);
		assert_eq!(Datasets::<Test>::get(second).unwrap().bond, 50 * ASY);
		assert_eq!(held(HoldReason::StewardBond, STEWARD), 50 * ASY);
	});
}

#[test]
fn charge_steward_should_move_nothing_when_it_cannot() {
	run(|| {
		let dataset = register();
		let newcomer = 77;
		assert_eq!(
			Data::charge_steward(dataset, 1, &newcomer),
			0,
			"below the existential deposit"
		);
		assert_eq!(Data::charge_steward(7, ASY, &MEMBER), 0, "no data set");
		assert_eq!(Datasets::<Test>::get(dataset).unwrap().bond, 50 * ASY);
	});
}
