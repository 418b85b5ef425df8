"""What Ray costs an evaluation: densenet121 at 224 on decoded images, warm actors against a bare torch loop.

Both sides have the same number of threads in all and the same images, generated and marked SYNTHETIC: the bare loop
runs one model on all threads, the actors run one model with one thread each and take work through the pool that
production uses. Prints one JSON document with the median of the repetitions; the target is a ratio of at most 1.05.

    python benchmarks/evaluation.py [--images 2000] [--threads 2] [--repeat 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from offchain.models import ModelCard, Normalisation, Preprocessing, build, encode, load, weights_of
from ray_jobs import BATCH, connect, disconnect, this_environment
from ray_jobs._pool import ActorPool, Deadline
from ray_jobs._predict import Predictor, deterministic

SIDE = 224
UNIT = 2 * BATCH
CARD = ModelCard(
    name="Benchmark",
    architecture="densenet121",
    classes=("a", "b"),
    preprocessing=Preprocessing(SIDE, 1, "stretch"),
    normalisation=Normalisation((500_000,), (250_000,)),
    operating_point_ppm=500_000,
    intended_use="Measuring speed.",
    training_data="None: untrained, for SYNTHETIC images.",
    licence="CC0-1.0",
)


def synthetic(first: int, last: int) -> NDArray[np.float32]:
    """Noise in the shape of prepared images: the same for the same numbers."""
    images = [np.random.default_rng(n).standard_normal((1, SIDE, SIDE), dtype=np.float32) for n in range(first, last)]
    return np.stack(images)


class Worker:
    """An actor with its share of the images in memory, as after decoding."""

    def __init__(self, checkpoint: bytes, images: int) -> None:
        self._predictor = Predictor(checkpoint, CARD)
        self._images = {at: synthetic(at, min(at + UNIT, images)) for at in range(0, images, UNIT)}
        self._predictor.scores(self._images[0])

    def ready(self) -> bool:
        """Answers once everything is loaded and a first batch was predicted."""
        return True

    def predict(self, first: int) -> NDArray[np.uint16]:
        """Class scores of one unit of work."""
        return self._predictor.scores(self._images[first])


def bare_loop(checkpoint: bytes, images: NDArray[np.float32], threads: int) -> float:
    """Seconds of the loop that anyone would write."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    module = load(checkpoint, CARD.architecture).to(device)
    with deterministic(threads), torch.inference_mode():
        module(torch.from_numpy(images[:BATCH]).to(device)).cpu()
        started = time.perf_counter()
        for at in range(0, len(images), BATCH):
            module(torch.from_numpy(images[at : at + BATCH]).to(device)).softmax(dim=1).cpu()
        return time.perf_counter() - started


def on_ray(pool: ActorPool[int], images: int) -> float:
    """Seconds for the same images through the pool, actors warm."""
    results: dict[int, Any] = {}
    started = time.perf_counter()
    pool.run(
        range(0, images, UNIT),
        set_up=lambda actor: actor.predict.remote,
        take=results.__setitem__,
        deadline=Deadline(3600),
    )
    seconds = time.perf_counter() - started
    if sum(len(part) for part in results.values()) != images:
        raise SystemExit("the actors lost images")
    return seconds


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    connect(cpus=options.threads)
    import ray

    gpus = int(ray.cluster_resources().get("GPU", 0))
    actors = gpus or options.threads
    checkpoint = encode(weights_of(build("densenet121", 1, 2)))
    images = synthetic(0, options.images)
    remote = ray.remote(Worker).options(num_cpus=1, num_gpus=1 if gpus else 0)
    pool: ActorPool[int] = ActorPool(lambda: remote.remote(checkpoint, options.images), actors)
    pool.warm(lambda actor: actor.ready.remote(), Deadline(3600))
    bare, shared = [], []
    for _ in range(options.repeat):  # in turns, so that a busy machine disturbs both alike
        bare.append(bare_loop(checkpoint, images, options.threads))
        shared.append(on_ray(pool, options.images))
    pool.close()
    disconnect()
    print(
        json.dumps(
            {
                "benchmark": "evaluation",
                "images": f"{options.images} SYNTHETIC, {SIDE}x{SIDE}",
                "device": this_environment().device,
                "threads": options.threads,
                "actors": actors,
                "bare_loop_s": [round(seconds, 2) for seconds in bare],
                "on_ray_s": [round(seconds, 2) for seconds in shared],
                "ratio": round(statistics.median(shared) / statistics.median(bare), 3),
                "target_ratio": 1.05,
                "images_per_s": round(options.images / statistics.median(shared), 1),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
