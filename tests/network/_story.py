"""A chain's life in a thousand blocks: every call of our pallets, and the calls of FRAME that people use.

It is told on any ground of the end-to-end suite that seals at our word: the embedded chain, or a native node.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offchain.chain import ChainClient, calls
from offchain.chain.calls import Call
from offchain.chain.calls.proxy import ProxyType
from offchain.chain.errors import DispatchFailed
from offchain.chain.sealed import SealedHeader, membership_proof
from offchain.chain.types import DeclineReason, State
from offchain.crypto import blake2b_256
from tests.e2e._referendum import pass_referendum, set_parameter
from tests.e2e._round import Drive
from tests.e2e._scene import (
    ASY,
    AUTHOR,
    DEVELOPER,
    LIMITS,
    PRICES,
    SPARES,
    STEWARD,
    TREASURY,
    VALIDATORS,
    Scene,
)
from tests.e2e._stages import prepare
from tests.offchain.chain.lying import author, sealed, session_keys, twin

__all__ = ["BLOCKS", "FRAME", "calls_in", "tell"]

BLOCKS = 1_000

FRAME = frozenset(
    {
        "Balances.transfer_all",
        "Balances.transfer_keep_alive",
        "CollatorSelection.leave_intent",
        "CollatorSelection.register_as_candidate",
        "CollatorSelection.set_candidacy_bond",
        "CollatorSelection.set_desired_candidates",
        "CollatorSelection.update_bond",
        "ConvictionVoting.delegate",
        "ConvictionVoting.remove_vote",
        "ConvictionVoting.undelegate",
        "ConvictionVoting.unlock",
        "ConvictionVoting.vote",
        "Multisig.approve_as_multi",
        "Multisig.as_multi",
        "Multisig.as_multi_threshold_1",
        "Multisig.cancel_as_multi",
        "Parameters.set_parameter",
        "Preimage.note_preimage",
        "Preimage.unnote_preimage",
        "Proxy.add_proxy",
        "Proxy.proxy",
        "Proxy.remove_proxy",
        "Referenda.place_decision_deposit",
        "Referenda.refund_decision_deposit",
        "Referenda.submit",
        "Session.purge_keys",
        "Session.set_keys",
        "System.remark_with_event",
        "Timestamp.set",
        "Treasury.payout",
        "Treasury.spend",
        "TxPause.pause",
        "TxPause.unpause",
        "Utility.batch",
        "Utility.batch_all",
        "Utility.force_batch",
        "Vesting.vest",
        "Vesting.vested_transfer",
    }
)
"""Calls of FRAME that the story holds besides ours."""

USER, FRIEND, HEIR = SPARES
PARAMETERS = 10
"""The track on economic constants."""
IMAGE = b"the bytes of a call"


def tell(scene: Scene) -> None:
    """The whole story, from genesis to block 1,000."""
    prepare(scene)
    _money(scene)
    _delegation(scene)
    _rounds(scene)
    _failed_rounds(scene)
    _governance(scene)
    _authorities(scene)
    _endings(scene)
    while scene.height < BLOCKS - 7:
        scene.send(USER, calls.balances.transfer(scene.address(FRIEND), ASY + scene.height))
        scene.run_to(scene.height + 5)
    scene.run_to(BLOCKS)


def calls_in(client: ChainClient, last: int) -> set[str]:
    """Names of the calls in blocks 1 to ``last``, those within other calls and in proposals among them."""
    names: set[str] = set()
    client.interface.for_signing()
    for number in range(1, last + 1):
        for extrinsic in client.extrinsics(client.block_hash(number)):
            decoded = client.interface.decode_scale("Extrinsic", extrinsic)
            names.update(_names(client, decoded["call"]))
    return names


def _names(client: ChainClient, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "call_module" in value and "call_function" in value:
            yield f"{value['call_module']}.{value['call_function']}"
        for name, part in value.items():
            inner = client.interface.decode_scale("Call", part) if name == "Inline" else part  # what a referendum does
            yield from _names(client, inner)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _names(client, part)


def _refused(scene: Scene, who: str, call: Call) -> None:
    """A deed that the runtime refuses is in the block like any other, and pays its fee."""
    try:
        scene.send(who, call)
    except DispatchFailed:
        return
    raise AssertionError(f"{call} was not refused")


def _money(scene: Scene) -> None:
    friend, heir = scene.address(FRIEND), scene.address(HEIR)
    remark = Call("System", "remark_with_event", {"remark": b"a remark"})
    scene.send(USER, calls.utility.batch([calls.balances.transfer(friend, ASY), remark]))
    scene.send(USER, calls.utility.batch_all([calls.balances.transfer(heir, 2 * ASY), remark]))
    _refused(scene, USER, calls.utility.force_batch([calls.evaluation.advance(99), remark]))
    schedule = {"locked": 100 * ASY, "per_block": ASY, "starting_block": scene.height}
    scene.send(USER, Call("Vesting", "vested_transfer", {"target": friend, "schedule": schedule}))
    scene.send(FRIEND, Call("Vesting", "vest"))
    keys = {"aura": bytes([7] * 32), "grandpa": bytes([8] * 32)}
    _refused(scene, USER, Call("Session", "set_keys", {"keys": keys, "proof": b""}))


def _delegation(scene: Scene) -> None:
    """Proxies and multisigs."""
    cold, hot = scene.address(VALIDATORS[0]), scene.address(FRIEND)
    scene.send(VALIDATORS[0], calls.proxy.add_proxy(hot, ProxyType.ANY))
    for deed in (calls.evaluation.chill(), calls.evaluation.activate(LIMITS)):
        scene.send(FRIEND, calls.proxy.proxy(cold, deed, ProxyType.ANY))
    scene.send(VALIDATORS[0], calls.proxy.remove_proxy(hot, ProxyType.ANY))

    others = {
        name: sorted(scene.signer(one).public_key for one in (USER, FRIEND, HEIR) if one != name) for name in SPARES
    }
    remark = Call("System", "remark_with_event", {"remark": b"by two of three"})
    weight = {"ref_time": 2_000_000_000, "proof_size": 100_000}
    one = {"other_signatories": others[USER], "call": remark}
    scene.send(USER, Call("Multisig", "as_multi_threshold_1", one))

    def approving(who: str, timepoint: dict[str, int] | None, call_hash: bytes) -> Call:
        part = {"threshold": 2, "other_signatories": others[who], "maybe_timepoint": timepoint}
        return Call("Multisig", "approve_as_multi", part | {"call_hash": call_hash, "max_weight": weight})

    scene.client.interface.for_signing()
    call_hash = scene.client.interface.compose(remark.pallet, remark.name, remark.encoded_args()).call_hash
    for end in ("as_multi", "cancel_as_multi"):
        receipt = scene.send(USER, approving(USER, None, call_hash))
        position = scene.client.extrinsics(receipt.block_hash).index(receipt.extrinsic)
        timepoint = {"height": receipt.block_number, "index": position}
        if end == "as_multi":
            part = {"threshold": 2, "other_signatories": others[FRIEND], "maybe_timepoint": timepoint}
            scene.send(FRIEND, Call("Multisig", "as_multi", part | {"call": remark, "max_weight": weight}))
        else:
            part = {"threshold": 2, "other_signatories": others[USER], "timepoint": timepoint}
            scene.send(USER, Call("Multisig", "cancel_as_multi", part | {"call_hash": call_hash}))


def _rounds(scene: Scene) -> None:
    """A round of the honest, one with a liar, one with a member that does not reveal."""
    scene.send(STEWARD, calls.datasets.set_prices(scene.dataset, PRICES))
    for seed, (liar, silent) in enumerate(((False, False), (True, False), (False, True))):
        spec = scene.checkpoint(seed)
        if seed:
            scene.submit_checkpoint(spec)
        drive = Drive(scene, scene.request(spec))
        members = drive.to_revealing(liars=VALIDATORS[:1] if liar else ())
        drive.reveal(*members[silent:])
        if silent:
            drive.advance()
        assert drive.state in (State.SETTLED, State.INCONCLUSIVE)
    for who in (*VALIDATORS, STEWARD):
        scene.send(USER, calls.evaluation.claim_rewards(scene.address(who)))
    scene.send(USER, calls.models.pay_usage(scene.checkpoint().id, 3, ASY))
    scene.send(USER, calls.models.claim_fees(scene.address(DEVELOPER)))
    scene.send(DEVELOPER, calls.models.set_terms(scene.models[0], ASY // 5))


def _failed_rounds(scene: Scene) -> None:
    """All decline; then a steward releases nothing three times, is suspended, and makes up for it."""
    spec = scene.checkpoint(3)
    scene.submit_checkpoint(spec)
    drive = Drive(scene, scene.request(spec))
    decliner = drive.draw()[0]
    drive.decline(DeclineReason.RESOURCES, decliner)
    while drive.state in (State.REQUESTED, State.ACCEPTING):
        drive.advance()
    for _ in range(3):
        drive = Drive(scene, scene.request(spec))
        drive.draw()
        drive.accept()
        drive.advance()
    assert scene.client.datasets.get(scene.dataset).suspended
    scene.send(STEWARD, calls.datasets.top_up_bond(scene.dataset, 50 * ASY))
    assert pass_referendum(scene, "Benchmarks", calls.datasets.reinstate(scene.dataset)) is None


def _governance(scene: Scene) -> None:
    """Referenda on four tracks, a delegation, and votes taken back."""
    index = int(scene.client.read(int, "Referenda", "ReferendumCount"))
    assert pass_referendum(scene, "Parameters", set_parameter("BaseFee", 12 * ASY)) is None
    verified = calls.evaluation.set_verified(scene.benchmark, verified=True)
    assert pass_referendum(scene, "Benchmarks", verified) is None
    name = {"full_name": (b"Balances", b"transfer_keep_alive")}
    for pausing in (Call("TxPause", "pause", name), Call("TxPause", "unpause", {"ident": name["full_name"]})):
        assert pass_referendum(scene, "Emergency", pausing, (AUTHOR, STEWARD, *VALIDATORS)) is None
    scene.send(USER, calls.balances.transfer(scene.address(FRIEND), ASY))
    scene.send(USER, calls.balances.transfer(TREASURY, 10 * ASY))
    spend = {"asset_kind": (), "amount": ASY, "beneficiary": scene.address(HEIR), "valid_from": None}
    assert pass_referendum(scene, "Treasurer", Call("Treasury", "spend", spend)) is None
    scene.send(HEIR, Call("Treasury", "payout", {"index": 0}))

    ballot = {"index": index}
    scene.send(AUTHOR, Call("ConvictionVoting", "remove_vote", {"class": PARAMETERS, **ballot}))
    scene.send(AUTHOR, Call("Referenda", "refund_decision_deposit", ballot))
    delegation = {"to": scene.address(AUTHOR), "conviction": "Locked1x", "balance": 1_000 * ASY}
    scene.send(USER, Call("ConvictionVoting", "delegate", {"class": PARAMETERS, **delegation}))
    scene.send(USER, Call("ConvictionVoting", "undelegate", {"class": PARAMETERS}))
    scene.run_to(scene.height + 11)
    scene.send(USER, Call("ConvictionVoting", "unlock", {"class": PARAMETERS, "target": scene.address(USER)}))
    scene.send(USER, Call("Preimage", "note_preimage", {"bytes": IMAGE}))
    scene.send(USER, Call("Preimage", "unnote_preimage", {"hash": "0x" + blake2b_256(IMAGE).hex()}))


def _authorities(scene: Scene) -> None:
    """A candidate comes and goes within a session; then the author of all blocks is caught with two in one slot."""
    collation = [
        Call("CollatorSelection", "set_desired_candidates", {"max": 1}),
        Call("CollatorSelection", "set_candidacy_bond", {"bond": 9_000 * ASY}),
    ]
    assert pass_referendum(scene, "Root", calls.utility.batch_all(collation)) is None
    session = _session(scene)
    while _session(scene) == session:
        scene.seal()
    session = _session(scene)
    scene.send(USER, calls.authority.set_keys(*session_keys("Two", "Two")))
    scene.send(USER, calls.authority.register())
    scene.send(USER, calls.authority.update_bond(9_500 * ASY))
    scene.send(USER, calls.authority.leave())
    scene.send(USER, Call("Session", "purge_keys"))
    assert _session(scene) == session, "a candidate at the end of a session would be an author of the next but one"
    _refused(scene, USER, calls.authority.withdraw_unbonded())

    client, lying = scene.client, author("Alice").public
    first = sealed("Alice", SealedHeader.find(client.head(), client))
    proof = client.ask(bytes, "AuraEquivocationApi", "generate_key_ownership_proof", first.slot, lying)
    headers = (first.to_scale(), twin("Alice", first).to_scale())
    scene.send(FRIEND, calls.authority.report_aura(lying, *headers, membership_proof(proof)))


def _session(scene: Scene) -> int:
    return int(scene.client.read(int, "Session", "CurrentIndex"))


def _endings(scene: Scene) -> None:
    """What is given up, and what may not be yet."""
    spec = scene.checkpoint()
    leaver, other = VALIDATORS[-1], VALIDATORS[0]
    scene.send(leaver, calls.evaluation.bond_more(10 * ASY))
    scene.send(leaver, calls.evaluation.chill())
    scene.send(leaver, calls.evaluation.unbond(10 * ASY))
    _refused(scene, leaver, calls.evaluation.withdraw_unbonded())
    scene.send(STEWARD, calls.datasets.revoke_accreditation(scene.dataset, scene.address(other)))
    late = blake2b_256(b"a claim that nobody opens")
    scene.send(DEVELOPER, calls.models.claim(late))
    _refused(scene, USER, calls.models.drop_claim(scene.address(DEVELOPER), late))
    scene.send(DEVELOPER, calls.models.deprecate(spec.id))
    scene.send(STEWARD, calls.evaluation.retire_benchmark(scene.benchmark))
    scene.send(STEWARD, calls.datasets.retire_shard(scene.dataset, 0, 0))
    scene.send(STEWARD, calls.datasets.retire_version(scene.dataset, 0))
    scene.send(HEIR, calls.balances.transfer_all(scene.address(USER), keep_alive=True))
