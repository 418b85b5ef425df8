"""Loading: what fits runs, what does not is named."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch

from offchain.models import (
    ARCHITECTURES,
    ArchitectureUnknown,
    CheckpointMismatch,
    build,
    check,
    checkpoint_id,
    encode,
    load,
    weights_of,
)

from .checkpoints import untrained

FROZEN = {
    "lenet5": "40fe8325a2ef4666d2222e025865bb8d8fdc571b0b35a54ab7b4f83f8d8165c3",
    "small_cnn": "b1f3452fff822ffcf5d000c6f62420419d975f34fe8919ad0f17a0ab14bd109d",
    "resnet18": "b657005dedc08d99403a5b0d251031352cf3ee7442ad8cf29e8098b81307669d",
    "densenet121": "52b750a3b11e9bb6c02336822ac16b851d2dcf3bd231a2e5f558964f6bce3acc",
    "efficientnet_b0": "3914b9257ce04feea4d44c58f003424746f1e03b327ca98d8cc5aae6bddf3d6e",
}
"""blake2b-256, over names and shapes, of what each architecture id stands for: it never changes."""


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_architecture_stands_for_the_same_tensors_for_ever(architecture: str) -> None:
    with torch.device("meta"):
        state = build(architecture, 1, 2).state_dict()
    described = "".join(f"{name}{tuple(tensor.shape)}" for name, tensor in state.items())
    assert hashlib.blake2b(described.encode(), digest_size=32).hexdigest() == FROZEN[architecture]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("channels", "classes"), [(1, 2), (3, 5)])
def test_load_answers_as_the_module_that_was_saved(architecture: str, channels: int, classes: int) -> None:
    torch.manual_seed(1)
    module = build(architecture, channels, classes).eval()
    data = encode(weights_of(module))
    loaded = load(data, architecture, channels=channels, classes=classes)
    images = torch.rand(2, channels, ARCHITECTURES[architecture].min_side, ARCHITECTURES[architecture].min_side)
    with torch.inference_mode():
        answers = loaded(images)
        assert torch.equal(answers, module(images))
    assert answers.shape == (2, classes)
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    assert encode(weights_of(loaded)) == data


def test_check_states_the_facts() -> None:
    data = untrained("small_cnn")
    facts = check(data, "small_cnn")
    assert (facts.id, facts.size_bytes) == (checkpoint_id(data), len(data))
    assert (facts.channels, facts.classes, facts.architecture) == (1, 2, "small_cnn")
    running_statistics = 2 * (16 + 32 + 64 + 128)
    assert facts.parameters == sum(p.numel() for p in build("small_cnn", 1, 2).parameters()) + running_statistics


@pytest.mark.parametrize("reader", [check, load])
def test_load_names_the_first_key_when_one_is_missing(reader: object) -> None:
    tensors = weights_of(build("small_cnn", 1, 2))
    del tensors["5.weight"]
    with pytest.raises(CheckpointMismatch, match=r"missing: 5\.weight"):
        reader(encode(tensors), "small_cnn")  # type: ignore[operator]


@pytest.mark.parametrize("reader", [check, load])
def test_load_names_both_shapes_when_one_differs(reader: object) -> None:
    tensors = weights_of(build("small_cnn", 1, 2))
    tensors["5.weight"] = np.ones(33, np.float32)
    with pytest.raises(CheckpointMismatch, match=r"shape 33, small_cnn needs 32: 5\.weight"):
        reader(encode(tensors), "small_cnn")  # type: ignore[operator]


def test_load_names_the_key_when_one_does_not_belong() -> None:
    tensors = {**weights_of(build("lenet5", 1, 2)), "backdoor": np.ones(1, np.float32)}
    with pytest.raises(CheckpointMismatch, match="no such tensor: backdoor"):
        load(encode(tensors), "lenet5")


@pytest.mark.parametrize("other", ["resnet18", "densenet121", "efficientnet_b0"])
def test_load_refuses_when_the_architecture_is_another(other: str) -> None:
    with pytest.raises(CheckpointMismatch):
        load(untrained("small_cnn"), other)


@pytest.mark.parametrize(("channels", "classes", "what"), [(3, 2, "input channels"), (1, 4, "classes")])
def test_load_refuses_when_the_card_says_otherwise(channels: int, classes: int, what: str) -> None:
    with pytest.raises(CheckpointMismatch, match=what):
        load(untrained("lenet5"), "lenet5", channels=channels, classes=classes)


@pytest.mark.parametrize("shape", [(6, 1, 5), (6, 7, 5, 5), (6, 100_000, 1, 1)])
def test_load_refuses_before_building_when_the_first_layer_is_hostile(shape: tuple[int, ...]) -> None:
    tensors = weights_of(build("lenet5", 1, 2))
    tensors["0.weight"] = np.zeros(shape, np.float32)
    with pytest.raises(CheckpointMismatch):
        check(encode(tensors), "lenet5")


def test_load_refuses_when_the_head_has_too_many_classes() -> None:
    tensors = weights_of(build("lenet5", 1, 2))
    tensors["11.weight"] = np.zeros((17, 84), np.float32)
    with pytest.raises(CheckpointMismatch, match="17 classes"):
        check(encode(tensors), "lenet5")


@pytest.mark.parametrize("identifier", ["", "vit_b_16", "os.system", "small_cnn "])
def test_architecture_is_refused_when_not_on_the_allowlist(identifier: str) -> None:
    with pytest.raises(ArchitectureUnknown):
        load(untrained("lenet5"), identifier)


@pytest.mark.parametrize(("channels", "classes"), [(2, 2), (1, 1), (1, 17)])
def test_build_refuses_when_channels_or_classes_are_not_offered(channels: int, classes: int) -> None:
    with pytest.raises(ArchitectureUnknown):
        build("lenet5", channels, classes)
