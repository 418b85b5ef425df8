"""How a worker's Ray is, in numbers; importing this loads no Ray."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RayState"]


@dataclass(frozen=True, slots=True)
class RayState:
    """Whether Ray takes connections, how many actors are warm, and how many there may be."""

    up: bool
    warm: int
    wanted: int
