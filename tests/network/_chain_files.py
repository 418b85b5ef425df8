"""What the native node's own commands do with chains on disk."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offchain.chain import ChainClient
from offchain.chain.errors import ChainError
from offchain.devchain import Block, Header
from offchain.testnet import free_ports, node_binary

__all__ = ["block_of", "command", "headers", "observer", "spec_of"]

COMMAND_S = 600
START_S = 240.0
END_S = 60


def command(*arguments: str | Path) -> str:
    """What a command of the node prints; fails with its log when it ends badly."""
    done = subprocess.run([node_binary(), *arguments], capture_output=True, text=True, timeout=COMMAND_S)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def spec_of(name: str, target: Path) -> dict[str, Any]:
    """The raw chain spec that the node makes of a chain that it knows by name."""
    command("export-chain-spec", "--chain", name, "--raw", "--output", target)
    spec: dict[str, Any] = json.loads(target.read_bytes())
    return spec


@contextmanager
def observer(spec: Path, base: Path, *options: str) -> Iterator[ChainClient]:
    """A node without keys on the chain in a folder, and a client of it."""
    rpc, p2p = free_ports(2)
    arguments = [
        *("--chain", str(spec), "--base-path", str(base), "--rpc-port", str(rpc)),
        *("--listen-addr", f"/ip4/127.0.0.1/tcp/{p2p}", "--allow-private-ip", "--no-mdns", "--no-telemetry"),
        *("--no-prometheus", "--node-key", secrets.token_hex(32), *options),
    ]
    with (base.parent / f"{base.name}.log").open("wb") as log:
        node = subprocess.Popen([node_binary(), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        with ChainClient(_ready(f"ws://127.0.0.1:{rpc}", node, Path(log.name))) as client:
            yield client
    finally:
        node.terminate()
        node.wait(END_S)


def headers(client: ChainClient, first: int, last: int) -> dict[int, Any]:
    """The best chain's headers by number, with their hashes, as the node shows them."""
    found = {}
    for number in range(first, last + 1):
        block = client.connection.call("chain_getBlockHash", [number])
        found[number] = client.connection.call("chain_getHeader", [block]) | {"hash": block}
    return found


def block_of(client: ChainClient, number: int) -> Block:
    """A node's block."""
    shown = client.connection.call("chain_getBlock", [client.connection.call("chain_getBlockHash", [number])])["block"]
    header = shown["header"]
    return Block(
        Header(
            parent=_bytes(header["parentHash"]),
            number=int(header["number"], 16),
            state_root=_bytes(header["stateRoot"]),
            extrinsics_root=_bytes(header["extrinsicsRoot"]),
            digest=tuple(map(_bytes, header["digest"]["logs"])),
        ),
        tuple(map(_bytes, shown["extrinsics"])),
    )


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _ready(url: str, node: subprocess.Popen[bytes], log: Path) -> str:
    """The address once the node answers there; fails with its log when it ends instead."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert node.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with ChainClient(url, timeout_s=5) as client:
                client.head()
        except ChainError:
            time.sleep(0.2)
        else:
            return url
    raise AssertionError("the node does not answer: " + log.read_text(errors="replace")[-2000:])
