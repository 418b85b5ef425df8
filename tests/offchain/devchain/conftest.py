"""Chains, a node, and signed extrinsics for the embedded chain's tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from substrateinterface import Keypair, SubstrateInterface

from offchain.devchain import ChainSpec, DevChain, Node, Sealing, default_spec
from offchain.devchain.testing import chain, node

__all__ = ["chain", "node"]

ASY = 10**12


@pytest.fixture(scope="session")
def spec() -> ChainSpec:
    """The development chain."""
    return default_spec()


@dataclass
class Signer:
    """Signs for the development accounts; good for every chain of the development spec, whose genesis is one."""

    interface: SubstrateInterface

    def address(self, who: str) -> str:
        address: str = Keypair.create_from_uri(who).ss58_address
        return address

    def sign(self, pallet: str, name: str, arguments: dict[str, Any], *, who: str = "//Alice", **options: Any) -> bytes:
        call = self.interface.compose_call(pallet, name, arguments)
        extrinsic = self.interface.create_signed_extrinsic(call, Keypair.create_from_uri(who), **options)
        return bytes(extrinsic.data.data)

    def transfer(
        self, nonce: int = 0, *, who: str = "//Alice", to: str = "//Bob", value: int = ASY, **options: Any
    ) -> bytes:
        arguments = {"dest": self.address(to), "value": value}
        return self.sign("Balances", "transfer_keep_alive", arguments, who=who, nonce=nonce, **options)

    def free(self, on: DevChain, who: str, number: int | None = None) -> int:
        """The account's free balance in planck."""
        key = self.interface.create_storage_key("System", "Account", [self.address(who)])
        account = on.get(key.data, number)
        return 0 if account is None else int.from_bytes(account[16:32], "little")


@pytest.fixture(scope="session")
def signer(spec: ChainSpec) -> Iterator[Signer]:
    with (
        DevChain.fresh(spec) as own,
        Node(own, sealing=Sealing.MANUAL) as served,
        connected(served.ws_url) as interface,
    ):
        yield Signer(interface)


class connected:  # noqa: N801
    """A real substrate-interface client, closed at the end."""

    def __init__(self, url: str) -> None:
        self._interface = SubstrateInterface(url=url)

    def __enter__(self) -> SubstrateInterface:
        return self._interface

    def __exit__(self, *_error: object) -> None:
        self._interface.close()
        session = getattr(self._interface.transport, "session", None)
        if session is not None:
            session.close()


def eventually(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    """Waits for what another thread does; fails when it does not come."""
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)
