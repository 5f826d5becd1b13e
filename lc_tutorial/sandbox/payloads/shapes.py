"""What agents and customers are shown alike, in the shape of each version.

Source: livechat-public-docs, data-structures of the Agent Chat and the Customer Chat API.
"""

from collections.abc import Callable, Iterable
from typing import Any

from lc_tutorial.sandbox.world import Customer, Event, Thread, moment

Json = dict[str, Any]

LastEvents = dict[str, tuple[Thread, Json]]
"""The last event of each type, with the thread that it is in."""


def last_events(threads: Iterable[Thread], shown: Callable[[Event], Json | None]) -> LastEvents:
    """Find the last event of each type.

    Args:
        threads: Newest first.
        shown: Makes an event as the requester sees it, or None where they don't.
    """
    last: LastEvents = {}
    for thread in threads:
        if thread.restricted_access is not None:
            continue
        for record in reversed(thread.events):
            if record.type in last:
                continue
            payload = shown(record)
            if payload is not None:
                last[record.type] = thread, payload
    return last


def per_type(found: LastEvents) -> Json:
    """Make `last_event_per_type` of versions up to 3.6: each entry names its thread."""
    return {
        kind: {
            "thread_id": thread.id,
            "thread_created_at": moment(thread.created_at),
            "event": event,
        }
        for kind, (thread, event) in found.items()
    }


def per_type_of_thread(found: LastEvents) -> Json:
    """Make the same from version 3.7 on, where it stands in the thread."""
    return {kind: {"event": event} for kind, (_, event) in found.items()}


def customer_head(who: Customer) -> Json:
    """Make what is known of a customer first of all."""
    payload: Json = {"id": who.id, "type": "customer", "present": who.present}
    if who.name is not None:
        payload["name"] = who.name
    if who.avatar is not None:
        payload["avatar"] = who.avatar
    if who.email is not None:
        payload |= {"email": who.email, "email_verified": False}
    if who.avatar is not None:
        payload["avatar"] = who.avatar
    return payload
