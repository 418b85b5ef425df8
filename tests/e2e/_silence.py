"""Listens to every error that arises, and looks for secrets in all that it says."""

from __future__ import annotations

import base64
import itertools
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from offchain.crypto import SecretBytes
from offchain.errors import AssayError

__all__ = ["Silence", "forms", "told"]


def told(error: BaseException) -> str:
    """All that an error shows anywhere: as text, as JSON, in a log with its causes, and in its attributes."""
    shown = [str(error), repr(error), repr(error.args), repr(vars(error))]
    if isinstance(error, AssayError):
        shown.append(repr(error.as_json()))
    shown += traceback.format_exception(error)
    return "\n".join(shown)


class Silence:
    """Every :class:`AssayError` made while it listens.

    Args:
        secrets: what none of them may tell.
    """

    def __init__(self, secrets: Iterable[SecretBytes] = ()) -> None:
        self.errors: list[AssayError] = []
        self._secrets: list[Iterable[SecretBytes]] = [tuple(secrets)]

    def keep(self, secrets: Iterable[SecretBytes]) -> None:
        """More secrets; a list may still grow."""
        self._secrets.append(secrets)

    def listening(self, make: Callable[..., None]) -> Callable[..., None]:
        """``AssayError.__init__`` that remembers whom it made."""

        def remember(error: AssayError, *args: Any, **options: Any) -> None:
            make(error, *args, **options)
            self.errors.append(error)

        return remember

    def check(self) -> None:
        """None of the errors tells one of the secrets, in any of the forms in which bytes are shown."""
        everything = "\n".join(map(told, self.errors))
        for secret in itertools.chain.from_iterable(self._secrets):
            assert not [form for form in forms(secret) if form in everything], "an error tells a secret"


def forms(secret: SecretBytes) -> tuple[str, ...]:
    """Hexadecimal, Python's and base 64; none of a secret that was wiped."""
    plain = secret.reveal() if len(secret) else b""
    return (plain.hex(), plain.hex().upper(), repr(plain)[2:-1], base64.b64encode(plain).decode()) if plain else ()
