use crate::{mock::*, *};
use assay_primitives::ASY;
use frame_support::{assert_noop, assert_ok};
use polkadot_sdk::sp_runtime::TokenError;

#[test]
fn claim_should_hold_the_deposit_when_made() {
	run(|| {
		let hash = claim(1, OWNER);
		assert_eq!(held(HoldReason::Claim, &OWNER), ASY);
		assert_eq!(
			Claims::<Test>::get(OWNER, hash),
			Some(Claim {
				claimed_at: 1,
				deposit: ASY
			})
		);
		System::assert_last_event(Event::Claimed { claimant: OWNER, hash }.into());
	});
}

#[test]
fn claim_should_refuse_when_made_before_or_unpaid() {
	run(|| {
		let hash = claim(1, OWNER);
		assert_noop!(Zoo::claim(signed(OWNER), hash), Error::<Test>::AlreadyClaimed);
		assert_noop!(Zoo::claim(signed(POOR), hash), TokenError::FundsUnavailable);
	});
}

#[test]
fn claim_should_not_stand_in_the_way_when_its_hash_was_copied_first() {
	run(|| {
		let model = register(OWNER);
		let theirs = register(OTHER);
		assert_ok!(Zoo::claim(signed(OTHER), sealed(1, &OWNER)));
		claim(1, OWNER);
		pass(5);
		assert_noop!(open(1, OTHER, theirs), Error::<Test>::UnknownClaim);
		assert_ok!(open(1, OWNER, model));
	});
}

#[test]
fn drop_claim_should_return_the_deposit_when_the_claim_expired() {
	run(|| {
		let hash = claim(1, OWNER);
		pass(1_000);
		assert_ok!(Zoo::drop_claim(signed(OTHER), OWNER, hash));
		assert_eq!(held(HoldReason::Claim, &OWNER), 0);
		assert!(!Claims::<Test>::contains_key(OWNER, hash));
		System::assert_last_event(Event::ClaimDropped { claimant: OWNER, hash }.into());
		assert_noop!(Zoo::drop_claim(signed(OTHER), OWNER, hash), Error::<Test>::UnknownClaim);
	});
}

#[test]
fn drop_claim_should_refuse_when_the_claim_can_still_be_opened() {
	run(|| {
		let hash = claim(1, OWNER);
		pass(999);
		assert_noop!(
			Zoo::drop_claim(signed(OWNER), OWNER, hash),
			Error::<Test>::ClaimNotExpired
		);
		assert_noop!(Zoo::drop_claim(signed(OWNER), OTHER, hash), Error::<Test>::UnknownClaim);
	});
}
