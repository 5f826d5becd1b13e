"""Answers of List Chats as the documentation describes them, to be changed by the tests."""

import json
from typing import Any

VERSIONS = ["3.4", "3.5", "3.6", "3.7"]

CUSTOMER = "b7eff798-f8df-4364-8059-649c35c9ed0c"
AGENT = "smith@example.com"


def chat(chat_id: str = "PJ0MRSHTDG", version: str = "3.6") -> dict[str, Any]:
    """A summary of a chat, with all that a summary can have."""
    thread_id = f"{chat_id}T"
    last_events = {
        "message": _last(
            thread_id,
            1,
            type="message",
            author_id=AGENT,
            text="Your order is on its way.",
            custom_id="c-1",
            properties={"translation": {"language": "en"}},
        ),
        "system_message": _last(
            thread_id,
            2,
            type="system_message",
            text="The chat was closed",
            system_message_type="routing.archived",
            text_vars={"agent": "Smith"},
        ),
        "filled_form": _last(
            thread_id,
            3,
            type="filled_form",
            author_id=CUSTOMER,
            form_id="77",
            form_type="prechat",
            fields=[{"type": "name", "id": "1", "label": "Name", "answer": "Ada"}],
        ),
        "file": _last(
            thread_id,
            4,
            type="file",
            author_id=CUSTOMER,
            name="invoice.pdf",
            url="https://cdn.example.com/invoice.pdf",
            content_type="application/pdf",
            size=1234,
        ),
    }
    if version >= "3.6":
        last_events["system"] = _last(
            thread_id, 5, type="system", source="cdp", subtype="order", version=1, details="{}"
        )
        last_events["rich_message"] = _last(thread_id, 6, type="rich_message", deleted=True)
    thread: dict[str, Any] = {
        "id": thread_id,
        "created_at": "2026-05-12T11:42:47.383000Z",
        "user_ids": [AGENT, CUSTOMER],
        "properties": {"rating": {"score": 1}},
        "active": True,
        "access": {"group_ids": [0, 3]},
        "tags": ["refund", "support"],
        "queue": {"position": 2, "wait_time": 90, "queued_at": "2026-05-12T11:42:48.000001Z"},
    }
    visit = {
        "started_at": "2026-05-12T11:32:03.497479Z",
        "ended_at": "2026-05-12T11:59:00.000000Z",
        "ip": "203.0.113.7",
        "user_agent": "Mozilla/5.0",
        "referrer": "https://search.example.com/",
        "geolocation": {
            "country": "Poland",
            "country_code": "PL",
            "region": "Dolnoslaskie",
            "city": "Wrocław",
            "timezone": "Europe/Warsaw",
            "latitude": "51.1043015",
            "longitude": "17.0335007",
        },
        "last_pages": [
            {"opened_at": "2026-05-12T11:32:03.497479Z", "url": "https://a.example/", "title": "A"},
            {"opened_at": "2026-05-12T11:40:00.000000Z", "url": "https://b.example/", "title": "B"},
        ],
    }
    customer: dict[str, Any] = {
        "id": CUSTOMER,
        "name": "Ada",
        "email": "ada@example.org",
        "type": "customer",
        "present": True,
        "events_seen_up_to": "2026-05-12T12:31:46.463000Z",
        "created_at": "2025-11-02T19:19:50.625101Z",
        "visit" if version >= "3.6" else "last_visit": visit,
        "statistics": {
            "chats_count": 1,
            "threads_count": 3,
            "visits_count": 6,
            "page_views_count": 2,
            "greetings_shown_count": 0,
            "greetings_accepted_count": 5,
        },
        "session_fields": [{"plan": "team"}, {"seats": "4"}],
        "agent_last_event_created_at": "2026-05-12T11:42:47.393002Z",
        "customer_last_event_created_at": "2026-05-12T12:31:46.463000Z",
    }
    if version >= "3.6":
        customer["statistics"]["tickets_count"] = 12
        customer["tickets"] = [{"ticket_id": "t-1"}]
        customer["phone_number"] = "+48123456789"
        customer["email_verified"] = False
    agent = {
        "id": AGENT,
        "name": "Smith",
        "email": AGENT,
        "type": "agent",
        "present": False,
        "events_seen_up_to": "2026-05-12T12:31:46.999999Z",
        "avatar": "https://cdn.example.com/smith.png",
        "visibility": "all",
    }
    summary = {
        "id": chat_id,
        "users": [customer, agent],
        "properties": {"routing": {"continuous": False}, "crm": {"tier": "gold"}},
        "access": {"group_ids": [0]},
        "is_followed": True,
    }
    if version >= "3.7":
        entries = {kind: {"event": last["event"]} for kind, last in last_events.items()}
        summary["last_thread_info"] = {**thread, "last_event_per_type": entries}
    else:
        summary["last_thread_summary"] = thread
        summary["last_event_per_type"] = last_events
    return summary


def _last(thread_id: str, number: int, **event: Any) -> dict[str, Any]:
    return {
        "thread_id": thread_id,
        "thread_created_at": "2026-05-12T11:42:47.383000Z",
        "event": {
            "id": f"{thread_id}_{number}",
            "created_at": f"2026-05-12T11:50:0{number}.000000Z",
            "visibility": "all",
            **event,
        },
    }


def body(*chats: Any, version: str = "3.6", **more: Any) -> bytes:
    """The bytes of an answer with these chats."""
    name = "chats_info" if version >= "3.7" else "chats_summary"
    return json.dumps({name: list(chats), "found_chats": len(chats), **more}).encode()


# --- Whole threads ------------------------------------------------------------------------------


def thread(thread_id: str = "K600PKZON8", version: str = "3.6", **more: Any) -> dict[str, Any]:
    """A thread with all its events, and with all that a thread can have."""
    head = chat("C", version)["last_thread_info" if version >= "3.7" else "last_thread_summary"]
    last_events = head.pop("last_event_per_type", None) or chat("C", version)["last_event_per_type"]
    events = [
        last["event"] | {"id": f"{thread_id}_{n}"} for n, last in enumerate(last_events.values())
    ]
    whole = {
        **head,
        "id": thread_id,
        "events": events,
        "queues_duration": 12,
        "previous_thread_id": "K600PKZOM8",
        "next_thread_id": "K600PKZOO8",
        "previous_accessible_thread_id": "K600PKZOL8",
        "next_accessible_thread_id": "K600PKZOP8",
    }
    if version >= "3.6":
        whole["summary"] = {
            "status": "ok",
            "text": "• Asked for an order.",
            "updated_at": "2026-05-12T12:40:00.000000Z",
        }
        visit = chat("C", version)["users"][0]["visit"]
        whole["customer_visit"] = {
            name: visit[name] for name in ("ip", "user_agent", "geolocation")
        }
    return whole | more


def archived(
    chat_id: str = "PJ0MRSHTDG", thread_id: str = "K600PKZON8", version: str = "3.6", **more: Any
) -> dict[str, Any]:
    """A chat with one of its threads, as List Archives and Get Chat answer."""
    summary = chat(chat_id, version)
    names = ("id", "users", "properties", "access", "is_followed")
    return {
        **{name: summary[name] for name in names},
        "thread": thread(thread_id, version, **more),
    }


def archives(*chats: Any, **more: Any) -> bytes:
    """The bytes of an answer of List Archives with these chats."""
    return json.dumps({"chats": list(chats), "found_chats": len(chats), **more}).encode()


def threads(*found: Any, **more: Any) -> bytes:
    """The bytes of an answer of List Threads with these threads."""
    return json.dumps({"threads": list(found), "found_threads": len(found), **more}).encode()
