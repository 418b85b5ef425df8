"""The pool's order, by itself: what is ready, what waits, what replaces what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.devchain._queue import PoolTransaction, Queue, TooLow


def _transaction(
    name: str, requires: tuple[str, ...] = (), provides: tuple[str, ...] = (), priority: int = 1, arrival: int = 0
) -> PoolTransaction:
    tags = tuple(tag.encode() for tag in requires), tuple(tag.encode() for tag in provides or (name,))
    return PoolTransaction(name.encode(), name.encode(), priority, *tags, valid_till=64, arrival=arrival)


def _nonce(account: str, nonce: int, priority: int = 1, arrival: int = 0) -> PoolTransaction:
    requires = (f"{account}{nonce - 1}",) if nonce else ()
    return _transaction(f"{account}{nonce}p{priority}", requires, (f"{account}{nonce}",), priority, arrival)


def _names(transactions: object) -> list[str]:
    return [transaction.hash.decode() for transaction in transactions]  # type: ignore[attr-defined]


def test_future_transaction_becomes_ready_when_the_gap_is_filled() -> None:
    queue = Queue()
    assert queue.add(_nonce("a", 2)).ready == []
    assert queue.add(_nonce("a", 1)).ready == []
    assert _names(queue.add(_nonce("a", 0)).ready) == ["a0p1", "a1p1", "a2p1"]
    assert not queue.future


def test_long_gap_closes_when_its_first_nonce_comes() -> None:
    queue = Queue()
    for nonce in range(5000, 0, -1):
        queue.add(_nonce("a", nonce))
    assert len(queue.add(_nonce("a", 0)).ready) == 5001


def test_future_transaction_becomes_ready_when_a_block_provides_its_tag() -> None:
    queue = Queue()
    queue.add(_nonce("a", 0))
    queue.add(_nonce("a", 2))
    assert _names(queue.included([b"a0p1"], [b"a1"]).ready) == ["a2p1"]


def test_better_transaction_takes_the_place_when_it_provides_the_same_tag() -> None:
    queue = Queue()
    queue.add(_nonce("a", 0, 5))
    queue.add(_nonce("a", 1, 5))
    with pytest.raises(TooLow):
        queue.add(_nonce("a", 0, 4))
    same = _transaction("same", (), ("a0",), 5)
    with pytest.raises(TooLow):
        queue.add(same)
    imported = queue.add(_nonce("a", 0, 6))
    assert [(loser.hash, winner) for loser, winner in imported.usurped] == [(b"a0p5", b"a0p6")]
    assert _names(queue.best()) == ["a0p6", "a1p5"]


def test_dependents_go_when_the_replacement_lacks_their_tag() -> None:
    queue = Queue()
    queue.add(_transaction("old", (), ("x", "y"), 2))
    queue.add(_transaction("child", ("y",), ("z",)))
    imported = queue.add(_transaction("new", (), ("x",), 3))
    assert sorted(_names(loser for loser, _ in imported.usurped)) == ["child", "old"]
    assert _names(queue.best()) == ["new"]


def test_promoted_transaction_gives_way_when_a_better_one_has_its_tag() -> None:
    queue = Queue()
    queue.add(_transaction("late", ("key",), ("slot",), 1))
    queue.add(_transaction("better", (), ("slot",), 9))
    imported = queue.add(_transaction("opener", (), ("key",)))
    assert _names(imported.ready) == ["opener"]
    assert [(loser.hash, winner) for loser, winner in imported.usurped] == [(b"late", b"better")]
    assert b"late" not in queue


def test_dependents_are_removed_when_what_they_need_is_invalid() -> None:
    queue = Queue()
    for nonce in range(4):
        queue.add(_nonce("a", nonce))
    queue.add(_nonce("b", 0))
    assert sorted(_names(queue.remove([b"a1p1"]))) == ["a1p1", "a2p1", "a3p1"]
    assert sorted(_names(queue.best())) == ["a0p1", "b0p1"]


def test_dependents_are_skipped_when_what_they_need_does_not_fit() -> None:
    queue = Queue()
    for account in "ab":
        for nonce in range(2):
            queue.add(_nonce(account, nonce, 2 if account == "a" else 1))
    taken = []
    best = queue.best()
    for transaction in best:
        if transaction.hash == b"a0p2":
            best.skip()
        else:
            taken.append(transaction.hash.decode())
    assert taken == ["b0p1", "b1p1"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6), st.integers(0, 3)), max_size=40), st.data())
def test_order_is_sound_whatever_comes_and_goes(steps: list[tuple[str, int, int]], data: st.DataObject) -> None:
    queue = Queue()
    for arrival, (account, nonce, priority) in enumerate(steps):
        transaction = _nonce(account, nonce, priority, arrival)
        if transaction.hash not in queue:
            try:
                queue.add(transaction)
            except TooLow:
                assert queue.provides(transaction.provides[0])
        if queue.ready and data.draw(st.integers(0, 5)) == 0:
            queue.remove([data.draw(st.sampled_from(sorted(queue.ready)))])
        best = list(queue.best())
        provided: set[bytes] = set()
        for one in best:
            assert set(one.requires) <= provided
            provided |= set(one.provides)
        assert {one.hash for one in best} == set(queue.ready)
        assert len(provided) == len(best)
        for one in queue.future.values():
            assert not set(one.requires) <= provided
    heads = [one.priority for one in queue.best() if not one.requires]
    assert heads == sorted(heads, reverse=True)
