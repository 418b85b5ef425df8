"""Rust and Python are of one mind: bytes the runtime's tests wrote are what we read and write."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import calls
from offchain.chain._runtime import ARTIFACTS, Runtime, runtime_api
from offchain.chain._typed import decode
from offchain.chain.calls import Call
from offchain.chain.errors import Undecodable
from offchain.chain.types import (
    BenchmarkSpec,
    CheckpointSpec,
    ClassCount,
    Description,
    FeeQuote,
    LeaderboardEntry,
    Licence,
    Limits,
    Metric,
    Modality,
    Prices,
    Reveal,
    RoundState,
    Shard,
    VersionSpec,
    Waiting,
    Why,
)

ASY = 10**12
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "vectors"
VECTORS = json.loads((FIXTURES / "scale.json").read_text())
ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"
KINDS: dict[str, Any] = {"Why": Why, "LeaderboardEntry": LeaderboardEntry, "FeeQuote": FeeQuote}
METHODS = {"Why": "why", "LeaderboardEntry": "leaderboard", "FeeQuote": "quote"}


@cache
def runtime() -> Runtime:
    """The committed runtime's types."""
    return Runtime.of("0x00", 1, "0x" + (ARTIFACTS / "metadata.scale").read_bytes().hex())


def cid(byte: int) -> bytes:
    return bytes((0x01, 0x55, 0x12, 0x20)) + bytes([byte] * 32)


def shard_commitments() -> list[bytes]:
    """Key commitments stand in the vector; that they are right is a matter of the crypto vectors."""
    data = bytes.fromhex(VECTORS["calls"]["Datasets::publish_version"][2:])
    return [data[-112:-80], data[-40:-8]]


CALLS: dict[str, Call] = {
    "Datasets::register": calls.datasets.register(
        Description("weld seams", Modality.INDUSTRIAL, "crack_vs_sound", ("sound", "crack"), Licence("CC-BY-4.0")),  # type: ignore[arg-type]
        Prices(3 * ASY, ASY, ASY),
    ),
    "Datasets::release_key": calls.datasets.release_key(2, ALICE, [bytes([7] * 80)] * 2),
    "Models::register": calls.models.register(
        "seam net", Licence("Apache-2.0"), [(ALICE, 700_000), (BOB, 300_000)], ASY
    ),
    "Models::claim": calls.models.claim(bytes.fromhex(VECTORS["calls"]["Models::claim"][6:])),
    "Models::open": calls.models.open_claim(
        0,
        bytes([1] * 32),
        CheckpointSpec(
            id=bytes([1] * 32),
            cid=cid(4),
            size_bytes=3 << 20,
            architecture="small_cnn",  # type: ignore[arg-type]
            card_cid=cid(5),
            card_hash=bytes([6] * 32),
            operating_point_ppm=500_000,
            parent=None,
        ),
    ),
    "Evaluation::create_benchmark": calls.evaluation.create_benchmark(
        BenchmarkSpec("cracks", 0, 0, (Metric.AUROC, Metric.SENSITIVITY), 0, 10_000, 800_000, 5_000, 3)  # type: ignore[arg-type]
    ),
    "Evaluation::register_validator": calls.evaluation.register_validator(
        Limits(64, 2), bytes([1] * 48), bytes([2] * 96), 100 * ASY
    ),
    "Evaluation::request_evaluation": calls.evaluation.request_evaluation(0, bytes([1] * 32), 1_000 * ASY),
    "Evaluation::reveal": calls.evaluation.reveal(
        2, Reveal((905_000, 850_000), 885_000, 925_000, bytes([8] * 32), bytes([9] * 32), bytes([10] * 32))
    ),
}


def published() -> Call:
    first, second = shard_commitments()
    return calls.datasets.publish_version(
        0,
        VersionSpec(
            manifest=cid(1),
            public_split=cid(2),
            label_root=bytes([3] * 32),
            frame_bytes=65_536,
            public_counts=(ClassCount(1_000, 20),) * 2,
            held_out_counts=(ClassCount(500, 20),) * 2,
            held_out_groups=30,
            shards=(Shard(bytes(32), first, 10, 500), Shard(bytes([1] * 32), second, 10, 500)),
        ),
    )


def encoded(call: Call) -> str:
    scale = runtime().config.create_scale_object("Call", metadata=runtime().metadata)
    return str(scale.encode(call.to_scale()))


@pytest.mark.parametrize("name", sorted(VECTORS["calls"]))
def test_call_is_encoded_as_rust_does(name: str) -> None:
    call = published() if name == "Datasets::publish_version" else CALLS[name]
    assert encoded(call) == VECTORS["calls"][name]
    assert encoded(calls.utility.batch([call, call])).endswith(VECTORS["calls"][name][2:] * 2)


def told(value: Any) -> Any:
    """A decoded value in the notation of the vectors."""
    if isinstance(value, RoundState):
        reason = {"Declined": value.declined.value} if value.declined else value.reason
        return {"Failed": reason} if reason else value.state.value
    if isinstance(value, Waiting):
        if value.steward is not None:
            return {"Steward": {"steward": value.steward, "members": list(value.members)}}
        return {"Members": list(value.members)} if value.members else value.on.value
    if dataclasses.is_dataclass(value):
        return {field.name: told(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("vector", VECTORS["apis"], ids=lambda vector: json.dumps(vector["value"])[:40])
def test_answer_is_decoded_as_rust_meant_it(vector: dict[str, Any]) -> None:
    name = vector["type"].removeprefix("EvaluationApi::")
    described = runtime_api()["EvaluationApi"]["methods"][METHODS[name]]["type"]
    inner = described[described.index("<") + 1 : -1]
    found = decode(KINDS[name], runtime().decode(inner, vector["scale"]))
    assert told(found) == vector["value"]


def test_every_call_of_our_pallets_has_a_function() -> None:
    known = json.loads((FIXTURES / "calls.json").read_text())
    modules = {"Datasets": calls.datasets, "Models": calls.models, "Evaluation": calls.evaluation}
    renamed = {("Models", "open"): "open_claim"}
    for name in known:
        pallet, call = name.split("::")
        if pallet in modules:
            assert renamed.get((pallet, call), call) in modules[pallet].__all__, name


def test_value_is_refused_when_its_shape_is_another() -> None:
    with pytest.raises(Undecodable):
        decode(FeeQuote, {"compute": 1})
    with pytest.raises(Undecodable):
        decode(Limits, {"max_checkpoint_mb": "many", "max_concurrent": 1})
    with pytest.raises(Undecodable):
        decode(RoundState, "Dreaming")
    with pytest.raises(Undecodable):
        decode(bool, 1)


def test_bytes_that_spell_hex_stay_what_they_are_when_decoded() -> None:
    spelled = runtime().encode("Vec<u8>", "0x" + b"0x41".hex())
    assert runtime().decode("Vec<u8>", spelled) == "0x" + b"0x41".hex()
