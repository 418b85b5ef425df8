//! What authorities do, and what is done to them: keys, bonds, lies and reports, and duties that are paused.

use crate::{
	generate::actor,
	support::{signed, Chain},
};
use arbitrary::{Result, Unstructured};
use assay_primitives::{runtime_decl_for_aura_equivocation_api::AuraEquivocationApi, ASY};
use assay_runtime::*;
use codec::{Decode, Encode};
use polkadot_sdk::*;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::H256;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{traits::Header as _, DigestItem};

type EquivocationCall = frame_support::dispatch::CallableCallFor<Equivocation, Runtime>;

/// The session keys of a name, and the owner's proof that it holds them.
fn set_keys(owner: Sr25519Keyring, name: Sr25519Keyring) -> RuntimeCall {
	let grandpa = Ed25519Keyring::iter()
		.nth(name as usize)
		.unwrap_or(Ed25519Keyring::Alice);
	let statement = [b"POP_".as_slice(), &owner.to_account_id().encode()].concat();
	let keys = SessionKeys {
		aura: name.public().into(),
		grandpa: grandpa.public().into(),
	};
	let proof = (name.sign(&statement), grandpa.sign(&statement)).encode();
	pallet_session::Call::set_keys { keys, proof }.into()
}

/// Reports two blocks of the open block's slot, both sealed by a key; nothing where the key is no authority's.
fn report(chain: &mut Chain, by: Sr25519Keyring, reporter: Sr25519Keyring) {
	let slot = chain.slot();
	let Some(proof) = chain.with(|| Runtime::generate_key_ownership_proof(slot, by.public().into())) else {
		return;
	};
	let [first, second] = [1_u8, 2].map(|n| {
		let mut header = chain.claim(slot);
		header.extrinsics_root = H256::repeat_byte(n);
		let seal = by.sign(header.hash().as_bytes());
		header
			.digest_mut()
			.push(DigestItem::Seal(AURA_ENGINE_ID, seal.encode()));
		Box::new(header)
	});
	let key_owner_proof = Decode::decode(&mut &proof[..]).expect("the runtime encodes its proof");
	let offender = by.public().into();
	let call = EquivocationCall::report_aura {
		offender,
		first,
		second,
		key_owner_proof,
	};
	let _ = chain.call(signed(reporter), call);
}

fn pause(chain: &mut Chain, duty: usize, off: bool) {
	let (pallet, call) = DUTIES[duty % DUTIES.len()];
	let name = |text: &str| text.as_bytes().to_vec().try_into().expect("names of calls are short");
	let full_name = (name(pallet), name(call));
	let call: RuntimeCall = if off {
		pallet_tx_pause::Call::pause { full_name }.into()
	} else {
		pallet_tx_pause::Call::unpause { ident: full_name }.into()
	};
	let _ = chain.call(origins::Origin::Emergency, call);
}

/// One such act.
pub fn perform(chain: &mut Chain, u: &mut Unstructured) -> Result<()> {
	let who = actor(u)?;
	let call: RuntimeCall = match u.int_in_range(0..=11)? {
		0 | 1 => {
			let _ = chain.call(signed(who), set_keys(who, who));
			pallet_collator_selection::Call::register_as_candidate {}.into()
		}
		2 => set_keys(who, actor(u)?),
		3 => pallet_session::Call::purge_keys {}.into(),
		4 => pallet_collator_selection::Call::update_bond {
			new_deposit: u.int_in_range(0..=20_000)? * ASY,
		}
		.into(),
		5 => pallet_collator_selection::Call::leave_intent {}.into(),
		6 => EquivocationCall::withdraw_unbonded {}.into(),
		7 | 8 => {
			report(chain, who, actor(u)?);
			return Ok(());
		}
		9 => {
			pause(chain, u.arbitrary::<u8>()?.into(), u.ratio(2, 3)?);
			return Ok(());
		}
		_ => {
			for _ in 0..u.int_in_range(1..=3)? {
				chain.with(Session::rotate_session);
				chain.next();
			}
			return Ok(());
		}
	};
	let _ = chain.call(signed(who), call);
	Ok(())
}
