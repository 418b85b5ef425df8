//! What holds whatever people do.

use super::stage::*;
use crate::{mock::*, NextRound, Subsidies};
use assay_primitives::{AccountId, Admission, Balance, DeclineReason, KeyReleases, ASY, PPM};
use polkadot_sdk::frame_support::{assert_ok, traits::fungible::Inspect};
use proptest::prelude::*;

/// What one member does with its part in a round.
#[derive(Clone, Copy, Debug)]
enum Deed {
	Reveal(u32),
	MissAnswer,
	MissCommit,
	MissReveal,
	Decline(DeclineReason),
	DeclineWithKeys(DeclineReason),
}

fn deed() -> impl Strategy<Value = Deed> {
	use DeclineReason::*;
	prop_oneof![
		6 => prop_oneof![Just(900_000), Just(905_000), Just(500_000)].prop_map(Deed::Reveal),
		1 => Just(Deed::MissAnswer),
		1 => Just(Deed::MissCommit),
		1 => Just(Deed::MissReveal),
		1 => prop_oneof![Just(CheckpointUnavailable), Just(Resources)].prop_map(Deed::Decline),
		1 => prop_oneof![Just(DataCorrupt), Just(Resources)].prop_map(Deed::DeclineWithKeys),
	]
}

/// Everything that an account has: free, on hold, and owed.
fn wealth(who: &AccountId) -> Balance {
	<Balances as Inspect<AccountId>>::total_balance(who) + owed(who)
}

/// Brings a round to its end, each member doing its deed; the steward releases keys to the first so many.
fn play(id: u32, deeds: &[Deed], releases: usize) {
	let deed = |who: &AccountId| deeds[usize::from(AsRef::<[u8; 32]>::as_ref(who)[0]) % deeds.len()];
	let mut left = releases;
	while !state(id).is_final() {
		for who in waiting(id) {
			let _ = match deed(&who) {
				Deed::MissAnswer => Ok(().into()),
				Deed::Decline(reason) => Evaluation::decline(signed(&who), id, reason),
				_ => accept(id, &who),
			};
		}
		for who in waiting(id) {
			if left > 0 && Evaluation::due(id, &who).is_ok() {
				release(id, &who);
				left -= 1;
			}
		}
		for who in waiting(id) {
			let _ = match deed(&who) {
				Deed::Reveal(ppm) => commit(id, &who, &opening(ppm)),
				Deed::MissReveal => commit(id, &who, &opening(900_000)),
				Deed::DeclineWithKeys(reason) => Evaluation::decline(signed(&who), id, reason),
				_ => Ok(().into()),
			};
		}
		for who in waiting(id) {
			if let Deed::Reveal(ppm) = deed(&who) {
				let _ = reveal(id, &who, &opening(ppm));
			}
		}
		if !state(id).is_final() {
			pass(id);
		}
		assert_ok!(Evaluation::do_try_state());
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

	/// One actor is the submitter, every validator, the steward and the benchmark's owner, and has governance verify
	/// the benchmark: no fee, cut, subsidy or price lets it end richer than it began.
	#[test]
	fn one_actor_in_all_roles_should_never_earn_more_than_it_pays(
		deeds in prop::collection::vec(deed(), 1..8),
		validators in 3_u8..9,
		seats in 3_u32..7,
		releases in prop_oneof![4 => Just(usize::MAX), 1 => 0_usize..6],
		cut_ppm in 0..=PPM / 2,
		work_ppm in 0..=PPM / 2,
		subsidy in prop_oneof![Just(0), Just(ASY), Just(1_000 * ASY)],
		base_fee in ASY..=20 * ASY + 7,
	) {
		scenario(|| {
			Constants::mutate(|constants| {
				constants.treasury_cut_ppm = cut_ppm;
				constants.work_done_ppm = work_ppm;
				constants.subsidy_per_round = subsidy;
				constants.subsidy_yearly_cap = 1_000_000 * ASY;
				constants.base_fee = base_fee;
			});
			benchmark(assay_primitives::BenchmarkSpec { seats, ..spec() });
			DATA.with_borrow_mut(|data| {
				data.terms.get_mut(&(0, 0)).unwrap().admission = Admission::Accredited;
				data.accredited = (1..=validators).map(validator).collect();
			});
			assert_ok!(Evaluation::set_verified(signed(&COUNCIL), 0, true));
			(1..=validators).for_each(|n| register(n, (100 + Balance::from(n)) * ASY));
			let actor: Vec<AccountId> =
				(1..=validators).map(validator).chain([REQUESTER, STEWARD, OWNER]).collect();
			let sum = || actor.iter().map(wealth).sum::<Balance>();
			let before = sum();
			let id = request();
			play(id, &deeds, releases);
			let minted = Subsidies::<Test>::get().minted;
			assert!(sum() <= before, "{:?}: {} more", state(id), sum() - before);
			assert!(minted <= owed(&TREASURY), "no more is minted than the treasury is paid");
			assert_eq!(sum() + owed(&TREASURY), before + minted, "nothing is lost");
			Subsidies::<Test>::kill();
			Subsidies::<Test>::mutate(|year| year.minted = minted);
		});
	}

}

proptest! {
	#![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

	/// Random calls by random accounts keep every invariant.
	#[test]
	fn random_calls_should_keep_every_invariant(
		steps in prop::collection::vec((0_u8..17, 1_u8..9, 0_u8..4), 1..120),
	) {
		scenario(|| {
			benchmark(spec());
			for (step, n, arg) in steps {
				let who = validator(n);
				let id = u32::from(arg);
				let amount = Balance::from(arg) * 100 * ASY;
				let call = match step {
					0 => crate::Call::register_validator { limits: LIMITS, bls_key: [0; 48], bls_proof: [0; 96], bond: amount },
					1 => crate::Call::bond_more { amount },
					2 => crate::Call::unbond { amount },
					3 => crate::Call::withdraw_unbonded {},
					4 => crate::Call::chill {},
					5 => crate::Call::activate { limits: LIMITS },
					6 | 7 => {
						submit(checkpoint(arg), &validator(n), MIB);
						crate::Call::request_evaluation { benchmark: 0, checkpoint: checkpoint(arg), max_fee: 30 * ASY }
					},
					8 | 9 => crate::Call::accept { round: id, key: KEY },
					10 => crate::Call::decline { round: id, reason: DeclineReason::Resources },
					11 => match crate::Rounds::<Test>::get(id) {
						Some(round) => {
							let commitment = Evaluation::commitment(id, &round, &who, &opening(900_000));
							crate::Call::commit { round: id, commitment }
						},
						None => crate::Call::chill {},
					},
					12 => crate::Call::reveal { round: id, reveal: opening(900_000) },
					13 => {
						if Evaluation::due(id, &who).is_ok() {
							release(id, &who);
						}
						crate::Call::advance { round: id }
					},
					14 => crate::Call::claim_rewards { beneficiary: who.clone() },
					15 => {
						run_to(System::block_number() + u32::from(arg) * 30);
						crate::Call::advance { round: id }
					},
					_ => crate::Call::create_benchmark { spec: spec() },
				};
				let _ = dispatch(&who, call);
				assert_ok!(Evaluation::do_try_state());
			}
			assert!(NextRound::<Test>::get() <= 120);
		});
	}
}
