"""What connecting can meet: each comes to an end, with a sandbox or with a sentence."""

import errno
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from filelock import FileLock, Timeout

from lc_tutorial.errors import SandboxGone
from lc_tutorial.platforms import launch, no_sandbox
from lc_tutorial.platforms.health import Health, ask
from lc_tutorial.platforms.record import SandboxRecord, read_record


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    directory = tmp_path / "runtime"
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(directory))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    yield directory
    if directory.is_dir():
        launch.stop_all()


def record_path(runtime: Path) -> Path:
    runtime.mkdir(exist_ok=True)
    return runtime / f"lc_tutorial-sandbox-{os.getpid()}.json"


def kept(url: str, **other: object) -> str:
    """A record as a sandbox writes it."""
    content = {"url": url, "email": "mia@example.com", "password": "not-a-real-password"}
    return json.dumps({**content, "callback_port": 8377, "nonce": "not-a-real-nonce", **other})


def ended_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def refused() -> str:
    """What is said where there is no sandbox to connect to."""
    with pytest.raises(SandboxGone) as problem:
        launch.join_or_start()
    assert problem.value.what
    assert problem.value.why
    assert problem.value.remedy
    return str(problem.value)


# --- The runtime folder -------------------------------------------------------------------------


def test_a_runtime_folder_that_is_missing_is_made(runtime: Path) -> None:
    assert launch.is_alive(launch.join_or_start())


@pytest.mark.parametrize("place", ["runtime", "runtime/below", "runtime/further/below"])
def test_a_file_in_the_place_of_the_runtime_folder(
    place: str, runtime: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runtime.write_text("")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / place))
    said = refused()
    assert f"{runtime} is a file" in said
    assert "JUPYTER_RUNTIME_DIR" in said


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("where", ["mkdir", "lock", "write"])
def test_a_runtime_folder_that_can_not_be_written(
    number: int, where: str, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    target = {
        "mkdir": (Path, "mkdir"),
        "lock": (FileLock, "acquire"),
        "write": (launch, "see_that_there_is_room"),
    }
    monkeypatch.setattr(*target[where], refuse)
    said = refused()
    assert f"{runtime}, but the system says: {os.strerror(number)}" in said
    assert "JUPYTER_RUNTIME_DIR" in said


def in_a_process(program: str, runtime: Path) -> str:
    """What a program says that connects, or why it could not."""
    program = f"""if True:
        import os, sys
        from lc_tutorial.platforms import launch
        from lc_tutorial.errors import SandboxGone
        {program}
        try:
            print(launch.join_or_start().url)
        except SandboxGone as problem:
            print(problem)
    """
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime)}
    finished = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return finished.stdout


def test_a_disk_on_which_nothing_can_be_written(runtime: Path) -> None:
    said = in_a_process(
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))", runtime
    )
    assert said.startswith("The sandbox could not be started. It keeps its record and its log in")
    assert os.strerror(errno.EFBIG) in said
    assert [path.suffix for path in runtime.iterdir()] == [".lock"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_that_room_is_missing(number: int) -> None:
    folder = Path("/run")
    problem = no_sandbox.folder_not_writable(folder, OSError(number, os.strerror(number)))
    assert f"no room left for its record, in {folder}" in problem.why
    assert "Delete what you don't need" in problem.remedy


# --- The lock -----------------------------------------------------------------------------------


@contextmanager
def locked(runtime: Path) -> Iterator[None]:
    """Another process holds the lock."""
    program = (
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    lock = record_path(runtime).with_suffix(".lock")
    with subprocess.Popen(
        [sys.executable, "-c", program, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate()


def test_a_lock_that_is_held(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_LOCK_LIMIT", 1.0)
    with locked(runtime):
        said = refused()
    assert "waited for the sandbox for 1 seconds" in said
    assert "Most likely another notebook's kernel" in said
    assert launch.is_alive(launch.join_or_start())


def test_joining_needs_no_lock(runtime: Path) -> None:
    first = launch.join_or_start()
    with locked(runtime):
        assert launch.join_or_start() == first


def test_who_waits_for_the_lock_joins_what_appears_meanwhile(runtime: Path) -> None:
    """The kernel that holds it may hang after it started the sandbox."""
    path = record_path(runtime)
    first = launch.join_or_start(fresh=True)
    (record,) = runtime.glob("*.json")
    with locked(runtime):
        appearing = threading.Timer(0.5, record.rename, [path])
        appearing.start()
        assert launch.join_or_start() == first
        appearing.join()


# --- A record that is left ----------------------------------------------------------------------

Talk = Callable[[socket.socket], None]


def dribble(connection: socket.socket) -> None:
    """Begin an answer, and never come to its end: a byte now and then."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Filler: " + b"." * 10_000:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def say_nothing(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def answer_otherwise(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def speak_another_language(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


def hang_up(connection: socket.socket) -> None:
    connection.recv(1)


STRANGERS = [dribble, say_nothing, flood, answer_otherwise, speak_another_language, hang_up]


class Stranger:
    """Another program, on the port of a sandbox that has ended."""

    def __init__(self, talk: Talk, *, lock: Path | None = None) -> None:
        self._talk = talk
        self._lock = lock
        self.asked = 0
        self.lock_was_free: list[bool] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                self.asked += 1
                self._look_at_lock()
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _look_at_lock(self) -> None:
        if self._lock:
            try:
                with FileLock(self._lock, timeout=0):
                    self.lock_was_free.append(True)
            except Timeout:
                self.lock_was_free.append(False)

    def close(self) -> None:
        # On Linux, closing alone does not wake who waits in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def stranger() -> Iterator[Callable[..., Stranger]]:
    made: list[Stranger] = []

    def make(talk: Talk, *, lock: Path | None = None) -> Stranger:
        made.append(Stranger(talk, lock=lock))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("talk", STRANGERS)
def test_a_stranger_on_the_port_is_left_and_the_lock_is_free_meanwhile(
    talk: Talk, runtime: Path, stranger: Callable[..., Stranger]
) -> None:
    path = record_path(runtime)
    other = stranger(talk, lock=path.with_suffix(".lock"))
    path.write_text(kept(other.url))
    started = launch.join_or_start()
    assert started.url != other.url
    assert other.lock_was_free == [True]


@pytest.mark.parametrize(
    ("talk", "expected"),
    list(zip(STRANGERS, [Health.SILENT] * 2 + [Health.GONE] * 4, strict=True)),
)
def test_asking_has_an_end(
    talk: Talk, expected: Health, stranger: Callable[..., Stranger], runtime: Path
) -> None:
    path = record_path(runtime)
    path.write_text(kept(stranger(talk).url))
    record = read_record(path)
    assert record is not None
    assert ask(record, seconds=0.5) is expected


def test_tls_that_dribbles_has_an_end(runtime: Path, stranger: Callable[..., Stranger]) -> None:
    path = record_path(runtime)
    url = stranger(dribble).url.replace("http:", "https:")
    path.write_text(kept(url, tls_fingerprint="0" * 64))
    record = read_record(path)
    assert record is not None
    assert ask(record, seconds=0.5) in (Health.SILENT, Health.GONE)


def test_where_the_process_is_gone_nobody_is_asked(
    runtime: Path, stranger: Callable[..., Stranger]
) -> None:
    other = stranger(dribble)
    record_path(runtime).write_text(kept(other.url, pid=ended_process()))
    assert launch.join_or_start().url != other.url
    assert other.asked == 0


def test_a_number_that_went_to_another_process_is_no_reason_to_wait(
    runtime: Path, stranger: Callable[..., Stranger]
) -> None:
    other = stranger(say_nothing)
    record_path(runtime).write_text(kept(other.url, pid=os.getpid()))
    assert launch.join_or_start().url != other.url
    assert launch.stop_all() == 1
    assert psutil.pid_exists(os.getpid())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 99_999,
        b"null",
        kept("http://127.0.0.1:9").encode()[:-9],
        *(
            kept(url).encode()
            for url in (
                "",
                "127.0.0.1:9",
                "ftp://127.0.0.1:9",
                "http://127.0.0.1:99999",
                "http://[",
            )
        ),
        kept("http://127.0.0.1:9", email=None).encode(),
        kept("http://127.0.0.1:9", nonce=5).encode(),
        kept("http://127.0.0.1:9", callback_port="8377").encode(),
        kept("http://127.0.0.1:9", tls_fingerprint=[]).encode(),
        *(kept("http://127.0.0.1:9", pid=pid).encode() for pid in ("7", -1, 0, 2**70)),
    ],
    ids=lambda content: repr(content[-30:]),
)
def test_a_record_that_can_not_be_used_is_replaced(content: bytes, runtime: Path) -> None:
    path = record_path(runtime)
    path.write_bytes(content)
    assert read_record(path) is None
    # That such a one is replaced is tested once, in test_launch.py.


@pytest.mark.parametrize("host", ["a" * 70, "[::1]"])
def test_a_host_that_is_none_is_not_waited_for(host: str, runtime: Path) -> None:
    path = record_path(runtime)
    path.write_text(kept(f"http://{host}:9"))
    record = read_record(path)
    assert record is not None
    assert ask(record) is Health.GONE


def test_a_record_of_another_user_is_not_believed(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = launch.join_or_start()
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    assert read_record(record_path(runtime)) is None
    monkeypatch.setattr(os, "getuid", lambda: me)
    assert read_record(record_path(runtime)) == first


def test_a_folder_in_the_place_of_the_record_is_said(runtime: Path) -> None:
    record_path(runtime).mkdir()
    assert "The sandbox cannot write its record to" in refused()
    assert not list(runtime.glob("*.log"))


# --- A sandbox that is there, and slow ----------------------------------------------------------


@contextmanager
def stopped_for_a_while(record: SandboxRecord) -> Iterator[psutil.Process]:
    """As on a machine that has no time for it."""
    process = record.process()
    assert process is not None
    process.suspend()
    yield process
    process.resume()


def test_one_that_answers_late_is_joined(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = launch.join_or_start()
    with stopped_for_a_while(first) as process:
        # Later than the first time of asking allows.
        waking = threading.Timer(4, process.resume)
        waking.start()
        assert launch.join_or_start() == first
        waking.join()


def test_one_that_does_not_answer_is_said_and_not_replaced(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_PATIENCE", 0.5)
    first = launch.join_or_start()
    with stopped_for_a_while(first):
        said = refused()
    assert str(first.pid) in said
    assert "lc-tutorial stop" in said
    assert launch.join_or_start() == first


def test_stop_ends_one_that_does_not_answer(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_STOP_LIMIT", 0.5)
    first = launch.join_or_start()
    process = first.process()
    assert process is not None
    process.suspend()
    assert launch.stop_all() == 1
    # Its parent, which is this process, has yet to take notice.
    assert process.wait(10) is None or first.has_ended
    assert not list(runtime.glob("*.json"))


# --- A sandbox that can't start -----------------------------------------------------------------


@pytest.mark.parametrize("executable", ["/nowhere/bin/python", "", None])
def test_python_that_is_not_there(
    executable: str | None, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    said = refused()
    if executable:
        assert f"can't be run from {executable}. The system says: No such file" in said
    else:
        assert "doesn't say which Python program runs it" in said


def python_that(runtime: Path, does: str) -> str:
    """A program in the place of Python that does something before, in the words of a shell."""
    runtime.mkdir(exist_ok=True)
    program = runtime / "python"
    program.write_text(f'#!/bin/sh\n{does}\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    return str(program)


def test_one_that_is_not_ready_in_time_is_ended(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_START_LIMIT", 0.5)
    program = python_that(runtime, f'echo $$ > "{runtime}/pid"; echo slowly >&2; exec sleep 600')
    monkeypatch.setattr(sys, "executable", program)
    said = refused()
    assert "The sandbox was not ready" in said
    assert "It said: slowly" in said
    assert not psutil.pid_exists(int((runtime / "pid").read_text()))
    assert not list(runtime.glob("*.log"))


def test_one_that_starts_slowly_and_says_something_first(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = python_that(runtime, "echo Welcome to this computer; sleep 1")
    monkeypatch.setattr(sys, "executable", program)
    assert launch.is_alive(launch.join_or_start())


def test_interrupting_the_start_leaves_no_process(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = python_that(runtime, f'echo $$ > "{runtime}/pid"; exec sleep 600')
    monkeypatch.setattr(sys, "executable", program)

    def interrupt(_: object) -> None:
        while not (runtime / "pid").exists():
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "_wait_until_ready", interrupt)
    with pytest.raises(KeyboardInterrupt):
        launch.join_or_start()
    assert not psutil.pid_exists(int((runtime / "pid").read_text()))


def test_the_clock_may_be_set_meanwhile(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    hours = iter(range(1_000_000))
    monkeypatch.setattr(time, "time", lambda: now - 3600 * next(hours))
    first = launch.join_or_start()
    assert launch.join_or_start() == first


# --- Leftovers ----------------------------------------------------------------------------------


def test_stop_clears_away_what_ended_applications_left(runtime: Path) -> None:
    mine = record_path(runtime).with_suffix(".lock")
    left = [
        runtime / f"lc_tutorial-sandbox-{ended_process()}{rest}"
        for rest in (".lock", ".log", ".json", "-0a1b2c3d.log")
    ]
    others = [mine, runtime / "kernel-1.json", runtime / "lc_tutorial-sandbox-x.json"]
    for path in [*left, *others]:
        path.write_text("{")
    assert launch.stop_all() == 0
    assert sorted(runtime.iterdir()) == sorted(others)


def test_stop_makes_no_folder(runtime: Path) -> None:
    assert launch.stop_all() == 0
    assert not runtime.exists()
