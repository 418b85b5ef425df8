//! Calls made from bytes, by the shape that the runtime's own type information gives them: so every call is made, those
//! added later too. Leaves are mostly values that mean something on the chain: its accounts, small ids, its hashes.

use crate::actors::{checkpoint, cid};
use arbitrary::{Result, Unstructured};
use assay_primitives::{AccountId, ASY, MILLI_ASY};
use assay_runtime::*;
use codec::{Compact, DecodeAll, Encode};
use frame_support::traits::Get;
use polkadot_sdk::*;
use scale_info::{form::PortableForm, MetaType, PortableRegistry, TypeDef, TypeDefPrimitive};
use sp_keyring::Sr25519Keyring;
use std::sync::LazyLock;

/// Calls within calls.
const MAX_DEPTH: u8 = 3;

static TYPES: LazyLock<(PortableRegistry, u32)> = LazyLock::new(|| {
	let mut registry = scale_info::Registry::new();
	let id = registry.register_type(&MetaType::new::<RuntimeCall>()).id;
	(registry.into(), id)
});

/// Accounts that no origin stands for: what holds others' money.
pub fn pots() -> [AccountId; 3] {
	[Treasury::account_id(), Evaluation::account(), Models::account()]
}

/// Whether the call breaks the state by right: root may write anything, and move anybody's money.
pub fn breaks(call: &RuntimeCall) -> bool {
	use frame_system::Call as S;
	use pallet_balances::Call as B;
	let of_a_pot = |origin: &OriginCaller| match origin {
		OriginCaller::system(frame_system::RawOrigin::Signed(who)) => pots().contains(who),
		_ => false,
	};
	match call {
		RuntimeCall::System(call) => matches!(
			call,
			S::set_storage { .. }
				| S::kill_storage { .. }
				| S::kill_prefix { .. }
				| S::set_code { .. }
				| S::set_code_without_checks { .. }
		),
		RuntimeCall::Balances(call) => matches!(
			call,
			B::force_set_balance { .. }
				| B::force_adjust_total_issuance { .. }
				| B::force_unreserve { .. }
				| B::force_transfer { .. }
		),
		RuntimeCall::Vesting(pallet_vesting::Call::force_vested_transfer { .. }) => true,
		RuntimeCall::MultiBlockMigrations(_) => true,
		// Its delay is doubled unchecked, when the session ends.
		RuntimeCall::Grandpa(pallet_grandpa::Call::note_stalled { delay, .. }) => *delay > u32::MAX / 4,
		// The pallet warns, obeys, and calls that inconsistent.
		RuntimeCall::CollatorSelection(pallet_collator_selection::Call::set_desired_candidates { max }) => {
			*max > <Runtime as pallet_collator_selection::Config>::MaxCandidates::get()
		}
		RuntimeCall::Utility(
			pallet_utility::Call::dispatch_as { as_origin, .. }
			| pallet_utility::Call::dispatch_as_fallible { as_origin, .. },
		) => of_a_pot(as_origin),
		_ => false,
	}
}

/// What the chain is like while a call is made for it.
pub struct Surroundings {
	/// Number of the open block.
	pub number: u32,
	/// Hashes of the preimages there are.
	pub preimages: Vec<(Hash, u32)>,
}

impl Surroundings {
	/// Of the open block; runs on the chain's state.
	pub fn look() -> Self {
		let preimages = pallet_preimage::RequestStatusFor::<Runtime>::iter();
		let with_len = |(hash, status)| match status {
			pallet_preimage::RequestStatus::Unrequested { len, .. } => (hash, len),
			pallet_preimage::RequestStatus::Requested { maybe_len, .. } => (hash, maybe_len.unwrap_or(1)),
		};
		Self {
			number: System::block_number(),
			preimages: preimages.take(8).map(with_len).collect(),
		}
	}

	/// A call.
	pub fn call(&self, u: &mut Unstructured) -> Result<RuntimeCall> {
		let bytes = self.encoded_call(u, 0)?;
		Ok(RuntimeCall::decode_all(&mut bytes.as_slice()).unwrap_or_else(|_| idle()))
	}

	/// A call that another carries: one that breaks nothing.
	fn inner_call(&self, u: &mut Unstructured, depth: u8) -> Result<Vec<u8>> {
		let bytes = self.encoded_call(u, depth)?;
		let call = RuntimeCall::decode_all(&mut bytes.as_slice())
			.ok()
			.filter(|call| !breaks(call));
		Ok(call.unwrap_or_else(idle).encode())
	}

	fn encoded_call(&self, u: &mut Unstructured, depth: u8) -> Result<Vec<u8>> {
		if depth > MAX_DEPTH {
			return Ok(idle().encode());
		}
		let mut out = Vec::new();
		let (types, id) = &*TYPES;
		self.shape(u, types, *id, "", depth, true, &mut out)?;
		Ok(out)
	}

	#[allow(clippy::too_many_arguments)]
	fn shape(
		&self,
		u: &mut Unstructured,
		types: &PortableRegistry,
		id: u32,
		name: &str,
		depth: u8,
		outermost: bool,
		out: &mut Vec<u8>,
	) -> Result<()> {
		let known = types.resolve(id).expect("the registry is closed");
		let path: Vec<&str> = known.path.segments.iter().map(AsRef::as_ref).collect();
		match path.as_slice() {
			["assay_runtime", "RuntimeCall"] if !outermost => {
				out.extend(self.inner_call(u, depth + 1)?);
				return Ok(());
			}
			[.., "AccountId32"] => {
				out.extend(account(u)?.encode());
				return Ok(());
			}
			[.., "H256"] => {
				out.extend(self.hash(u)?.encode());
				return Ok(());
			}
			[.., "MultiAddress"] => {
				out.push(0);
				out.extend(account(u)?.encode());
				return Ok(());
			}
			[.., "Bounded"] if u.ratio(3, 4)? => {
				return self.proposal(u, depth, out);
			}
			_ => {}
		}
		match &known.type_def {
			TypeDef::Composite(composite) => {
				for field in &composite.fields {
					let inner = field.name.as_deref().unwrap_or(name);
					self.shape(u, types, field.ty.id, inner, depth, false, out)?;
				}
			}
			TypeDef::Variant(variants) if variants.variants.is_empty() => out.push(0),
			TypeDef::Variant(variants) => {
				let variant = u.choose(&variants.variants)?;
				out.push(variant.index);
				for field in &variant.fields {
					let inner = field.name.as_deref().unwrap_or(name);
					self.shape(u, types, field.ty.id, inner, depth, false, out)?;
				}
			}
			TypeDef::Sequence(sequence) => self.sequence(u, types, sequence.type_param.id, name, depth, out)?,
			TypeDef::Array(array) => {
				if let (true, 32 | 36) = (is_byte(types, array.type_param.id), array.len) {
					let byte = u.int_in_range(0..=9)?;
					let filled = if array.len == 36 {
						cid(byte).to_vec()
					} else {
						vec![byte; 32]
					};
					out.extend(filled);
					return Ok(());
				}
				for _ in 0..array.len {
					self.shape(u, types, array.type_param.id, name, depth, false, out)?;
				}
			}
			TypeDef::Tuple(tuple) => {
				for field in &tuple.fields {
					self.shape(u, types, field.id, name, depth, false, out)?;
				}
			}
			TypeDef::Primitive(primitive) => self.primitive(u, primitive, name, out)?,
			TypeDef::Compact(compact) => {
				let mut plain = Vec::new();
				self.shape(u, types, compact.type_param.id, name, depth, false, &mut plain)?;
				plain.resize(16, 0);
				let number = u128::from_le_bytes(plain.try_into().expect("sixteen bytes"));
				out.extend(Compact(number).encode());
			}
			TypeDef::BitSequence(_) => out.push(0),
		}
		Ok(())
	}

	/// A call to be looked up or dispatched later.
	fn proposal(&self, u: &mut Unstructured, depth: u8, out: &mut Vec<u8>) -> Result<()> {
		if let (true, false) = (u.ratio(1, 3)?, self.preimages.is_empty()) {
			let (hash, len) = u.choose(&self.preimages)?;
			out.push(2);
			out.extend((hash, len).encode());
			return Ok(());
		}
		let call = self.inner_call(u, depth + 1)?;
		let call = if call.len() > 128 { idle().encode() } else { call };
		out.push(1);
		out.extend(call.encode());
		Ok(())
	}

	fn sequence(
		&self,
		u: &mut Unstructured,
		types: &PortableRegistry,
		id: u32,
		name: &str,
		depth: u8,
		out: &mut Vec<u8>,
	) -> Result<()> {
		if is_byte(types, id) {
			let bytes = match name {
				"bytes" | "encoded" => self.inner_call(u, depth + 1)?,
				_ => {
					let len = u.int_in_range(0..=12)?;
					(0..len)
						.map(|_| Ok(b'a' + u.int_in_range(0..=3)?))
						.collect::<Result<Vec<u8>>>()?
				}
			};
			out.extend(bytes.encode());
			return Ok(());
		}
		let len: u32 = if u.ratio(1, 40)? {
			u.int_in_range(0..=80)?
		} else {
			u.int_in_range(0..=4)?
		};
		let mut items = Vec::new();
		for _ in 0..len {
			let mut item = Vec::new();
			self.shape(u, types, id, name, depth, false, &mut item)?;
			items.push(item);
		}
		if is_account(types, id) && u.ratio(7, 8)? {
			items.sort();
			items.dedup();
		}
		out.extend(Compact(items.len() as u32).encode());
		items.into_iter().for_each(|item| out.extend(item));
		Ok(())
	}

	fn hash(&self, u: &mut Unstructured) -> Result<Hash> {
		Ok(match u.int_in_range(0..=3)? {
			0 if !self.preimages.is_empty() => u.choose(&self.preimages)?.0,
			3 => u.arbitrary::<[u8; 32]>()?.into(),
			_ => checkpoint(u.int_in_range(0..=9)?),
		})
	}

	fn primitive(
		&self,
		u: &mut Unstructured,
		primitive: &TypeDefPrimitive,
		name: &str,
		out: &mut Vec<u8>,
	) -> Result<()> {
		match primitive {
			TypeDefPrimitive::Bool => out.push(u.arbitrary::<bool>()?.into()),
			TypeDefPrimitive::U8 => out.push(u.arbitrary()?),
			TypeDefPrimitive::U16 if name == "class" => out.extend(u.choose(&[0_u16, 10, 20, 30, 40])?.encode()),
			TypeDefPrimitive::U16 => out.extend(small(u, u16::MAX.into(), 0)?.to_le_bytes()[..2].to_vec()),
			TypeDefPrimitive::U32 => out.extend(small(u, u32::MAX.into(), self.number)?.to_le_bytes()[..4].to_vec()),
			TypeDefPrimitive::U64 => out.extend(small(u, u64::MAX, self.number)?.encode()),
			TypeDefPrimitive::U128 => out.extend(amount(u)?.encode()),
			TypeDefPrimitive::I64 => out.extend(u.arbitrary::<i64>()?.encode()),
			TypeDefPrimitive::Str => out.extend("".encode()),
			_ => out.extend([0; 32]),
		}
		Ok(())
	}
}

fn is_byte(types: &PortableRegistry, id: u32) -> bool {
	let primitive = types.resolve(id).map(|known| &known.type_def);
	matches!(
		primitive,
		Some(TypeDef::<PortableForm>::Primitive(TypeDefPrimitive::U8))
	)
}

fn is_account(types: &PortableRegistry, id: u32) -> bool {
	let last = types.resolve(id).and_then(|known| known.path.segments.last().cloned());
	last.is_some_and(|name| name == "AccountId32")
}

fn idle() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![] }.into()
}

/// Who acts: the well-known accounts.
pub fn actor(u: &mut Unstructured) -> Result<Sr25519Keyring> {
	let all: Vec<_> = Sr25519Keyring::iter().collect();
	u.choose(&all).copied()
}

/// Whom a call names: mostly those who act.
fn account(u: &mut Unstructured) -> Result<AccountId> {
	Ok(match u.int_in_range(0..=15)? {
		0 => u.choose(&pots())?.clone(),
		1 => u.arbitrary::<[u8; 32]>()?.into(),
		_ => actor(u)?.to_account_id(),
	})
}

/// An id, a count or a block: mostly small, or near the open block's number.
fn small(u: &mut Unstructured, max: u64, number: u32) -> Result<u64> {
	Ok(match u.int_in_range(0..=15)? {
		0 => max,
		1 => u.int_in_range(0..=max)?,
		2 | 3 => u64::from(number) + u.int_in_range(0..=20)?,
		4 | 5 => u.int_in_range(0..=1_000_000)?,
		_ => u.int_in_range(0..=5)?,
	})
}

/// An amount of money, in planck.
fn amount(u: &mut Unstructured) -> Result<u128> {
	Ok(match u.int_in_range(0..=9)? {
		0 => u128::MAX,
		1 => u.arbitrary()?,
		2 => u.int_in_range(0..=MILLI_ASY)?,
		3 => 0,
		4 => u.int_in_range(0..=20_000_000)? * ASY,
		_ => u.int_in_range(0..=400)? * ASY,
	})
}
