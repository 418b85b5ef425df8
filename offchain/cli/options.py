"""Options that mean the same in every command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from offchain.cli.errors import Cancelled, ConfirmationNeeded

__all__ = ["DEFAULT_NODE", "AsJson", "DryRun", "Node", "PassphraseFile", "Yes", "confirm"]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document (see `assay schema`).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done and what it costs; do nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to every question.")]
Node = Annotated[
    list[str],
    typer.Option(
        "--node",
        envvar="ASSAY_NODE",
        metavar="URL",
        help="WebSocket of the node. Several, repeated or with commas: the next takes over from one that fails.",
    ),
]
"""Use with ``= DEFAULT_NODE``."""
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        envvar="ASSAY_PASSPHRASE_FILE",
        metavar="FILE",
        help="File whose first line is the passphrase (or set ASSAY_PASSPHRASE); asked for otherwise.",
    ),
]

DEFAULT_NODE = ["ws://127.0.0.1:9944"]


def confirm(question: str, *, yes: bool) -> None:
    """Asks before something is done that cannot be undone.

    Raises:
        Cancelled: the answer is no.
        ConfirmationNeeded: standard input is no terminal and ``--yes`` was not given.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfirmationNeeded("this needs a confirmation", subject=question, hint="add --yes")
    if not typer.confirm(question, err=True):
        raise Cancelled("nothing was done")
