"""Tables that are killed in the keeping: at any moment, whatever is done, the next call goes on.

Real processes, ended by their own hand before each statement of SQLite or each step with files, by
the system in the middle of the bytes that they write, and from outside at any time.
"""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from comparing import assert_same
from kept_pages import PAGES, customer
from mortal import Mortal, mortal
from wholeness import assert_whole

import lc_tutorial as lc
from lc_tutorial.agent_chat import AgentChat
from lc_tutorial.dataset import keep_tables, keeping, open_tables, parts
from lc_tutorial.dataset.state import State
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.tables import NAMES, Tables

# By their names: Windows has neither.
KILLED = {-getattr(signal, name, 0) for name in ("SIGKILL", "SIGXFSZ")}

# Where the one that takes up what the last one left is ended, until one comes through.
DEATHS: dict[str, list[Any]] = {
    "at_statement": [29, 110, 170],
    "at_step": [4, 31, 70],
    "at_byte": [1, 700, 9000],
    # Of the time that one takes who is not ended.
    "after": [0.2, 0.5, 0.8],
}


@pytest.fixture(scope="module")
def process() -> Iterator[Mortal]:
    with mortal() as process:
        yield process


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture(scope="module")
def made() -> dict[str, Tables]:
    return {of: lc.tables(pages()) for of, pages in PAGES.items()}


@pytest.fixture
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 2)
    monkeypatch.setattr(parts, "ENOUGH", 8)


def assert_kept(folder: Path, made: Tables) -> None:
    assert_same(open_tables(folder), made)
    assert_whole(folder)


def assert_some_kept(folder: Path, made: Tables) -> None:
    """What is there is whole, and all of it is of these chats."""
    some = open_tables(folder)
    assert_whole(folder)
    assert set(some.chats["chat_id"]) <= set(made.chats["chat_id"])
    of_chats = made.users[made.users["chat_id"].isin(some.chats["chat_id"])]
    assert len(some.users) == len(of_chats)


@pytest.mark.parametrize("death", [*DEATHS])
@pytest.mark.parametrize("of", [*PAGES])
def test_whoever_is_killed_again_and_again_ends_with_each_row_once(
    process: Mortal, kept: Path, made: dict[str, Tables], of: str, death: str
) -> None:
    """Parts are joined meanwhile, columns widen, and chats come that were there."""
    kills, takes = 0, 1.0
    if death == "after":
        begin = time.monotonic()
        process.does("keep", kept.with_name("timed"), of=of)
        takes = time.monotonic() - begin
    for turn, moment in enumerate(DEATHS[death]):
        moment = moment * takes if death == "after" else moment
        ended = process.does("keep", kept, of=of, **{death: moment})
        kills += ended["ended"] in KILLED
        assert ended["ended"] in {*KILLED, 0}
        if turn == 2 and (kept / "_state.sqlite").exists():
            assert_some_kept(kept, made[of])
    # Whoever goes on may need less time than the first.
    assert kills >= (1 if death == "after" else 2)
    assert process.does("keep", kept, of=of)["ended"] == 0
    assert_kept(kept, made[of])


@pytest.mark.parametrize("death", ["at_statement", "at_step"])
def test_whoever_dies_at_any_point_of_the_first_page_goes_on(
    process: Mortal, kept: Path, death: str
) -> None:
    made = lc.tables(PAGES["threads"]()[:1])
    for moment in range(2, 200, 14 if death == "at_step" else 34):
        ended = process.does("keep", kept, of="threads", pages=[0, 1], **{death: moment})
        if ended["ended"] == 0:
            break
        assert ended["ended"] == -signal.SIGKILL
        # Who goes on with it need not come with the same.
        again = process.does("keep", kept, of="threads", pages=[0, 1])
        assert again["done"]["events"] == len(made.events), f"killed at {moment}"
        if moment in (16, 36):
            assert_kept(kept, made)
        shutil.rmtree(kept)
    assert moment > 25


@pytest.mark.parametrize("death", ["at_statement", "at_step"])
@pytest.mark.parametrize("of", [*PAGES])
def test_an_update_that_is_killed_leaves_what_was_there_or_what_came(
    process: Mortal, kept: Path, made: dict[str, Tables], of: str, death: str
) -> None:
    """The last page has chats that are there, as they are now: among them rows that must go."""
    process.does("keep", kept, of=of, pages=[0, -1])
    for moment in DEATHS[death][1:]:
        process.does("keep", kept, of=of, pages=[-1, None], **{death: moment})
        now, after = open_tables(kept), made[of]
        assert_whole(kept)
        assert set(now.chats["chat_id"]) == set(after.chats["chat_id"])
        assert len(now.threads) == len(after.threads)
    process.does("keep", kept, of=of, pages=[-1, None])
    assert_kept(kept, made[of])


@pytest.mark.parametrize("death", ["at_statement", "at_step"])
@pytest.mark.parametrize("of", [*PAGES])
def test_a_customer_is_forgotten_or_not_and_nothing_in_between(
    process: Mortal, kept: Path, made: dict[str, Tables], of: str, death: str
) -> None:
    """Where only a part of a chat were gone, nobody could tell whose the rest is."""
    who = customer(1)["id"]
    chats = made[of].users.query("user_id == @who")["chat_id"].unique()
    process.does("keep", kept, of=of)
    ended, moment = {"ended": -signal.SIGKILL}, 1
    while ended["ended"] != 0:
        before = process.does("open", kept)["done"]
        ended = process.does("forget", kept, customer=who, **{death: moment})
        now = open_tables(kept)
        left = [getattr(now, name)["chat_id"].isin(chats).sum() for name in NAMES]
        expected = [getattr(made[of], name)["chat_id"].isin(chats).sum() for name in NAMES]
        if len(now.chats) < before or ended["ended"] == 0:
            assert left == [0] * len(NAMES), moment
            break
        assert left == expected, moment
        moment += 2 if death == "at_step" else 14
    assert moment > 2
    assert_whole(kept)
    assert len(now.chats) == len(made[of].chats) - len(chats)


def test_what_was_not_tidied_is_tidied_when_a_table_is_asked_for(
    process: Mortal, kept: Path, made: dict[str, Tables]
) -> None:
    """Somebody is killed between that the folder is opened and that a table is read."""
    process.does("keep", kept, of="chats", pages=[0, 2])
    tables = open_tables(kept)
    for moment in (90, 110, 130):
        process.does("keep", kept, of="chats", at_statement=moment)
    assert not tables.users[["chat_id", "user_id"]].duplicated().any()


def test_ctrl_c_just_after_a_plan_was_noted_loses_nothing(
    kept: Path, made: dict[str, Tables], monkeypatch: pytest.MonkeyPatch, in_small_parts: None
) -> None:
    transaction = State.transaction

    def interrupted(state: Any) -> Any:
        context = transaction(state)

        class Context:
            def __enter__(self) -> None:
                context.__enter__()

            def __exit__(self, *problem: Any) -> None:
                context.__exit__(*problem)
                raise KeyboardInterrupt

        return Context()

    keep_tables(PAGES["chats"]()[:-1], kept)
    with monkeypatch.context() as patch:
        patch.setattr(State, "transaction", interrupted)
        with pytest.raises(KeyboardInterrupt):
            keep_tables(PAGES["chats"]()[-1:], kept)
    assert_kept(kept, made["chats"])


# --- A real pull --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def session(sandbox: Platform) -> CatchUp:
    return CatchUp(sandbox)


@pytest.mark.parametrize("action", ["list_chats", "list_archives"])
def test_a_first_pull_goes_on_at_the_page_that_was_to_come(
    process: Mortal, sandbox: Platform, session: CatchUp, kept: Path, action: str
) -> None:
    with AgentChat(sandbox, session.token) as client:
        pages = getattr(client, f"{action}_pages")(limit=40, sort_order="asc")
        made = lc.tables(pages)
        every = client.calls
    assert sandbox.login is not None
    given = {
        "url": sandbox.api_url,
        "nonce": str(sandbox.login.nonce),
        "token": str(session.token.access_token),
        "account": session.token.account_id,
        "action": action,
        "limit": 40,
    }
    # Of archives one call more: which chat goes on.
    first = int(action == "list_archives")
    assert every >= 6
    came = 0
    for pages_more in (1, 2, 3):
        # Before the call for a page that follows those: pages are written by twos.
        at_call = pages_more + 1 + (first if came == 0 else 0)
        ended = process.does("pull", kept, at_call=at_call, **given)
        assert ended["ended"] == -signal.SIGKILL
        came += pages_more // 2 * 2
    assert process.does("pull", kept, **given)["done"] == every - came
    kept_now = open_tables(kept)
    assert_same(kept_now, made)
    assert_whole(kept)
    assert isinstance(kept_now.chats, pd.DataFrame)
