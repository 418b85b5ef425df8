//! What the pallet tells.

use polkadot_sdk::frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A data set was registered.
		Registered {
			/// The data set.
			dataset: DatasetId,
			/// Its steward.
			steward: T::AccountId,
		},
		/// A version was published.
		VersionPublished {
			/// The data set.
			dataset: DatasetId,
			/// The version.
			version: DatasetVersion,
		},
		/// Later uses have these prices.
		PricesSet {
			/// The data set.
			dataset: DatasetId,
			/// The prices.
			prices: Prices,
		},
		/// A validator may sit on the data set's committees.
		Accredited {
			/// The data set.
			dataset: DatasetId,
			/// The validator.
			validator: T::AccountId,
		},
		/// A validator may no longer be drawn for the data set.
		AccreditationRevoked {
			/// The data set.
			dataset: DatasetId,
			/// The validator.
			validator: T::AccountId,
		},
		/// The keys of a round's shards were released to a member.
		KeyReleased {
			/// The round.
			round: RoundId,
			/// The data set.
			dataset: DatasetId,
			/// The version.
			version: DatasetVersion,
			/// Who can open the sealed keys.
			member: T::AccountId,
			/// The shards.
			shards: ShardSet,
		},
		/// The sealed keys were dropped from storage.
		KeysForgotten {
			/// The round.
			round: RoundId,
			/// Whose keys they were.
			member: T::AccountId,
		},
		/// The data set was used.
		Used {
			/// The data set.
			dataset: DatasetId,
			/// What for.
			kind: Use,
		},
		/// The steward did not do its part.
		Faulted {
			/// The data set.
			dataset: DatasetId,
			/// Faults since it was registered or last reinstated.
			faults: u32,
		},
		/// No new rounds begin on the data set.
		Suspended {
			/// The data set.
			dataset: DatasetId,
		},
		/// The suspension ended.
		Reinstated {
			/// The data set.
			dataset: DatasetId,
		},
		/// No new rounds begin on the version.
		VersionRetired {
			/// The data set.
			dataset: DatasetId,
			/// The version.
			version: DatasetVersion,
		},
		/// No new rounds use the shard.
		ShardRetired {
			/// The data set.
			dataset: DatasetId,
			/// The version.
			version: DatasetVersion,
			/// The shard.
			shard: u32,
		},
		/// Work lost by the steward's fault was paid from its bond.
		StewardCharged {
			/// The data set.
			dataset: DatasetId,
			/// How much, in planck.
			amount: Balance,
			/// To whom.
			to: T::AccountId,
		},
		/// The steward added to its bond.
		BondToppedUp {
			/// The data set.
			dataset: DatasetId,
			/// How much, in planck.
			amount: Balance,
		},
	}
}
