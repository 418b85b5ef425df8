"""What people do in several transactions or ask the chain's answer of: register, publish, submit, request.

Each transaction is one intent of the :class:`TransactionManager`; repeating a workflow with the same intent resumes it.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Sequence

from offchain.chain import calls
from offchain.chain._files import home, write_new
from offchain.chain._typed import decode
from offchain.chain.client import ChainClient
from offchain.chain.errors import DeadlineExceeded, NotOnChain, OutcomeUnknown
from offchain.chain.signer import Signer, account_bytes
from offchain.chain.transactions import Receipt, TransactionManager
from offchain.chain.types import (
    Admission,
    BenchmarkSpec,
    CheckpointSpec,
    Description,
    Licence,
    Prices,
    VersionSpec,
)
from offchain.crypto import claim_hash

__all__ = [
    "CLAIM_MIN_AGE_BLOCKS",
    "create_benchmark",
    "publish_version",
    "register_dataset",
    "register_model",
    "request_evaluation",
    "submit_checkpoint",
    "version_spec",
]

CLAIM_MIN_AGE_BLOCKS = 5
"""A claim is opened at least so many blocks after it was made: nobody who sees the opening can claim first."""


def register_dataset(
    manager: TransactionManager,
    signer: Signer,
    description: Description,
    prices: Prices,
    *,
    intent: str,
    admission: Admission | None = None,
) -> int:
    """Registers a data set and returns its id."""
    receipt = manager.submit(intent, calls.datasets.register(description, prices, admission), signer)
    return _number(receipt, "Datasets", "Registered", "dataset")


def version_spec(fields: dict[str, object]) -> VersionSpec:
    """The chain's spec of a packed data set: ``PackedDataset.version_spec``, whose bytes are ``0x`` hex."""
    return decode(VersionSpec, fields)


def publish_version(
    manager: TransactionManager, signer: Signer, dataset: int, spec: VersionSpec, *, intent: str
) -> int:
    """Publishes a version of a data set and returns its number."""
    receipt = manager.submit(intent, calls.datasets.publish_version(dataset, spec), signer)
    return _number(receipt, "Datasets", "VersionPublished", "version")


def create_benchmark(manager: TransactionManager, signer: Signer, spec: BenchmarkSpec, *, intent: str) -> int:
    """Makes a benchmark and returns its id."""
    receipt = manager.submit(intent, calls.evaluation.create_benchmark(spec), signer)
    return _number(receipt, "Evaluation", "BenchmarkCreated", "benchmark")


def register_model(
    manager: TransactionManager,
    signer: Signer,
    name: str,
    licence: Licence,
    contributors: Sequence[tuple[str, int]],
    usage_price: int,
    *,
    intent: str,
) -> int:
    """Registers a model and returns its id. Shares of contributors are in ppm and add up to a million."""
    call = calls.models.register(name, licence, contributors, usage_price)
    return _number(manager.submit(intent, call, signer), "Models", "Registered", "model")


def submit_checkpoint(
    manager: TransactionManager,
    signer: Signer,
    model: int,
    spec: CheckpointSpec,
    *,
    told: Callable[[str], None] = lambda _: None,
    timeout_s: float = 600.0,
) -> Receipt:
    """Claims a checkpoint id under seal, waits until the claim may be opened, and opens it.

    The salt is written to ``$ASSAY_HOME/claims`` before the claim is sent: run again after a kill, it goes on.

    Raises:
        DispatchFailed: the chain refused it: ``Models.AlreadySubmitted`` where the id has an earlier owner.
        DeadlineExceeded: the claim did not come of age in time.
    """
    deadline = time.monotonic() + timeout_s
    salt = _claim_salt(spec.id, signer.address, manager.client.genesis)
    sealed = claim_hash(spec.id, account_bytes(signer.address), salt)
    told("claiming the checkpoint under seal")
    name = f"claim/{sealed.hex()}"
    with contextlib.suppress(OutcomeUnknown):  # the chain holds the claim, or else the opening is refused
        manager.submit(name, calls.models.claim(sealed), signer, timeout_s=timeout_s)
    claim = manager.client.models.claim(signer.address, sealed)
    if claim is not None:
        told(f"waiting until block {claim.claimed_at + CLAIM_MIN_AGE_BLOCKS} to open the claim")
        _wait_for_block(manager.client, claim.claimed_at + CLAIM_MIN_AGE_BLOCKS, deadline)
    told("opening the claim")
    opening = calls.models.open_claim(model, salt, spec)
    return manager.submit(f"open/{sealed.hex()}/{model}", opening, signer, timeout_s=timeout_s)


def request_evaluation(
    manager: TransactionManager,
    signer: Signer,
    benchmark: int,
    checkpoint: bytes,
    *,
    max_fee: int,
    intent: str,
) -> int:
    """Requests an evaluation and returns the round's id."""
    call = calls.evaluation.request_evaluation(benchmark, checkpoint, max_fee)
    return _number(manager.submit(intent, call, signer), "Evaluation", "EvaluationRequested", "round")


def _number(receipt: Receipt, pallet: str, name: str, field: str) -> int:
    event = receipt.event(pallet, name)
    if event is None:
        raise NotOnChain("the transaction succeeded without its event", subject=f"{receipt.intent}: {pallet}.{name}")
    return int(event.fields[field])


def _claim_salt(checkpoint: bytes, account: str, genesis: bytes) -> bytes:
    path = home() / "claims" / f"{genesis.hex()[:16]}-{checkpoint.hex()}-{account}.salt"
    with contextlib.suppress(FileExistsError):
        write_new(path, secrets.token_bytes(32))
    return path.read_bytes()


def _wait_for_block(client: ChainClient, number: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("the claim did not come of age in time", subject=f"block {number}")
    client.wait_for_block(number, timeout_s=left)
