//! The native node: Aura makes blocks, GRANDPA finalizes them.
//!
//! It links no runtime. [`runtime_api`] declares what the node asks of one, and the chain's own Wasm answers, so one
//! binary runs every version of the runtime.

// The SDK's own errors are that large, and it is the SDK that asks for them by value.
#![allow(clippy::result_large_err)]

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
