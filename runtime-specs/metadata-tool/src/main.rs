//! Reads metadata V15 from standard input.
//!
//! `digest SPEC_NAME SPEC_VERSION SS58_PREFIX DECIMALS SYMBOL` prints the RFC 78 digest that `CheckMetadataHash`
//! carries; `apis` prints the runtime APIs as JSON in the form of Python's scalecodec.

mod apis;

use codec::Decode;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use merkleized_metadata::{generate_metadata_digest, ExtraInfo};
use std::{
	io::{self, Read, Write},
	process::ExitCode,
};

type Failure = Box<dyn std::error::Error>;

fn digest(metadata: &RuntimeMetadata, args: &[String]) -> Result<String, Failure> {
	let [spec_name, spec_version, base58_prefix, decimals, token_symbol] = args else {
		return Err("digest takes SPEC_NAME SPEC_VERSION SS58_PREFIX DECIMALS SYMBOL".into());
	};
	let extra = ExtraInfo {
		spec_version: spec_version.parse()?,
		spec_name: spec_name.clone(),
		base58_prefix: base58_prefix.parse()?,
		decimals: decimals.parse()?,
		token_symbol: token_symbol.clone(),
	};
	let hash = generate_metadata_digest(metadata, extra)?.hash();
	Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn answer() -> Result<String, Failure> {
	let args: Vec<String> = std::env::args().skip(1).collect();
	let mut bytes = Vec::new();
	io::stdin().read_to_end(&mut bytes)?;
	let RuntimeMetadataPrefixed(_, metadata) = Decode::decode(&mut bytes.as_slice())?;
	match (args.split_first(), &metadata) {
		(Some((command, rest)), _) if command == "digest" => digest(&metadata, rest),
		(Some((command, [])), RuntimeMetadata::V15(metadata)) if command == "apis" => {
			Ok(serde_json::to_string_pretty(&apis::describe(metadata)?)?)
		}
		(Some((command, [])), _) if command == "apis" => Err("apis needs metadata V15".into()),
		_ => Err("the commands are digest and apis".into()),
	}
}

fn main() -> ExitCode {
	let written = answer().and_then(|text| Ok(writeln!(io::stdout(), "{text}")?));
	match written {
		Ok(()) => ExitCode::SUCCESS,
		Err(failure) => {
			eprintln!("assay-metadata-tool: {failure}");
			ExitCode::FAILURE
		}
	}
}
