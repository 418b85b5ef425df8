"""The JSON schema (2020-12) of a model card."""

from __future__ import annotations

from typing import Any

from ._architectures import ARCHITECTURES, CHANNELS, MAX_CLASSES

__all__ = ["CARD_SCHEMA", "SCHEMA_ID"]

SCHEMA_ID = "assay/model-card/1"


def _object(description: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _text(description: str, longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": description}


def _per_channel(description: str, least: int) -> dict[str, Any]:
    return {
        "type": "array",
        "minItems": 1,
        "maxItems": 3,
        "items": {"type": "integer", "minimum": least, "maximum": 10_000_000},
        "description": description,
    }


CARD_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Model card",
    **_object(
        "How to feed a checkpoint and what it is for. All numbers are whole.",
        schema={"const": SCHEMA_ID},
        name=_text("What people call the model.", 64),
        architecture={"enum": sorted(ARCHITECTURES), "description": "Identifier on the allowlist."},
        classes={
            "type": "array",
            "minItems": 2,
            "maxItems": MAX_CLASSES,
            "uniqueItems": True,
            "items": _text("Name of a class, in the order of the outputs.", 32),
        },
        preprocessing=_object(
            "From an image within 0..1 to the input.",
            side={"type": "integer", "minimum": 16, "maximum": 1024, "description": "Height and width in pixels."},
            channels={"enum": list(CHANNELS), "description": "1: grey (ITU-R BT.601 luma); 3: RGB."},
            resize={
                "enum": ["stretch", "pad", "crop"],
                "description": "stretch: both sides to fit; pad: whole image, black borders; crop: centred square.",
            },
        ),
        normalisation=_object(
            "Input = (value - mean) / deviation, for each channel, in millionths.",
            mean_ppm=_per_channel("Subtracted.", -10_000_000),
            deviation_ppm=_per_channel("Divided by.", 1),
        ),
        operating_point_ppm={
            "type": "integer",
            "minimum": 0,
            "maximum": 1_000_000,
            "description": "Score of class 1 from which a sample counts as positive; used with two classes.",
        },
        intended_use=_text("Who should use it on what, and who should not.", 4000),
        training_data=_text("What it was trained on.", 4000),
        licence={
            "type": "string",
            "pattern": "^[A-Za-z0-9.+-]{1,32}$",
            "description": "SPDX identifier of the licence of the weights.",
        },
    ),
}
