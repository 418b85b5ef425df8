"""The whole path on one machine: a steward, a developer, four validators, one chain."""
