"""What a person or Prometheus asks of a running agent: docs/operator.md lists the metrics."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from offchain.chain.types import Round, State
from offchain.cli.units import PLANCK_PER_ASY
from validators._errors import AgentError
from validators._ray_state import RayState
from validators._watch import ValidatorState

__all__ = ["Health"]

OPEN = (State.REQUESTED, State.ACCEPTING, State.RELEASING, State.COMMITTING, State.REVEALING)
KINDS = ("accept", "decline", "commit", "reveal", "claim", "advance", "release")
SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


class Health:
    """Gauges and counters of one agent, served on loopback as Prometheus text.

    Args:
        agent: ``validator`` or ``steward``.
        account: whom it acts for.
    """

    def __init__(self, agent: str, account: str = "") -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        gauge, counter = self._gauge, self._counter
        self._finalized_at: float | None = None
        self._late_ones: set[Gauge] = set()
        info = gauge("agent_info", "Who this agent is; always 1", ["agent", "account", "version"])
        info.labels(agent, account, _version()).set(1)
        self.last_turn = gauge("last_turn_timestamp_seconds", "When the agent's loop last came round, in Unix time")
        self.node_reachable = gauge("node_reachable", "Whether a node answered the last time the agent asked")
        self.failovers = counter("rpc_failovers", "Nodes left for another one")
        self.best_block = self._late("best_block", "Head of the node's best chain")
        self.last_block = self._late("finalized_block", "Last finalized block worked through")
        self.lag = self._late("finality_lag_blocks", "Blocks of the best chain that are not finalized")
        self.age = gauge("finalized_block_age_seconds", "Time since the agent saw a new finalized block")
        self.age.set_function(self._age)
        self.rounds = gauge("rounds", "Open rounds on the chain by state", ["state"])
        self.overdue = gauge("round_overdue_blocks", "Blocks by which the latest open round is past its deadline")
        self.paused = gauge("paused_calls", "Duties that governance has paused, and the clock of rounds with them")
        self.own_rounds = gauge("own_rounds", "Rounds in which this account has a part that is not done")
        self.duties = gauge("duty_deadline_blocks", "Blocks left for what this account owes a round", ["round", "duty"])
        self.next_deadline = gauge("next_deadline_block", "Height of the nearest deadline of an own round, 0 if none")
        self.balance = self._late("balance_asy", "Free balance of the key that pays fees")
        self.owed = self._late("owed_asy", "What the account has earned and not claimed")
        self.bond = self._late("bond_asy", "The account's bond")
        self.misses = gauge("misses", "Duties missed in a row, by the chain's count", ["kind"])
        self.faults = gauge("dataset_faults", "Rounds that failed for want of the steward's keys", ["dataset"])
        self.validators = gauge("validators", "Registered validators by what the chain says of them", ["state"])
        self.actions = counter("actions", "Finalized transactions by kind", ["kind"])
        self.errors = counter("errors", "Errors by code", ["code"])
        self.evaluations = counter("evaluations", "Evaluations by outcome", ["outcome"])
        self.evaluation_seconds = Histogram(
            "assay_evaluation_seconds", "Time an evaluation took", buckets=SECONDS, registry=self.registry
        )
        self.ray_up = self._late("ray_up", "Whether the agent's Ray takes connections")
        self.ray_actors = gauge(
            "ray_actors", "Actors for evaluations: those that are warm, and how many there may be", ["state"]
        )
        self.journal = gauge(
            "journal_size_bytes", "Size of a journal on disk, its write-ahead log included", ["journal"]
        )
        for state in OPEN:
            self.rounds.labels(state.value.lower()).set(0)
        for kind in KINDS:
            self.actions.labels(kind)
        for outcome in ("scored", "failed"):
            self.evaluations.labels(outcome)
        self._shown: set[tuple[str, str]] = set()
        self._server: WSGIServer | None = None

    def head(self, finalized: int, best: int | None = None) -> None:
        """A finalized head that is new, or how far the best chain is from it."""
        if best is None:
            self._show(self.last_block, finalized)
            self._finalized_at = time.monotonic()
        else:
            self._show(self.best_block, best)
            self._show(self.lag, max(best - finalized, 0))

    def show_rounds(self, rounds: Iterable[Round], height: int) -> None:
        """The open rounds of the chain, at a finalized height."""
        counts = dict.fromkeys(OPEN, 0)
        overdue = 0
        for each in rounds:
            if each.state.state in counts:
                counts[each.state.state] += 1
                overdue = max(overdue, height - each.deadline)
        for state, count in counts.items():
            self.rounds.labels(state.value.lower()).set(count)
        self.overdue.set(overdue)

    def show_duties(self, rounds: int, deadlines: Mapping[tuple[int, str], int], height: int) -> None:
        """What the account owes.

        Args:
            rounds: in which it has a part that is not done.
            deadlines: of each duty, by round and what is owed; too late shows as a negative number of blocks left.
            height: of the finalized head.
        """
        self.own_rounds.set(rounds)
        owed = {(str(number), duty): deadline for (number, duty), deadline in deadlines.items()}
        for gone in self._shown - owed.keys():
            self.duties.remove(*gone)
        for key, deadline in owed.items():
            self.duties.labels(*key).set(deadline - height)
        self._shown = set(owed)
        self.next_deadline.set(min(owed.values(), default=0))

    def show_money(self, *, free: int, owed: int, bond: int | None) -> None:
        """Balances, in planck, the bond of validators only; Prometheus has them as ASY, in floating point."""
        self._show(self.balance, free / PLANCK_PER_ASY)
        self._show(self.owed, owed / PLANCK_PER_ASY)
        if bond is not None:
            self._show(self.bond, bond / PLANCK_PER_ASY)

    def show_faults(self, faults: Mapping[int, int]) -> None:
        """Faults that the chain counts against the steward's data sets."""
        for dataset, count in faults.items():
            self.faults.labels(str(dataset)).set(count)

    def show_validators(self, states: Iterable[ValidatorState]) -> None:
        """What the chain says of every validator."""
        found = list(states)
        for state in ValidatorState:
            self.validators.labels(state.value).set(found.count(state))

    def show_ray(self, state: RayState) -> None:
        """How the agent's Ray is."""
        self._show(self.ray_up, state.up)
        self.ray_actors.labels("warm").set(state.warm)
        self.ray_actors.labels("wanted").set(state.wanted)

    def show_journals(self, files: Mapping[str, Path]) -> None:
        """Journals by name, and where they lie."""
        for name, path in files.items():
            parts = [path, path.with_name(path.name + "-wal")]
            self.journal.labels(name).set(sum(part.stat().st_size for part in parts if part.exists()))

    def serve(self, port: int) -> int:
        """Serve on 127.0.0.1; port 0 takes a free one. Returns the port.

        Raises:
            AgentError: the port is taken.
        """
        try:
            self._server, _ = start_http_server(port, addr="127.0.0.1", registry=self.registry)
        except OSError as error:
            raise AgentError(
                "the metrics port is taken", subject=str(port), hint="choose another with --metrics-port"
            ) from error
        return int(self._server.server_port)

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _late(self, name: str, what: str) -> Gauge:
        """A gauge that is not shown before it has a value: nought would raise an alarm, or hide one."""
        return Gauge(f"assay_{name}", what, registry=None)

    def _show(self, gauge: Gauge, value: float) -> None:
        if gauge not in self._late_ones:
            self._late_ones.add(gauge)
            self.registry.register(gauge)
        gauge.set(value)

    def _age(self) -> float:
        return 0.0 if self._finalized_at is None else time.monotonic() - self._finalized_at

    def _gauge(self, name: str, what: str, labels: Iterable[str] = ()) -> Gauge:
        return Gauge(f"assay_{name}", what, tuple(labels), registry=self.registry)

    def _counter(self, name: str, what: str, labels: Iterable[str] = ()) -> Counter:
        return Counter(f"assay_{name}", what, tuple(labels), registry=self.registry)


def _version() -> str:
    try:
        return version("assay")
    except PackageNotFoundError:
        return "unknown"
