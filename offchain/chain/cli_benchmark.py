"""Benchmarks: make one, look at it, read its leaderboard."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import typer

from offchain.chain import calls
from offchain.chain.client import ChainClient
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.leaderboard import LeaderboardLine, leaderboard
from offchain.chain.types import Benchmark, BenchmarkSpec, Metric, Text
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note, prints, table
from offchain.cli.units import Planck, Ppm, asy, percent

__all__ = ["BenchmarkLine", "app"]

app = typer.Typer(no_args_is_help=True)

_Id = Annotated[int, typer.Argument(metavar="BENCHMARK", min=0)]
DEFAULT_METRICS = "Auroc,BalancedAccuracy,Sensitivity,Specificity"


@dataclass(frozen=True)
class BenchmarkLine:
    """A benchmark."""

    benchmark: int
    name: str
    dataset: int
    version: int
    metrics: list[str]
    main: str
    tolerance_ppm: Ppm
    threshold_ppm: Ppm
    precision_ppm: Ppm
    seats: int
    verified: bool
    retired: bool
    rounds: int
    owner: str


@dataclass(frozen=True)
class Quote:
    """What an evaluation would cost now, and what a validator earns."""

    benchmark: int
    size_bytes: int
    compute_planck: Planck
    treasury_cut_planck: Planck
    steward_planck: Planck
    total_planck: Planck
    per_seat_planck: Planck
    subsidy_planck: Planck


def _line(number: int, found: Benchmark) -> BenchmarkLine:
    spec = found.spec
    return BenchmarkLine(
        benchmark=number,
        name=spec.name,
        dataset=spec.dataset,
        version=spec.version,
        metrics=[metric.value for metric in spec.metrics],
        main=spec.metrics[spec.main].value,
        tolerance_ppm=Ppm(spec.tolerance_ppm),
        threshold_ppm=Ppm(spec.threshold_ppm),
        precision_ppm=Ppm(spec.precision_ppm),
        seats=spec.seats,
        verified=found.verified,
        retired=found.retired,
        rounds=found.rounds,
        owner=found.owner,
    )


@app.command("list")
@prints(list[BenchmarkLine])
def list_(node: Node = DEFAULT_NODE) -> list[BenchmarkLine]:
    """List benchmarks."""
    with ChainClient(node) as client:
        return [_line(number, found) for number, found in sorted(client.evaluation.benchmarks().items())]


@app.command()
@prints(BenchmarkLine)
def show(benchmark: _Id, node: Node = DEFAULT_NODE) -> BenchmarkLine:
    """Show a benchmark."""
    with ChainClient(node) as client:
        return _line(benchmark, client.evaluation.benchmark(benchmark))


@app.command()
@prints(Quote)
def quote(
    benchmark: _Id,
    size_mb: Annotated[float, typer.Option("--size-mb", help="Size of the checkpoint in MiB.")] = 1.0,
    node: Node = DEFAULT_NODE,
) -> Quote:
    """Tell what an evaluation would cost now."""
    size = int(size_mb * 2**20)
    with ChainClient(node) as client:
        found = client.evaluation.quote(benchmark, size)
    return Quote(
        benchmark=benchmark,
        size_bytes=size,
        compute_planck=Planck(found.compute),
        treasury_cut_planck=Planck(found.treasury_cut),
        steward_planck=Planck(found.steward),
        total_planck=Planck(found.total),
        per_seat_planck=Planck(found.per_seat),
        subsidy_planck=Planck(found.subsidy),
    )


@dataclass(frozen=True)
class _Row:
    rank: str
    model: str
    checkpoint: str
    score: str
    interval: str
    images: int
    groups: int
    seats: str
    exposure: int
    status: str
    round: int


def _board(lines: list[LeaderboardLine]) -> None:
    table(
        [
            _Row(
                rank=line.rank,
                model=line.model,
                checkpoint=line.checkpoint.hex()[:12],
                score=percent(line.score_ppm),
                interval=f"{percent(line.lower_ppm)} to {percent(line.upper_ppm)}",
                images=line.samples,
                groups=line.groups,
                seats=line.seats,
                exposure=line.exposure,
                status=line.status,
                round=line.round,
            )
            for line in lines
        ]
    )
    note(
        "scores and intervals (95 %) as the benchmark rounds them; equal scores tie; exposure: most holders of a shard"
    )


@app.command("leaderboard")
@prints(list[LeaderboardLine], view=_board)
def leaderboard_(
    benchmark: _Id,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000)] = 100,
    node: Node = DEFAULT_NODE,
) -> list[LeaderboardLine]:
    """Show a benchmark's results, best first, with intervals and counts; ties are shown as ties."""
    with ChainClient(node) as client:
        return leaderboard(client, benchmark, limit=limit)


def _metrics(text: str) -> tuple[Metric, ...]:
    known = {metric.value.lower(): metric for metric in Metric}
    try:
        return tuple(known[name.strip().lower()] for name in text.split(","))
    except KeyError as error:
        raise MalformedValue("no such metric", subject=str(error), hint=", ".join(m.value for m in Metric)) from None


@app.command()
@prints(Deed)
@acts
def create(
    actor: Actor,
    name: Annotated[str, typer.Argument()],
    dataset: Annotated[int, typer.Option(help="Data set.")],
    version: Annotated[int, typer.Option(help="Its version.")] = 0,
    metrics: Annotated[str, typer.Option(help="In the order of scores; the first is the main one.")] = DEFAULT_METRICS,
    threshold: Annotated[float, typer.Option(help="Lower bound from which a model is available, in per cent.")] = 70.0,
    tolerance: Annotated[float | None, typer.Option(help="Agreement on the main metric, in per cent.")] = None,
    precision: Annotated[float | None, typer.Option(help="Rounding of revealed scores, in per cent.")] = None,
    seats: Annotated[int, typer.Option(help="Seats drawn, 3 to 21.")] = 9,
) -> Deed:
    """Make a benchmark; its deposit comes back when it is retired."""
    chosen = _metrics(metrics)
    counts = actor.client.datasets.version(dataset, version).spec.held_out_counts
    rounding = default_precision_ppm([count.samples for count in counts]) if precision is None else _ppm(precision)
    spec = BenchmarkSpec(
        name=Text(name),
        dataset=dataset,
        version=version,
        metrics=chosen,
        main=0,
        tolerance_ppm=default_tolerance_ppm([c.samples for c in counts], rounding)
        if tolerance is None
        else _ppm(tolerance),
        threshold_ppm=_ppm(threshold),
        precision_ppm=rounding,
        seats=seats,
    )
    return actor.act(
        calls.evaluation.create_benchmark(spec),
        f"Make benchmark {name!r}: {chosen[0].value} rounded to {percent(rounding)}, "
        f"tolerance {percent(spec.tolerance_ppm)}, {seats} seats?",
        makes=("BenchmarkCreated", "benchmark"),
    )


@app.command()
@prints(Deed)
@acts
def retire(
    actor: Actor,
    benchmark: _Id,
) -> Deed:
    """Take no more requests on a benchmark; the deposit comes back."""
    deposit = asy(actor.client.evaluation.benchmark(benchmark).deposit)
    return actor.act(
        calls.evaluation.retire_benchmark(benchmark),
        f"Retire benchmark {benchmark} for good? Its deposit of {deposit} comes back.",
    )


def default_precision_ppm(samples_per_class: list[int]) -> int:
    """A quarter of the interval's width and at least 5,000 ppm, in whole steps of 5,000.

    The width is Wilson's at one half with as many samples as there are in all (Wilson 1927): no interval of a
    proportion on them is wider.
    """
    total = max(sum(samples_per_class), 1)
    z = 1.959964
    half_width = z * math.sqrt(total + z * z) / 2 / (total + z * z)
    return min(max(round(2 * half_width / 4 * 1_000_000 / 5_000) * 5_000, 5_000), 100_000)


def default_tolerance_ppm(samples_per_class: list[int], precision_ppm: int) -> int:
    """What two flipped samples of the smallest class move, rounded up to the precision, and one step for rounding."""
    flips = -(-2_000_000 // max(min(samples_per_class, default=1), 1))
    return min(-(-flips // precision_ppm) * precision_ppm + precision_ppm, 1_000_000)


def _ppm(per_cent: float) -> int:
    if not 0 <= per_cent <= 100:
        raise MalformedValue("not a share", subject=str(per_cent), hint="write 70 for 70 %")
    return round(per_cent * 10_000)
