//! What a model and a checkpoint must satisfy before they are stored.

use crate::{types::Contributors, Checkpoints, Config, Error};
use assay_primitives::{is_cid, CheckpointSpec, Licence, Name, PPM};
use polkadot_sdk::frame_support::ensure;
use scale_info::prelude::collections::BTreeSet;

/// Whether name and licence can be shown and the fee be split.
pub(crate) fn check_model<T: Config>(
	name: &Name,
	licence: &Licence,
	contributors: &Contributors<T::AccountId>,
) -> Result<(), Error<T>> {
	ensure!(
		!name.is_empty() && core::str::from_utf8(name).is_ok(),
		Error::<T>::NameUnfit
	);
	if let Licence::Spdx(id) = licence {
		ensure!(!id.is_empty() && id.iter().all(is_spdx), Error::<T>::LicenceUnfit);
	}
	ensure!(shares_fit(contributors), Error::<T>::SharesUnfit);
	Ok(())
}

/// Whether the checkpoint's description is complete and its parent known.
pub(crate) fn check_checkpoint<T: Config>(spec: &CheckpointSpec) -> Result<(), Error<T>> {
	ensure!(is_cid(&spec.cid) && is_cid(&spec.card_cid), Error::<T>::NotACid);
	ensure!(spec.size_bytes > 0, Error::<T>::EmptyCheckpoint);
	let named = !spec.architecture.is_empty() && spec.architecture.iter().all(is_identifier);
	ensure!(named, Error::<T>::ArchitectureUnfit);
	ensure!(spec.operating_point_ppm <= PPM, Error::<T>::OperatingPointUnfit);
	let parent_known = spec
		.parent
		.is_none_or(|parent| parent != spec.id && Checkpoints::<T>::contains_key(parent));
	ensure!(parent_known, Error::<T>::UnknownParent);
	Ok(())
}

/// Whether each contributor is named once with a share above zero and the shares add up to the whole.
pub(crate) fn shares_fit<AccountId: Ord>(contributors: &Contributors<AccountId>) -> bool {
	let distinct: BTreeSet<_> = contributors.iter().map(|(who, _)| who).collect();
	let whole = contributors
		.iter()
		.try_fold(0_u32, |sum, (_, share)| sum.checked_add(*share));
	distinct.len() == contributors.len() && contributors.iter().all(|(_, share)| *share > 0) && whole == Some(PPM)
}

fn is_spdx(byte: &u8) -> bool {
	byte.is_ascii_alphanumeric() || b".-+".contains(byte)
}

fn is_identifier(byte: &u8) -> bool {
	byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_'
}
