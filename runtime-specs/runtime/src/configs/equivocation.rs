//! What follows where an authority equivocates, in GRANDPA or in Aura.

use crate::{
	configs::{
		session::{History, MAX_AUTHORITIES},
		treasury::TreasuryAccount,
	},
	*,
};
use frame_support::traits::{tokens::imbalance::ResolveTo, ConstU32, Get, ValidatorRegistration};
use pallet_collator_selection::{CandidateList, Invulnerables};
use pallet_equivocation::{Authorities, Exclusion, OncePerSession, Slashes};
use pallet_grandpa::{EquivocationOffence, TimeSlot};
use pallet_session::historical::{HistoricalSessions, IdentificationTuple};
use sp_consensus_aura::{sr25519::AuthorityId as AuraId, Slot};
use sp_staking::{
	offence::{OffenceError, OffenceSeverity, ReportOffence},
	SessionIndex,
};

/// Where offences are reported.
pub type Reports = OncePerSession<Runtime, Offences>;

/// Where GRANDPA's are reported. An author puts reports into its blocks for nothing: those that would be refused, because
/// the offender was punished for the session, are known beforehand.
pub struct GrandpaReports;

type Offender = IdentificationTuple<Runtime>;

impl ReportOffence<AccountId, Offender, EquivocationOffence<Offender>> for GrandpaReports {
	fn report_offence(reporters: Vec<AccountId>, offence: EquivocationOffence<Offender>) -> Result<(), OffenceError> {
		Reports::report_offence(reporters, offence)
	}

	fn is_known_offence(offenders: &[Offender], slot: &TimeSlot) -> bool {
		// Each session has a set of its own.
		let session = pallet_grandpa::SetIdSession::<Runtime>::get(slot.set_id);
		let punished = |session| {
			offenders
				.iter()
				.all(|(who, _)| Slashes::<Runtime>::contains_key(session, who))
		};
		session.is_some_and(punished)
			|| <Reports as ReportOffence<_, _, EquivocationOffence<Offender>>>::is_known_offence(offenders, slot)
	}
}

impl pallet_offences::Config for Runtime {
	type IdentificationTuple = Offender;
	type OnOffenceHandler = Equivocation;
	type RuntimeEvent = RuntimeEvent;
}

/// The open block's slot.
pub struct CurrentSlot;

impl Get<Slot> for CurrentSlot {
	fn get() -> Slot {
		pallet_aura::CurrentSlot::<Runtime>::get()
	}
}

/// The authorities as [`CollatorSelection`] selects them and [`Session`] runs them.
pub struct Selection;

impl Authorities<AccountId> for Selection {
	fn session() -> SessionIndex {
		Session::current_index()
	}

	fn count(session: SessionIndex) -> Option<u32> {
		HistoricalSessions::<Runtime>::get(session).map(|(_, count)| count)
	}

	fn exclude(who: &AccountId) -> Exclusion {
		let invulnerable = Invulnerables::<Runtime>::get().contains(who);
		let candidate = CandidateList::<Runtime>::get().iter().any(|info| info.who == *who);
		if !invulnerable && !candidate {
			return Exclusion::Gone;
		}
		let mut selected = CollatorSelection::assemble_collators().into_iter();
		if !selected.any(|other| other != *who && Session::is_registered(&other)) {
			return Exclusion::Last;
		}
		// One may be both: governance may name a candidate.
		let named = !invulnerable || CollatorSelection::remove_invulnerable(RuntimeOrigin::root(), who.clone()).is_ok();
		let bonded = !candidate || CollatorSelection::leave_intent(RuntimeOrigin::signed(who.clone())).is_ok();
		if named && bonded {
			Exclusion::Excluded
		} else {
			Exclusion::Last
		}
	}

	fn disable(who: &AccountId) {
		Session::report_offence(who.clone(), OffenceSeverity::max_severity());
	}
}

impl pallet_equivocation::Config for Runtime {
	type Authorities = Selection;
	type AuthorityId = AuraId;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Scene;
	type Currency = Balances;
	type CurrentSlot = CurrentSlot;
	type FullIdentification = ();
	type History = History;
	type KeyOwner = configs::owners::Owners;
	type KeyOwnerProof = sp_session::MembershipProof;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type Offences = Reports;
	type OnSlash = ResolveTo<TreasuryAccount, Balances>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_equivocation::weights::Measured<Runtime>;
}

impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	type Extrinsic = UncheckedExtrinsic;
	type RuntimeCall = RuntimeCall;
}

/// How a node's own report becomes a transaction.
impl<LocalCall> frame_system::offchain::CreateBare<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_bare(call)
	}
}

/// Makes the sessions of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Scene;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_equivocation::BenchmarkHelper<AuraId, sp_session::MembershipProof> for Scene {
	/// The last of the authorities is a candidate too, so that all that an offence entails is done.
	fn offender(authorities: u32) -> (AuraId, sp_session::MembershipProof) {
		use codec::{Decode, Encode};
		use cumulus_pallet_session_benchmarking::Config as _;
		use frame_support::traits::{fungible::Mutate, KeyOwnerProofSystem};
		use sp_runtime::{
			traits::{BlakeTwo256, Hash as _, TrailingZeroInput},
			RuntimeAppPublic,
		};

		let account = |index: u32| AccountId::new(BlakeTwo256::hash_of(&("authority", index)).0);
		let keys = |index: u32| {
			let seed = (
				BlakeTwo256::hash_of(&(index, "aura")),
				BlakeTwo256::hash_of(&(index, "gran")),
			)
				.encode();
			SessionKeys::decode(&mut TrailingZeroInput::new(&seed)).ok()
		};
		let who = account(authorities);
		let (own, _) = Runtime::generate_session_keys_and_proof(who.clone());
		let _ = pallet_session::NextKeys::<Runtime>::clear(u32::MAX, None);
		let others = (1..authorities).filter_map(|index| keys(index).map(|keys| (account(index), keys)));
		let all: Vec<_> = others.chain([(who.clone(), own.clone())]).collect();
		for (authority, keys) in &all {
			pallet_session::NextKeys::<Runtime>::insert(authority, keys);
		}
		// Notes the root of whoever has keys.
		type Sessions = pallet_session::historical::NoteHistoricalRoot<Runtime, configs::authorities::Authorities>;
		let planned = <Sessions as pallet_session::SessionManager<_>>::new_session_genesis(Session::current_index());
		pallet_session::Validators::<Runtime>::put(planned.unwrap_or_default());
		let invulnerables: Vec<_> = all
			.iter()
			.map(|(who, _)| who.clone())
			.filter(|one| *one != who)
			.collect();
		let mut invulnerables = frame_support::BoundedVec::truncate_from(invulnerables);
		invulnerables.sort();
		Invulnerables::<Runtime>::put(invulnerables);
		Balances::set_balance(&who, configs::authorities::CANDIDACY_BOND.saturating_mul(2));
		pallet_collator_selection::CandidacyBond::<Runtime>::put(configs::authorities::CANDIDACY_BOND);
		let standing = CollatorSelection::register_as_candidate(RuntimeOrigin::signed(who)).is_ok();
		debug_assert!(standing, "the account is rich and has keys");
		let proof = Historical::prove((AuraId::ID, own.aura.clone()));
		let none = sp_session::MembershipProof {
			session: 0,
			trie_nodes: Vec::new(),
			validator_count: 0,
		};
		(own.aura, proof.unwrap_or(none))
	}

	fn set_session(index: SessionIndex) {
		pallet_session::CurrentIndex::<Runtime>::put(index);
	}

	fn seal(key: &AuraId, message: &[u8]) -> Vec<u8> {
		let signature = sp_runtime::RuntimeAppPublic::sign(key, &message);
		signature
			.map(|signature| codec::Encode::encode(&signature))
			.unwrap_or_default()
	}
}
