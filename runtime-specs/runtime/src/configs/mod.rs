//! How each pallet is configured, one file per concern.

pub mod accounts;
pub mod authorities;
pub mod evaluation;
pub mod governance;
pub mod owners;
pub mod parameters;
pub mod session;
pub mod treasury;

mod datasets;
mod equivocation;
mod fees;
mod migrations;
mod models;
mod system;

use crate::{Balance, BlockNumber};
use assay_primitives::{MILLI_ASY, SLOT_MS};

/// Blocks in a minute.
pub(crate) const MINUTES: BlockNumber = (60_000 / SLOT_MS) as BlockNumber;
/// Blocks in an hour.
pub(crate) const HOURS: BlockNumber = 60 * MINUTES;
/// Blocks in a day.
pub(crate) const DAYS: BlockNumber = 24 * HOURS;

/// Deposit for storage that FRAME's pallets keep: a thousandth of an ASY per byte, an item counted as a hundred.
pub(crate) const fn deposit(items: u32, bytes: u32) -> Balance {
	let bytes = (items as Balance).saturating_mul(100).saturating_add(bytes as Balance);
	bytes.saturating_mul(MILLI_ASY)
}
