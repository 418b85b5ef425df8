"""Two hours of a whole network: ``python benchmarks/soak.py [--minutes 120] [--json FILE]``.

Four native nodes, four workers, a steward, Ray and the store, with a round after the other. Every half minute the
memory and the open files of each process are noted, and the size of each node's database. Slopes are Theil-Sen
estimates (Sen 1968) over everything after the first 20 minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from scipy.stats import theilslopes

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from offchain.testnet import Testnet
from tests.network.developer import Developer

SAMPLE_S = 30.0
WARM_UP_S = 20 * 60.0
MIB = 2**20


@dataclass
class Series:
    """Samples of one process: seconds since the start, resident bytes, open file descriptors, bytes of its folder."""

    at_s: list[float] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)
    fds: list[int] = field(default_factory=list)
    disk: list[int] = field(default_factory=list)
    block: list[int] = field(default_factory=list)


def family(pid: int) -> tuple[int, int]:
    """Resident bytes and descriptors of a process and its descendants."""
    rss = fds = 0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            rss += process.memory_info().rss
            fds += process.num_fds()
        except psutil.NoSuchProcess:
            continue
    return rss, fds


def size_of(folder: Path) -> int:
    """Bytes that a folder takes on disk."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512
        except OSError:
            continue
    return total


def slope(at: list[float], values: list[int]) -> float:
    """Theil-Sen slope: median of the slopes of all pairs, in units of ``values`` per unit of ``at``."""
    return float(theilslopes(values, at).slope) if len(at) > 2 else float("nan")


def watch(network: Testnet, series: dict[str, Series], begun: float) -> None:
    """Notes one sample of every process that runs."""
    nodes = {node.name for node in network.plan.nodes}
    for line in network.status():
        if line.pid is None:
            continue
        try:
            rss, fds = family(line.pid)
        except psutil.NoSuchProcess:
            continue
        samples = series[line.name]
        samples.at_s.append(time.monotonic() - begun)
        samples.rss.append(rss)
        samples.fds.append(fds)
        if line.name in nodes:
            samples.disk.append(size_of(network.folder / line.name / "data"))
            samples.block.append(line.best or 0)


def rounds(network: Testnet, folder: Path, stop: threading.Event, ended: list[str]) -> None:
    """Requests a round, waits for its end, and begins again."""
    developer = Developer(network, folder)
    seed = 5_000_000
    while not stop.is_set():
        seed += 1
        ended.append(str(developer.wait(developer.request(seed)).state))
    developer.close()


def report(series: dict[str, Series], ended: list[str]) -> dict[str, object]:
    """Slopes of each process after the warm-up: MiB and descriptors per hour, MiB of database per 1,000 blocks."""
    lines: dict[str, object] = {}
    for name, samples in series.items():
        warm = next((at for at, seconds in enumerate(samples.at_s) if seconds >= WARM_UP_S), 0)
        hours = [seconds / 3600 for seconds in samples.at_s[warm:]]
        line: dict[str, object] = {
            "samples": len(hours),
            "rss_mib": round(samples.rss[-1] / MIB, 1),
            "rss_mib_per_hour": round(slope(hours, samples.rss[warm:]) / MIB, 2),
            "fds": samples.fds[-1],
            "fds_per_hour": round(slope(hours, samples.fds[warm:]), 2),
        }
        if samples.disk:
            per_block = slope([float(block) for block in samples.block[warm:]], samples.disk[warm:])
            line["database_mib_per_1000_blocks"] = round(1000 * per_block / MIB, 2)
            line["blocks"] = samples.block[-1]
        lines[name] = line
    return {
        "processes": lines,
        "rounds": {state: ended.count(state) for state in sorted(set(ended))},
        "date": datetime.now(UTC).isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.platform()}",
        "minutes": round(max((samples.at_s[-1] for samples in series.values()), default=0.0) / 60, 1),
    }


def main() -> None:
    """Runs the soak; prints and keeps its report."""
    parser = argparse.ArgumentParser(description="Soak a local network.")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--chain", help="a raw chain spec [the node's local one]")
    parser.add_argument("--json", type=Path, default=Path("soak.json"), help="written every half minute")
    arguments = parser.parse_args()
    series: dict[str, Series] = defaultdict(Series)
    ended: list[str] = []
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="assay-soak-") as scratch:
        os.environ["ASSAY_HOME"] = scratch
        network = Testnet.up(Path(scratch) / "net", chain=arguments.chain)
        worker = threading.Thread(target=rounds, args=(network, Path(scratch), stop, ended), daemon=True)
        try:
            worker.start()
            begun = time.monotonic()
            while time.monotonic() - begun < 60 * arguments.minutes:
                watch(network, series, begun)
                # Written each time: what is known so far survives whatever ends the soak.
                arguments.json.write_text(json.dumps(report(series, ended), indent=2) + "\n", encoding="utf-8")
                if not worker.is_alive():
                    raise SystemExit("the developer's thread ended: see its error above")
                time.sleep(SAMPLE_S)
            stop.set()
            worker.join(timeout=600)
        finally:
            network.down()
    print(json.dumps(report(series, ended), indent=2))


if __name__ == "__main__":
    main()
