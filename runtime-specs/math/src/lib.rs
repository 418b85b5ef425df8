//! The arithmetic of Assay's protocol: committee draw, verdict, money splits, windows, commitments and Merkle trees.
//!
//! Integers only, no FRAME, no floats, no panics. Everything a client must be able to recompute is here, and
//! `tests/vectors.rs` holds it byte for byte to the Python implementation in `offchain.crypto`.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod commitment;
pub mod draw;
mod hash;
pub mod median;
pub mod merkle;
pub mod slash;
pub mod split;
pub mod tolerance;
pub mod window;

pub use hash::Digest;

/// Parts per million in a whole.
pub const PPM: u32 = 1_000_000;
/// Bytes in a MiB.
pub const MIB: u64 = 1 << 20;
