//! Curves of referenda as the pallet evaluates them, in a file that Python's tests read: what people are told about
//! a referendum must be what the chain decides.

use crate::vectors::hold;
use pallet_referenda::Curve;
use polkadot_sdk::*;
use serde_json::{json, Value};
use sp_arithmetic::{FixedI64, Perbill};

const fn percent(x: u128) -> FixedI64 {
	FixedI64::from_rational(x, 100)
}

const fn parts(x: u32) -> Perbill {
	Perbill::from_parts(x)
}

/// Curves of this chain, of Polkadot's tracks, and some at the edges.
fn curves() -> Vec<Curve> {
	vec![
		Curve::make_linear(100, 100, percent(50), percent(100)),
		Curve::make_linear(100, 100, percent(75), percent(100)),
		Curve::make_linear(100, 100, percent(0), percent(50)),
		Curve::make_linear(100, 100, percent(10), percent(50)),
		Curve::make_linear(10, 28, percent(50), percent(100)),
		Curve::make_linear(17, 28, percent(50), percent(100)),
		Curve::make_linear(1, 3, percent(33), percent(34)),
		Curve::LinearDecreasing {
			length: parts(1),
			floor: parts(7),
			ceil: parts(999_999_999),
		},
		Curve::LinearDecreasing {
			length: parts(0),
			floor: parts(400_000_000),
			ceil: parts(600_000_000),
		},
		Curve::LinearDecreasing {
			length: Perbill::one(),
			floor: parts(5),
			ceil: parts(5),
		},
		Curve::SteppedDecreasing {
			begin: Perbill::from_percent(80),
			end: Perbill::from_percent(30),
			step: Perbill::from_percent(10),
			period: Perbill::from_percent(15),
		},
		Curve::SteppedDecreasing {
			begin: parts(900_000_000),
			end: parts(3),
			step: parts(77_777_777),
			period: parts(1_234_567),
		},
		Curve::make_reciprocal(1, 28, percent(4), percent(0), percent(50)),
		Curve::make_reciprocal(4, 28, percent(80), percent(50), percent(100)),
		Curve::make_reciprocal(16, 28 * 24, percent(96), percent(50), percent(100)),
		Curve::make_reciprocal(1, 28, percent(20), percent(10), percent(50)),
		Curve::make_reciprocal(20, 28, percent(1), percent(0), percent(50)),
	]
}

fn described(curve: &Curve) -> Value {
	match curve {
		Curve::LinearDecreasing { length, floor, ceil } => json!({ "LinearDecreasing": {
			"length": length.deconstruct(), "floor": floor.deconstruct(), "ceil": ceil.deconstruct(),
		} }),
		Curve::SteppedDecreasing {
			begin,
			end,
			step,
			period,
		} => json!({ "SteppedDecreasing": {
			"begin": begin.deconstruct(), "end": end.deconstruct(),
			"step": step.deconstruct(), "period": period.deconstruct(),
		} }),
		Curve::Reciprocal {
			factor,
			x_offset,
			y_offset,
		} => json!({ "Reciprocal": {
			"factor": factor.into_inner(), "x_offset": x_offset.into_inner(), "y_offset": y_offset.into_inner(),
		} }),
	}
}

/// The edges, and numbers without a pattern between them.
fn shares() -> Vec<u32> {
	let mut state = 0x2545_f491_4f6c_dd1d_u64;
	let mut found = vec![0, 1, 149_999_999, 150_000_000, 500_000_000, 999_999_999, 1_000_000_000];
	found.extend((0..93).map(|_| {
		state = state
			.wrapping_mul(6_364_136_223_846_793_005)
			.wrapping_add(1_442_695_040_888_963_407);
		u32::try_from((state >> 33) % 1_000_000_001).expect("below 2^32")
	}));
	found
}

#[test]
fn curves_should_be_what_python_evaluates() {
	let shares = shares();
	let each: Vec<Value> = curves()
		.iter()
		.map(|curve| {
			let thresholds: Vec<u32> = shares
				.iter()
				.map(|x| curve.threshold(parts(*x)).deconstruct())
				.collect();
			let delays: Vec<u32> = shares.iter().map(|y| curve.delay(parts(*y)).deconstruct()).collect();
			json!({ "curve": described(curve), "thresholds": thresholds, "delays": delays })
		})
		.collect();
	let issuance = 140_000_000_001_283_611_112_u128;
	let rationals: Vec<Value> = shares
		.iter()
		.map(|x| {
			let tokens = u128::from(*x) * 139_999_999_977;
			let share = Perbill::from_rational(tokens, issuance);
			json!({ "tokens": tokens.to_string(), "share": share.deconstruct(), "blocks": share.mul_ceil(403_200u32) })
		})
		.collect();
	hold(
		"curves.json",
		&json!({ "shares": shares, "curves": each, "issuance": issuance.to_string(), "rationals": rationals }),
	);
}
