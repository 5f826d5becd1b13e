"""All that the sandbox answers lands in the tables, each value in its place.

They are compared, cell by cell, with what `taken_apart` works out in the slow and obvious way.
"""

from collections.abc import Iterable
from typing import Any

import pytest
import requests
import taken_apart
from answers import VERSIONS

import lc_tutorial as lc
from lc_tutorial.agent_chat.client import AgentChat
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.tables.frames import Tables

every_version = pytest.mark.parametrize("version", VERSIONS)


class Answers:
    """The answers of all four methods, in one version."""

    def __init__(self, platform: Platform, token: str) -> None:
        with AgentChat(platform, token) as client:
            self.chats = [*client.list_chats_pages(limit=60)]
            self.archives = [*client.list_archives_pages(limit=60)]
            ids = [chat["id"] for page in self.archives for chat in page.json()["chats"]]
            self.chat_id = max(sorted(set(ids)), key=ids.count)
            self.threads = [*client.list_threads_pages(self.chat_id, limit=2)]
            newest = [chat["id"] for page in self.chats for chat in the_chats(page.json())]
            self.single = [client.get_chat(chat_id) for chat_id in newest[::12]]


def the_chats(answer: Any) -> Any:
    return answer.get("chats_summary") or answer.get("chats_info") or ()


@pytest.fixture(scope="module")
def answers(sandbox: Platform) -> dict[str, Answers]:
    token = CatchUp(sandbox).token.access_token
    return {version: Answers(sandbox.with_version(version), token) for version in VERSIONS}


def decoded(pages: Iterable[requests.Response]) -> list[Any]:
    return [page.json() for page in pages]


def assert_nothing_odd(made: Tables) -> None:
    assert made.problems.to_dict("records") == []
    assert made.unknown.to_dict("records") == []
    assert made.repeated == 0


@every_version
def test_lists_of_chats(answers: dict[str, Answers], version: str) -> None:
    pages = answers[version].chats
    made = lc.tables(pages)
    assert_nothing_odd(made)
    assert not made.with_all_events
    assert len(made.chats) > 200
    taken_apart.assert_right(made, taken_apart.summaries_apart(decoded(pages)))


@every_version
def test_archives(answers: dict[str, Answers], version: str) -> None:
    pages = answers[version].archives
    made = lc.tables(pages)
    assert_nothing_odd(made)
    assert made.with_all_events
    assert len(made.threads) > len(made.chats) > 200
    taken_apart.assert_right(made, taken_apart.threads_apart(decoded(pages)))
    # What the tests stand on: there is some of everything.
    assert made.threads["restricted_access"].notna().any()
    assert made.threads["queues_duration"].notna().any()
    assert made.threads["next_accessible_thread_id"].notna().any()
    assert made.threads["summary"].notna().any() == (version >= "3.6")
    assert made.threads["customer_visit_city"].notna().any() == (version >= "3.6")
    assert set(made.events["type"]) >= {"message", "file", "filled_form", "system_message"}


@every_version
def test_threads_of_one_chat(answers: dict[str, Answers], version: str) -> None:
    pages, chat_id = answers[version].threads, answers[version].chat_id
    made = lc.tables(pages)
    assert_nothing_odd(made)
    assert len(pages) > 1
    assert len(made.threads) >= 3
    assert len(made.chats) == len(made.users) == 0, "they are not in the answer"
    taken_apart.assert_right(made, taken_apart.threads_apart(decoded(pages), chat_id))


@every_version
def test_single_chats(answers: dict[str, Answers], version: str) -> None:
    pages = answers[version].single
    made = lc.tables(pages)
    assert_nothing_odd(made)
    assert len(made.chats) == len(pages) > 15
    taken_apart.assert_right(made, taken_apart.threads_apart(decoded(pages)))
    one = lc.tables(pages[0])
    taken_apart.assert_right(one, taken_apart.threads_apart(decoded(pages[:1])))


@every_version
def test_archives_with_threads_and_single_chats(answers: dict[str, Answers], version: str) -> None:
    all_of = answers[version]
    pages = [*all_of.single, *all_of.archives, *all_of.archives[:1]]
    made = lc.tables(pages)
    assert made.repeated > len(all_of.archives[0].json()["chats"])
    taken_apart.assert_right(made, taken_apart.threads_apart(decoded(pages)))


@every_version
def test_the_last_threads_of_a_list_of_chats_are_those_of_the_archives(
    answers: dict[str, Answers], version: str
) -> None:
    of_chats = lc.tables(answers[version].chats).threads
    of_archives = lc.tables(answers[version].archives).threads
    ended = of_chats[~of_chats["active"]]
    both = ended.merge(of_archives, on=["chat_id", "thread_id"], suffixes=("", "_there"))
    assert len(both) > 150
    for name in ("created_at", "user_ids", "group_ids", "tags", "properties.routing.continuous"):
        assert (both[name] == both[f"{name}_there"]).all(), name
