"""Which chain a network runs: a name that the node knows, or a raw spec of which the network keeps a copy."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from ._errors import DirectoryUnfit, TestnetError
from ._plan import Plan, Wishes

__all__ = ["with_chain", "with_spec_kept"]

_LOCAL: Final = "local"
_LOCAL_QUORUM: Final = 3
"""Of the four authorities of the chain ``local``: fewer never finalize a block."""


def with_chain(folder: Path, wishes: Wishes, given: str | None, earlier: Plan | None) -> Wishes:
    """Wishes with the chain that was asked for, or with that of an earlier network of the directory.

    Args:
        folder: of the network.
        wishes: all but the chain.
        given: what was asked for, if anything was.
        earlier: the directory's network.

    Raises:
        DirectoryUnfit: the directory holds another chain than was asked for.
        TestnetError: so few nodes never finalize a block.
    """
    if given and earlier is not None and not _is_same(given, earlier.wishes.chain):
        raise DirectoryUnfit(
            "this directory holds another chain",
            subject=str(folder),
            hint="use another --dir, or delete this one: assay testnet down --purge",
        )
    chain = earlier.wishes.chain if earlier is not None else given or _LOCAL
    if chain == _LOCAL and wishes.nodes < _LOCAL_QUORUM:
        raise TestnetError(
            f"fewer than {_LOCAL_QUORUM} of the four authorities of the chain {_LOCAL} never finalize a block",
            subject=str(folder),
            hint=f"--nodes {_LOCAL_QUORUM} or 4; or a chain of one authority, in another --dir: --chain dev",
        )
    return replace(wishes, chain=chain)


def with_spec_kept(folder: Path, wishes: Wishes) -> Wishes:
    """Wishes with a copy of the chain spec, so that the network outlives changes of the original.

    Raises:
        DirectoryUnfit: the spec cannot be read.
    """
    given, kept = Path(wishes.chain), folder / "chain-spec.json"
    if not _is_file(wishes.chain):
        return wishes
    if given != kept:
        try:
            shutil.copyfile(given, kept)
        except OSError as error:
            raise _unreadable(given, error) from error
    return replace(wishes, chain=str(kept))


def _is_file(chain: str) -> bool:
    return chain.endswith(".json")


def _is_same(given: str, kept: str) -> bool:
    if not (_is_file(given) and _is_file(kept)):
        return given == kept
    return _read(given) == _read(kept)


def _read(spec: str) -> bytes:
    try:
        return Path(spec).read_bytes()
    except OSError as error:
        raise _unreadable(Path(spec), error) from error


def _unreadable(spec: Path, error: OSError) -> DirectoryUnfit:
    return DirectoryUnfit(f"the chain spec cannot be read: {error.strerror}", subject=str(spec))
