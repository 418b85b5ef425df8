"""Dataclasses as JSON, as JSON schemas and as cells of a table: one declaration, three faces."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from pathlib import Path
from typing import Any

from offchain.cli.units import Block, Blocks, Planck, Ppm, asy, blocks, percent

__all__ = ["cell", "fields", "headline", "jsonable", "schema"]

_UNIT_SUFFIXES = ("_planck", "_ppm", "_blocks")


def fields(kind: type) -> dict[str, Any]:
    """Names and resolved types of a record's fields, in order."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def headline(name: str) -> str:
    """A field's name as a column's header: without its unit, which every cell shows."""
    for suffix in _UNIT_SUFFIXES:
        name = name.removesuffix(suffix)
    return name.replace("_", " ")


def jsonable(value: Any, kind: Any = Any) -> Any:
    """What ``--json`` prints for a value of the given type. Bytes become hex, amounts strings of digits."""
    kind = _inner(kind, value)
    if value is None or isinstance(value, bool | float):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: jsonable(getattr(value, name), hint) for name, hint in fields(type(value)).items()}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, int):
        return str(value) if kind is Planck else value
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        arguments = typing.get_args(kind)
        return {str(key): jsonable(item, arguments[1] if arguments else Any) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item, hint) for item, hint in zip(value, _item_types(kind, len(value)), strict=True)]
    return str(value)


def cell(value: Any, kind: Any = Any) -> str:
    """What a table shows for a value of the given type."""
    kind = _inner(kind, value)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(_NUMBERS.get(kind, str)(value))
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, enum.Enum):
        return str(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return ", ".join(f"{headline(n)} {cell(getattr(value, n), hint)}" for n, hint in fields(type(value)).items())
    if isinstance(value, dict):
        arguments = typing.get_args(kind)
        return ", ".join(f"{key} {cell(item, arguments[1] if arguments else Any)}" for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        hints = _item_types(kind, len(value))
        return ", ".join(cell(item, hint) for item, hint in zip(value, hints, strict=True)) or "-"
    return str(value)


def schema(kind: Any) -> dict[str, Any]:
    """The JSON schema (2020-12) of what :func:`jsonable` makes of a value of the given type."""
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        members = fields(kind)
        return {
            "type": "object",
            "title": kind.__name__,
            "description": (kind.__doc__ or "").strip().split("\n")[0],
            "properties": {name: schema(hint) for name, hint in members.items()},
            "required": list(members),
            "additionalProperties": False,
        }
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"enum": [member.value for member in kind]}
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return {"anyOf": [schema(argument) for argument in arguments]}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(arguments[1])}
    if origin is tuple and Ellipsis not in arguments:
        return {"type": "array", "prefixItems": [schema(argument) for argument in arguments], "items": False}
    if origin in {list, tuple, set, frozenset}:
        return {"type": "array", "items": schema(arguments[0])}
    return {}


_SIMPLE: dict[Any, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string"},
    type(None): {"type": "null"},
    bytes: {"type": "string", "pattern": "^0x([0-9a-f]{2})*$"},
    Planck: {"type": "string", "pattern": "^-?[0-9]+$", "description": "planck; 1 ASY is 10^12 planck"},
    Ppm: {"type": "integer", "description": "parts per million"},
    Block: {"type": "integer", "description": "height of a block"},
    Blocks: {"type": "integer", "description": "number of blocks"},
}

_NUMBERS: dict[Any, Any] = {Planck: asy, Ppm: percent, Block: "{:,}".format, Blocks: blocks}


def _inner(kind: Any, value: Any) -> Any:
    """The member of an optional type that the value belongs to."""
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        candidates = [argument for argument in typing.get_args(kind) if argument is not type(None)]
        return candidates[0] if len(candidates) == 1 and value is not None else Any
    return kind


def _item_types(kind: Any, count: int) -> list[Any]:
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple and Ellipsis not in arguments and len(arguments) == count:
        return list(arguments)
    return [arguments[0] if arguments else Any] * count
