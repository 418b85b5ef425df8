"""What can go wrong with a local network.

::

    AssayError
    └── TestnetError                 1200
        ├── NodeBinaryAbsent         1201   there is no native node to run
        ├── AlreadyUp                1202
        ├── NotUp                    1203
        ├── UnknownProcess           1204   no process of that name
        ├── ProcessEnded             1205   a process ends by itself, again and again
        ├── NotReady                 1206   no finalized block, or an agent that does not work, in time
        ├── DirectoryUnfit           1207   a path too long for a socket, or foreign content
        ├── SetUpFailed              1208   a command that prepares the network failed
        ├── StillThere               1209   a process that cannot be ended
        └── ProcessNotRunning        1210   it was killed, or has not been started
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = [
    "AlreadyUp",
    "DirectoryUnfit",
    "NodeBinaryAbsent",
    "NotReady",
    "NotUp",
    "ProcessEnded",
    "ProcessNotRunning",
    "SetUpFailed",
    "StillThere",
    "TestnetError",
    "UnknownProcess",
]


class TestnetError(AssayError):
    """A local network cannot be what it should be."""

    code: ClassVar[int] = 1200
    __test__ = False  # it is no test class, whatever its name


class NodeBinaryAbsent(TestnetError):
    """The native node has not been built on this machine."""

    code = 1201


class AlreadyUp(TestnetError):
    """The network of this directory is up."""

    code = 1202


class NotUp(TestnetError):
    """There is no network in this directory, or it is down."""

    code = 1203


class UnknownProcess(TestnetError):
    """The network has no process of this name."""

    code = 1204


class ProcessEnded(TestnetError):
    """A process of the network ends whenever it is started."""

    code = 1205


class NotReady(TestnetError):
    """The network did not begin to work in time."""

    code = 1206


class DirectoryUnfit(TestnetError):
    """A network cannot live in this directory."""

    code = 1207


class SetUpFailed(TestnetError):
    """A command that prepares the network did not succeed."""

    code = 1208


class StillThere(TestnetError):
    """Something of the network outlives it."""

    code = 1209


class ProcessNotRunning(TestnetError):
    """The process is not running, so it cannot be killed."""

    code = 1210
