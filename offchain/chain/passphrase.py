"""Where a passphrase comes from: a file, the environment, or a person. Never a command's arguments, never a log."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from offchain.chain.errors import WrongPassphrase

__all__ = ["read_passphrase"]

VARIABLE = "ASSAY_PASSPHRASE"


def read_passphrase(what: str, *, file: Path | None = None, new: bool = False) -> str:
    """The passphrase of something: first line of ``file``, or ``ASSAY_PASSPHRASE``, or what a person types.

    Args:
        what: what it opens, for the prompt.
        file: a file whose first line it is.
        new: whether it is being chosen, and so typed twice.

    Raises:
        WrongPassphrase: there is no file, no variable, and nobody to ask.
    """
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeDecodeError):
            raise WrongPassphrase("the passphrase file cannot be read", subject=str(file)) from None
    if (given := os.environ.get(VARIABLE)) is not None:
        return given
    if not sys.stdin.isatty():
        raise WrongPassphrase(
            "a passphrase is needed and nobody can be asked",
            subject=what,
            hint=f"set {VARIABLE} or give --passphrase-file",
        )
    return str(typer.prompt(f"Passphrase for {what}", hide_input=True, confirmation_prompt=new, err=True))
