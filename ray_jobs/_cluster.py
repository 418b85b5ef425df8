"""Getting a Ray: the one that is named, or one of our own on the loopback interface."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import tempfile
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from ._errors import RayUnavailable
from ._guard import forbid_dumps_of_children

__all__ = ["connect", "disconnect"]

_LOCAL_SETTINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Ray binds to every interface; told that it cannot form clusters here, it binds to the loopback one alone.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}
_ANSWER_S = 10.0
_STORE_BYTES = 256 * 2**20


def connect(address: str | None = None, *, cpus: int | None = None) -> str:
    """Connects this process to Ray, once; later calls change nothing.

    Args:
        address: ``host:port`` or ``ray://host:port``; else ``RAY_ADDRESS``; else a Ray of our own is started, which
            other processes of this user may join by the address that is returned.
        cpus: CPUs of a Ray of our own; all when None.

    Returns:
        The address that other processes may connect to.

    Raises:
        RayUnavailable: nothing answers there, or nothing starts here.
    """
    address = address or os.environ.get("RAY_ADDRESS")
    _prepare_settings(local=not address)
    import ray

    if not ray.is_initialized():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                _join(address) if address else _start(cpus)
            except Exception as error:
                raise RayUnavailable(
                    f"Ray {'does not answer' if address else 'does not start'} ({type(error).__name__})",
                    subject=address,
                    hint="see `assay doctor`",
                ) from error
    return str(ray.get_runtime_context().gcs_address)


def disconnect() -> None:
    """Leaves Ray; stops it where this process started it."""
    import ray

    ray.shutdown()


def _join(address: str) -> None:
    import ray

    parts = urlsplit(address if "://" in address else f"//{address}")
    if parts.port is not None:  # Ray itself tries for minutes
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port), timeout=_ANSWER_S).close()
    ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)


def _start(cpus: int | None) -> None:
    import ray

    forbid_dumps_of_children()
    folder = Path(tempfile.gettempdir()) / f"assay-ray-{os.getuid()}"  # short: sockets lie in it
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(folder)
    ray.init(
        num_cpus=cpus,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        object_store_memory=_STORE_BYTES,
        _temp_dir=str(folder),
        _system_config={"automatic_object_spilling_enabled": False},
    )


def _prepare_settings(*, local: bool) -> None:
    """Settings that Ray reads from the environment when it is imported or started."""
    if local:
        for name, value in _LOCAL_SETTINGS.items():
            os.environ.setdefault(name, value)
    if "RAY_AUTH_TOKEN" not in os.environ and "RAY_AUTH_TOKEN_PATH" not in os.environ:
        default = Path.home() / ".ray" / "auth_token"
        os.environ["RAY_AUTH_TOKEN_PATH"] = str(_token_file() if local or not default.is_file() else default)


def _token_file() -> Path:
    """The token that processes of this user share; nobody else may read it."""
    path = Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay") / "ray_token"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.is_file():
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)  # whoever comes first wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path
