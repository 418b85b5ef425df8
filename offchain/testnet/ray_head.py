"""Ray's head for the workers of a network: ``ray start --head --block``, ended whole when its raylet has ended.

Ray's own command goes on then, if the raylet ended itself, as it does when one of its agents was killed: nothing
computes any more, and no supervisor sees a reason to start it again.
"""

from __future__ import annotations

import os
import sys
import threading
import time

import psutil

__all__ = ["main"]

LOOK_S = 1.0


def main() -> None:
    """Does what ``ray`` does with the same arguments."""
    from ray.scripts.scripts import main as ray

    threading.Thread(target=_end_with_the_raylet, daemon=True).start()
    ray()


def _end_with_the_raylet() -> None:
    was_there = False
    while True:
        children = psutil.Process().children(recursive=True)
        is_there = any(_is_raylet(child) for child in children)
        if was_there and not is_there:
            print("the raylet has ended, and the rest of Ray with it", file=sys.stderr, flush=True)
            for child in children:
                _kill(child)
            os._exit(1)
        was_there = is_there
        time.sleep(LOOK_S)


def _is_raylet(process: psutil.Process) -> bool:
    try:
        return process.name() == "raylet" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


if __name__ == "__main__":
    main()
