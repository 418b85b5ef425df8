//! Acts whose parts fit together: what random calls hardly ever come to, a round's work above all.

use crate::{
	actors::*,
	generate::{actor, breaks, Surroundings},
	support::{signed, Chain},
};
use arbitrary::{Result, Unstructured};
use assay_primitives::*;
use assay_runtime::*;
use frame_support::traits::{schedule::DispatchTime, StorePreimage};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_evaluation::Progress;
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring;

fn actors() -> Vec<Sr25519Keyring> {
	Sr25519Keyring::iter().collect()
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

/// An act whose parts fit together.
pub fn perform(chain: &mut Chain, u: &mut Unstructured) -> Result<()> {
	let who = actor(u)?;
	match u.int_in_range(0..=27)? {
		0..=7 => {
			let call = call(chain, who, u.arbitrary()?, u.int_in_range(0..=3)?, u.arbitrary()?);
			let _ = chain.call(signed(who), call);
		}
		8 => {
			let call = call(chain, who, u.arbitrary()?, u.int_in_range(0..=3)?, u.arbitrary()?);
			let _ = chain.try_send(who, call);
		}
		9 => govern(chain, u.arbitrary()?, u.int_in_range(0..=3)?),
		10..=21 => {
			let round = pick(chain, u.arbitrary()?);
			let mask = match u.int_in_range(0..=5)? {
				0..=2 => 0b0011_1111,
				3 => 0b1011_1111,
				_ => u.arbitrary()?,
			};
			work(chain, round, mask);
		}
		22 | 23 => submit(chain, who, u.int_in_range(0..=5)?),
		24..=26 => chain.skip(u.int_in_range(1..=8)?),
		_ => {
			let round = pick(chain, u.arbitrary()?);
			let deadline = chain.with(|| Evaluation::why(round).map(|why| why.until));
			chain.run_to(deadline.map_or(0, |block| block + 1));
			let _ = chain.call(signed(who), pallet_evaluation::Call::advance { round });
		}
	}
	Ok(())
}

/// A referendum on a call, with its deposit, and votes that carry it more often than not.
pub fn referendum(chain: &mut Chain, u: &mut Unstructured) -> Result<()> {
	let call = chain.with(Surroundings::look).call(u)?;
	let call = if breaks(&call) {
		frame_system::Call::remark { remark: vec![] }.into()
	} else {
		call
	};
	let origin = match u.int_in_range(0..=4)? {
		0 => OriginCaller::system(frame_system::RawOrigin::Root),
		1 => OriginCaller::Origins(origins::Origin::Parameters),
		2 => OriginCaller::Origins(origins::Origin::Treasurer),
		3 => OriginCaller::Origins(origins::Origin::Benchmarks),
		_ => OriginCaller::Origins(origins::Origin::Emergency),
	};
	let who = signed(actor(u)?);
	let Ok(proposal) = chain.with(|| Preimage::bound(call)) else {
		return Ok(());
	};
	let index = chain.with(pallet_referenda::ReferendumCount::<Runtime>::get);
	let submit = pallet_referenda::Call::submit {
		proposal_origin: Box::new(origin),
		proposal,
		enactment_moment: DispatchTime::After(u.int_in_range(0..=5)?),
	};
	let _ = chain.call(who.clone(), submit);
	let _ = chain.call(who, pallet_referenda::Call::place_decision_deposit { index });
	for _ in 0..u.int_in_range(0..=3)? {
		let vote = AccountVote::Standard {
			vote: Vote {
				aye: u.ratio(5, 6)?,
				conviction: *u.choose(&[Conviction::None, Conviction::Locked1x, Conviction::Locked6x])?,
			},
			balance: u.int_in_range(0..=9_000_000)? * ASY,
		};
		let who = signed(actor(u)?);
		let poll_index = index;
		let _ = chain.call(who, pallet_conviction_voting::Call::vote { poll_index, vote });
	}
	if u.arbitrary()? {
		chain.skip(24);
	}
	Ok(())
}
