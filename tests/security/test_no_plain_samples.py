"""After a round on Ray, no disk holds a held-out image, its name, or its label's opening in the clear."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from offchain.chain import ChainClient
from offchain.chain.types import Revealed, State
from offchain.datasets import read_labels
from offchain.devchain import DevChain, Node, Sealing, default_spec
from tests.validators.scene import VALIDATORS, Quiet, Scene, prepare
from validators import RayEvaluation
from validators._log import Log


@dataclass
class Traces:
    """What a round on Ray left on disk, and what must not be in it."""

    scene: Scene
    places: list[Path]
    round: int

    def found(self, needles: dict[str, bytes]) -> set[str]:
        """Names of the needles that some file holds."""
        found: set[str] = set()
        for place in self.places:
            for path in sorted(place.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    data = path.read_bytes()
                    found |= {name for name, needle in needles.items() if needle in data}
        return found


def _file_piece(image: bytes) -> bytes:
    """Compressed pixels from the middle of an image's file: no two images share them."""
    return image[len(image) // 2 : len(image) // 2 + 24]


def _pixel_row(image: bytes) -> bytes:
    """The middle row of an image's pixels, noise included."""
    from PIL import Image

    with Image.open(io.BytesIO(image)) as opened:
        pixels, width = opened.tobytes(), opened.width
    return pixels[len(pixels) // 2 : len(pixels) // 2 + width]


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    """A round of three workers on one Ray, with a chain, journals and logs on disk."""
    folder = tmp_path_factory.mktemp("traces")
    logs = Quiet()
    with (
        DevChain(default_spec(), folder / "chain") as chain,
        Node(chain, sealing=Sealing.INSTANT, block_time_s=2.0) as node,
        ChainClient(node.ws_url) as client,
    ):
        scene = prepare(chain, node, client, folder)
        evaluators = [RayEvaluation(actors=1, cpus_per_actor=0.25) for _ in VALIDATORS]
        import ray  # only now: Ray reads its settings when it is imported, and they were made above

        try:
            workers = [
                scene.worker(uri, folder / "agents", evaluate=evaluate, log=Log(uri, logs))
                for uri, evaluate in zip(VALIDATORS, evaluators, strict=True)
            ]
            with scene.running(*workers, scene.steward(folder / "agents")):
                round_ = scene.submit(*scene.checkpoint(1))
                scene.wait_for_end(round_)
                (folder / "agents.log").write_text("".join(logs.lines))
                session = Path(ray._private.worker.global_worker.node.get_session_dir_path())
                places = [folder / name for name in ("chain", "store", "agents", "scene.sqlite")]
                yield Traces(scene, [*places, folder / "agents.log", session], round_)
        finally:
            for evaluate in evaluators:
                evaluate.close()
            ray.shutdown()


@pytest.mark.ray
def test_round_on_ray_is_settled_by_reveals_that_all_agree(traces: Traces) -> None:
    assert traces.scene.client.evaluation.round(traces.round).state.state is State.SETTLED
    members = traces.scene.client.evaluation.members(traces.round).values()
    reveals = {each.progress.reveal for each in members if isinstance(each.progress, Revealed)}
    assert len({(reveal.scores, reveal.prediction_root, reveal.env_digest) for reveal in reveals}) == 1
    assert all(isinstance(each.progress, Revealed) and each.progress.agrees for each in members)


@pytest.mark.ray
@pytest.mark.parametrize("piece", [_file_piece, _pixel_row])
def test_search_finds_nothing_of_held_out_images(traces: Traces, piece: Callable[[bytes], bytes]) -> None:
    images = traces.scene.folder / "images"
    held_out = {each.file: piece((images / each.file).read_bytes()) for each in traces.scene.keys.labels}
    assert len(held_out) > 10
    assert traces.found(held_out) == set()


@pytest.mark.ray
def test_search_finds_nothing_of_held_out_names_groups_and_labels(traces: Traces) -> None:
    table = {row.file: row.group for row in read_labels(traces.scene.folder / "images").rows}
    needles = {}
    for each in traces.scene.keys.labels:
        needles[f"name {each.index}"] = each.file.encode()
        needles[f"group {each.index}"] = table[each.file].encode()
        needles[f"opening {each.index}"] = each.salt.reveal()
        needles[f"opening in hex {each.index}"] = each.salt.reveal().hex().encode()
    for shard, key in enumerate(traces.scene.keys.shard_keys):
        needles[f"key {shard}"] = key.reveal()
        needles[f"key in hex {shard}"] = key.reveal().hex().encode()
    assert traces.found(needles) == set()


@pytest.mark.ray
def test_search_finds_public_images_so_it_would_find_others(traces: Traces) -> None:
    images = traces.scene.folder / "images"
    held_out = {each.file for each in traces.scene.keys.labels}
    public = next(row.file for row in read_labels(images).rows if row.file not in held_out)
    assert traces.found({"public": _file_piece((images / public).read_bytes())}) == {"public"}
