"""All pages of a list: each once, when it is asked for, and kept in a file where one is named."""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.agent_chat.pages import Pages
from lc_tutorial.connect import connect
from lc_tutorial.errors import ApiError, ConnectionLost, InputError, PlatformAnswerError
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.oauth.tokens import Token
from lc_tutorial.platforms import billing
from lc_tutorial.platforms.control import Control
from lc_tutorial.platforms.platform import Platform
from tests.unit.api_server import TOKEN, Server


@pytest.fixture(scope="module")
def session(sandbox: Platform) -> CatchUp:
    return CatchUp(sandbox)


@pytest.fixture
def client(sandbox: Platform, session: CatchUp) -> Iterator[AgentChat]:
    with AgentChat(sandbox, session.token) as client:
        yield client


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib3.util.retry.time.sleep", lambda seconds: None)


def ids(pages: Any) -> list[str]:
    """The ids of the chats on pages, as they come."""
    return [chat["id"] for page in pages for chat in page.json()["chats_summary"]]


def page(*names: str, found: int = 10, **more: Any) -> tuple[int, Any]:
    """A page of a stand-in, with chats of these names and threads: ``"A1"``."""
    chats = [{"id": name[0], "last_thread_summary": {"id": name}} for name in names]
    return 200, {"chats_summary": chats, "found_chats": found, **more}


# --- One after the other ------------------------------------------------------------------------


def test_pages_follow_the_next_page_id_alone() -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [
            page("A1", next_page_id="two"),
            page(next_page_id="three", previous_page_id="one"),
            page("C1", previous_page_id="two"),
        ]
        pages = client.list_chats_pages(filters={"active": True}, limit=50)
        assert server.requests == [], "a page is asked for when it is wanted"
        assert ids(pages) == ["A", "C"]
        assert server.bodies == [
            {"filters": {"active": True}, "sort_order": "asc", "limit": 50},
            {"page_id": "two"},
            {"page_id": "three"},
        ]
        assert client.calls == 3


def test_pages_that_go_round_in_circles_come_to_an_end() -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [page("A1", next_page_id="again")]
        with pytest.raises(PlatformAnswerError, match="circles"):
            list(client.list_chats_pages())
        assert client.calls == 2


def endless() -> list[tuple[int, Any]]:
    """The same page again and again, which names a new next one each time."""
    return [page("A1", "B1", next_page_id=f"page {n}") for n in range(100)]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_without_an_end_are_given_up(order: str) -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = endless()
        with pytest.raises(PlatformAnswerError, match="don't come to an end") as caught:
            list(client.list_chats_pages(sort_order=order))
        assert client.calls == 21
        assert "next(pages)" not in caught.value.remedy, "that would lead on into nowhere"


def test_a_file_of_pages_without_an_end_costs_one_call_more_each_time(file: Path) -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        client._account_id = "an-account"
        server.answers = endless()
        for calls in (21, 22, 23):
            with pytest.raises(PlatformAnswerError, match="to an end") as caught:
                list(client.list_chats_pages(keep_in=file))
            assert client.calls == calls
            assert "delete it to pull anew" in caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Welcome</html>",
        b"[]",
        b"",
        b'{"chats_summary": 5}',
        b"{}",
        b'{"message": "ok", "next_page_id": "two"}',
    ],
)
def test_a_page_that_is_none_is_named(content: bytes) -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [(200, content)]
        with pytest.raises(PlatformAnswerError, match="not a page of chats"):
            list(client.list_chats_pages())


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_broken_characters_and_odd_fields_stop_no_pull(order: str) -> None:
    odd = [{"id": 5}, {"id": "A", "last_thread_summary": []}, None, "chat"]
    answer = {"chats_summary": odd, "found_chats": "many", "next_page_id": "two"}
    broken = json.dumps(answer).encode().replace(b"many", b"m\xff\xfe")
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [(200, broken), page("B1"), (200, broken), page("B1")]
        contents = [answer.content for answer in client.list_chats_pages(sort_order=order)]
        assert contents[0] == broken
        assert len(contents) == 2


@pytest.mark.parametrize("version", ["3.4", "3.7"])
def test_each_list_is_read_whole(sandbox: Platform, session: CatchUp, version: str) -> None:
    with AgentChat(sandbox.with_version(version), session.token) as client:
        name = "chats_info" if version >= "3.7" else "chats_summary"
        chats = [chat for each in client.list_chats_pages() for chat in each.json()[name]]
        assert len({chat["id"] for chat in chats}) == len(chats) == 250

        archives = client.list_archives_pages(limit=90)
        threads = [chat["thread"]["id"] for each in archives for chat in each.json()["chats"]]
        assert len(set(threads)) == len(threads) == client.list_archives().json()["found_chats"]

        counts = {}
        for chat in client.list_archives(limit=100).json()["chats"]:
            counts[chat["id"]] = counts.get(chat["id"], 0) + 1
        busy = max(counts, key=lambda chat_id: counts[chat_id])
        pages = [each.json() for each in client.list_threads_pages(busy, limit=1)]
        assert len(pages) == pages[0]["found_threads"] > 1
        times = [each["threads"][0]["created_at"] for each in pages]
        assert times == sorted(times), "oldest first"

        some = threads[:15]
        by_id = [*client.list_archives_pages(filters={"thread_ids": some})]
        found = [chat["thread"]["id"] for each in by_id for chat in each.json()["chats"]]
        assert sorted(found) == sorted(some)


# --- How many calls -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "order", "calls"),
    [
        *((100, "asc", 3), (50, "asc", 5), (40, "asc", 7), (100, "desc", 4), (99, "desc", 4)),
        # Of which nothing is said comes newest first.
        (100, None, 4),
    ],
)
def test_the_calls_that_a_pull_takes_are_known_after_one(
    client: AgentChat, limit: int, order: Any, calls: int
) -> None:
    pages = client.list_chats_pages(limit=limit, sort_order=order)
    assert pages.calls_needed() == calls
    assert client.calls == 1
    assert pages.calls_needed() == calls
    assert len(set(ids(pages))) == 250
    assert client.calls == calls, "the first page is not asked for again"
    assert pages.calls_needed() == calls
    assert client.calls == calls


def test_one_page_takes_one_call_in_either_order(client: AgentChat) -> None:
    for order in ("asc", "desc"):
        pages = client.list_chats_pages(filters={"active": True}, sort_order=order)
        assert pages.calls_needed() == 1
        assert len([*pages]) == 1
    assert client.calls == 2


def test_threads_come_in_threes_if_nothing_is_said() -> None:
    answer = {"threads": [{"id": f"T{n}"} for n in range(3)], "found_threads": 7}
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        server.answers = [(200, json.dumps({**answer, "next_page_id": "two"}).encode())]
        as_many_as_come: Any = None
        assert client.list_threads_pages("C", limit=as_many_as_come).calls_needed() == 3


def test_an_estimate_that_is_missing_or_wrong_does_no_harm() -> None:
    for found in (None, 0, -5, 10**12):
        with Server() as server, AgentChat(server.platform(), TOKEN) as client:
            server.answers = [page("A1", found=found, next_page_id="two"), page("B1")]  # type: ignore[arg-type]
            pages = client.list_chats_pages()
            assert pages.calls_needed() >= 2
            assert ids(pages) == ["A", "B"]


# --- A loop over them ---------------------------------------------------------------------------


def test_next_takes_them_one_by_one_and_a_loop_goes_on(client: AgentChat) -> None:
    pages = client.list_chats_pages()
    first = next(pages)
    assert len({*ids([first]), *ids(pages)}) == 250
    with pytest.raises(StopIteration):
        next(pages)
    with pytest.raises(InputError, match="passed by"):
        ids(pages)
    assert client.calls == 3


def test_pages_that_passed_by_are_not_taken_for_all_there_are() -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        refusal = (403, {"error": {"type": "missing_access", "message": "Missing access"}})
        server.answers = [page("A1", next_page_id="two"), refusal, page("B1")]
        pages = client.list_chats_pages()
        with pytest.raises(ApiError) as caught:
            ids(pages)
        assert "1 of about 10 chats had come, in 1 page" in caught.value.remedy
        assert "keep_in=" in caught.value.remedy
        with pytest.raises(InputError, match="A loop took 1 page already"):
            ids(pages)
        assert ids([next(pages)]) == ["B"], "it goes on with the page that could not be had"


def test_a_loop_that_got_nothing_can_be_run_again() -> None:
    with Server() as server, AgentChat(server.platform(), TOKEN) as client:
        refusal = (403, {"error": {"type": "missing_access", "message": "Missing access"}})
        server.answers = [refusal, page("A1")]
        pages = client.list_chats_pages()
        with pytest.raises(ApiError) as caught:
            ids(pages)
        assert "had come" not in str(caught.value)
        assert ids(pages) == ["A"]


def test_they_say_in_one_line_what_they_are_without_a_call(
    client: AgentChat, tmp_path: Path
) -> None:
    pages = client.list_chats_pages(limit=100)
    assert repr(pages) == "<Pages: all pages of List Chats, oldest first: none asked for yet>"
    next(pages)
    assert "1 page fetched so far, 100 of about 250 chats" in repr(pages)
    ids(pages)
    assert repr(pages).endswith("all 3 pages read, 250 chats>")
    kept = client.list_archives_pages(sort_order="desc", keep_in=tmp_path / "<b>.pull")
    assert "List Archives, newest first" in repr(kept)
    as_it_comes: Any = None
    assert "newest first" in repr(client.list_chats_pages(sort_order=as_it_comes))
    assert "&lt;b&gt;.pull" in kept._repr_html_()
    assert client.calls == 3


# --- Kept in a file -----------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chats.pull"


def test_a_finished_pull_is_read_from_its_file_with_no_call(client: AgentChat, file: Path) -> None:
    pages = client.list_chats_pages(keep_in=file)
    contents = [each.content for each in pages]
    assert client.calls == 3
    assert [each.content for each in pages] == contents, "every loop begins with the first"

    again = client.list_chats_pages(keep_in=str(file))
    assert again.calls_needed() == 0
    kept = [*again]
    assert [each.content for each in kept] == contents
    assert client.calls == 3
    assert kept[0].ok
    assert kept[0].json()["found_chats"] == 250
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [file.name]


def test_a_page_from_a_file_says_what_was_asked_for(client: AgentChat, file: Path) -> None:
    chat_id = client.list_chats(limit=1).json()["chats_summary"][0]["id"]
    pages = client.list_threads_pages(chat_id, keep_in=file, limit=1)
    came = [(each.request.url, each.request.body, each.content) for each in pages]
    kept = [*pages]
    assert [(each.request.url, each.request.body, each.content) for each in kept] == came
    assert "Authorization" not in kept[0].request.headers


def test_a_page_from_a_file_is_no_billed_call(
    client: AgentChat, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    billing.forget_all()
    monkeypatch.setattr(billing, "BILLED_HOST", "127.0.0.1")
    [*client.list_chats_pages(keep_in=file)]
    for each in client.list_chats_pages(keep_in=file):
        billing.note(each)
    assert billing.calls() == 3
    billing.forget_all()


def test_the_first_page_is_kept_when_calls_are_counted(client: AgentChat, file: Path) -> None:
    pages = client.list_chats_pages(keep_in=file)
    assert pages.calls_needed() == 3
    assert client.calls == 1
    again = client.list_chats_pages(keep_in=file)
    assert again.calls_needed() == 2
    assert client.calls == 1
    assert len(ids(again)) == 250
    assert again.calls_needed() == 2
    assert pages.calls_needed() == 3
    assert client.calls == 3


def test_the_calls_can_be_asked_for_in_the_middle_of_a_loop(client: AgentChat, file: Path) -> None:
    for pages in (client.list_chats_pages(), client.list_chats_pages(keep_in=file)):
        calls = client.calls
        assert {pages.calls_needed() for _ in pages} == {3}
        assert client.calls == calls + 3
    again = client.list_chats_pages(keep_in=file)
    assert {again.calls_needed() for _ in again} == {0}


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_loop_that_is_left_is_taken_up_again(client: AgentChat, file: Path, order: str) -> None:
    for number, _ in enumerate(client.list_chats_pages(keep_in=file, limit=20, sort_order=order)):
        if number == 4:
            break
    assert client.calls == 5
    pages = client.list_chats_pages(keep_in=file, limit=20, sort_order=order)
    assert len(set(ids(pages))) == len(ids(pages)) == 250
    assert client.calls == 13 + (order == "desc")


def test_a_loop_in_the_same_kernel_takes_the_file_over(client: AgentChat, file: Path) -> None:
    """A cell that was interrupted leaves its loop behind, for as long as its traceback."""
    left = iter(client.list_chats_pages(keep_in=file))
    next(left)
    assert len(ids(client.list_chats_pages(keep_in=file))) == 250
    with pytest.raises(InputError, match="newer loop"):
        next(left)
    assert client.calls == 3


def test_a_lost_pull_says_how_far_it_got_and_how_to_go_on(file: Path) -> None:
    with Server() as server:
        server.answers = [page("A1", "B1", next_page_id="two"), (0, None)]
        with AgentChat(server.platform(), TOKEN) as client:
            client._account_id = "an-account"
            with pytest.raises(ConnectionLost) as caught:
                ids(client.list_chats_pages(keep_in=file))
            assert "2 of about 10 chats had come, in 1 page" in caught.value.remedy
            assert f"kept in {file.name}: run the cell again" in caught.value.remedy
            server.answers = [page("C1")]
            assert ids(client.list_chats_pages(keep_in=file)) == ["A", "B", "C"]
            assert server.bodies[-1] == {"page_id": "two"}


def test_a_place_that_the_platform_forgot_is_explained(file: Path) -> None:
    # One of its own: what is issued in a month from now stays valid for others.
    sandbox = connect("sandbox", fresh=True)
    with AgentChat(sandbox, CatchUp(sandbox).token) as client:
        next(iter(client.list_chats_pages(keep_in=file)))
    Control.of(sandbox).advance(31 * 86_400)
    later = AgentChat(sandbox, CatchUp(sandbox).token)
    with later, pytest.raises(ApiError) as caught:
        ids(later.list_chats_pages(keep_in=file))
    assert caught.value.type == "validation"
    assert "no longer knows where this pull had stopped" in caught.value.what
    assert "a month" in caught.value.why
    assert "Delete chats.pull" in caught.value.remedy


def test_a_file_of_another_pull_is_left_as_it_is(
    sandbox: Platform, session: CatchUp, client: AgentChat, file: Path
) -> None:
    for _ in client.list_chats_pages(keep_in=file, limit=90, filters={"group_ids": [0]}):
        break
    before = file.read_bytes()
    same: dict[str, Any] = {"keep_in": file, "limit": 90, "filters": {"group_ids": [0]}}
    older = AgentChat(sandbox.with_version("3.5"), session.token)
    assert isinstance(session.token, Token)
    other = AgentChat(sandbox, replace(session.token, account_id="another"))
    elsewhere = AgentChat(replace(sandbox, api_url="http://127.0.0.1:9"), session.token)
    others = {
        "limit": client.list_chats_pages(**{**same, "limit": 80}),
        "order": client.list_chats_pages(**same, sort_order="desc"),
        "filters": client.list_chats_pages(**{**same, "filters": {"group_ids": [1]}}),
        "answers of list_chats": client.list_archives_pages(**same),
        "version 3.6 of the API, not 3.5": older.list_chats_pages(**same),
        "another account": other.list_chats_pages(**same),
        "another platform": elsewhere.list_chats_pages(**same),
    }
    calls = client.calls
    for told, pages in others.items():
        for use in (pages.calls_needed, lambda pages=pages: next(iter(pages))):
            with pytest.raises(InputError, match=r"chats\.pull keeps another pull") as caught:
                use()
            assert told in caught.value.why
            assert "Nothing was sent" in caught.value.remedy
    assert file.read_bytes() == before
    assert client.calls == calls


def test_another_sandbox_at_the_same_address_is_another_platform(
    sandbox: Platform, session: CatchUp, client: AgentChat, file: Path
) -> None:
    [*client.list_chats_pages(keep_in=file)]
    assert sandbox.login is not None
    next_one = replace(sandbox, login=replace(sandbox.login, nonce="not-a-real-nonce"))
    with pytest.raises(InputError, match="a sandbox that has ended"):
        ids(AgentChat(next_one, session.token).list_chats_pages(keep_in=file))


@pytest.mark.parametrize("content", [b"chat_id,name\n", b"x", b"SQLite format 3\0" + b"\0" * 200])
def test_what_is_no_pull_is_left_untouched(client: AgentChat, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    file.chmod(0o644)
    before = file.stat()
    with pytest.raises(InputError, match="not the file of a pull"):
        ids(client.list_chats_pages(keep_in=file))
    assert file.read_bytes() == content
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.stat().st_mode == before.st_mode
    assert client.calls == 0


def test_somebody_else_s_database_is_left_untouched(client: AgentChat, file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE page (number INTEGER)")
    database.commit()
    database.close()
    before = file.read_bytes()
    with pytest.raises(InputError, match="not the file of a pull"):
        ids(client.list_chats_pages(keep_in=file))
    assert file.read_bytes() == before


def test_a_pull_of_another_format_is_named(client: AgentChat, file: Path) -> None:
    [*client.list_chats_pages(keep_in=file)]
    database = sqlite3.connect(file)
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(InputError, match="another version of lc_tutorial"):
        ids(client.list_chats_pages(keep_in=file))


def test_no_secret_is_in_the_file(session: CatchUp, client: AgentChat, file: Path) -> None:
    for _ in client.list_chats_pages(keep_in=file, limit=50):
        content = b"".join(each.read_bytes() for each in file.parent.iterdir())
        login = client.platform.login
        assert login is not None
        assert session.app is not None
        secrets = (
            session.token.access_token,
            session.token.refresh_token or "",
            session.app.client_secret,
            login.nonce,
            login.password,
        )
        for secret in secrets:
            assert secret.encode() not in content


def test_a_home_folder_is_found(
    client: AgentChat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):  # The second on Windows.
        monkeypatch.setenv(name, str(tmp_path))
    [*client.list_chats_pages(keep_in="~/chats.pull")]
    assert (tmp_path / "chats.pull").exists()


def test_pages_are_an_iterator(client: AgentChat) -> None:
    pages = client.list_chats_pages()
    assert isinstance(pages, Pages)
    assert isinstance(pages, Iterator)
