"""Chains for tests: fresh, equal, and apart from each other."""

from __future__ import annotations

from offchain.devchain import ChainSpec, DevChain
from offchain.devchain.testing import fresh_chain

from .conftest import Signer


def test_fresh_chains_are_at_genesis_and_apart_when_used(chain: DevChain, spec: ChainSpec, signer: Signer) -> None:
    chain.submit(signer.transfer(0))
    chain.run_to(3)
    with fresh_chain() as other, fresh_chain(spec) as third:
        assert other.height == third.height == 0
        assert other.genesis_hash == third.genesis_hash == chain.genesis_hash
        assert other.head.header.state_root == spec.state.root
        assert signer.free(other, "//Bob") == signer.free(chain, "//Bob", 0) != signer.free(chain, "//Bob")
        assert other.runtime is chain.runtime
        other.submit(signer.transfer(0))
        assert len(other.run_to(1).extrinsics) == 2
