"""Whether this machine holds the block time: slots without a block, finality's lag, and what the nodes cost.

python benchmarks/block_time.py [--dir DIR] [--minutes 5]    a network that is up: `assay testnet up`
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from offchain.chain import ChainClient
from offchain.testnet import Testnet, default_folder
from tests.network.observe import slot_of

SLOT_S = 3.0


def percentile(values: list[int], share: float) -> int:
    """The smallest value that ``share`` of all do not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def main() -> None:
    """Watches and prints a row for docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, default=default_folder())
    parser.add_argument("--minutes", type=float, default=5.0)
    options = parser.parse_args()
    network = Testnet(options.dir)
    nodes = [psutil.Process(network.pid(node.name)) for node in network.plan.nodes]
    lags: list[int] = []
    with ChainClient(network.endpoints) as client:
        begun, first = time.monotonic(), client.finalized().number
        cpu = [sum(node.cpu_times()[:2]) for node in nodes]
        loads = []
        while time.monotonic() < begun + options.minutes * 60:
            lags.append(client.best().number - client.finalized().number)
            loads.append(os.getloadavg()[0])
            time.sleep(1.0)
        last, took_s = client.finalized().number, time.monotonic() - begun
        used = [sum(node.cpu_times()[:2]) - before for node, before in zip(nodes, cpu, strict=True)]
        slots = slot_of(client, last) - slot_of(client, first)
    blocks = last - first
    memory = [node.memory_info().rss / 2**20 for node in nodes]
    print(f"machine          {os.cpu_count()} cores, load {sum(loads) / len(loads):.1f} on average")
    print(f"watched          {took_s:.0f} s, {slots} slots, {blocks} final blocks")
    print(f"missed slots     {slots - blocks} ({(slots - blocks) / slots:.1%})")
    print(f"seconds a block  {slots * SLOT_S / blocks:.2f}")
    print(f"finality lag     median {percentile(lags, 0.5)}, p99 {percentile(lags, 0.99)}, most {max(lags)} blocks")
    print(f"CPU, all nodes   {sum(used) / took_s:.2f} cores, {sum(used) / blocks:.2f} s a block")
    print(f"memory of a node {min(memory):.0f} to {max(memory):.0f} MB")


if __name__ == "__main__":
    main()
