"""One process per account: a second one with the same key refuses to start."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from validators._errors import AlreadyRunning

__all__ = ["AccountLock"]


class AccountLock:
    """An advisory lock on ``folder/account.lock``, released by the kernel when the process ends, however it ends.

    Raises:
        AlreadyRunning: another process holds it.
    """

    def __init__(self, folder: Path, account: str) -> None:
        self._path = folder / f"{account}.lock"
        self._file: int | None = None

    def __enter__(self) -> AccountLock:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise AlreadyRunning(
                "another process already acts for this account",
                subject=f"{self._path.stem}, process {holder or 'unknown'}",
                hint="stop that process first: two with one key would be punished for each other's work",
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._file = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
