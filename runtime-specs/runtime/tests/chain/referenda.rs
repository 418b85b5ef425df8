//! A referendum from submission to enactment, and the tables that pace it.

use crate::{
	calls::every_call,
	support::{signed, Chain},
};
use assay_primitives::{Pace, ASY};
use assay_runtime::{
	dynamic_params::economics::{Parameters, WorkDonePpm},
	*,
};
use frame_support::{
	assert_ok,
	traits::{schedule::DispatchTime, Bounded, Get, QueryPreimage, StorePreimage},
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::{ReferendumInfo, TracksInfo};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::traits::Dispatchable;

/// Submits a referendum, with its deposit, and returns its index.
pub fn submit(chain: &mut Chain, origin: OriginCaller, call: impl Into<RuntimeCall>) -> u32 {
	let index = chain.with(pallet_referenda::ReferendumCount::<Runtime>::get);
	let call = call.into();
	let proposal: Bounded<RuntimeCall, _> = chain.with(|| Preimage::bound(call).unwrap());
	assert!(chain.with(|| Preimage::is_requested(&proposal.hash())) == proposal.lookup_needed());
	let proposal_origin = Box::new(origin);
	assert_ok!(chain.call(
		signed(Alice),
		pallet_referenda::Call::submit {
			proposal_origin,
			proposal,
			enactment_moment: DispatchTime::After(0)
		}
	));
	assert_ok!(chain.call(signed(Alice), pallet_referenda::Call::place_decision_deposit { index }));
	index
}

/// Votes aye with so many ASY.
pub fn aye(chain: &mut Chain, who: Sr25519Keyring, poll_index: u32, asy: Balance) {
	let vote = AccountVote::Standard {
		vote: Vote {
			aye: true,
			conviction: Conviction::Locked1x,
		},
		balance: asy * ASY,
	};
	assert_ok!(chain.call(signed(who), pallet_conviction_voting::Call::vote { poll_index, vote }));
}

/// Opens blocks until the referendum has ended, and returns how.
pub fn conclude(chain: &mut Chain, index: u32) -> pallet_referenda::ReferendumInfoOf<Runtime, ()> {
	for _ in 0..60 {
		let info = chain.with(|| pallet_referenda::ReferendumInfoFor::<Runtime>::get(index).unwrap());
		if !matches!(info, ReferendumInfo::Ongoing(_)) {
			return info;
		}
		chain.next();
	}
	panic!("the referendum goes on for ever");
}

#[test]
fn referendum_should_be_over_in_about_a_minute_of_blocks_when_pace_is_dev() {
	let mut chain = Chain::dev();
	let begun = chain.number();
	let key_value = RuntimeParameters::Economics(Parameters::WorkDonePpm(WorkDonePpm, Some(400_000)));
	let index = submit(
		&mut chain,
		OriginCaller::Origins(origins::Origin::Parameters),
		pallet_parameters::Call::set_parameter { key_value },
	);
	aye(&mut chain, Alice, index, 9_000_000);
	assert!(matches!(conclude(&mut chain, index), ReferendumInfo::Approved(..)));
	while chain.with(|| CurrentEconomics::get().work_done_ppm) != 400_000 {
		assert!(chain.number() < begun + 25, "a referendum takes more than 25 blocks");
		chain.next();
	}
}

#[test]
fn referendum_should_not_set_a_parameter_out_of_bounds() {
	let mut chain = Chain::dev();
	let before = chain.with(CurrentEconomics::get);
	let key_value = RuntimeParameters::Economics(Parameters::WorkDonePpm(WorkDonePpm, Some(u32::MAX)));
	let set: RuntimeCall = pallet_parameters::Call::set_parameter { key_value }.into();
	let batch: RuntimeCall = pallet_utility::Call::batch {
		calls: vec![set.clone()],
	}
	.into();
	let referenda = [
		(OriginCaller::Origins(origins::Origin::Parameters), set.clone()),
		(OriginCaller::Origins(origins::Origin::Parameters), batch.clone()),
		(OriginCaller::system(frame_system::RawOrigin::Root), set),
	];
	let indices: Vec<_> = referenda
		.into_iter()
		.map(|(origin, call)| submit(&mut chain, origin, call))
		.collect();
	for index in &indices {
		aye(&mut chain, Alice, *index, 9_000_000);
	}
	for index in indices {
		assert!(matches!(conclude(&mut chain, index), ReferendumInfo::Approved(..)));
	}
	chain.skip(10);
	assert!(chain.with(|| pallet_parameters::Parameters::<Runtime>::iter_keys().next().is_none()));
	assert_eq!(chain.with(CurrentEconomics::get), before);
}

#[test]
fn treasury_track_should_pay_up_to_its_limit() {
	let mut chain = Chain::dev();
	let dest = chain.with(Treasury::account_id).into();
	assert_ok!(chain.call(
		signed(Bob),
		pallet_balances::Call::transfer_allow_death {
			dest,
			value: 1_000_000 * ASY
		}
	));
	let spend = |amount| pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount,
		beneficiary: Box::new(Charlie.to_account_id()),
		valid_from: None,
	};
	let track = || RuntimeOrigin::from(origins::Origin::Treasurer);
	assert_eq!(
		chain.call(track(), spend(100_001 * ASY)).unwrap_err().error,
		pallet_treasury::Error::<Runtime>::InsufficientPermission.into()
	);
	assert_ok!(chain.call(track(), spend(100_000 * ASY)));
	let before = chain.with(|| Balances::free_balance(Charlie.to_account_id()));
	assert_ok!(chain.call(signed(Dave), pallet_treasury::Call::payout { index: 0 }));
	assert_eq!(
		chain.with(|| Balances::free_balance(Charlie.to_account_id())),
		before + 100_000 * ASY
	);
}

/// Names of the calls that do not refuse the origin outright.
fn within_reach(origin: OriginCaller) -> Vec<String> {
	let mut chain = Chain::dev();
	let mut reached = Vec::new();
	for (name, call) in every_call() {
		let refused = chain.with(|| {
			frame_support::storage::with_transaction(|| {
				let refused = match call.dispatch(origin.clone().into()) {
					Ok(_) => false,
					Err(error) => error.error == sp_runtime::DispatchError::BadOrigin,
				};
				sp_runtime::TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(refused))
			})
			.unwrap()
		});
		if !refused {
			reached.push(name);
		}
	}
	reached
}

/// What needs no origin, or takes any and hands it on.
const OPEN_TO_ALL: [&str; 6] = [
	"System::remark",
	"System::apply_authorized_upgrade",
	"Utility::batch",
	"Utility::batch_all",
	"Utility::force_batch",
	"Utility::if_else",
];

#[test]
fn tracks_should_reach_only_what_they_are_for() {
	let cases: [(origins::Origin, &[&str]); 4] = [
		(origins::Origin::Parameters, &["Parameters::set_parameter"]),
		(
			origins::Origin::Treasurer,
			&[
				"Treasury::spend_local",
				"Treasury::remove_approval",
				"Treasury::spend",
				"Treasury::void_spend",
			],
		),
		(
			origins::Origin::Benchmarks,
			&[
				"Datasets::accredit",
				"Datasets::revoke_accreditation",
				"Datasets::reinstate",
				"Evaluation::set_verified",
				"Evaluation::retire_benchmark",
			],
		),
		(
			origins::Origin::Emergency,
			&["Referenda::cancel", "TxPause::pause", "TxPause::unpause"],
		),
	];
	for (origin, own) in cases {
		let reached: Vec<_> = within_reach(OriginCaller::Origins(origin.clone()))
			.into_iter()
			.filter(|name| !OPEN_TO_ALL.contains(&name.as_str()) || own.contains(&name.as_str()))
			.collect();
		assert_eq!(reached, own, "{origin:?}");
	}
}

#[test]
fn tables_should_pass_their_check_at_every_pace() {
	assert_ok!(tracks::Tracks::check_integrity());
	let names = |pace| tracks::at(pace).iter().map(|track| track.info.name).collect::<Vec<_>>();
	for pace in Pace::ALL {
		assert_eq!(names(pace), names(Pace::Dev));
	}
	for track in tracks::at(Pace::Dev) {
		let info = &track.info;
		let whole = info.prepare_period + info.decision_period + info.confirm_period + info.min_enactment_period;
		assert!(
			whole <= 20,
			"a referendum on track {} takes {whole} blocks at the Dev pace",
			track.id
		);
	}
}
