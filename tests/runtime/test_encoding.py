"""Python reads what the runtime's own tests wrote: metadata, indices of calls, types of the runtime APIs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

REPOSITORY = Path(__file__).resolve().parents[2]
ARTIFACTS = REPOSITORY / "runtime-specs" / "artifacts"
VECTORS = REPOSITORY / "tests" / "fixtures" / "vectors"

EXTENSIONS = [
    "AuthorizeCall",
    "CheckNonZeroSender",
    "CheckSpecVersion",
    "CheckTxVersion",
    "CheckGenesis",
    "CheckMortality",
    "CheckNonce",
    "CheckWeight",
    "ChargeTransactionPayment",
    "CheckMetadataHash",
]


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_bytes())


@pytest.fixture(scope="module")
def config() -> Any:
    """scalecodec with the artifacts' metadata and API types."""
    config = RuntimeConfigurationObject(ss58_format=42, implements_scale_info=True)
    for preset in ("core", "legacy"):
        config.update_type_registry(load_type_registry_preset(preset))
    return config


@pytest.fixture(scope="module")
def metadata(config: Any) -> Any:
    metadata = config.create_scale_object(
        "MetadataVersioned", data=ScaleBytes((ARTIFACTS / "metadata.scale").read_bytes())
    )
    metadata.decode()
    config.add_portable_registry(metadata)
    return metadata


@pytest.fixture(scope="module")
def apis(config: Any, metadata: Any) -> Any:
    registry = json.loads((ARTIFACTS / "runtime_api.json").read_bytes())
    config.update_type_registry(registry)
    config.update_type_registry_types(registry["runtime_api"]["EvaluationApi"]["types"])
    return registry["runtime_api"]


def test_calls_keep_their_indices_when_the_metadata_is_read(metadata: Any) -> None:
    indices = {}
    for pallet in metadata.pallets:
        for call in pallet.calls or []:
            indices[f"{pallet.value['name']}::{call.value['name']}"] = [pallet.value["index"], call.value["index"]]
    assert indices == vectors("calls.json")


def test_extensions_are_those_that_substrate_interface_signs(metadata: Any) -> None:
    assert list(metadata.get_signed_extensions()) == EXTENSIONS


@pytest.mark.parametrize("vector", vectors("scale.json")["apis"], ids=lambda vector: vector["type"])
def test_api_value_decodes_to_what_the_runtime_encoded(config: Any, apis: Any, vector: dict[str, Any]) -> None:
    assert apis
    decoder = config.create_scale_object(vector["type"], data=ScaleBytes(vector["scale"]))
    assert decoder.decode(check_remaining=True) == vector["value"]
    assert str(config.create_scale_object(vector["type"]).encode(vector["value"])) == vector["scale"]


def test_every_api_method_has_types_that_resolve(config: Any, apis: Any) -> None:
    for api, described in apis.items():
        config.update_type_registry_types(described["types"])
        for name, method in described["methods"].items():
            for wanted in [method["type"], *(param["type"] for param in method["params"])]:
                assert config.create_scale_object(wanted) is not None, f"{api}.{name}: {wanted}"
