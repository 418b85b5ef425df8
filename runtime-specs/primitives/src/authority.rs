//! What a node answers about authorities without a transaction.
// The macro repeats the bound on the trait's parameter at its methods.
#![allow(clippy::multiple_bound_locations)]

use codec::Codec;
use polkadot_sdk::{sp_api::decl_runtime_apis, sp_consensus_aura::Slot};
use scale_info::prelude::vec::Vec;

decl_runtime_apis! {
	/// Reports of authors who sealed two blocks in one slot.
	pub trait AuraEquivocationApi<AuthorityId: Codec> {
		/// Proof, encoded, that the key is an authority's in the running session, for `Equivocation::report_aura`. Nothing
		/// where it is not, or where the slot lies in an earlier session: ask at a block of that one.
		fn generate_key_ownership_proof(slot: Slot, authority: AuthorityId) -> Option<Vec<u8>>;
	}
}
