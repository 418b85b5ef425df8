"""From canonical bytes to a module that is ready to answer, and back. The one place that loads weights."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ._architectures import CHANNELS, MAX_CLASSES, Architecture, architecture
from ._canonical import IGNORED_SUFFIX, checkpoint_id, read_canonical
from ._errors import ArchitectureUnknown, CheckpointMismatch
from ._header import CheckpointCaps, TensorEntry

if TYPE_CHECKING:
    from torch import nn

__all__ = ["CheckpointFacts", "build", "check", "load", "weights_of"]


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """What a checkpoint that passed every check is."""

    id: bytes
    architecture: str
    size_bytes: int
    tensors: int
    parameters: int
    channels: int
    classes: int


def check(data: bytes, architecture_id: str, caps: CheckpointCaps | None = None) -> CheckpointFacts:
    """Checks form, keys and shapes without loading anything.

    Raises:
        ModelError: see `load`.
    """
    entries = read_canonical(data, caps)
    known = architecture(architecture_id)
    channels, classes = _inferred(known, entries)
    _compare(known, channels, classes, entries)
    return CheckpointFacts(
        checkpoint_id(data),
        known.id,
        len(data),
        len(entries),
        sum(entry.end - entry.start for entry in entries) // 4,
        channels,
        classes,
    )


def load(
    data: bytes,
    architecture_id: str,
    *,
    channels: int | None = None,
    classes: int | None = None,
    caps: CheckpointCaps | None = None,
) -> nn.Module:
    """The module with the checkpoint's weights, in evaluation mode, on the CPU, without gradients.

    Args:
        data: canonical safetensors.
        architecture_id: an id of the allowlist.
        channels: what the card says; must fit the weights. Taken from them when None.
        classes: what the card says; must fit the weights. Taken from them when None.
        caps: limits; the defaults when None.

    Raises:
        CheckpointForeign, CheckpointTooLarge, CheckpointMalformed, CheckpointNotCanonical: the bytes are refused.
        ArchitectureUnknown: the id is not on the allowlist.
        CheckpointMismatch: the first key that is missing, has another shape, or does not belong.
    """
    import torch

    entries = read_canonical(data, caps)
    known = architecture(architecture_id)
    inferred = _inferred(known, entries)
    for what, wanted, found in zip(("input channels", "classes"), (channels, classes), inferred, strict=True):
        if wanted is not None and wanted != found:
            raise CheckpointMismatch(f"the weights are for {found} {what}, the card says {wanted}")
    module = _compare(known, *inferred, entries)
    state = {entry.name: torch.from_numpy(_values(data, entry)) for entry in entries}
    for name in module.state_dict():
        if name.endswith(IGNORED_SUFFIX):
            state[name] = torch.zeros((), dtype=torch.int64)
    module.load_state_dict(state, strict=True, assign=True)
    return module.requires_grad_(False).eval()


def build(architecture_id: str, channels: int, classes: int) -> nn.Module:
    """The untrained module, initialised from torch's current seed.

    Raises:
        ArchitectureUnknown: the id is not on the allowlist, or channels or classes are not offered.
    """
    if channels not in CHANNELS or not 2 <= classes <= MAX_CLASSES:
        raise ArchitectureUnknown(f"inputs have 1 or 3 channels and outputs 2 to {MAX_CLASSES} classes")
    known = architecture(architecture_id)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return known.construct(channels, classes)


def weights_of(module: nn.Module) -> dict[str, NDArray[np.float32]]:
    """The weights that belong in a checkpoint, by name; `encode` writes them."""
    return {
        name: tensor.detach().cpu().numpy()
        for name, tensor in module.state_dict().items()
        if not name.endswith(IGNORED_SUFFIX)
    }


def _inferred(known: Architecture, entries: list[TensorEntry]) -> tuple[int, int]:
    """Channels and classes that the first and the last layer were made for."""
    shapes = {entry.name: entry.shape for entry in entries}
    found = []
    for name, dimensions, axis in ((known.stem, 4, 1), (known.head, 2, 0)):
        if name not in shapes:
            raise CheckpointMismatch(f"{known.id} needs a tensor that is missing", subject=name)
        if len(shapes[name]) != dimensions:
            raise CheckpointMismatch(f"a tensor of {known.id} has shape {_text(shapes[name])}", subject=name)
        found.append(shapes[name][axis])
    channels, classes = found
    if channels not in CHANNELS:
        raise CheckpointMismatch(f"the first layer takes {channels} channels, not 1 or 3", subject=known.stem)
    if not 2 <= classes <= MAX_CLASSES:
        raise CheckpointMismatch(f"the last layer has {classes} classes, not 2 to {MAX_CLASSES}", subject=known.head)
    return channels, classes


def _compare(known: Architecture, channels: int, classes: int, entries: list[TensorEntry]) -> nn.Module:
    """The module without storage, once every key and shape fits."""
    import torch

    with torch.device("meta"):
        module = build(known.id, channels, classes)
    shapes = {entry.name: entry.shape for entry in entries}
    expected = {n: tuple(t.shape) for n, t in module.state_dict().items() if not n.endswith(IGNORED_SUFFIX)}
    for name, shape in expected.items():
        if name not in shapes:
            raise CheckpointMismatch(f"{known.id} needs a tensor that is missing", subject=name)
        if shapes[name] != shape:
            raise CheckpointMismatch(
                f"a tensor has shape {_text(shapes[name])}, {known.id} needs {_text(shape)}", subject=name
            )
    for name in shapes:
        if name not in expected:
            raise CheckpointMismatch(f"{known.id} has no such tensor", subject=name)
    return module


def _values(data: bytes, entry: TensorEntry) -> NDArray[np.float32]:
    count = (entry.end - entry.start) // 4
    return np.frombuffer(data, "<f4", count, entry.start).astype(np.float32).reshape(entry.shape)


def _text(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "scalar"
