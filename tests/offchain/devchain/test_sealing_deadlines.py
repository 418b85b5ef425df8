"""What the chain knows to wait for blocks: rounds and claims."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scalecodec.base import RuntimeConfigurationObject
from scalecodec.type_registry import load_type_registry_preset

from offchain.devchain import DevChain, Node, Sealing
from offchain.devchain._deadlines import Deadlines, _until
from offchain.devchain._spec import ARTIFACTS

from .conftest import Signer, eventually

API = json.loads((ARTIFACTS / "runtime_api.json").read_text())["runtime_api"]
WHY = API["EvaluationApi"]["methods"]["why"]["type"]
FINAL = {"Settled", "Inconclusive", "Failed", "Expired"}


@pytest.fixture(scope="module")
def types() -> RuntimeConfigurationObject:
    """The types of the runtime's API, as the runtime's own metadata describes them."""
    found = RuntimeConfigurationObject(implements_scale_info=True)
    found.update_type_registry(load_type_registry_preset("core"))
    for group in API.values():
        found.update_type_registry({"types": group["types"]})
    return found


ACCOUNTS = st.lists(st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex()), max_size=5)
STATES = st.sampled_from(
    ["Requested", "Accepting", "Releasing", "Committing", "Revealing", "Settled", "Inconclusive", "Expired"]
) | st.sampled_from([{"Declined": "Resources"}, {"NoCommittee": None}, {"KeysWithheld": None}]).map(
    lambda reason: {"Failed": reason}
)
WAITS = (
    st.sampled_from(["Nobody", "Blocks", "Anyone"])
    | ACCOUNTS.map(lambda members: {"Members": members})
    | ACCOUNTS.map(lambda members: {"Steward": {"steward": "0x" + "07" * 32, "members": members}})
)


@settings(max_examples=60)
@given(STATES, WAITS, st.integers(0, 2**32 - 1))
def test_window_ends_where_the_runtime_says_whatever_the_round_waits_for(
    types: RuntimeConfigurationObject, state: Any, waits_for: Any, until: int
) -> None:
    why = {
        "state": state,
        "waits_for": waits_for,
        "until": until,
        "widened": True,
        "draw_is_biasable_by_authors": True,
    }
    encoded = bytes(types.create_scale_object(WHY).encode(why).data)
    name = state if isinstance(state, str) else next(iter(state))
    assert _until(encoded) == (None if name in FINAL else until)
    assert _until(b"\x00") is None


def test_nothing_is_waited_for_when_the_chain_is_new(chain: DevChain) -> None:
    assert Deadlines()(chain) is None


def test_claim_is_waited_for_until_it_can_be_opened(chain: DevChain, signer: Signer) -> None:
    deadlines = Deadlines()
    for nonce, block in enumerate((1, 3)):
        chain.run_to(block - 1)
        chain.submit(signer.sign("Models", "claim", {"hash": "0x" + bytes([block]).hex() * 32}, nonce=nonce))
        chain.seal()
    assert deadlines(chain) == 6
    chain.run_to(6)
    assert deadlines(chain) == 8
    chain.run_to(8)
    assert deadlines(chain) is None


def test_empty_blocks_come_until_the_claim_can_be_opened_when_nothing_is_sent(chain: DevChain, signer: Signer) -> None:
    chain.submit(signer.sign("Models", "claim", {"hash": "0x" + "2a" * 32}, nonce=0))
    with Node(chain, sealing=Sealing.INSTANT, block_time_s=0.01):
        eventually(lambda: chain.height == 6)
        time.sleep(0.1)
        assert chain.height == 6
