//! The real runtime, block by block.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]

mod actors;
mod authorities;
mod calls;
mod curves;
mod emergency;
mod equivocation;
mod migrations;
mod network;
mod parameters;
mod path;
mod pauses;
mod proxies;
mod referenda;
mod support;
mod table;
mod transactions;
mod treasury;
mod upgrade;
mod vectors;
mod voting;
