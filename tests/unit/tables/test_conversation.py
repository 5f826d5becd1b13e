"""A chat as people read it."""

import json
from typing import Any

import pytest
from answers import AGENT, CUSTOMER, body, chat
from hypothesis import given, settings
from hypothesis import strategies as st

from lc_tutorial.errors import InputError
from lc_tutorial.tables.conversation import LAST_EVENTS_ONLY, Conversation
from lc_tutorial.tables.frames import Tables, tables

MARKUP = "<img src=x onerror=alert(1)>"


def read(made: Tables, chat_id: Any) -> Conversation:
    return made.conversation(chat_id)


def with_event(**event: Any) -> dict[str, Any]:
    """A chat of one event."""
    told = chat("A")
    made = {"id": "AT_1", "created_at": "2026-05-12T11:50:01.000000Z", "visibility": "all", **event}
    last = {"thread_id": "AT", "thread_created_at": "2026-05-12T11:42:47.383000Z", "event": made}
    told["last_event_per_type"] = {event["type"]: last}
    return told


def line_of(**event: Any) -> str:
    """What the plain text says of an event."""
    return repr(read(tables(body(with_event(**event))), "A")).splitlines()[-1]


def test_who_said_what_and_when() -> None:
    assert repr(read(tables(body(chat("A"))), "A")).splitlines() == [
        "Chat A: Ada (customer), Smith (agent)",
        "List Chats knows only the last event of each type, so there are gaps. The whole",
        "conversation is in List Archives and Get Chat.",
        "",
        "── 12 May 2026 · refund, support " + "─" * 55,
        "11:50  Smith (agent): Your order is on its way.",
        "11:50  · The chat was closed",
        "11:50  Ada (customer) filled in a form. Name: Ada",
        "11:50  Ada (customer) sent a file: invoice.pdf (application/pdf, 1 kB)",
        "11:50  · cdp reported: order",
        "11:50  · deleted a message",
    ]


def archived(*threads: dict[str, Any]) -> dict[str, Any]:
    """An answer of List Archives: each thread in its chat."""
    users = chat("A")["users"]
    return {"chats": [{"id": "A", "users": users, "thread": each} for each in threads]}


def thread(thread_id: str, created_at: str, **more: Any) -> dict[str, Any]:
    event = {"id": f"{thread_id}_1", "type": "message", "author_id": AGENT, "text": thread_id}
    return {"id": thread_id, "created_at": created_at, "events": [event], **more}


def test_all_of_a_chat_has_no_warning_of_gaps() -> None:
    whole = read(tables(archived(thread("T", "2026-05-12T11:42:47.383000Z"))), "A")
    assert repr(whole).endswith("Smith (agent): T")
    assert LAST_EVENTS_ONLY not in repr(whole)
    assert LAST_EVENTS_ONLY not in whole._repr_html_()
    assert LAST_EVENTS_ONLY in read(tables(body(chat("A"))), "A")._repr_html_()


def test_threads_of_the_archives_are_in_order_whatever_came_first() -> None:
    shown = read(
        tables(
            archived(
                thread("SECOND", "2026-05-12T11:42:47.383000Z", tags=["refund"]),
                thread("FIRST", "2026-05-12T08:00:00.000000Z"),
            )
        ),
        "A",
    )
    assert [part.thread_id for part in shown.parts] == ["FIRST", "SECOND"]
    assert [part.heading for part in shown.parts] == ["12 May 2026", "12 May 2026 · refund"]


def test_what_the_plan_hides_is_said_to_be_hidden() -> None:
    hidden = {
        "id": "OLD",
        "created_at": "2026-01-02T08:00:00.000000Z",
        "restricted_access": "Older than 60 days.",
    }
    shown = read(tables(archived(hidden, thread("T", "2026-05-12T08:00:00.000000Z"))), "A")
    assert "2 January 2026" in repr(shown)
    assert "What was said is hidden: Older than 60 days." in repr(shown)


def test_threads_alone_can_be_read() -> None:
    made = tables({"threads": [thread("T", "2026-05-12T08:00:00.000000Z")], "found_threads": 1})
    assert made.threads["chat_id"].isna().all(), "List Threads does not name the chat"
    with pytest.raises(InputError, match="only the request did"):
        read(made, "A")
    assert "lc.tables(response)." in repr(made.conversation())


def test_without_an_id_it_is_the_longest() -> None:
    short = with_event(type="message", author_id=AGENT, text="Hi") | {"id": "S"}
    assert tables(body(short, chat("L"), short | {"id": "S2"})).conversation().chat_id == "L"
    assert tables(body({"id": "A"})).conversation().chat_id == "A"


def test_without_chats_there_is_a_sentence_and_no_error() -> None:
    shown = tables(body()).conversation()
    assert repr(shown) == "The tables have no chats."
    assert "The tables have no chats." in shown._repr_html_()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"type": "message", "text": "Hi", "author_id": CUSTOMER}, "Ada (customer): Hi"),
        (
            {"type": "message", "text": "psst", "author_id": AGENT, "visibility": "agents"},
            "Smith (agent), for agents only: psst",
        ),
        (
            {"type": "message", "text": "Yes", "author_id": CUSTOMER, "postback": {"id": "1"}},
            "Ada (customer) chose “Yes”",
        ),
        (
            {"type": "message", "text": "oops", "author_id": AGENT, "deleted": True},
            "Smith (agent) deleted: oops",
        ),
        ({"type": "message", "author_id": AGENT, "deleted": True}, "Smith (agent) deleted a"),
        ({"type": "file", "author_id": CUSTOMER}, "Ada (customer) sent a file: without a name"),
        (
            {"type": "file", "author_id": AGENT, "name": "a.jpg", "size": 2_345_678},
            "Smith (agent) sent a file: a.jpg (2.3 MB)",
        ),
        (
            {
                "type": "filled_form",
                "author_id": CUSTOMER,
                "fields": [
                    {"type": "name", "label": "Name:", "answer": ""},
                    {"type": "radio", "label": "Solved?", "answer": {"id": "0", "label": "No"}},
                    {"type": "checkbox", "label": "Topics", "answers": [{"label": "Tea"}, "Oil"]},
                ],
            },
            "filled in a form. Name: (empty) · Solved?: No · Topics: Tea, Oil",
        ),
        (
            {"type": "form", "author_id": AGENT, "fields": [{"type": "email", "label": "E-mail"}]},
            "Smith (agent) asked to fill in a form. E-mail",
        ),
        (
            {
                "type": "rich_message",
                "author_id": AGENT,
                "template_id": "cards",
                "elements": [{"title": "Tea", "subtitle": "5 €", "buttons": [{"text": "Buy"}]}],
            },
            "Smith (agent) showed a card. Tea: 5 € [Buy]",
        ),
        (
            {"type": "custom", "author_id": AGENT, "content": {"parcel": "F1"}},
            'Smith (agent) sent data of an app: {"parcel": "F1"}',
        ),
        ({"type": "system_message", "system_message_type": "a.b"}, "· a.b"),
        ({"type": "hologram", "text": "Hi"}, "· an event of the type hologram: Hi"),
        ({"type": "message", "text": "Hi", "author_id": "x@example.com"}, "x@example.com (agent):"),
        ({"type": "message", "text": "Hi", "author_id": "somebody"}, "Customer: Hi"),
    ],
)
def test_each_type_of_event_in_words(event: dict[str, Any], said: str) -> None:
    assert said in line_of(**event)


@pytest.mark.parametrize("event_type", ["file", "filled_form", "form", "rich_message", "custom"])
@pytest.mark.parametrize("field", ["fields", "elements", "content", "size", "name"])
@pytest.mark.parametrize("value", [None, 7, "x", [7, None], [{"answers": 7, "buttons": 7}], {}])
def test_what_nobody_expects_is_no_error(event_type: str, field: str, value: Any) -> None:
    made = tables(body(with_event(type=event_type, author_id=AGENT, **{field: value})))
    shown = read(made, "A")
    assert "Smith" in repr(shown)
    assert "Smith" in shown._repr_html_()


def test_threads_are_apart_and_in_order() -> None:
    told = chat("A")
    events = told["last_event_per_type"]
    events["file"] |= {"thread_id": "EARLIER", "thread_created_at": "2026-04-01T08:00:00.000000Z"}
    events["file"]["event"]["created_at"] = "2026-04-01T08:01:00.000000Z"
    shown = read(tables(body(told)), "A")
    assert [part.heading for part in shown.parts] == [
        "1 April 2026",
        "12 May 2026 · refund, support",
    ]
    assert [len(part.said) for part in shown.parts] == [1, 5]
    html = shown._repr_html_()
    assert html.index("1 April 2026") < html.index("invoice.pdf") < html.index("12 May 2026")


def test_customers_and_agents_look_different() -> None:
    html = read(tables(body(chat("A"))), "A")._repr_html_()
    assert '<div class="lc-event lc-agent"><div class="lc-who">Smith (agent)' in html
    assert '<div class="lc-event lc-customer"><div class="lc-who">Ada (customer)' in html
    assert '<div class="lc-system"><span class="lc-time">11:50</span> The chat was closed' in html


def test_a_text_may_run_from_right_to_left() -> None:
    told = with_event(type="message", author_id=CUSTOMER, text="תודה")
    html = read(tables(body(told)), "A")._repr_html_()
    assert '<div class="lc-bubble" dir="auto">תודה</div>' in html
    asked = read(tables(body(with_event(type="form", author_id=AGENT))), "A")._repr_html_()
    assert '<div class="lc-bubble lc-happened">asked to fill' in asked


def test_all_is_escaped() -> None:
    told = with_event(type="message", author_id=CUSTOMER, text=MARKUP)
    told["users"][0]["name"] = MARKUP
    told["last_thread_summary"]["tags"] = [MARKUP]
    html = read(tables(body(told)), "A")._repr_html_()
    assert "<img" not in html
    assert html.count("&lt;img") == 4, "in the heading, of the tag, as author and as text"


def test_without_a_name() -> None:
    told = with_event(type="message", author_id=CUSTOMER, text="Hi")
    del told["users"][0]["name"]
    assert "ada@example.org (customer): Hi" in repr(read(tables(body(told)), "A"))
    del told["users"][0]["email"]
    assert repr(read(tables(body(told)), "A")).endswith("11:50  Customer: Hi")


def test_long_texts_are_broken_and_lines_kept() -> None:
    text = "word " * 40 + "\nsecond line"
    lines = repr(read(tables(body(with_event(type="message", author_id=AGENT, text=text))), "A"))
    assert max(map(len, lines.splitlines())) <= 88
    assert lines.endswith("\n       second line")


def test_a_chat_without_events() -> None:
    shown = read(tables(body({"id": "A"})), "A")
    assert repr(shown) == "Chat A: nobody\nNothing was said."
    assert "Nothing was said." in shown._repr_html_()


@pytest.mark.parametrize(
    ("chat_id", "told"),
    [("AT", "no chat 'AT'"), (0, "no chat id: 0"), (7.5, "no chat id: 7.5"), ("", "no chat ''")],
)
def test_an_unknown_chat(chat_id: Any, told: str) -> None:
    with pytest.raises(InputError, match=told) as problem:
        read(tables(body(chat("A"))), chat_id)
    assert problem.value.why
    assert "such as 'A'" in problem.value.remedy


def test_no_chats_at_all() -> None:
    with pytest.raises(InputError, match="The tables have no chats"):
        read(tables(body()), "A")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["fields", "answer", "answers", "label", "elements", "buttons", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(
    event_type=st.sampled_from(["message", "file", "filled_form", "rich_message", "custom"]),
    fields=_json,
    elements=_json,
)
def test_whatever_came_can_be_shown(event_type: str, fields: Any, elements: Any) -> None:
    told = with_event(type=event_type, author_id=AGENT, fields=fields, elements=elements)
    shown = read(tables(json.dumps({"chats_summary": [told]})), "A")
    assert repr(shown).startswith("Chat A: Ada (customer), Smith (agent)")
    assert "Smith" in shown._repr_html_()
