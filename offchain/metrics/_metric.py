"""The metrics that a benchmark may ask for."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Metric"]


class Metric(StrEnum):
    """A measure of a model on a split, in ppm; names and order are those of the runtime's ``Metric``."""

    ACCURACY = "Accuracy"
    BALANCED_ACCURACY = "BalancedAccuracy"
    SENSITIVITY = "Sensitivity"
    SPECIFICITY = "Specificity"
    AUROC = "Auroc"
    AVERAGE_PRECISION = "AveragePrecision"
    CALIBRATION_ERROR = "CalibrationError"
