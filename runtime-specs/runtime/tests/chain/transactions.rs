//! Transactions that are stale, replayed, or meant for another chain, and calls one past their bounds.

use crate::{
	actors::{cid, opening},
	support::Chain,
};
use assay_primitives::*;
use assay_runtime::*;
use codec::{Decode, Encode};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob};
use sp_runtime::{
	generic::Era,
	traits::TransactionExtension,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

type Implicit = <TxExtension as TransactionExtension<RuntimeCall>>::Implicit;

fn extension(nonce: Nonce, era: Era) -> TxExtension {
	(
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(era),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_transaction_payment::ChargeTransactionPayment::from(0),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
	)
}

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![1] }.into()
}

/// A transaction by Alice over what `edit` makes of what is signed beside the call.
fn transaction(
	chain: &mut Chain,
	signer: Sr25519Keyring,
	extension: TxExtension,
	edit: impl FnOnce(&mut Implicit),
) -> UncheckedExtrinsic {
	chain.with(|| {
		let mut implicit = extension.implicit().expect("the extension has its implicits");
		edit(&mut implicit);
		let payload = SignedPayload::from_raw(remark(), extension.clone(), implicit);
		let signature = payload.using_encoded(|bytes| signer.sign(bytes));
		UncheckedExtrinsic::new_signed(remark(), Alice.to_account_id().into(), signature.into(), extension)
	})
}

fn apply(chain: &mut Chain, transaction: UncheckedExtrinsic) -> Result<(), TransactionValidityError> {
	let outcome = chain.with(|| Executive::apply_extrinsic(transaction));
	outcome.map(|dispatched| dispatched.expect("a remark succeeds"))
}

fn refused(with: InvalidTransaction) -> Result<(), TransactionValidityError> {
	Err(with.into())
}

#[test]
fn transaction_should_be_applied_once() {
	let mut chain = Chain::dev();
	let first = transaction(&mut chain, Alice, extension(0, Era::Immortal), |_| ());
	assert_eq!(apply(&mut chain, first.clone()), Ok(()));
	assert_eq!(apply(&mut chain, first.clone()), refused(InvalidTransaction::Stale));
	chain.skip(3);
	assert_eq!(apply(&mut chain, first), refused(InvalidTransaction::Stale));
	let ahead = transaction(&mut chain, Alice, extension(5, Era::Immortal), |_| ());
	assert_eq!(apply(&mut chain, ahead), refused(InvalidTransaction::Future));
}

#[test]
fn transaction_should_be_refused_when_signed_for_something_else() {
	type Edit = fn(&mut Implicit);
	let edits: [(&str, Edit); 5] = [
		("specification version", |implicit| implicit.2 += 1),
		("transaction version", |implicit| implicit.3 += 1),
		("genesis", |implicit| implicit.4 = Hash::repeat_byte(1)),
		("block of its birth", |implicit| implicit.5 = Hash::repeat_byte(1)),
		("metadata", |implicit| implicit.9 = Some([1; 32])),
	];
	for (what, edit) in edits {
		let mut chain = Chain::dev();
		let transaction = transaction(&mut chain, Alice, extension(0, Era::Immortal), edit);
		assert_eq!(
			apply(&mut chain, transaction),
			refused(InvalidTransaction::BadProof),
			"another {what}"
		);
	}
	let mut chain = Chain::dev();
	let foreign = transaction(&mut chain, Bob, extension(0, Era::Immortal), |_| ());
	assert_eq!(
		apply(&mut chain, foreign),
		refused(InvalidTransaction::BadProof),
		"another signer"
	);
}

#[test]
fn transaction_should_be_refused_when_it_asks_for_a_metadata_digest_that_this_build_lacks() {
	let mut chain = Chain::dev();
	let mut asking = extension(0, Era::Immortal);
	asking.9 = frame_metadata_hash_extension::CheckMetadataHash::new(true);
	let payload = SignedPayload::from_raw(
		remark(),
		asking.clone(),
		chain.with(|| extension(0, Era::Immortal).implicit().unwrap()),
	);
	let signature = payload.using_encoded(|bytes| Alice.sign(bytes));
	let asking = UncheckedExtrinsic::new_signed(remark(), Alice.to_account_id().into(), signature.into(), asking);
	let outcome = chain.with(|| Executive::apply_extrinsic(asking));
	assert!(
		outcome.is_err(),
		"it is verified against the digest in the Wasm, and there is none here"
	);
}

#[test]
fn transaction_should_be_refused_when_its_era_is_over() {
	let mut chain = Chain::dev();
	chain.run_to(9);
	let mortal = transaction(&mut chain, Alice, extension(0, Era::mortal(4, 8)), |_| ());
	chain.run_to(11);
	assert_eq!(apply(&mut chain, mortal.clone()), Ok(()), "within its era");
	let next = transaction(&mut chain, Alice, extension(1, Era::mortal(4, 8)), |_| ());
	chain.run_to(13);
	assert_eq!(
		apply(&mut chain, next),
		refused(InvalidTransaction::BadProof),
		"its birth is another block now"
	);
}

#[test]
fn transaction_should_be_refused_when_its_birth_is_forgotten() {
	let mut chain = Chain::dev();
	let era = Era::mortal(65_536, 1);
	let old = transaction(&mut chain, Alice, extension(0, Era::Immortal), |_| ());
	let old = {
		let mut bytes = old.encode();
		let immortal = extension(0, Era::Immortal).encode();
		let mortal = extension(0, era).encode();
		let at = bytes
			.windows(immortal.len())
			.position(|window| window == immortal)
			.unwrap();
		bytes.splice(at..at + immortal.len(), mortal);
		let body = bytes.split_off(if bytes[0] & 3 == 0 { 1 } else { 2 });
		UncheckedExtrinsic::decode(&mut body.encode().as_slice()).unwrap()
	};
	chain.with(|| frame_system::BlockHash::<Runtime>::remove(1));
	chain.with(|| frame_system::BlockHash::<Runtime>::remove(0));
	assert_eq!(apply(&mut chain, old), refused(InvalidTransaction::AncientBirthBlock));
}

/// A call from its parts, each already encoded.
fn decodes(pallet: u8, call: u8, parts: &[Vec<u8>]) -> bool {
	let bytes: Vec<u8> = [pallet, call].into_iter().chain(parts.concat()).collect();
	RuntimeCall::decode(&mut bytes.as_slice()).is_ok()
}

fn bytes(len: u32) -> Vec<u8> {
	vec![b'a'; len as usize].encode()
}

fn many<T: Encode + Clone>(item: T, len: u32) -> Vec<u8> {
	vec![item; len as usize].encode()
}

fn register(name: u32, task: u32, classes: u32, class: u32, licence: u32) -> bool {
	let classes = many(vec![b'a'; class as usize], classes);
	let licence = [vec![0], bytes(licence)].concat();
	decodes(
		40,
		0,
		&[
			bytes(name),
			vec![0],
			bytes(task),
			classes,
			licence,
			[0_u128; 3].encode(),
			vec![0],
		],
	)
}

fn publish(classes: u32, shards: u32) -> bool {
	let counts = many((1_u32, 1_u32), classes);
	let shards = many((Hash::zero(), Hash::zero(), 1_u32, 1_u32), shards);
	let head = (0_u32, cid(1), cid(1), Hash::zero(), 65_536_u32).encode();
	decodes(40, 1, &[head, counts.clone(), counts, 1_u32.encode(), shards])
}

fn release(keys: u32) -> bool {
	decodes(
		40,
		5,
		&[0_u32.encode(), Alice.to_account_id().encode(), many([7_u8; 80], keys)],
	)
}

fn contributors(count: u32) -> bool {
	let shares = many((Alice.to_account_id(), 1_u32), count);
	let licence = [vec![0], bytes(4)].concat();
	decodes(41, 0, &[bytes(8), licence, shares, 0_u128.encode()])
}

fn metrics(name: u32, count: u32) -> bool {
	let spec = [
		bytes(name),
		(0_u32, 0_u32).encode(),
		many(0_u8, count),
		(0_u8, 1_u32, 1_u32, 1_u32, 3_u32).encode(),
	];
	decodes(42, 0, &spec)
}

fn scores(count: u32) -> bool {
	let rest = opening(900_000).encode().split_off(1 + 2 * 4);
	decodes(42, 13, &[0_u32.encode(), many(1_u32, count), rest])
}

#[test]
fn call_should_not_decode_when_one_past_a_bound() {
	type Bound = (&'static str, u32, fn(u32) -> bool);
	let bounds: [Bound; 12] = [
		("name of a data set", 64, |n| register(n, 8, 2, 8, 8)),
		("task", 64, |n| register(8, n, 2, 8, 8)),
		("classes", MAX_CLASSES, |n| register(8, 8, n, 8, 8)),
		("name of a class", 32, |n| register(8, 8, 2, n, 8)),
		("licence", 32, |n| register(8, 8, 2, 8, n)),
		("classes counted", MAX_CLASSES, |n| publish(n, 2)),
		("shards", MAX_SHARDS, |n| publish(2, n)),
		("sealed keys", MAX_SHARDS, release),
		("contributors", MAX_CONTRIBUTORS, contributors),
		("name of a benchmark", 64, |n| metrics(n, 2)),
		("metrics", MAX_METRICS, |n| metrics(8, n)),
		("scores", MAX_METRICS, scores),
	];
	for (what, bound, decodes) in bounds {
		assert!(decodes(bound), "{what}: {bound}");
		assert!(!decodes(bound + 1), "{what}: {}", bound + 1);
	}
}
