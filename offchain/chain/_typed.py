"""Our dataclasses to and from the plain values that the SCALE library reads and writes.

The library gives structs as dicts, enums as a name or ``{name: payload}``, bytes as ``0x`` hex and accounts as SS58.
The type hints of a dataclass say what each is meant to be; a class that needs more has ``from_scale`` and ``to_scale``.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from functools import cache
from typing import Any, NewType, TypeVar

from offchain.chain.errors import Undecodable

__all__ = ["Address", "Text", "decode", "encode", "plain"]

Address = NewType("Address", str)
"""An account as SS58 text with prefix 42."""
Text = NewType("Text", str)
"""Text that the chain keeps as UTF-8 bytes."""

T = TypeVar("T")


def decode(kind: type[T] | Any, value: Any) -> T:
    """A value of the given type.

    Raises:
        Undecodable: the chain's value does not have that shape.
    """
    try:
        return typing.cast("T", _decode(kind, value))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        name = getattr(kind, "__name__", str(kind))
        raise Undecodable(
            "the chain's types are not those this version knows", subject=name, hint=str(error)
        ) from error


def encode(value: Any, kind: Any = Any) -> Any:
    """What the library takes to encode a value of ours."""
    if kind is Text and isinstance(value, str):
        return "0x" + value.encode().hex()
    if hasattr(value, "to_scale"):
        return value.to_scale()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name), hint) for name, hint in hints(type(value)).items()}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes | bytearray):
        return "0x" + value.hex()
    if isinstance(value, list | tuple):
        item = (typing.get_args(_some(kind)) or (Any,))[0]
        return [encode(element, item) for element in value]
    if isinstance(value, dict):
        return {key: encode(element) for key, element in value.items()}
    return value


def plain(value: Any) -> Any:
    """A value of no known type: hex becomes bytes, everything else stays."""
    if isinstance(value, str) and value.startswith("0x"):
        return bytes.fromhex(value[2:])
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain(element) for element in value)
    return value


@cache
def hints(kind: type) -> dict[str, Any]:
    """Resolved types of a dataclass's fields, in order."""
    resolved = typing.get_type_hints(kind)
    return {field.name: resolved[field.name] for field in dataclasses.fields(kind)}


def _decode(kind: Any, value: Any) -> Any:
    if kind is Any:
        return plain(value)
    if kind is bytes:
        return bytes.fromhex(_expect(str, value).removeprefix("0x"))
    if kind is Text:
        return bytes.fromhex(_expect(str, value).removeprefix("0x")).decode("utf-8", errors="replace")
    if kind is Address:
        return _expect(str, value)
    if kind in {int, bool, str}:
        return _expect(kind, value)
    if hasattr(kind, "from_scale"):
        return kind.from_scale(value)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        fields = hints(kind)
        return kind(**{name: _decode(hint, _expect(dict, value)[name]) for name, hint in fields.items()})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and arguments[-1] is Ellipsis:
        return tuple(_decode(arguments[0], element) for element in value)
    if origin is tuple:
        return tuple(_decode(hint, element) for hint, element in zip(arguments, value, strict=True))
    if origin in {typing.Union, types.UnionType}:
        if type(None) in arguments:
            return None if value is None else _decode(_some(kind), value)
        return _variant(arguments, value)
    raise TypeError(f"no way to decode {kind}")


def _variant(kinds: tuple[Any, ...], value: Any) -> Any:
    """A member of a union of dataclasses, each named as the variant it stands for."""
    name, payload = (value, {}) if isinstance(value, str) else next(iter(_expect(dict, value).items()))
    for kind in kinds:
        if kind.__name__ == name:
            fields = hints(kind)
            if len(fields) == 1 and not (isinstance(payload, dict) and set(payload) == set(fields)):
                payload = {next(iter(fields)): payload}
            return _decode(kind, payload)
    raise ValueError(f"no variant {name}")


def _some(kind: Any) -> Any:
    """The type of an optional value that is there."""
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        there = [argument for argument in typing.get_args(kind) if argument is not type(None)]
        return there[0] if len(there) == 1 else typing.Union[tuple(there)]  # noqa: UP007 - made at run time
    return kind


def _expect(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value
