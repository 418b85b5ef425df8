//! The actors, and rounds brought to the state that a test is about.

use crate::{mock::*, Event, Limits, Member, Members, Progress, Round, Rounds};
use assay_primitives::{
	AccountId, Balance, BenchmarkId, BenchmarkSpec, CheckpointId, Hash, KeyReleases, Metric, Reveal, RoundId,
	RoundState, ASY,
};
use polkadot_sdk::{
	frame_support::{assert_ok, dispatch::DispatchResultWithPostInfo},
	frame_system::RawOrigin,
	sp_runtime::traits::Dispatchable,
};

pub const REQUESTER: AccountId = AccountId::new([100; 32]);
pub const STEWARD: AccountId = AccountId::new([101; 32]);
pub const OWNER: AccountId = AccountId::new([102; 32]);
pub const ANYONE: AccountId = AccountId::new([103; 32]);
pub const MIB: u32 = 1 << 20;
pub const LIMITS: Limits = Limits {
	max_checkpoint_mb: 100,
	max_concurrent: 2,
};
/// The one-time key with which members accept.
pub const KEY: [u8; 32] = [9; 32];
/// Compute fee of a round on the stage: 10 ASY, 16 MiB at 0.01 ASY, a thousand samples at 1 ASY.
pub const FEE: Balance = 11_160 * ASY / 1_000;
/// The steward's price on the stage.
pub const PRICE: Balance = 5 * ASY;
/// The treasury's cut of [`FEE`].
pub const CUT: Balance = FEE / 10;

/// Dispatches a call as a transaction does: a failed one changes nothing.
pub fn dispatch(who: &AccountId, call: crate::Call<Test>) -> DispatchResultWithPostInfo {
	RuntimeCall::from(call).dispatch(signed(who))
}

/// Account `n` of the validators.
pub fn validator(n: u8) -> AccountId {
	AccountId::new([n; 32])
}

pub fn signed(who: &AccountId) -> RuntimeOrigin {
	RawOrigin::Signed(who.clone()).into()
}

/// A benchmark on AUROC and sensitivity with three seats.
pub fn spec() -> BenchmarkSpec {
	BenchmarkSpec {
		name: b"chest".to_vec().try_into().unwrap(),
		dataset: 0,
		version: 0,
		metrics: vec![Metric::Auroc, Metric::Sensitivity].try_into().unwrap(),
		main: 0,
		tolerance_ppm: 10_000,
		threshold_ppm: 800_000,
		precision_ppm: 5_000,
		seats: 3,
	}
}

/// Publishes the data set: a thousand samples, four shards.
pub fn publish() {
	DATA.with_borrow_mut(|data| {
		data.terms.insert((0, 0), data_terms(1_000, 4));
		data.bond = 50 * ASY;
	});
}

/// Publishes the data set and makes the benchmark.
pub fn benchmark(spec: BenchmarkSpec) -> BenchmarkId {
	publish();
	assert_ok!(Evaluation::create_benchmark(signed(&OWNER), spec));
	crate::NextBenchmark::<Test>::get() - 1
}

/// Registers validators 1 to `n` with the least bond.
pub fn validators(n: u8) {
	(1..=n).for_each(|n| register(n, Constants::get().min_bond));
}

pub fn register(n: u8, bond: Balance) {
	assert_ok!(Evaluation::register_validator(
		signed(&validator(n)),
		LIMITS,
		[n; 48],
		[n; 96],
		bond
	));
}

pub fn checkpoint(n: u8) -> CheckpointId {
	Hash::repeat_byte(n)
}

/// Requests the evaluation of checkpoint 1, of 16 MiB, on benchmark 0.
pub fn request() -> RoundId {
	submit(checkpoint(1), &REQUESTER, 16 * MIB);
	assert_ok!(Evaluation::request_evaluation(
		signed(&REQUESTER),
		0,
		checkpoint(1),
		Balance::MAX
	));
	crate::NextRound::<Test>::get() - 1
}

pub fn round(id: RoundId) -> Round<AccountId> {
	Rounds::<Test>::get(id).unwrap()
}

pub fn state(id: RoundId) -> RoundState {
	round(id).state
}

/// Members in ascending order.
pub fn members(id: RoundId) -> Vec<AccountId> {
	Evaluation::committee(id).into_iter().map(|(who, _)| who).collect()
}

/// Members that still have work to do, in ascending order.
pub fn waiting(id: RoundId) -> Vec<AccountId> {
	let open = |(who, member): (AccountId, Member)| member.progress.is_open().then_some(who);
	Evaluation::committee(id).into_iter().filter_map(open).collect()
}

pub fn progress(id: RoundId, who: &AccountId) -> Progress {
	Members::<Test>::get(id, who).unwrap().progress
}

/// Lets the current window pass, and has the round moved on.
pub fn pass(id: RoundId) {
	run_to(Evaluation::last_block(&round(id)) + 1);
	assert_ok!(Evaluation::advance(signed(&ANYONE), id));
}

pub fn accept(id: RoundId, who: &AccountId) -> DispatchResultWithPostInfo {
	Evaluation::accept(signed(who), id, KEY)
}

/// Releases keys to a member, as the data sets' pallet would.
pub fn release(id: RoundId, who: &AccountId) {
	assert_ok!(Evaluation::due(id, who));
	DATA.with_borrow_mut(|data| data.keys.insert((id, who.clone())));
	assert_ok!(Evaluation::released(id, who));
}

/// A reveal of that AUROC, give or take a hundredth.
pub fn opening(ppm: u32) -> Reveal {
	Reveal {
		scores: vec![ppm, 700_000].try_into().unwrap(),
		lower_ppm: ppm - 10_000,
		upper_ppm: ppm + 10_000,
		prediction_root: Hash::repeat_byte(4),
		env_digest: Hash::repeat_byte(5),
		salt: [6; 32],
	}
}

pub fn commit(id: RoundId, who: &AccountId, reveal: &Reveal) -> DispatchResultWithPostInfo {
	let commitment = Evaluation::commitment(id, &round(id), who, reveal);
	Evaluation::commit(signed(who), id, commitment)
}

pub fn reveal(id: RoundId, who: &AccountId, reveal: &Reveal) -> DispatchResultWithPostInfo {
	Evaluation::reveal(signed(who), id, reveal.clone())
}

/// A round with `n` validators to draw from, requested.
pub fn requested(n: u8) -> RoundId {
	benchmark(spec());
	validators(n);
	request()
}

/// A round whose committee is drawn from `n` validators.
pub fn accepting(n: u8) -> RoundId {
	let id = requested(n);
	pass(id);
	assert_eq!(state(id), RoundState::Accepting);
	id
}

/// A round whose whole committee accepted.
pub fn releasing(n: u8) -> RoundId {
	let id = accepting(n);
	members(id).iter().for_each(|who| {
		assert_ok!(accept(id, who));
	});
	assert_eq!(state(id), RoundState::Releasing);
	id
}

/// A round whose whole committee has keys.
pub fn committing(n: u8) -> RoundId {
	let id = releasing(n);
	members(id).iter().for_each(|who| release(id, who));
	assert_eq!(state(id), RoundState::Committing);
	id
}

/// A round whose committee committed to these scores, in the order of its accounts.
pub fn revealing(n: u8, ppm: &[u32]) -> RoundId {
	let id = committing(n);
	commit_all(id, ppm);
	id
}

/// Has every member with keys commit.
pub fn commit_all(id: RoundId, ppm: &[u32]) {
	for (who, ppm) in waiting(id).iter().zip(ppm) {
		assert_ok!(commit(id, who, &opening(*ppm)));
	}
	assert_eq!(state(id), RoundState::Revealing);
}

/// Has every member that committed reveal.
pub fn reveal_all(id: RoundId, ppm: &[u32]) {
	for (who, ppm) in waiting(id).iter().zip(ppm) {
		assert_ok!(reveal(id, who, &opening(*ppm)));
	}
}

/// A round that ended with these reveals.
pub fn revealed(n: u8, ppm: &[u32]) -> RoundId {
	let id = revealing(n, ppm);
	reveal_all(id, ppm);
	id
}

/// Has the second committee of a widened round accept, get keys, commit and reveal.
pub fn second_pass(id: RoundId, ppm: &[u32]) {
	pass(id);
	assert_eq!(state(id), RoundState::Accepting);
	for who in waiting(id) {
		assert_ok!(accept(id, &who));
	}
	for who in waiting(id) {
		release(id, &who);
	}
	commit_all(id, ppm);
	reveal_all(id, ppm);
}

/// What the account could claim.
pub fn owed(who: &AccountId) -> Balance {
	crate::Claimables::<Test>::get(who)
}

pub fn free(who: &AccountId) -> Balance {
	Balances::free_balance(who)
}

/// The pallet's events since the last call.
pub fn events() -> Vec<Event<Test>> {
	let events = System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Evaluation(event) => Some(event),
			_ => None,
		})
		.collect();
	System::reset_events();
	events
}
