"""A native node that seals on demand: one authority, the development chain, nobody else."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offchain.chain import ChainClient
from offchain.chain.errors import ChainError
from offchain.testnet import free_ports, node_binary

__all__ = ["sealing_node"]

SPEC = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts" / "chain-spec-dev.json"
START_S = 240.0
END_S = 30.0


@contextmanager
def sealing_node(folder: Path) -> Iterator[str]:
    """Runs a node on the chain in a folder, or on a new one, and yields its WebSocket."""
    rpc, p2p = free_ports(2)
    url = f"ws://127.0.0.1:{rpc}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("ab") as log:
        node = subprocess.Popen(
            (
                str(node_binary()),
                f"--chain={SPEC}",
                f"--base-path={folder / 'data'}",
                "--alice",
                "--validator",
                "--sealing=manual",
                f"--node-key={1:064x}",
                f"--rpc-port={rpc}",
                f"--listen-addr=/ip4/127.0.0.1/tcp/{p2p}",
                "--no-prometheus",
                "--no-telemetry",
                "--no-mdns",
                "--state-pruning=archive",
            ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "RUST_BACKTRACE": "1"},
        )
    try:
        _wait(url, node, folder / "log")
        yield url
    finally:
        node.terminate()
        try:
            node.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            node.kill()
            node.wait(timeout=END_S)


def _wait(url: str, node: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with ChainClient(url, timeout_s=5) as client:
                client.finalized()
            return
        except ChainError:
            assert node.poll() is None, log.read_text(errors="replace")[-2000:]
            assert time.monotonic() < deadline, "the node does not answer"
            time.sleep(0.1)
