//! Tests, one file per behaviour.

pub(crate) mod stage;

mod accepting;
mod adversaries;
mod benchmarks;
mod bonds;
mod clock;
mod committing;
mod draws;
mod failures;
mod holds;
mod migrations;
mod misses;
mod properties;
mod queries;
mod releasing;
mod requests;
mod revealing;
mod rewards;
mod subsidies;
mod takeovers;
mod validators;
mod verdicts;
mod widening;
