//! Runtime APIs, with the types they use written out, as Python's scalecodec takes them.

use frame_metadata::v15::RuntimeMetadataV15;
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive, TypeDefVariant};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;

/// Types that scalecodec or substrate-interface decodes by name.
const KNOWN: [(&str, &str); 6] = [
	("sp_core::crypto::AccountId32", "AccountId"),
	("primitive_types::H256", "H256"),
	("primitive_types::U256", "U256"),
	(
		"sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic",
		"Extrinsic",
	),
	("sp_runtime::generic::era::Era", "Era"),
	("assay_runtime::RuntimeCall", "Call"),
];

/// The APIs as `{"runtime_api": {NAME: {"methods": {..}, "types": {..}}}}`. An API's `types` are all that it needs.
pub fn describe(metadata: &RuntimeMetadataV15) -> Result<Value, String> {
	let mut apis = Map::new();
	for api in &metadata.apis {
		let mut types = Types {
			api: &api.name,
			registry: &metadata.types,
			names: BTreeMap::new(),
			definitions: BTreeMap::new(),
		};
		let mut methods = Map::new();
		for method in &api.methods {
			let mut params = Vec::new();
			for input in &method.inputs {
				params.push(json!({ "name": input.name, "type": types.name(input.ty.id)? }));
			}
			let output = types.name(method.output.id)?;
			let description = method.docs.join(" ");
			let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
			let described = json!({ "description": description, "params": params, "type": output });
			methods.insert(method.name.clone(), described);
		}
		apis.insert(
			api.name.clone(),
			json!({ "methods": methods, "types": types.definitions }),
		);
	}
	Ok(json!({ "runtime_api": apis }))
}

struct Types<'a> {
	/// Leads each name, which keeps it apart from those of other APIs and of scalecodec's own registries.
	api: &'a str,
	registry: &'a PortableRegistry,
	/// Name of each type met so far, by its id.
	names: BTreeMap<u32, String>,
	/// Definitions of the named ones.
	definitions: BTreeMap<String, Value>,
}

impl Types<'_> {
	/// Name under which scalecodec finds the type. Defines it, and what it is made of, where it must.
	fn name(&mut self, id: u32) -> Result<String, String> {
		if let Some(name) = self.names.get(&id) {
			return Ok(name.clone());
		}
		let ty = self
			.registry
			.resolve(id)
			.ok_or_else(|| format!("type {id} is missing"))?;
		let path = ty.path.segments.join("::");
		if let Some((_, known)) = KNOWN.iter().find(|(known, _)| *known == path) {
			return Ok((*known).into());
		}
		match (&ty.type_def, path.as_str()) {
			(TypeDef::Variant(variants), "Option") => {
				let some = variants.variants.iter().find_map(|variant| variant.fields.first());
				let inner = some.ok_or("an Option without Some")?.ty.id;
				Ok(format!("Option<{}>", self.name(inner)?))
			}
			(TypeDef::Composite(composite), _) => match composite.fields.as_slice() {
				[] => Ok("Null".into()),
				[field] if field.name.is_none() => self.name(field.ty.id),
				fields => {
					let fields = fields.to_vec();
					self.define(id, |types, _| types.structure(&fields))
				}
			},
			(TypeDef::Variant(variants), _) => {
				let variants = variants.clone();
				self.define(id, |types, ident| types.enumeration(ident, &variants))
			}
			(TypeDef::Sequence(sequence), _) => self.sequence(sequence.type_param.id),
			(TypeDef::Array(array), _) => Ok(format!("[{}; {}]", self.name(array.type_param.id)?, array.len)),
			(TypeDef::Tuple(tuple), _) => self.tuple(tuple.fields.iter().map(|field| field.id).collect()),
			(TypeDef::Primitive(primitive), _) => Ok(primitive_name(primitive).into()),
			(TypeDef::Compact(compact), _) => Ok(format!("Compact<{}>", self.name(compact.type_param.id)?)),
			(TypeDef::BitSequence(_), _) => Ok("BitVec".into()),
		}
	}

	fn sequence(&mut self, item: u32) -> Result<String, String> {
		let item = self.name(item)?;
		Ok(if item == "u8" {
			"HexBytes".into()
		} else {
			format!("Vec<{item}>")
		})
	}

	fn tuple(&mut self, items: Vec<u32>) -> Result<String, String> {
		if items.is_empty() {
			return Ok("Null".into());
		}
		let items: Vec<_> = items
			.into_iter()
			.map(|item| self.name(item))
			.collect::<Result<_, _>>()?;
		Ok(format!("({})", items.join(", ")))
	}

	/// A name that no other type of this API has.
	fn fresh(&self, ident: &str) -> String {
		let taken =
			|name: &String| self.definitions.contains_key(name) || self.names.values().any(|other| other == name);
		let plain = format!("{}::{ident}", self.api);
		let numbered = (2_u32..).map(|nth| format!("{plain}{nth}"));
		core::iter::once(plain.clone())
			.chain(numbered)
			.find(|name| !taken(name))
			.unwrap_or(plain)
	}

	/// Names the type before its parts are looked at, which may refer to it.
	fn define(
		&mut self,
		id: u32,
		definition: impl FnOnce(&mut Self, &str) -> Result<Value, String>,
	) -> Result<String, String> {
		let ty = self
			.registry
			.resolve(id)
			.ok_or_else(|| format!("type {id} is missing"))?;
		let ident = ty.path.ident().unwrap_or_else(|| "Anonymous".into());
		let name = self.fresh(&ident);
		self.names.insert(id, name.clone());
		let definition = definition(self, &ident)?;
		self.definitions.insert(name.clone(), definition);
		Ok(name)
	}

	fn structure(&mut self, fields: &[Field<PortableForm>]) -> Result<Value, String> {
		let mut mapping = Vec::new();
		for (index, field) in fields.iter().enumerate() {
			let name = field.name.clone().unwrap_or_else(|| format!("field{index}"));
			mapping.push(json!([name, self.name(field.ty.id)?]));
		}
		Ok(json!({ "type": "struct", "type_mapping": mapping }))
	}

	/// An enum's variants by their indices; indices that no variant has are filled with names that say so.
	fn enumeration(&mut self, ident: &str, variants: &TypeDefVariant<PortableForm>) -> Result<Value, String> {
		let last = variants
			.variants
			.iter()
			.map(|variant| variant.index)
			.max()
			.unwrap_or_default();
		let mut mapping = Vec::new();
		for index in 0..=last {
			let Some(variant) = variants.variants.iter().find(|variant| variant.index == index) else {
				mapping.push(json!([format!("__Unused{index}"), "Null"]));
				continue;
			};
			let content = match variant.fields.as_slice() {
				[] => "Null".into(),
				fields if fields.iter().all(|field| field.name.is_none()) => match fields {
					[field] => self.name(field.ty.id)?,
					_ => self.tuple(fields.iter().map(|field| field.ty.id).collect())?,
				},
				fields => {
					let name = self.fresh(&format!("{ident}{}", variant.name));
					let definition = self.structure(fields)?;
					self.definitions.insert(name.clone(), definition);
					name
				}
			};
			mapping.push(json!([variant.name, content]));
		}
		Ok(json!({ "type": "enum", "type_mapping": mapping }))
	}
}

fn primitive_name(primitive: &TypeDefPrimitive) -> &'static str {
	match primitive {
		TypeDefPrimitive::Bool => "bool",
		TypeDefPrimitive::Char => "char",
		TypeDefPrimitive::Str => "String",
		TypeDefPrimitive::U8 => "u8",
		TypeDefPrimitive::U16 => "u16",
		TypeDefPrimitive::U32 => "u32",
		TypeDefPrimitive::U64 => "u64",
		TypeDefPrimitive::U128 => "u128",
		TypeDefPrimitive::U256 => "u256",
		TypeDefPrimitive::I8 => "i8",
		TypeDefPrimitive::I16 => "i16",
		TypeDefPrimitive::I32 => "i32",
		TypeDefPrimitive::I64 => "i64",
		TypeDefPrimitive::I128 => "i128",
		TypeDefPrimitive::I256 => "i256",
	}
}
