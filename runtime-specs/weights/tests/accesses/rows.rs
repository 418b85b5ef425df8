//! What happens in every block does not depend on how much the chain holds: with 100 validators and 1,000 open rounds,
//! a block's hooks touch exactly the same keys whether each map has 1,000 more rows or 100,000.

use crate::{
	actors::{request, stage, DEVELOPER},
	support::{signed, Chain},
};
use assay_primitives::Pace;
use assay_runtime::*;
use assay_weights::tracked::{within, Rows, Tracked};
use codec::Encode;
use frame_support::traits::StorageInfoTrait;
use pallet_evaluation::{Active, DrawsAt, OpenRounds, Rounds, Validators, MAX_DRAWS};
use polkadot_sdk::*;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_runtime::{traits::Header as _, Digest, DigestItem};
use std::rc::Rc;

const VALIDATORS: u32 = 100;
const OPEN_ROUNDS: u32 = 1_000;

/// The rows of a chain that ends before block `number`, in which as many committees are drawn as can be, or none.
fn busy(number: BlockNumber, draws: bool) -> Rows {
	let mut chain = stage();
	let _ = chain.call(signed(DEVELOPER), request(1));
	chain.with(|| {
		let sample = Active::<Runtime>::get()
			.first()
			.and_then(Validators::<Runtime>::get)
			.expect("there are four");
		for index in Active::<Runtime>::get().len() as u32..VALIDATORS {
			let who = AccountId::from([index as u8; 32]);
			Validators::<Runtime>::insert(&who, sample.clone());
			Active::<Runtime>::mutate(|active| {
				let place = active.binary_search(&who).unwrap_err();
				active.try_insert(place, who).expect("there is room");
			});
		}
		let round = Rounds::<Runtime>::get(0).expect("it was requested");
		for id in 1..OPEN_ROUNDS {
			Rounds::<Runtime>::insert(id, round.clone());
			OpenRounds::<Runtime>::insert(id, ());
		}
		pallet_evaluation::NextRound::<Runtime>::put(OPEN_ROUNDS);
		let _ = DrawsAt::<Runtime>::clear(u32::MAX, None);
		if draws {
			let drawn: Vec<_> = (0..MAX_DRAWS).collect();
			DrawsAt::<Runtime>::insert(number, sp_runtime::BoundedVec::truncate_from(drawn));
		}
	});
	chain.run_to(number - 1);
	rows_of(&mut chain)
}

fn rows_of(chain: &mut Chain) -> Rows {
	chain.with(|| {
		Executive::finalize_block();
		let (mut rows, mut key) = (Rows::new(), Vec::new());
		while let Some(next) = sp_io::storage::next_key(&key) {
			rows.insert(next.clone(), sp_io::storage::get(&next).unwrap_or_default().into());
			key = next;
		}
		rows
	})
}

/// The same with so many more rows in every map of the runtime but one: each block clears the topics of events of the
/// block before, and no event of this runtime has any.
fn filled(rows: &Rows, more: u32) -> (Rows, usize) {
	let mut rows = rows.clone();
	let maps = within(&Tracked::default(), AllPalletsWithSystem::storage_info);
	let maps: Vec<_> = maps
		.into_iter()
		.filter(|info| info.max_values != Some(1) && info.storage_name != b"EventTopics")
		.collect();
	for map in &maps {
		for index in 0..more {
			// Longer than any real key begins, and unlike all of them.
			let key = [map.prefix.as_slice(), &[0xfe; 24], &index.to_be_bytes()].concat();
			rows.insert(key, Vec::new());
		}
	}
	(rows, maps.len())
}

/// Keys that the hooks of a block read when it opens and when it closes, and those written in all.
fn touched(rows: Rows, number: BlockNumber) -> [Vec<Vec<u8>>; 3] {
	let state = Tracked::new(Rc::new(rows));
	let slot = Slot::from(1_000 + u64::from(number));
	let digest = Digest {
		logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())],
	};
	let zero = Default::default();
	let header = Header::new(number, zero, zero, Hash::repeat_byte(1), digest);
	let opening = within(&state, || {
		Executive::initialize_block(&header);
		let opening = state.keys_touched().0;
		let now = *slot * assay_primitives::SLOT_MS;
		let inherent = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
		Executive::apply_extrinsic(inherent)
			.expect("the inherent is valid")
			.expect("the inherent applies");
		Executive::finalize_block();
		sp_externalities::with_externalities(|ext| ext.commit());
		opening
	});
	let (read, written) = state.keys_touched();
	[opening, read, written]
}

#[test]
fn hooks_should_touch_the_same_keys_with_a_hundred_thousand_rows_as_with_a_thousand() {
	// A session of the development chain takes 100 blocks.
	let session = 100;
	let due = 10 + Pace::Dev.windows().draw_delay;
	for (what, number, draws) in [
		("draws", due, true),
		("nothing", due, false),
		("a session's end", session, false),
	] {
		let rows = busy(number, draws);
		let [(few, maps), (many, _)] = [1_000, 100_000].map(|more| filled(&rows, more));
		let [few, many] = [few, many].map(|rows| touched(rows, number));
		let [opening, read, written] = few.each_ref().map(Vec::len);
		println!("{what}, {maps} maps: {opening} keys read on opening, {read} in all, {written} written");
		assert!(
			few == many,
			"a block with {what} touches other keys where maps are longer"
		);
		assert_eq!(opening > VALIDATORS as usize, draws, "a draw reads every validator");
	}
}
