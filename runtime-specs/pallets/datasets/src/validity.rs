//! What a description and a version must satisfy before they are stored.

use crate::{types::Description, Config, Error};
use assay_primitives::{is_cid, ClassCounts, Licence, VersionSpec};
use polkadot_sdk::{frame_support::ensure, sp_runtime::traits::Zero};
use scale_info::prelude::collections::BTreeSet;

/// Sizes of an encrypted frame, in bytes.
const FRAME_BYTES: core::ops::RangeInclusive<u32> = 4_096..=1_048_576;

impl Description {
	/// Whether the texts can be shown and the classes told apart.
	pub(crate) fn check<T: Config>(&self) -> Result<(), Error<T>> {
		ensure!(is_text(&self.name) && is_text(&self.task), Error::<T>::NameUnfit);
		let distinct: BTreeSet<_> = self.classes.iter().collect();
		let told_apart = distinct.len() == self.classes.len() && distinct.len() >= 2;
		ensure!(
			told_apart && self.classes.iter().all(|class| is_text(class)),
			Error::<T>::ClassesUnfit
		);
		if let Licence::Spdx(id) = &self.licence {
			ensure!(!id.is_empty() && id.iter().all(is_spdx), Error::<T>::LicenceUnfit);
		}
		Ok(())
	}
}

/// Whether the version is consistent in itself and has one count for each of the data set's classes.
pub(crate) fn check_version<T: Config>(spec: &VersionSpec, classes: usize) -> Result<(), Error<T>> {
	ensure!(
		is_cid(&spec.manifest) && is_cid(&spec.public_split),
		Error::<T>::NotACid
	);
	ensure!(
		FRAME_BYTES.contains(&spec.frame_bytes) && spec.frame_bytes.is_power_of_two(),
		Error::<T>::FrameSizeUnfit
	);
	ensure!(!spec.shards.is_empty(), Error::<T>::NoShards);
	ensure!(
		spec.shards
			.iter()
			.all(|shard| !shard.frames.is_zero() && !shard.samples.is_zero()),
		Error::<T>::EmptyShard
	);
	let keys: BTreeSet<_> = spec.shards.iter().map(|shard| shard.key_commitment).collect();
	ensure!(keys.len() == spec.shards.len(), Error::<T>::SharedKey);
	ensure!(
		counts_fit(&spec.public_counts, classes) && counts_fit(&spec.held_out_counts, classes),
		Error::<T>::CountsUnfit
	);
	ensure!(counts_agree(spec), Error::<T>::CountsDisagree);
	Ok(())
}

fn is_text(bytes: &[u8]) -> bool {
	!bytes.is_empty() && core::str::from_utf8(bytes).is_ok()
}

fn is_spdx(byte: &u8) -> bool {
	byte.is_ascii_alphanumeric() || b".-+".contains(byte)
}

fn counts_fit(counts: &ClassCounts, classes: usize) -> bool {
	counts.len() == classes && counts.iter().all(|count| (1..=count.samples).contains(&count.groups))
}

/// Shards and classes hold the same samples, fewer than 2^32; a group of the split is a group of at least one class.
fn counts_agree(spec: &VersionSpec) -> bool {
	let in_shards = total(spec.shards.iter().map(|shard| shard.samples));
	let in_classes = total(spec.held_out_counts.iter().map(|count| count.samples));
	let in_public = total(spec.public_counts.iter().map(|count| count.samples));
	let least = spec.held_out_counts.iter().map(|count| count.groups).max();
	let most = total(spec.held_out_counts.iter().map(|count| count.groups));
	in_shards.is_some()
		&& in_shards == in_classes
		&& in_public.is_some()
		&& least
			.zip(most)
			.is_some_and(|(least, most)| (least..=most).contains(&spec.held_out_groups))
}

fn total(mut numbers: impl Iterator<Item = u32>) -> Option<u32> {
	numbers.try_fold(0, u32::checked_add)
}
