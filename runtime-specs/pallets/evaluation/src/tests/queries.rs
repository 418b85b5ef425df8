//! What a node answers: why, leaderboard, quote.

use super::stage::*;
use crate::mock::*;
use assay_primitives::{FeeQuote, RoundState, WaitsFor, Why};
use polkadot_sdk::frame_support::assert_ok;

fn why(id: u32) -> Why<assay_primitives::AccountId> {
	Evaluation::why(id).unwrap()
}

fn waits(id: u32) -> WaitsFor<assay_primitives::AccountId> {
	why(id).waits_for
}

#[test]
fn why_should_name_whom_each_state_waits_for() {
	scenario(|| {
		assert_eq!(Evaluation::why(0), None);
		let id = requested(3);
		let expected = Why {
			state: RoundState::Requested,
			waits_for: WaitsFor::Blocks,
			until: 3,
			widened: false,
			draw_is_biasable_by_authors: true,
		};
		assert_eq!(why(id), expected);
		pass(id);
		let [a, b, c] = members(id).try_into().unwrap();
		assert_ok!(accept(id, &b));
		assert_eq!(waits(id), WaitsFor::Members(vec![a.clone(), c.clone()]));
		assert_ok!(accept(id, &a));
		assert_ok!(accept(id, &c));
		release(id, &a);
		assert_eq!(
			waits(id),
			WaitsFor::Steward {
				steward: STEWARD,
				members: vec![b.clone(), c.clone()]
			}
		);
		release(id, &b);
		release(id, &c);
		assert_ok!(commit(id, &c, &opening(900_000)));
		assert_eq!(waits(id), WaitsFor::Members(vec![a.clone(), b.clone()]));
		assert_ok!(commit(id, &a, &opening(900_000)));
		assert_ok!(commit(id, &b, &opening(900_000)));
		assert_ok!(reveal(id, &a, &opening(900_000)));
		assert_eq!(waits(id), WaitsFor::Members(vec![b, c]));
		assert_eq!(why(id).until, round(id).deadline);
		run_to(round(id).deadline + 1);
		assert_eq!(waits(id), WaitsFor::Anyone);
		pass(id);
		assert_eq!((waits(id), why(id).until), (WaitsFor::Blocks, round(id).deadline));
		assert!(why(id).widened);
		pass(id);
		assert_eq!((waits(id), why(id).until), (WaitsFor::Nobody, System::block_number()));
	});
}

#[test]
fn leaderboard_should_be_paged_best_first_with_ties_in_order_of_settlement() {
	scenario(|| {
		assert_eq!(Evaluation::leaderboard(0, 0, 10), vec![]);
		benchmark(spec());
		validators(3);
		for (n, ppm) in [(1, 800_000), (2, 900_000), (3, 800_000), (4, 700_000)] {
			submit(checkpoint(n), &REQUESTER, MIB);
			assert_ok!(Evaluation::request_evaluation(
				signed(&REQUESTER),
				0,
				checkpoint(n),
				u128::MAX
			));
			let id = u32::from(n) - 1;
			pass(id);
			for n in 1..=3 {
				assert_ok!(accept(id, &validator(n)));
			}
			for n in 1..=3 {
				release(id, &validator(n));
			}
			commit_all(id, &[ppm; 3]);
			reveal_all(id, &[ppm; 3]);
		}
		let page = |offset, limit| {
			let entries = Evaluation::leaderboard(0, offset, limit);
			entries.into_iter().map(|entry| entry.checkpoint).collect::<Vec<_>>()
		};
		assert_eq!(page(0, 100), [2, 1, 3, 4].map(checkpoint).to_vec());
		assert_eq!(page(1, 2), [1, 3].map(checkpoint).to_vec());
		assert_eq!(page(4, 2), vec![]);
		let best = Evaluation::leaderboard(0, 0, 1).remove(0);
		assert_eq!((best.model, best.owner, best.round), (7, REQUESTER, 1));
		assert_eq!(
			(best.scores.into_inner(), best.lower_ppm, best.upper_ppm),
			(vec![900_000, 700_000], 890_000, 910_000)
		);
		assert_eq!((best.samples, best.seats_agreed, best.seats_accepted), (1_000, 3, 3));
	});
}

#[test]
fn leaderboard_should_cut_a_page_to_a_hundred() {
	scenario(|| {
		benchmark(spec());
		for n in 0..101_u64 {
			let id = assay_primitives::Hash::from_low_u64_be(n);
			submit(id, &REQUESTER, MIB);
			let outcome = crate::Outcome {
				round: n as u32,
				scores: vec![1].try_into().unwrap(),
				lower_ppm: 0,
				upper_ppm: 1,
				samples: 1,
				seats_agreed: 1,
				seats_accepted: 1,
				settled_at: 1,
			};
			crate::Results::<Test>::insert(0, id, outcome);
		}
		assert_eq!(Evaluation::leaderboard(0, 0, u32::MAX).len(), 100);
		let _ = crate::Results::<Test>::clear(u32::MAX, None);
	});
}

#[test]
fn quote_should_be_what_a_request_then_costs() {
	scenario(|| {
		assert_eq!(Evaluation::quote(0, MIB), None);
		benchmark(spec());
		let quote = FeeQuote {
			compute: FEE,
			treasury_cut: CUT,
			steward: PRICE,
			total: FEE + PRICE,
			per_seat: (FEE - CUT) / 3,
			subsidy: 0,
		};
		assert_eq!(Evaluation::quote(0, 16 * MIB), Some(quote.clone()));
		// A begun MiB counts whole.
		assert_eq!(Evaluation::quote(0, 15 * MIB + 1), Some(quote));
		let id = request();
		assert_eq!((round(id).terms.fee, round(id).terms.price), (FEE, PRICE));
		DATA.with_borrow_mut(|data| data.terms.get_mut(&(0, 0)).unwrap().usable = false);
		assert_eq!(Evaluation::quote(0, MIB), None);
		publish();
		assert_ok!(Evaluation::retire_benchmark(signed(&OWNER), 0));
		assert_eq!(Evaluation::quote(0, MIB), None);
	});
}
