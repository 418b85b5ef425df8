"""Model cards: how to feed a checkpoint, in canonical JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NoReturn

from offchain.crypto import shallow_json

from ._architectures import architecture
from ._card_schema import CARD_SCHEMA, SCHEMA_ID
from ._errors import CardInvalid

__all__ = ["ModelCard", "Normalisation", "Preprocessing", "Resize", "parse_card", "read_card"]

_MAX_BYTES = 64 * 1024

Resize = Literal["stretch", "pad", "crop"]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """From an image within 0..1 to a square of ``side`` pixels with ``channels`` channels."""

    side: int
    channels: int
    resize: Resize


@dataclass(frozen=True, slots=True)
class Normalisation:
    """(value - mean) / deviation for each channel, in millionths."""

    mean_ppm: tuple[int, ...]
    deviation_ppm: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a developer publishes beside a checkpoint; the fields are those of the schema."""

    name: str
    architecture: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    normalisation: Normalisation
    operating_point_ppm: int
    intended_use: str
    training_data: str
    licence: str

    def canonical(self) -> bytes:
        """Canonical JSON: UTF-8, sorted keys, no white space.

        Raises:
            CardInvalid: the card breaks its schema.
        """
        fields = {"schema": SCHEMA_ID, **asdict(self)}
        data = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        parse_card(json.loads(data))
        return data

    def hash(self) -> bytes:
        """blake2b-256 of the canonical JSON: what the chain stores."""
        return hashlib.blake2b(self.canonical(), digest_size=32).digest()


def read_card(data: bytes, *, canonical: bool = False) -> ModelCard:
    """A card from JSON.

    Args:
        data: JSON in UTF-8.
        canonical: refuse every form but the canonical one, as is done with bytes that a hash on chain stands for.

    Raises:
        CardInvalid: not JSON, over 64 KiB, or against the schema; the first offence is named.
    """
    if len(data) > _MAX_BYTES:
        raise CardInvalid(f"the model card has more than {_MAX_BYTES} bytes")

    def refuse_number(text: str) -> NoReturn:
        raise CardInvalid(f"the model card has a number that is not whole: {text[:20]}")

    try:
        shallow_json(data)
        fields = json.loads(data.decode(), parse_float=refuse_number, parse_constant=refuse_number)
        card = parse_card(fields)
        is_canonical = card.canonical() == data
    except (ValueError, RecursionError):
        raise CardInvalid("the model card is not JSON in UTF-8") from None
    if canonical and not is_canonical:
        raise CardInvalid("the model card is not in canonical form", hint="`assay model card` writes it")
    return card


def parse_card(fields: Mapping[str, Any]) -> ModelCard:
    """A card from the fields of its JSON, checked against the schema.

    Raises:
        CardInvalid: the first offence is named.
    """
    from jsonschema import Draft202012Validator

    offence = next(iter(Draft202012Validator(CARD_SCHEMA).iter_errors(fields)), None)
    if offence is not None:
        raise CardInvalid(
            "the model card breaks its schema: " + offence.message[:120],
            subject=".".join(map(str, offence.path)) or None,
        )
    rest = {key: value for key, value in fields.items() if key != "schema"}
    normalisation = Normalisation(*(tuple(fields["normalisation"][key]) for key in ("mean_ppm", "deviation_ppm")))
    card = ModelCard(
        **{
            **rest,
            "classes": tuple(fields["classes"]),
            "preprocessing": Preprocessing(**fields["preprocessing"]),
            "normalisation": normalisation,
        }
    )
    channels, side = card.preprocessing.channels, card.preprocessing.side
    if not len(normalisation.mean_ppm) == len(normalisation.deviation_ppm) == channels:
        raise CardInvalid(f"there must be one mean and one deviation for each of {channels} channels")
    known = architecture(card.architecture)
    if not known.min_side <= side <= known.max_side:
        raise CardInvalid(
            f"{known.id} takes sides of {known.min_side} to {known.max_side} pixels, not {side}",
            subject="preprocessing.side",
        )
    return card
