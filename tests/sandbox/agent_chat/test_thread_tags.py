"""tag_thread and untag_thread, and that a thread is found by its tag from then on.

Source: livechat-public-docs, agent-chat-api (Thread tags) of versions 3.4 to 3.7, and
management/configuration-api (Tags).
"""

from functools import partial

import pytest

from lc_tutorial.sandbox.world.chats import Chat
from tests.sandbox.chat_api import NORMAL, VERSIONS, ChatApi, Json, refused, serve

ALL = ("chats--all:rw",)

Refusal = tuple[int, str]
VALIDATION, AUTHORIZATION = (400, "validation"), (403, "authorization")
NOT_FOUND, MISSING_ACCESS = (404, "not_found"), (403, "missing_access")


@pytest.fixture
def api(_server, http) -> ChatApi:
    return partial(serve, _server, http)(own_chats=True)


def some_chat(api: ChatApi, group_id: int) -> Chat:
    """A chat that is over, of one group."""
    return next(
        chat
        for chat in api.chats.ordered()
        if chat.threads and not chat.active and chat.threads[-1].group_ids == [group_id]
    )


def body_of(chat: Chat, tag: str) -> Json:
    return {"chat_id": chat.id, "thread_id": chat.threads[-1].id, "tag": tag}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_tagged_thread_is_found_by_its_tag(api: ChatApi, version: str) -> None:
    chat, tag = some_chat(api, 2), "gave up waiting"
    filters = {"filters": {"tags": {"values": [tag]}}, "limit": 100}

    def found() -> set[str]:
        archives = api.call("list_archives", filters, version=version)
        return {one["thread"]["id"] for one in archives["chats"]}

    def tags() -> list[str]:
        threads = api.call("list_threads", {"chat_id": chat.id}, version=version)["threads"]
        thread = api.call("get_chat", {"chat_id": chat.id}, version=version)["thread"]
        name = "last_thread_info" if version == "3.7" else "last_thread_summary"
        summaries = {one["id"]: one for one in api.summaries(version=version)}
        shown = [one.get("tags", []) for one in (threads[0], thread, summaries[chat.id][name])]
        assert shown[0] == shown[1] == shown[2]
        return list(shown[0])

    before, others = tags(), found()
    assert chat.threads[-1].id not in others
    use = {"scopes": ALL, "version": version}
    assert api.call("tag_thread", body_of(chat, tag), **use) == {}
    assert found() == others | {chat.threads[-1].id}
    assert tags() == [*before, tag]
    assert api.call("tag_thread", body_of(chat, tag), **use) == {}
    assert tags() == [*before, tag]
    assert api.call("untag_thread", body_of(chat, tag), **use) == {}
    assert found() == others
    assert tags() == before
    assert api.call("untag_thread", body_of(chat, tag), **use) == {}


def test_a_tag_that_was_created_can_be_used(api: ChatApi) -> None:
    chat, tag = some_chat(api, 2), {"name": "docs_feedback", "group_ids": [2]}
    body = body_of(chat, tag["name"])
    assert refused(api.post("tag_thread", body, scopes=ALL))[:2] == NOT_FOUND
    api.call("create_tag", tag, api="configuration", scopes=("tags--all:rw",))
    assert api.call("tag_thread", body, scopes=ALL) == {}
    assert tag["name"] in chat.threads[-1].tags


TAGS: list[tuple[Json, Refusal | None]] = [
    ({"tag": "watering"}, None),
    # "The tag name. It's case sensitive."
    ({"tag": "Watering"}, NOT_FOUND),
    ({"tag": "no such tag"}, NOT_FOUND),
    # "… only if the thread and the tag are assigned to at least one common group."
    ({"tag": "coffee"}, VALIDATION),
    ({"chat_id": "NOCHAT"}, NOT_FOUND),
    ({"thread_id": "NOTHREAD"}, NOT_FOUND),
    ({"tag": 1}, VALIDATION),
    ({"tag": None}, VALIDATION),
]


@pytest.mark.parametrize(("change", "refusal"), TAGS)
def test_which_tags_a_thread_can_have(api: ChatApi, change: Json, refusal: Refusal | None) -> None:
    answer = api.post("tag_thread", body_of(some_chat(api, 2), "watering") | change, scopes=ALL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal


@pytest.mark.parametrize("action", ["tag_thread", "untag_thread"])
@pytest.mark.parametrize(
    ("scopes", "group_id", "refusal"),
    [
        # NORMAL is in the groups 1 and 3.
        (("chats--all:rw",), 2, None),
        (("chats--access:rw",), 1, None),
        (("chats--access:rw",), 2, MISSING_ACCESS),
        (("chats--all:ro",), 1, AUTHORIZATION),
        (("tags--all:rw",), 1, AUTHORIZATION),
    ],
)
def test_scopes(
    api: ChatApi, action: str, scopes: tuple[str, ...], group_id: int, refusal: Refusal | None
) -> None:
    body = body_of(some_chat(api, group_id), "gave up waiting")
    answer = api.post(action, body, scopes=scopes, email=NORMAL)
    assert (None if answer.ok else refused(answer)[:2]) == refusal
