//! Merkle trees over blake2b-256 whose root binds the number of leaves.
//!
//! Leaves, nodes and the root are hashed under different first bytes, so none passes for another. An odd last node is
//! promoted unchanged to the next level.

use crate::hash::{digest, Digest};
use alloc::vec::Vec;

/// Hash of a leaf's data.
pub fn leaf(data: &[u8]) -> Digest {
	digest(&[&[0x00], data])
}

/// Hash of two neighbours.
pub fn node(left: &Digest, right: &Digest) -> Digest {
	digest(&[&[0x01], left, right])
}

/// Root over the leaves' data, in order.
pub fn root<D: AsRef<[u8]>>(leaves: &[D]) -> Digest {
	let mut level = hashes(leaves);
	while level.len() > 1 {
		level = parents(&level);
	}
	seal(leaves.len() as u64, level.first())
}

/// Siblings of the leaf at `index` from the bottom up, none where it is promoted; `None` where there is no such leaf.
pub fn proof<D: AsRef<[u8]>>(leaves: &[D], index: usize) -> Option<Vec<Digest>> {
	leaves.get(index)?;
	let (mut level, mut at, mut siblings) = (hashes(leaves), index, Vec::new());
	while level.len() > 1 {
		siblings.extend(level.get(at ^ 1));
		level = parents(&level);
		at >>= 1;
	}
	Some(siblings)
}

/// Whether `data` is the leaf at `index` of the tree of `count` leaves under the root.
pub fn verify(root: &Digest, data: &[u8], index: u64, count: u64, proof: &[Digest]) -> bool {
	if index >= count {
		return false;
	}
	let (mut hash, mut at, mut width, mut siblings) = (leaf(data), index, count, proof.iter());
	while width > 1 {
		if at ^ 1 < width {
			let Some(sibling) = siblings.next() else { return false };
			hash = if at & 1 == 0 {
				node(&hash, sibling)
			} else {
				node(sibling, &hash)
			};
		}
		at >>= 1;
		width = width.div_ceil(2);
	}
	siblings.next().is_none() && seal(count, Some(&hash)) == *root
}

fn hashes<D: AsRef<[u8]>>(leaves: &[D]) -> Vec<Digest> {
	leaves.iter().map(|data| leaf(data.as_ref())).collect()
}

fn parents(level: &[Digest]) -> Vec<Digest> {
	level
		.chunks(2)
		.filter_map(|pair| match pair {
			[left, right] => Some(node(left, right)),
			[promoted] => Some(*promoted),
			_ => None,
		})
		.collect()
}

fn seal(count: u64, top: Option<&Digest>) -> Digest {
	digest(&[&[0x02], &count.to_le_bytes(), top.map_or(&[], |top| top.as_slice())])
}
