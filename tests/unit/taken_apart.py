"""What the tables should hold, worked out in the slow and obvious way, value by value."""

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd

from lc_tutorial.tables.frames import Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]

KINDS = (
    "message",
    "system_message",
    "filled_form",
    "file",
    "rich_message",
    "custom",
    "form",
    "system",
)


def assert_right(made: Tables, expected: Rows) -> None:
    """See that tables hold these rows and nothing else, cell by cell."""
    for name, rows in expected.items():
        frame = getattr(made, name)
        assert len(frame) == len(rows), name
        columns = {column: [*frame[column]] for column in frame}
        for number, wanted in enumerate(rows):
            assert wanted.keys() <= columns.keys(), (name, wanted.keys() - columns.keys())
            for column, cells in columns.items():
                got, want = cells[number], wanted.get(column)
                assert same(got, want), (name, column, number, got, want)


def same(got: Any, want: Any) -> bool:
    """Whether a cell holds a value, as JSON has it."""
    if want is None:
        return got == () if isinstance(got, tuple) else bool(pd.isna(got))
    if isinstance(got, pd.Timestamp):
        return bool(got == pd.Timestamp(want))
    if isinstance(got, tuple):
        return [*got] == want
    if isinstance(want, dict):
        return bool(json.loads(got) == want)
    if isinstance(got, float):
        return got == float(want)
    return bool(got == want)


# --- Lists of chats -----------------------------------------------------------------------------


def summaries_apart(answers: Iterable[Row]) -> Rows:
    """The rows of answers of List Chats, in which no chat comes twice."""
    rows: Rows = {"chats": [], "users": [], "threads": [], "events": [], "tags": []}
    for answer in answers:
        for each in answer.get("chats_summary") or answer.get("chats_info") or ():
            key = {"chat_id": each["id"]}
            thread = each.get("last_thread_summary") or each.get("last_thread_info")
            rows["chats"].append(a_chat(each, thread))
            rows["users"] += [{**key, **a_user(user)} for user in each.get("users") or ()]
            thread = thread or {}
            if thread:
                rows["threads"].append({**key, **a_thread(thread)})
            rows["tags"] += some_tags(key, thread)
            kinds = each.get("last_event_per_type") or thread.get("last_event_per_type") or {}
            for kind in (*KINDS, *sorted(kinds.keys() - {*KINDS})):
                if kind in kinds:
                    last = kinds[kind]
                    of = {
                        "thread_id": last.get("thread_id", thread.get("id")),
                        "thread_created_at": last.get(
                            "thread_created_at", thread.get("created_at")
                        ),
                    }
                    rows["events"].append({**key, **of, **an_event(last["event"]), "type": kind})
    return rows


# --- Whole threads ------------------------------------------------------------------------------


def threads_apart(answers: Iterable[Row], asked_for: str | None = None) -> Rows:
    """The rows of answers of List Archives, List Threads and Get Chat, whatever comes twice."""
    found: list[tuple[Row | None, Row | None]] = []
    for answer in answers:
        if "threads" in answer:
            found += [(None, thread) for thread in answer["threads"]]
        else:
            found += [(chat, chat.get("thread")) for chat in answer.get("chats", [answer])]

    newest: dict[str, int] = {}
    latest: dict[Any, int] = {}
    for number, (chat, thread) in enumerate(found):
        chat_id = chat["id"] if chat else asked_for
        if chat:
            before = found[newest.get(chat_id, number)][1]
            if began(thread) >= began(before):
                newest[chat_id] = number
        if thread:
            latest[chat_id, thread["id"]] = number

    rows: Rows = {"chats": [], "users": [], "threads": [], "events": [], "tags": []}
    for number, (chat, thread) in enumerate(found):
        key = {"chat_id": chat["id"] if chat else asked_for}
        if number in newest.values():
            assert chat
            rows["chats"].append(a_chat(chat, thread))
            rows["users"] += [{**key, **a_user(user)} for user in chat.get("users") or ()]
        if number in latest.values():
            assert thread
            rows["threads"].append({**key, **a_thread(thread)})
            rows["tags"] += some_tags(key, thread)
            of = {"thread_id": thread["id"], "thread_created_at": thread.get("created_at")}
            rows["events"] += [
                {**key, **of, **an_event(event)} for event in thread.get("events") or ()
            ]
    return rows


def began(thread: Row | None) -> pd.Timestamp:
    return pd.Timestamp((thread or {}).get("created_at") or "0001-01-01T00:00:00Z")


# --- Rows ---------------------------------------------------------------------------------------


def prefixed(prefix: str, fields: Row | None) -> Row:
    return {prefix + name: field for name, field in (fields or {}).items()}


def properties(prefix: str, found: Row | None) -> Row:
    return {
        f"{prefix}.{namespace}.{name}": field
        for namespace, names in (found or {}).items()
        for name, field in names.items()
    }


def groups_of(record: Row) -> list[int] | None:
    return (record.get("access") or {}).get("group_ids")


def a_chat(chat: Row, thread: Row | None) -> Row:
    customers = [user for user in chat.get("users") or () if user.get("type") == "customer"]
    customer = customers[0] if customers else {}
    thread = thread or {}
    return {
        "chat_id": chat["id"],
        "customer_id": customer.get("id"),
        "customer_name": customer.get("name"),
        "group_ids": groups_of(chat),
        "is_followed": chat.get("is_followed"),
        "last_thread_id": thread.get("id"),
        "last_thread_created_at": thread.get("created_at"),
        "last_thread_active": thread.get("active"),
        "last_thread_tags": thread.get("tags"),
        "last_thread_user_ids": thread.get("user_ids"),
        "last_thread_group_ids": groups_of(thread),
        **prefixed("last_thread_queue_", thread.get("queue")),
        **properties("properties", chat.get("properties")),
        **properties("last_thread_properties", thread.get("properties")),
    }


def a_thread(thread: Row) -> Row:
    visit = dict(thread.get("customer_visit") or {})
    summary = thread.get("summary") or {}
    as_they_are = ("created_at", "active", "tags", "user_ids", "queues_duration")
    as_they_are += ("restricted_access", "previous_thread_id", "next_thread_id")
    as_they_are += ("previous_accessible_thread_id", "next_accessible_thread_id")
    return {
        "thread_id": thread.get("id"),
        **{name: thread.get(name) for name in as_they_are},
        "group_ids": groups_of(thread),
        **prefixed("queue_", thread.get("queue")),
        "summary": summary.get("text"),
        "summary_status": summary.get("status"),
        "summary_updated_at": summary.get("updated_at"),
        **prefixed("customer_visit_", visit.pop("geolocation", {})),
        **prefixed("customer_visit_", visit),
        **properties("properties", thread.get("properties")),
    }


def some_tags(key: Row, thread: Row) -> list[Row]:
    return [{**key, "thread_id": thread["id"], "tag": tag} for tag in thread.get("tags") or ()]


def a_user(user: Row) -> Row:
    visit = dict(user.get("visit") or user.get("last_visit") or {})
    place = visit.pop("geolocation", None) or {}
    pages = visit.pop("last_pages", None) or []
    last_page = max(pages, key=lambda page: page["opened_at"]) if pages else {}
    own = {
        name: field
        for field_set in user.get("session_fields") or ()
        for name, field in field_set.items()
    }
    other = ("tickets", "carts", "omnichannel", "address", "group_ids", "state")
    taken = ("id", "visit", "last_visit", "statistics", "session_fields", *other)
    return {
        "user_id": user["id"],
        **{name: field for name, field in user.items() if name not in taken},
        **place,
        **prefixed("visit_", visit),
        "visit_last_page_url": last_page.get("url"),
        "visit_last_page_title": last_page.get("title"),
        **(user.get("statistics") or {}),
        "other_fields": {name: user[name] for name in other if name in user} or None,
        **prefixed("session_fields.", own),
    }


def an_event(event: Row) -> Row:
    event = dict(event)
    as_they_are = ("created_at", "type", "author_id", "visibility", "text")
    as_they_are += ("system_message_type", "form_type")
    row = {name: event.pop(name) for name in as_they_are if name in event}
    return {
        "event_id": event.pop("id", None),
        "deleted": event.pop("deleted", None) or False,
        **row,
        **properties("properties", event.pop("properties", {})),
        "other_fields": event or None,
    }
