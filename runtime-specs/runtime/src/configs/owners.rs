//! Proofs that a key was an authority's in a session.

use crate::*;
use frame_support::{storage::with_transaction, traits::KeyOwnerProofSystem};
use pallet_session::{historical::IdentificationTuple, CurrentIndex, NextKeys};
use sp_core::crypto::KeyTypeId;
use sp_runtime::{DispatchError, TransactionOutcome};
use sp_session::MembershipProof;

/// Proves from the keys that the running session runs with, and checks against the root that was stored when the proof's
/// session was planned.
///
/// [`Historical`] takes the keys of the running session from those that its authorities have set for the next: whoever
/// changes its keys would make every proof of the session before, and every proof made in the session itself, worthless.
pub struct Owners;

impl<Key: AsRef<[u8]> + Clone> KeyOwnerProofSystem<(KeyTypeId, Key)> for Owners {
	type IdentificationTuple = IdentificationTuple<Runtime>;
	type Proof = MembershipProof;

	/// None where the proof would not hold: in the block that begins a session, before GRANDPA has its new set.
	fn prove(key: (KeyTypeId, Key)) -> Option<MembershipProof> {
		let proof = undone(|| {
			for (who, keys) in running() {
				NextKeys::<Runtime>::insert(who, keys);
			}
			Historical::prove(key.clone())
		})?;
		Self::check_proof(key, proof.clone()).map(|_| proof)
	}

	fn check_proof(key: (KeyTypeId, Key), proof: MembershipProof) -> Option<IdentificationTuple<Runtime>> {
		let now = Session::current_index();
		if proof.session > now {
			return None;
		}
		// Only for a session that is over does it look at the root.
		undone(|| {
			CurrentIndex::<Runtime>::put(now.saturating_add(1));
			Historical::check_proof(key, proof)
		})
	}
}

/// The authorities of the running session, with the keys that they run with: Aura and GRANDPA have them in their order.
fn running() -> impl Iterator<Item = (AccountId, SessionKeys)> {
	let aura = pallet_aura::Authorities::<Runtime>::get();
	let keys = aura.into_iter().zip(Grandpa::grandpa_authorities());
	let keys = keys.map(|(aura, (grandpa, _))| SessionKeys { aura, grandpa });
	Session::validators().into_iter().zip(keys)
}

/// What the function finds in a state that it changes for itself alone.
fn undone<R>(find: impl FnOnce() -> Option<R>) -> Option<R> {
	let found = with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(find())));
	found.ok().flatten()
}
