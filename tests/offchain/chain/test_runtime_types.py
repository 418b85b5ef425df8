"""Two runtimes in one process, as in the minutes of an upgrade: neither is read by the types of the other."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from offchain.chain._runtime import Runtime
from offchain.devchain import ChainSpec, DevChain, default_spec

RELEASES = Path(__file__).resolve().parents[3] / "runtime-specs" / "artifacts" / "releases"
TRANSFER = {"call_module": "Balances", "call_function": "transfer_keep_alive"}
ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
SIGNATURE = "0x" + "2a" * 64


def runtime_of(spec: ChainSpec, version: int) -> Runtime:
    with DevChain.fresh(spec) as chain:
        return Runtime.of("0x" + chain.genesis_hash.hex(), version, "0x" + chain.metadata_at(0).hex())


@pytest.fixture(scope="module")
def runtimes() -> tuple[Runtime, Runtime]:
    """The last release and the current runtime: their types have other numbers."""
    last = max(RELEASES.glob("assay-*.wasm"), key=lambda path: int(path.name.split("-")[1].split(".")[0]))
    return runtime_of(ChainSpec.from_runtime(last.read_bytes(), "development"), 1), runtime_of(default_spec(), 2)


def signed(runtime: Runtime) -> str:
    """An extrinsic as the library builds one: by classes that all runtimes share."""
    call = runtime.config.create_scale_object("Call", metadata=runtime.metadata)
    call.encode({**TRANSFER, "call_args": {"dest": ALICE, "value": 10**12}})
    extrinsic = runtime.config.create_scale_object("Extrinsic", metadata=runtime.metadata)
    value = {"account_id": ALICE, "signature": {"Sr25519": SIGNATURE}, "nonce": 1, "era": "00", "tip": 0}
    mode = {"mode": "Disabled"}
    return str(extrinsic.encode({**value, **mode, "call": call.value}).to_hex())


def test_value_keeps_to_its_runtime_when_another_is_used_meanwhile(runtimes: tuple[Runtime, Runtime]) -> None:
    old, new = runtimes
    for kind in ("Extrinsic", "ExtrinsicV4", "Call", "Address", "Vec<u32>", "(u32, u64)", "[u8; 4]"):
        made = old.config.create_scale_object(kind, metadata=old.metadata)
        other = new.config.create_scale_object(kind, metadata=new.metadata)
        assert (made.runtime_config, other.runtime_config) == (old.config, new.config), kind


def test_threads_encode_for_their_own_runtimes_when_they_do_so_at_once(runtimes: tuple[Runtime, Runtime]) -> None:
    expected = [signed(runtime) for runtime in runtimes]
    wrong: list[str] = []

    def work(runtime: Runtime, meant: str) -> None:
        try:
            wrong.extend(found for _ in range(60) if (found := signed(runtime)) != meant)
        except Exception as error:
            wrong.append(repr(error))

    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(runtimes, expected, strict=True) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_unknown_type_is_refused_as_the_library_refuses_it(runtimes: tuple[Runtime, Runtime]) -> None:
    with pytest.raises(NotImplementedError, match="NoSuchType"):
        runtimes[0].config.create_scale_object("NoSuchType")
