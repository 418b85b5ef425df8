//! What an offence costs.

use crate::{mock::*, *};
use assay_primitives::{AccountId, Balance};
use frame_support::{assert_noop, assert_ok, traits::ReservableCurrency};
use polkadot_sdk::{
	sp_runtime::Perbill,
	sp_staking::offence::{OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence},
};

/// `(3 / 4)^2` of the bond.
const ONE_OF_FOUR: Balance = BOND / 16 * 9;

fn offender() -> AccountId {
	OFFENDER.to_account_id()
}

fn reported(exclusion: Exclusion, slashed: Balance) {
	System::assert_has_event(
		Event::Punished {
			offender: offender(),
			session: 0,
			slashed,
			exclusion,
		}
		.into(),
	);
}

/// What the offences pallet does for several offenders at once.
fn punish(who: &[Key], fraction: Perbill, session: u32) {
	let details: Vec<_> = who
		.iter()
		.map(|who| OffenceDetails {
			offender: (who.to_account_id(), ()),
			reporters: vec![],
		})
		.collect();
	Equivocation::on_offence(&details, &vec![fraction; who.len()], session);
}

#[test]
fn candidate_should_lose_its_share_and_its_place_when_it_equivocated() {
	run(|| {
		bond(OFFENDER, BOND);
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		assert_eq!(held(OFFENDER), BOND - ONE_OF_FOUR);
		assert_eq!(Slashed::get(), ONE_OF_FOUR);
		assert_eq!(chunks(OFFENDER), [(BOND - ONE_OF_FOUR, 1 + HISTORY)]);
		assert_eq!(Selected::get(), [OTHER.to_account_id()]);
		assert_eq!(Disabled::get(), [(0, offender())]);
		reported(Exclusion::Excluded, ONE_OF_FOUR);
	});
}

#[test]
fn invulnerable_should_lose_its_place_when_it_equivocated() {
	run(|| {
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		assert_eq!(Selected::get(), [OTHER.to_account_id()]);
		assert_eq!((Slashed::get(), free(OFFENDER)), (0, FUNDS));
		reported(Exclusion::Excluded, 0);
	});
}

#[test]
fn last_authority_should_stay_and_author_when_it_equivocated() {
	run(|| {
		Selected::set(vec![offender()]);
		bond(OFFENDER, BOND);
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		assert_eq!(Selected::get(), [offender()]);
		assert!(Disabled::get().is_empty());
		assert_eq!(held(OFFENDER), BOND - ONE_OF_FOUR);
		assert!(chunks(OFFENDER).is_empty());
		reported(Exclusion::Last, ONE_OF_FOUR);
	});
}

#[test]
fn offender_should_lose_what_is_on_its_way_out_when_it_has_left() {
	run(|| {
		bond(OFFENDER, BOND);
		slots(5);
		Selected::set(vec![OTHER.to_account_id()]);
		assert_eq!(Bonded::<Test>::unreserve(&offender(), BOND), 0);
		assert_ok!(report(OFFENDER, 5));
		assert_eq!(held(OFFENDER), BOND - ONE_OF_FOUR);
		assert_eq!(chunks(OFFENDER), [(BOND - ONE_OF_FOUR, 1 + HISTORY)]);
		reported(Exclusion::Gone, ONE_OF_FOUR);
	});
}

#[test]
fn offender_should_author_nothing_in_this_session_and_the_next_when_punished() {
	run(|| {
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		pass(3);
		assert_eq!(Disabled::get(), [(0, offender()), (1, offender())]);
		assert!(!Outgoing::<Test>::exists());
	});
}

#[test]
fn report_should_be_refused_when_the_authority_was_punished_for_the_session() {
	run(|| {
		bond(OFFENDER, BOND);
		slots(6);
		assert_ok!(report(OFFENDER, 5));
		let events = System::events().len();
		assert_noop!(report(OFFENDER, 5), Error::<Test>::AlreadyReported);
		assert_noop!(report(OFFENDER, 6), Error::<Test>::AlreadyReported);
		assert_eq!((held(OFFENDER), System::events().len()), (BOND - ONE_OF_FOUR, events));
	});
}

#[test]
fn offender_should_be_punished_again_when_it_does_so_in_another_session() {
	run(|| {
		bond(OFFENDER, BOND);
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		pass(1);
		slots(5);
		assert_ok!(report(OFFENDER, SLOTS + 5));
		let left = BOND - ONE_OF_FOUR;
		let cut = Perbill::from_rational(9_u32, 16).mul_floor(left);
		assert_eq!(held(OFFENDER), left - cut);
	});
}

#[test]
fn both_should_lose_what_two_offenders_lose_when_the_second_is_found() {
	run(|| {
		Validators::set(0);
		bond(OFFENDER, BOND);
		bond(OTHER, BOND);
		punish(&[OFFENDER], Perbill::from_percent(10), 0);
		assert_eq!(held(OFFENDER), BOND / 10 * 9);
		punish(&[OFFENDER, OTHER], Perbill::from_percent(40), 0);
		assert_eq!((held(OFFENDER), held(OTHER)), (BOND / 10 * 6, BOND / 10 * 6));
		assert_eq!(
			Slashes::<Test>::get(0, offender()),
			Some(Slash {
				fraction: Perbill::from_percent(40),
				base: BOND
			})
		);
	});
}

/// One of a hundred authorities seals twice in the slot, and is reported.
fn report_of_a_hundred(who: AccountId, slot: u64) -> Result<(), OffenceError> {
	let offence = AuraOffence {
		slot: slot.into(),
		session: 0,
		validators: 100,
		offender: (who, ()),
	};
	<Test as Config>::Offences::report_offence(vec![], offence)
}

fn fraction_of(who: &AccountId) -> Perbill {
	Slashes::<Test>::get(0, who).unwrap().fraction
}

#[test]
fn all_should_lose_everything_when_a_third_of_the_session_reported_themselves_in_slots_of_their_own() {
	run(|| {
		Validators::set(100);
		bond(OFFENDER, BOND);
		assert_ok!(report_of_a_hundred(offender(), 0));
		assert_eq!(fraction_of(&offender()), MIN_SLASH);
		assert_eq!(held(OFFENDER), BOND / 100 * 99);
		for n in 1..34 {
			assert_ok!(report_of_a_hundred([n; 32].into(), n.into()));
			let share = Perbill::from_rational(3 * (u32::from(n) + 1), 100_u32).square();
			assert_eq!(fraction_of(&offender()), share.max(MIN_SLASH));
			assert_eq!(fraction_of(&[n; 32].into()), share.max(MIN_SLASH));
		}
		assert_eq!(fraction_of(&offender()), Perbill::one());
		assert_eq!(held(OFFENDER), 0);
		assert_eq!(
			report_of_a_hundred(offender(), 99),
			Err(OffenceError::DuplicateReport),
			"a second offence adds nothing to what is lost"
		);
	});
}

#[test]
fn offender_should_be_excluded_once_when_its_slash_is_raised() {
	run(|| {
		Validators::set(100);
		bond(OFFENDER, BOND);
		assert_ok!(report_of_a_hundred(offender(), 0));
		pass(1);
		Selected::mutate(|selected| selected.push(offender()));
		let disabled = Disabled::get();
		for n in 1..10 {
			assert_ok!(report_of_a_hundred([n; 32].into(), n.into()));
		}
		assert_eq!(held(OFFENDER), BOND / 100 * 91, "(30 / 100)^2 of it");
		assert!(Selected::get().contains(&offender()), "whoever named it again knew");
		assert!(!Disabled::get()[disabled.len()..].contains(&(1, offender())));
		System::assert_has_event(
			Event::SlashRaised {
				offender: offender(),
				session: 0,
				slashed: Perbill::from_parts(90_000_000).mul_floor(BOND)
					- Perbill::from_parts(72_900_000).mul_floor(BOND),
			}
			.into(),
		);
	});
}

#[test]
fn offenders_of_another_session_should_not_count() {
	run(|| {
		bond(OFFENDER, BOND);
		bond(OTHER, BOND);
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		pass(1);
		slots(5);
		assert_ok!(report(OTHER, SLOTS + 5));
		assert_eq!((held(OFFENDER), held(OTHER)), (BOND - ONE_OF_FOUR, BOND - ONE_OF_FOUR));
	});
}

#[test]
fn offender_should_lose_nothing_more_when_a_smaller_fraction_comes_later() {
	run(|| {
		Validators::set(0);
		bond(OFFENDER, BOND);
		punish(&[OFFENDER], Perbill::from_percent(40), 0);
		punish(&[OFFENDER], Perbill::from_percent(10), 0);
		punish(&[OFFENDER], Perbill::from_percent(40), 0);
		assert_eq!(held(OFFENDER), BOND / 10 * 6);
	});
}

#[test]
fn fraction_should_lie_between_a_hundredth_and_all_of_the_bond() {
	for (fraction, lost) in [
		(Perbill::zero(), BOND / 100),
		(Perbill::from_parts(1), BOND / 100),
		(Perbill::one(), BOND),
	] {
		run(|| {
			Validators::set(0);
			bond(OFFENDER, BOND);
			punish(&[OFFENDER], fraction, 0);
			assert_eq!(held(OFFENDER), BOND - lost);
			assert_eq!(chunks(OFFENDER).is_empty(), lost == BOND);
		});
	}
}

#[test]
fn fraction_should_grow_with_the_share_of_offenders() {
	use polkadot_sdk::sp_staking::offence::Offence;
	let offence = |validators| AuraOffence {
		slot: 1.into(),
		session: 0,
		validators,
		offender: offender(),
	};
	assert_eq!(offence(100).slash_fraction(1), Perbill::from_parts(900_000));
	assert_eq!(offence(4).slash_fraction(1), Perbill::from_rational(9_u32, 16));
	for validators in [0, 1, 3] {
		assert_eq!(offence(validators).slash_fraction(1), Perbill::one());
	}
	assert_eq!(offence(u32::MAX).slash_fraction(u32::MAX), Perbill::one());
}
