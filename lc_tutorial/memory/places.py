"""Where the services of a platform begin: at an origin, or below a path of it.

A sandbox that a class shares has a world for each learner, below a path of its own. To who looks at
an address, what comes before the services' own paths is part of whose they are, as the host is.
"""

import threading
from urllib.parse import SplitResult, urlsplit

_lock = threading.Lock()
_paths: dict[str, set[str]] = {}
"""By host and port: the paths below which services of their own are."""


def note_place(url: str) -> None:
    """A sandbox is there: at an origin, or at one with a path such as ``/services/sandbox/l/…``."""
    parts = _split(url)
    if parts is not None and parts.path.strip("/"):
        with _lock:
            _paths.setdefault(_host(parts), set()).add(parts.path.rstrip("/"))


def place_of(url: str) -> str:
    """Where the services are that this address belongs to: an origin, or one with a path."""
    parts = _split(url)
    if parts is None:
        return ""
    return f"{parts.scheme}://{parts.netloc}{_before(parts)}"


def path_of(url: str) -> str:
    """The path of an address as its service knows it, to the letter; empty where it has none."""
    parts = _split(url)
    return parts.path.removeprefix(_before(parts)) if parts is not None else ""


def key_of(url: str) -> str:
    """What all addresses of the same services have in common.

    Both names of this machine are one.
    """
    parts = _split(url)
    return f"{_host(parts)}{_before(parts)}" if parts is not None else ""


def _before(parts: SplitResult) -> str:
    with _lock:
        known = _paths.get(_host(parts), ())
        return next((path for path in known if f"{parts.path}/".startswith(f"{path}/")), "")


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"{'127.0.0.1' if host in ('localhost', '::1') else host}:{parts.port}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
