//! Writes the file of a pallet's weights.

use crate::{
	file_of,
	formula::{Formula, Weight},
};
use std::fmt::Write;

/// A benchmark and what it came to.
pub struct Measured {
	/// Its name.
	pub name: String,
	/// Its components with their ranges.
	pub components: Vec<(String, u32, u32)>,
	/// The fit.
	pub weight: Weight,
}

/// How the measurement was made, for the head of each file.
pub struct Provenance {
	/// Day.
	pub date: String,
	/// Processor.
	pub machine: String,
	/// Repeats at each point.
	pub repeats: u32,
}

fn grouped(number: u128) -> String {
	let digits = number.to_string();
	let mut text = String::new();
	for (place, digit) in digits.chars().enumerate() {
		if place > 0 && (digits.len() - place).is_multiple_of(3) {
			text.push('_');
		}
		text.push(digit);
	}
	text
}

fn arguments(measured: &Measured, used: bool) -> String {
	let mark = |name: &str| {
		let Weight { time, reads, writes } = &measured.weight;
		let counts = [time, reads, writes]
			.iter()
			.any(|formula| formula.slopes.contains_key(name));
		if used && !counts {
			"_"
		} else {
			""
		}
	};
	let each = measured
		.components
		.iter()
		.map(|(name, ..)| format!("{}{name}: u32", mark(name)));
	each.collect::<Vec<_>>().join(", ")
}

fn accesses(text: &mut String, database: &str, what: &str, formula: &Formula) {
	if formula.base > 0 {
		let _ = writeln!(
			text,
			"\t\t\t.saturating_add({database}::get().{what}({}_u64))",
			formula.base
		);
	}
	for (name, slope) in &formula.slopes {
		let term = format!("{slope}_u64.saturating_mul({name}.into())");
		let _ = writeln!(text, "\t\t\t.saturating_add({database}::get().{what}({term}))");
	}
}

fn function(text: &mut String, measured: &Measured, database: &str) {
	let Weight { time, reads, writes } = &measured.weight;
	for (name, low, high) in &measured.components {
		let _ = writeln!(text, "\t// `{name}` is in `[{low}, {high}]`.");
	}
	let _ = writeln!(
		text,
		"\tfn {}({}) -> Weight {{",
		measured.name,
		arguments(measured, true)
	);
	let _ = writeln!(text, "\t\tWeight::from_parts({}, 0)", grouped(time.base));
	for (name, slope) in &time.slopes {
		let term = format!(
			"Weight::from_parts({}, 0).saturating_mul({name}.into())",
			grouped(*slope)
		);
		let _ = writeln!(text, "\t\t\t.saturating_add({term})");
	}
	accesses(text, database, "reads", reads);
	accesses(text, database, "writes", writes);
	text.push_str("\t}\n");
}

fn implementation(text: &mut String, head: &str, measured: &[Measured], database: &str) {
	let _ = writeln!(text, "{head} {{");
	measured.iter().for_each(|measured| function(text, measured, database));
	text.push_str("}\n");
}

fn head(what: &str, from: &Provenance) -> String {
	let Provenance { date, machine, repeats } = from;
	format!(
		"//! {what}, written by `make weights`: a change by hand is lost, and refused by its test.\n\
		 //!\n\
		 //! Measured in the runtime's Wasm on {date}, {machine}, {} steps, {repeats} repeats.\n",
		crate::plan::STEPS,
	)
}

/// The file of the baseline, from what verifying signatures took.
pub fn baseline(verification: &Weight, from: &Provenance) -> String {
	let picoseconds = verification.time.slopes.get("i").copied().unwrap_or_default();
	let mut text = head("What times are told against", from);
	let _ = write!(
		text,
		"\n/// Picoseconds that the verification of an sr25519 signature takes in the Wasm.\n\
		 pub const SR25519_VERIFICATION: u128 = {};\n",
		grouped(picoseconds)
	);
	text
}

/// The file of the pallet's weights: the trait too where the pallet is ours.
pub fn file(pallet: &str, measured: &[Measured], from: &Provenance) -> String {
	let ours = file_of(pallet).ends_with("src/weights.rs");
	let mut text = head(&format!("Weights of `{pallet}`"), from);
	text.push_str(
		"//! Times are picoseconds without the database, whose accesses are counted. No proof sizes: a chain of its own\n\
		 //! carries no proofs.\n#![cfg_attr(rustfmt, rustfmt_skip)]\n#![allow(unused_imports)]\n",
	);
	if ours {
		text.push_str(
			"\nuse core::marker::PhantomData;\nuse polkadot_sdk::{\n\tframe_support::{\n\t\ttraits::Get,\n\t\t\
			 weights::{constants::ParityDbWeight, Weight},\n\t},\n\tframe_system,\n};\n\n\
			 /// Weights of the calls, and of the work they set off.\npub trait WeightInfo {\n",
		);
		for measured in measured {
			let _ = writeln!(text, "\t/// Weight of `{}`.", measured.name);
			let _ = writeln!(
				text,
				"\tfn {}({}) -> Weight;",
				measured.name,
				arguments(measured, false)
			);
		}
		text.push_str(
			"}\n\n/// As measured, in units of the runtime's database.\npub struct Measured<T>(PhantomData<T>);\n\n",
		);
		implementation(
			&mut text,
			"impl<T: frame_system::Config> WeightInfo for Measured<T>",
			measured,
			"T::DbWeight",
		);
		text.push('\n');
		implementation(&mut text, "impl WeightInfo for ()", measured, "ParityDbWeight");
	} else {
		let name = match pallet {
			"frame_system_extensions" => "frame_system::ExtensionsWeightInfo".into(),
			_ => format!("{pallet}::WeightInfo"),
		};
		text.push_str(
			"\nuse core::marker::PhantomData;\nuse polkadot_sdk::{\n\tframe_support::{traits::Get, weights::Weight},\n\t*,\n};\n\n\
			 /// As measured, in units of the runtime's database.\npub struct Measured<T>(PhantomData<T>);\n\n",
		);
		let head = format!("impl<T: frame_system::Config> {name} for Measured<T>");
		implementation(&mut text, &head, measured, "T::DbWeight");
	}
	text
}
