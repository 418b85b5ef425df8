"""What the runtime answers about transactions: valid and how, or refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from offchain.scale import decode_compact, decode_vec

__all__ = ["EXHAUSTS_RESOURCES", "Refusal", "Validity", "decode_apply_result", "decode_validity"]

# Texts of sp_runtime::transaction_validity, in the order of its variants.
_INVALID: Final = (
    "Transaction call is not expected",
    "Inability to pay some fees (e.g. account balance too low)",
    "Transaction will be valid in the future",
    "Transaction is outdated",
    "Transaction has a bad signature",
    "Transaction has an ancient birth block",
    "Transaction would exhaust the block limits",
    "InvalidTransaction custom error",
    "A call was labelled as mandatory, but resulted in an Error.",
    "Transaction dispatch is mandatory; transactions must not be validated.",
    "Invalid signing address",
    "The implicit data was unable to be calculated",
    "The transaction extension did not authorize any origin",
)
_UNKNOWN: Final = (
    "Could not lookup information required to validate the transaction",
    "Could not find an unsigned validator for the unsigned transaction",
    "UnknownTransaction custom error",
)
EXHAUSTS_RESOURCES: Final = 6
_CUSTOM: Final = 7


@dataclass(frozen=True)
class Validity:
    """``sp_runtime::ValidTransaction``: tags, order and life of a valid transaction, ``longevity`` in blocks."""

    priority: int
    requires: tuple[bytes, ...]
    provides: tuple[bytes, ...]
    longevity: int


@dataclass(frozen=True)
class Refusal:
    """``TransactionValidityError``: ``known`` is false where the runtime could not tell."""

    known: bool
    variant: int
    text: str

    @property
    def exhausts_resources(self) -> bool:
        """Whether the transaction is fine and only the block is full."""
        return self.known and self.variant == EXHAUSTS_RESOURCES


def decode_validity(data: bytes) -> Validity | Refusal:
    """The answer of ``TaggedTransactionQueue_validate_transaction``."""
    if data[0] != 0:
        return _refusal(data, 1)
    requires, position = _tags(data, 9)
    provides, position = _tags(data, position)
    return Validity(
        priority=int.from_bytes(data[1:9], "little"),
        requires=requires,
        provides=provides,
        longevity=int.from_bytes(data[position : position + 8], "little"),
    )


def decode_apply_result(data: bytes) -> Refusal | None:
    """The answer of ``BlockBuilder_apply_extrinsic``: None when it was included, dispatched well or not."""
    return None if data[0] == 0 else _refusal(data, 1)


def _refusal(data: bytes, offset: int) -> Refusal:
    known, variant = data[offset] == 0, data[offset + 1]
    if known and variant == _CUSTOM:
        return Refusal(known, variant, f"Custom error: {data[offset + 2]}")
    texts = _INVALID if known else _UNKNOWN
    return Refusal(known, variant, texts[variant] if variant < len(texts) else f"variant {variant}")


def _tags(data: bytes, offset: int) -> tuple[tuple[bytes, ...], int]:
    count, position = decode_compact(data, offset)
    tags = []
    for _ in range(count):
        tag, position = decode_vec(data, position)
        tags.append(tag)
    return tuple(tags), position
