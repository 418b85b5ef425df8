"""Mistakes made at the command line."""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = ["Cancelled", "CommandLineError", "ConfirmationNeeded", "MalformedValue"]


class CommandLineError(AssayError):
    """What was typed cannot be carried out."""

    code: ClassVar[int] = 800


class MalformedValue(CommandLineError):
    """A value that cannot be read: an amount, an address, a number of blocks."""

    code = 801


class ConfirmationNeeded(CommandLineError):
    """A question that nobody is there to answer."""

    code = 802


class Cancelled(CommandLineError):
    """The person answered no."""

    code = 803
