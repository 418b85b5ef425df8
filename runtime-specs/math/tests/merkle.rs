//! Merkle trees.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use assay_math::merkle::{leaf, node, proof, root, verify};
use proptest::{collection::vec, prelude::*};

fn leaves(count: usize) -> Vec<Vec<u8>> {
	(0..count).map(|i| (i as u64).to_le_bytes().to_vec()).collect()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn verify_should_accept_each_leaf_when_the_proof_is_its_own(data in vec(vec(any::<u8>(), 0..40), 1..40)) {
		let (top, count) = (root(&data), data.len() as u64);
		for (index, leaf) in data.iter().enumerate() {
			prop_assert!(verify(&top, leaf, index as u64, count, &proof(&data, index).unwrap()));
		}
	}

	#[test]
	fn verify_should_refuse_when_anything_differs(count in 1..70_usize, at: prop::sample::Index, other in 0..80_u64, bit in 0..256_usize) {
		let (data, at) = (leaves(count), at.index(count));
		let (top, siblings, n, i) = (root(&data), proof(&data, at).unwrap(), count as u64, at as u64);

		prop_assert!(!verify(&top, b"other", i, n, &siblings));
		prop_assert!(other == i || !verify(&top, &data[at], other, n, &siblings));
		prop_assert!(other == n || !verify(&top, &data[at], i, other, &siblings));
		let longer: Vec<_> = siblings.iter().copied().chain([[0; 32]]).collect();
		prop_assert!(!verify(&top, &data[at], i, n, &longer));
		let mut flipped = top;
		flipped[bit / 8] ^= 1 << (bit % 8);
		prop_assert!(!verify(&flipped, &data[at], i, n, &siblings));
		if let Some((_, shorter)) = siblings.split_last() {
			prop_assert!(!verify(&top, &data[at], i, n, shorter));
			let mut wrong = siblings.clone();
			wrong[bit % siblings.len()][bit / 8] ^= 1 << (bit % 8);
			prop_assert!(!verify(&top, &data[at], i, n, &wrong));
		}
	}

	#[test]
	fn root_should_change_when_the_leaves_do(a in vec(vec(any::<u8>(), 0..4), 0..8), b in vec(vec(any::<u8>(), 0..4), 0..8)) {
		prop_assert_eq!(a == b, root(&a) == root(&b));
	}
}

#[test]
fn proof_should_be_none_when_there_is_no_such_leaf() {
	assert_eq!(proof(&leaves(3), 3), None);
	assert_eq!(proof::<&[u8]>(&[], 0), None);
}

#[test]
fn proof_should_skip_a_level_when_the_node_is_promoted() {
	let data = leaves(3);
	assert_eq!(proof(&data, 2), Some(vec![node(&leaf(&data[0]), &leaf(&data[1]))]));
	assert_eq!(proof(&data, 0).map(|siblings| siblings.len()), Some(2));
}

#[test]
fn verify_should_refuse_when_the_tree_is_empty() {
	assert!(!verify(&root::<&[u8]>(&[]), b"", 0, 0, &[]));
}
