//! Commitments: each a blake2b-256 over a domain and fixed-width fields, integers little endian, so that no two
//! different openings share their bytes.

use crate::hash::{digest, Digest};
use alloc::vec::Vec;

/// Commitment to a shard's key. Keys are random, so nothing needs to blind it.
pub fn shard_key(key: &[u8; 32]) -> Digest {
	digest(&[b"assay/shard-key/1", key])
}

/// Sealed claim of an account to a checkpoint id.
pub fn claim(checkpoint: &Digest, account: &[u8; 32], salt: &[u8; 32]) -> Digest {
	digest(&[b"assay/claim/1", checkpoint, account, salt])
}

/// Salted label of the sample at `index`: the data of a leaf in the held-out split's label tree.
pub fn label(salt: &[u8; 32], index: u32, label: u8) -> Digest {
	digest(&[b"assay/label/1", salt, &index.to_le_bytes(), &[label]])
}

/// The hash a committee member commits: its scores and what they were computed on, bound to its account, so that
/// nobody else can open a copy. Scores and bounds are in ppm, `env_digest` names the software and hardware.
#[allow(clippy::too_many_arguments)]
pub fn scores(
	genesis: &Digest,
	round: u32,
	checkpoint: &Digest,
	dataset: u32,
	version: u32,
	env_digest: &Digest,
	scores: &[u32],
	lower_ppm: u32,
	upper_ppm: u32,
	prediction_root: &Digest,
	salt: &[u8; 32],
	account: &[u8; 32],
) -> Digest {
	let count = scores.len() as u32;
	let scores: Vec<u8> = scores.iter().flat_map(|score| score.to_le_bytes()).collect();
	digest(&[
		b"assay/commit/1",
		genesis,
		&round.to_le_bytes(),
		checkpoint,
		&dataset.to_le_bytes(),
		&version.to_le_bytes(),
		env_digest,
		&count.to_le_bytes(),
		&scores,
		&lower_ppm.to_le_bytes(),
		&upper_ppm.to_le_bytes(),
		prediction_root,
		salt,
		account,
	])
}
