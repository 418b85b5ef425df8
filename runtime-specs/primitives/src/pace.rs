//! The speed of a chain: one Wasm, three tables of periods.

use crate::BlockNumber;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Which table of periods a chain uses; fixed at genesis.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum Pace {
	/// One process: a referendum is through in about a minute of blocks.
	#[default]
	Dev,
	/// Several nodes on one machine: minutes.
	Local,
	/// People: days.
	Live,
}

impl Pace {
	/// Every pace.
	pub const ALL: [Self; 3] = [Self::Dev, Self::Local, Self::Live];

	/// Periods of evaluation rounds, in blocks.
	pub const fn windows(self) -> Windows {
		match self {
			Self::Dev => Windows {
				draw_delay: 2,
				accept: 60,
				accept_per_mb_ppm: 500_000,
				release: 60,
				commit: 120,
				commit_per_1000_samples: 60,
				commit_per_mb_ppm: 500_000,
				reveal: 60,
				unbonding: 3_000,
				year: 10_519_200,
			},
			Self::Local => Windows {
				draw_delay: 3,
				accept: 60,
				accept_per_mb_ppm: 500_000,
				release: 60,
				commit: 120,
				commit_per_1000_samples: 60,
				commit_per_mb_ppm: 500_000,
				reveal: 60,
				unbonding: 3_000,
				year: 10_519_200,
			},
			Self::Live => Windows {
				draw_delay: 4,
				accept: 1_200,
				accept_per_mb_ppm: 1_000_000,
				release: 1_200,
				commit: 2_400,
				commit_per_1000_samples: 200,
				commit_per_mb_ppm: 1_000_000,
				reveal: 1_200,
				unbonding: 403_200,
				year: 10_519_200,
			},
		}
	}
}

/// Periods of evaluation rounds, in blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Windows {
	/// From the request (or the widening) to the last block whose hash feeds the draw.
	pub draw_delay: BlockNumber,
	/// Base of the accept window.
	pub accept: BlockNumber,
	/// Added to the accept window per MiB of checkpoint, in millionths of a block.
	pub accept_per_mb_ppm: u32,
	/// The release window.
	pub release: BlockNumber,
	/// Base of the commit window.
	pub commit: BlockNumber,
	/// Added to the commit window per 1,000 samples.
	pub commit_per_1000_samples: BlockNumber,
	/// Added to the commit window per MiB of encrypted held-out data, in millionths of a block.
	pub commit_per_mb_ppm: u32,
	/// The reveal window.
	pub reveal: BlockNumber,
	/// From unbonding to withdrawal, on the clock of rounds: longer than any round.
	pub unbonding: BlockNumber,
	/// A year, for the cap on subsidies.
	pub year: BlockNumber,
}
