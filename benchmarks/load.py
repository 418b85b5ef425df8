"""What load a network bears: ``python benchmarks/load.py [--per-s 50] [--minutes 20] [--ramp] [--json FILE]``.

Four native nodes on this machine begin with 100 validators and 1,000 rounds that wait for commits; a third of the
transactions commits and reveals, the rest votes, accredits and transfers. `--ramp` doubles the rate each minute until
a limit breaks, and says which. Limits: missed slots <= 1 %, finality lag p99 <= 3 blocks, none lost, doubled or failed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from offchain.testnet import Testnet
from tests.load.run import Verdict, load
from tests.load.stage import dress

MISSED, LAG = 0.01, 3


def broken(verdict: Verdict) -> list[str]:
    """The limits that a load broke."""
    faults = [
        (verdict.missed_share > MISSED, f"missed slots {verdict.missed_share:.1%}"),
        (verdict.lag_p99 > LAG, f"finality lag p99 {verdict.lag_p99:.0f} blocks"),
        (verdict.lost > 0, f"{verdict.lost} lost"),
        (verdict.doubled > 0, f"{verdict.doubled} doubled"),
        (verdict.failed > 0, f"{verdict.failed} failed"),
        (verdict.sent_per_s < 0.95 * verdict.asked_per_s, f"only {verdict.sent_per_s:.0f}/s could be sent"),
    ]
    return [text for fault, text in faults if fault]


def show(verdict: Verdict) -> None:
    """One load as a few lines."""
    print(
        f"{verdict.asked_per_s:6.0f}/s for {verdict.seconds:.0f} s: {verdict.finalized} of {verdict.sent.total()} "
        f"final, {verdict.lost} lost, {verdict.doubled} doubled, {verdict.failed} failed, {verdict.resent} sent again, "
        f"refusals {dict(verdict.refused)}\n"
        f"         missed slots {verdict.missed_slots} of {verdict.slots} ({verdict.missed_share:.2%}), finality lag "
        f"p50 {verdict.lag_p50:.0f} p99 {verdict.lag_p99:.0f} blocks, to a block p50 {verdict.latency_p50_s:.1f} "
        f"p99 {verdict.latency_p99_s:.1f} s, fullest block {verdict.fullest_block}; {dict(verdict.sent)}",
        flush=True,
    )


def keep(verdicts: list[Verdict], path: Path) -> None:
    """Writes what is known so far."""
    machine = f"{os.cpu_count()} cores, {platform.platform()}"
    report = {"date": datetime.now(UTC).isoformat(), "machine": machine, "loads": [v.as_json() for v in verdicts]}
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Runs the load, or the ramp."""
    parser = argparse.ArgumentParser(description="Load a network of four native nodes.")
    parser.add_argument("--per-s", type=float, default=50)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--ramp", action="store_true", help="double the rate each minute until a limit breaks")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    ramp = ((arguments.per_s * 2**step, 60.0) for step in itertools.count())
    loads = ramp if arguments.ramp else [(arguments.per_s, 60 * arguments.minutes)]
    stage = dress(rounds=arguments.rounds)
    verdicts: list[Verdict] = []
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="assay-load-") as folder:
        spec = stage.write_spec(Path(folder) / "spec.json")
        net = Testnet.up(Path(folder) / "net", validators=0, chain=str(spec))
        try:
            for verdict in load(net.endpoints, stage, loads=loads):
                verdicts.append(verdict)
                show(verdict)
                if arguments.json:  # written each time: what is known survives whatever breaks next
                    keep(verdicts, arguments.json)
                if faults := broken(verdict):
                    break
        except TimeoutError:
            faults = ["a node that is watched gave no answer within 30 s"]
        finally:
            net.down()
    print("within the limits" if not faults else f"what broke: {', '.join(faults)}")


if __name__ == "__main__":
    main()
