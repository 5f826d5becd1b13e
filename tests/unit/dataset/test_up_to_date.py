"""Kept tables are brought up to date with as few calls as that takes, and miss nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import requests
from comparing import assert_same

import lc_tutorial as lc
from lc_tutorial.agent_chat import AgentChat
from lc_tutorial.dataset import keeping
from lc_tutorial.dataset.state import State
from lc_tutorial.errors import ConnectionLost, InputError, PlatformAnswerError
from lc_tutorial.platforms import Platform
from lc_tutorial.platforms.platform import SandboxLogin
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.world.chats import Chat
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import NONCE, RunningSandbox, serving


@pytest.fixture
def running() -> Iterator[RunningSandbox]:
    """A sandbox in this process, so that a test can make things happen in it."""
    with serving() as (stage, port):
        world = RunningSandbox(f"http://127.0.0.1:{port}", Sandbox())
        stage.app = app = create_app(world.world, nonce=NONCE, stop=world.stopped.set)
        world.chats = app.state.chats
        yield world


@pytest.fixture
def client(running: RunningSandbox) -> Iterator[AgentChat]:
    platform = Platform(
        name="sandbox",
        authorization_url=f"{running.url}/",
        console_url=f"{running.url}/console/",
        accounts_url=running.url,
        api_url=running.url,
        login=SandboxLogin("mia@example.com", "not-a-real-password", 8377, NONCE),
    )
    token = running.world.grants.issue_access_token(
        running.block.client_id, running.author.id, ("chats--all:ro",)
    )
    with AgentChat(platform, token.value) as client:
        yield client


class Account:
    """What happens in the account of the sandbox."""

    def __init__(self, running: RunningSandbox) -> None:
        self._all = running.chats.of(running.world.organizations[running.author.organization_id])
        self.put = self._all.put

    def ordered(self) -> list[Chat]:
        """The chats by their last threads, oldest first."""
        return [chat for chat in self._all.ordered() if chat.threads]

    def come_back(self, place: int, *, later: int = 1) -> tuple[str, str]:
        """The customer of a chat comes back: it gets a new thread, the newest there is.

        Args:
            place: of the chat, by their last threads.
            later: how many microseconds it begins after the newest.
        """
        ordered = self.ordered()
        newest = ordered[-1].threads[-1]
        chat = ordered[place]
        thread = msgspec.structs.replace(
            chat.threads[-1],
            id=f"N{newest.created_at}",
            created_at=newest.created_at + later,
            active=True,
        )
        chat.threads.append(thread)
        self.put(chat)
        return chat.id, thread.id

    def end(self, chat: Chat) -> None:
        """A thread that went on ends."""
        chat.threads[-1] = msgspec.structs.replace(chat.threads[-1], active=False)
        self.put(chat)

    def going_on(self) -> list[Chat]:
        """The chats whose last thread goes on, oldest first."""
        return [chat for chat in self.ordered() if chat.threads[-1].active]


@pytest.fixture
def account(running: RunningSandbox) -> Account:
    return Account(running)


def said(calls: int) -> str:
    return "1 call" if calls == 1 else f"{calls} calls"


def ids_of(tables: Any) -> dict[str, str]:
    return dict(zip(tables.chats["chat_id"], tables.chats["last_thread_id"], strict=True))


# --- List Chats -----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_chats(
    client: AgentChat, account: Account, order: str, tmp_path: Path, capsys: Any
) -> None:
    def keep() -> Any:
        return lc.keep_tables(
            client.list_chats_pages(limit=20, sort_order=order), tmp_path / "kept"
        )

    whole = len([*client.list_chats_pages(limit=20)])
    first = keep()
    assert (first.calls, first.again) == (whole, 0)
    assert capsys.readouterr().out == f"This takes about {whole} calls.\n"
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(client.list_chats_pages()))

    # Nothing new: no more than the front, back to the oldest chat that went on.
    oldest = account.going_on()[0] if account.going_on() else account.ordered()[-1]
    front = len(account.ordered()) - account.ordered().index(oldest)
    second = keep()
    assert second.new == 0
    assert second.calls == front // 20 + 1 < whole
    assert capsys.readouterr().out == f"This takes about {said(second.calls)}.\n"

    # A chat from far behind comes back, one that went on ends.
    changed = [account.come_back(3), account.come_back(50)]
    account.end(account.going_on()[0])
    third = keep()
    kept = lc.open_tables(tmp_path / "kept")
    assert (third.new, third.calls < whole) == (0, True)
    assert dict(changed).items() <= ids_of(kept).items()
    assert_same(kept, lc.tables(client.list_chats_pages()))


def test_a_chat_that_moves_to_the_front_while_it_is_read_is_found_by_the_next(
    client: AgentChat, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lc.keep_tables(client.list_chats_pages(limit=20), tmp_path / "kept")
    for _ in range(60):
        account.come_back(100)
    call, moved = client.call, []

    def call_and_move(action: str, body: Any) -> Any:
        answer = call(action, body)
        if action == "list_chats" and not moved:
            moved.append(account.come_back(-30))
        return answer

    monkeypatch.setattr(client, "call", call_and_move)
    lc.keep_tables(client.list_chats_pages(limit=20), tmp_path / "kept")
    lc.keep_tables(client.list_chats_pages(limit=20), tmp_path / "kept")
    kept = lc.open_tables(tmp_path / "kept")
    assert dict(moved).items() <= ids_of(kept).items()
    assert_same(kept, lc.tables(client.list_chats_pages()))


# --- List Archives --------------------------------------------------------------------------------


def test_archives(client: AgentChat, account: Account, tmp_path: Path, capsys: Any) -> None:
    def keep(**more: Any) -> Any:
        return lc.keep_tables(client.list_archives_pages(limit=20), tmp_path / "kept", **more)

    # Some go on, one of them for long: it will end behind what was pulled.
    slow = account.ordered()[40]
    slow.threads[-1] = msgspec.structs.replace(slow.threads[-1], active=True)
    account.put(slow)
    whole = len([*client.list_archives_pages(limit=20)])
    first = keep()
    assert first.calls == whole + 1, "one to ask which thread goes on for longest"
    assert capsys.readouterr().out == f"This takes about {whole + 1} calls.\n"
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(client.list_archives_pages()))
    assert slow.threads[-1].id not in set(lc.open_tables(tmp_path / "kept").threads["thread_id"])

    account.end(slow)
    second = keep()
    kept = lc.open_tables(tmp_path / "kept")
    assert slow.threads[-1].id in set(kept.threads["thread_id"])
    assert second.calls < whole
    assert_same(kept, lc.tables(client.list_archives_pages()))

    # With nothing going on, there is little to ask for: that, since when that is so, and a page.
    for chat in account.going_on():
        account.end(chat)
    keep()
    assert keep().calls == 3

    # What changed in an old thread nobody tells: it is read again from a day on.
    tagged = account.ordered()[10]
    tagged.threads[-1] = msgspec.structs.replace(tagged.threads[-1], tags=["looked-at-again"])
    account.put(tagged)
    keep()
    assert "looked-at-again" not in set(lc.open_tables(tmp_path / "kept").tags["tag"])
    old = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        microseconds=tagged.threads[-1].created_at - 1
    )
    keep(since=old)
    assert "looked-at-again" in set(lc.open_tables(tmp_path / "kept").tags["tag"])
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(client.list_archives_pages()))


def test_with_a_filter(client: AgentChat, tmp_path: Path) -> None:
    filters = {"from": datetime(2026, 6, 5, tzinfo=UTC), "group_ids": [0]}

    def pages(**more: Any) -> Any:
        return client.list_archives_pages(filters={**filters, **more}, limit=20)

    lc.keep_tables(pages(), tmp_path / "kept")
    lc.keep_tables(pages(), tmp_path / "kept")
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(pages()))
    calls = client.calls
    with pytest.raises(InputError, match="keeps other tables") as caught:
        lc.keep_tables(pages(group_ids=[1]), tmp_path / "kept")
    assert "other filters" in str(caught.value)
    with pytest.raises(InputError, match="keeps other tables"):
        lc.keep_tables(client.list_chats_pages(filters={"group_ids": [0]}), tmp_path / "kept")
    assert client.calls == calls
    lc.keep_tables(pages(group_ids=[1]), tmp_path / "kept", replace=True)
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(pages(group_ids=[1])))
    # The same once more: nothing has to go.
    assert lc.keep_tables(pages(group_ids=[1]), tmp_path / "kept", replace=True).new == 0


def test_what_was_looked_for_is_not_noted(client: AgentChat, tmp_path: Path) -> None:
    """It may be somebody's name."""
    pages = client.list_archives_pages(filters={"query": "Mariana Costa"})
    lc.keep_tables(pages, tmp_path / "kept")
    state = (tmp_path / "kept" / "_state.sqlite").read_bytes()
    assert b"Mariana" not in state


def test_the_last_weeks_are_the_same_list_tomorrow(client: AgentChat, tmp_path: Path) -> None:
    """Notebook 02 asks for the eight weeks before now."""

    def since(day: int) -> Any:
        return client.list_archives_pages(filters={"from": datetime(2026, 6, day, tzinfo=UTC)})

    lc.keep_tables(since(5), tmp_path / "kept")
    assert lc.keep_tables(since(8), tmp_path / "kept").new == 0
    # What is older stays.
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(since(5)))
    for earlier in (since(4), client.list_archives_pages()):
        with pytest.raises(InputError, match="keeps other tables") as caught:
            lc.keep_tables(earlier, tmp_path / "kept")
        assert "They begin later than what these pages ask for." in caught.value.why
    # Also after the later one they are those that began on the earlier day.
    lc.keep_tables(since(5), tmp_path / "kept")
    lc.keep_tables(since(4), tmp_path / "kept", replace=True)
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(since(4)))


def test_what_began_before_the_last_weeks_and_after_the_last_pull_is_not_missed(
    client: AgentChat, account: Account, tmp_path: Path
) -> None:
    def since(moment: datetime) -> Any:
        return client.list_archives_pages(filters={"from": moment})

    for chat in account.going_on():
        account.end(chat)
    long_ago = datetime(2026, 6, 5, tzinfo=UTC)
    lc.keep_tables(since(long_ago), tmp_path / "kept")
    day = 86_400_000_000
    newest = account.ordered()[-1].threads[-1].created_at
    for _ in range(2):
        account.come_back(3, later=30 * day)
        account.end(account.going_on()[0])
    later = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=newest + 45 * day)
    assert lc.keep_tables(since(later), tmp_path / "kept").new == 2
    kept, made = lc.open_tables(tmp_path / "kept"), lc.tables(since(long_ago))
    assert {*kept.threads["thread_id"]} == {*made.threads["thread_id"]}


@pytest.mark.parametrize("pull", ["first", "later"])
def test_a_thread_that_begins_while_none_goes_on_and_ends_later_is_found(
    client: AgentChat, account: Account, pull: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep() -> Any:
        return lc.keep_tables(client.list_archives_pages(limit=20), tmp_path / "kept")

    for chat in account.going_on():
        account.end(chat)
    if pull == "later":
        keep()
    call, began = client.call, []

    def call_and_begin(action: str, body: Any) -> Any:
        if action == "list_archives" and not began:
            minute = 60_000_000
            began.extend(account.come_back(3, later=each * minute) for each in (1, 2))
            account.end(account.going_on()[-1])
        return call(action, body)

    with monkeypatch.context() as patch:
        patch.setattr(client, "call", call_and_begin)
        keep()
    (_, goes_on), (_, ended) = began
    kept = set(lc.open_tables(tmp_path / "kept").threads["thread_id"])
    assert (goes_on in kept, ended in kept) == (False, True)
    account.end(account.going_on()[0])
    keep()
    kept = set(lc.open_tables(tmp_path / "kept").threads["thread_id"])
    assert goes_on in kept
    assert kept == set(lc.tables(client.list_archives_pages()).threads["thread_id"])


# --- What goes wrong ------------------------------------------------------------------------------


@contextmanager
def lost_at(client: AgentChat, number: int) -> Iterator[pytest.ExceptionInfo[ConnectionLost]]:
    """The call of this number, from now on, gets no answer: and that is what comes of it."""
    call, left = client.call, [number]

    def lose(action: str, body: Any) -> requests.Response:
        left[0] -= 1
        if left[0] == 0:
            raise ConnectionLost("Lost.", "By the test.", "Do it again.")
        return call(action, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "call", lose)
        with pytest.raises(ConnectionLost) as caught:
            yield caught


def test_the_old_tables_go_when_the_first_page_of_the_new_ones_is_there(
    client: AgentChat, tmp_path: Path
) -> None:
    lc.keep_tables(client.list_archives_pages(), tmp_path / "kept")
    before = lc.tables(client.list_archives_pages())

    def replaced_by(**filters: Any) -> None:
        pages = client.list_archives_pages(filters=filters)
        lc.keep_tables(pages, tmp_path / "kept", replace=True)

    with lost_at(client, 1):
        replaced_by(group_ids=[1])
    assert_same(lc.open_tables(tmp_path / "kept"), before)
    with pytest.raises(InputError, match="no chats in these pages") as caught:
        replaced_by(agents={"values": ["nobody@mail.example"]})
    assert "nothing would be left in kept" in str(caught.value)
    assert_same(lc.open_tables(tmp_path / "kept"), before)


@pytest.mark.parametrize("limit", [20, 100])
@pytest.mark.parametrize("method", ["list_chats_pages", "list_archives_pages"])
def test_a_first_pull_goes_on_with_the_page_that_was_to_come(
    client: AgentChat,
    method: str,
    limit: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 2)
    whole = len([*getattr(client, method)(limit=20)])
    with lost_at(client, 5) as caught:
        lc.keep_tables(getattr(client, method)(limit=20), tmp_path / "kept")
    assert "had come, and they are kept in kept: run the cell again" in str(caught.value)
    assert "keep_in" not in str(caught.value)
    assert len(lc.open_tables(tmp_path / "kept").chats) > 0
    capsys.readouterr()
    # Pages stay as large as they were.
    kept = lc.keep_tables(getattr(client, method)(limit=limit), tmp_path / "kept")
    # Of archives one had asked what goes on, and three pages had come.
    assert kept.calls == whole - (4 if method == "list_chats_pages" else 3)
    assert capsys.readouterr().out == f"This takes about {said(kept.calls)}.\n"
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(getattr(client, method)()))
    # From now on only what is new.
    assert lc.keep_tables(getattr(client, method)(limit=20), tmp_path / "kept").calls < whole


def test_what_is_read_again_goes_on_with_the_page_that_was_to_come(
    client: AgentChat, tmp_path: Path, capsys: Any
) -> None:
    def keep(**more: Any) -> Any:
        return lc.keep_tables(client.list_archives_pages(limit=20), tmp_path / "kept", **more)

    whole = keep().calls
    with lost_at(client, 5):
        keep(since=datetime(2020, 1, 1, tzinfo=UTC))
    capsys.readouterr()
    calls = keep().calls
    # One, to ask what goes on, and three pages had come.
    assert calls == whole - 1 - 3
    assert capsys.readouterr().out == f"This takes about {said(calls)}.\n"


def test_since_is_sent_as_the_platform_reads_it(client: AgentChat, tmp_path: Path) -> None:
    """The offset of a zone has seconds where its clocks went by the sun."""
    tokyo = datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    lc.keep_tables(client.list_archives_pages(), tmp_path / "kept")
    lc.keep_tables(client.list_archives_pages(), tmp_path / "kept", since=tokyo)
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(client.list_archives_pages()))


@pytest.mark.parametrize("method", ["list_chats_pages", "list_archives_pages"])
@pytest.mark.parametrize("at_once", [1, 4, 80])
def test_a_page_that_could_not_be_read_is_asked_for_once_more(
    client: AgentChat, method: str, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", at_once)
    make, number = keeping.tables, [0]
    unread: set[bytes] = set()

    def only_five(answers: Any) -> Any:
        def readable() -> Iterator[Any]:
            for answer in [answers] if isinstance(answers, requests.Response) else answers:
                number[0] += 1
                if number[0] == 6:
                    unread.add(answer.content)
                if answer.content in unread:
                    raise PlatformAnswerError("No chats.", "By the test.", "Do it again.")
                yield answer

        return make(readable())

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "tables", only_five)
        with pytest.raises(PlatformAnswerError, match="had come, and they are kept"):
            lc.keep_tables(getattr(client, method)(limit=20), tmp_path / "kept")
    assert len(lc.open_tables(tmp_path / "kept").chats) > 0
    lc.keep_tables(getattr(client, method)(limit=20), tmp_path / "kept")
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(getattr(client, method)()))


def test_a_place_that_the_platform_no_longer_knows(
    client: AgentChat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 1)
    pages = iter(client.list_chats_pages(limit=20))

    def some() -> Iterator[Any]:
        yield next(pages)
        raise KeyboardInterrupt

    def interrupted() -> None:
        lc.keep_tables(client.list_chats_pages(limit=20), tmp_path / "kept")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "each_page", lambda pull: some())
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    monkeypatch.setattr(State, "noted", _with_a_lost_place(State.noted))
    lc.keep_tables(client.list_chats_pages(limit=20), tmp_path / "kept")
    monkeypatch.undo()
    assert_same(lc.open_tables(tmp_path / "kept"), lc.tables(client.list_chats_pages()))


def _with_a_lost_place(noted: Any) -> Any:
    def lost(self: Any, name: str) -> Any:
        return {"page_id": "gone"} if name == "next_body" else noted(self, name)

    return lost


def test_pages_that_are_kept_in_a_file_are_added_as_they_are(
    client: AgentChat, tmp_path: Path
) -> None:
    pages = client.list_chats_pages(limit=50, keep_in=tmp_path / "chats.pull")
    made = lc.tables(pages)
    calls = client.calls
    with pytest.raises(InputError, match="replace=True is for a list that can be asked for again"):
        lc.keep_tables(pages, tmp_path / "kept", replace=True)
    kept = lc.keep_tables(pages, tmp_path / "kept")
    assert (client.calls, kept.calls) == (calls, None)
    assert_same(lc.open_tables(tmp_path / "kept"), made)
