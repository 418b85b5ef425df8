"""Evaluate a checkpoint, or train a baseline, on a public split."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from offchain.cli.errors import MalformedValue
from offchain.cli.output import note, prints, progress, table
from offchain.cli.units import Ppm
from offchain.metrics import Metric

from ._cli_records import EvaluationRecord, ScoreLine, TrainingRecord

__all__ = ["evaluate_app", "evaluate_files", "train_app", "train_folder"]

evaluate_app = typer.Typer(no_args_is_help=True, help="Evaluate a checkpoint as a validator would, on public images.")
train_app = typer.Typer(no_args_is_help=True, help="Train a baseline on a public split.")

_Folder = Annotated[
    Path,
    typer.Option("--data", exists=True, file_okay=False, help="Folder with labels.csv: what `dataset pull` wrote."),
]
_Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Use only rows with this value.")
]


def evaluate_files(
    checkpoint: Path, card: Path, data: Path, *, where: Sequence[str] = (), metrics: Sequence[Metric] = tuple(Metric)
) -> EvaluationRecord:
    """Does a validator's job on a public split: the same reading, batches, quantisation, metrics and intervals."""
    from offchain.models import checkpoint_id, read_card
    from offchain.models.cli import read_bounded

    from ._evaluation import evaluate
    from ._split import read_split

    weights = read_bounded(checkpoint)
    split = read_split(data, where=_conditions(where))
    if split.synthetic:
        note("these images are SYNTHETIC: the scores say nothing about real ones")
    with progress("evaluating", total=len(split.samples)) as show:
        done = evaluate(
            weights,
            read_card(read_bounded(card)),
            split.samples,
            metrics=metrics,
            seed=bytes(32),
            progress=lambda count, _total: show(count),
        )
    report = done.report
    return EvaluationRecord(
        checkpoint=checkpoint_id(weights),
        task=split.task,
        synthetic=split.synthetic,
        samples=report.samples,
        groups=report.groups,
        class_samples=dict(zip(split.classes, report.class_samples, strict=True)),
        class_groups=dict(zip(split.classes, report.class_groups, strict=True)),
        scores=[
            ScoreLine(s.metric, Ppm(s.value_ppm), Ppm(s.lower_ppm), Ppm(s.upper_ppm), s.method) for s in report.scores
        ],
        prediction_root=done.prediction_root,
        env_digest=done.env_digest,
        environments=list(done.environments),
    )


def train_folder(
    data: Path,
    out: Path,
    *,
    architecture: str = "small_cnn",
    name: str | None = None,
    side: int = 64,
    channels: int = 1,
    epochs: int = 30,
    seed: int = 0,
    licence: str = "CC-BY-4.0",
    where: Sequence[str] = (),
    address: str | None = None,
    threads: int | None = None,
) -> TrainingRecord:
    """Trains on a public split and writes ``<out>/checkpoint.safetensors`` and ``<out>/card.json``."""
    from ._split import read_split
    from ._train import TrainingRequest, train

    started = time.monotonic()
    split = read_split(data, where=_conditions(where))
    if split.synthetic:
        note("these images are SYNTHETIC: the model is of no use on real ones")
    request = TrainingRequest(
        name or f"{architecture} {split.task}"[:64], architecture, side, channels, epochs, seed, licence, threads
    )
    with progress("training", total=epochs) as show:
        trained = train(split, request, address=address, progress=lambda count, _total, _loss: show(count))
    out.mkdir(parents=True, exist_ok=True)
    files = out / "checkpoint.safetensors", out / "card.json"
    files[0].write_bytes(trained.checkpoint)
    files[1].write_bytes(trained.card.canonical())
    return TrainingRecord(
        checkpoint=trained.checkpoint_id,
        checkpoint_file=files[0],
        card_file=files[1],
        card_hash=trained.card.hash(),
        task=split.task,
        synthetic=split.synthetic,
        trained_on=trained.trained_on,
        held_back=trained.held_back,
        held_back_auroc_ppm=None if trained.held_back_auroc_ppm is None else Ppm(trained.held_back_auroc_ppm),
        operating_point_ppm=Ppm(trained.card.operating_point_ppm),
        seconds=round(time.monotonic() - started, 1),
    )


def _conditions(where: Sequence[str]) -> dict[str, str]:
    pairs = [condition.partition("=") for condition in where]
    for column, equals, _ in pairs:
        if not column or not equals:
            raise MalformedValue("a condition reads COLUMN=VALUE", subject=column, hint="--where task=NAME")
    return {column: value for column, _, value in pairs}


def _show_evaluation(record: EvaluationRecord) -> None:
    kind = "SYNTHETIC samples" if record.synthetic else "samples"
    classes = ", ".join(
        f"{name} {count} of {record.class_groups[name]} groups" for name, count in record.class_samples.items()
    )
    note(f"{record.task}: {record.samples} {kind} of {record.groups} groups ({classes})")
    table(record.scores)
    note(f"checkpoint 0x{record.checkpoint.hex()}, predictions 0x{record.prediction_root.hex()}")


@evaluate_app.command()
@prints(EvaluationRecord, view=_show_evaluation)
def evaluate(
    checkpoint: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Canonical safetensors.")],
    card: Annotated[Path, typer.Option("--card", exists=True, dir_okay=False, help="The model card.")],
    data: _Folder,
    *,
    local: Annotated[bool, typer.Option("--local", help="On this machine; the chain is not asked.")] = False,
    where: _Where = None,
    metric: Annotated[list[Metric] | None, typer.Option("--metric", help="Metrics to compute; all by default.")] = None,
) -> EvaluationRecord:
    """Evaluate a checkpoint on a public split, exactly as a validator evaluates it on the held-out one."""
    if not local:
        raise MalformedValue(
            "only --local is evaluated here", hint="`assay model evaluate` asks a committee for a score on chain"
        )
    return evaluate_files(checkpoint, card, data, where=where or (), metrics=metric or tuple(Metric))


@train_app.command()
@prints(TrainingRecord)
def train(
    data: _Folder,
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="Folder for the checkpoint and its card.")],
    architecture: Annotated[str, typer.Option("--arch", "-A", help="Architecture on the allowlist.")] = "small_cnn",
    name: Annotated[str | None, typer.Option("--name", help="What people will call the model.")] = None,
    side: Annotated[int, typer.Option("--side", min=32, max=1024, help="Height and width of the input.")] = 64,
    channels: Annotated[int, typer.Option("--channels", help="1 for grey, 3 for RGB.")] = 1,
    epochs: Annotated[int, typer.Option("--epochs", min=1, max=10_000, help="Passes over the images.")] = 30,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model here.")] = 0,
    licence: Annotated[str, typer.Option("--licence", help="SPDX identifier for the weights.")] = "CC-BY-4.0",
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Of the CPU; all by default.")] = None,
    where: _Where = None,
    ray: Annotated[
        str | None, typer.Option("--ray", envvar="RAY_ADDRESS", help="Ray to train on; one is started by default.")
    ] = None,
) -> TrainingRecord:
    """Train a baseline on Ray and write a canonical checkpoint with its card, ready to submit."""
    return train_folder(
        data,
        out,
        architecture=architecture,
        name=name,
        side=side,
        channels=channels,
        epochs=epochs,
        seed=seed,
        licence=licence,
        where=where or (),
        address=ray,
        threads=threads,
    )
