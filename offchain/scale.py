"""The few SCALE encodings that are needed below the level of metadata, where no type registry is at hand."""

from __future__ import annotations

__all__ = ["compact", "decode_compact", "decode_vec", "option", "vec"]

_SINGLE = [bytes([number << 2]) for number in range(64)]


def compact(number: int) -> bytes:
    """A compact unsigned integer, below 2**536."""
    if number < 1 << 6:
        return _SINGLE[number]
    if number < 1 << 14:
        return (number << 2 | 1).to_bytes(2, "little")
    if number < 1 << 30:
        return (number << 2 | 2).to_bytes(4, "little")
    raw = number.to_bytes((number.bit_length() + 7) // 8, "little")
    return bytes([(len(raw) - 4) << 2 | 3]) + raw


def decode_compact(data: bytes, offset: int = 0) -> tuple[int, int]:
    """The compact integer at ``offset`` and the offset after it; ValueError when the data are too short."""
    if offset >= len(data):
        raise ValueError("a compact integer needs at least one byte")
    mode = data[offset] & 3
    if mode == 3:
        end = offset + 5 + (data[offset] >> 2)
        number = int.from_bytes(data[offset + 1 : end], "little")
    else:
        end = offset + (1 << mode)
        number = int.from_bytes(data[offset:end], "little") >> 2
    if end > len(data):
        raise ValueError("a compact integer is cut off")
    return number, end


def decode_vec(data: bytes, offset: int = 0) -> tuple[bytes, int]:
    """The ``Vec<u8>`` at ``offset`` and the offset after it; ValueError when the data are too short."""
    length, start = decode_compact(data, offset)
    end = start + length
    if end > len(data):
        raise ValueError("a byte vector is cut off")
    return data[start:end], end


def vec(data: bytes) -> bytes:
    """``Vec<u8>``: the length as a compact integer, then the bytes."""
    return compact(len(data)) + data


def option(data: bytes | None) -> bytes:
    """``Option<Vec<u8>>``."""
    return b"\x00" if data is None else b"\x01" + compact(len(data)) + data
