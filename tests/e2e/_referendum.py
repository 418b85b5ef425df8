"""A referendum from proposal to enactment, by real transactions at the pace of a development chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offchain.chain.calls import Call

from ._scene import ASY, AUTHOR, Scene

__all__ = ["ROUGHLY_A_MINUTE", "pass_referendum", "set_parameter"]

ROUGHLY_A_MINUTE = 30
"""Blocks within which a referendum is over."""


def set_parameter(name: str, value: int) -> Call:
    """Sets an economic constant."""
    return Call("Parameters", "set_parameter", {"key_value": {"Economics": {name: (None, value)}}})


def pass_referendum(scene: Scene, origin: str, call: Call, voters: Sequence[str] = (AUTHOR,)) -> Any:
    """Has the call proposed, voted for and dispatched; returns the error of its dispatch, if it had one."""
    index = int(scene.client.read(int, "Referenda", "ReferendumCount"))
    scene.client.interface.for_signing()
    proposal = scene.client.interface.compose(call.pallet, call.name, call.encoded_args()).data.to_hex()
    vote = {"Standard": {"vote": {"aye": True, "conviction": "Locked1x"}, "balance": 9_000_000 * ASY}}
    for deed in (
        Call(
            "Referenda",
            "submit",
            {
                "proposal_origin": {"system": "Root"} if origin == "Root" else {"Origins": origin},
                "proposal": {"Inline": proposal},
                "enactment_moment": {"After": 0},
            },
        ),
        Call("Referenda", "place_decision_deposit", {"index": index}),
    ):
        scene.send(AUTHOR, deed)
    scene.send_all([(who, Call("ConvictionVoting", "vote", {"poll_index": index, "vote": vote})) for who in voters])
    for _ in range(ROUGHLY_A_MINUTE):
        scene.seal()
        for event in scene.client.events(scene.client.head()):
            if str(event) == "Scheduler.Dispatched" and event.fields["id"] is not None:
                return event.fields["result"].get("Err")
    raise AssertionError("the referendum is not over")
