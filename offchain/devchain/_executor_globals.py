"""Makes a module's mutable globals reachable, so that a reused instance can be put back to where it began.

Rust keeps its stack pointer in a mutable global that it does not export; after a trap it stands anywhere. The native
executor does the same to the binary before it instantiates it (``sc_executor_common::runtime_blob``).
Source: WebAssembly core specification 2.0, section 5.5 (modules).
"""

from __future__ import annotations

from typing import Final

from ._executor_errors import InvalidRuntime

__all__ = ["GLOBAL_PREFIX", "expose_mutable_globals"]

GLOBAL_PREFIX: Final = "assay_mutable_global_"

_MAGIC: Final = b"\x00asm\x01\x00\x00\x00"
_IMPORTS, _GLOBALS, _EXPORTS = 2, 6, 7
_GLOBAL_KIND: Final = 3


def expose_mutable_globals(wasm: bytes) -> bytes:
    """``wasm`` with an export ``assay_mutable_global_N`` for its global N where that is mutable and its own."""
    if not wasm.startswith(_MAGIC):
        raise InvalidRuntime("this is no WebAssembly module")
    try:
        return _exposed(wasm)
    except IndexError as error:
        raise InvalidRuntime("the WebAssembly module is cut off") from error


def _exposed(wasm: bytes) -> bytes:
    sections = _sections(wasm)
    mutable = [
        index + _imported_globals(dict(sections).get(_IMPORTS, b""))
        for index, is_mutable in enumerate(_mutability(dict(sections).get(_GLOBALS, b"")))
        if is_mutable
    ]
    out = bytearray(_MAGIC)
    for kind, body in sections:
        if kind == _EXPORTS:
            count, start = _leb(body, 0)
            added = b"".join(
                _unsigned(len(name)) + name + bytes((_GLOBAL_KIND,)) + _unsigned(index)
                for index in mutable
                for name in (f"{GLOBAL_PREFIX}{index}".encode(),)
            )
            content = _unsigned(count + len(mutable)) + body[start:] + added
        else:
            content = body
        out += bytes((kind,)) + _unsigned(len(content)) + content
    return bytes(out)


def _sections(wasm: bytes) -> list[tuple[int, bytes]]:
    found = []
    offset = len(_MAGIC)
    while offset < len(wasm):
        kind = wasm[offset]
        size, start = _leb(wasm, offset + 1)
        offset = start + size
        if offset > len(wasm):
            raise InvalidRuntime("the WebAssembly module is cut off")
        found.append((kind, wasm[start:offset]))
    return found


def _mutability(body: bytes) -> list[bool]:
    """For each global of the section whether it is mutable."""
    if not body:
        return []
    count, offset = _leb(body, 0)
    found = []
    for _ in range(count):
        found.append(body[offset + 1] == 1)
        offset = _after_constant(body, offset + 2)
    return found


def _after_constant(body: bytes, offset: int) -> int:
    """The offset after an initialiser: one constant or ``global.get``, then ``end``."""
    instruction = body[offset]
    if instruction in {0x41, 0x42, 0x23}:
        _, offset = _leb(body, offset + 1)
    elif instruction in {0x43, 0x44}:
        offset += 5 if instruction == 0x43 else 9
    else:
        raise InvalidRuntime("a global of the runtime has an initialiser of an unknown kind")
    if body[offset] != 0x0B:
        raise InvalidRuntime("a global of the runtime has an initialiser of several instructions")
    return offset + 1


def _imported_globals(body: bytes) -> int:
    """How many globals the import section brings: they come first in the index."""
    if not body:
        return 0
    count, offset = _leb(body, 0)
    globals_found = 0
    for _ in range(count):
        for _name in range(2):
            length, offset = _leb(body, offset)
            offset += length
        kind = body[offset]
        offset += 1
        if kind == 0:
            _, offset = _leb(body, offset)
        elif kind in {1, 2}:
            offset = _after_limits(body, offset + (1 if kind == 1 else 0))
        elif kind == _GLOBAL_KIND:
            globals_found += 1
            offset += 2
        else:
            raise InvalidRuntime("the runtime imports something of an unknown kind")
    return globals_found


def _after_limits(body: bytes, offset: int) -> int:
    bounded = body[offset] & 1
    _, offset = _leb(body, offset + 1)
    if bounded:
        _, offset = _leb(body, offset)
    return offset


def _leb(data: bytes, offset: int) -> tuple[int, int]:
    """The unsigned LEB128 number at ``offset`` and the offset after it."""
    number = shift = 0
    while True:
        byte = data[offset]
        offset += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, offset
        shift += 7


def _unsigned(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
