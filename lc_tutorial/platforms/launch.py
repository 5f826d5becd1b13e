"""Finding, starting and ending the sandbox, which is a process of its own.

One sandbox serves all kernels of one application (a JupyterLab, an nbval run): two notebooks share
it, and a restarted kernel finds it again with the learner's app in it. The running sandbox keeps a
record, readable by its user alone, in Jupyter's runtime directory; a record is believed only after
the process that it names has proved that it knows the record's nonce.
"""

import hashlib
import hmac
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from filelock import FileLock
from jupyter_core.paths import jupyter_runtime_dir
from requests.adapters import HTTPAdapter

from lc_tutorial.errors import SandboxGone
from lc_tutorial.platforms.jupyter import application_pid

#: Seconds a new sandbox may take until it answers. It takes well under one on an idle machine.
_START_LIMIT = 30.0

#: Seconds that a sandbox may take to end: it lets requests under way finish.
_STOP_LIMIT = 10.0

_NONCE_VARIABLE = "LC_TUTORIAL_SANDBOX_NONCE"


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
    """

    url: str
    email: str
    password: str = field(repr=False)
    callback_port: int
    nonce: str = field(repr=False)
    tls_fingerprint: str | None = None

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
        return f"_sandbox/health?challenge={_CHALLENGE}"


#: One a kernel: the answer to it is worth nothing elsewhere.
_CHALLENGE = secrets.token_hex(16)


def join_or_start(*, fresh: bool = False) -> SandboxRecord:
    """The sandbox of the application that runs this kernel; started, if there is none.

    Args:
        fresh: a private one instead, that ends with this kernel.

    Raises:
        SandboxGone: it could not be started; the error says what it printed.
    """
    directory = _runtime_directory()
    if fresh:
        path = directory / f"lc_tutorial-sandbox-{os.getpid()}-{secrets.token_hex(4)}.json"
        return _start(path, parent=os.getpid())
    path = directory / f"lc_tutorial-sandbox-{application_pid()}.json"
    with FileLock(path.with_suffix(".lock"), timeout=_START_LIMIT):
        record = _read(path)
        if record is not None and is_alive(record):
            return record
        return _start(path, parent=application_pid())


def is_alive(record: SandboxRecord) -> bool:
    """Whether the sandbox of this record runs, and is the one that wrote it."""
    try:
        with _direct_session(record) as session:
            answer = session.get(f"{record.url}/{record.health_path}", timeout=3)
    except requests.RequestException:
        return False
    return answer.status_code == 200 and record.proof in answer.text


def stop_all() -> int:
    """End every running sandbox of this user, and wait until it has ended.

    Returns:
        How many there were.
    """
    stopped = 0
    for path, record in _records():
        if is_alive(record):
            _stop(record)
            stopped += 1
        path.unlink(missing_ok=True)
        for beside in (".lock", ".log"):
            path.with_suffix(beside).unlink(missing_ok=True)
    return stopped


def _stop(record: SandboxRecord) -> None:
    with _direct_session(record) as session:
        session.post(
            f"{record.url}/_sandbox/stop",
            headers={"X-Sandbox-Nonce": record.nonce},
            timeout=10,
        ).raise_for_status()
    deadline = time.monotonic() + _STOP_LIMIT
    while is_alive(record) and time.monotonic() < deadline:
        time.sleep(0.02)


def record_path_for_this_process() -> Path:
    """Where a sandbox started by hand keeps its record, so that ``lc-tutorial stop`` finds it."""
    return _runtime_directory() / f"lc_tutorial-sandbox-{os.getpid()}.json"


def _start(path: Path, *, parent: int) -> SandboxRecord:
    command = [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"]
    command += ["--record", str(path), "--parent-pid", str(parent)]
    environment = {**os.environ, _NONCE_VARIABLE: secrets.token_hex(32)}
    log_path = path.with_suffix(".log")
    with open(log_path, "w+", errors="replace", opener=_for_this_user) as log:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # An interrupt or a restart of the kernel must not reach the sandbox.
            start_new_session=True,
        )
        assert process.stdout is not None  # noqa: S101
        with process.stdout:
            # One line when it is ready; the end of the stream when it failed.
            ready = process.stdout.readline()
        record = _read(path) if ready else None
        if record is None:
            process.kill()
            process.wait()
            log.seek(0)
            complaints = log.read()
    if record is None:
        log_path.unlink(missing_ok=True)
        raise SandboxGone.not_started(complaints)
    return record


def _for_this_user(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(path: Path) -> SandboxRecord | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return SandboxRecord(
            url=kept["url"],
            email=kept["email"],
            password=kept["password"],
            callback_port=kept["callback_port"],
            nonce=kept["nonce"],
            tls_fingerprint=kept.get("tls_fingerprint"),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _records() -> Iterator[tuple[Path, SandboxRecord]]:
    for path in sorted(_runtime_directory().glob("lc_tutorial-sandbox-*.json")):
        record = _read(path)
        if record is not None:
            yield path, record


def _runtime_directory() -> Path:
    directory = Path(jupyter_runtime_dir())
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def _direct_session(record: SandboxRecord) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    if record.tls_fingerprint:
        # Not its authority, which may be anybody's, but the certificate itself is known.
        session.verify = False
        session.mount("https://", _Pinned(record.tls_fingerprint))
    return session


class _Pinned(HTTPAdapter):
    """Talks to the holder of one certificate only."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, assert_fingerprint=self._fingerprint)
