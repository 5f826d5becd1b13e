"""Reading answers with chats, whatever is in them."""

import json
from collections import Counter
from typing import Any

import pytest
from answers import AGENT, CUSTOMER, VERSIONS, body, chat

from lc_tutorial.errors import PlatformAnswerError
from lc_tutorial.tables import wire
from lc_tutorial.tables.pruning import pruner
from lc_tutorial.tables.reading import Malformed, Page, decode_answer


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_read(version: str) -> None:
    page = decode_answer(
        body(chat(version=version), version=version, next_page_id="two", previous_page_id="zero")
    )
    assert (page.malformed, page.unknown_fields) == ((), {})
    assert not page.with_all_events

    (read,) = page.chats
    assert read.id == "PJ0MRSHTDG"
    assert isinstance(read, wire.ChatSummary)
    (thread,) = page.threads
    assert isinstance(thread, wire.LastThread)
    assert thread.user_ids == (AGENT, CUSTOMER)
    assert thread.queue == wire.Queue(2, 90, "2026-05-12T11:42:48.000001Z")
    assert read.users is not None
    customer, agent = read.users
    assert isinstance(customer, wire.Customer)
    visit = customer.visit or customer.last_visit
    assert visit is not None
    assert visit.ip == "203.0.113.7"
    assert isinstance(agent, wire.Agent)
    assert agent.id == AGENT
    last = read.last_event_per_type or thread.last_event_per_type
    assert last is not None
    assert last.message is not None
    assert last.message.event.text == "Your order is on its way."
    assert last.form is None


def test_the_misspelt_properties_of_the_documentation_are_known() -> None:
    misspelt = chat()
    misspelt["properites"] = misspelt.pop("properties")
    page = decode_answer(body(misspelt))
    assert not page.unknown_fields
    assert bytes(page.chats[0].properites) == json.dumps(misspelt["properites"]).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b'{"chats_summary": [], "found_chats": 0}',
        b'{"chats_info": []}',
        b'{"chats_summary": null, "found_chats": 0}',
        b'{"found_chats": 0}',
    ],
)
def test_an_answer_without_chats_has_none(answer: bytes) -> None:
    assert decode_answer(answer).chats == []


def test_what_is_missing_or_null_is_missing() -> None:
    bare = {"id": "A"}
    nulls = {
        "id": "B",
        "last_thread_summary": None,
        "users": None,
        "last_event_per_type": None,
        "access": None,
        "properties": None,
        "is_followed": None,
    }
    inner = chat("C")
    inner["last_thread_summary"] = {"id": "T", "user_ids": None, "tags": None, "queue": None}
    inner["users"] = [{"id": CUSTOMER, "visit": None, "statistics": None, "name": None}]
    inner["last_event_per_type"] = {"message": None}
    page = decode_answer(body(bare, nulls, inner))
    assert [each.id for each in page.chats] == ["A", "B", "C"]
    assert not page.malformed
    assert not page.unknown_fields


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "can't be read"),
        (b"<html>", "can't be read"),
        (b"[]", "can't be read"),
        (b'{"chats_summary": {}}', "can't be read"),
        (b'{"chats_summary": [{"id": "A"}', "can't be read"),
        (b'{"error": {"type": "authentication"}}', "error"),
        (b'{"access_token": "x", "scope": "y"}', "this has access_token, scope"),
        (b"{}", "this has nothing"),
    ],
)
def test_what_is_no_answer_with_chats_is_an_error(answer: bytes, why: str) -> None:
    with pytest.raises(PlatformAnswerError) as caught:
        decode_answer(answer)
    assert caught.value.what == "This is not an answer with chats."
    assert why in caught.value.why
    assert caught.value.remedy


def test_fields_that_are_not_documented_are_counted_and_the_rest_is_read() -> None:
    known, changed = chat("A"), chat("B")
    changed["colour"] = "red"
    changed["users"][0]["visit"]["device"] = {"kind": "phone"}
    for user in changed["users"]:
        user["mood"] = 1
    changed["last_thread_summary"]["queue"]["fast"] = True
    changed["last_event_per_type"]["message"]["event"]["emoji"] = ":)"
    changed["last_event_per_type"]["message"]["at"] = 1

    page = decode_answer(body(known, changed, greeting="hello"))
    assert page.unknown_fields == {
        "colour": 1,
        "users.visit.device": 1,
        "users.mood": 2,
        "last_thread_summary.queue.fast": 1,
        "last_event_per_type.message.event.emoji": 1,
        "last_event_per_type.message.at": 1,
        "greeting": 1,
    }
    assert not page.malformed
    (without,) = decode_answer(body(chat("B"))).chats
    read = page.chats[1]
    assert plain(read) == plain(without)


def plain(value: Any) -> Any:
    """A Struct as something to compare; JSON that was kept is compared as what it says."""
    if isinstance(value, wire.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, wire.Raw):
        return json.loads(bytes(value) or b"null")
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_events_of_types_that_are_not_documented_are_read(version: str) -> None:
    changed = chat(version=version)
    holder = changed["last_thread_info"] if version == "3.7" else changed
    holder["last_event_per_type"]["hologram"] = {
        "thread_id": "T",
        "event": {"id": "T_9", "type": "hologram", "text": "Boo", "size": 3},
    }
    page = decode_answer(body(changed, version=version))
    assert page.unknown_fields == {
        ("last_thread_info." if version == "3.7" else "")
        + "last_event_per_type.of_other_types.event.size": 1
    }
    thread = page.chats[0].last_thread_info
    last = page.chats[0].last_event_per_type or (thread and thread.last_event_per_type)
    assert last
    assert last.message
    assert last.of_other_types
    assert last.of_other_types["hologram"].event.text == "Boo"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"users": "nobody"}, "Expected `array | null`, got `str` - at `$.users`"),
        ({"users": [{"id": 7}]}, "Expected `str`, got `int` - at `$.users[0].id`"),
        ({"users": [{"name": "x"}]}, "missing required field `id` - at `$.users[0]`"),
        ({"last_thread_summary": []}, "$.last_thread_summary"),
        ({"is_followed": "yes"}, "$.is_followed"),
        ({"last_event_per_type": {"message": {}}}, "missing required field `event`"),
        (
            {"users": [{"id": "u", "statistics": {"chats_count": 2**63}}]},
            "$.users[0].statistics.chats_count",
        ),
    ],
)
def test_a_malformed_chat_is_named_and_the_rest_is_read(change: dict[str, Any], why: str) -> None:
    page = decode_answer(body(chat("A"), chat("B") | change, chat("C")))
    assert [each.id for each in page.chats] == ["A", "C"]
    (malformed,) = page.malformed
    assert malformed.chat_id == "B"
    assert why in malformed.why


@pytest.mark.parametrize("nobody", [{"id": 5}, {}, None, 5, [], "chat"])
def test_a_chat_without_an_id_is_reported_without_one(nobody: Any) -> None:
    page = decode_answer(body(nobody, chat("A")))
    assert [each.id for each in page.chats] == ["A"]
    assert [each.chat_id for each in page.malformed] == [None]


@pytest.mark.parametrize("odd", ["", '"colour": 1, '])
@pytest.mark.parametrize("name", [rb"\ud83d", b"\xff"])
def test_broken_text_costs_a_character(name: bytes, odd: str) -> None:
    broken = b'{"id": "B", %s"users": [{"id": "u", "name": "Ada %s"}]}' % (odd.encode(), name)
    page = decode_answer(b'{"chats_summary": [{"id": "A"}, %s, {"id": "C"}]}' % broken)
    assert [each.id for each in page.chats] == ["A", "B", "C"]
    assert page.chats[1].users
    assert page.chats[1].users[0].name in ("Ada ?", "Ada \N{REPLACEMENT CHARACTER}")


def test_a_malformed_chat_with_unknown_fields_is_just_malformed() -> None:
    page = decode_answer(body({"id": "A", "colour": 1, "users": 1}))
    assert page == Page([], [], malformed=page.malformed, unknown_fields=Counter({"colour": 1}))
    assert page.malformed == [
        Malformed("chat", "Expected `array | null`, got `int` - at `$.users`.", chat_id="A")
    ]


def test_pruning_leaves_what_does_not_fit_for_the_decoder_to_name() -> None:
    unknown: Counter[str] = Counter()
    for value in (None, 1, "x", [1, {"id": "A"}], {"users": {"0": {"odd": 1}}}):
        pruner(wire.Chat)(value, unknown)
    pruner(wire.Chat)({"users": [None, 1, {"odd": 1}, {"type": "agent", "odd": 1}]}, unknown)
    assert unknown == {"users.odd": 1}
