"""The committed runtime and the Python client name the same calls and errors: neither gains one without the other."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from scalecodec.base import ScaleBytes

from offchain.chain import ChainClient, calls
from offchain.chain.errors import AlreadyDone, DispatchFailed, NotEntitled, OutOfState, TooEarly, TooLate
from offchain.devchain import Node
from offchain.devchain.testing import chain, node

__all__ = ["chain", "node"]

ROOT = Path(__file__).resolve().parents[3]
ARTIFACTS = ROOT / "runtime-specs" / "artifacts"
OURS = {"Datasets": calls.datasets, "Models": calls.models, "Evaluation": calls.evaluation}
RENAMED = {"open": "open_claim"}
"""A function named ``open`` would hide Python's."""
STATES = {
    "NotACid": DispatchFailed,
    "NotAvailable": DispatchFailed,
    "NotEnoughBond": DispatchFailed,
    "NotSuspended": DispatchFailed,
    "NothingToAdd": DispatchFailed,
    "NothingUnlocked": TooEarly,
}
"""Names that begin like a matter of who may do something, and are none."""


@pytest.fixture(scope="module")
def pallets() -> dict[str, Any]:
    """Our pallets in the committed metadata, by name."""
    from scalecodec.base import RuntimeConfigurationObject
    from scalecodec.type_registry import load_type_registry_preset

    config = RuntimeConfigurationObject(implements_scale_info=True)
    config.update_type_registry(load_type_registry_preset("core"))
    data = ScaleBytes((ARTIFACTS / "metadata.scale").read_bytes())
    metadata = config.create_scale_object("MetadataVersioned", data=data)
    metadata.decode()
    config.add_portable_registry(metadata)
    return {pallet.name: pallet for pallet in metadata.pallets if pallet.name in OURS}


@pytest.mark.parametrize("pallet", OURS)
def test_client_has_every_call_with_the_runtimes_arguments(pallets: dict[str, Any], pallet: str) -> None:
    wanted = {RENAMED.get(call.name, call.name): len(call.args) for call in pallets[pallet].calls}
    module = OURS[pallet]
    assert sorted(wanted) == sorted(module.__all__)
    for name, arguments in wanted.items():
        parameters = inspect.signature(getattr(module, name)).parameters
        # A description is five of the arguments of `Datasets.register`.
        assert len(parameters) + 4 * ("description" in parameters) == arguments, name


def test_call_indices_are_the_frozen_ones(pallets: dict[str, Any]) -> None:
    frozen = json.loads((ROOT / "tests/fixtures/vectors/calls.json").read_text())
    found = {
        f"{name}::{call.name}": [pallet.value["index"], call.value["index"]]
        for name, pallet in pallets.items()
        for call in pallet.calls
    }
    assert found == {name: place for name, place in frozen.items() if name.split("::")[0] in OURS}


def test_every_error_of_ours_becomes_the_class_that_its_name_promises(pallets: dict[str, Any]) -> None:
    for pallet_name, pallet in pallets.items():
        for entry in pallet.errors:
            docs = " ".join(entry.value["docs"]).strip()
            name = entry.value["name"]
            error = DispatchFailed.of(pallet_name, name, docs)
            assert (error.pallet, error.name) == (pallet_name, name)
            assert error.what, name
            assert error.what in docs
            if name in STATES:
                assert type(error) is STATES[name], name
            elif name.startswith("Already"):
                assert type(error) is AlreadyDone, name
            elif name.startswith("Not"):
                assert type(error) is NotEntitled, name


@pytest.mark.parametrize(
    ("pallet", "name", "kind"),
    [
        ("Evaluation", "WindowClosed", TooLate),
        ("Evaluation", "WrongState", OutOfState),
        ("Models", "ClaimExpired", TooLate),
        ("Models", "ClaimTooFresh", TooEarly),
        ("Models", "ClaimNotExpired", TooEarly),
    ],
)
def test_errors_that_callers_branch_on_exist(
    pallets: dict[str, Any], pallet: str, name: str, kind: type[DispatchFailed]
) -> None:
    assert name in {entry.value["name"] for entry in pallets[pallet].errors}
    assert type(DispatchFailed.of(pallet, name)) is kind


def test_embedded_chain_serves_the_committed_metadata(node: Node) -> None:
    with ChainClient(node.ws_url) as client:
        served = client.connection.call("state_getMetadata", [])
    assert served == "0x" + (ARTIFACTS / "metadata.scale").read_bytes().hex()
