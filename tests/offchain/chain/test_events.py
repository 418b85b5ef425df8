"""A transaction that was included may have done nothing: every result within it counts."""

from __future__ import annotations

from typing import Any

import pytest

from offchain.chain._events import Event, dispatch_failure, failure_of, parse_events
from offchain.chain._runtime import ARTIFACTS, Runtime
from offchain.chain.errors import AlreadyDone, DispatchFailed, NotEntitled, OutOfState, TooEarly, TooLate

SUCCESS = Event("System", "ExtrinsicSuccess", {"dispatch_info": {}}, 1)


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    return Runtime.of("0x01", 1, "0x" + (ARTIFACTS / "metadata.scale").read_bytes().hex())


def module_error(runtime: Runtime, pallet: str, name: str) -> dict[str, Any]:
    """The ``DispatchError`` of a pallet's error, as the library decodes it and as our events hold it."""
    found = next(p for p in runtime.metadata.pallets if p.value["name"] == pallet)
    number = next(e.value["index"] for e in found.errors if e.value["name"] == name)
    return {"Module": {"index": found.value["index"], "error": bytes([number, 0, 0, 0])}}


@pytest.mark.parametrize(
    ("pallet", "name", "key"),
    [
        ("System", "ExtrinsicFailed", "dispatch_error"),
        ("Utility", "ItemFailed", "error"),
        ("Utility", "BatchInterrupted", "error"),
        ("Proxy", "ProxyExecuted", "result"),
        ("Multisig", "MultisigExecuted", "result"),
        ("Utility", "DispatchedAs", "result"),
    ],
)
def test_failure_is_found_when_any_result_within_is_an_error(
    runtime: Runtime, pallet: str, name: str, key: str
) -> None:
    error = module_error(runtime, "Evaluation", "WindowClosed")
    carried: Any = {"Err": error} if key == "result" else error
    failure = failure_of((Event(pallet, name, {key: carried}, 1), SUCCESS), runtime)
    assert isinstance(failure, TooLate)
    assert (failure.pallet, failure.name) == ("Evaluation", "WindowClosed")


@pytest.mark.parametrize("fine", ["Ok", {"Ok": ()}, {"Ok": None}])
def test_no_failure_is_found_when_every_result_within_is_ok(runtime: Runtime, fine: Any) -> None:
    executed = Event("Proxy", "ProxyExecuted", {"result": fine}, 1)
    assert failure_of((executed, SUCCESS), runtime) is None


def test_failure_is_found_when_the_block_tells_no_outcome(runtime: Runtime) -> None:
    assert failure_of((), runtime) is not None
    assert failure_of((Event("Balances", "Transfer", {}, 1),), runtime) is not None


@pytest.mark.parametrize(
    ("pallet", "name", "kind"),
    [
        ("Datasets", "AlreadyReleased", AlreadyDone),
        ("Evaluation", "AlreadyRequested", AlreadyDone),
        ("Evaluation", "WrongState", OutOfState),
        ("Evaluation", "NotDrawn", NotEntitled),
        ("Datasets", "NotSteward", NotEntitled),
        ("Models", "ClaimTooFresh", TooEarly),
        ("Models", "ClaimExpired", TooLate),
        ("Evaluation", "CommitmentMismatch", DispatchFailed),
    ],
)
def test_error_is_of_the_kind_that_callers_branch_on(
    runtime: Runtime, pallet: str, name: str, kind: type[DispatchFailed]
) -> None:
    failure = dispatch_failure(module_error(runtime, pallet, name), runtime)
    assert type(failure) is kind
    assert failure.docs


@pytest.mark.parametrize(
    ("error", "pallet", "name"),
    [
        ("BadOrigin", "System", "BadOrigin"),
        ({"Token": "FundsUnavailable"}, "Token", "FundsUnavailable"),
        ({"Arithmetic": "Underflow"}, "Arithmetic", "Underflow"),
        ({"Module": {"index": 42, "error": "0xff000000"}}, "pallet 42", "error 255"),
        ({"Module": {"index": 99, "error": b"\x01\x00\x00\x00"}}, "pallet 99", "error 1"),
    ],
)
def test_error_is_named_when_it_comes_from_no_pallet_we_know(
    runtime: Runtime, error: Any, pallet: str, name: str
) -> None:
    failure = dispatch_failure(error, runtime)
    assert (failure.pallet, failure.name) == (pallet, name)


def test_every_error_that_is_branched_on_exists_in_the_runtime(runtime: Runtime) -> None:
    from offchain.chain import errors

    ours = [p for p in runtime.metadata.pallets if p.value["name"] in errors._OUR_PALLETS]
    names = {error.value["name"] for pallet in ours for error in pallet.errors}
    assert set(errors._BY_NAME) <= names


def test_events_keep_bytes_as_bytes_and_their_transaction(runtime: Runtime) -> None:
    record = {"module_id": "Models", "event_id": "Locked", "attributes": {"checkpoint": "0x0102"}, "extrinsic_idx": 3}
    bare = {"module_id": "System", "event_id": "CodeUpdated", "attributes": None, "extrinsic_idx": None}
    assert parse_events([record, bare]) == (
        Event("Models", "Locked", {"checkpoint": b"\x01\x02"}, 3),
        Event("System", "CodeUpdated", {}, None),
    )


def test_runtimes_do_not_disturb_each_other_when_used_in_turn(runtime: Runtime) -> None:
    other = Runtime.of("0x02", 1, "0x" + (ARTIFACTS / "metadata.scale").read_bytes().hex())
    for one in (runtime, other, runtime):
        assert one.decode("Vec<u8>", one.encode("Vec<u8>", "0x6869")) == "0x6869"
