//! Random calls by random accounts, after each of which all state must be consistent and no money lost or made.

use crate::{
	actors::*,
	support::{signed, Chain},
};
use assay_primitives::*;
use assay_runtime::*;
use pallet_evaluation::Progress;
use polkadot_sdk::*;
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

/// Who acts: the well-known accounts, `Alice` to `Two`.
fn actors() -> Vec<Sr25519Keyring> {
	Sr25519Keyring::iter().collect()
}

#[derive(Clone, Debug)]
enum Act {
	/// One of [`call`], by a random account.
	Call { kind: u8, number: u8, amount: u16 },
	/// The same as a signed transaction, with its fee.
	Signed { kind: u8, number: u8, amount: u16 },
	/// A call by a governance track or root.
	Governed { kind: u8, number: u8 },
	/// Each member of the round takes its next step, as far as the mask says so; scores differ by it too.
	Work { round: u8, mask: u8 },
	/// A checkpoint goes all the way from its model's registration to a request.
	Submit { number: u8 },
	/// So many blocks pass.
	Blocks(u8),
	/// The round's window passes, and somebody moves it on.
	Deadline { round: u8 },
}

fn act() -> impl Strategy<Value = (u8, Act)> {
	let act = prop_oneof![
		8 => (any::<u8>(), 0..4_u8, any::<u16>()).prop_map(|(kind, number, amount)| Act::Call { kind, number, amount }),
		1 => (any::<u8>(), 0..4_u8, any::<u16>()).prop_map(|(kind, number, amount)| Act::Signed { kind, number, amount }),
		1 => (any::<u8>(), 0..4_u8).prop_map(|(kind, number)| Act::Governed { kind, number }),
		12 => (any::<u8>(), prop_oneof![3 => Just(0b0011_1111), 1 => Just(0b1011_1111), 2 => any::<u8>()])
			.prop_map(|(round, mask)| Act::Work { round, mask }),
		2 => (0..6_u8).prop_map(|number| Act::Submit { number }),
		2 => (1..6_u8).prop_map(Act::Blocks),
		1 => any::<u8>().prop_map(|round| Act::Deadline { round }),
	];
	(any::<u8>(), act)
}

/// The call that the numbers stand for. Ids are small, so that calls often meet.
fn call(chain: &mut Chain, who: Sr25519Keyring, kind: u8, number: u8, amount: u16) -> RuntimeCall {
	let id = u32::from(number);
	let account = who.to_account_id();
	let other = actors()[usize::from(amount) % actors().len()].to_account_id();
	let asy = Balance::from(amount) * ASY / 10;
	let auroc = 800_000 + u32::from(amount % 8) * 5_000;
	match kind % 38 {
		0 => register_dataset(),
		1 => publish(id),
		2 => pallet_datasets::Call::set_prices {
			dataset: id,
			prices: Prices {
				evaluate: asy,
				train: asy,
				infer: asy,
			},
		}
		.into(),
		3 => pallet_datasets::Call::accredit {
			dataset: id,
			validator: other,
		}
		.into(),
		4 => pallet_datasets::Call::revoke_accreditation {
			dataset: id,
			validator: other,
		}
		.into(),
		5 => release(id, other),
		6 => pallet_datasets::Call::retire_version {
			dataset: id,
			version: 0,
		}
		.into(),
		7 => pallet_datasets::Call::retire_shard {
			dataset: id,
			version: 0,
			shard: u32::from(amount % 2),
		}
		.into(),
		8 => pallet_datasets::Call::top_up_bond {
			dataset: id,
			amount: asy,
		}
		.into(),
		9 => register_model(&account, &other),
		10 | 11 => claim(&account, number),
		12 | 13 => open(u32::from(amount % 2), number),
		14 => pallet_models::Call::set_terms {
			model: id,
			usage_price: asy,
		}
		.into(),
		15 | 16 => pallet_models::Call::pay_usage {
			checkpoint: checkpoint(number),
			uses: u32::from(amount % 5),
			max_price_each: 100_000 * ASY,
		}
		.into(),
		17 => pallet_models::Call::claim_fees { beneficiary: other }.into(),
		18 => pallet_models::Call::deprecate {
			checkpoint: checkpoint(number),
		}
		.into(),
		19 => create_benchmark(id),
		20 => pallet_evaluation::Call::retire_benchmark { benchmark: id }.into(),
		21 => register_validator(100 * ASY + asy),
		22 => pallet_evaluation::Call::bond_more { amount: asy }.into(),
		23 => pallet_evaluation::Call::unbond { amount: asy }.into(),
		24 => pallet_evaluation::Call::withdraw_unbonded {}.into(),
		25 => pallet_evaluation::Call::chill {}.into(),
		26 => pallet_evaluation::Call::activate {
			limits: pallet_evaluation::Limits {
				max_checkpoint_mb: 10,
				max_concurrent: 1,
			},
		}
		.into(),
		27 | 28 => request(number),
		29 => pallet_evaluation::Call::accept {
			round: id,
			key: [1; 32],
		}
		.into(),
		30 => pallet_evaluation::Call::decline {
			round: id,
			reason: DeclineReason::Unloadable,
		}
		.into(),
		31 => commit(chain, id, &account, auroc),
		32 => reveal(id, auroc),
		33 => pallet_evaluation::Call::advance { round: id }.into(),
		34 => pallet_evaluation::Call::claim_rewards { beneficiary: other }.into(),
		35 => pallet_balances::Call::transfer_allow_death {
			dest: other.into(),
			value: asy,
		}
		.into(),
		36 => pallet_proxy::Call::add_proxy {
			delegate: other.into(),
			proxy_type: ProxyType::Validating,
			delay: 0,
		}
		.into(),
		_ => pallet_balances::Call::transfer_all {
			dest: other.into(),
			keep_alive: amount.is_multiple_of(2),
		}
		.into(),
	}
}

fn govern(chain: &mut Chain, kind: u8, number: u8) {
	let id = u32::from(number);
	let benchmarks = || RuntimeOrigin::from(origins::Origin::Benchmarks);
	let (origin, call): (RuntimeOrigin, RuntimeCall) = match kind % 4 {
		0 => (
			benchmarks(),
			pallet_evaluation::Call::set_verified {
				benchmark: id,
				verified: kind < 128,
			}
			.into(),
		),
		1 => (benchmarks(), pallet_datasets::Call::reinstate { dataset: id }.into()),
		2 => {
			let validator = actors()[usize::from(number)].to_account_id();
			(
				benchmarks(),
				pallet_datasets::Call::accredit { dataset: 0, validator }.into(),
			)
		}
		_ => {
			use dynamic_params::economics::{MinBond, Parameters, SubsidyPerRound, SubsidyYearlyCap};
			let key_value = RuntimeParameters::Economics(match number {
				0 => Parameters::SubsidyPerRound(SubsidyPerRound, Some(5 * ASY)),
				1 => Parameters::SubsidyYearlyCap(SubsidyYearlyCap, Some(20 * ASY)),
				2 => Parameters::MinBond(MinBond, Some(200 * ASY)),
				_ => Parameters::MinBond(MinBond, None),
			});
			(
				origins::Origin::Parameters.into(),
				pallet_parameters::Call::set_parameter { key_value }.into(),
			)
		}
	};
	let _ = chain.call(origin, call);
}

/// Has the members whose bit is set take their next step; moves the round on where it waits for anyone.
fn work(chain: &mut Chain, round: RoundId, mask: u8) {
	let _ = chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round });
	for (place, (who, progress)) in members(chain, round).into_iter().enumerate() {
		if mask & 1 << (place % 6) == 0 {
			continue;
		}
		let auroc = if mask & 128 != 0 && place == 0 {
			700_000
		} else {
			900_000
		};
		let step = match progress {
			Progress::Drawn => pallet_evaluation::Call::accept { round, key: [1; 32] }.into(),
			Progress::Accepted { .. } => {
				let _ = chain.call(signed(STEWARD), release(round, who));
				continue;
			}
			Progress::Keyed { .. } => commit(chain, round, &who, auroc),
			Progress::Committed { .. } => reveal(round, auroc),
			_ => continue,
		};
		let _ = chain.call(RuntimeOrigin::signed(who), step);
	}
}

fn submit(chain: &mut Chain, who: Sr25519Keyring, number: u8) {
	let account = who.to_account_id();
	let model = chain.with(pallet_models::NextModel::<Runtime>::get);
	for call in [
		register_model(&account, &DEVELOPER.to_account_id()),
		claim(&account, number),
	] {
		let _ = chain.call(signed(who), call);
	}
	chain.skip(pallet_models::CLAIM_MATURES);
	for call in [open(model, number), request(number)] {
		let _ = chain.call(signed(who), call);
	}
}

/// One of the rounds there are.
fn pick(chain: &mut Chain, number: u8) -> RoundId {
	let rounds = chain.with(pallet_evaluation::NextRound::<Runtime>::get);
	u32::from(number).checked_rem(rounds).unwrap_or(0)
}

fn perform(chain: &mut Chain, who: Sr25519Keyring, act: Act) {
	match act {
		Act::Call { kind, number, amount } => {
			let call = call(chain, who, kind, number, amount);
			let _ = chain.call(signed(who), call);
		}
		Act::Signed { kind, number, amount } => {
			let call = call(chain, who, kind, number, amount);
			let _ = chain.try_send(who, call);
		}
		Act::Governed { kind, number } => govern(chain, kind, number),
		Act::Work { round, mask } => {
			let round = pick(chain, round);
			work(chain, round, mask)
		}
		Act::Submit { number } => submit(chain, who, number),
		Act::Blocks(blocks) => chain.skip(blocks.into()),
		Act::Deadline { round } => {
			let round = pick(chain, round);
			let deadline = chain.with(|| Evaluation::why(round).map(|why| why.until));
			chain.run_to(deadline.map_or(0, |block| block + 1));
			let _ = chain.call(signed(who), pallet_evaluation::Call::advance { round });
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

	#[test]
	fn state_should_stay_consistent_whoever_calls_whatever(acts in prop::collection::vec(act(), 1..60)) {
		let mut chain = stage();
		let _ = chain.call(signed(DEVELOPER), request(1));
		chain.skip(Pace::Dev.windows().draw_delay + 1);
		let _ = chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round: 0 });
		let actors = actors();
		for (who, act) in acts {
			perform(&mut chain, actors[usize::from(who) % actors.len()], act);
			chain.check();
		}
	}
}
