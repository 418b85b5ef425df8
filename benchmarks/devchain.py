"""How fast the embedded chain is, on one core: ``python benchmarks/devchain.py [--json FILE] [--prototypes DIR]``.

Figures are medians; targets are those of the issue that asked for the chain.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import websocket
from substrateinterface import Keypair, SubstrateInterface

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from offchain.devchain import ChainSpec, DevChain, Node, Sealing, default_spec
from offchain.devchain._block import Header, pre_runtime
from offchain.devchain._clock import SLOT_MS
from offchain.devchain._executor_module import plain_wasm
from offchain.devchain._trie_codec import blake2_256
from offchain.scale import compact, decode_vec, vec

TRANSFERS = 600
PROTOTYPES = Path(__file__).resolve().parents[2] / "shared" / "prototypes"
FIRST_BLOCK = "from offchain.devchain import DevChain; DevChain.fresh().seal()"


@dataclass(frozen=True)
class Figure:
    """One measurement: ``better`` says whether less or more is meant to be."""

    name: str
    value: float
    unit: str
    target: float | None
    better: str

    @property
    def met(self) -> str:
        if self.target is None:
            return ""
        return "yes" if (self.value <= self.target) == (self.better == "less") else "NO"


def median(measure: Callable[[], float], runs: int) -> float:
    return statistics.median(measure() for _ in range(runs))


def elapsed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def start_to_first_block(cache: str) -> float:
    """Seconds from the start of a process to its chain's first block."""
    environment = {**os.environ, "ASSAY_CACHE": cache, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    return elapsed(lambda: subprocess.run([sys.executable, "-c", FIRST_BLOCK], env=environment, check=True))


def signed_transfers(spec: ChainSpec, count: int) -> list[bytes]:
    """Transfers from Alice to Bob, as the wallet library signs them."""
    alice, bob = Keypair.create_from_uri("//Alice"), Keypair.create_from_uri("//Bob")
    with DevChain.fresh(spec) as chain, Node(chain, sealing=Sealing.MANUAL) as node:
        interface = SubstrateInterface(url=node.ws_url)
        call = interface.compose_call("Balances", "transfer_keep_alive", {"dest": bob.ss58_address, "value": 10**12})
        signed = [interface.create_signed_extrinsic(call, alice, nonce=nonce) for nonce in range(count)]
        interface.close()
    return [bytes(extrinsic.data.data) for extrinsic in signed]


def sealed_per_second(spec: ChainSpec, transfers: list[bytes]) -> float:
    """Validated transfers that go into blocks in a second, keeping the blocks included."""
    with tempfile.TemporaryDirectory() as folder, DevChain(spec, Path(folder)) as chain:
        for transfer in transfers:
            chain.submit(transfer)
        return len(transfers) / elapsed(lambda: _seal_all(chain))


def submitted_per_second(spec: ChainSpec, transfers: list[bytes], sealing: Sealing) -> float:
    """Transfers from one WebSocket, sent without waiting, until the last is in a block."""
    requests = [_submission(at, transfer) for at, transfer in enumerate(transfers)]
    with (
        tempfile.TemporaryDirectory() as folder,
        DevChain(spec, Path(folder)) as chain,
        Node(chain, sealing=sealing, block_time_s=0.5) as node,
    ):
        socket = websocket.create_connection(node.ws_url)

        def send() -> None:
            for request in requests:
                socket.send(request)
            for _ in requests:
                assert "result" in json.loads(socket.recv())
            while len(chain.pool):
                time.sleep(0.002)

        took = elapsed(send)
        socket.close()
        assert _included(chain) == len(transfers)
    return len(transfers) / took


def empty_block_ms(spec: ChainSpec, keys: int) -> float:
    """One empty block over a state of about ``keys`` keys."""
    state = spec.state.copy()
    prefix = bytes.fromhex("26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9")
    accounts = (blake2_256(index.to_bytes(4, "little")) for index in range(keys - len(state)))
    state.apply({prefix + blake2_256(account)[:16] + account: bytes(80) for account in accounts})
    with tempfile.TemporaryDirectory() as folder, DevChain(replace(spec, state=state), Path(folder)) as chain:
        chain.seal()
        return 1000 * median(lambda: elapsed(chain.seal), 50)


def prototype_per_second(spec: ChainSpec, transfers: list[bytes], prototypes: Path) -> float | None:
    """What the fast prototype seals of the same transfers in one block; None where it is not at hand."""
    if not (prototypes / "wasm_host_fast.py").is_file():
        return None
    sys.path.insert(0, str(prototypes))
    from wasm_host_fast import Runtime  # type: ignore[import-not-found]

    runtime = Runtime(plain_wasm(spec.state.get(b":code") or b""))
    runtime.state = spec.state.items()
    with DevChain.fresh(spec) as chain:
        slot = chain.head.slot + 1
        header = Header(chain.head.hash, 1, digest=(pre_runtime(slot),))
    moments = ((b"timstap0", slot * SLOT_MS), (b"auraslot", slot))
    inherents = compact(2) + b"".join(name + vec(value.to_bytes(8, "little")) for name, value in moments)

    def seal() -> None:
        runtime.call("Core_initialize_block", header.encode())
        first = decode_vec(runtime.call("BlockBuilder_inherent_extrinsics", inherents, commit=False), 1)[0]
        for extrinsic in (vec(first), *transfers):
            assert runtime.call("BlockBuilder_apply_extrinsic", extrinsic)[0] == 0
        runtime.call("BlockBuilder_finalize_block", b"")

    return len(transfers) / elapsed(seal)


def measure(prototypes: Path) -> list[Figure]:
    """All figures, on one core."""
    spec = default_spec()
    with tempfile.TemporaryDirectory() as cache:
        cold = start_to_first_block(cache)
        warm = median(lambda: start_to_first_block(cache), 5)
    transfers = signed_transfers(spec, TRANSFERS)
    sealed = median(lambda: sealed_per_second(spec, transfers), 3)
    figures = [
        Figure("cold start to first block", cold, "s", 5.0, "less"),
        Figure("warm start to first block", warm, "s", 1.0, "less"),
        Figure("validated transfers sealed", sealed, "1/s", 300.0, "more"),
    ]
    for sealing in (Sealing.INTERVAL, Sealing.INSTANT):
        rate = median(lambda how=sealing: submitted_per_second(spec, transfers, how), 3)  # type: ignore[misc]
        figures.append(Figure(f"submitted by RPC to block, {sealing}", rate, "1/s", 100.0, "more"))
    figures.append(Figure("empty block, 10,000 keys", empty_block_ms(spec, 10_000), "ms", 20.0, "less"))
    fresh = 1000 * median(lambda: elapsed(lambda: DevChain.fresh(spec).close()), 20)
    figures.append(Figure("fresh chain for a test", fresh, "ms", 50.0, "less"))
    prototype = prototype_per_second(spec, transfers[:100], prototypes)
    if prototype is not None:
        figures.append(Figure("prototype: transfers sealed", prototype, "1/s", None, "more"))
        figures.append(Figure("sealing, against the prototype", sealed / prototype, "x", None, "more"))
    return figures


def machine() -> dict[str, str | int | None]:
    """Where the figures come from."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument(
        "--prototypes", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "prototypes"
    )
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    where, figures = machine(), measure(options.prototypes)
    print(f"{where['processor']}, one of {where['cores']} cores, Python {where['python']}, {where['date']}")
    for figure in figures:
        target = "" if figure.target is None else f"{figure.target:>8.0f}"
        print(f"{figure.name:<38}{figure.value:>10.2f} {figure.unit:<4}{target:>8}  {figure.met}")
    if options.json is not None:
        document = {"machine": where, "figures": [asdict(figure) for figure in figures]}
        options.json.write_text(json.dumps(document, indent=2) + "\n")


def _submission(identifier: int, extrinsic: bytes) -> str:
    params = ["0x" + extrinsic.hex()]
    return json.dumps({"jsonrpc": "2.0", "id": identifier, "method": "author_submitExtrinsic", "params": params})


def _seal_all(chain: DevChain) -> None:
    while chain.pool.ready:
        chain.seal()


def _included(chain: DevChain) -> int:
    height = chain.height
    return sum(len(chain.block(number).extrinsics) - 1 for number in range(1, height + 1))


if __name__ == "__main__":
    main()
