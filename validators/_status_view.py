"""The overview as a person sees it on a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from offchain.cli.units import asy, blocks
from offchain.errors import AssayError
from validators._status import Overview

__all__ = ["draw", "trouble"]

STYLES = {"alive": "green", "silent": "bold red", "chilled": "yellow", "runs": "green", "stopped": "bold red"}


def draw(found: Overview) -> RenderableType:
    """Chain, authorities, rounds, validators, agents of this machine, account."""
    parts: list[RenderableType] = [_chain(found), _authorities(found), _rounds(found), _validators(found)]
    if found.agents:
        parts.append(_agents(found))
    if found.account is not None:
        parts.append(_account(found))
    return Group(*_spaced(parts))


def trouble(last: RenderableType, error: AssayError) -> RenderableType:
    """What was seen last, and why there is nothing newer."""
    return Group(last, Text(f"\n{error}", style="bold red"))


def _spaced(parts: list[RenderableType]) -> list[RenderableType]:
    return [each for part in parts for each in (part, Text(""))][:-1]


def _grid(title: str, *columns: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
        min_width=60,
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _word(state: str) -> Text:
    return Text(state, style=STYLES.get(state, ""))


def _chain(found: Overview) -> RenderableType:
    chain = found.chain
    lines = Text()
    lines.append(chain.name, style="bold")
    lines.append(f"  runtime {chain.runtime}, {chain.version} at {chain.node}")
    if chain.failovers:
        lines.append(f", {chain.failovers} other node{'s' if chain.failovers > 1 else ''} given up", style="yellow")
    lines.append(f"\nbest {chain.best:,}  finalized {chain.finalized:,}  ")
    late = f"{blocks(chain.lag_blocks)} not final"
    lines.append(late, style="bold red" if chain.finality_stalled else "")
    if chain.finality_stalled:
        lines.append("  FINALITY STANDS STILL: agents wait for it, nothing is lost", style="bold red")
    peers = f"{chain.peers} peer{'' if chain.peers == 1 else 's'}"
    lines.append(f"  {peers}{', syncing' if chain.syncing else ''}")
    return lines


def _authorities(found: Overview) -> RenderableType:
    table = _grid("Authorities", "account", "last block", "slots ago", "")
    for each in found.authorities:
        last = "-" if each.last_block is None else f"{each.last_block:,}"
        table.add_row(each.account, last, f"{each.slots_since:,}", _word(each.state))
    return table


def _rounds(found: Overview) -> RenderableType:
    table = _open_rounds(found)
    if not found.paused_calls:
        return table
    paused = f"Paused by governance, and the rounds' clock with them: {', '.join(found.paused_calls)}"
    return Group(Text(paused, style="bold yellow"), table)


def _open_rounds(found: Overview) -> RenderableType:
    counts = ", ".join(f"{count} {state.lower()}" for state, count in found.rounds_by_state.items() if count)
    if not counts:
        return Text.assemble(("Open rounds: ", "bold"), "none")
    table = _grid(f"Open rounds: {counts}", "round", "benchmark", "state", "until", "left", "next actor")
    for each in found.rounds:
        late = each.left_blocks < 0
        left = Text(
            f"{blocks(-each.left_blocks)} late" if late else blocks(each.left_blocks), "bold red" if late else ""
        )
        table.add_row(str(each.round), str(each.benchmark), each.state, f"{each.until:,}", left, each.next_actor)
    return table


def _validators(found: Overview) -> RenderableType:
    if not found.validators:
        return Text.assemble(("Validators: ", "bold"), "none")
    table = _grid("Validators", "account", "", "missed in a row", "bond", "owes rounds")
    for each in found.validators:
        owes = ", ".join(map(str, each.owes_rounds)) or "-"
        table.add_row(each.account, _word(each.state.value), str(each.missed), asy(each.bond_planck), owes)
    return table


def _agents(found: Overview) -> RenderableType:
    table = _grid("Agents of this machine", "agent", "process", "")
    for each in found.agents:
        table.add_row(
            each.name, "-" if each.pid is None else str(each.pid), _word("runs" if each.running else "stopped")
        )
    return table


def _account(found: Overview) -> RenderableType:
    mine = found.account
    if mine is None:
        return Text("")
    bond = "" if mine.bond_planck is None else f", bond {asy(mine.bond_planck)}"
    spendable = f"{asy(mine.spendable_planck)} spendable of {asy(mine.free_planck)}"
    return Text.assemble(("Account ", "bold"), f"{mine.account}\n{spendable}, {asy(mine.owed_planck)} to claim{bond}")
