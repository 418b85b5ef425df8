"""The demo's fixed choices."""

from __future__ import annotations

from offchain.cli.units import PLANCK_PER_ASY

__all__ = [
    "BLOCK_TIME_S",
    "BOND_PLANCK",
    "DEVELOPER",
    "EPOCHS",
    "FUNDS_PLANCK",
    "HELD_OUT",
    "LIAR",
    "LIE_PPM",
    "PRICE_PLANCK",
    "ROUND_TIMEOUT_S",
    "SEATS",
    "SEED",
    "SIDE",
    "STEWARD",
    "THIEF",
    "THRESHOLD_PPM",
    "VALIDATORS",
]

STEWARD = "//Steward"
DEVELOPER = "//Developer"
THIEF = "//Copycat"
VALIDATORS = ("//Ada", "//Blaise", "//Chien", "//Dorothy")
LIAR = "//Dorothy"
"""The validator that lies about its scores."""

BLOCK_TIME_S = 0.5
BOND_PLANCK = 1_000 * PLANCK_PER_ASY
FUNDS_PLANCK = 5_000 * PLANCK_PER_ASY
PRICE_PLANCK = 2 * PLANCK_PER_ASY
"""Of one evaluation, to the steward."""
HELD_OUT = 0.3
SEATS = 9
THRESHOLD_PPM = 800_000
LIE_PPM = 150_000
SEED = 7
SIDE = 64
EPOCHS = 30
ROUND_TIMEOUT_S = 240.0
