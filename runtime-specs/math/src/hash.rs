/// A blake2b-256 digest.
pub type Digest = [u8; 32];

/// blake2b-256 over the parts, one after the other.
pub(crate) fn digest(parts: &[&[u8]]) -> Digest {
	let mut state = blake2b_simd::Params::new().hash_length(32).to_state();
	for part in parts {
		state.update(part);
	}
	let mut out = [0; 32];
	for (to, from) in out.iter_mut().zip(state.finalize().as_bytes()) {
		*to = *from;
	}
	out
}
