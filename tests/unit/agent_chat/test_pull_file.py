"""The file of a pull: only one of ours is touched, and what is wrong with one is said."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.agent_chat.pull_file import PullFile, Subject
from lc_tutorial.errors import InputError, TutorialError
from tests.unit.api_server import TOKEN, Server

SUBJECT = Subject("list_chats", "3.6", "a-sandbox", "an-account", "{}")


def page(number: int, pages: int = 3) -> bytes:
    chats = [{"id": f"C{number}", "last_thread_summary": {"id": f"T{number}"}}]
    more = {"next_page_id": f"page {number + 1}"} if number < pages - 1 else {}
    return json.dumps({"chats_summary": chats, "found_chats": pages, **more}).encode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "chats.pull"


def begun(place: Path, pages: int, *, of: int = 3) -> Path:
    with PullFile.open(place, SUBJECT) as file:
        for number in range(pages):
            file.keep(number, page(number, of), is_last=number == of - 1)
    return place


def state(place: Path) -> tuple[bytes, int, int]:
    """What may not change: content, mode, and when it was written."""
    found = place.stat()
    return place.read_bytes(), found.st_mode, found.st_mtime_ns


# --- Only one of ours is touched ----------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o666, 0o444])
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is empty."),
        (b"years of work", "Something else is in it."),
        (b"SQLite format 3\0", "Something else is in it."),
        (b"x" * 5000, "Something else is in it."),
    ],
)
def test_what_is_no_pull_is_left_as_it_is(place: Path, content: bytes, why: str, mode: int) -> None:
    place.write_bytes(content)
    place.chmod(mode)
    before = state(place)
    with pytest.raises(InputError, match=r"chats\.pull is not the file of a pull") as caught:
        PullFile.open(place, SUBJECT)
    assert caught.value.why == f"{why} It was left as it is."
    assert state(place) == before
    assert [*place.parent.iterdir()] == [place]


def pipe(place: Path) -> Path:
    os.mkfifo(place)
    return place


def link_to(target: Path) -> Callable[[Path], Path]:
    def make(place: Path) -> Path:
        place.symlink_to(target)
        return place

    return make


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda place: place.parent, "That is a folder."),
        (lambda place: place.parent / "no" / "chats.pull", "The folder isn't there."),
        (lambda place: Path(os.devnull), "That is no file, but a device or a pipe."),
        (lambda place: Path("/dev/zero"), "That is no file, but a device or a pipe."),
        (pipe, "That is no file, but a device or a pipe."),
        (link_to(Path(os.devnull)), "That is no file, but a device or a pipe."),
        (link_to(Path("/")), "That is a folder."),
        (link_to(Path("/nowhere/at/all")), "It is a link that leads nowhere."),
        (lambda place: place.parent / ("x" * 300), "File name too long."),
        (lambda place: Path(__file__) / "chats.pull", "Not a directory."),
        (lambda place: 5, "That is no name of a file."),
        (lambda place: "a\0b", "That is no name of a file."),
    ],
)
def test_places_where_nothing_can_be_kept_are_named(
    place: Path, make: Callable[[Path], Any], why: str
) -> None:
    at = make(place)
    is_there = isinstance(at, Path) and os.path.exists(at)
    before = os.stat(at).st_mode if is_there else None
    with pytest.raises(InputError, match="can't be kept") as caught:
        PullFile.open(at, SUBJECT)
    assert caught.value.why == why
    assert not is_there or os.stat(at).st_mode == before
    assert [each for each in place.parent.iterdir() if each != place] == []


def test_a_folder_where_nothing_may_be_written_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(InputError, match="can't be kept") as caught:
        PullFile.open(place, SUBJECT)
    assert caught.value.why == "Permission denied."


@pytest.mark.parametrize("pages", [0, 2, 3])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_pull_keeps_its_mode(place: Path, pages: int, mode: int) -> None:
    assert stat.S_IMODE(begun(place, pages).stat().st_mode) == 0o600
    place.chmod(mode)
    with PullFile.open(place, SUBJECT) as file:
        assert [file.page(number) for number in range(len(file))] == [*map(page, range(pages))]
    assert stat.S_IMODE(place.stat().st_mode) == mode
    assert [*place.parent.iterdir()] == [place]


def test_a_link_to_a_pull_is_that_pull(place: Path) -> None:
    link = place.with_name("link.pull")
    link.symlink_to(begun(place, 2))
    with PullFile.open(link, SUBJECT) as file:
        file.keep(2, page(2), is_last=True)
    assert link.is_symlink()
    with PullFile.open(place, SUBJECT) as file:
        assert len(file) == 3
        assert file.is_finished


# --- A damaged one ------------------------------------------------------------------------------


def told(statement: str) -> Callable[[Path], None]:
    """What another program did to the database."""

    def do(place: Path) -> None:
        with closing(sqlite3.connect(place)) as database:
            database.executescript(statement)

    return do


def cut(at: float) -> Callable[[Path], None]:
    def do(place: Path) -> None:
        os.truncate(place, int(place.stat().st_size * at))

    return do


def overwritten(begin: int, end: int) -> Callable[[Path], None]:
    def do(place: Path) -> None:
        content = bytearray(place.read_bytes())
        content[begin:end] = b"\xa5" * (end - begin)
        place.write_bytes(content)

    return do


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no row in pull": told("DELETE FROM pull"),
    "two rows in pull": told("INSERT INTO pull SELECT * FROM pull"),
    "no table pull": told("DROP TABLE pull"),
    "no table page": told("DROP TABLE page"),
    "one column more in pull": told("ALTER TABLE pull ADD COLUMN note TEXT"),
    "one column more in page": told("ALTER TABLE page ADD COLUMN note TEXT"),
    "one column less": told("ALTER TABLE page DROP COLUMN kept_at"),
    "another name of a column": told("ALTER TABLE pull RENAME COLUMN body TO request"),
    "no action": told("UPDATE pull SET action = NULL"),
    "a body of bytes": told("UPDATE pull SET body = x'ff'"),
    "broken text": told("UPDATE pull SET body = CAST(x'ff' AS TEXT)"),
    "neither finished nor not": told("UPDATE pull SET is_finished = NULL"),
    "finished in words": told("UPDATE pull SET is_finished = 'yes'"),
    "finished without a page": told("DELETE FROM page; UPDATE pull SET is_finished = 1"),
    "a NULL page": told("UPDATE page SET content = NULL WHERE number = 1"),
    "a page of text": told("UPDATE page SET content = 'x' WHERE number = 1"),
    "a number for a page": told("UPDATE page SET content = 5 WHERE number = 1"),
    "a page without its time": told("UPDATE page SET kept_at = NULL WHERE number = 1"),
    "no first page": told("DELETE FROM page WHERE number = 0"),
    "a gap": told("UPDATE page SET number = 7 WHERE number = 1"),
    "a page before the first": told("UPDATE page SET number = -1 WHERE number = 0"),
    "an empty page": told("UPDATE page SET content = x'' WHERE number = 1"),
    "a page of something else": told("UPDATE page SET content = x'3c703e' WHERE number = 1"),
    "a page that is cut short": told(
        "UPDATE page SET content = substr(content, 1, 40) WHERE number = 1"
    ),
    "cut to the head": cut(0.1),
    "cut in the middle": cut(0.5),
    "cut at the end": cut(0.99),
    "overwritten tables": overwritten(4096, 8192),
    "overwritten pages": overwritten(8192, 12288),
    "an overwritten head": overwritten(100, 4096),
}


@pytest.mark.parametrize("pages", [2, 3])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pull_is_named(place: Path, damage: str, pages: int) -> None:
    """With what to do now, before a call is made, and with no page of it handed out wrong."""
    handed_out: list[bytes] = []
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        client._account_id = "an-account"
        server.answers = [(200, page(number)) for number in range(pages)]
        pull = iter(client.list_chats_pages(keep_in=place))
        for _ in range(pages):
            next(pull)
        if pages == 3:
            assert next(pull, None) is None
        pull.close()  # type: ignore[attr-defined]
        DAMAGES[damage](place)
        again = client.list_chats_pages(keep_in=place)
        with pytest.raises(TutorialError) as caught:
            handed_out.extend(answer.content for answer in again)
        assert client.calls == pages
    assert type(caught.value) is TutorialError
    assert str(caught.value).startswith("chats.pull can't be read: it is damaged")
    assert caught.value.why
    assert "Delete it to pull anew" in caught.value.remedy
    assert handed_out == [*map(page, range(len(handed_out)))]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("DELETE FROM page WHERE number = 2", "its last page names a next one"),
        ("INSERT INTO page SELECT 3, kept_at, content FROM page WHERE number = 0", "more come"),
    ],
)
def test_a_finished_pull_with_a_wrong_end_is_damaged(place: Path, damage: str, why: str) -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        client._account_id = "an-account"
        server.answers = [(200, page(number)) for number in range(3)]
        list(client.list_chats_pages(keep_in=place))
        told(damage)(place)
        with pytest.raises(TutorialError, match=why):
            list(client.list_chats_pages(keep_in=place))
        assert client.calls == 3


def test_another_version_is_named_before_its_tables_are_read(place: Path) -> None:
    told("ALTER TABLE pull ADD COLUMN note; PRAGMA user_version = 2")(begun(place, 2))
    before = state(place)
    with pytest.raises(InputError, match="another version of lc_tutorial"):
        PullFile.open(place, SUBJECT)
    assert state(place) == before


# --- Locked, full, read-only --------------------------------------------------------------------


@pytest.fixture
def nothing_may_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def connect_to_read(path: Any, **options: Any) -> sqlite3.Connection:
        return connect(f"file:{path}?mode=ro", uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", connect_to_read)
    monkeypatch.setattr(os, "access", lambda place, mode: mode != os.W_OK)


def test_a_finished_pull_is_read_where_nothing_may_be_written(
    place: Path, request: pytest.FixtureRequest
) -> None:
    begun(place, 3)
    request.getfixturevalue("nothing_may_be_written")
    with PullFile.open(place, SUBJECT) as file:
        assert file.is_finished
        assert [file.page(number) for number in range(3)] == [*map(page, range(3))]


def test_an_unfinished_pull_is_refused_where_nothing_may_be_written(
    place: Path, request: pytest.FixtureRequest
) -> None:
    begun(place, 2)
    request.getfixturevalue("nothing_may_be_written")
    with pytest.raises(TutorialError, match="can't be written") as caught:
        PullFile.open(place, SUBJECT)
    assert "Copy it to a folder of yours" in caught.value.remedy


def test_a_locked_one_is_in_use(place: Path) -> None:
    with closing(sqlite3.connect(begun(place, 2), isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(InputError, match="in use"):
            PullFile.open(place, SUBJECT)


def test_a_full_disk_is_named(place: Path) -> None:
    with PullFile.open(place, SUBJECT) as file:
        assert file._database is not None
        file._database.execute("PRAGMA max_page_count = 4")
        with pytest.raises(TutorialError, match="can't be read or written") as caught:
            file.keep(0, b"x" * 100_000, is_last=False)
    assert "Make room on the disk" in caught.value.remedy
