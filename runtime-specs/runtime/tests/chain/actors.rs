//! The parties of the path, and what they send.

use crate::support::{signed, Chain};
use assay_math::commitment;
use assay_primitives::*;
use assay_runtime::*;
use frame_support::assert_ok;
use pallet_evaluation::{Limits, Progress};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};

/// Steward of the data set.
pub const STEWARD: Sr25519Keyring = Eve;
/// Developer of the model.
pub const DEVELOPER: Sr25519Keyring = Ferdie;
/// Bonded validators.
pub const VALIDATORS: [Sr25519Keyring; 4] = [Alice, Bob, Charlie, Dave];

/// Shards of the data set's version.
const SHARDS: u32 = 2;

fn text<const N: u32>(text: &str) -> frame_support::BoundedVec<u8, frame_support::traits::ConstU32<N>> {
	text.as_bytes().to_vec().try_into().unwrap()
}

/// A CID made of one byte.
pub fn cid(byte: u8) -> Cid {
	let mut cid = [byte; 36];
	cid[..4].copy_from_slice(&CID_PREFIX);
	cid
}

/// Registration of a data set on which anyone bonded may sit.
pub fn register_dataset() -> RuntimeCall {
	pallet_datasets::Call::register {
		name: text("weld seams"),
		modality: Modality::Industrial,
		task: text("crack_vs_sound"),
		classes: vec![text("sound"), text("crack")].try_into().unwrap(),
		licence: Licence::Spdx(text("CC-BY-4.0")),
		prices: Prices {
			evaluate: 3 * ASY,
			train: ASY,
			infer: ASY,
		},
		admission: None,
	}
	.into()
}

/// Publication of a version with a thousand held-out samples.
pub fn publish(dataset: DatasetId) -> RuntimeCall {
	let shard = |index: u32| Shard {
		ciphertext_root: Hash::repeat_byte(index as u8),
		key_commitment: commitment::shard_key(&[index as u8; 32]).into(),
		frames: 10,
		samples: 1_000 / SHARDS,
	};
	let counts = |samples| vec![ClassCount { samples, groups: 20 }; 2].try_into().unwrap();
	let spec = VersionSpec {
		manifest: cid(1),
		public_split: cid(2),
		label_root: Hash::repeat_byte(3),
		frame_bytes: 65_536,
		public_counts: counts(1_000),
		held_out_counts: counts(500),
		held_out_groups: 30,
		shards: (0..SHARDS).map(shard).collect::<Vec<_>>().try_into().unwrap(),
	};
	pallet_datasets::Call::publish_version { dataset, spec }.into()
}

/// A benchmark on the AUROC over version 0.
pub fn create_benchmark(dataset: DatasetId) -> RuntimeCall {
	let spec = BenchmarkSpec {
		name: text("cracks"),
		dataset,
		version: 0,
		metrics: vec![Metric::Auroc, Metric::Sensitivity].try_into().unwrap(),
		main: 0,
		tolerance_ppm: 10_000,
		threshold_ppm: 800_000,
		precision_ppm: 5_000,
		seats: 3,
	};
	pallet_evaluation::Call::create_benchmark { spec }.into()
}

/// Registration of a validator.
pub fn register_validator(bond: Balance) -> RuntimeCall {
	let limits = Limits {
		max_checkpoint_mb: 64,
		max_concurrent: 2,
	};
	pallet_evaluation::Call::register_validator {
		limits,
		bls_key: [1; 48],
		bls_proof: [2; 96],
		bond,
	}
	.into()
}

/// Registration of a model whose fees two accounts share.
pub fn register_model(owner: &AccountId, other: &AccountId) -> RuntimeCall {
	let contributors = vec![(owner.clone(), 700_000), (other.clone(), 300_000)];
	pallet_models::Call::register {
		name: text("seam net"),
		licence: Licence::Spdx(text("Apache-2.0")),
		contributors: contributors.try_into().unwrap(),
		usage_price: ASY,
	}
	.into()
}

/// The checkpoint made of one byte.
pub fn checkpoint(byte: u8) -> CheckpointId {
	CheckpointId::repeat_byte(byte)
}

/// Sealed claim of the account to the checkpoint.
pub fn claim(who: &AccountId, byte: u8) -> RuntimeCall {
	let hash = commitment::claim(&checkpoint(byte).0, who.as_ref(), &[byte; 32]);
	pallet_models::Call::claim { hash: hash.into() }.into()
}

/// Opening of that claim.
pub fn open(model: ModelId, byte: u8) -> RuntimeCall {
	let spec = CheckpointSpec {
		id: checkpoint(byte),
		cid: cid(4),
		size_bytes: 3 << 20,
		architecture: text("small_cnn"),
		card_cid: cid(5),
		card_hash: Hash::repeat_byte(6),
		operating_point_ppm: 500_000,
		parent: None,
	};
	pallet_models::Call::open {
		model,
		salt: [byte; 32],
		spec,
	}
	.into()
}

/// Request for the evaluation of the checkpoint on benchmark 0.
pub fn request(byte: u8) -> RuntimeCall {
	let checkpoint = checkpoint(byte);
	pallet_evaluation::Call::request_evaluation {
		benchmark: 0,
		checkpoint,
		max_fee: 1_000 * ASY,
	}
	.into()
}

/// Release of the version's keys to a member.
pub fn release(round: RoundId, member: AccountId) -> RuntimeCall {
	let sealed_keys = vec![[7; 80]; SHARDS as usize].try_into().unwrap();
	pallet_datasets::Call::release_key {
		round,
		member,
		sealed_keys,
	}
	.into()
}

/// A reveal with this AUROC.
pub fn opening(auroc_ppm: u32) -> Reveal {
	Reveal {
		scores: vec![auroc_ppm, 850_000].try_into().unwrap(),
		lower_ppm: auroc_ppm.saturating_sub(20_000),
		upper_ppm: (auroc_ppm + 20_000).min(PPM),
		prediction_root: Hash::repeat_byte(8),
		env_digest: Hash::repeat_byte(9),
		salt: [10; 32],
	}
}

/// Commitment of the member to that reveal; to nothing where there is no such round.
pub fn commit(chain: &mut Chain, round: RoundId, who: &AccountId, auroc_ppm: u32) -> RuntimeCall {
	let commitment = chain.with(|| {
		let entry = pallet_evaluation::Rounds::<Runtime>::get(round);
		entry.map(|entry| Evaluation::commitment(round, &entry, who, &opening(auroc_ppm)))
	});
	pallet_evaluation::Call::commit {
		round,
		commitment: commitment.unwrap_or_default(),
	}
	.into()
}

/// Opening of that commitment.
pub fn reveal(round: RoundId, auroc_ppm: u32) -> RuntimeCall {
	pallet_evaluation::Call::reveal {
		round,
		reveal: opening(auroc_ppm),
	}
	.into()
}

/// The round's members and how far each is, in order of accounts.
pub fn members(chain: &mut Chain, round: RoundId) -> Vec<(AccountId, Progress)> {
	let mut members: Vec<_> = chain.with(|| {
		let all = pallet_evaluation::Members::<Runtime>::iter_prefix(round);
		all.map(|(who, member)| (who, member.progress)).collect()
	});
	members.sort_by(|a, b| a.0.cmp(&b.0));
	members
}

/// A chain with a data set, a benchmark, four validators, a model, and checkpoint 1 submitted.
pub fn stage() -> Chain {
	let mut chain = Chain::dev();
	assert_ok!(chain.call(signed(STEWARD), register_dataset()));
	assert_ok!(chain.call(signed(STEWARD), publish(0)));
	assert_ok!(chain.call(signed(STEWARD), create_benchmark(0)));
	for validator in VALIDATORS {
		assert_ok!(chain.call(signed(validator), register_validator(100 * ASY)));
	}
	let developer = DEVELOPER.to_account_id();
	assert_ok!(chain.call(signed(DEVELOPER), register_model(&developer, &STEWARD.to_account_id())));
	assert_ok!(chain.call(signed(DEVELOPER), claim(&developer, 1)));
	chain.skip(5);
	assert_ok!(chain.call(signed(DEVELOPER), open(0, 1)));
	chain
}
