"""The whole path on this machine: steward, developer, four validators, rewards, leaderboard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from offchain.cli.output import note, prints
from validators.demo._facts import DemoFacts

__all__ = ["app"]

app = typer.Typer()


@dataclass(frozen=True)
class DemoRecord:
    """What the demo found; ``facts`` has the fields of ``validators.demo._facts.DemoFacts``."""

    report: Path
    synthetic: bool
    facts: dict[str, Any]


def _view(record: DemoRecord) -> None:
    note(f"\nreport: {record.report}")


@app.command()
@prints(DemoRecord, view=_view)
def demo(
    data: Annotated[
        Path | None, typer.Option("--data", file_okay=False, help="Folder with labels.csv [../shared/data/cxr].")
    ] = None,
    task: Annotated[str | None, typer.Option("--task", help="Task in it (pneumonia_vs_normal).")] = None,
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="Folder for report and logs; replaced.")] = Path(
        "demo-out"
    ),
) -> DemoRecord:
    """Run the whole path, from a sealed split to paid rewards, in under five minutes on two cores."""
    from validators.demo._narrator import Narrator
    from validators.demo._run import Demo

    narrator = Narrator()
    facts: DemoFacts = Demo(data, task, out, narrator).run()
    narrator.leaderboard(facts.leaderboard)
    return DemoRecord(Path(facts.report), facts.synthetic, facts.as_json())
