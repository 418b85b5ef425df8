//! Economic constants stay within their bounds, whichever way a referendum or an account tries.

use crate::support::{signed, Chain};
use assay_primitives::{Economics, ECONOMIC_BOUNDS};
use assay_runtime::{
	dynamic_params::economics::{BaseFee, Parameters, ParametersKey, ParametersValue, TreasuryCutPpm},
	*,
};
use frame_support::{assert_noop, assert_ok, traits::Get};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::DispatchError;

fn set_base_fee(value: Balance) -> RuntimeCall {
	let key_value = RuntimeParameters::Economics(Parameters::BaseFee(BaseFee, Some(value)));
	pallet_parameters::Call::set_parameter { key_value }.into()
}

fn too_low() -> RuntimeCall {
	set_base_fee(ECONOMIC_BOUNDS.base_fee.min - 1)
}

fn track() -> RuntimeOrigin {
	origins::Origin::Parameters.into()
}

fn filtered() -> DispatchError {
	frame_system::Error::<Runtime>::CallFiltered.into()
}

fn base_fee(chain: &mut Chain) -> Balance {
	chain.with(|| CurrentEconomics::get().base_fee)
}

#[test]
fn parameter_should_change_when_track_sets_it_within_bounds() {
	let mut chain = Chain::dev();
	for value in [ECONOMIC_BOUNDS.base_fee.min, ECONOMIC_BOUNDS.base_fee.max] {
		assert_ok!(chain.call(track(), set_base_fee(value)));
		assert_eq!(base_fee(&mut chain), value);
	}
	let key_value = RuntimeParameters::Economics(Parameters::BaseFee(BaseFee, None));
	assert_ok!(chain.call(track(), pallet_parameters::Call::set_parameter { key_value }));
	assert_eq!(base_fee(&mut chain), ECONOMIC_BOUNDS.base_fee.default);
}

#[test]
fn parameter_should_be_refused_when_out_of_bounds() {
	let mut chain = Chain::dev();
	for call in [too_low(), set_base_fee(ECONOMIC_BOUNDS.base_fee.max + 1)] {
		assert_eq!(chain.call(track(), call).unwrap_err().error, filtered());
	}
}

#[test]
fn parameter_should_be_refused_when_set_by_an_account() {
	let mut chain = Chain::dev();
	let call = set_base_fee(ECONOMIC_BOUNDS.base_fee.min);
	assert_eq!(
		chain.call(signed(Alice), call).unwrap_err().error,
		DispatchError::BadOrigin
	);
}

#[test]
fn parameter_should_be_refused_when_root_sets_it_past_the_filter() {
	let mut chain = Chain::dev();
	let root = || RuntimeOrigin::root();
	for call in [too_low(), set_base_fee(ECONOMIC_BOUNDS.base_fee.min)] {
		assert_eq!(
			chain.call(root(), call.clone()).unwrap_err().error,
			DispatchError::BadOrigin
		);
		let batch = pallet_utility::Call::batch_all { calls: vec![call] };
		assert_eq!(chain.call(root(), batch).unwrap_err().error, DispatchError::BadOrigin);
	}
}

/// `dispatch_as` passes by the filter: here, as against `set_storage`, the readers' clamp is what holds.
#[test]
fn parameter_should_be_read_within_bounds_when_root_acts_as_the_track() {
	let mut chain = Chain::dev();
	let as_track = |call: RuntimeCall| pallet_utility::Call::dispatch_as {
		as_origin: Box::new(OriginCaller::Origins(origins::Origin::Parameters)),
		call: Box::new(call),
	};
	assert_ok!(chain.call(RuntimeOrigin::root(), as_track(set_base_fee(0))));
	assert_eq!(base_fee(&mut chain), ECONOMIC_BOUNDS.base_fee.min);
	assert_ok!(chain.call(RuntimeOrigin::root(), as_track(set_base_fee(Balance::MAX))));
	assert_eq!(base_fee(&mut chain), ECONOMIC_BOUNDS.base_fee.max);
}

#[test]
fn parameter_should_be_refused_when_a_batch_carries_it() {
	let mut chain = Chain::dev();
	let before = base_fee(&mut chain);
	let batch = pallet_utility::Call::batch_all { calls: vec![too_low()] };
	assert_eq!(chain.call(track(), batch).unwrap_err().error, filtered());
	let nested = pallet_utility::Call::batch {
		calls: vec![pallet_utility::Call::force_batch { calls: vec![too_low()] }.into()],
	};
	assert_ok!(chain.call(track(), nested));
	assert_eq!(base_fee(&mut chain), before);
}

#[test]
fn parameter_should_be_refused_when_a_proxy_carries_it() {
	let mut chain = Chain::dev();
	let (real, delegate) = (Alice.to_account_id(), Bob.to_account_id());
	assert_ok!(chain.call(
		signed(Alice),
		pallet_proxy::Call::add_proxy {
			delegate: delegate.into(),
			proxy_type: ProxyType::Any,
			delay: 0
		}
	));
	let proxied = pallet_proxy::Call::proxy {
		real: real.into(),
		force_proxy_type: None,
		call: Box::new(too_low()),
	};
	assert_ok!(chain.call(signed(Bob), proxied));
	assert!(chain.emitted(|event| matches!(
		event,
		RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result: Err(error) }) if *error == filtered()
	)));
}

#[test]
fn reader_should_clamp_when_storage_holds_a_value_out_of_bounds() {
	let mut chain = Chain::dev();
	chain.with(|| {
		let key = RuntimeParametersKey::Economics(ParametersKey::TreasuryCutPpm(TreasuryCutPpm));
		let value = RuntimeParametersValue::Economics(ParametersValue::TreasuryCutPpm(u32::MAX));
		pallet_parameters::Parameters::<Runtime>::insert(key, value);
		let read: Economics = CurrentEconomics::get();
		assert_eq!(read.treasury_cut_ppm, ECONOMIC_BOUNDS.treasury_cut_ppm.max);
	});
}

#[test]
fn defaults_should_lie_within_the_bounds_of_every_constant() {
	let defaults = ECONOMIC_BOUNDS.defaults();
	assert_eq!(ECONOMIC_BOUNDS.clamp(defaults), defaults);
	let mut chain = Chain::dev();
	assert_eq!(chain.with(CurrentEconomics::get), defaults);
}

#[test]
fn set_parameter_should_leave_no_trace_when_refused() {
	let mut chain = Chain::dev();
	chain.with(|| {
		assert_noop!(
			sp_runtime::traits::Dispatchable::dispatch(too_low(), track()),
			filtered()
		);
	});
}

/// Each parameter with its field's bounds: both ends are set, one step past either is refused.
macro_rules! each_parameter {
	($($name:ident => $field:ident),* $(,)?) => {
		#[test]
		fn every_parameter_should_be_held_to_its_own_bounds() {
			use assay_runtime::dynamic_params::economics::*;
			let mut chain = Chain::dev();
			let mut checked = 0;
			$({
				let bound = ECONOMIC_BOUNDS.$field;
				let mut set = |value| {
					let key_value = RuntimeParameters::Economics(Parameters::$name($name, Some(value)));
					chain.call(track(), pallet_parameters::Call::set_parameter { key_value }).is_ok()
				};
				assert!(set(bound.max) && !set(bound.max + 1), stringify!($name));
				assert!(bound.min.checked_sub(1).is_none_or(|low| !set(low)), stringify!($name));
				assert_eq!(chain.with(|| CurrentEconomics::get().$field), bound.max, stringify!($name));
				checked += 1;
			})*
			let key = pallet_parameters::Parameters::<Runtime>::iter_keys;
			assert_eq!(chain.with(|| key().count()), checked);
			assert_eq!(checked, 14);
		}
	};
}

each_parameter! {
	BaseFee => base_fee,
	FeePerMb => fee_per_mb,
	FeePer1000Samples => fee_per_1000_samples,
	TreasuryCutPpm => treasury_cut_ppm,
	SubsidyPerRound => subsidy_per_round,
	SubsidyYearlyCap => subsidy_yearly_cap,
	MinBond => min_bond,
	MissSlashPpm => miss_slash_ppm,
	MissSlashCapPpm => miss_slash_cap_ppm,
	WorkDonePpm => work_done_ppm,
	ItemDeposit => item_deposit,
	ByteDeposit => byte_deposit,
	ClaimDeposit => claim_deposit,
	StewardBond => steward_bond,
}
