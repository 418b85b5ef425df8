"""The pure function and its parts."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError as NaclError
from nacl.public import PrivateKey

from offchain import models
from offchain.crypto import KeyInvalid, MerkleTree, merkle_verify
from offchain.datasets import HeldOutSample
from offchain.dicom import ImageUnsupported
from offchain.errors import AssayError
from offchain.metrics import Metric
from ray_jobs import BATCH, Environment, Evaluation, JobFailed, environment_digest, evaluate, prediction_leaf
from ray_jobs._predict import deterministic
from ray_jobs._wire import Predictions, failure, open_reply, seal_reply
from ray_jobs._worker import plan

from .conftest import CARD, Sealed, lenet

HERE = Environment("0", "2", "0", "2", "12", "3", "", "cpu")


def run(sealed: Sealed, samples: list[HeldOutSample] | None = None, checkpoint: bytes | None = None) -> Evaluation:
    job = sealed.job
    return evaluate(
        checkpoint or job.checkpoint,
        job.card,
        sealed.samples if samples is None else samples,
        metrics=job.metrics,
        seed=job.seed,
    )


def test_evaluate_repeats_itself_when_torch_was_set_up_otherwise(sealed: Sealed) -> None:
    first = run(sealed)
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        again = run(sealed)
        assert torch.get_num_threads() == 2
        assert not torch.are_deterministic_algorithms_enabled()
    finally:
        torch.set_num_threads(threads)
    assert again.prediction_root == first.prediction_root
    assert again.report == first.report
    assert again.env_digest == first.env_digest
    np.testing.assert_array_equal(again.scores, first.scores)
    assert len(np.unique(first.scores[:, 1])) > 20


def test_evaluate_counts_images_and_groups(sealed: Sealed) -> None:
    report = run(sealed).report
    assert report.samples == len(sealed.samples) == 3 * report.groups
    assert sum(report.class_samples) == report.samples
    assert [score.metric for score in report.scores] == list(Metric)


def test_evaluate_gives_the_same_scores_when_the_last_batch_is_padded(sealed: Sealed) -> None:
    whole = run(sealed)
    part = run(sealed, sealed.samples[: BATCH + 5])
    np.testing.assert_array_equal(part.scores, whole.scores[: BATCH + 5])


def test_prediction_root_opens_to_each_prediction(sealed: Sealed) -> None:
    found = run(sealed)
    leaves = [prediction_leaf(int(i), row) for i, row in zip(found.indices, found.scores, strict=True)]
    tree = MerkleTree(leaves)
    assert tree.root == found.prediction_root
    assert merkle_verify(found.prediction_root, leaves[7], 7, len(leaves), tree.proof(7))
    assert leaves[7] == b"assay/prediction/1" + (7).to_bytes(4, "little") + b"".join(
        int(score).to_bytes(2, "little") for score in found.scores[7]
    )


def test_prediction_root_changes_when_the_model_does(sealed: Sealed) -> None:
    assert run(sealed).prediction_root != run(sealed, checkpoint=lenet(1)).prediction_root


def test_evaluate_reports_progress_until_all_is_done(sealed: Sealed) -> None:
    seen: list[tuple[int, int]] = []
    job = sealed.job
    evaluate(
        job.checkpoint,
        job.card,
        sealed.samples,
        metrics=[Metric.ACCURACY],
        seed=b"",
        progress=lambda *s: seen.append(s),
    )
    total = len(sealed.samples)
    assert seen == [(min(n, total), total) for n in range(BATCH, total + BATCH, BATCH)]


def test_evaluate_names_the_sample_by_its_index_when_its_image_is_bad(sealed: Sealed) -> None:
    good = sealed.samples[3]
    bad = HeldOutSample(index=3, label=0, group=good.group, salt=good.salt, proof=good.proof, image=b"no image")
    with pytest.raises(ImageUnsupported, match="sample 3"):
        run(sealed, [*sealed.samples[:3], bad])


def test_evaluate_refuses_when_the_model_gives_no_numbers(sealed: Sealed) -> None:
    with torch.random.fork_rng(devices=[]):
        weights = models.weights_of(models.build("lenet5", 1, 2))
    endless = models.encode({name: np.full_like(weight, 3e38) for name, weight in weights.items()})
    with pytest.raises(models.OutputInvalid):
        run(sealed, checkpoint=endless)


def test_evaluate_refuses_when_the_card_is_for_other_weights(sealed: Sealed) -> None:
    job = sealed.job
    with pytest.raises(models.CheckpointMismatch):
        evaluate(
            job.checkpoint, replace(CARD, classes=("a", "b", "c")), sealed.samples, metrics=job.metrics, seed=job.seed
        )


def test_deterministic_restores_what_it_found_when_the_body_fails() -> None:
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    during: list[object] = []

    def failing() -> None:
        with deterministic():
            during.append((torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()))
            during.append((torch.backends.cudnn.allow_tf32, torch.get_float32_matmul_precision()))
            raise LookupError

    with pytest.raises(LookupError):
        failing()
    assert during == [(1, True), (False, "highest")]
    assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == before
    assert not torch.are_deterministic_algorithms_enabled()


def test_deterministic_holds_to_its_end_when_another_thread_begins_or_ends() -> None:
    found: list[tuple[int, bool]] = []

    def evaluate_for(barrier: threading.Barrier) -> None:
        barrier.wait()
        with deterministic():
            time.sleep(0.05)
            found.append((torch.get_deterministic_debug_mode(), torch.backends.cudnn.allow_tf32))

    before = torch.get_deterministic_debug_mode(), torch.backends.cudnn.allow_tf32
    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=evaluate_for, args=(barrier,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert found == [(2, False)] * 4
    assert (torch.get_deterministic_debug_mode(), torch.backends.cudnn.allow_tf32) == before


def test_environment_digest_differs_when_any_part_does() -> None:
    other = replace(HERE, device="NVIDIA H100")
    digests = [environment_digest(e) for e in ({HERE}, {other}, {HERE, other})]
    assert len(set(digests)) == 3
    assert environment_digest({other, HERE}) == digests[2]


@given(st.lists(st.integers(1, 200), min_size=1, max_size=64), st.integers(1, 8))
def test_plan_covers_every_sample_once_in_whole_batches(counts: list[int], actors: int) -> None:
    samples = dict(enumerate(counts))
    units = plan(samples, actors)
    covered = [(p.shard, at) for unit in units for p in unit.pieces for at in range(p.first, p.last)]
    assert covered == [(shard, at) for shard, count in samples.items() for at in range(count)]
    assert all(unit.samples % BATCH == 0 for unit in units[:-1])
    assert all(unit.samples for unit in units)


def predictions() -> Predictions:
    column = np.arange(3, dtype=np.int64)
    return Predictions(column, column % 2, column, np.arange(6, dtype=np.uint16).reshape(3, 2), HERE)


def test_reply_opens_to_the_same_columns_with_the_drivers_key_only() -> None:
    key = PrivateKey.generate()
    sealed = seal_reply(predictions(), bytes(key.public_key))
    opened = open_reply(sealed, key)
    for name in ("indices", "labels", "groups", "scores"):
        np.testing.assert_array_equal(getattr(opened, name), getattr(predictions(), name))
        assert getattr(opened, name).dtype == getattr(predictions(), name).dtype
    assert opened.environment == HERE
    with pytest.raises(NaclError):
        open_reply(sealed, PrivateKey.generate())


@pytest.mark.parametrize("error", [KeyInvalid("what", subject="shard 3", hint="do"), ImageUnsupported("x")])
def test_reply_raises_the_workers_error_with_its_type(error: AssayError) -> None:
    key = PrivateKey.generate()
    with pytest.raises(type(error)) as caught:
        open_reply(seal_reply(error, bytes(key.public_key)), key)
    assert caught.value.as_json() == error.as_json()


def test_failure_tells_only_the_kind_when_the_error_is_not_ours() -> None:
    told = failure(ValueError("patient Doe, pneumonia"))
    assert isinstance(told, JobFailed)
    assert "ValueError" in str(told)
    assert "Doe" not in str(told)


def python(code: str) -> str:
    """Output of a program in a process of its own: what it limits must not limit the tests."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()


def test_forbid_dumps_leaves_a_process_that_cannot_be_dumped() -> None:
    code = (
        "import resource; from ray_jobs._guard import *;"
        "before = is_dumpable(); forbid_dumps();"
        "print(before, is_dumpable(), resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    assert python(code) == "True False 0"


def test_memory_capped_makes_an_allocation_fail_when_past_it() -> None:
    code = (
        "import numpy as np; from ray_jobs._guard import memory_capped\n"
        "with memory_capped(200 * 2**20):\n"
        "    kept = np.ones(10 * 2**20)\n"
        "    try: np.ones(100 * 2**20); print('allocated')\n"
        "    except MemoryError: print('refused')\n"
        "with memory_capped(None): print(np.ones(100 * 2**20).size == 100 * 2**20)"
    )
    assert python(code).split() == ["refused", "True"]


def test_import_of_ray_jobs_loads_neither_torch_nor_ray() -> None:
    code = "import sys, ray_jobs, ray_jobs.cli; print([m for m in ('torch', 'ray', 'pydicom') if m in sys.modules])"
    assert python(code) == "[]"
