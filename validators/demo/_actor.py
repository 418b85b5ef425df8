"""One of the demo's agents in a process of its own: ``python -m validators.demo._actor validator|liar|steward ...``.

The honest ones are the production agents. The liar is one too, with an evaluation that adds to every score: the
production worker has no switch for that.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from validators._work import Evaluate, EvaluationJob, Finding
from validators.demo._limits import LIE_PPM

__all__ = ["lying", "main"]

_PR_SET_PDEATHSIG = 1


def lying(evaluate: Evaluate) -> Evaluate:
    """An evaluation whose scores are too good, by `LIE_PPM` where there is room and too bad where there is not."""

    def lie(job: EvaluationJob) -> Finding:
        honest = evaluate(job)
        step = job.terms.precision_ppm
        shift = -(-LIE_PPM // step) * step
        up = honest.scores[job.terms.main] + shift <= 1_000_000

        def bend(ppm: int) -> int:
            return min(max(ppm + shift if up else ppm - shift, 0), 1_000_000) // step * step

        return replace(
            honest,
            scores=tuple(bend(score) for score in honest.scores),
            lower_ppm=bend(honest.lower_ppm),
            upper_ppm=bend(honest.upper_ppm),
        )

    return lie


def main(arguments: list[str]) -> None:
    """Runs one agent until SIGTERM, or until the demo that started it is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=("validator", "liar", "steward"))
    for name in ("node", "uri", "folder", "store", "ray", "keyfile", "passphrase-file"):
        parser.add_argument(f"--{name}")
    options = parser.parse_args(arguments)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    os.nice(5)

    from offchain.chain import ChainClient, development_signer

    client = ChainClient(options.node)
    signer = development_signer(options.uri, client)
    folder = Path(options.folder)
    stop = threading.Event()
    if options.role == "steward":
        from offchain.crypto import SecretBytes
        from offchain.datasets import StewardKeys
        from validators._steward import StewardAgent

        passphrase = SecretBytes(Path(options.passphrase_file).read_bytes())
        keys = StewardKeys.load(Path(options.keyfile), passphrase)
        _stop_on_signals(stop)
        StewardAgent(client, signer, [keys], folder=folder, poll_s=0.25).run(stop)
        return
    from validators._ray_evaluation import RayEvaluation
    from validators._worker import Worker

    ray = RayEvaluation(options.ray, actors=1, cpus_per_actor=0.25)
    _stop_on_signals(stop)
    try:
        evaluate: Evaluate = lying(ray) if options.role == "liar" else ray
        Worker(client, signer, options.store, evaluate, folder=folder, poll_s=0.25).run(stop)
    finally:
        ray.close()


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


if __name__ == "__main__":
    main(sys.argv[1:])
