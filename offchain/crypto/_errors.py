"""What can go wrong with keys, frames, commitments and openings.

::

    CryptoError (300)
    ├── KeyInvalid (301)       a key that does not fit its commitment, or a box that does not open
    ├── FrameTampered (302)    ciphertext that was changed, moved, or belongs elsewhere
    ├── FrameMalformed (303)   an authentic frame whose inside breaks the format: its maker's fault
    ├── LabelMismatch (304)    a label that the published label root does not cover
    ├── SecretExposed (305)    an attempt to copy or serialise a secret
    ├── PossessionInvalid (306) a BLS key without a valid proof of possession
    ├── VaultLocked (307)      a wrong passphrase, or a changed key file
    └── VaultInvalid (308)     something that is not a key file
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = [
    "CryptoError",
    "FrameMalformed",
    "FrameTampered",
    "KeyInvalid",
    "LabelMismatch",
    "PossessionInvalid",
    "SecretExposed",
    "VaultInvalid",
    "VaultLocked",
]


class CryptoError(AssayError):
    """Root of this room's errors."""

    code: ClassVar[int] = 300


class KeyInvalid(CryptoError):
    """A key does not fit its commitment, or its sealed box does not open."""

    code: ClassVar[int] = 301


class FrameTampered(CryptoError):
    """An encrypted frame does not authenticate where it stands."""

    code: ClassVar[int] = 302


class FrameMalformed(CryptoError):
    """A frame authenticates, but what it holds breaks the format."""

    code: ClassVar[int] = 303


class LabelMismatch(CryptoError):
    """A label does not open the published label root."""

    code: ClassVar[int] = 304


class SecretExposed(CryptoError):
    """Code tried to copy or serialise a secret."""

    code: ClassVar[int] = 305


class PossessionInvalid(CryptoError):
    """A BLS public key lacks a valid proof of possession."""

    code: ClassVar[int] = 306


class VaultLocked(CryptoError):
    """A key file does not open: a wrong passphrase, or changed bytes."""

    code: ClassVar[int] = 307


class VaultInvalid(CryptoError):
    """The file is not a key file of this format."""

    code: ClassVar[int] = 308
