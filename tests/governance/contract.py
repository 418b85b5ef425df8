"""What governance does the same on every chain: run against the embedded chain here, and a native network in
``tests/network/test_governance.py``. Blocks come by themselves; nobody makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from governance import (
    PARAMETERS,
    Change,
    Conviction,
    Ended,
    Ongoing,
    Origin,
    Outcome,
    Vote,
    change_parameters,
    delegate,
    locks,
    parameters,
    prepare,
    propose,
    raw,
    read_sheet,
    referendum,
    refund,
    simulate,
    standing,
    tracks,
    undelegate,
    unlock,
    vote,
)
from governance._curves import LinearDecreasing
from offchain.chain import ChainClient, Receipt, Signer, TransactionManager, calls, development_signer
from offchain.chain.calls import Call
from offchain.chain.inspection import encode_call

ASY = 10**12
PATIENCE_S = 240.0


@dataclass
class Place:
    """A chain with Charlie and Dave on it, who have millions and sign nothing else meanwhile."""

    client: ChainClient
    manager: TransactionManager
    one: Signer
    other: Signer
    deeds: int = 0

    @classmethod
    def at(cls, client: ChainClient, folder: Path) -> Place:
        """The chain that a client speaks to; ``folder`` keeps the transactions' journal."""
        signers = [development_signer(name, client) for name in ("//Charlie", "//Dave")]
        return cls(client, TransactionManager(client, folder / "transactions.sqlite"), *signers)

    def send(self, call: Call, signer: Signer) -> Receipt:
        """Sends a transaction and waits until it is final."""
        self.deeds += 1
        return self.manager.submit(f"deed/{self.deeds}", call, signer, timeout_s=PATIENCE_S)


class GovernanceContract:
    """Subclasses give the fixture ``place``."""

    def test_tracks_and_curves_are_read(self, place: Place) -> None:
        known = tracks(place.client)
        assert [track.name for track in known] == ["root", "parameters", "treasury", "benchmarks", "emergency"]
        assert [track.id for track in known] == [0, 10, 20, 30, 40]
        assert all(isinstance(track.min_approval, LinearDecreasing) for track in known)
        assert len({track.decision_period for track in known[:4]}) == 1

    def test_referendum_goes_from_sheet_to_force_as_forecast(self, place: Place, tmp_path: Path) -> None:
        sheet = tmp_path / "sheet.toml"
        sheet.write_text("".join(["[economics]\n", *(f'{name} = "{asy} ASY"\n' for name, asy in SHEET.items())]))
        proposal = change_parameters(read_sheet(sheet))
        prepared = prepare(place.client, proposal)
        assert prepared.preimage_is_noted
        would = simulate(place.client, prepared.encoded, proposal.origin)
        assert (would.refused, len(would.changes)) == (None, len(SHEET))
        index = propose(place.manager, place.one, proposal, intent="sheet")
        for signer, conviction in ((place.one, Conviction.LOCKED1X), (place.other, Conviction.NONE)):
            ballot = Vote.whole(aye=True, balance=9 * 10**6 * ASY, conviction=conviction)
            place.send(vote(index, ballot), signer)
        stands = standing(place.client, index)
        assert stands.status.tally.support == 18 * 10**6 * ASY
        assert stands.status.tally.ayes == 9 * 10**6 * ASY + 9 * 10**5 * ASY
        told, enacted = stands.forecast, stands.enacted_at
        assert told.at is not None
        assert enacted is not None
        place.client.wait_for_block(enacted, timeout_s=PATIENCE_S)
        found = referendum(place.client, index)
        assert isinstance(found, Ended)
        assert (found.outcome, found.at) == (Outcome.APPROVED, told.at)
        now = parameters(place.client, at=place.client.block_hash(enacted))
        assert {name: now[name] for name in SHEET} == {name: int(asy) * ASY for name, asy in SHEET.items()}
        before = parameters(place.client, at=place.client.block_hash(enacted - 1))
        assert before["BaseFee"] == PARAMETERS["BaseFee"].genesis
        call, amounts = refund(place.client, index)
        place.send(call, place.other)
        assert amounts == {place.one.address: 210 * ASY}
        (winner,) = locks(place.client, place.one.address)
        assert winner.unlocks_at is not None
        place.send(unlock(place.client, place.other.address), place.other)
        assert locks(place.client, place.other.address) == ()
        place.client.wait_for_block(winner.unlocks_at, timeout_s=PATIENCE_S)
        place.send(unlock(place.client, place.one.address), place.one)
        assert place.client.accounts.get(place.one.address).frozen == 0

    def test_delegation_moves_a_tally_and_ends(self, place: Place) -> None:
        remark = raw(Origin.BENCHMARKS, calls.system.remark(b"delegated"))
        index = propose(place.manager, place.one, remark, intent="delegated", deposit=False)
        place.send(delegate(30, place.one.address, 1_000 * ASY, Conviction.NONE), place.other)
        place.send(vote(index, Vote.whole(aye=True, balance=ASY, conviction=Conviction.LOCKED1X)), place.one)
        found = referendum(place.client, index)
        assert isinstance(found, Ongoing)
        assert found.tally.ayes == 101 * ASY
        place.send(undelegate(30), place.other)
        found = referendum(place.client, index)
        assert isinstance(found, Ongoing)
        assert found.tally.ayes == ASY
        place.send(unlock(place.client, place.other.address), place.other)
        assert place.client.accounts.get(place.other.address).frozen == 0

    def test_simulation_of_money_names_both_sides(self, place: Place) -> None:
        source, dest = place.one.address, place.other.address
        move = Call("Balances", "force_transfer", {"source": source, "dest": dest, "value": 3 * ASY})
        told = simulate(place.client, encode_call(place.client, move), Origin.ROOT)
        assert told.refused is None
        assert [str(event) for event in told.events] == ["Balances.Transfer", "Scheduler.Dispatched"]
        assert {f"System.Account[{source}]", f"System.Account[{dest}]"} <= {one.entry for one in told.changes}

    def test_simulation_tells_a_refusal(self, place: Place) -> None:
        change = change_parameters((Change(PARAMETERS["MinBond"], 1),))
        told = simulate(place.client, encode_call(place.client, change.call), change.origin)
        assert told.refused is not None
        assert "CallFiltered" in told.refused


SHEET = {
    "BaseFee": "11",
    "FeePerMb": "1",
    "FeePer1000Samples": "2",
    "ItemDeposit": "12",
    "ClaimDeposit": "2",
    "StewardBond": "60",
    "MinBond": "101",
}
"""More parameters than a referendum holds itself."""
