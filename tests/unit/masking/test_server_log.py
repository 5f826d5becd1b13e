"""What comes into the log of the Jupyter server: masked, whole, by descriptors that stay."""

import io
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import KINDS

from lc_tutorial import masking
from lc_tutorial.masking import DOTS
from lc_tutorial.masking.server_log import mask_server_log

TOKEN = KINDS["refresh token"]


class Stream:
    """As ipykernel's OutStream: it watches, and says to which descriptor it echoes."""

    watch_fd_thread = threading.Thread()

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


class Closed(Stream):
    """One that doesn't say it."""

    def fileno(self) -> int:
        raise io.UnsupportedOperation


@pytest.fixture
def log() -> Iterator[tuple[int, int]]:
    """The two ends of what the server reads."""
    masking.forget_all()
    masking.remember(TOKEN)
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


def test_the_descriptor_is_open_at_every_moment(log: tuple[int, int]) -> None:
    reading, writing = log
    failed: list[OSError] = []
    is_over = threading.Event()

    def write() -> None:
        try:
            while not is_over.is_set():
                os.write(writing, f"a {TOKEN}\n".encode())
        except OSError as problem:
            failed.append(problem)

    read: list[bytes] = []

    def keep() -> None:
        while piece := os.read(reading, 1 << 16):
            read.append(piece)
            if b"-- end --" in piece:
                return

    reader, writer = threading.Thread(target=keep), threading.Thread(target=write)
    restore = mask_server_log([Stream(writing)], None)
    reader.start()
    writer.start()
    # Under others' hands it is masked and unmasked; only what is written unmasked may be so.
    restore()
    is_over.set()
    writer.join()
    os.write(writing, b"-- end --")
    reader.join()
    assert failed == []
    whole = b"".join(read)
    assert whole.startswith((f"a {DOTS}\n".encode(), f"a {TOKEN}\n".encode()))
    assert whole.endswith(b"\n-- end --")


def test_what_was_written_last_comes_too_though_another_process_holds_the_pipe(
    log: tuple[int, int],
) -> None:
    reading, writing = log
    restore = mask_server_log([Stream(writing)], None)
    held = os.dup(writing)
    os.write(writing, f"no end of a line {TOKEN}".encode())
    restore()
    os.close(held)
    os.write(writing, f", then {TOKEN}".encode())
    assert os.read(reading, 1 << 16).decode() in (
        f"no end of a line {DOTS}",
        f"no end of a line {DOTS}, then {TOKEN}",
    )


@pytest.mark.parametrize("at", [2, 12, len(TOKEN) - 2])
def test_a_line_that_comes_late_and_in_pieces_is_masked(log: tuple[int, int], at: int) -> None:
    reading, writing = log
    restore = mask_server_log([Stream(writing)], None)
    os.write(writing, f"It is {TOKEN[:at]}".encode())
    # The rest was not waited for any longer.
    shown = os.read(reading, 1 << 16)
    os.write(writing, f"{TOKEN[at:]} now\n".encode())
    while not shown.endswith(b"\n"):
        shown += os.read(reading, 1 << 16)
    restore()
    text = shown.decode()
    assert [TOKEN[n : n + 6] for n in range(len(TOKEN) - 5) if TOKEN[n : n + 6] in text] == []
    assert text.startswith("It is ")
    assert text.endswith(" now\n")


# Linux has them there, too.
_DESCRIPTORS = "/dev/fd"


def test_no_descriptor_is_left_over(log: tuple[int, int]) -> None:
    _, writing = log
    before = set(os.listdir(_DESCRIPTORS))
    for _ in range(5):
        mask_server_log([Stream(writing)], None)()
    assert set(os.listdir(_DESCRIPTORS)) == before


def test_a_number_that_is_another_files_by_now_is_left_alone(
    log: tuple[int, int], tmp_path: Path
) -> None:
    _, writing = log
    restore = mask_server_log([Stream(writing)], None)
    # As a stream does it that is closed before: its number is free, and taken again.
    with (tmp_path / "other").open("wb", buffering=0) as other:
        os.dup2(other.fileno(), writing)
        restore()
        os.write(writing, b"for the other")
    assert (tmp_path / "other").read_bytes() == b"for the other"


def test_one_of_two_streams_is_masked_though_the_other_cannot_be(log: tuple[int, int]) -> None:
    reading, writing = log
    restore = mask_server_log([Closed(0), Stream(writing)], None)
    os.write(writing, f"a {TOKEN}\n".encode())
    restore()
    assert os.read(reading, 1 << 16).decode() == f"a {DOTS}\n"


def test_a_log_that_cannot_be_masked_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    kernel = logging.getLogger("kernel")
    mask_server_log([Closed(0), Closed(0)], kernel)()
    assert [record.message for record in caplog.records] == [
        "lc_tutorial: what other programs print is not masked in this log, since this kernel does "
        "not say where it writes it. In the notebook it is masked."
    ]


def test_a_stream_that_watches_nothing_writes_to_no_log(caplog: pytest.LogCaptureFixture) -> None:
    mask_server_log([io.StringIO()], logging.getLogger("kernel"))()
    assert caplog.records == []
