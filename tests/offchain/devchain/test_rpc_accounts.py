"""Addresses, against the wallet library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from substrateinterface.utils.ss58 import ss58_encode

from offchain.devchain._ss58 import decode_account

ACCOUNTS = st.binary(min_size=32, max_size=32)
PREFIXES = st.integers(0, 63).filter(lambda prefix: prefix not in {46, 47}) | st.integers(64, 16_383)


@given(ACCOUNTS, PREFIXES)
def test_account_is_read_whatever_the_network(account: bytes, prefix: int) -> None:
    assert decode_account(ss58_encode(account, prefix)) == account


@given(ACCOUNTS, st.integers(0, 47), st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_address_is_refused_when_a_character_is_wrong(account: bytes, position: int, character: str) -> None:
    address = ss58_encode(account, 42)
    position %= len(address)
    changed = address[:position] + character + address[position + 1 :]
    if changed != address:
        with pytest.raises(ValueError):
            decode_account(changed)


@pytest.mark.parametrize("address", ["", "1", "0OIl", "1" * 48, "1" * 65, "5" * 48, "💊"])
def test_address_is_refused_when_it_is_none(address: str) -> None:
    with pytest.raises(ValueError):
        decode_account(address)
