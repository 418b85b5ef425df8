//! From one release to the next: what an upgrade does to the storage.
//!
//! | from | to | migration | kind |
//! |---|---|---|---|
//! | 1 | 2 | [`SeedAuthorities`]: the session's authorities become governance's invulnerables | one block |
//! | 1 | 2 | `pallet_evaluation::migrations::IndexOpenRounds`: an index of the rounds that have not ended | several blocks |
//!
//! # How to add one
//!
//! * Work that is the same on every chain, however large its maps, goes into [`SingleBlock`]: it runs in the first block
//!   of the new runtime, before anything else, and must be idempotent.
//! * Work that grows with a map goes into [`MultiBlock`] as a `SteppedMigration`: each block it may take at most half of
//!   the block's weight, while only inherents are let in, and is carried on by a cursor. It lives in its pallet, weighs
//!   each step by a benchmark, moves the pallet's storage version when it is done, and does nothing where that was
//!   moved already. The clock of evaluation rounds stands still meanwhile, so nobody misses a window.
//! * Both have `pre_upgrade` and `post_upgrade` checks under `try-runtime`. Test a populated state: several blocks, and run
//!   twice.
//! * Raise `spec_version`, and keep the Wasm of the release before in `artifacts/releases/`: `tests/runtime/test_upgrade.py`
//!   upgrades it to the current one, with real rounds, by a referendum.
//! * A migration leaves these tuples with the release after: `pallet-migrations` remembers what it ran, and a chain upgrades
//!   release by release.
//!
//! A migration that fails pauses every call that can be paused and leaves the rest to governance: see
//! `configs/migrations.rs`.

mod authorities;

pub use authorities::SeedAuthorities;

use crate::Runtime;

/// What the first block of this runtime does.
pub type SingleBlock = (SeedAuthorities,);

/// What the blocks after it do.
pub type MultiBlock = (pallet_evaluation::migrations::IndexOpenRounds<Runtime>,);
