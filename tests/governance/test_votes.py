"""Votes, delegations and locks: what they count, what they keep, and until when."""

from __future__ import annotations

from typing import Any

import pytest

from governance import (
    Choice,
    Conviction,
    NothingToUnlock,
    Origin,
    Outcome,
    Vote,
    delegate,
    locks,
    raw,
    referendum,
    remove_vote,
    standing,
    unlock,
    vote,
    voting_power,
)
from offchain.chain import calls, development_signer
from offchain.chain.errors import DispatchFailed
from offchain.chain.types import Limits
from offchain.cli.errors import MalformedValue

from .conftest import ASY, Assay, House

REMARK = raw(Origin.BENCHMARKS, calls.system.remark(b"noted"))
MILLION = 10**6 * ASY


@pytest.fixture
def index(house: House) -> int:
    """A referendum that runs."""
    return house.propose(REMARK)


def _tally(assay: Assay, index: int) -> tuple[int, int, int]:
    shown = assay("show", str(index))
    return tuple(int(shown[name]) for name in ("ayes_planck", "nays_planck", "support_tokens_planck"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("words", "tally"),
    [
        (("aye", "10"), (ASY, 0, 10 * ASY)),
        (("aye", "10", "-c", "0.1x"), (ASY, 0, 10 * ASY)),
        (("aye", "10", "-c", "locked1x"), (10 * ASY, 0, 10 * ASY)),
        (("nay", "10", "-c", "6x"), (0, 60 * ASY, 0)),
        (("aye", "1.000000000001", "-c", "Locked3x"), (3 * (ASY + 1), 0, ASY + 1)),
        (("abstain", "10"), (0, 0, 10 * ASY)),
        (("split", "--aye", "10", "--nay", "20"), (ASY, 2 * ASY, 10 * ASY)),
        (("split", "--aye", "10", "--nay", "20", "--abstain", "5"), (ASY, 2 * ASY, 15 * ASY)),
    ],
)
def test_vote_counts_as_it_is_cast(
    house: House, assay: Assay, index: int, words: tuple[str, ...], tally: tuple[int, int, int]
) -> None:
    assert assay("vote", str(index), *words, "-a", "//Bob", "--yes")["call"] == "ConvictionVoting.vote"
    assert _tally(assay, index) == tally
    assert assay("remove-vote", str(index), "-a", "//Bob", "--yes")["done"]
    assert _tally(assay, index) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("aye",), 801),
        (("split", "10", "--aye", "1"), 801),
        (("split",), 801),
        (("split", "--aye", "1", "-c", "1x"), 801),
        (("aye", "10", "--nay", "1"), 801),
        (("abstain", "10", "-c", "1x"), 801),
        (("aye", "10", "-c", "7x"), 801),
        (("aye", "ten"), 801),
        (("aye", "20000000"), 111),
    ],
)
def test_vote_that_makes_no_sense_is_refused(
    house: House, assay: Assay, index: int, words: tuple[str, ...], code: int
) -> None:
    status = 10 + code // 100
    assert assay("vote", str(index), *words, "-a", "//Bob", "--yes", status=status)["code"] == code
    assert _tally(assay, index) == (0, 0, 0)


def test_vote_on_what_is_not_there_or_over_is_refused(house: House, assay: Assay, index: int) -> None:
    assert assay("vote", "9", "aye", "1", "-a", "//Bob", "--yes", status=21)["code"] == 1104
    house.end(index)
    assert assay("vote", str(index), "aye", "1", "-a", "//Bob", "--yes", status=21)["code"] == 1105
    assert assay("show", "9", status=21)["code"] == 1104


def test_vote_asks_before_it_is_sent_and_tries_out_for_nothing(house: House, assay: Assay, index: int) -> None:
    refused = assay("vote", str(index), "aye", "1", "-a", "//Bob", status=18)
    assert refused["code"] == 802
    assert "10 blocks" not in refused["subject"]
    locked = assay("vote", str(index), "aye", "1", "-c", "2x", "-a", "//Bob", status=18)
    assert "locked 20 blocks (60 s) after its end" in locked["subject"].replace("1 min", "60 s")
    tried = assay("vote", str(index), "aye", "1", "-a", "//Bob", "--dry-run")
    assert (tried["done"], tried["block"]) == (False, None)
    assert _tally(assay, index) == (0, 0, 0)


@pytest.mark.parametrize("conviction", list(Conviction))
def test_convictions_are_named_counted_and_read_back(conviction: Conviction) -> None:
    assert Conviction.parse(conviction.value) is Conviction.parse(conviction.factor) is conviction
    assert conviction.votes(10 * ASY) == int(float(conviction.factor.removesuffix("x")) * 10 * ASY)
    cast = Vote.whole(aye=False, balance=ASY, conviction=conviction)
    assert Vote.from_scale(cast.to_scale()) == cast
    assert cast.choice is Choice.NAY


def test_conviction_of_no_such_name_is_refused() -> None:
    with pytest.raises(MalformedValue):
        Conviction.parse("locked9x")


def test_locks_of_every_conviction_end_where_the_chain_lets_them_go(house: House, index: int) -> None:
    """For each conviction: one block before the date the chain refuses anybody, at the date it lets go."""
    people = {"//Alice": Conviction.LOCKED1X, "//Bob": Conviction.LOCKED2X, "//Charlie": Conviction.NONE}
    signers = {name: development_signer(name, house.client) for name in people}
    for name, conviction in people.items():
        house.send(vote(index, Vote.whole(aye=True, balance=9 * MILLION, conviction=conviction)), signers[name])
    ended = house.end(index)
    assert ended.outcome is Outcome.APPROVED
    for name, conviction in people.items():
        (lock,) = locks(house.client, signers[name].address)
        expected = ended.at + (10 * conviction.lock_periods if conviction is not Conviction.NONE else 0)
        assert (lock.conviction, lock.unlocks_at, lock.amount) == (conviction, expected, 9 * MILLION)
    last = locks(house.client, signers["//Bob"].address)[0].unlocks_at
    assert last is not None
    with pytest.raises(NothingToUnlock, match="can be released"):
        unlock(house.client, signers["//Bob"].address)
    house.chain.run_to(last - 2)
    other = calls.Call(
        "ConvictionVoting", "remove_other_vote", {"target": signers["//Bob"].address, "class": 30, "index": index}
    )
    with pytest.raises(DispatchFailed, match="permission"):
        house.send(other, signers["//Alice"])  # in block last - 1
    house.send(unlock(house.client, signers["//Alice"].address), signers["//Alice"])  # in block last
    house.send(other, signers["//Alice"])
    house.send(calls.Call("ConvictionVoting", "unlock", {"class": 30, "target": signers["//Bob"].address}))
    for name in ("//Alice", "//Bob"):
        assert locks(house.client, signers[name].address) == ()
        assert house.client.accounts.get(signers[name].address).frozen == 0


def test_loser_and_splitter_are_free_at_the_end(house: House, assay: Assay, index: int) -> None:
    house.vote(index, 9)
    charlie, dave = (development_signer(name, house.client) for name in ("//Charlie", "//Dave"))
    house.send(vote(index, Vote.whole(aye=False, balance=ASY, conviction=Conviction.LOCKED6X)), charlie)
    house.send(vote(index, Vote(aye=ASY, nay=ASY)), dave)
    running = assay("locks", "//Charlie")
    assert (running[0]["conviction"], running[0]["unlocks_at"]) == ("locked6x", None)
    assert "end" in running[0]["waits_for"]
    house.vote(index, 9, house.bob)
    house.end(index)
    for name, signer in (("//Charlie", charlie), ("//Dave", dave)):
        (line,) = assay("locks", name)
        assert line["waits_for"] == "free now"
        released = assay("unlock", "-a", name, "--yes")
        assert (released["deed"]["done"], len(released["locks"])) == (True, 1)
        assert house.client.accounts.get(signer.address).frozen == 0
    assert assay("unlock", "-a", "//Charlie", "--yes", status=21)["code"] == 1111
    (alices,) = assay("locks", "//Alice")
    assert (alices["conviction"], alices["counts"]) == ("locked1x", "1x")
    assert alices["unlocks_at"] == referendum(house.client, index).at + 10  # type: ignore[union-attr]
    assert assay("unlock", "-a", "//Alice", "--yes", status=21)["code"] == 1111


def test_unlock_frees_what_a_vote_taken_back_leaves_locked(house: House, assay: Assay, index: int) -> None:
    other = house.propose(REMARK)
    assay("vote", str(index), "aye", "100", "-a", "//Bob", "--yes")
    assay("vote", str(other), "aye", "10", "-a", "//Bob", "--yes")
    assay("remove-vote", str(index), "-a", "//Bob", "--yes")
    shown = [(line["why"], line["referendum"], line["amount_planck"]) for line in assay("locks", "//Bob")]
    assert shown == [("earlier", None, str(100 * ASY)), ("vote", other, str(10 * ASY))]
    assert assay("unlock", "-a", "//Bob", "--yes")["deed"]["done"]
    assert house.client.accounts.get(house.bob.address).frozen == 10 * ASY
    assert [line["why"] for line in assay("locks", "//Bob")] == ["vote"]
    assert assay("unlock", "-a", "//Bob", "--yes", status=21)["code"] == 1111


def test_delegation_is_per_track_and_without_conviction_frees_at_once(house: House, assay: Assay, index: int) -> None:
    other = house.propose(raw(Origin.ROOT, calls.system.remark(b"other")))
    delegated = assay("delegate", "//Bob", "1000", "--track", "benchmarks", "-a", "//Alice", "--yes")
    assert delegated["call"] == "ConvictionVoting.delegate"
    for one in (index, other):
        house.send(vote(one, Vote.whole(aye=True, balance=ASY, conviction=Conviction.LOCKED1X)), house.bob)
    assert standing(house.client, index).status.tally.ayes == 101 * ASY
    assert standing(house.client, index).status.tally.support == 1_001 * ASY
    assert standing(house.client, other).status.tally.ayes == ASY
    (line,) = assay("locks", "//Alice")
    assert (line["track"], line["why"], line["conviction"], line["counts"]) == (
        "benchmarks",
        "delegation",
        "none",
        "0.1x",
    )
    refused = assay("vote", str(index), "aye", "1", "-a", "//Alice", "--yes", status=11)
    assert "AlreadyDelegating" in refused["subject"]
    assert assay("undelegate", "--track", "30", "-a", "//Alice", "--yes")["done"]
    assert standing(house.client, index).status.tally.ayes == ASY
    assert assay("unlock", "-a", "//Alice", "--yes")["deed"]["done"]
    assert house.client.accounts.get(house.alice.address).frozen == 0


def test_delegation_with_conviction_locks_after_it_ends(house: House, assay: Assay) -> None:
    assay("delegate", "//Bob", "all", "-t", "treasury", "-t", "root", "-c", "2x", "-a", "//Charlie", "--yes")
    lines = assay("locks", "//Charlie")
    assert [line["track"] for line in lines] == ["root", "treasury"]
    assert lines[0]["waits_for"] == "undelegating, then 20 blocks"
    assay("undelegate", "-t", "treasury", "-t", "root", "-a", "//Charlie", "--yes")
    height = house.chain.height
    lines = assay("locks", "//Charlie")
    assert {(line["why"], line["unlocks_at"]) for line in lines} == {("earlier", height + 20)}
    assert assay("unlock", "-a", "//Charlie", "--yes", status=21)["code"] == 1111
    house.chain.run_to(height + 19)
    assert assay("unlock", "-a", "//Charlie", "--yes", status=21)["code"] == 1111
    house.chain.run_to(height + 20)
    assert assay("unlock", "-a", "//Charlie", "--yes")["deed"]["done"]
    assert assay("locks", "//Charlie") == []


def test_delegation_to_nobody_or_oneself_or_no_track_is_refused(house: House, assay: Assay) -> None:
    for words, code in (
        (("nobody", "1", "-t", "root"), 121),
        (("//Alice", "1", "-t", "root"), 111),
        (("//Bob", "1", "-t", "nowhere"), 1103),
    ):
        error: dict[str, Any] = assay("delegate", *words, "-a", "//Alice", "--yes", status=10 + code // 100)
        assert error["code"] == code
    assert assay("undelegate", "-t", "root", "-a", "//Alice", "--yes", status=11)["code"] == 111


def test_delegation_on_all_tracks_is_one_transaction(house: House, assay: Assay) -> None:
    height = house.chain.height
    assay("delegate", "//Bob", "5", "-t", "all", "-a", "//Charlie", "--yes")
    assert house.chain.height == height + 1
    assert len(assay("locks", "//Charlie")) == 5


def test_all_tracks_are_those_that_are_delegated_when_undelegating(house: House, assay: Assay) -> None:
    assert assay("undelegate", "-t", "all", "-a", "//Charlie", "--yes", status=21)["code"] == 1117
    assay("delegate", "//Bob", "5", "-t", "root", "-t", "treasury", "-a", "//Charlie", "--yes")
    asked = assay("undelegate", "-t", "all", "-a", "//Charlie", status=18)
    assert "Undelegate on root, treasury?" in asked["subject"]
    assert assay("undelegate", "-t", "all", "-a", "//Charlie", "--yes")["done"]
    assert assay("unlock", "-a", "//Charlie", "--yes")["deed"]["done"]
    assert assay("locks", "//Charlie") == []


def test_all_tracks_are_those_that_can_be_delegated_when_delegating(house: House, assay: Assay, index: int) -> None:
    assay("delegate", "//Bob", "5", "-t", "root", "-a", "//Charlie", "--yes")
    assay("vote", str(index), "aye", "5", "-a", "//Charlie", "--yes")
    asked = assay("delegate", "//Bob", "5", "-t", "all", "-a", "//Charlie", status=18)
    assert "on parameters, treasury, emergency;" in asked["subject"]
    assert assay("delegate", "//Bob", "5", "-t", "all", "-a", "//Charlie", "--yes")["done"]
    refused = assay("delegate", "//Bob", "5", "-t", "all", "-a", "//Charlie", "--yes", status=21)
    assert (refused["code"], "benchmarks (has votes)" in refused["subject"]) == (1117, True)
    assert assay("remove-vote", str(index), "-a", "//Charlie", "--yes")["done"]
    assert assay("delegate", "//Bob", "5", "-t", "all", "-a", "//Charlie", "--yes")["done"]


def test_bonds_and_deposits_on_hold_vote_once(house: House, index: int) -> None:
    """What is on hold votes like what is free, and no token twice: one planck more than all is refused."""
    charlie = development_signer("//Charlie", house.client)
    bond = 1_000 * ASY
    keys = b"\x97" * 48, b"\x98" * 96
    house.send(calls.evaluation.register_validator(Limits(64, 8), *keys, bond), charlie)
    account = house.client.accounts.get(charlie.address)
    assert account.reserved == bond
    everything = voting_power(house.client, charlie.address)
    assert everything == account.free + bond
    # The fee of the vote itself is gone before the vote is counted.
    too_much = Vote.whole(aye=True, balance=everything, conviction=Conviction.LOCKED1X)
    with pytest.raises(DispatchFailed, match="Too high"):
        house.send(vote(index, too_much), charlie)
    account = house.client.accounts.get(charlie.address)
    most = account.free + account.reserved - ASY
    house.send(vote(index, Vote.whole(aye=True, balance=most, conviction=Conviction.LOCKED1X)), charlie)
    assert standing(house.client, index).status.tally.support == most
    assert most > account.free - ASY  # more than what is free: the bond votes too
    house.send(remove_vote(index, 30), charlie)


def test_delegating_what_one_has_counts_bonds_too(house: House, index: int) -> None:
    charlie = development_signer("//Charlie", house.client)
    house.send(calls.evaluation.register_validator(Limits(64, 8), b"\x97" * 48, b"\x98" * 96, 5_000 * ASY), charlie)
    most = voting_power(house.client, charlie.address) - ASY
    house.send(delegate(30, house.bob.address, most, Conviction.LOCKED1X), charlie)
    house.send(vote(index, Vote.whole(aye=True, balance=ASY, conviction=Conviction.LOCKED1X)), house.bob)
    assert standing(house.client, index).status.tally.support == most + ASY
