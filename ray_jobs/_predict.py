"""Class scores of a model, the same bytes wherever the same environment computes them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from offchain.metrics import ScoresMalformed, quantise
from offchain.models import ModelCard, OutputInvalid, load

from ._errors import OutOfMemory

__all__ = ["BATCH", "Predictor", "deterministic"]

BATCH = 32
"""Images of a batch. Part of the protocol: another size may round differently."""


# Torch keeps these settings for the whole process: whoever ended first would take them from the other.
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def deterministic(threads: int = 1, *, strict: bool = True) -> Iterator[None]:
    """So many threads, float32 without TF32, deterministic kernels; as before afterwards.

    Bodies of several Python threads run one after the other.

    Args:
        threads: of the CPU.
        strict: raise where there is no deterministic kernel, instead of a warning.
    """
    import torch

    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    with _ONE_AT_A_TIME:
        cudnn = torch.backends.cudnn
        before = (
            torch.get_num_threads(),
            torch.get_deterministic_debug_mode(),
            torch.get_float32_matmul_precision(),
            cudnn.allow_tf32,
            cudnn.benchmark,
        )
        _set(threads, 2 if strict else 1, "highest", tf32=False, benchmark=False)
        try:
            yield
        finally:
            _set(*before[:3], tf32=before[3], benchmark=before[4])


def _set(threads: int, debug_mode: int, precision: str, *, tf32: bool, benchmark: bool) -> None:
    import torch

    torch.set_num_threads(threads)
    torch.set_deterministic_debug_mode(debug_mode)
    torch.set_float32_matmul_precision(precision)
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = benchmark


class Predictor:
    """A loaded checkpoint on the GPU where there is one, else on the CPU.

    Args:
        checkpoint: canonical safetensors.
        card: how to feed it.

    Raises:
        ModelError: the checkpoint is refused or does not fit the card.
    """

    def __init__(self, checkpoint: bytes, card: ModelCard) -> None:
        import torch

        self.card = card
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        module = load(checkpoint, card.architecture, channels=card.preprocessing.channels, classes=len(card.classes))
        with _memory_errors():
            self._module = module.to(self._device)

    def scores(self, inputs: Iterable[NDArray[np.float32]]) -> NDArray[np.uint16]:
        """Quantised class scores, one row for each input.

        Args:
            inputs: prepared images, each channels x side x side; taken in batches of `BATCH`, the last one padded.

        Raises:
            OutputInvalid: the model gives values that are not numbers.
            OutOfMemory: the batch does not fit.
        """
        source, rows = iter(inputs), []
        with deterministic(), _memory_errors():
            while batch := list(islice(source, BATCH)):
                rows.append(self._batch(batch))
        return np.concatenate(rows) if rows else np.zeros((0, len(self.card.classes)), dtype=np.uint16)

    def _batch(self, inputs: Sequence[NDArray[np.float32]]) -> NDArray[np.uint16]:
        import torch

        padded = np.zeros((BATCH, *inputs[0].shape), dtype=np.float32)
        padded[: len(inputs)] = inputs
        with torch.inference_mode():
            logits = self._module(torch.from_numpy(padded).to(self._device)).cpu().double()
            shares = torch.softmax(logits, dim=1).numpy()[: len(inputs)]
        try:
            return quantise(shares)
        except ScoresMalformed:
            raise OutputInvalid("the model gives values that are not numbers") from None


@contextmanager
def _memory_errors() -> Iterator[None]:
    """Every way in which torch and numpy say that memory ran out, as our error."""
    import torch

    try:
        yield
    except (MemoryError, torch.cuda.OutOfMemoryError):
        raise _out_of_memory() from None
    except RuntimeError as error:
        if "allocate memory" in str(error) or "out of memory" in str(error):
            raise _out_of_memory() from None
        raise


def _out_of_memory() -> OutOfMemory:
    return OutOfMemory("memory ran out while predicting", hint="give the job more memory, or fewer actors")
