"""Calls of the proxy pallet."""

from enum import Enum

from offchain.chain.calls._call import Call

__all__ = ["ProxyType", "add_proxy", "proxy", "remove_proxy"]


class ProxyType(Enum):
    """What a proxy may do. ``VALIDATING`` is the hot key of a validator or a steward's key agent."""

    ANY = "Any"
    NON_TRANSFER = "NonTransfer"
    GOVERNANCE = "Governance"
    VALIDATING = "Validating"
    CANCEL_PROXY = "CancelProxy"


def proxy(real: str, call: Call, kind: ProxyType | None = ProxyType.VALIDATING) -> Call:
    """Makes a call in the name of ``real``; with no kind, as whatever proxy the signer is."""
    return Call("Proxy", "proxy", {"real": real, "force_proxy_type": kind, "call": call})


def add_proxy(delegate: str, kind: ProxyType = ProxyType.VALIDATING, delay: int = 0) -> Call:
    """Lets ``delegate`` act for the signer, ``delay`` blocks after announcing it."""
    return Call("Proxy", "add_proxy", {"delegate": delegate, "proxy_type": kind, "delay": delay})


def remove_proxy(delegate: str, kind: ProxyType = ProxyType.VALIDATING, delay: int = 0) -> Call:
    """Takes that back."""
    return Call("Proxy", "remove_proxy", {"delegate": delegate, "proxy_type": kind, "delay": delay})
