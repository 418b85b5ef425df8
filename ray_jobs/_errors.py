"""What can go wrong with a job on Ray; codes 600 to 699.

::

    JobError
    ├── RayUnavailable     no Ray to connect to, or none that starts
    ├── ActorDied          a worker process died more often than it is replaced
    ├── OutOfMemory        host or GPU memory ran out, or the job's cap was reached
    ├── JobOverdue         the job did not end within its deadline
    ├── JobFailed          a worker failed in a way that no other error describes
    └── SplitUnusable      a public split cannot be read, or holds too little to train on
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = ["ActorDied", "JobError", "JobFailed", "JobOverdue", "OutOfMemory", "RayUnavailable", "SplitUnusable"]


class JobError(AssayError):
    """A job on Ray did not end well."""

    code: ClassVar[int] = 600


class RayUnavailable(JobError):
    """There is no Ray to connect to, or none that starts."""

    code: ClassVar[int] = 601


class ActorDied(JobError):
    """A worker process died more often than it is replaced."""

    code: ClassVar[int] = 602


class OutOfMemory(JobError):
    """Host or GPU memory ran out, or the job's cap was reached."""

    code: ClassVar[int] = 603


class JobOverdue(JobError):
    """The job did not end within its deadline."""

    code: ClassVar[int] = 604


class JobFailed(JobError):
    """A worker failed in a way that no other error describes; only the kind of failure is told."""

    code: ClassVar[int] = 605


class SplitUnusable(JobError):
    """A public split cannot be read, or holds too little to train on."""

    code: ClassVar[int] = 606
