"""Writes the zombienet and compose files beside it, from the plan of the supervised network."""

from __future__ import annotations

from pathlib import Path

from offchain.testnet import compose, fixed_plan, zombienet

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    plan = fixed_plan()
    (HERE / "zombienet.toml").write_text(zombienet(plan), encoding="utf-8")
    (HERE / "docker-compose.yml").write_text(compose(plan), encoding="utf-8")
