"""The allowlist: what a checkpoint's architecture id stands for, for ever.

=============== =========================================================================================== ===========
id              constructor                                                                                 input sides
=============== =========================================================================================== ===========
lenet5          LeCun et al., Proc. IEEE 86 (1998) 2278-2324, with ReLU and average pooling                 32
small_cnn       four blocks of 3x3 convolution, batch norm, ReLU and max pool, of 16, 32, 64, 128 channels  32 to 1024
resnet18        ``torchvision.models.resnet18``                                                             32 to 1024
densenet121     ``torchvision.models.densenet121``                                                          32 to 1024
efficientnet_b0 ``torchvision.models.efficientnet_b0``                                                      32 to 1024
=============== =========================================================================================== ===========

Inputs are square, grey (1 channel) or RGB (3): torchvision's first convolution is replaced by the same one with the
wanted channels. Outputs are one logit for each class.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._errors import ArchitectureUnknown

if TYPE_CHECKING:
    from torch import nn

__all__ = ["ARCHITECTURES", "CHANNELS", "MAX_CLASSES", "Architecture", "architecture"]

CHANNELS = (1, 3)
MAX_CLASSES = 16
_MAX_SIDE = 1024


@dataclass(frozen=True, slots=True)
class Architecture:
    """One entry of the allowlist.

    Attributes:
        id: what the chain stores.
        stem: the weight whose second dimension is the number of input channels.
        head: the weight whose first dimension is the number of classes.
        min_side: least height and width of the input.
        max_side: greatest height and width of the input.
        construct: makes the untrained module for channels and classes.
    """

    id: str
    stem: str
    head: str
    min_side: int
    max_side: int
    construct: Callable[[int, int], nn.Module]


def architecture(identifier: str) -> Architecture:
    """The entry of that id.

    Raises:
        ArchitectureUnknown: it is not on the allowlist.
    """
    found = ARCHITECTURES.get(identifier)
    if found is None:
        raise ArchitectureUnknown(
            "the architecture is not on the allowlist",
            subject=identifier[:40],
            hint=f"known are {', '.join(ARCHITECTURES)}",
        )
    return found


def _lenet5(channels: int, classes: int) -> nn.Module:
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(channels, 6, 5),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, classes),
    )


def _small_cnn(channels: int, classes: int) -> nn.Module:
    from torch import nn

    widths = (channels, 16, 32, 64, 128)
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(widths):
        layers += [
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.MaxPool2d(2),
        ]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], classes))


def _with_channels(first: Any, channels: int) -> Any:
    """The same convolution for another number of input channels."""
    from torch import nn

    return nn.Conv2d(
        channels, first.out_channels, first.kernel_size, first.stride, first.padding, bias=first.bias is not None
    )


def _resnet18(channels: int, classes: int) -> nn.Module:
    from torchvision import models

    module: nn.Module = models.resnet18(weights=None, num_classes=classes)
    module.conv1 = _with_channels(module.conv1, channels)
    return module


def _densenet121(channels: int, classes: int) -> nn.Module:
    from torchvision import models

    module: nn.Module = models.densenet121(weights=None, num_classes=classes)
    module.features.conv0 = _with_channels(module.features.conv0, channels)  # type: ignore[union-attr]
    return module


def _efficientnet_b0(channels: int, classes: int) -> nn.Module:
    from torchvision import models

    module: Any = models.efficientnet_b0(weights=None, num_classes=classes)
    module.features[0][0] = _with_channels(module.features[0][0], channels)
    return module  # type: ignore[no-any-return]


ARCHITECTURES: dict[str, Architecture] = {
    entry.id: entry
    for entry in (
        Architecture("lenet5", "0.weight", "11.weight", 32, 32, _lenet5),
        Architecture("small_cnn", "0.weight", "18.weight", 32, _MAX_SIDE, _small_cnn),
        Architecture("resnet18", "conv1.weight", "fc.weight", 32, _MAX_SIDE, _resnet18),
        Architecture("densenet121", "features.conv0.weight", "classifier.weight", 32, _MAX_SIDE, _densenet121),
        Architecture("efficientnet_b0", "features.0.0.weight", "classifier.1.weight", 32, _MAX_SIDE, _efficientnet_b0),
    )
}
