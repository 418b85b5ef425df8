"""One command at a time starts or ends the network of a directory."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from ._errors import DirectoryUnfit, TestnetError

__all__ = ["alone"]


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds a lock on a directory, which the kernel releases when the process ends, however it ends.

    The directory itself is locked, so that no file of ours is left in one that is not a network's. Where there is none,
    there is nothing to lock.

    Raises:
        TestnetError: another command holds it.
        DirectoryUnfit: it cannot be locked.
    """
    with contextlib.ExitStack() as stack:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            pass
        except BlockingIOError as error:
            raise TestnetError(
                "another command is starting or ending this network",
                subject=str(folder),
                hint="wait until it has ended, or interrupt it",
            ) from error
        except OSError as error:
            raise DirectoryUnfit(f"it cannot be locked: {error.strerror}", subject=str(folder)) from error
        yield
