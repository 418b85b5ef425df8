"""What a worker answers: predictions or an error, sealed so that only the driver reads them.

Labels and scores of held-out samples pass through Ray's object store, which has no access control: they travel in
libsodium sealed boxes to a key that the driver made for the job.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from nacl.public import PrivateKey, PublicKey, SealedBox
from numpy.typing import NDArray

from offchain.errors import AssayError

from ._environment import Environment
from ._errors import JobFailed

__all__ = ["Predictions", "failure", "open_reply", "seal_reply"]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Class scores of consecutive samples of a shard.

    Attributes:
        indices: position of each in the whole split.
        labels: class of each.
        groups: number of the group of each.
        scores: samples x classes, 0..1023.
        environment: what predicted.
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    scores: NDArray[np.uint16]
    environment: Environment


def seal_reply(reply: Predictions | AssayError, to: bytes) -> bytes:
    """The reply in a sealed box to the X25519 key ``to``."""
    if isinstance(reply, AssayError):
        fields: dict[str, Any] = {"error": reply.as_json()}
    else:
        columns = (reply.indices, reply.labels, reply.groups, reply.scores)
        fields = {"columns": [column.tolist() for column in columns], "environment": asdict(reply.environment)}
    return bytes(SealedBox(PublicKey(to)).encrypt(json.dumps(fields).encode()))


def open_reply(sealed: bytes, key: PrivateKey) -> Predictions:
    """The predictions in a sealed reply.

    Raises:
        AssayError: what the worker met, as the same type that it raised.
    """
    fields = json.loads(SealedBox(key).decrypt(sealed))
    if "error" in fields:
        raise _as_raised(fields["error"])
    indices, labels, groups, scores = fields["columns"]
    return Predictions(
        np.array(indices, dtype=np.int64),
        np.array(labels, dtype=np.int64),
        np.array(groups, dtype=np.int64),
        np.array(scores, dtype=np.uint16),
        Environment(**fields["environment"]),
    )


def failure(error: BaseException) -> AssayError:
    """The error to answer with; of one that is not ours only the kind, since its words may quote a sample."""
    if isinstance(error, AssayError):
        return error
    return JobFailed(f"a worker failed with {type(error).__name__}")


def _as_raised(fields: dict[str, Any]) -> AssayError:
    kinds = [AssayError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    found = next(
        (kind for kind in kinds if kind.code == fields["code"] and kind.__name__ == fields["error"]), JobFailed
    )
    return found(fields["what"], subject=fields["subject"], hint=fields["hint"])
