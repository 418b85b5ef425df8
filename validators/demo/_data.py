"""The demo's images: real ones where they lie beside the checkout, synthetic ones that say so otherwise."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from offchain.datasets import SYNTHETIC_TASK, synthesise
from validators._errors import AgentError

__all__ = ["Source", "choose_source"]

_CHECKOUT = Path(__file__).resolve().parents[2]
_DEFAULT_TASK = "pneumonia_vs_normal"


@dataclass(frozen=True, slots=True)
class Source:
    """A folder with ``labels.csv``, and the task to take from it."""

    folder: Path
    task: str
    synthetic: bool

    @property
    def where(self) -> dict[str, str]:
        """The rows to take."""
        return {"task": self.task}


def choose_source(data: Path | None, task: str | None, scratch: Path) -> Source:
    """The images to run on.

    Args:
        data: a folder with labels.csv; the real chest X-rays beside the checkout, or ``ASSAY_DATA``, without it.
        task: the task; ``pneumonia_vs_normal`` without it.
        scratch: where synthetic images are drawn if there are no others.

    Raises:
        AgentError: ``data`` holds no labels.csv.
    """
    if data is not None:
        if not (data / "labels.csv").is_file():
            raise AgentError("there is no labels.csv", subject=str(data), hint="see `assay dataset pack --help`")
        return Source(data, task or _DEFAULT_TASK, synthetic=False)
    beside = Path(os.environ.get("ASSAY_DATA", _CHECKOUT.parent / "shared" / "data")) / "cxr"
    if (beside / "labels.csv").is_file():
        return Source(beside, task or _DEFAULT_TASK, synthetic=False)
    folder = scratch / "synthetic-images"
    synthesise(folder, patients=200, side=128, seed=0)
    return Source(folder, SYNTHETIC_TASK, synthetic=True)
