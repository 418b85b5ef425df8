//! Every call by nobody, by somebody without a part in it, and by root, on a chain with a round under way. What comes of
//! each stands in `table.txt`; `ASSAY_WRITE_TABLE=1` writes it anew, to be read before it is committed.

use crate::{
	actors::{request, stage, DEVELOPER},
	calls::every_call,
	support::{signed, Chain},
};
use assay_primitives::Pace;
use assay_runtime::*;
use frame_support::traits::PalletsInfoAccess;
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::Two;
use sp_runtime::{DispatchError, ModuleError};
use std::{
	fmt::Write,
	panic::{catch_unwind, AssertUnwindSafe},
	path::Path,
};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/chain/table.txt");

fn told(error: DispatchError) -> String {
	match error {
		DispatchError::Module(ModuleError { index, message, .. }) => {
			let pallets = AllPalletsWithSystem::infos();
			let pallet = pallets
				.iter()
				.find(|pallet| pallet.index == usize::from(index))
				.unwrap();
			format!("{}.{}", pallet.name, message.unwrap())
		}
		DispatchError::BadOrigin => "BadOrigin".into(),
		other => format!("{other:?}").replace(' ', ""),
	}
}

fn outcome(chain: &mut Chain, origin: RuntimeOrigin, call: RuntimeCall) -> String {
	let mut chain = chain.fork();
	match catch_unwind(AssertUnwindSafe(|| chain.call(origin, call))) {
		Ok(Ok(_)) => "ok".into(),
		Ok(Err(error)) => told(error.error),
		// An inherent that comes twice ends the block.
		Err(_) => "no_block".into(),
	}
}

fn rows() -> Vec<(String, [String; 3])> {
	let mut chain = stage();
	let _ = chain.call(signed(DEVELOPER), request(1));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	let _ = chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round: 0 });
	let mut row = |(name, call): (String, RuntimeCall)| {
		let origins = [RuntimeOrigin::none(), signed(Two), RuntimeOrigin::root()];
		let outcomes = origins.map(|origin| outcome(&mut chain, origin, call.clone()));
		(name, outcomes)
	};
	every_call().into_iter().map(&mut row).collect()
}

fn written(rows: &[(String, [String; 3])]) -> String {
	let mut text = String::from("# call | nobody | a stranger | root\n");
	for (name, [nobody, stranger, root]) in rows {
		let _ = writeln!(text, "{name} | {nobody} | {stranger} | {root}");
	}
	text
}

#[test]
fn every_call_should_end_as_the_table_says_by_nobody_a_stranger_and_root() {
	let actual = written(&rows());
	if std::env::var_os("ASSAY_WRITE_TABLE").is_some() {
		std::fs::write(Path::new(TABLE), &actual).unwrap();
	}
	let expected = std::fs::read_to_string(TABLE).unwrap();
	for (actual, expected) in actual.lines().zip(expected.lines()) {
		assert_eq!(actual, expected);
	}
	assert_eq!(
		actual.lines().count(),
		expected.lines().count(),
		"every call has its row"
	);
}

#[test]
fn nobody_should_do_nothing_but_bring_inherents_and_evidence() {
	let table = std::fs::read_to_string(TABLE).unwrap();
	let rows = table.lines().skip(1).map(|row| row.split(" | ").collect::<Vec<_>>());
	let done: Vec<_> = rows
		.filter(|row| row[1] != "BadOrigin")
		.map(|row| row[0].to_string())
		.collect();
	assert_eq!(done, NOBODYS, "what nobody may call");
}

/// Calls that need no origin, or that any origin may make: inherents, remarks, evidence that speaks for itself.
const NOBODYS: &[&str] = &[
	"System::remark",
	"System::apply_authorized_upgrade",
	"Timestamp::set",
	"Grandpa::report_equivocation_unsigned",
];
