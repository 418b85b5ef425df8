"""The transaction pool on the real runtime: what is refused, what waits, and what everyone who watches is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from offchain.devchain import ChainSpec, DevChain, Limits, PoolRefusal, Status
from offchain.devchain import _pool_errors as errors
from offchain.devchain._trie_codec import blake2_256

from .conftest import ASY, Signer


class Watch:
    """Collects the names of statuses."""

    def __init__(self) -> None:
        self.seen: list[Status] = []

    def __call__(self, status: Status) -> None:
        self.seen.append(status)

    @property
    def names(self) -> list[str]:
        return [status.name for status in self.seen]


def test_statuses_follow_each_other_when_a_transaction_is_included(chain: DevChain, signer: Signer) -> None:
    watch = Watch()
    extrinsic = signer.transfer(0)
    assert chain.submit(extrinsic, watch) == blake2_256(extrinsic)
    block = chain.seal()
    assert block.extrinsics[1:] == (extrinsic,)
    assert watch.seen == [Status("ready"), Status("inBlock", block.header.hash), Status("finalized", block.header.hash)]


def test_transaction_waits_when_its_nonce_is_ahead(chain: DevChain, signer: Signer) -> None:
    late, early = Watch(), Watch()
    chain.submit(signer.transfer(1), late)
    assert len(chain.seal().extrinsics) == 1
    chain.submit(signer.transfer(0), early)
    assert len(chain.seal().extrinsics) == 3
    assert late.names == ["future", "ready", "inBlock", "finalized"]
    assert early.names == ["ready", "inBlock", "finalized"]


def test_nonces_follow_each_other_when_many_come_out_of_order(chain: DevChain, signer: Signer) -> None:
    extrinsics = [signer.transfer(nonce) for nonce in range(12)]
    for position in (7, 3, 11, 0, 5, 1, 9, 2, 4, 10, 8, 6):
        chain.submit(extrinsics[position])
    assert list(chain.seal().extrinsics[1:]) == extrinsics


def test_transaction_is_usurped_when_one_with_a_higher_tip_comes(chain: DevChain, signer: Signer) -> None:
    first, dependent = Watch(), Watch()
    chain.submit(signer.transfer(0), first)
    chain.submit(signer.transfer(1), dependent)
    with pytest.raises(errors.PriorityTooLow) as refused:
        chain.submit(signer.transfer(0, value=2 * ASY))
    better = signer.transfer(0, value=3 * ASY, tip=ASY)
    chain.submit(better)
    assert first.seen == [Status("ready"), Status("usurped", blake2_256(better))]
    assert chain.seal().extrinsics[1] == better
    assert dependent.names == ["ready", "inBlock", "finalized"]
    assert refused.value.rpc_code == 1014


def test_same_bytes_are_refused_when_they_come_again(chain: DevChain, signer: Signer) -> None:
    extrinsic = signer.transfer(0)
    chain.submit(extrinsic)
    with pytest.raises(errors.AlreadyImported):
        chain.submit(extrinsic)
    chain.seal()
    with pytest.raises(errors.TemporarilyBanned):
        chain.submit(extrinsic)


def test_transaction_is_refused_when_the_runtime_calls_it_invalid(chain: DevChain, signer: Signer) -> None:
    good = signer.transfer(0)
    reasons = {
        "Transaction has a bad signature": good[:-1] + bytes([good[-1] ^ 1]),
        "Inability to pay some fees (e.g. account balance too low)": signer.transfer(0, who="//Nobody"),
    }
    for text, extrinsic in reasons.items():
        with pytest.raises(errors.InvalidTransaction) as refused:
            chain.submit(extrinsic)
        assert refused.value.data == text
    chain.submit(good)
    chain.seal()
    with pytest.raises(errors.InvalidTransaction) as refused:
        chain.submit(signer.transfer(0, value=5))
    assert refused.value.data == "Transaction is outdated"
    assert len(chain.pool) == 0


@pytest.mark.parametrize("data", [b"", b"\x04", b"\xff" * 40, b"\x08\x04", b"\x0c\x84\x00\x00"])
def test_bytes_are_refused_when_they_are_no_extrinsic(chain: DevChain, data: bytes) -> None:
    with pytest.raises(PoolRefusal):
        chain.submit(data)
    assert len(chain.seal().extrinsics) == 1


def test_bytes_are_refused_when_something_follows_the_extrinsic(chain: DevChain, signer: Signer) -> None:
    with pytest.raises(errors.BadFormat):
        chain.submit(signer.transfer(0) + b"\x00")


def test_transaction_is_invalid_when_its_era_passes_while_it_waits(chain: DevChain, signer: Signer) -> None:
    watch = Watch()
    mortal = signer.transfer(1, era={"period": 8, "current": 0})
    chain.submit(mortal, watch)
    chain.run_to(12)
    assert watch.names == ["future", "invalid"]
    with pytest.raises(errors.TemporarilyBanned):
        chain.submit(mortal)


def test_dependents_fall_with_it_when_a_ready_transaction_turns_invalid(chain: DevChain, signer: Signer) -> None:
    everything = signer.free(chain, "//Bob")
    chain.submit(signer.transfer(0, who="//Bob", value=everything - 2 * ASY // 1000, to="//Alice"))
    poor, child = Watch(), Watch()
    chain.submit(signer.transfer(1, who="//Bob", to="//Alice", tip=ASY), poor)
    chain.submit(signer.transfer(2, who="//Bob", to="//Alice"), child)
    assert len(chain.seal().extrinsics) == 2
    assert poor.names == ["ready", "invalid"]
    assert child.names == ["ready", "invalid"]


def test_rest_waits_for_the_next_block_when_one_is_full(chain: DevChain, signer: Signer) -> None:
    watches = [Watch() for _ in range(4)]
    for nonce, watch in enumerate(watches):
        remark = {"remark": "0x" + bytes(1_200_000).hex()}
        chain.submit(signer.sign("System", "remark", remark, nonce=nonce), watch)
    small = signer.transfer(0, who="//Bob", to="//Alice")
    chain.submit(small)
    first = chain.seal()
    included = len(first.extrinsics) - 1
    assert 2 <= included < 5
    assert small in first.extrinsics
    chain.run_to(4)
    assert all(watch.names == ["ready", "inBlock", "finalized"] for watch in watches)


def test_worst_are_dropped_when_the_pool_is_full(spec: ChainSpec, signer: Signer) -> None:
    with DevChain(spec, limits=Limits(ready=2, future=1)) as chain:
        cheap, kept, waiting = Watch(), Watch(), Watch()
        chain.submit(signer.transfer(0, who="//Alice"), cheap)
        chain.submit(signer.transfer(0, who="//Bob", tip=ASY, to="//Alice"), kept)
        chain.submit(signer.transfer(0, who="//Charlie", tip=2 * ASY))
        assert cheap.names == ["ready", "dropped"]
        assert kept.names == ["ready"]
        with pytest.raises(errors.ImmediatelyDropped):
            chain.submit(signer.transfer(0, who="//Dave"))
        chain.submit(signer.transfer(5, who="//Bob"), waiting)
        chain.submit(signer.transfer(6, who="//Bob"))
        assert waiting.names == ["future", "dropped"]
        assert len(chain.seal().extrinsics) == 3


def test_bytes_are_counted_when_they_come_and_go(spec: ChainSpec, signer: Signer) -> None:
    one = signer.transfer(0)
    with DevChain(spec, limits=Limits(size_bytes=2 * len(one))) as chain:
        for nonce in range(0, 6, 2):
            chain.submit(signer.transfer(nonce))
            chain.submit(signer.transfer(nonce + 1))
            with pytest.raises(errors.ImmediatelyDropped):
                chain.submit(signer.transfer(nonce + 2, value=1 + ASY))
            chain.seal()
        chain.pool.drop_invalid([chain.submit(signer.transfer(6, value=7))])
        chain.submit(signer.transfer(6))
        chain.submit(signer.transfer(7))


def test_pool_is_asked_anew_when_a_foreign_block_comes(chain: DevChain, signer: Signer, spec: ChainSpec) -> None:
    chain.submit(signer.transfer(0, value=3))
    foreign = chain.seal()
    with DevChain.fresh(spec) as other:
        rival, next_one = Watch(), Watch()
        other.submit(signer.transfer(0, value=4), rival)
        other.submit(signer.transfer(1, value=4), next_one)
        other.import_block(foreign.encode())
        assert rival.names == ["ready", "invalid"]
        assert len(other.seal().extrinsics) == 2
        assert next_one.names == ["ready", "inBlock", "finalized"]


def test_watcher_hears_nothing_when_it_has_left(chain: DevChain, signer: Signer) -> None:
    watch = Watch()
    transaction = chain.submit(signer.transfer(0), watch)
    chain.pool.unwatch(transaction, watch)
    chain.seal()
    assert watch.names == ["ready"]


def test_ban_ends_when_its_time_is_over(spec: ChainSpec, signer: Signer) -> None:
    with DevChain(spec, limits=replace(Limits(), ban_s=0.0)) as chain:
        extrinsic = signer.transfer(0)
        chain.submit(extrinsic)
        chain.seal()
        with pytest.raises(errors.InvalidTransaction):
            chain.submit(extrinsic)
