"""Tables of archives, threads and single chats."""

import json
from typing import Any

import pandas as pd
import pytest
import requests
import taken_apart
from answers import AGENT, CUSTOMER, VERSIONS, archived, archives, body, chat, thread, threads
from rows import row, value
from stand_in import StandIn

from lc_tutorial.errors import InputError
from lc_tutorial.tables.frames import tables

NAMES = ("chats", "users", "threads", "events", "tags", "problems", "unknown")


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in frame.dtypes.items() if "." not in str(name)}


# --- What is in them ----------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_thread_is_a_row(version: str) -> None:
    later = version >= "3.6"
    place = {
        "country": "Poland",
        "country_code": "PL",
        "region": "Dolnoslaskie",
        "city": "Wrocław",
        "timezone": "Europe/Warsaw",
        "latitude": 51.1043015,
        "longitude": 17.0335007,
    }
    made = tables(archives(archived(version=version)))
    assert row(made.threads) == {
        "chat_id": "PJ0MRSHTDG",
        "thread_id": "K600PKZON8",
        "created_at": "2026-05-12T11:42:47.383000+00:00",
        "active": True,
        "tags": ["refund", "support"],
        "user_ids": [AGENT, CUSTOMER],
        "group_ids": [0, 3],
        "queue_position": 2,
        "queue_wait_time": 90,
        "queue_queued_at": "2026-05-12T11:42:48.000001+00:00",
        "queues_duration": 12,
        "restricted_access": None,
        "previous_thread_id": "K600PKZOM8",
        "next_thread_id": "K600PKZOO8",
        "previous_accessible_thread_id": "K600PKZOL8",
        "next_accessible_thread_id": "K600PKZOP8",
        "summary": "• Asked for an order." if later else None,
        "summary_status": "ok" if later else None,
        "summary_updated_at": "2026-05-12T12:40:00+00:00" if later else None,
        "customer_visit_ip": "203.0.113.7" if later else None,
        "customer_visit_user_agent": "Mozilla/5.0" if later else None,
        **{f"customer_visit_{name}": there if later else None for name, there in place.items()},
        "properties.rating.score": 1,
    }
    assert len(made.problems) == len(made.unknown) == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_all_events_of_a_thread_are_rows_in_their_order(version: str) -> None:
    events = tables(archives(archived(version=version))).events
    sent = archived(version=version)["thread"]["events"]
    assert [*events["event_id"]] == [event["id"] for event in sent]
    assert [*events["type"]] == [event["type"] for event in sent]
    assert set(events["thread_id"]) == {"K600PKZON8"}
    assert events["text"].iloc[0] == "Your order is on its way."
    assert events["system_message_type"].iloc[1] == "routing.archived"
    assert json.loads(events["other_fields"].iloc[3])["url"] == (
        "https://cdn.example.com/invoice.pdf"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_list_of_chats_has_the_last_thread_of_each(version: str) -> None:
    made = tables(body(chat("A", version), {"id": "B"}, chat("C", version), version=version))
    assert [*made.threads["thread_id"]] == ["AT", "CT"]
    assert [*made.threads["chat_id"]] == ["A", "C"]
    first = row(made.threads)
    assert first["tags"] == ["refund", "support"]
    assert first["properties.rating.score"] == 1
    assert first["summary"] is None
    assert [value(each) for each in made.chats["last_thread_id"]] == ["AT", None, "CT"]


def test_a_chat_and_its_last_thread_do_not_share_memory() -> None:
    made = tables(body(chat("A"), chat("B")))
    made.chats.loc[0, "last_thread_active"] = False
    made.chats.loc[0, "last_thread_id"] = "changed"
    made.threads.loc[1, "queue_position"] = 77
    assert [*made.threads["active"]] == [True, True]
    assert [*made.threads["thread_id"]] == ["AT", "BT"]
    assert [*made.chats["last_thread_queue_position"]] == [2, 2]


def test_a_hidden_thread_has_the_reason_and_no_events() -> None:
    hidden = archived()
    del hidden["thread"]["events"]
    hidden["thread"]["restricted_access"] = "Not on this plan"
    made = tables(archives(hidden, archived("B", "T2")))
    assert [value(each) for each in made.threads["restricted_access"]] == ["Not on this plan", None]
    assert set(made.events["thread_id"]) == {"T2"}
    assert made.events["chat_id"].nunique() == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_one_chat_is_an_answer_too(version: str) -> None:
    one, many = (
        tables(answer)
        for answer in (json.dumps(archived(version=version)), archives(archived(version=version)))
    )
    for name in NAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(many, name))


def test_a_chat_without_a_thread_is_a_chat() -> None:
    lonely = archived()
    del lonely["thread"]
    made = tables(json.dumps(lonely))
    assert [*made.chats["customer_name"]] == ["Ada"]
    assert len(made.users) == 2
    assert len(made.threads) == len(made.events) == len(made.problems) == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "empty", [b'{"chats": []}', b'{"threads": []}', b'{"chats_info": []}', b'{"found_threads": 0}']
)
def test_columns_and_dtypes_are_those_of_lists_of_chats(name: str, empty: bytes) -> None:
    wanted = dtypes(getattr(tables(b'{"chats_summary": []}'), name))
    assert dtypes(getattr(tables(empty), name)) == wanted
    for full in (archives(archived(), {"id": 5}), threads(thread(), 5)):
        assert dtypes(getattr(tables(full), name)) == wanted


# --- Where the chat of a thread comes from ------------------------------------------------------


def test_the_request_names_the_chat_of_threads() -> None:
    with StandIn() as server:
        server.answers(200, threads(thread("T1"), thread("T2")))
        asked = {"chat_id": "PJ0MRSHTDG", "limit": 2}
        response = requests.post(server.origin, json=asked, timeout=10)
        made = tables([response])
    assert [*made.threads["chat_id"]] == ["PJ0MRSHTDG"] * 2
    assert set(made.events["chat_id"]) == {"PJ0MRSHTDG"}
    assert set(made.tags["chat_id"]) == {"PJ0MRSHTDG"}


@pytest.mark.parametrize("asked", [None, b"", "not JSON", b"\xff", "[]", '{"chat_id": 5}', 7])
def test_without_a_request_that_names_it_the_chat_is_missing(asked: Any) -> None:
    response = requests.Response()
    response.status_code = 200
    response._content = threads(thread())
    response.request = requests.PreparedRequest()
    response.request.body = asked
    for answer in (response, response.content, response.json()):
        made = tables(answer)
        assert [*made.threads["thread_id"]] == ["K600PKZON8"]
        assert made.threads["chat_id"].isna().all()
        assert made.events["chat_id"].isna().all()
        assert len(made.events) == 6


# --- What comes twice ---------------------------------------------------------------------------


def test_a_chat_with_several_threads_is_one_row_as_of_the_newest() -> None:
    times = ["2026-03-01T00:00:00Z", "2026-05-01T00:00:00+02:00", "2026-04-01T00:00:00Z"]
    pages = []
    for number, time in enumerate(times):
        part = archived("A", f"T{number}", created_at=time)
        part["users"][0]["name"] = f"Ada {number}"
        pages.append(archives(part))
    made = tables(pages)
    assert [*made.chats["last_thread_id"]] == ["T1"]
    assert [*made.users["name"]] == ["Ada 1", "Smith"]
    assert [*made.threads["thread_id"]] == ["T0", "T1", "T2"]
    assert len(made.events) == 18
    assert made.repeated == 0


def test_a_thread_that_comes_again_is_the_later_one_once() -> None:
    again = archived("A", "T1")
    again["thread"]["tags"] = ["spam"]
    again["thread"]["events"] = again["thread"]["events"][:1]
    again["users"][0]["name"] = "Grace"
    made = tables([archives(archived("A", "T1"), archived("A", "T2")), archives(again)])
    assert [*made.threads["thread_id"]] == ["T2", "T1"]
    assert [*made.tags["tag"]] == ["refund", "support", "spam"]
    assert made.events["thread_id"].value_counts().to_dict() == {"T2": 6, "T1": 1}
    assert [*made.chats["customer_name"]] == ["Grace"], "of equally new ones the later"
    assert made.repeated == 1
    assert "1 thread came more than once: the later one is kept." in repr(made)


def test_the_same_thread_id_in_two_chats_is_two_threads() -> None:
    made = tables(archives(archived("A", "T"), archived("B", "T")))
    assert [*made.threads["chat_id"]] == ["A", "B"]


def test_lists_of_chats_and_whole_threads_do_not_mix() -> None:
    for mixture in (
        [body(chat()), archives(archived())],
        [threads(thread()), body(chat())],
    ):
        with pytest.raises(InputError, match="don't go into the same tables"):
            tables(mixture)


def test_an_answer_without_chats_goes_with_any_other() -> None:
    none_ended, none_at_all = archives(), {"chats_summary": [], "found_chats": 0}
    ended, going_on = archives(archived("A")), body(chat("B"))
    for mixture, chat_id, with_all_events in (
        ([none_ended, going_on, none_ended], "B", False),
        ([none_at_all, ended, none_at_all], "A", True),
    ):
        made = tables(mixture)
        assert [*made.chats["chat_id"]] == [chat_id]
        assert made.with_all_events is with_all_events
        assert len(made.events)
    made = tables([archives(), b'{"found_chats": 0}', body(), archives(archived()), body()])
    assert len(made.events) == 6


# --- What came that nobody expected -------------------------------------------------------------


def test_fields_and_types_that_are_not_documented_are_counted() -> None:
    odd = archived()
    odd["colour"] = "red"
    odd["thread"]["highlights"] = [{"text": "<em>order</em>"}]
    odd["thread"]["access"]["level"] = 1
    odd["thread"]["customer_visit"]["geolocation"]["planet"] = "Earth"
    odd["thread"]["summary"]["mood"] = "good"
    odd["thread"]["events"][0]["emoji"] = ":)"
    odd["thread"]["events"].insert(
        1, {"id": "h", "type": "hologram", "text": "Boo", "size": 3, "created_at": None}
    )
    odd["users"].append({"id": "robot-1", "type": "robot", "name": "R", "visibility": "all"})
    made = tables(archives(odd, archived("B", "T2"), greeting="hello"))
    assert {(each.kind, each.name_, each.count_) for each in of(made.unknown)} == {
        ("field", "greeting", 1),
        ("field", "colour", 1),
        ("field", "thread.highlights", 1),
        ("field", "thread.access.level", 1),
        ("field", "thread.customer_visit.geolocation.planet", 1),
        ("field", "thread.summary.mood", 1),
        ("field", "thread.events.emoji", 1),
        ("field", "thread.events.size", 1),
        ("event type", "hologram", 1),
    }
    assert len(made.problems) == 0
    assert [*made.events["type"]][:3] == ["message", "hologram", "system_message"]
    assert made.events["text"].iloc[1] == "Boo"
    assert made.users.query("user_id == 'robot-1'")[["type", "name"]].values.tolist() == [
        ["robot", "R"]
    ]
    assert len(made.chats) == 2


def of(unknown: pd.DataFrame) -> Any:
    return unknown.rename(columns={"name": "name_", "count": "count_"}).itertuples()


@pytest.mark.parametrize("nothing", [{}, {"type": None}])
def test_an_event_that_does_not_say_its_type_has_none(nothing: dict[str, Any]) -> None:
    made = tables(threads(thread(events=[{"id": "e", "text": "Hi", **nothing}])))
    assert [value(made.events[name].iloc[0]) for name in ("event_id", "type", "text")] == [
        "e",
        None,
        "Hi",
    ]


def test_a_malformed_event_is_reported_and_the_rest_lands() -> None:
    broken = archived("A", "T1")
    broken["thread"]["events"][1]["text"] = 5
    broken["thread"]["events"].append("nothing")
    made = tables(archives(broken, archived("B", "T2")))
    assert made.events["thread_id"].value_counts().to_dict() == {"T2": 6, "T1": 5}
    assert [*made.threads["thread_id"]] == ["T1", "T2"]
    first, second = (row(made.problems, number) for number in range(2))
    assert (first["chat_id"], first["thread_id"], first["event_id"]) == ("A", "T1", "T1_1")
    assert first["problem"] == (
        "The event is left out, it can't be read: Expected `str | null`, got `int` - at `$.text`."
    )
    assert (second["chat_id"], second["thread_id"], second["event_id"]) == ("A", "T1", None)


@pytest.mark.parametrize("broken", [{"active": "yes"}, {"user_ids": 5}, {"id": ["T1"]}])
def test_a_malformed_thread_is_reported_and_its_chat_lands(broken: dict[str, Any]) -> None:
    made = tables(archives(archived("A", "T1", **broken), archived("B", "T2")))
    assert [*made.chats["chat_id"]] == ["A", "B"]
    assert [value(each) for each in made.chats["last_thread_id"]] == [None, "T2"]
    assert [*made.threads["thread_id"]] == ["T2"]
    assert len(made.users) == 4
    problem = row(made.problems)
    assert problem["chat_id"] == "A"
    assert problem["thread_id"] == ("T1" if "id" not in broken else None)
    assert problem["problem"].startswith("The thread is left out")


def test_a_malformed_thread_of_a_list_of_threads_is_reported() -> None:
    made = tables(threads(thread("T1"), thread("T2", active="yes"), thread("T3")))
    assert [*made.threads["thread_id"]] == ["T1", "T3"]
    assert [*made.problems["thread_id"]] == ["T2"]
    assert made.problems["chat_id"].isna().all()


def test_a_malformed_chat_is_reported_and_the_rest_lands() -> None:
    made = tables(archives(archived("A") | {"users": 5}, archived("B", "T2"), {"id": 7}))
    assert [*made.chats["chat_id"]] == ["B"]
    assert [value(each) for each in made.problems["chat_id"]] == ["A", None]


def test_a_time_that_is_none_is_reported_with_its_thread() -> None:
    odd = archived("A", "T1", created_at="soon")
    odd["thread"]["events"][2]["created_at"] = "later"
    made = tables(archives(archived("B", "T2"), odd))
    assert [row(made.problems, number) for number in range(len(made.problems))] == [
        {
            "chat_id": "A",
            "thread_id": "T1",
            "event_id": None,
            "problem": f"{name} can't be read: {said!r}.",
        }
        for name, said in (
            ("threads.created_at", "soon"),
            ("events.created_at", "later"),
        )
    ]
    assert made.events["thread_created_at"].isna().sum() == len(odd["thread"]["events"])


@pytest.mark.parametrize("broken", [b"\xff", rb"\ud83d"])
def test_broken_text_costs_a_character(broken: bytes) -> None:
    answer = archives(archived("A", "T1"), archived("B", "T2")).replace(b"Ada", broken, 1)
    made = tables(answer)
    assert len(made.problems) == 0
    assert made.chats["customer_name"].iloc[0] in ("?", "\N{REPLACEMENT CHARACTER}")
    assert len(made.events) == 12


def test_pages_of_any_size_make_the_same_tables() -> None:
    parts = [archived(f"C{number // 3}", f"T{number}") for number in range(900)]
    for number, part in enumerate(parts):
        part["thread"]["created_at"] = f"2026-05-12T11:42:47.{number * 7919 % 1000:06}Z"
        if number % 4 == 0:
            del part["thread"]["events"][1:3]
        if number % 5 == 0:
            del part["thread"]["summary"]
        if number % 7 == 0:
            del part["thread"]
    whole = tables(archives(*parts))
    paged = tables(archives(*parts[start : start + 7]) for start in range(0, 900, 7))
    for name in NAMES:
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(paged, name))
    taken_apart.assert_right(whole, taken_apart.threads_apart([{"chats": parts}]))


def test_tables_show_what_they_hold() -> None:
    made = tables(archives(archived("A", "T1"), archived("A", "T2")))
    assert "threads          2 rows" in repr(made)
    assert "one row is an event" in repr(made)
    assert "an event" in made._repr_html_()
    assert "the last event" in repr(tables(body(chat())))
