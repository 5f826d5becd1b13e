"""Tables of chats: every value where it belongs, whatever came."""

import gc
import json
from typing import Any

import pandas as pd
import pytest
import requests
from answers import AGENT, CUSTOMER, VERSIONS, body, chat
from rows import row, value
from stand_in import StandIn

import lc_tutorial as lc
from lc_tutorial.errors import ApiError, InputError, PlatformAnswerError
from lc_tutorial.tables import given
from lc_tutorial.tables.frames import Tables, tables

NAMES = ("chats", "users", "threads", "events", "tags")


def own_fields(name: str) -> bool:
    return "." in name


# --- What is in them ----------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_chat_is_a_row(version: str) -> None:
    made = tables(body(chat(version=version), version=version))
    assert len(made.chats) == 1
    assert row(made.chats) == {
        "chat_id": "PJ0MRSHTDG",
        "customer_id": CUSTOMER,
        "customer_name": "Ada",
        "last_thread_id": "PJ0MRSHTDGT",
        "last_thread_created_at": "2026-05-12T11:42:47.383000+00:00",
        "last_thread_active": True,
        "last_thread_tags": ["refund", "support"],
        "last_thread_user_ids": [AGENT, CUSTOMER],
        "last_thread_group_ids": [0, 3],
        "last_thread_queue_position": 2,
        "last_thread_queue_wait_time": 90,
        "last_thread_queue_queued_at": "2026-05-12T11:42:48.000001+00:00",
        "group_ids": [0],
        "is_followed": True,
        "properties.crm.tier": "gold",
        "properties.routing.continuous": False,
        "last_thread_properties.rating.score": 1,
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_user_in_a_chat_is_a_row(version: str) -> None:
    users = tables(body(chat(version=version), version=version)).users
    later = version >= "3.6"
    assert len(users) == 2
    assert row(users, 0) == {
        "chat_id": "PJ0MRSHTDG",
        "user_id": CUSTOMER,
        "type": "customer",
        "name": "Ada",
        "email": "ada@example.org",
        "present": True,
        "events_seen_up_to": "2026-05-12T12:31:46.463000+00:00",
        "visibility": None,
        "avatar": None,
        "created_at": "2025-11-02T19:19:50.625101+00:00",
        "agent_last_event_created_at": "2026-05-12T11:42:47.393002+00:00",
        "customer_last_event_created_at": "2026-05-12T12:31:46.463000+00:00",
        "email_verified": False if later else None,
        "phone_number": "+48123456789" if later else None,
        "country": "Poland",
        "country_code": "PL",
        "region": "Dolnoslaskie",
        "city": "Wrocław",
        "timezone": "Europe/Warsaw",
        "latitude": 51.1043015,
        "longitude": 17.0335007,
        "visit_started_at": "2026-05-12T11:32:03.497479+00:00",
        "visit_ended_at": "2026-05-12T11:59:00+00:00",
        "visit_referrer": "https://search.example.com/",
        "visit_ip": "203.0.113.7",
        "visit_user_agent": "Mozilla/5.0",
        "visit_last_page_url": "https://b.example/",
        "visit_last_page_title": "B",
        "chats_count": 1,
        "threads_count": 3,
        "visits_count": 6,
        "page_views_count": 2,
        "greetings_shown_count": 0,
        "greetings_accepted_count": 5,
        "tickets_count": 12 if later else None,
        "other_fields": '{"tickets":[{"ticket_id": "t-1"}]}' if later else None,
        "session_fields.plan": "team",
        "session_fields.seats": "4",
    }
    agent = {name: cell for name, cell in row(users, 1).items() if cell is not None}
    assert agent == {
        "chat_id": "PJ0MRSHTDG",
        "user_id": AGENT,
        "type": "agent",
        "name": "Smith",
        "email": AGENT,
        "present": False,
        "events_seen_up_to": "2026-05-12T12:31:46.999999+00:00",
        "visibility": "all",
        "avatar": "https://cdn.example.com/smith.png",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_last_event_is_a_row(version: str) -> None:
    events = tables(body(chat(version=version), version=version)).events
    assert [*events["type"]] == ["message", "system_message", "filled_form", "file"] + (
        ["rich_message", "system"] if version >= "3.6" else []
    )
    assert set(events["thread_id"]) == {"PJ0MRSHTDGT"}
    assert {value(cell) for cell in events["thread_created_at"]} == {
        "2026-05-12T11:42:47.383000+00:00"
    }
    assert row(events, 0) == {
        "chat_id": "PJ0MRSHTDG",
        "thread_id": "PJ0MRSHTDGT",
        "event_id": "PJ0MRSHTDGT_1",
        "type": "message",
        "created_at": "2026-05-12T11:50:01+00:00",
        "author_id": AGENT,
        "text": "Your order is on its way.",
        "visibility": "all",
        "deleted": False,
        "thread_created_at": "2026-05-12T11:42:47.383000+00:00",
        "system_message_type": None,
        "form_type": None,
        "other_fields": '{"custom_id":"c-1"}',
        "properties.translation.language": "en",
    }
    assert row(events, 1)["system_message_type"] == "routing.archived"
    assert json.loads(events["other_fields"].iloc[1]) == {"text_vars": {"agent": "Smith"}}
    assert row(events, 2)["form_type"] == "prechat"
    form = json.loads(events["other_fields"].iloc[2])
    assert (form["form_id"], form["fields"][0]["answer"]) == ("77", "Ada")
    assert json.loads(events["other_fields"].iloc[3])["size"] == 1234
    if version >= "3.6":
        assert [*events["deleted"]] == [False] * 4 + [True, False]
        assert json.loads(events["other_fields"].iloc[5]) == {
            "source": "cdp",
            "subtype": "order",
            "version": 1,
            "details": "{}",
        }


@pytest.mark.parametrize(
    ("said", "thread_id", "created_at"),
    [
        ({"thread_id": "OLD", "thread_created_at": "2026-04-01T08:00:00Z"}, "OLD", "2026-04-01"),
        ({"thread_id": "OLD"}, "OLD", None),
        ({"thread_id": "PJ0MRSHTDGT", "thread_created_at": None}, "PJ0MRSHTDGT", "2026-05-12"),
        ({"thread_created_at": "2026-04-01T08:00:00Z"}, "PJ0MRSHTDGT", "2026-04-01"),
        ({}, "PJ0MRSHTDGT", "2026-05-12"),
    ],
)
def test_a_last_event_is_of_the_thread_that_it_names_or_else_of_the_last(
    said: dict[str, Any], thread_id: str, created_at: str | None
) -> None:
    odd = chat()
    event = odd["last_event_per_type"]["system_message"]["event"]
    odd["last_event_per_type"]["system_message"] = {**said, "event": event}
    events = tables(body(chat("A"), odd, chat("C"))).events
    there = events[events["event_id"] == event["id"]].iloc[0]
    assert there["thread_id"] == thread_id
    assert (value(there["thread_created_at"]) or "")[:10] == (created_at or "")
    others = events.drop(there.name)
    assert {*others["thread_id"]} == {"AT", "PJ0MRSHTDGT", "CT"}
    assert {value(each)[:10] for each in others["thread_created_at"]} == {"2026-05-12"}


def test_a_tag_is_a_row() -> None:
    made = tables(body(chat("A"), {"id": "B"}, chat("C")))
    assert made.tags.astype(str).to_dict("list") == {
        "chat_id": ["A", "A", "C", "C"],
        "thread_id": ["AT", "AT", "CT", "CT"],
        "tag": ["refund", "support", "refund", "support"],
    }


def test_the_rows_of_a_chat_stay_together_in_the_order_of_the_answer() -> None:
    made = tables(body(chat("B"), chat("A")))
    assert [*made.chats["chat_id"]] == ["B", "A"]
    assert [*made.events["chat_id"]] == ["B"] * 6 + ["A"] * 6
    assert [*made.users["chat_id"]] == ["B", "B", "A", "A"]


def test_a_chat_without_a_thread_has_missing_values() -> None:
    made = tables(body({"id": "A", "users": [{"id": "u"}]}))
    assert {name for name, cell in row(made.chats).items() if cell not in (None, [])} == {"chat_id"}
    assert row(made.chats)["last_thread_tags"] == []
    assert row(made.users)["user_id"] == "u"
    assert len(made.events) == len(made.tags) == 0
    assert len(made.problems) == 0


def test_the_customer_of_a_chat_is_the_first_of_its_customers() -> None:
    several, one, none = chat("A"), chat("B"), chat("C")
    customer, agent = several["users"]
    several["users"] = [agent, {**customer, "id": "FIRST", "name": None}, customer]
    none["users"] = [agent]
    chats = tables(body(several, none, one)).chats
    assert [*map(value, chats["customer_id"])] == ["FIRST", None, CUSTOMER]
    assert [*map(value, chats["customer_name"])] == [None, None, "Ada"]


def test_the_page_that_was_opened_last_is_the_last_page_in_either_order() -> None:
    newest_first = chat()
    newest_first["users"][0]["visit"]["last_pages"].reverse()
    assert row(tables(body(newest_first)).users)["visit_last_page_title"] == "B"


def test_misspelt_properties_are_properties() -> None:
    misspelt = chat()
    misspelt["properites"] = misspelt.pop("properties")
    assert row(tables(body(misspelt)).chats)["properties.crm.tier"] == "gold"


# --- The columns --------------------------------------------------------------------------------


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in frame.dtypes.items()}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", [*NAMES, "problems", "unknown"])
def test_columns_and_dtypes_are_always_the_same(version: str, name: str) -> None:
    empty = getattr(tables(b'{"chats_summary": []}'), name)
    full = getattr(tables(body(chat(version=version), {"id": 1}, version=version)), name)
    assert len(empty) == 0
    assert dtypes(empty) == {
        name: dtype for name, dtype in dtypes(full).items() if not own_fields(name)
    }
    assert [*full.columns][: len(empty.columns)] == [*empty.columns], "own fields come last"


def test_dtypes_are_those_that_pandas_2_and_3_share() -> None:
    made = tables(body(chat()))
    found = {str(dtype) for name in NAMES for dtype in dtypes(getattr(made, name)).values()}
    assert found == {
        "string",
        "category",
        "Int64",
        "boolean",
        "float64",
        "object",
        "datetime64[us, UTC]",
    }
    text = made.chats["chat_id"].dtype
    assert (text.storage, text.na_value) == ("python", pd.NA)
    assert made.users["country"].cat.categories.dtype == text


def test_categories_are_in_the_order_of_the_alphabet() -> None:
    places = ["Spain", "Austria", None, "Poland", "Austria"]
    chats = []
    for number, country in enumerate(places):
        each = chat(str(number))
        each["users"][0]["visit"]["geolocation"]["country"] = country
        chats.append(each)
    countries = tables(body(*chats)).users["country"]
    assert [*countries.cat.categories] == ["Austria", "Poland", "Spain"]
    assert [value(each) for each in countries[::2]] == places


def test_the_tables_join() -> None:
    made = tables(body(chat("A"), chat("B")))
    joined = made.events.merge(
        made.users, left_on=["chat_id", "author_id"], right_on=["chat_id", "user_id"]
    ).merge(made.chats, on="chat_id")
    assert len(joined) == 6
    assert (joined["thread_id"] == joined["last_thread_id"]).all()


def test_what_repeats_can_be_counted_drawn_and_changed() -> None:
    users = tables(body(chat("A"), chat("B"))).users
    assert users["country"].value_counts().to_dict() == {"Poland": 2}
    assert users.groupby("type", observed=True).size().to_dict() == {"agent": 2, "customer": 2}
    users.loc[0, "present"] = False
    users.loc[0, "chats_count"] = 7
    users.loc[0, "latitude"] = 1.5
    users.loc[0, "name"] = "Grace"
    assert [*users["name"]] == ["Grace", "Smith", "Ada", "Smith"]
    assert [*users["chats_count"].dropna()] == [7, 1]


# --- Times and numbers --------------------------------------------------------------------------


def with_created_at(*times: Any) -> bytes:
    chats = []
    for number, time in enumerate(times):
        each = chat(f"C{number}")
        each["last_thread_summary"]["created_at"] = time
        chats.append(each)
    return body(*chats)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-05-12T11:42:47.383000Z", "2026-05-12T11:42:47.383000+00:00"),
        ("2026-05-12T12:42:47.383000+01:00", "2026-05-12T11:42:47.383000+00:00"),
        ("2026-05-12T11:42:47Z", "2026-05-12T11:42:47+00:00"),
        ("2026-05-12T11:42:47.38Z", "2026-05-12T11:42:47.380000+00:00"),
        ("2026-05-12T11:42:47.383000999Z", "2026-05-12T11:42:47.383000+00:00"),
        ("2026-05-12T11:42:47.383000", "2026-05-12T11:42:47.383000+00:00"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999+00:00"),
        ("2400-02-29T00:00:00.000000Z", "2400-02-29T00:00:00+00:00"),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("beside", [[], ["2026-01-01T00:00:00.000000Z"], [None, ""]])
def test_times_in_any_form_are_read(sent: Any, read: str | None, beside: list[Any]) -> None:
    made = tables(with_created_at(*beside, sent, *beside))
    assert value(made.chats["last_thread_created_at"].iloc[len(beside)]) == read
    if beside[:1] != [None] and beside:
        assert value(made.chats["last_thread_created_at"].iloc[-1]) == "2026-01-01T00:00:00+00:00"
    assert len(made.problems) == 0


@pytest.mark.parametrize(
    "sent",
    [
        "yesterday",
        "2026-02-30T00:00:00.000000Z",
        "2026-05-12T11:42:47.383000Z ",
        "2026-05-12T25:00:00Z",
        "ü" * 26 + "Z",
        "Z" * 27,
    ],
)
def test_times_that_are_none_are_missing_and_reported(sent: str) -> None:
    good = "2026-05-12T11:42:47.383000Z"
    made = tables(with_created_at(good, sent, good))
    assert [value(each) is None for each in made.chats["last_thread_created_at"]] == [
        False,
        True,
        False,
    ]
    assert row(made.problems) == {
        "chat_id": "C1",
        "thread_id": "C1T",
        "event_id": None,
        "problem": f"threads.created_at can't be read: {sent!r}.",
    }


def test_times_whose_lengths_make_up_for_each_other_are_read() -> None:
    made = tables(with_created_at("2026-05-12T11:42:47.38300Z", "2026-05-12T11:42:47.3830009Z"))
    assert [value(each) for each in made.chats["last_thread_created_at"]] == [
        "2026-05-12T11:42:47.383000+00:00"
    ] * 2


def test_a_time_that_is_none_is_found_among_many() -> None:
    times = [f"2026-05-12T11:42:47.{number:06}Z" for number in range(4_500)]
    times[4_321] = "2026-02-30T00:00:00.000000Z"
    chats = [
        {"id": f"C{number}", "last_thread_summary": {"created_at": time}}
        for number, time in enumerate(times)
    ]
    made = tables(body(*chats[start : start + 100]) for start in range(0, 4_500, 100))
    column = made.chats["last_thread_created_at"]
    assert [*column.dt.microsecond.astype("Int64")] == [
        *range(4_321),
        pd.NA,
        *range(4_322, 4_500),
    ]
    assert [*made.problems["chat_id"]] == ["C4321"]


def test_a_report_names_the_right_chat_where_few_rows_have_the_column() -> None:
    chats = [chat("A"), chat("B"), chat("C")]
    del chats[0]["users"][0]["visit"]
    chats[1]["users"][0]["visit"]["started_at"] = "soon"
    chats[2]["users"][0]["visit"]["geolocation"]["latitude"] = "north"
    made = tables(body(*chats))
    assert made.problems[["chat_id", "problem"]].to_dict("records") == [
        {"chat_id": "C", "problem": "users.geolocation can't be read: 'north'."},
        {"chat_id": "B", "problem": "users.visit_started_at can't be read: 'soon'."},
    ]
    assert [value(each) for each in made.users["longitude"]] == [
        None,
        None,
        17.0335007,
        None,
        17.0335007,
        None,
    ]


def test_a_place_that_can_not_be_read_costs_the_place_alone() -> None:
    broken = chat("A")
    broken["users"][0]["visit"]["geolocation"] = {"country": ["Poland"]}
    made = tables(body(broken, chat("B")))
    assert [value(each) for each in made.users["country"]] == [None, None, "Poland", None]
    assert made.users["visit_ip"].notna().sum() == 2
    assert row(made.problems) == {
        "chat_id": "A",
        "thread_id": None,
        "event_id": None,
        "problem": """users.geolocation can't be read: '{"country": ["Poland"]}'.""",
    }


def test_latitudes_are_numbers_as_text_or_not() -> None:
    chats = []
    for number, latitude in enumerate(["51.5", -3, 0.25, "", None]):
        each = chat(str(number))
        each["users"][0]["visit"]["geolocation"]["latitude"] = latitude
        chats.append(each)
    made = tables(body(*chats))
    assert [value(each) for each in made.users["latitude"][::2]] == [51.5, -3, 0.25, None, None]
    assert len(made.problems) == 0


def test_zero_false_and_empty_are_not_missing() -> None:
    each = chat()
    each["users"][0]["statistics"] = {"chats_count": 0}
    each["users"][0]["present"] = False
    each["users"][0]["name"] = ""
    each["is_followed"] = False
    each["last_event_per_type"] = {"message": {"event": {"id": "", "text": ""}}}
    made = tables(body(each))
    customer = row(made.users)
    assert (customer["chats_count"], customer["present"], customer["name"]) == (0, False, "")
    assert row(made.chats)["is_followed"] is False
    assert row(made.events)["text"] == ""


def test_large_numbers_stay_exact() -> None:
    each = chat()
    each["users"][0]["statistics"]["visits_count"] = 2**63 - 1
    each["users"][0]["statistics"]["chats_count"] = -(2**63) + 1
    customer = row(tables(body(each)).users)
    assert (customer["visits_count"], customer["chats_count"]) == (2**63 - 1, -(2**63) + 1)


# --- Fields of one's own ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([True, None, False], "boolean"),
        ([1, None, -2], "Int64"),
        ([1, 2.5, None], "float64"),
        (["a", "", None], "string"),
        ([True, 1, "x"], "object"),
        ([2**64, 1, None], "object"),
        ([[1], None, {"a": 1}], "object"),
        ([None, None, None], "object"),
    ],
)
def test_properties_have_the_dtype_that_fits(values: list[Any], dtype: str) -> None:
    chats = [{"id": str(n), "properties": {"ns": {"p": each}}} for n, each in enumerate(values)]
    chats.append({"id": "without"})
    column = tables(body(*chats)).chats["properties.ns.p"]
    assert str(column.dtype) == dtype
    read = [None if each is None or each is pd.NA or each != each else each for each in column]
    assert read == [*values, None]


def test_properties_are_in_the_order_of_the_alphabet() -> None:
    first, second = {"b": {"y": 1}, "a": {"z": 1}}, {"b": {"x": 1}}
    made = tables(body({"id": "A", "properties": first}, {"id": "B", "properties": second}))
    assert [*filter(own_fields, made.chats)] == [
        "properties.a.z",
        "properties.b.x",
        "properties.b.y",
    ]


def test_properties_of_any_shape_are_no_problem() -> None:
    made = tables(
        body(
            {"id": "A", "properties": {"flat": 1, "ns": {"a.b": 2}}},
            {"id": "B", "properties": []},
            {"id": "C", "properties": "text"},
            {"id": "D", "properties": {"ns": {}}},
            {"id": "E", "users": [{"id": "u", "session_fields": {"a": 1}}]},
        )
    )
    assert len(made.problems) == 0
    assert {name: value(cell) for name, cell in row(made.chats).items() if own_fields(name)} == {
        "properties.flat": 1,
        'properties.ns."a.b"': 2,
    }
    assert row(made.chats, 2)["properties"] == "text"
    assert row(made.users)["session_fields.a"] == 1


@pytest.mark.parametrize(
    ("properties", "columns"),
    [
        (
            {"a.b": {"c": 1}, "a": {"b.c": 2}},
            {'properties."a.b".c': 1, 'properties.a."b.c"': 2},
        ),
        ({"a": {"b": 1}, "a.b": 2}, {"properties.a.b": 1, 'properties."a.b"': 2}),
        ({"a": {"": 1}, "a.": 2}, {'properties.a.""': 1, 'properties."a."': 2}),
        ({"": {"": 1, "a": 2}}, {'properties."".""': 1, 'properties."".a': 2}),
        (
            {'"a': {'b"': 1}, '"a.b"': 2, "a": {"b": 3}},
            {'properties."\\"a"."b\\""': 1, 'properties."\\"a.b\\""': 2, "properties.a.b": 3},
        ),
        (
            {"a\nb": {"c": 1}, "a\\nb": {"c": 2}},
            {'properties."a\\nb".c': 1, 'properties."a\\\\nb".c': 2},
        ),
        ({"a\u2028": 1, "a\x85": 2}, {'properties."a\\u2028"': 1, 'properties."a\\u0085"': 2}),
        ({"a ": {"b": 1}, "a": {"b": 2}}, {'properties."a ".b': 1, "properties.a.b": 2}),
        ({"Tier": {"x": 1}, "tier": {"x": 2}}, {"properties.Tier.x": 1, "properties.tier.x": 2}),
        # What is called as a column of the table is none of it.
        (
            {"group_ids": 1, "chat_id": {"x": 2}},
            {"properties.group_ids": 1, "properties.chat_id.x": 2},
        ),
        ({"last_thread_id": 1}, {"properties.last_thread_id": 1}),
    ],
)
def test_no_property_takes_the_place_of_another(
    properties: dict[str, Any], columns: dict[str, int]
) -> None:
    summary = {"id": "A", "properties": properties, "access": {"group_ids": [5]}}
    summary["last_thread_summary"] = {"id": "T", "properties": properties}
    made = tables(body(summary))
    got = {name: value(cell) for name, cell in row(made.chats).items() if own_fields(name)}
    of_thread = {f"last_thread_{name}": number for name, number in columns.items()}
    assert got == columns | of_thread
    assert row(made.chats)["group_ids"] == [5]
    assert row(made.chats)["last_thread_id"] == "T"
    assert len(made.problems) == 0
    assert not any(mark in name for name in made.chats for mark in "\n\r\u2028\x85")


def test_a_field_that_comes_twice_is_named() -> None:
    """Session fields are a list, so one of them may be in it twice."""
    made = tables(
        body(
            {"id": "A", "users": [{"id": "u", "session_fields": [{"k": "1"}, {"k.l": "2"}]}]},
            {"id": "B", "users": [{"id": "v", "session_fields": [{"k": "3"}, {"k": "4"}]}]},
        )
    )
    assert [*made.users["session_fields.k"]] == ["1", "4"]
    assert value(row(made.users)['session_fields."k.l"']) == "2"
    problem = "users.session_fields.k came more than once, the last one is kept."
    assert made.problems[["chat_id", "problem"]].to_numpy().tolist() == [["B", problem]]


# --- What came that nobody expected --------------------------------------------------------------


def test_what_is_not_documented_is_counted() -> None:
    first, second = chat("A"), chat("B")
    for each in (first, second):
        each["users"][0]["visit"]["geolocation"]["planet"] = "Earth"
        each["last_event_per_type"]["hologram"] = {"event": {"id": "h", "text": "Boo"}}
    first["access"]["level"] = 3
    second["colour"] = "red"
    made = tables(body(first, second))
    assert made.unknown.to_dict("records") == [
        {"kind": "field", "name": "access.level", "count": 1},
        {"kind": "field", "name": "colour", "count": 1},
        {"kind": "field", "name": "users.visit.geolocation.planet", "count": 2},
        {"kind": "event type", "name": "hologram", "count": 2},
    ]
    # All that came counts, also what a later page says anew.
    again = tables([body(first, second), body(chat("A"))])
    assert again.repeated == 1
    assert again.unknown.to_dict("records") == made.unknown.to_dict("records")
    holograms = made.events[made.events["type"] == "hologram"]
    assert [*holograms["text"]] == ["Boo", "Boo"]
    assert [*holograms["thread_id"]] == ["AT", "BT"]
    assert [*made.users["country"].dropna()] == ["Poland", "Poland"]
    assert len(made.problems) == 0


def test_a_malformed_chat_is_reported_and_the_rest_lands() -> None:
    made = tables([body(chat("A"), chat("B") | {"users": 5}), body(chat("C"), {"id": 7})])
    assert [*made.chats["chat_id"]] == ["A", "C"]
    assert [value(each) for each in made.problems["chat_id"]] == ["B", None]
    assert made.problems["problem"].iloc[0] == (
        "The chat is left out, it can't be read: Expected `array | null`, got `int` - at `$.users`."
    )


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        (b'"c-1"', b'"\xff"'),
        (b'"77"', b'"\xff"'),
        (b'"gold"', b'"\xff"'),
        (b'"Poland"', b'"\xff"'),
        (b'"Poland"', rb'"\ud83d"'),
        (b'"Ada"', b'"\xff"'),
    ],
)
def test_broken_characters_cost_nothing_else(whole: bytes, broken: bytes) -> None:
    answer = body(chat())
    sound, made = tables(answer), tables(answer.replace(whole, broken, 1))
    assert len(made.problems) == 0
    different = [
        (name, column)
        for name in NAMES
        for column in getattr(made, name)
        if [*map(value, getattr(made, name)[column])] != [*map(value, getattr(sound, name)[column])]
    ]
    assert different
    assert {column for _, column in different} <= {
        "other_fields",
        "properties.crm.tier",
        "country",
        "name",
        "customer_name",
    }


def test_a_chat_that_comes_again_is_the_later_one_once() -> None:
    first, again = chat("A"), chat("A")
    again["last_thread_summary"]["tags"] = ["spam"]
    again["users"].pop()
    again["users"][0]["name"] = "Grace"
    del again["last_event_per_type"]["file"]
    made = tables([body(first, chat("B")), body(again), body(chat("C"))])
    assert [*made.chats["chat_id"]] == ["B", "A", "C"]
    assert [*made.users["chat_id"]] == ["B", "B", "A", "C", "C"]
    assert made.users.query("chat_id == 'A'")["name"].tolist() == ["Grace"]
    assert made.tags.query("chat_id == 'A'")["tag"].tolist() == ["spam"]
    assert "file" not in made.events.query("chat_id == 'A'")["type"].tolist()
    assert [*made.chats.index] == [0, 1, 2]
    assert [*made.events.index] == [*range(17)]
    assert made.repeated == 1
    assert "1 chat came more than once: the later one is kept." in repr(made)


# --- What it is made from -----------------------------------------------------------------------


def test_pages_of_any_size_make_the_same_tables() -> None:
    chats = [chat(f"C{number}", "3.6") for number in range(450)]
    for number, each in enumerate(chats):
        if number % 3 == 0:
            del each["users"][0]["visit"]
        if number % 4 == 0:
            del each["last_event_per_type"]["message"]
        if number % 5 == 0:
            del each["last_thread_summary"]
    whole = tables(body(*chats))
    paged = tables(body(*chats[start : start + 7]) for start in range(0, 450, 7))
    for name in NAMES:
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(paged, name))


def test_an_answer_in_any_form_will_do(server: StandIn) -> None:
    answer = body(chat())
    server.answers(200, answer)
    response = requests.get(server.origin, timeout=10)
    for form in (
        answer,
        answer.decode(),
        json.loads(answer),
        response,
        [response],
        (each for each in [response]),
    ):
        assert tables(form).chats["chat_id"].tolist() == ["PJ0MRSHTDG"]
    assert len(tables([]).chats) == 0


def test_a_refusal_is_explained(server: StandIn) -> None:
    server.answers(401, {"error": {"type": "authentication", "message": "Invalid access token"}})
    with pytest.raises(ApiError, match="401 authentication"):
        tables(requests.get(server.origin, timeout=10))


def test_after_a_refusal_no_more_is_asked_for(server: StandIn) -> None:
    server.answers(401, {"error": {"type": "authentication", "message": "Invalid access token"}})
    refusal = requests.get(server.origin, timeout=10)
    asked = iter([body(chat()), refusal, body(chat())])
    with pytest.raises(ApiError):
        tables(asked)
    assert len([*asked]) == 1


@pytest.mark.parametrize("at_once", [0, 1, 10_000_000])
def test_however_many_answers_are_read_together(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "_BYTES_AT_ONCE", at_once)
    ids = [f"P{number:09}" for number in range(5)]
    assert tables(body(chat(each)) for each in ids).chats["chat_id"].tolist() == ids


@pytest.mark.parametrize("nothing", [None, 5, [None], [5]])
def test_what_is_no_answer_is_refused(nothing: Any) -> None:
    with pytest.raises(InputError, match=r"lc\.tables\(response\)"):
        tables(nothing)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_chat_of_an_answer_is_no_answer(version: str) -> None:
    one = chat(version=version)
    for each in (one, [one], json.dumps(one)):
        with pytest.raises(PlatformAnswerError, match="one of the chats of an answer"):
            tables(each)


def test_half_a_character_is_a_question_mark_however_it_comes() -> None:
    odd = {
        "chats_summary": [chat("A") | {"users": [{"id": "u", "type": "agent", "name": "\ud83d"}]}]
    }
    for each in (odd, json.dumps(odd), json.dumps(odd).encode()):
        assert [*tables(each).users["name"]] == ["?"]


def test_another_answer_is_refused() -> None:
    with pytest.raises(PlatformAnswerError, match="access_token"):
        tables({"access_token": "not-a-real-token"})


@pytest.mark.parametrize("collecting", [True, False])
def test_garbage_collection_is_left_as_it_was(collecting: bool) -> None:
    (gc.enable if collecting else gc.disable)()
    try:
        tables(body(chat()))
        assert gc.isenabled() == collecting
        with pytest.raises(PlatformAnswerError):
            tables(b"{}")
        assert gc.isenabled() == collecting
    finally:
        gc.enable()


def test_garbage_collection_is_paused_over_the_chats() -> None:
    collections: list[str] = []
    thresholds = gc.get_threshold()
    answer = body(*map(chat, map(str, range(400))))
    gc.callbacks.append(lambda phase, _: collections.append(phase))
    gc.set_threshold(5)
    try:
        tables(answer)
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.pop()
    assert len(collections) < 1_000, "there are thousands of lists and dicts in the answer"


# --- How it shows itself ------------------------------------------------------------------------


def test_tables_show_what_they_hold() -> None:
    made = tables(body(chat("A"), chat("B")))
    assert "chats            2 rows" in repr(made)
    html = made._repr_html_()
    assert "<th scope='row'" in html
    for text in (">chats<", ">2<", ">12<", "a customer or agent in a chat"):
        assert text in html
    assert "problem" not in html


def test_tables_say_what_was_odd() -> None:
    odd = chat("A")
    odd["colour"] = 1
    shown = repr(tables(body(odd, {"id": "B", "users": 1})))
    assert "1 problem reading the answer: see .problems." in shown
    assert "1 field or event type that the platform doesn't document: see .unknown." in shown


def test_tables_are_frozen() -> None:
    made = tables(body(chat()))
    with pytest.raises(AttributeError):
        made.chats = None  # type: ignore[misc]


def test_tables_are_what_the_package_gives() -> None:
    assert isinstance(lc.tables(b'{"chats_summary": []}'), Tables)
