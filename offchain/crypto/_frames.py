"""Frames: equal-sized pieces of ciphertext that say nothing about what they hold.

A frame is ``nonce (24) ++ XChaCha20-Poly1305 ciphertext ++ tag (16)``, padded inside to the one size of its version.
Its associated data is the place it was made for: the binding of the split (see `SplitBinding`), the shard and the
frame's index, so that a frame opens nowhere else. The shard's key commitment is part of the binding: the cipher alone
would let one ciphertext open under two keys.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError as NaclError

from offchain.crypto._errors import FrameMalformed, FrameTampered
from offchain.crypto._hash import HASH_BYTES, blake2b_256
from offchain.crypto._secrets import SecretBytes

__all__ = [
    "FRAME_OVERHEAD_BYTES",
    "FRAME_SIZES",
    "FramePlace",
    "SplitBinding",
    "open_frame",
    "seal_frame",
]

NONCE_BYTES = 24
TAG_BYTES = 16
FRAME_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES
FRAME_SIZES = tuple(1 << power for power in range(12, 21))


@dataclass(frozen=True, slots=True)
class SplitBinding:
    """What ties every frame to its split: a hash over the header of the split's manifest.

    The manifest holds Merkle roots and block ids of the ciphertext, so it cannot exist before the frames. Its header
    can: a random 32-byte split id, the frame size, the label root and, for each shard, frames, samples and key
    commitment. The frames are bound to that header, and the manifest carries it whole.
    """

    digest: bytes

    @classmethod
    def of_header(cls, header: bytes) -> SplitBinding:
        """Binding of a header in its canonical bytes."""
        return cls(blake2b_256(b"assay/held-out/1", header))

    def place(self, shard: int, frame: int, frame_bytes: int) -> FramePlace:
        """The place of one frame."""
        return FramePlace(self.digest, shard, frame, frame_bytes)


@dataclass(frozen=True, slots=True)
class FramePlace:
    """Where a frame stands, as the cipher's associated data."""

    binding: bytes
    shard: int
    frame: int
    frame_bytes: int

    @property
    def capacity(self) -> int:
        """Plain bytes that fit."""
        return self.frame_bytes - FRAME_OVERHEAD_BYTES

    def associated_data(self) -> bytes:
        """The bytes that the tag covers beside the ciphertext."""
        if len(self.binding) != HASH_BYTES or self.frame_bytes not in FRAME_SIZES:
            raise FrameMalformed(f"frames of {self.frame_bytes} bytes are not a power of two from 4 KiB to 1 MiB")
        numbers = (self.shard, self.frame, self.frame_bytes)
        return b"assay/frame/1" + self.binding + b"".join(number.to_bytes(4, "little") for number in numbers)


def seal_frame(plain: bytes, key: SecretBytes, place: FramePlace) -> bytes:
    """``plain``, padded with zeros and encrypted to exactly ``place.frame_bytes``, under a random nonce."""
    if len(plain) > place.capacity:
        raise FrameMalformed(f"{len(plain)} bytes do not fit a frame that holds {place.capacity}")
    nonce = secrets.token_bytes(NONCE_BYTES)
    padded = plain.ljust(place.capacity, b"\x00")
    return nonce + bytes(
        crypto_aead_xchacha20poly1305_ietf_encrypt(padded, place.associated_data(), nonce, key.reveal())
    )


def open_frame(frame: bytes, key: SecretBytes, place: FramePlace) -> bytes:
    """The padded plain bytes of a frame, ``place.capacity`` of them.

    Raises FrameTampered when the frame was changed or cut, stands elsewhere, or was made under another key.
    """
    subject = f"frame {place.frame} of shard {place.shard}"
    if len(frame) != place.frame_bytes:
        raise FrameTampered(f"the frame has {len(frame)} bytes, not {place.frame_bytes}", subject=subject)
    nonce, sealed = frame[:NONCE_BYTES], frame[NONCE_BYTES:]
    try:
        return bytes(crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, place.associated_data(), nonce, key.reveal()))
    except NaclError:
        raise FrameTampered(
            "the frame does not authenticate under its key at this place",
            subject=subject,
            hint="decline the round with DataCorrupt if the key fits its commitment",
        ) from None
