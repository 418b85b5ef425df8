"""Sizes that a compressed frame announces, read without a decoder.

A DICOM header and the codestream inside may disagree; decoders allocate what the codestream says.
Markers: ITU-T T.81 (JPEG) table B.1, T.87 (JPEG-LS) C.1, T.800 (JPEG 2000) A.5.1.
"""

from __future__ import annotations

__all__ = ["announced_size"]

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def announced_size(frame: bytes) -> tuple[int, int] | None:
    """Height and width of a JPEG, JPEG-LS or JPEG 2000 codestream, or None where none is found."""
    if frame.startswith(b"\xff\xd8"):
        return _jpeg_size(frame)
    start = frame.find(b"\xff\x4f\xff\x51")
    return _jpeg_2000_size(frame[start : start + 44]) if start >= 0 else None


def _jpeg_size(frame: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker in _START_OF_FRAME:
            return int.from_bytes(frame[at + 5 : at + 7], "big"), int.from_bytes(frame[at + 7 : at + 9], "big")
        if marker == 0xFF:
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(frame[at + 2 : at + 4], "big"))
    return None


def _jpeg_2000_size(head: bytes) -> tuple[int, int] | None:
    if len(head) < 24:
        return None
    x_end, y_end, x_start, y_start = (int.from_bytes(head[at : at + 4], "big") for at in (8, 12, 16, 20))
    return y_end - y_start, x_end - x_start
