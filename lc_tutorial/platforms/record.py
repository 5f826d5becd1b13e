"""The record of a running sandbox: how to reach it, and how it proves that it wrote the record.

It lies in Jupyter's runtime directory, readable by its user alone. What is found there may be
anything: left behind by a sandbox that was killed, cut off, or somebody else's.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_runtime_dir

from lc_tutorial.system import is_gone, is_ours

if TYPE_CHECKING:
    import psutil


@dataclass(frozen=True)
class SandboxRecord:
    """What is known of a running sandbox.

    Attributes:
        url: its address on this machine, without a slash at the end.
        email: of the author of the ready-made app. Fake.
        password: of the same. Fake, yet kept out of sight like every password.
        callback_port: the port that the sandbox's Console suggests for the redirect URI.
        nonce: opens the sandbox's control plane.
        tls_fingerprint: SHA-256 of the certificate with which it answers https; None for http.
        pid: of its process; None where the record doesn't say.
    """

    url: str
    email: str
    password: str = field(repr=False)
    callback_port: int
    nonce: str = field(repr=False)
    tls_fingerprint: str | None = None
    pid: int | None = None

    @property
    def host(self) -> str:
        """The host it listens on."""
        return urlsplit(self.url).hostname or "127.0.0.1"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.url).port or 80

    @property
    def proof(self) -> str:
        """What a sandbox with this record's nonce answers to :attr:`health_path`."""
        return hmac.new(self.nonce.encode(), _CHALLENGE.encode(), hashlib.sha256).hexdigest()

    @property
    def health_path(self) -> str:
        """The question only this sandbox can answer, without a slash in front."""
        return f"{self.below}_sandbox/health?challenge={_CHALLENGE}"

    @property
    def below(self) -> str:
        """The path below which it is, without a slash in front; empty where it has none."""
        path = urlsplit(self.url).path.strip("/")
        return f"{path}/" if path else ""

    @property
    def has_no_process(self) -> bool:
        """Whether no process has its number. Asked each time that a kernel connects.

        One that has ended may still count, see :attr:`has_ended`.
        """
        return self.pid is not None and is_gone(self.pid)

    @property
    def has_ended(self) -> bool:
        """Whether its process is known to be gone. A number may have gone to another one since."""
        import psutil

        if self.pid is None:
            return False
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False

    def process(self) -> "psutil.Process | None":
        """Its process, where that is known to be a sandbox.

        Not by when it began: that is counted from the system's clock, which may have been set.
        """
        import psutil

        if self.pid is None or self.has_ended:
            return None
        try:
            process = psutil.Process(self.pid)
            command = process.cmdline()
        except psutil.Error:
            return None
        is_sandbox = "sandbox" in command and any("lc_tutorial" in part for part in command)
        return process if is_sandbox or "lc-tutorial" in " ".join(command) else None


#: One a kernel: the answer to it is worth nothing elsewhere.
_CHALLENGE = secrets.token_hex(16)


def runtime_path() -> Path:
    """Where records are: Jupyter's runtime directory, which may not be there yet."""
    return Path(jupyter_runtime_dir())


def read_record(path: Path) -> SandboxRecord | None:
    """The record in a file; None where there is none that can be used, whatever is there."""
    try:
        if not is_ours(path):
            # Somebody else's sandbox would see what this learner enters.
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        record = SandboxRecord(
            url=_is(str, kept["url"]),
            email=_is(str, kept["email"]),
            password=_is(str, kept["password"]),
            callback_port=_is(int, kept["callback_port"]),
            nonce=_is(str, kept["nonce"]),
            tls_fingerprint=_is(str | None, kept.get("tls_fingerprint")),
            pid=_is(int | None, kept.get("pid")),
        )
        # An address's port is looked at where it is asked for.
        is_usable = urlsplit(record.url).scheme in ("http", "https") and record.port > 0
        is_usable &= record.pid is None or 0 < record.pid < 2**31
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return record if is_usable else None


def records() -> Iterator[tuple[Path, SandboxRecord]]:
    """All records that can be used, with their files."""
    for path in sorted(runtime_path().glob("lc_tutorial-sandbox-*.json")):
        record = read_record(path)
        if record is not None:
            yield path, record


def _is(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError
    return value
