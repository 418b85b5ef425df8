"""What people are told about a referendum's end is what the runtime then does."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import (
    PARAMETERS,
    Change,
    Conviction,
    Ended,
    Ongoing,
    Origin,
    Outcome,
    Tally,
    Vote,
    change_parameters,
    raw,
    referenda,
    referendum,
    remove_vote,
    standing,
    standings,
    vote,
)
from governance._forecast import End, approval, support
from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.chain.errors import DispatchFailed
from offchain.devchain import DevChain, Node
from offchain.devchain.testing import fresh_chain

from .conftest import ASY, House

PROPOSAL = change_parameters((Change(PARAMETERS["WorkDonePpm"], 300_000),))
REMARK = raw(Origin.ROOT, calls.system.remark(b"noted"))
OUTCOMES = {End.APPROVED: Outcome.APPROVED, End.REJECTED: Outcome.REJECTED, End.TIMED_OUT: Outcome.TIMED_OUT}


def _holds(house: House, index: int) -> None:
    """From every block on, the forecast is the same and comes true to the block, the decision's beginning included."""
    first = standing(house.client, index)
    told = first.forecast
    assert told.at is not None
    while house.chain.height < told.at:
        now = standing(house.client, index)
        assert now.forecast.at == told.at
        if now.status.deciding is not None and told.decided_from is not None:
            assert now.status.deciding.since == told.decided_from
        house.chain.seal()
    found = referendum(house.client, index)
    assert isinstance(found, Ended)
    assert (found.outcome, found.at) == (OUTCOMES[told.end], told.at)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ayes=st.integers(min_value=0, max_value=9_900),
    nays=st.integers(min_value=0, max_value=9_900),
    convictions=st.tuples(st.sampled_from(Conviction), st.sampled_from(Conviction)),
    late=st.integers(min_value=0, max_value=5),
    origin=st.sampled_from((Origin.PARAMETERS, Origin.ROOT, Origin.EMERGENCY)),
)
def test_forecast_comes_true_to_the_block(
    ayes: int,
    nays: int,
    convictions: tuple[Conviction, Conviction],
    late: int,
    origin: Origin,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path_factory.mktemp("home")))
    with fresh_chain() as chain, Node(chain) as node, ChainClient(node.ws_url) as client:
        signers = [development_signer(name, client) for name in ("//Alice", "//Bob")]
        house = House(chain, client, TransactionManager(client), *signers)
        index = house.propose(raw(origin, calls.system.remark(b"noted")))
        chain.run_to(chain.height + late)
        for signer, aye, thousands, conviction in (
            (signers[0], True, ayes, convictions[0]),
            (signers[1], False, nays, convictions[1]),
        ):
            if thousands and isinstance(referendum(client, index), Ongoing):
                ballot = Vote.whole(aye=aye, balance=thousands * 1_000 * ASY, conviction=conviction)
                house.send(vote(index, ballot), signer)
        if isinstance(referendum(client, index), Ongoing):
            _holds(house, index)


def test_forecast_of_a_referendum_without_its_deposit_is_the_timeout(house: House) -> None:
    index = house.propose(PROPOSAL, deposit=False)
    told = standing(house.client, index).forecast
    assert (told.end, told.at) == (End.TIMED_OUT, house.chain.height + 100)
    _holds(house, index)


def test_forecast_follows_the_queue_of_a_full_track(house: House) -> None:
    """One root referendum is decided at a time: those behind it begin when it ends, the one with most ayes first."""
    first, second, third = (house.propose(REMARK) for _ in range(3))
    house.vote(first, 9)
    house.vote(second, 1)
    house.vote(third, 2)
    house.chain.run_to(house.chain.height + 2)
    states = {index: one.status for index, one in standings(house.client).items()}
    assert states[first].deciding is not None
    assert states[second].in_queue
    assert states[third].in_queue
    told = {index: one.forecast for index, one in standings(house.client).items()}
    assert told[first].at is not None
    assert told[third].decided_from == told[first].at + 1
    for index in (first, third, second):
        _holds(house, index)


def test_forecast_follows_a_vote_on_a_queued_referendum_at_once(house: House) -> None:
    first, second, third = (house.propose(REMARK) for _ in range(3))
    house.vote(second, 2)
    house.vote(third, 1)
    house.vote(third, 3)
    told = {index: one.forecast for index, one in standings(house.client).items()}
    assert standing(house.client, third).status.in_queue
    assert told[first].at is not None
    assert told[third].decided_from == told[first].at + 1
    for index in (first, third, second):
        _holds(house, index)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ayes=st.lists(st.integers(min_value=0, max_value=2), min_size=3, max_size=6),
    again=st.lists(st.tuples(st.integers(min_value=0, max_value=6), st.integers(min_value=0, max_value=3)), max_size=5),
)
def test_forecast_keeps_the_order_of_the_queue(
    ayes: list[int],
    again: list[tuple[int, int]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Equal ayes among them, votes in the block in which another one ends, and votes again."""
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path_factory.mktemp("home")))
    with fresh_chain() as chain, Node(chain) as node, ChainClient(node.ws_url) as client:
        signers = [development_signer(name, client) for name in ("//Alice", "//Bob")]
        house = House(chain, client, TransactionManager(client), *signers)
        known = [house.propose(REMARK) for _ in range(len(ayes) + 1)]
        for index, millions in [*zip(known[1:], ayes, strict=True), *again]:
            if index in known:
                with suppress(DispatchFailed):  # where it is over
                    house.vote(index, millions)
        told = {index: one.forecast.decided_from for index, one in standings(client).items()}
        begun: dict[int, int] = {}
        while len(begun) < len(told) and chain.height < 200:
            for index, found in referenda(client).items():
                if index in told and isinstance(found, Ongoing) and found.deciding is not None:
                    begun[index] = found.deciding.since
            chain.seal()
        assert begun == told


def test_forecast_changes_when_a_vote_is_taken_back(house: House) -> None:
    """A vote taken back moves no alarm: what is told changes with the tally, and comes true again."""
    index = house.propose(PROPOSAL)
    house.vote(index, 9)
    before = standing(house.client, index).forecast
    house.send(remove_vote(index, 10))
    after = standing(house.client, index).forecast
    assert (before.end, after.end) == (End.APPROVED, End.REJECTED)
    _holds(house, index)


def test_standing_says_what_is_missing_and_no_more(house: House) -> None:
    """The votes it asks for are exactly enough at that block; one planck less is not."""
    index = house.propose(PROPOSAL)
    house.vote(index, 3, house.bob, aye=False)
    house.chain.run_to(house.chain.height + 8)
    stands = standing(house.client, index)
    assert stands.status.deciding is not None
    assert not stands.is_passing
    assert stands.approval == 0
    assert stands.approval_needed == stands.track.min_approval.threshold(stands.share)
    assert stands.ayes_missing is not None
    needed = max(stands.ayes_missing, stands.support_missing)
    for planck, enough in ((needed - 1, False), (needed, True)):
        tally = Tally(planck, stands.status.tally.nays, planck)
        reached = approval(tally) >= stands.approval_needed and support(tally, stands.issuance) >= stands.support_needed
        assert reached is enough


def test_chain_is_left_alone_by_looking(house: House, chain: DevChain) -> None:
    index = house.propose(PROPOSAL)
    height = chain.height
    standing(house.client, index)
    standings(house.client)
    assert chain.height == height
