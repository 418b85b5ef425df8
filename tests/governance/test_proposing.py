"""What proposing costs, who can pay it, and what is told where it stops halfway."""

from __future__ import annotations

import pytest

from governance import (
    Conviction,
    DecisionDepositDue,
    Ongoing,
    Origin,
    Vote,
    cli_proposing,
    propose,
    raw,
    referendum,
    vote,
)
from offchain.chain import Signer, calls, development_signer
from offchain.chain.inspection import encode_call
from offchain.cli.units import asy

from .conftest import ASY, Assay, House

REMARK = "0x0000" + "1868656c6c6f21"  # system.remark("hello!")
LEAST = 10**9
"""The existential deposit."""
PROPOSING = ("propose", "call", REMARK, "--track", "benchmarks", "-a", "//Poor")


@pytest.fixture
def poor(house: House) -> Signer:
    """Somebody who can submit a referendum and not place its decision deposit."""
    signer = development_signer("//Poor", house.client)
    house.send(calls.balances.transfer(signer.address, 50 * ASY))
    return signer


def test_proposal_is_refused_before_it_is_sent_when_its_deposits_cannot_be_paid(
    house: House, assay: Assay, poor: Signer
) -> None:
    for last in ("--dry-run", "--yes"):
        refused = assay(*PROPOSING, last, status=21)
        assert refused["code"] == 1114
        assert "49.999 ASY; 110.00" in refused["subject"]
        assert "submission deposit 10 ASY, decision deposit 100 ASY, fee 0.00" in refused["hint"]
    assert assay("list") == []
    assert assay(*PROPOSING, "--yes", "--no-deposit")["done"]


def test_proposal_is_sent_when_the_account_has_just_what_it_costs(house: House, assay: Assay) -> None:
    exact = development_signer("//Exact", house.client)
    proposing = (*PROPOSING[:-1], "//Exact")
    fees = int(assay(*PROPOSING[:-1], "//Bob", "--dry-run")["fee_planck"])
    margin = fees // 50  # the price of weight moves with every block
    house.send(calls.balances.transfer(exact.address, 110 * ASY + fees + LEAST - margin))
    assert assay(*proposing, "--yes", status=21)["code"] == 1114
    house.send(calls.balances.transfer(exact.address, 2 * margin))
    made = assay(*proposing, "--yes")
    assert (made["done"], made["decision_deposit_placed"]) == (True, True)
    assert int(made["fee_planck"]) <= fees + margin


def test_fees_are_not_paid_of_what_votes_lock_and_deposits_are(house: House, assay: Assay, poor: Signer) -> None:
    house.send(calls.balances.transfer(poor.address, 100 * ASY))
    other = house.propose(raw(Origin.ROOT, calls.system.remark(b"other")))
    most = house.client.accounts.get(poor.address).free - ASY
    house.send(vote(other, Vote.whole(aye=True, balance=most, conviction=Conviction.NONE)), poor)
    assert assay(*PROPOSING, "--yes")["decision_deposit_placed"]
    house.send(calls.balances.transfer(poor.address, 200 * ASY))
    fee = house.manager.estimate(vote(other, _all(ASY)), poor.address)
    house.send(vote(other, _all(house.client.accounts.get(poor.address).total - fee)), poor)
    refused = assay(*PROPOSING, "--yes", status=21)
    assert (refused["code"], "not locked by votes" in refused["subject"]) == (1114, True)


def _all(balance: int) -> Vote:
    return Vote.whole(aye=True, balance=balance, conviction=Conviction.NONE)


def test_referendum_is_named_when_its_decision_deposit_fails(
    house: House, assay: Assay, poor: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_proposing, "check_means", lambda *_: None)
    told = assay(*PROPOSING, "--yes", status=21)
    assert (told["code"], told["hint"]) == (1115, "assay governance deposit place 0")
    assert told["what"].startswith("referendum 0 was submitted")
    assert isinstance(referendum(house.client, 0), Ongoing)
    with pytest.raises(DecisionDepositDue, match="referendum 1 was submitted"):
        propose(house.manager, poor, raw(Origin.ROOT, calls.system.remark(b"x")), intent="poor")
    assert assay("deposit", "place", "0", "-a", "//Alice", "--yes")["done"]


def test_deposit_of_the_preimage_is_told_before_it_is_asked_for(house: House, assay: Assay, poor: Signer) -> None:
    remark = "0x" + encode_call(house.client, calls.system.remark(b"x" * 1_000)).hex()
    words = ("propose", "call", remark, "--track", "benchmarks", "--no-deposit", "-a", "//Poor")
    tried = assay(*words, "--dry-run")
    deposit = int(tried["preimage_deposit_planck"])
    assert f"preimage deposit {asy(deposit)}, fee" in assay(*words, status=18)["subject"]
    before = house.client.accounts.get(poor.address)
    assert assay(*words, "--yes")["preimage_deposit_planck"] == str(deposit)
    after = house.client.accounts.get(poor.address)
    assert after.reserved - before.reserved == 10 * ASY + deposit > 10 * ASY
    assert assay(*words, "--dry-run")["preimage_deposit_planck"] == "0"  # it is there already


def test_proposal_is_refused_when_the_deposit_of_its_preimage_cannot_be_paid(
    house: House, assay: Assay, poor: Signer
) -> None:
    remark = "0x" + encode_call(house.client, calls.system.remark(b"x" * 50_000)).hex()
    words = ("propose", "call", remark, "--track", "benchmarks", "--no-deposit", "-a", "//Poor", "--yes")
    refused = assay(*words, status=21)
    assert (refused["code"], "preimage deposit 50." in refused["hint"]) == (1114, True)
