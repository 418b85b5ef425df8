//! The draw of a committee: seat by seat, with replacement, in proportion to weight, up to a cap per candidate.
//!
//! Below the cap a draw looks only at the running sum of weights, so an account that is split into adjacent parts of
//! the same total gets exactly the seats the whole would have got.

use crate::hash::digest;
use alloc::{vec, vec::Vec};

const DOMAIN: &[u8] = b"assay/draw/1";

/// Seats per candidate, in the order of `weights`; at most `cap` each, `seats` in all.
///
/// `None` where the total weight is zero or the candidates with weight cannot fill the seats under the cap.
///
/// A seat's position is a 128-bit digest modulo the open weight (below 2^80 for 65,536 candidates), which favours
/// no position by more than one part in 2^48.
pub fn draw(weights: &[u64], seats: u32, cap: u32, seed: &[u8; 32]) -> Option<Vec<u32>> {
	let candidates = weights.iter().filter(|weight| **weight > 0).count();
	let places = u64::from(cap).saturating_mul(candidates as u64);
	if candidates == 0 || places < u64::from(seats) {
		return None;
	}
	let mut drawn = vec![0_u32; weights.len()];
	for seat in 0..seats {
		let open = open_weight(weights, &drawn, cap);
		let position = random(seed, seat).checked_rem(open)?;
		let winner = find(weights, &drawn, cap, position)?;
		let held = drawn.get_mut(winner)?;
		*held = held.saturating_add(1);
	}
	Some(drawn)
}

/// Sum of the weights of candidates below the cap: no overflow, as no slice holds 2^64 weights of 64 bits.
fn open_weight(weights: &[u64], drawn: &[u32], cap: u32) -> u128 {
	below_cap(weights, drawn, cap)
		.map(|(_, weight)| weight)
		.fold(0, u128::saturating_add)
}

/// The candidate below the cap whose span of the running sum holds the position.
fn find(weights: &[u64], drawn: &[u32], cap: u32, position: u128) -> Option<usize> {
	let mut sum = 0_u128;
	below_cap(weights, drawn, cap).find_map(|(index, weight)| {
		sum = sum.saturating_add(weight);
		(position < sum).then_some(index)
	})
}

fn below_cap<'a>(weights: &'a [u64], drawn: &'a [u32], cap: u32) -> impl Iterator<Item = (usize, u128)> + 'a {
	let open = weights
		.iter()
		.zip(drawn)
		.enumerate()
		.filter(move |(_, (_, held))| **held < cap);
	open.map(|(index, (weight, _))| (index, u128::from(*weight)))
}

fn random(seed: &[u8; 32], seat: u32) -> u128 {
	let bytes = digest(&[DOMAIN, seed, &seat.to_le_bytes()]);
	bytes
		.first_chunk::<16>()
		.map(|half| u128::from_le_bytes(*half))
		.unwrap_or_default()
}
