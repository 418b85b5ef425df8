//! The tracks of referenda: one static table for each pace.

use crate::{
	configs::{DAYS, HOURS, MINUTES},
	origins::Origin,
	pace, Balance, BlockNumber, OriginCaller,
};
use alloc::borrow::Cow;
use assay_primitives::{Pace, ASY};
use pallet_referenda::{Curve, TrackInfo};
use polkadot_sdk::*;
use sp_arithmetic::FixedI64;
use sp_runtime::str_array;

/// A line of a table.
pub type Track = pallet_referenda::Track<u16, Balance, BlockNumber>;

const fn percent(x: u128) -> FixedI64 {
	FixedI64::from_rational(x, 100)
}

/// Approval falls from unanimity to a bare majority at the end of the decision period.
const MAJORITY: Curve = Curve::make_linear(100, 100, percent(50), percent(100));
/// Approval falls from unanimity to three quarters: for what cannot be undone, or is decided in haste.
const SUPERMAJORITY: Curve = Curve::make_linear(100, 100, percent(75), percent(100));
/// Support falls to nothing at the end of the decision period.
const ANY_TURNOUT: Curve = Curve::make_linear(100, 100, percent(0), percent(50));
/// Support never falls under a tenth of the tokens in circulation.
const REAL_TURNOUT: Curve = Curve::make_linear(100, 100, percent(10), percent(50));

/// Blocks of the stages of a referendum.
struct Periods {
	prepare: BlockNumber,
	decision: BlockNumber,
	confirm: BlockNumber,
	enactment: BlockNumber,
}

const fn ordinary(pace: Pace) -> Periods {
	match pace {
		Pace::Dev => Periods {
			prepare: 2,
			decision: 12,
			confirm: 3,
			enactment: 3,
		},
		Pace::Local => Periods {
			prepare: 10,
			decision: 100,
			confirm: 20,
			enactment: 10,
		},
		Pace::Live => Periods {
			prepare: DAYS,
			decision: 14 * DAYS,
			confirm: DAYS,
			enactment: DAYS,
		},
	}
}

const fn urgent(pace: Pace) -> Periods {
	match pace {
		Pace::Dev => Periods {
			prepare: 1,
			decision: 10,
			confirm: 1,
			enactment: 1,
		},
		Pace::Local => Periods {
			prepare: 2,
			decision: 40,
			confirm: 5,
			enactment: 2,
		},
		Pace::Live => Periods {
			prepare: 10 * MINUTES,
			decision: 3 * DAYS,
			confirm: HOURS,
			enactment: 10 * MINUTES,
		},
	}
}

const fn track(id: u16, name: &str, deposit_asy: Balance, periods: Periods, approval: Curve, support: Curve) -> Track {
	Track {
		id,
		info: TrackInfo {
			name: str_array(name),
			max_deciding: if id == 0 { 1 } else { 10 },
			decision_deposit: deposit_asy.saturating_mul(ASY),
			prepare_period: periods.prepare,
			decision_period: periods.decision,
			confirm_period: periods.confirm,
			min_enactment_period: periods.enactment,
			min_approval: approval,
			min_support: support,
		},
	}
}

const fn table(pace: Pace) -> [Track; 5] {
	[
		track(0, "root", 1_000, ordinary(pace), SUPERMAJORITY, ANY_TURNOUT),
		track(10, "parameters", 200, ordinary(pace), MAJORITY, ANY_TURNOUT),
		track(20, "treasury", 200, ordinary(pace), MAJORITY, ANY_TURNOUT),
		track(30, "benchmarks", 100, ordinary(pace), MAJORITY, ANY_TURNOUT),
		track(40, "emergency", 500, urgent(pace), SUPERMAJORITY, REAL_TURNOUT),
	]
}

static DEV: [Track; 5] = table(Pace::Dev);
static LOCAL: [Track; 5] = table(Pace::Local);
static LIVE: [Track; 5] = table(Pace::Live);

/// The table of a pace.
pub fn at(pace: Pace) -> &'static [Track] {
	match pace {
		Pace::Dev => &DEV,
		Pace::Local => &LOCAL,
		Pace::Live => &LIVE,
	}
}

/// The tracks at this chain's pace.
pub struct Tracks;

impl pallet_referenda::TracksInfo<Balance, BlockNumber> for Tracks {
	type Id = u16;
	type RuntimeOrigin = OriginCaller;

	fn tracks() -> impl Iterator<Item = Cow<'static, Track>> {
		at(pace()).iter().map(Cow::Borrowed)
	}

	fn track_for(origin: &OriginCaller) -> Result<u16, ()> {
		match origin {
			OriginCaller::system(frame_system::RawOrigin::Root) => Ok(0),
			OriginCaller::Origins(Origin::Parameters) => Ok(10),
			OriginCaller::Origins(Origin::Treasurer) => Ok(20),
			OriginCaller::Origins(Origin::Benchmarks) => Ok(30),
			OriginCaller::Origins(Origin::Emergency) => Ok(40),
			_ => Err(()),
		}
	}

	/// Checks the three tables without storage: the default would read this chain's pace.
	fn check_integrity() -> Result<(), &'static str> {
		for pace in Pace::ALL {
			let tracks = at(pace);
			if !tracks.windows(2).all(|pair| matches!(pair, [a, b] if a.id < b.id)) {
				return Err("the tracks are not sorted by id");
			}
			for Track { info, .. } in tracks {
				if info.max_deciding == 0 || info.decision_deposit == 0 {
					return Err("a track decides nothing, or for nothing");
				}
				if info.prepare_period == 0 || info.confirm_period == 0 || info.min_enactment_period == 0 {
					return Err("a stage of a track takes no time");
				}
				if info.decision_period <= info.confirm_period {
					return Err("a track's confirmation does not fit into its decision");
				}
			}
		}
		Ok(())
	}
}
