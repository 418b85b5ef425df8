"""What lies inside a frame: samples of one group, each with all it takes to check its label.

Plain layout, integers little endian: ``u32 group ++ u16 samples``, then for each sample ``u32 index ++ u8 label ++
32 salt ++ u8 siblings ++ 32 each ++ u32 bytes ++ image``, then zeros to the frame's capacity.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NoReturn

from offchain.crypto import (
    FRAME_OVERHEAD_BYTES,
    FRAME_SIZES,
    FrameMalformed,
    LabelMismatch,
    SecretExposed,
    label_leaf,
    merkle_verify,
)

__all__ = ["HeldOutSample", "choose_frame_bytes", "decode_frame", "encode_frame", "fill_frames", "sample_bytes"]

_GROUP = struct.Struct("<IH")
_SAMPLE = struct.Struct("<IB32sB")
_LENGTH = struct.Struct("<I")
MAX_SAMPLES_PER_FRAME = 0xFFFF


class HeldOutSample:
    """One decrypted sample. It refuses to be pickled, so it cannot leave its process by accident; it never says more
    of itself than its index.

    Attributes:
        index: place in the whole held-out split; evaluation goes in this order.
        label: class number.
        group: number of its group within the split; says which samples belong together and nothing else.
        salt: 32 bytes that hide the label in its leaf.
        proof: siblings of the label's leaf under the label root.
        image: the image file's bytes.
    """

    __slots__ = ("group", "image", "index", "label", "proof", "salt")

    def __init__(
        self, *, index: int, label: int, group: int, salt: bytes, proof: Sequence[bytes], image: bytes
    ) -> None:
        self.index, self.label, self.group = index, label, group
        self.salt, self.proof, self.image = salt, tuple(proof), image

    @property
    def name(self) -> str:
        """What errors call the sample."""
        return f"held-out sample {self.index}"

    def check_label(self, label_root: bytes, samples: int) -> None:
        """Raise LabelMismatch unless the label opens the root that the chain holds for ``samples`` samples."""
        leaf = label_leaf(self.salt, self.index, self.label)
        if not merkle_verify(label_root, leaf, self.index, samples, self.proof):
            raise LabelMismatch(
                "the label does not open the published label root",
                subject=self.name,
                hint="decline the round with DataCorrupt: the steward's data is not what it published",
            )

    def __repr__(self) -> str:
        return f"HeldOutSample(index={self.index})"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise SecretExposed("a held-out sample is neither copied nor pickled", subject=self.name)


def sample_bytes(image_bytes: int, siblings: int) -> int:
    """Plain bytes that a sample takes."""
    return _SAMPLE.size + 32 * siblings + _LENGTH.size + image_bytes


def fill_frames(sizes: Sequence[int], frame_bytes: int) -> list[list[int]] | None:
    """Places one group's samples of these plain sizes into frames, first fit by falling size.

    Returns the sample positions of each frame, or None where one sample is larger than a frame.
    """
    capacity = frame_bytes - FRAME_OVERHEAD_BYTES - _GROUP.size
    frames: list[tuple[int, list[int]]] = []
    for at in sorted(range(len(sizes)), key=lambda at: (-sizes[at], at)):
        if sizes[at] > capacity:
            return None
        for number, (used, members) in enumerate(frames):
            if used + sizes[at] <= capacity and len(members) < MAX_SAMPLES_PER_FRAME:
                members.append(at)
                frames[number] = used + sizes[at], members
                break
        else:
            frames.append((sizes[at], [at]))
    return [sorted(members) for _, members in frames]


def choose_frame_bytes(groups: Sequence[Sequence[int]]) -> int | None:
    """The frame size under which these groups of plain sample sizes take the fewest bytes; None if none fits."""
    best: tuple[int, int] | None = None
    for size in FRAME_SIZES:
        filled = [fill_frames(sizes, size) for sizes in groups]
        frames = sum(len(each) for each in filled if each is not None)
        if all(each is not None for each in filled) and (best is None or frames * size < best[0]):
            best = frames * size, size
    return best[1] if best else None


def encode_frame(samples: Sequence[HeldOutSample]) -> bytes:
    """The plain bytes of a frame, without padding."""
    parts = [_GROUP.pack(samples[0].group, len(samples))]
    for each in samples:
        parts += [_SAMPLE.pack(each.index, each.label, each.salt, len(each.proof)), *each.proof]
        parts += [_LENGTH.pack(len(each.image)), each.image]
    return b"".join(parts)


def decode_frame(plain: bytes, subject: str) -> Iterator[HeldOutSample]:
    """The samples in a frame's padded plain bytes. Raises FrameMalformed, which only the frame's maker can cause."""
    view, at = memoryview(plain), 0

    def take(size: int) -> memoryview:
        nonlocal at
        if at + size > len(view):
            raise FrameMalformed("the frame ends inside a sample", subject=subject)
        at += size
        return view[at - size : at]

    group, count = _GROUP.unpack(take(_GROUP.size))
    for _ in range(count):
        index, label, salt, siblings = _SAMPLE.unpack(take(_SAMPLE.size))
        proof = [bytes(take(32)) for _ in range(siblings)]
        (size,) = _LENGTH.unpack(take(_LENGTH.size))
        yield HeldOutSample(index=index, label=label, group=group, salt=salt, proof=proof, image=bytes(take(size)))
    if not count or any(view[at:]):
        raise FrameMalformed("the frame holds something beside its samples", subject=subject)
