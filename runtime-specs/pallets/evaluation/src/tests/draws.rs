//! The draw: when, among whom, how many seats.

use super::stage::*;
use crate::{mock::*, Error, Event, Limits, Members, Validators};
use assay_primitives::{AccountId, Admission, FailReason, RoundState, ASY};
use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok, dispatch::Pays},
	frame_system,
};

fn advance(id: u32) -> Pays {
	Evaluation::advance(signed(&ANYONE), id).unwrap().pays_fee
}

fn seats(id: u32, who: &AccountId) -> u32 {
	Members::<Test>::get(id, who).map_or(0, |member| member.seats)
}

/// The committee of a request after `prepare`, from validators 1 to 4.
fn committee_after(prepare: impl FnOnce()) -> Vec<AccountId> {
	benchmark(spec());
	validators(4);
	prepare();
	let id = request();
	pass(id);
	members(id)
}

#[test]
fn committee_should_be_drawn_as_soon_as_every_block_that_feeds_the_draw_is_sealed() {
	scenario(|| {
		let id = requested(3);
		let deadline = round(id).deadline;
		assert_eq!(deadline, round(id).requested_at + 2);
		run_to(deadline);
		events();
		assert_eq!(advance(id), Pays::Yes);
		assert_eq!(events(), vec![]);
		assert_eq!(state(id), RoundState::Requested);
		run_to(deadline + 1);
		assert_eq!(state(id), RoundState::Accepting);
		assert_eq!(round(id).deadline, deadline + 1 + 68);
		assert_eq!(advance(id), Pays::Yes);
	});
}

#[test]
fn advance_should_fail_when_there_is_no_such_round() {
	scenario(|| {
		assert_noop!(Evaluation::advance(signed(&ANYONE), 0), Error::<Test>::UnknownRound);
	});
}

#[test]
fn draw_should_fill_every_seat_and_count_open_rounds() {
	scenario(|| {
		let id = accepting(3);
		assert_eq!(members(id).len(), 3);
		assert_eq!((round(id).drawn, round(id).tally.drawn), (3, 3));
		for who in members(id) {
			assert_eq!(seats(id, &who), 1);
			assert_eq!(Validators::<Test>::get(&who).unwrap().open_rounds, 1);
		}
		let drawn = events()
			.into_iter()
			.filter(|event| matches!(event, Event::MemberDrawn { .. }));
		assert_eq!(drawn.count(), 3);
	});
}

#[test]
fn draw_should_cap_an_account_at_a_third_of_the_seats() {
	scenario(|| {
		benchmark(assay_primitives::BenchmarkSpec { seats: 9, ..spec() });
		register(1, 50_000 * ASY);
		(2..=7).for_each(|n| register(n, 100 * ASY));
		let id = request();
		pass(id);
		assert_eq!(round(id).drawn, 9);
		assert_eq!(seats(id, &validator(1)), 3);
	});
}

#[test]
fn draw_should_fail_the_round_when_too_few_can_sit() {
	scenario(|| {
		let id = requested(2);
		pass(id);
		assert_eq!(state(id), RoundState::Failed(FailReason::NoCommittee));
		assert_eq!(free(&REQUESTER), FORTUNE);
	});
}

#[test]
fn draw_should_keep_out_the_requester_and_the_steward_and_whoever_acts_for_them() {
	for party in [&REQUESTER, &STEWARD] {
		scenario(|| {
			let friend = (party.clone(), validator(2));
			let members = committee_after(|| FRIENDS.with_borrow_mut(|all| assert!(all.insert(friend))));
			assert_eq!(members, vec![validator(1), validator(3), validator(4)]);
		});
		scenario(|| {
			let bond =
				|who: &AccountId| Evaluation::register_validator(signed(who), LIMITS, [0; 48], [0; 96], 100 * ASY);
			let members = committee_after(|| {
				assert_ok!(Evaluation::chill(signed(&validator(4))));
				assert_ok!(bond(party));
			});
			assert_eq!(members, vec![validator(1), validator(2), validator(3)]);
		});
	}
}

#[test]
fn draw_should_keep_out_whoever_cannot_take_the_round() {
	let chilled = || {
		assert_ok!(Evaluation::chill(signed(&validator(2))));
	};
	let small = || {
		let limits = Limits {
			max_checkpoint_mb: 15,
			..LIMITS
		};
		assert_ok!(Evaluation::activate(signed(&validator(2)), limits));
	};
	let busy = || Validators::<Test>::mutate_extant(validator(2), |entry| entry.limits.max_concurrent = 0);
	let poor = || {
		Constants::mutate(|constants| constants.min_bond += 1);
		for n in [1, 3, 4] {
			assert_ok!(Evaluation::bond_more(signed(&validator(n)), 1));
		}
	};
	let prepare: [&dyn Fn(); 4] = [&chilled, &small, &busy, &poor];
	for prepare in prepare {
		scenario(|| assert_eq!(committee_after(prepare), vec![validator(1), validator(3), validator(4)]));
	}
}

#[test]
fn draw_should_keep_out_whoever_has_as_many_rounds_as_it_takes() {
	scenario(|| {
		let one = Limits {
			max_concurrent: 1,
			..LIMITS
		};
		let first = requested(3);
		for n in 1..=3 {
			assert_ok!(Evaluation::activate(signed(&validator(n)), one));
		}
		pass(first);
		submit(checkpoint(2), &REQUESTER, MIB);
		assert_ok!(Evaluation::request_evaluation(
			signed(&REQUESTER),
			0,
			checkpoint(2),
			u128::MAX
		));
		pass(first + 1);
		assert_eq!(state(first + 1), RoundState::Failed(FailReason::NoCommittee));
	});
}

#[test]
fn draw_should_seat_only_accredited_validators_where_the_data_asks_for_them() {
	scenario(|| {
		let members = committee_after(|| {
			DATA.with_borrow_mut(|data| {
				data.terms.get_mut(&(0, 0)).unwrap().admission = Admission::Accredited;
				data.accredited = [validator(1), validator(3), validator(4)].into();
			});
		});
		assert_eq!(members, vec![validator(1), validator(3), validator(4)]);
	});
}

#[test]
fn advance_should_book_anew_when_a_draw_did_not_take_place() {
	scenario(|| {
		let id = requested(3);
		crate::DrawsAt::<Test>::remove(round(id).deadline + 1);
		run_to(400);
		assert_eq!(
			Evaluation::why(id).unwrap().waits_for,
			assay_primitives::WaitsFor::Anyone
		);
		events();
		assert_eq!(advance(id), Pays::No);
		assert_eq!(events(), vec![Event::DrawRearmed { round: id, until: 402 }]);
		assert_eq!(state(id), RoundState::Requested);
		run_to(403);
		assert_eq!(state(id), RoundState::Accepting);
	});
}

#[test]
fn draw_should_be_booked_anew_when_its_block_hashes_are_forgotten() {
	scenario(|| {
		let id = requested(3);
		run_to(3);
		frame_system::BlockHash::<Test>::remove(2);
		run_to(4);
		assert_eq!(
			(state(id), round(id).armed_at, round(id).deadline),
			(RoundState::Requested, 4, 6)
		);
		run_to(7);
		assert_eq!(state(id), RoundState::Accepting);
	});
}

#[test]
fn draw_should_depend_on_every_block_since_the_request() {
	let committee = |tampered: Option<u32>| {
		let mut members = Vec::new();
		scenario(|| {
			benchmark(spec());
			validators(60);
			let id = request();
			for block in 2..=round(id).deadline + 1 {
				TAMPERED.set(tampered == Some(block - 1));
				run_to(block);
			}
			members = super::stage::members(id);
		});
		members
	};
	let honest = committee(None);
	assert_eq!(committee(None), honest);
	assert_eq!(committee(Some(1)), honest, "the request's own block feeds nothing");
	assert_ne!(committee(Some(2)), honest);
	assert_ne!(committee(Some(3)), honest);
}

#[test]
fn widening_should_have_room_when_requests_fill_their_part() {
	scenario(|| {
		let id = accepting(6);
		run_to(round(id).deadline + 1);
		for n in 10..20 {
			submit(checkpoint(n), &REQUESTER, MIB);
			assert_ok!(Evaluation::request_evaluation(
				signed(&REQUESTER),
				0,
				checkpoint(n),
				u128::MAX
			));
		}
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert_eq!(
			round(id).deadline,
			System::block_number() + 2,
			"not behind the requests"
		);
	});
}

#[test]
fn splitting_an_account_should_change_nothing_below_the_cap() {
	// Validator 10 has a fiftieth of the bonds, in one account or in two neighbouring ones: whatever the seed, the
	// seats that it gets are the same as those of its halves together.
	let seats_of = |split: bool| {
		let mut drawn = Vec::new();
		scenario(|| {
			benchmark(assay_primitives::BenchmarkSpec { seats: 21, ..spec() });
			(1..=9).for_each(|n| register(n, 1_000 * ASY));
			(12..=51).for_each(|n| register(n, 1_000 * ASY));
			if split {
				register(10, 400 * ASY);
				register(11, 600 * ASY);
			} else {
				register(10, 1_000 * ASY);
			}
			for n in 0..40 {
				let id = checkpoint(n);
				submit(id, &REQUESTER, MIB);
				let limits = Limits {
					max_checkpoint_mb: 100,
					max_concurrent: 1_000,
				};
				(1..=51).for_each(|n| {
					let _ = Evaluation::activate(signed(&validator(n)), limits);
				});
				assert_ok!(Evaluation::request_evaluation(signed(&REQUESTER), 0, id, u128::MAX));
				let round = crate::NextRound::<Test>::get() - 1;
				pass(round);
				drawn.push(seats(round, &validator(10)) + seats(round, &validator(11)));
			}
		});
		drawn
	};
	let whole = seats_of(false);
	assert_eq!(seats_of(true), whole);
	assert!(whole.iter().any(|seats| *seats > 0));
	assert!(whole.iter().all(|seats| *seats < 7), "below the cap");
}
