//! Subsidies: for whom, and how little.

use super::stage::*;
use crate::{mock::*, Credit, Event, Subsidies};
use assay_primitives::{Admission, Pace, ASY, MILLI_ASY};
use polkadot_sdk::frame_support::assert_ok;

const EACH: u128 = (FEE - CUT) / 3;

/// A settled round with these constants, on a benchmark so marked.
fn settled(per_round: u128, per_year: u128, verified: bool, admission: Admission, ppm: &[u32]) -> u32 {
	Constants::mutate(|constants| {
		constants.subsidy_per_round = per_round;
		constants.subsidy_yearly_cap = per_year;
	});
	benchmark(spec());
	DATA.with_borrow_mut(|data| {
		data.terms.get_mut(&(0, 0)).unwrap().admission = admission;
		data.accredited = (1..=3).map(validator).collect();
	});
	assert_ok!(Evaluation::set_verified(signed(&COUNCIL), 0, verified));
	validators(3);
	let id = request();
	pass(id);
	for n in 1..=3 {
		assert_ok!(accept(id, &validator(n)));
	}
	for n in 1..=3 {
		release(id, &validator(n));
	}
	commit_all(id, ppm);
	reveal_all(id, ppm);
	id
}

fn minted() -> u128 {
	Subsidies::<Test>::get().minted
}

#[test]
fn subsidy_should_go_to_seats_that_agreed() {
	scenario(|| {
		let id = settled(
			600 * MILLI_ASY,
			ASY,
			true,
			Admission::Accredited,
			&[900_000, 900_000, 500_000],
		);
		assert_eq!(minted(), 600 * MILLI_ASY);
		assert_eq!(owed(&validator(1)), EACH + 300 * MILLI_ASY);
		assert_eq!(owed(&validator(3)), 0);
		let credited = Event::Credited {
			round: id,
			who: validator(2),
			amount: 300 * MILLI_ASY,
			reason: Credit::Subsidy,
		};
		assert!(events().contains(&credited));
	});
}

#[test]
fn subsidy_should_need_a_verified_benchmark_with_accredited_committees() {
	for (verified, admission) in [(false, Admission::Accredited), (true, Admission::Bonded)] {
		scenario(|| {
			settled(ASY, ASY, verified, admission, &[900_000; 3]);
			assert_eq!(minted(), 0);
			assert_eq!(owed(&validator(1)), EACH);
		});
	}
}

#[test]
fn subsidy_should_never_exceed_the_cut_of_the_same_round() {
	scenario(|| {
		settled(1_000 * ASY, 1_000 * ASY, true, Admission::Accredited, &[900_000; 3]);
		assert_eq!(minted(), CUT);
	});
}

#[test]
fn subsidy_should_never_exceed_the_year() {
	scenario(|| {
		let year = Pace::Dev.windows().year;
		settled(
			300 * MILLI_ASY,
			300 * MILLI_ASY,
			true,
			Admission::Accredited,
			&[900_000; 3],
		);
		assert_eq!(minted(), 300 * MILLI_ASY);
		assert_eq!(
			Evaluation::quote(0, 16 * MIB).unwrap().subsidy,
			0,
			"nothing is left of the year"
		);
		let now = System::block_number();
		System::set_block_number(year);
		assert_eq!(
			Evaluation::quote(0, 16 * MIB).unwrap().subsidy,
			300 * MILLI_ASY,
			"a new year"
		);
		System::set_block_number(now);
	});
}
