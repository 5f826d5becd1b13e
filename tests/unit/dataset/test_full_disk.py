"""A disk that is full: one friendly error, the tables as before, and afterwards it goes on."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from comparing import assert_same
from kept_pages import PAGES, customer
from mortal import Mortal, mortal
from wholeness import assert_whole

import lc_tutorial as lc
from lc_tutorial.dataset import open_tables

GIVEN = {"of": "threads", "customer": customer(1)["id"]}

# A disk of its own, which is full before its tables are; and afterwards has room again.
_ON_A_SMALL_DISK = """
import json, os, resource, signal, sys
from pathlib import Path
from lc_tutorial.errors import TutorialError
from mortal import _TASKS

disk, given, said = Path(sys.argv[1]), json.loads(sys.argv[2]), []
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
filler = disk / "filler"

def tell(task):
    try:
        said.append({"done": _TASKS[task](given)})
    except TutorialError as problem:
        said.append({"what": problem.what, "why": problem.why, "remedy": problem.remedy})

def leave(kilobytes):
    if given["is_full_by"] == "limit":
        limit = -1 if kilobytes is None else kilobytes * 1024 + 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, -1))
        return
    filler.unlink(missing_ok=True)
    if kilobytes is None:
        return
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(bytes(max(0, free - kilobytes * 1024)))

given["pages"] = [0, 1]
tell("keep")
given["pages"] = [0, None]
before = {str(path): path.read_bytes() for path in disk.rglob("*.parquet")}
for kilobytes in given["left"]:
    leave(kilobytes)
    tell("keep")
    tell("forget")
    after = {str(path): path.read_bytes() for path in disk.rglob("*.parquet")}
    staged = [path.name for path in disk.glob("kept/_staging/*")]
    said.append({"as_before": before == after, "staged": staged})
leave(None)
tell("keep")
tell("forget")
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def process() -> Iterator[Mortal]:
    with mortal() as process:
        yield process


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.mark.parametrize("task", ["keep", "forget"])
def test_who_may_write_no_more_is_told_and_goes_on_afterwards(
    process: Mortal, kept: Path, task: str
) -> None:
    process.does("keep", kept, pages=[0, 1], **GIVEN)
    before = {path: path.read_bytes() for path in kept.rglob("*.parquet")}
    for byte in (1, 500, 4096, 9000, 12_000):
        told = process.does(task, kept, no_byte_after=byte, **GIVEN)
        assert told["what"] == "The tables in kept can't be written: there is no room.", byte
        assert "Make room on the disk and run the cell again" in told["remedy"]
        assert {path: path.read_bytes() for path in kept.rglob("*.parquet")} == before
        assert not (kept / "_staging").exists()
        assert process.does("open", kept)["ended"] == 0
    assert "done" in process.does(task, kept, **GIVEN)
    assert "done" in process.does("keep", kept, **GIVEN)
    assert_same(open_tables(kept), lc.tables(PAGES["threads"]()))
    assert_whole(kept)


def test_who_may_not_even_begin_is_told(process: Mortal, kept: Path) -> None:
    told = process.does("keep", kept, no_byte_after=1, **GIVEN)
    assert "there is no room" in told["what"]
    assert "done" in process.does("keep", kept, **GIVEN)
    assert_same(open_tables(kept), lc.tables(PAGES["threads"]()))
    assert_whole(kept)


_MOUNTED = 'mount -t tmpfs -o size=4m tmpfs "$1" && shift && exec "$@"'


def on_a_small_disk(disk: Path) -> list[str]:
    """What runs a program with a disk of four megabytes there; empty where nobody may mount one."""
    if shutil.which("unshare") is None:
        return []
    within = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        _MOUNTED,
        "sh",
        str(disk),
    ]
    done = subprocess.run([*within, "true"], capture_output=True)
    return within if done.returncode == 0 else []


def test_a_disk_that_is_full_for_real(tmp_path: Path) -> None:
    """In a namespace of its own, where the system lets us; else files may not grow."""
    disk = tmp_path / "disk"
    disk.mkdir()
    within = on_a_small_disk(disk)
    given = {
        "folder": str(disk / "kept"),
        "left": [0, 20, 60] if within else [0, 2, 5],
        "is_full_by": "disk" if within else "limit",
        **GIVEN,
    }
    done = subprocess.run(
        [*within, sys.executable, "-c", _ON_A_SMALL_DISK, str(disk), json.dumps(given)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    first, *tries = json.loads(done.stdout.splitlines()[-1])
    *tries, kept, forgotten = tries
    assert "done" in first
    reasons = [os.strerror(errno.ENOSPC if within else errno.EFBIG), "is full", "disk I/O error"]
    for keep, forget, state in zip(tries[::3], tries[1::3], tries[2::3], strict=True):
        for told in (keep, forget):
            assert told["what"] == "The tables in kept can't be written: there is no room."
            assert any(reason in told["why"] for reason in reasons), told["why"]
        assert state == {"as_before": True, "staged": []}
    assert kept["done"]["threads"] == 16
    assert forgotten["done"] == 2
