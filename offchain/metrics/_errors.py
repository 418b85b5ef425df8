"""What can be wrong with scores; codes 1000 to 1099.

::

    MetricError
    ├── MetricUndefined    the metric has no value on these samples, such as AUROC of one class
    └── ScoresMalformed    shapes or values that are no class scores
"""

from __future__ import annotations

from offchain.errors import AssayError

__all__ = ["MetricError", "MetricUndefined", "ScoresMalformed"]


class MetricError(AssayError):
    """A metric cannot be computed."""

    code = 1000


class MetricUndefined(MetricError):
    """The metric has no value on these samples."""

    code = 1001


class ScoresMalformed(MetricError):
    """Shapes or values that are no class scores."""

    code = 1002
