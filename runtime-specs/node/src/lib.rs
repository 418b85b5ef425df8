//! The native node: Aura makes blocks, GRANDPA finalizes them.
//!
//! It links no runtime. [`runtime_api`] declares what the node asks of one, and the chain's own Wasm answers, so one
//! binary runs every version of the runtime.

mod chain_spec;
mod cli;
mod command;
mod finality;
mod offchain;
mod rpc;
mod runtime_api;
mod sealing;
mod service;

pub use command::run;
