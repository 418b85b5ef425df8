"""Data sets: labels, splits, packing into encrypted shards, public splits, and opening shards in memory."""

from offchain.datasets._blocks import BlockRule
from offchain.datasets._errors import (
    DatasetError,
    ImageRejected,
    LabelsInvalid,
    ManifestRefused,
    PublicSplitRefused,
    ShardCorrupt,
    SplitImpossible,
    StewardKeysInvalid,
)
from offchain.datasets._labels import LabelTable, Notice, Row, read_labels
from offchain.datasets._manifest import HeldOutManifest, ShardEntry, ShardHeader, read_manifest
from offchain.datasets._open import fetch_shard, open_frames, open_shard
from offchain.datasets._pack import PackedDataset, pack
from offchain.datasets._plan import PackPlan, plan_pack
from offchain.datasets._public import PublicIndex, PublicSample, open_public, pull_public, read_public
from offchain.datasets._samples import HeldOutSample
from offchain.datasets._split import MAX_SHARDS, MIN_GROUPS, Split, deal_shards, default_shards, split_rows
from offchain.datasets._steward import LabelOpening, StewardKeys
from offchain.datasets._synthetic import SYNTHETIC_CLASSES, SYNTHETIC_TASK, synthesise

__all__ = [
    "MAX_SHARDS",
    "MIN_GROUPS",
    "SYNTHETIC_CLASSES",
    "SYNTHETIC_TASK",
    "BlockRule",
    "DatasetError",
    "HeldOutManifest",
    "HeldOutSample",
    "ImageRejected",
    "LabelOpening",
    "LabelTable",
    "LabelsInvalid",
    "ManifestRefused",
    "Notice",
    "PackPlan",
    "PackedDataset",
    "PublicIndex",
    "PublicSample",
    "PublicSplitRefused",
    "Row",
    "ShardCorrupt",
    "ShardEntry",
    "ShardHeader",
    "Split",
    "SplitImpossible",
    "StewardKeys",
    "StewardKeysInvalid",
    "deal_shards",
    "default_shards",
    "fetch_shard",
    "open_frames",
    "open_public",
    "open_shard",
    "pack",
    "plan_pack",
    "pull_public",
    "read_labels",
    "read_manifest",
    "read_public",
    "split_rows",
    "synthesise",
]
