"""Forks: blocks over a state that stays as it is, and metadata of a chain's own pace."""

from __future__ import annotations

from offchain.devchain import ChainSpec, DevChain, Fork
from offchain.devchain.testing import chain

__all__ = ["chain"]

REMARK_WITH_EVENT = bytes.fromhex("00070468")
"""``system.remark_with_event("h")``: pallet 0, call 7."""


def _fork(chain: DevChain) -> Fork:
    return Fork(chain.state_at(chain.height), chain.height, chain.head.hash)


def test_fork_makes_the_block_that_the_chain_makes(chain: DevChain) -> None:
    chain.run_to(3)
    fork = _fork(chain)
    fork.seal()
    before = {key: chain.get(key) for key in chain.store.keys(b"", None, None, chain.height)}
    chain.seal()
    made = {key: chain.get(key) for key in chain.store.keys(b"", None, None, chain.height)}
    expected = {key: made.get(key) for key in before | made if made.get(key) != before.get(key)}
    assert fork.changes() == expected
    assert fork.number == chain.height


def test_fork_leaves_its_base_alone_and_goes_on(chain: DevChain) -> None:
    base = {key: chain.get(key) for key in chain.store.keys(b"", None, None, 0)}
    fork = _fork(chain)
    fork.set(b"some key", b"some value")
    for _ in range(3):
        assert fork.seal() == ()
    assert fork.number == 3
    assert fork.get(b"some key") == fork.changes()[b"some key"] == b"some value"
    assert {key: chain.get(key) for key in chain.store.keys(b"", None, None, 0)} == base
    assert chain.height == 0


def test_fork_tells_why_an_extrinsic_is_refused(chain: DevChain) -> None:
    bare = b"\x05" + REMARK_WITH_EVENT  # nobody signed it
    (refusal,) = _fork(chain).seal([bytes([len(bare) << 2]) + bare])
    assert refusal is not None
    assert refusal.text == "Transaction call is not expected"


def test_metadata_shows_the_periods_of_the_chains_pace(chain: DevChain) -> None:
    local = ChainSpec.from_runtime(chain.runtime.executor.code, "local_testnet")
    with DevChain.fresh(local) as other:
        assert other.metadata_at(0) != chain.metadata_at(0)
        assert len(other.metadata_at(0)) == len(chain.metadata_at(0))
