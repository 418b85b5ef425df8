//! An input, step by step.

use crate::{
	actors::{request, stage},
	acts, authority,
	generate::{actor, breaks, Surroundings},
	ledger::Ledger,
	support::{signed, Chain},
};
use arbitrary::{Result, Unstructured};
use assay_primitives::Pace;
use assay_runtime::*;
use std::cell::RefCell;

/// Steps of an input.
const MAX_STEPS: u32 = 48;
/// Blocks of an input.
const MAX_BLOCKS: BlockNumber = 250;

/// What came of an input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
	/// Calls dispatched on their own, outside the scripted acts.
	pub calls: u32,
	/// Those of them that succeeded.
	pub succeeded: u32,
	/// Blocks opened.
	pub blocks: BlockNumber,
}

thread_local! {
	static BASE: RefCell<Chain> = RefCell::new(base());
}

/// Prints what `try_state` found: its own answer only says that it found something.
struct Errors;

impl log::Log for Errors {
	fn enabled(&self, _: &log::Metadata) -> bool {
		true
	}

	fn log(&self, record: &log::Record) {
		eprintln!("{}: {}", record.target(), record.args());
	}

	fn flush(&self) {}
}

/// A chain on which most calls have something to meet: a round under way, beside what [`stage`] sets up.
fn base() -> Chain {
	if log::set_logger(&Errors).is_ok() {
		log::set_max_level(log::LevelFilter::Error);
	}
	let mut chain = stage();
	let _ = chain.call(signed(crate::actors::DEVELOPER), request(1));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	let _ = chain.call(
		signed(crate::actors::DEVELOPER),
		pallet_evaluation::Call::advance { round: 0 },
	);
	chain
}

/// Carries out the steps that the bytes stand for; panics where an invariant breaks.
pub fn run(bytes: &[u8]) -> Tally {
	let mut chain = BASE.with_borrow_mut(Chain::fork);
	let begun = chain.number();
	let mut ledger = Ledger::of(&mut chain);
	let (mut u, mut tally) = (Unstructured::new(bytes), Tally::default());
	for _ in 0..MAX_STEPS {
		if u.is_empty() || chain.number() > begun + MAX_BLOCKS {
			break;
		}
		// An error means that the bytes ran out.
		let _ = step(&mut chain, &mut u, &mut tally);
		ledger.check(&mut chain);
	}
	tally.blocks = chain.number() - begun;
	tally
}

fn step(chain: &mut Chain, u: &mut Unstructured, tally: &mut Tally) -> Result<()> {
	match u.int_in_range(0..=15)? {
		0..=7 => free_call(chain, u, tally),
		8 => acts::referendum(chain, u),
		9 => authority::perform(chain, u),
		_ => acts::perform(chain, u),
	}
}

/// Any call by any origin.
fn free_call(chain: &mut Chain, u: &mut Unstructured, tally: &mut Tally) -> Result<()> {
	let call = chain.with(Surroundings::look).call(u)?;
	let who = actor(u)?;
	tally.calls += 1;
	let succeeded = match u.int_in_range(0..=15)? {
		0..=7 => chain.call(signed(who), call).is_ok(),
		8..=10 => chain.try_send(who, call).is_ok_and(|outcome| outcome.is_ok()),
		11 => bare(chain, call),
		12 | 13 if !breaks(&call) => chain.call(RuntimeOrigin::root(), call).is_ok(),
		_ => {
			let tracks = [
				origins::Origin::Parameters,
				origins::Origin::Treasurer,
				origins::Origin::Benchmarks,
				origins::Origin::Emergency,
			];
			let origin = u.choose(&tracks)?.clone();
			chain.call(origin, call).is_ok()
		}
	};
	tally.succeeded += u32::from(succeeded);
	Ok(())
}

/// As a transaction that nobody signed. The time is left out: an author who sets it twice makes no block.
fn bare(chain: &mut Chain, call: RuntimeCall) -> bool {
	if matches!(call, RuntimeCall::Timestamp(_)) {
		return false;
	}
	let outcome = chain.with(|| Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(call)));
	outcome.is_ok_and(|outcome| outcome.is_ok())
}
