"""Models: an allowlist of architectures, checkpoints in one canonical form, and cards that say how to feed them.

A checkpoint is a safetensors file in canonical form; its id is the blake2b-256 of its bytes. Nothing is allocated for
a tensor before the whole file has been found to be in order, and no other kind of file is interpreted at all.
"""

from ._architectures import ARCHITECTURES, Architecture, architecture
from ._canonical import checkpoint_id, encode, pack, read_canonical
from ._card import ModelCard, Normalisation, Preprocessing, parse_card, read_card
from ._errors import (
    ArchitectureUnknown,
    CardInvalid,
    CheckpointForeign,
    CheckpointMalformed,
    CheckpointMismatch,
    CheckpointNotCanonical,
    CheckpointTooLarge,
    ModelError,
    OutputInvalid,
)
from ._header import CheckpointCaps, TensorEntry
from ._load import CheckpointFacts, build, check, load, weights_of
from ._preprocess import prepare

__all__ = [
    "ARCHITECTURES",
    "Architecture",
    "ArchitectureUnknown",
    "CardInvalid",
    "CheckpointCaps",
    "CheckpointFacts",
    "CheckpointForeign",
    "CheckpointMalformed",
    "CheckpointMismatch",
    "CheckpointNotCanonical",
    "CheckpointTooLarge",
    "ModelCard",
    "ModelError",
    "Normalisation",
    "OutputInvalid",
    "Preprocessing",
    "TensorEntry",
    "architecture",
    "build",
    "check",
    "checkpoint_id",
    "encode",
    "load",
    "pack",
    "parse_card",
    "prepare",
    "read_canonical",
    "read_card",
    "weights_of",
]
