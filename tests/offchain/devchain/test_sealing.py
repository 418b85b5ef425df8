"""When blocks are made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from offchain.devchain import DevChain, Sealing, ServerFailed
from offchain.devchain._clock import slot_now
from offchain.devchain._worker import ChainWorker

from .conftest import Signer, eventually


@contextmanager
def _working(
    chain: DevChain, sealing: Sealing, block_time_s: float, deadline: Callable[[DevChain], int | None] = lambda _: None
) -> Iterator[ChainWorker]:
    worker = ChainWorker(chain, sealing, block_time_s, deadline)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def test_transaction_is_sealed_when_it_is_ready_and_sealing_is_instant(chain: DevChain, signer: Signer) -> None:
    with _working(chain, Sealing.INSTANT, 0.01) as worker:
        worker.do(lambda: chain.submit(signer.transfer(0))).result(20)
        eventually(lambda: chain.height == 1)
        worker.do(lambda: chain.submit(signer.transfer(2))).result(20)
        time.sleep(0.1)
        assert chain.height == 1
        worker.do(lambda: chain.submit(signer.transfer(1))).result(20)
        eventually(lambda: chain.height == 2)
        assert [len(chain.block(number).extrinsics) for number in (1, 2)] == [2, 3]


def test_transactions_share_a_block_when_they_come_together(chain: DevChain, signer: Signer) -> None:
    extrinsics = [signer.transfer(nonce) for nonce in range(20)]
    with _working(chain, Sealing.INSTANT, 0.01) as worker:
        jobs = [worker.do(lambda one=one: chain.submit(one)) for one in extrinsics]  # type: ignore[misc]
        for job in jobs:
            job.result(20)
        eventually(lambda: chain.pool.ready == 0)
        assert sum(len(chain.block(number).extrinsics) - 1 for number in range(1, chain.height + 1)) == 20
        assert chain.height < 20


def test_transaction_is_sealed_when_another_thread_submits_it(chain: DevChain, signer: Signer) -> None:
    with _working(chain, Sealing.INSTANT, 0.01):
        chain.submit(signer.transfer(0))
        eventually(lambda: chain.height == 1)


def test_empty_blocks_come_until_the_deadline_when_nothing_is_sent(chain: DevChain) -> None:
    with _working(chain, Sealing.INSTANT, 0.01, lambda _: 7):
        eventually(lambda: chain.height == 7)
        time.sleep(0.1)
        assert chain.height == 7


def test_blocks_come_by_themselves_when_sealing_is_by_interval(chain: DevChain, signer: Signer) -> None:
    with _working(chain, Sealing.INTERVAL, 0.02) as worker:
        eventually(lambda: chain.height >= 5)
        worker.do(lambda: chain.submit(signer.transfer(0))).result(20)
        eventually(lambda: chain.pool.ready == 0)
    height = chain.height
    time.sleep(0.1)
    assert chain.height == height


def test_no_block_comes_when_sealing_is_manual(chain: DevChain, signer: Signer) -> None:
    with _working(chain, Sealing.MANUAL, 0.01, lambda _: 7) as worker:
        worker.do(lambda: chain.submit(signer.transfer(0))).result(20)
        time.sleep(0.1)
        assert chain.height == 0
        assert len(worker.do(chain.seal).result(20).extrinsics) == 2


def test_worker_goes_on_when_a_block_cannot_be_made(chain: DevChain, signer: Signer) -> None:
    chain.clock = slot_now() + 1000
    with _working(chain, Sealing.INTERVAL, 0.01) as worker:
        time.sleep(0.1)
        assert chain.height == 0
        chain.clock = 0
        assert worker.do(lambda: 42).result(20) == 42
        eventually(lambda: chain.height > 0)


def test_error_reaches_the_asker_when_a_job_fails(chain: DevChain) -> None:
    def job() -> None:
        raise LookupError("here")

    with _working(chain, Sealing.MANUAL, 0.01) as worker:
        with pytest.raises(LookupError, match="here"):
            worker.do(job).result(20)
        assert worker.do(lambda: 1).result(20) == 1


def test_jobs_are_refused_when_the_worker_stops(chain: DevChain) -> None:
    worker = ChainWorker(chain, Sealing.MANUAL, 0.01, lambda _: None)
    worker.start()
    first = worker.do(lambda: time.sleep(0.1))
    worker.stop()
    assert first.done()
    late = worker.do(lambda: 1)
    worker.stop()
    with pytest.raises(ServerFailed):
        late.result(20)
