"""Reading answers of List Chats, whatever is in them."""

import json
from typing import Any

import pytest
from answers import AGENT, CUSTOMER, body, chat

from lc_tutorial import wire
from lc_tutorial.errors import PlatformAnswerError
from lc_tutorial.pruning import pruner
from lc_tutorial.reading import Malformed, Page, decode_list_chats

VERSIONS = ["3.4", "3.5", "3.6", "3.7"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_read(version: str) -> None:
    page = decode_list_chats(
        body(chat(version=version), version=version, next_page_id="two", previous_page_id="zero")
    )
    assert (page.next_page_id, page.previous_page_id, page.found_chats) == ("two", "zero", 1)
    assert (page.malformed, page.unknown_fields) == ((), {})

    (read,) = page.chats
    assert read.id == "PJ0MRSHTDG"
    thread = read.last_thread_summary or read.last_thread_info
    assert thread is not None
    assert thread.user_ids == (AGENT, CUSTOMER)
    assert thread.queue == wire.Queue(2, 90, "2026-05-12T11:42:48.000001Z")
    assert read.users is not None
    customer, agent = read.users
    visit = customer.visit or customer.last_visit
    assert visit is not None
    assert visit.ip == "203.0.113.7"
    assert (agent.id, agent.type) == (AGENT, "agent")
    last = read.last_event_per_type or thread.last_event_per_type
    assert last is not None
    assert last.message is not None
    assert last.message.event.text == "Your order is on its way."
    assert last.form is None


def test_the_misspelt_properties_of_the_documentation_are_known() -> None:
    misspelt = chat()
    misspelt["properites"] = misspelt.pop("properties")
    page = decode_list_chats(body(misspelt))
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
    assert decode_list_chats(answer).chats == []


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
    page = decode_list_chats(body(bare, nulls, inner))
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
def test_what_is_no_answer_of_list_chats_is_an_error(answer: bytes, why: str) -> None:
    with pytest.raises(PlatformAnswerError) as caught:
        decode_list_chats(answer)
    assert caught.value.what == "This is not an answer of List Chats."
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

    page = decode_list_chats(body(known, changed, greeting="hello"))
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
    (without,) = decode_list_chats(body(chat("B"))).chats
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
    page = decode_list_chats(body(changed, version=version))
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
    page = decode_list_chats(body(chat("A"), chat("B") | change, chat("C")))
    assert [each.id for each in page.chats] == ["A", "C"]
    (malformed,) = page.malformed
    assert malformed.chat_id == "B"
    assert why in malformed.why


@pytest.mark.parametrize("nobody", [{"id": 5}, {}, None, 5, [], "chat"])
def test_a_chat_without_an_id_is_reported_without_one(nobody: Any) -> None:
    page = decode_list_chats(body(nobody, chat("A")))
    assert [each.id for each in page.chats] == ["A"]
    assert [each.chat_id for each in page.malformed] == [None]


@pytest.mark.parametrize("odd", ["", '"colour": 1, '])
@pytest.mark.parametrize("name", [rb"\ud83d", b"\xff"])
def test_broken_text_costs_a_character(name: bytes, odd: str) -> None:
    broken = b'{"id": "B", %s"users": [{"id": "u", "name": "Ada %s"}]}' % (odd.encode(), name)
    page = decode_list_chats(b'{"chats_summary": [{"id": "A"}, %s, {"id": "C"}]}' % broken)
    assert [each.id for each in page.chats] == ["A", "B", "C"]
    assert page.chats[1].users
    assert page.chats[1].users[0].name in ("Ada ?", "Ada \N{REPLACEMENT CHARACTER}")


def test_a_malformed_chat_with_unknown_fields_is_just_malformed() -> None:
    page = decode_list_chats(body({"id": "A", "colour": 1, "users": 1}))
    assert page == Page(
        [],
        found_chats=1,
        malformed=page.malformed,
        unknown_fields=page.unknown_fields,
    )
    assert isinstance(page.malformed[0], Malformed)
    assert page.malformed[0].chat_id == "A"


def test_pruning_leaves_what_does_not_fit_for_the_decoder_to_name() -> None:
    from collections import Counter

    unknown: Counter[str] = Counter()
    for value in (None, 1, "x", [1, {"id": "A"}], {"users": {"0": {"odd": 1}}}):
        pruner(wire.Chat)(value, unknown)
    assert unknown == {"users.odd": 1}
