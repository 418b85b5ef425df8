//! The committed files, read as what they are: lines that [`crate::render`] wrote.

use crate::{
	file_of,
	formula::{Formula, Weight},
};
use std::{collections::BTreeMap, fs};

/// `1_234_u64` as a number.
fn number(text: &str) -> u128 {
	let digits = text.trim_end_matches("_u64").replace('_', "");
	digits.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

/// Adds `3_u64` or `2_u64.saturating_mul(s.into())`.
fn add(formula: &mut Formula, term: &str) {
	match term.split_once(".saturating_mul(") {
		Some((slope, component)) => {
			let name = component.split('.').next().unwrap_or_default().to_string();
			*formula.slopes.entry(name).or_default() += number(slope);
		}
		None => formula.base += number(term.trim_end_matches(')')),
	}
}

/// The weights of a pallet by benchmark, as the runtime has them.
pub fn read(pallet: &str) -> BTreeMap<String, Weight> {
	let file = file_of(pallet);
	let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
	let body = text
		.split("\nimpl<T")
		.nth(1)
		.unwrap_or_else(|| panic!("{} has no weights", file.display()));
	let body = body.split("\n}").next().unwrap_or_default();
	let mut weights = BTreeMap::new();
	for function in body.split("\n\tfn ").skip(1) {
		let name = function.split('(').next().unwrap_or_default().to_string();
		let mut weight = Weight::default();
		for line in function.lines().map(str::trim) {
			if let Some((_, term)) = line.split_once("DbWeight::get().reads(") {
				add(&mut weight.reads, term);
			} else if let Some((_, term)) = line.split_once("DbWeight::get().writes(") {
				add(&mut weight.writes, term);
			} else if let Some((_, term)) = line.split_once("Weight::from_parts(") {
				add(&mut weight.time, &term.replace(", 0)", ""));
			}
		}
		weights.insert(name, weight);
	}
	weights
}
