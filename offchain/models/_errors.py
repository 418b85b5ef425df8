"""What can be wrong with a model; codes 400 to 499.

::

    ModelError
    ├── CheckpointForeign        pickle, TorchScript or another type that is never interpreted
    ├── CheckpointTooLarge       over a cap
    ├── CheckpointMalformed      not valid safetensors, a refused type, or values that are not numbers
    ├── CheckpointNotCanonical   valid safetensors in another form than the canonical one
    ├── CheckpointMismatch       a key or shape that the architecture does not have
    ├── ArchitectureUnknown      not on the allowlist, or not for this input
    ├── CardInvalid              a model card that breaks its schema
    └── OutputInvalid            a model that gives values that are not numbers
"""

from __future__ import annotations

from offchain.errors import AssayError

__all__ = [
    "ArchitectureUnknown",
    "CardInvalid",
    "CheckpointForeign",
    "CheckpointMalformed",
    "CheckpointMismatch",
    "CheckpointNotCanonical",
    "CheckpointTooLarge",
    "ModelError",
    "OutputInvalid",
]


class ModelError(AssayError):
    """A model cannot be used."""

    code = 400


class CheckpointForeign(ModelError):
    """A type of file that is never interpreted, because interpreting it may run code."""

    code = 401


class CheckpointTooLarge(ModelError):
    """Over a cap on size, header, tensors or dimensions."""

    code = 402


class CheckpointMalformed(ModelError):
    """Not valid safetensors, a refused type of number, or values that are not numbers."""

    code = 403


class CheckpointNotCanonical(ModelError):
    """Valid safetensors, but not the one form that a checkpoint's id is made from."""

    code = 404


class CheckpointMismatch(ModelError):
    """A key or shape that the architecture does not have; the first one is named."""

    code = 405


class ArchitectureUnknown(ModelError):
    """Not on the allowlist, or not for this input."""

    code = 406


class CardInvalid(ModelError):
    """A model card that breaks its schema."""

    code = 407


class OutputInvalid(ModelError):
    """The model gives values that are not numbers."""

    code = 408
