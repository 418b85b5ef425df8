"""Parameter sheets, and the bounds: the table here against what the runtime takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import PARAMETERS, Change, OutOfBounds, Parameter, SheetInvalid, parameters, read_sheet
from governance._parameters import check, parameter_call
from offchain.chain import ChainClient
from offchain.chain.inspection import Decoder, encode_argument, encode_call, storage_key
from offchain.devchain import DevChain, Fork, Node
from offchain.devchain.testing import fresh_chain

from .conftest import House


@pytest.fixture(scope="module")
def forkable() -> Iterator[tuple[DevChain, ChainClient]]:
    """A chain that forks are taken of."""
    with fresh_chain() as chain, Node(chain) as node, ChainClient(node.ws_url) as client:
        yield chain, client


def _is_taken(chain: DevChain, client: ChainClient, one: Parameter, value: int) -> bool:
    """Whether the runtime sets the constant to the value in the name of the parameters track."""
    call = encode_call(client, parameter_call((Change(one, value),)))
    origin = encode_argument(client, "Referenda", "submit", "proposal_origin", {"Origins": "Parameters"})
    fork = Fork(chain.state_at(chain.height), chain.height, chain.head.hash)
    task = b"\x04\x01\x00\x00\x01" + bytes([len(call) << 2]) + call + b"\x00" + origin
    fork.set(storage_key(client, "Scheduler", "Agenda", chain.height + 1), task)
    fork.seal()
    events = fork.get(storage_key(client, "System", "Events")) or b""
    return any(str(event) == "Parameters.Updated" for event in Decoder.at(client).events(events))


@pytest.mark.parametrize("one", PARAMETERS.values(), ids=lambda one: one.name)
def test_bounds_are_those_of_the_runtime(forkable: tuple[DevChain, ChainClient], one: Parameter) -> None:
    limit = 2**128 if one.is_amount else 2**32
    for value in (one.least - 1, one.least, one.genesis, one.greatest, one.greatest + 1):
        if 0 <= value < limit:
            assert _is_taken(*forkable, one, value) == (one.least <= value <= one.greatest), value


def test_table_has_every_parameter_of_the_runtime_with_its_value_at_genesis(house: House) -> None:
    known = house.client.interface.for_signing().metadata
    pallet = next(one for one in known.pallets if one.value["name"] == "Parameters")
    assert pallet is not None
    assert parameters(house.client) == {one.name: one.genesis for one in PARAMETERS.values()}
    rust = Path(__file__).resolve().parents[2] / "runtime-specs" / "runtime" / "src" / "configs" / "parameters.rs"
    declared = [line.split()[2].rstrip(":") for line in rust.read_text().splitlines() if "pub static" in line]
    assert declared == list(PARAMETERS)


@given(st.sampled_from(list(PARAMETERS.values())), st.integers(min_value=-1, max_value=2**80))
def test_check_refuses_exactly_what_is_out_of_bounds(one: Parameter, value: int) -> None:
    change = Change(one, value)
    if one.least <= value <= one.greatest:
        assert check(change) is change
    else:
        with pytest.raises(OutOfBounds, match="refuses"):
            check(change)


def test_sheet_is_read_with_its_units(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(
        '[economics]\nBaseFee = "12.5 ASY"\nFeePerMb = "7 planck"\nWorkDonePpm = "30.0001 %"\n'
        'TreasuryCutPpm = 12_345\nMinBond = "default"\n'
    )
    found = {change.parameter.name: change.value for change in read_sheet(sheet)}
    assert found == {
        "BaseFee": 12_500_000_000_000,
        "FeePerMb": 7,
        "WorkDonePpm": 300_001,
        "TreasuryCutPpm": 12_345,
        "MinBond": None,
    }


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "one table"),
        ("[economics]\n", "one table"),
        ("[other]\nBaseFee = '1 ASY'\n", "one table"),
        ("[economics]\nBaseFee = '1 ASY'\n[other]\n", "not other"),
        ("[economics]\nBaseFees = '1 ASY'\n", "no such parameter"),
        ("[economics]\nBaseFee = 12\n", "not a value"),
        ("[economics]\nBaseFee = 'much'\n", "not an amount"),
        ("[economics]\nWorkDonePpm = 0.3\n", "not a value"),
        ("[economics]\nWorkDonePpm = true\n", "not a value"),
        ("[economics]\nWorkDonePpm = '3..0 %'\n", "not a value"),
        ("[economics]\nWorkDonePpm = '-1 %'\n", "not a value"),
        ("[economics\n", "cannot be read"),
    ],
)
def test_sheet_that_says_something_else_is_refused(tmp_path: Path, text: str, hint: str) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(text)
    with pytest.raises(SheetInvalid) as refused:
        read_sheet(sheet)
    assert hint in refused.value.what
    with pytest.raises(SheetInvalid, match="cannot be read"):
        read_sheet(tmp_path / "none.toml")


def test_sheet_out_of_bounds_names_the_bounds(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text('[economics]\nTreasuryCutPpm = "50.0001 %"\n')
    with pytest.raises(OutOfBounds) as refused:
        read_sheet(sheet)
    assert (refused.value.subject, refused.value.hint) == ("TreasuryCutPpm = 50.0001 %", "from 0 % to 50 %")
