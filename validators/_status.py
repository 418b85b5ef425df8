"""How the chain, its authorities, its validators and the open rounds stand: read from a node, without Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from offchain.chain import ChainClient
from offchain.chain.authorship import authorities
from offchain.chain.cli_round import waits_for
from offchain.chain.types import State
from offchain.cli.units import Block, Blocks, Planck
from validators._watch import STALLED_BLOCKS, ValidatorState, state_of

__all__ = ["AuthorityLine", "ChainPart", "LocalAgent", "Mine", "OpenRound", "Overview", "ValidatorLine", "overview"]

CLOCK_STEP_S = 60.0
"""How far the clock may have been set between a process's start and its lock."""


@dataclass(frozen=True)
class ChainPart:
    """The chain, as one node sees it; ``failovers`` counts nodes that did not answer on the way here."""

    name: str
    node: str
    version: str
    runtime: int
    best: Block
    finalized: Block
    lag_blocks: Blocks
    finality_stalled: bool
    peers: int
    syncing: bool
    failovers: int


@dataclass(frozen=True)
class AuthorityLine:
    """An author of blocks, and its last one; none among those looked at shows as null."""

    account: str
    last_block: Block | None
    slots_since: int
    state: str


@dataclass(frozen=True)
class OpenRound:
    """An open round: who acts next, until when; ``left_blocks`` is negative when the deadline has passed."""

    round: int
    benchmark: int
    state: str
    until: Block
    left_blocks: int
    next_actor: str


@dataclass(frozen=True)
class ValidatorLine:
    """A validator, by the chain's count: silent where it let its last duty pass; what it owes in the rounds shown."""

    account: str
    state: ValidatorState
    missed: int
    bond_planck: Planck
    owes_rounds: list[int]


@dataclass(frozen=True)
class LocalAgent:
    """An agent whose journals lie on this machine, and whether its process runs."""

    name: str
    pid: int | None
    running: bool


@dataclass(frozen=True)
class Mine:
    """The account that was asked for."""

    account: str
    free_planck: Planck
    spendable_planck: Planck
    owed_planck: Planck
    bond_planck: Planck | None


@dataclass(frozen=True)
class Overview:
    """Everything at one finalized block; the best chain's height and authors are those of the same moment."""

    chain: ChainPart
    authorities: list[AuthorityLine]
    paused_calls: list[str]
    rounds_by_state: dict[str, int]
    rounds: list[OpenRound]
    validators: list[ValidatorLine]
    agents: list[LocalAgent]
    account: Mine | None


def overview(client: ChainClient, *, account: str | None, most_rounds: int, folder: Path) -> Overview:
    """Reads everything.

    Args:
        client: the nodes.
        account: whose balance to show, as an address.
        most_rounds: open rounds to show one by one, those with the nearest deadline first.
        folder: where agents of this machine have their locks.
    """
    client.interface.at(client.head())  # the types, which take a second: the heights below are to be of one moment
    head, best, state = client.finalized(), client.height(), client.node()
    open_rounds = client.evaluation.open_rounds(at=head.hash)
    counts = dict.fromkeys((each.value for each in State if not each.is_final), 0)
    for each in open_rounds.values():
        counts[each.state.state.value] += 1
    nearest = sorted(open_rounds, key=lambda number: (open_rounds[number].deadline, number))[:most_rounds]
    lines, owing = [], dict[str, list[int]]()
    for number in nearest:
        why, round_ = client.evaluation.why(number, at=head.hash), open_rounds[number]
        for member in why.waits_for.members if why.waits_for.steward is None else ():
            owing.setdefault(member, []).append(number)
        lines.append(
            OpenRound(
                round=number,
                benchmark=round_.terms.benchmark,
                state=str(round_.state),
                until=Block(round_.deadline),
                left_blocks=round_.deadline - head.number,
                next_actor=waits_for(why.waits_for, round_),
            )
        )
    validators = client.evaluation.validators(at=head.hash)
    return Overview(
        chain=ChainPart(
            name=state.chain,
            node=client.url,
            version=f"{state.name} {state.version}",
            runtime=client.interface.at(head.hash).spec_version,
            best=Block(best),
            finalized=Block(head.number),
            lag_blocks=Blocks(max(best - head.number, 0)),
            finality_stalled=best - head.number >= STALLED_BLOCKS,
            peers=state.peers,
            syncing=state.is_syncing,
            failovers=client.endpoints.failovers,
        ),
        authorities=[
            AuthorityLine(
                account=each.account,
                last_block=None if each.last_block is None else Block(each.last_block),
                slots_since=each.slots_since,
                state="silent" if each.is_silent else "alive",
            )
            for each in authorities(client)
        ],
        paused_calls=sorted(client.evaluation.paused_duties(at=head.hash)),
        rounds_by_state=counts,
        rounds=lines,
        validators=[
            ValidatorLine(who, state_of(entry), entry.misses + entry.absences, Planck(entry.bond), owing.get(who, []))
            for who, entry in sorted(validators.items())
        ],
        agents=list(_agents(folder)),
        account=None if account is None else _mine(client, account, head.hash),
    )


def _mine(client: ChainClient, account: str, at: str) -> Mine:
    balance, entry = client.accounts.get(account, at=at), client.evaluation.validator(account, at=at)
    return Mine(
        account=account,
        free_planck=Planck(balance.free),
        spendable_planck=Planck(balance.spendable),
        owed_planck=Planck(client.evaluation.claimable(account, at=at)),
        bond_planck=None if entry is None else Planck(entry.bond),
    )


def _agents(folder: Path) -> Iterator[LocalAgent]:
    for lock in sorted(folder.glob("*.lock")):
        text = lock.read_text(errors="replace").strip()
        pid = int(text) if text.isdigit() else None
        yield LocalAgent(lock.stem, pid, pid is not None and _runs(pid, since=lock.stat().st_mtime))


def _runs(pid: int, *, since: float) -> bool:
    """Whether the process that wrote its number then still runs: a later one may have got the same number."""
    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= since + CLOCK_STEP_S)
    except psutil.Error:
        return False
