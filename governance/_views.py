"""How commands show records for which a table of names and values will not do."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from typing import get_type_hints

from governance._cards import Passed, Report, StandingCard
from governance._describe import value_text
from offchain.cli.output import note, table

__all__ = ["report_view", "standing_view"]


@dataclass(frozen=True)
class _Verdict:
    call: str
    in_the_name_of: str
    on_the_state_after_block: int
    succeeds: bool
    refused: str | None
    runtime: str


@dataclass(frozen=True)
class _Event:
    event: str


@dataclass(frozen=True)
class _Change:
    storage: str
    before: str
    after: str


def standing_view(found: StandingCard | Passed) -> None:
    """A table, which says in words where no number of ayes suffices."""
    if isinstance(found, Passed) or found.ayes_missing_now_planck is not None:
        table(found)
        return
    kinds = {**get_type_hints(StandingCard), "ayes_missing_now_planck": str}
    words = {**vars(found), "ayes_missing_now_planck": "no number of ayes: nays must be taken back"}
    table(make_dataclass("_Shown", kinds.items())(**words))


def report_view(found: Report) -> None:
    """The verdict, the events and the storage that would change, one below the other."""
    before, after = found.version_before, found.version_after
    runtime = f"version {before}" if before == after else f"version {before}, then {after} ({found.blocks} blocks)"
    table(_Verdict(found.call, found.in_the_name_of, found.at, found.succeeds, found.refused, runtime))
    table([_Event(event) for event in found.events])
    if found.changes:
        table([_Change(one["storage"], _side(one["before"]), _side(one["after"])) for one in found.changes])
    else:
        note("no storage would change")


def _side(value: object) -> str:
    """A value of nothing, such as the mark of a paused call, is there all the same."""
    return "there" if value in ((), {}) else value_text(value)
