"""What computed a score: the software and hardware that a reveal's ``env_digest`` stands for."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

__all__ = ["Environment", "environment_digest", "this_environment"]


@dataclass(frozen=True, slots=True, order=True)
class Environment:
    """Versions and devices of one process that predicts.

    Attributes:
        assay: our version.
        torch: torch's version.
        torchvision: torchvision's version.
        numpy: numpy's version.
        pillow: Pillow's version.
        pydicom: pydicom's version.
        cuda: version of CUDA that torch was built for; empty on a CPU.
        device: name of the GPU, or machine type and instruction set of the CPU.
    """

    assay: str
    torch: str
    torchvision: str
    numpy: str
    pillow: str
    pydicom: str
    cuda: str
    device: str


def this_environment() -> Environment:
    """The environment of this process; imports torch."""
    import torch

    on_gpu = torch.cuda.is_available()
    return Environment(
        assay=_version("assay"),
        torch=_version("torch"),
        torchvision=_version("torchvision"),
        numpy=_version("numpy"),
        pillow=_version("Pillow"),
        pydicom=_version("pydicom"),
        cuda=str(torch.version.cuda or "") if on_gpu else "",
        device=torch.cuda.get_device_name()
        if on_gpu
        else f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
    )


def environment_digest(environments: set[Environment]) -> bytes:
    """blake2b-256 of the canonical JSON of the environments that took part, sorted, each once."""
    listed = [asdict(each) for each in sorted(environments)]
    text = json.dumps(listed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=32).digest()


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "uninstalled"
