"""Finding, starting and ending the sandbox, which is a process of its own.

One sandbox serves all kernels of one application (a JupyterLab, an nbval run): two notebooks share
it, and a restarted kernel finds it again with the learner's app in it. It is found by its record;
a record is believed only after the process that it names has proved that it knows the record's
nonce. Everything here comes to an end, whatever it meets.
"""

import contextlib
import os
import queue
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import requests
from filelock import FileLock, Timeout
from requests.adapters import HTTPAdapter

from lc_tutorial.errors import SandboxGone
from lc_tutorial.files import see_that_there_is_room
from lc_tutorial.platforms import no_sandbox
from lc_tutorial.platforms.callback_port import callback_port
from lc_tutorial.platforms.health import Health, ask
from lc_tutorial.platforms.jupyter import application_pid
from lc_tutorial.platforms.record import SandboxRecord, read_record, records, runtime_path
from lc_tutorial.system import apart, create, is_gone, remove

#: Seconds a new sandbox may take until it answers. It takes well under one on an idle machine.
_START_LIMIT = 60.0

#: Seconds to wait for another kernel that is starting it.
_LOCK_LIMIT = _START_LIMIT + 5

#: Seconds to wait for the answer of a sandbox whose process runs: a busy machine is slow, and a new
#: sandbox would be one without the learner's app.
_PATIENCE = 30.0

#: Seconds that a sandbox may take to end: it lets requests under way finish.
_STOP_LIMIT = 10.0

_NONCE_VARIABLE = "LC_TUTORIAL_SANDBOX_NONCE"


def join_or_start(
    *, fresh: bool = False, meanwhile: Callable[[], None] = lambda: None
) -> SandboxRecord:
    """The sandbox of the application that runs this kernel; started, if there is none.

    Args:
        fresh: a private one instead, that ends with this kernel.
        meanwhile: called where one is started: what it does costs no time, until the new sandbox
            answers.

    Raises:
        SandboxGone: there is none and it could not be started; the error says why.
    """
    directory = _directory()
    if fresh:
        path = directory / f"lc_tutorial-sandbox-{os.getpid()}-{secrets.token_hex(4)}.json"
        return _start(path, os.getpid(), meanwhile)
    path = directory / f"lc_tutorial-sandbox-{application_pid()}.json"
    lock = FileLock(path.with_suffix(".lock"))
    deadline = time.monotonic() + _LOCK_LIMIT
    dead: SandboxRecord | None = None
    while True:
        # Without the lock: nobody has to wait while a stranger on an old port takes its time.
        record = read_record(path)
        if record is not None and record != dead:
            if _lives(record):
                return record
            dead = record
        if _acquired(lock, path):
            try:
                # What another kernel has started just before is asked without the lock too.
                if read_record(path) in (None, dead):
                    return _start(path, application_pid(), meanwhile)
            finally:
                lock.release()
        elif time.monotonic() > deadline:
            raise no_sandbox.lock_held(Path(lock.lock_file), _LOCK_LIMIT)


def is_alive(record: SandboxRecord) -> bool:
    """Whether the sandbox of this record runs, and is the one that wrote it."""
    return not record.has_ended and ask(record) is Health.LIVES


def stop_all() -> int:
    """End every running sandbox of this user, and wait until it has ended.

    Returns:
        How many there were.
    """
    stopped = 0
    for path, record in records():
        health = Health.GONE if record.has_ended else ask(record)
        if health is Health.LIVES or (health is Health.SILENT and record.process()):
            _stop(record)
            stopped += 1
        _remove(path, path.with_suffix(".log"))
    _remove_leftovers()
    return stopped


def record_path_for_this_process() -> Path:
    """Where a sandbox started by hand keeps its record, so that ``lc-tutorial stop`` finds it.

    Raises:
        SandboxGone: the folder for it can't be made.
    """
    return _directory() / f"lc_tutorial-sandbox-{os.getpid()}.json"


def _directory() -> Path:
    directory = runtime_path()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise no_sandbox.folder_not_writable(directory, problem) from None
    return directory


def _lives(record: SandboxRecord) -> bool:
    """Whether a sandbox is there to join.

    Raises:
        SandboxGone: it is there, and doesn't answer.
    """
    if record.has_no_process:
        return False
    health = ask(record)
    if health is Health.SILENT and record.process():
        health = ask(record, seconds=_PATIENCE)
        if health is Health.SILENT:
            raise no_sandbox.not_answering(record.pid, _PATIENCE)
    return health is Health.LIVES


def _acquired(lock: FileLock, path: Path) -> bool:
    """Take the lock, if it is free soon."""
    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        return False
    except OSError as problem:
        raise no_sandbox.folder_not_writable(path.parent, problem) from None
    return True


# --- Starting -----------------------------------------------------------------------------------


def _start(path: Path, parent: int, meanwhile: Callable[[], None]) -> SandboxRecord:
    log_path = path.with_suffix(".log")
    try:
        # So that a full disk is named here: the sandbox could not even log it.
        see_that_there_is_room(path.parent)
        log = create(log_path, 0o600, anew=True)
    except OSError as problem:
        raise no_sandbox.folder_not_writable(path.parent, problem) from None
    with log:
        process = _run(path, parent, log)
        try:
            meanwhile()
            is_ready = _wait_until_ready(process)
            record = read_record(path) if is_ready else None
        except BaseException:
            _end(process)
            raise
        if record is not None:
            return record
        _end(process)
    printed = log_path.read_text(encoding="utf-8", errors="replace")
    _remove(log_path)
    if is_ready is None:
        raise no_sandbox.too_slow(_START_LIMIT, printed)
    raise SandboxGone.not_started(printed)


def _run(path: Path, parent: int, log: IO[bytes]) -> subprocess.Popen[str]:
    if not sys.executable:
        raise no_sandbox.no_program()
    command = [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"]
    command += ["--record", str(path), "--parent-pid", str(parent)]
    command += ["--callback-port", str(callback_port())]
    try:
        return subprocess.Popen(  # noqa: S603
            command,
            env={
                **os.environ,
                _NONCE_VARIABLE: secrets.token_hex(32),
                # Whatever this machine's own is: we read what it prints.
                "PYTHONIOENCODING": "utf-8:backslashreplace",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            errors="replace",
            # An interrupt or a restart of the kernel must not reach the sandbox.
            **apart(),
        )
    except OSError as problem:
        raise no_sandbox.no_program(problem) from None


def _wait_until_ready(process: subprocess.Popen[str]) -> bool | None:
    """Wait for its line of JSON: False where it ended without one, None where none came in time."""
    told: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def listen() -> None:
        assert process.stdout is not None  # noqa: S101
        with process.stdout as printed:
            # A site's own Python may print something of its own before.
            told.put(any(line.startswith("{") for line in printed))

    threading.Thread(target=listen, name="lc-sandbox-start", daemon=True).start()
    try:
        return told.get(timeout=_START_LIMIT)
    except queue.Empty:
        return None


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


# --- Ending -------------------------------------------------------------------------------------


def _stop(record: SandboxRecord) -> None:
    """Ask it to end; where it doesn't, end its process."""
    with contextlib.suppress(requests.RequestException), _direct_session(record) as session:
        session.post(
            f"{record.url}/_sandbox/stop",
            headers={"X-Sandbox-Nonce": record.nonce},
            timeout=3,
        ).raise_for_status()
    deadline = time.monotonic() + _STOP_LIMIT
    while time.monotonic() < deadline:
        if record.has_ended or ask(record) is Health.GONE:
            return
        time.sleep(0.02)
    process = record.process()
    if process is not None:
        process.kill()


def _remove_leftovers() -> None:
    """Remove what belongs to applications that have ended. A lock that may be in use stays."""
    for path in runtime_path().glob("lc_tutorial-sandbox-*.*"):
        application = re.match(r"lc_tutorial-sandbox-(\d{1,9})\b", path.name)
        if application and is_gone(int(application[1])):
            _remove(path)


def _remove(*paths: Path) -> None:
    """Remove files; one that can't be removed does no harm, since nobody believes it."""
    for path in paths:
        with contextlib.suppress(OSError):
            remove(path)


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
