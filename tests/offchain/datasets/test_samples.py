"""What lies inside frames."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.crypto import FRAME_OVERHEAD_BYTES, FrameMalformed, LabelMismatch, MerkleTree, SecretExposed, label_leaf
from offchain.datasets import HeldOutSample
from offchain.datasets._samples import choose_frame_bytes, decode_frame, encode_frame, fill_frames, sample_bytes


def _sample(index: int = 3, label: int = 1, image: bytes = b"image", proof: tuple[bytes, ...] = ()) -> HeldOutSample:
    return HeldOutSample(index=index, label=label, group=9, salt=bytes(32), proof=proof, image=image)


def _facts(sample: HeldOutSample) -> tuple[object, ...]:
    return sample.index, sample.label, sample.group, sample.salt, sample.proof, sample.image


@given(
    st.lists(
        st.builds(
            _sample,
            index=st.integers(0, 2**32 - 1),
            label=st.integers(0, 255),
            image=st.binary(max_size=50),
            proof=st.lists(st.binary(min_size=32, max_size=32), max_size=4).map(tuple),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 40),
)
def test_frame_round_trips_when_padded(samples: list[HeldOutSample], padding: int) -> None:
    plain = encode_frame(samples)
    assert len(plain) == 6 + sum(sample_bytes(len(each.image), len(each.proof)) for each in samples)
    decoded = list(decode_frame(plain + bytes(padding), "frame"))
    assert [_facts(each) for each in decoded] == [_facts(each) for each in samples]


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_frame_is_samples_or_malformed_when_bytes_are_arbitrary(plain: bytes) -> None:
    try:
        samples = list(decode_frame(plain, "frame"))
    except FrameMalformed:
        return
    assert encode_frame(samples) == plain[: len(encode_frame(samples))]


def test_frame_is_malformed_when_cut_or_followed_by_something() -> None:
    plain = encode_frame([_sample(), _sample(4)])
    for cut in range(len(plain)):
        with pytest.raises(FrameMalformed):
            list(decode_frame(plain[:cut], "frame"))
    with pytest.raises(FrameMalformed):
        list(decode_frame(plain + b"\x00\x01", "frame"))
    with pytest.raises(FrameMalformed):
        list(decode_frame(bytes(100), "frame"))


def test_label_is_checked_when_root_is_its_own() -> None:
    tree = MerkleTree(label_leaf(bytes(32), index, index % 2) for index in range(5))
    sample = _sample(proof=tuple(tree.proof(3)))
    sample.check_label(tree.root, 5)
    for root, samples in ((bytes(32), 5), (tree.root, 4), (tree.root, 6)):
        with pytest.raises(LabelMismatch):
            sample.check_label(root, samples)
    sample.label = 0
    with pytest.raises(LabelMismatch):
        sample.check_label(tree.root, 5)


def test_sample_stays_in_its_process_when_pickled_copied_or_printed() -> None:
    sample = _sample(label=1, image=b"plain pixels")
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(SecretExposed):
            leak(sample)
    assert repr(sample) == "HeldOutSample(index=3)"


SIZES = st.lists(st.integers(1, 3000), min_size=1, max_size=20)


@given(SIZES)
def test_frames_are_never_overfull_when_filled(sizes: list[int]) -> None:
    frames = fill_frames(sizes, 4096)
    assert frames is not None
    assert sorted(at for frame in frames for at in frame) == list(range(len(sizes)))
    assert all(sum(sizes[at] for at in frame) <= 4096 - FRAME_OVERHEAD_BYTES - 6 for frame in frames)


@given(st.lists(SIZES, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_frame_size_costs_least_when_chosen(groups: list[list[int]]) -> None:
    chosen = choose_frame_bytes(groups)
    costs = {}
    for power in range(12, 21):
        filled = [fill_frames(sizes, 1 << power) for sizes in groups]
        if None not in filled:
            costs[1 << power] = sum(len(frames or []) for frames in filled) << power
    assert chosen is not None
    assert costs[chosen] == min(costs.values())


def test_frame_size_is_none_when_a_sample_is_larger_than_any() -> None:
    assert choose_frame_bytes([[10], [(1 << 20) - FRAME_OVERHEAD_BYTES - 5]]) is None
    assert choose_frame_bytes([[10], [(1 << 20) - FRAME_OVERHEAD_BYTES - 6]]) == 1 << 20
