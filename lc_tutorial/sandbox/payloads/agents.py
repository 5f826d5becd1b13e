"""Chats as agents see them, in the shape of each version.

Source: livechat-public-docs, agent-chat-api/data-structures of versions 3.4 to 3.7.
"""

from functools import partial

from lc_tutorial.sandbox.payloads.shapes import (
    Json,
    customer_head,
    last_events,
    per_type,
    per_type_of_thread,
)
from lc_tutorial.sandbox.world import (
    Chat,
    Customer,
    Event,
    Participant,
    Thread,
    Version,
    Visit,
    moment,
)

# --- Events -------------------------------------------------------------------------------------


def event(record: Event, version: Version, *, sees_deleted: bool) -> Json | None:
    """Make an event, or None where this version has no such event.

    Args:
        record: What happened.
        version: The version to speak.
        sees_deleted: Whether the requester's role shows what deleted events said; others see only
            that there was one.

    """
    # assumed: versions before 3.6, which describe neither, leave out what came with it.
    if version < Version.V3_6 and (record.deleted or record.type == "system"):
        return None
    payload: Json = {
        "id": record.id,
        "created_at": moment(record.created_at),
        "visibility": record.visibility,
        "type": record.type,
    }
    if record.author_id is not None:
        payload["author_id"] = record.author_id
    if record.deleted:
        payload["deleted"] = True
        if not sees_deleted:
            if "custom_id" in record.body:
                payload["custom_id"] = record.body["custom_id"]
            return payload
    if record.properties is not None:
        payload["properties"] = record.properties
    return payload | record.body


# --- Users --------------------------------------------------------------------------------------


def users(record: Chat, version: Version) -> list[Json]:
    """Make the users of a chat: its customer, and every agent who ever was in it."""
    agents = [agent(participant) for participant in record.participants]
    if record.customer is None:
        return agents
    who = customer(record.customer, version) | _whereabouts(record.customer, record)
    return [who, *agents]


def _whereabouts(who: Customer, record: Chat) -> Json:
    """Make what is known of a customer who is on the website: in which groups, and doing what.

    Sources: livechat-public-docs, payloads/messaging (agent-chat-api/users/customer), whose sample
    has both; management/configuration-api v2.0 (the states).
    """
    last = record.last_thread
    # assumed: of who has left neither is told.
    if who.visit is None or who.visit.ended_at is not None:
        return {}
    if last is None or not last.active:
        state = "browsing"
    else:
        state = "chatting" if last.queue is None else "queued"
    return {"group_ids": record.group_ids, "state": state}


def agent(participant: Participant) -> Json:
    """Make an agent in a chat."""
    who = participant.agent
    payload: Json = {
        "id": who.email,
        "name": who.name,
        "email": who.email,
        "type": "agent",
        "present": participant.present,
        "avatar": who.avatar,
        "visibility": participant.visibility,
    }
    if participant.events_seen_up_to is not None:
        payload["events_seen_up_to"] = moment(participant.events_seen_up_to)
    return payload


def customer(who: Customer, version: Version) -> Json:
    """Make the customer of a chat. What is not known is left out."""
    payload = customer_head(who)
    payload["created_at"] = moment(who.created_at)
    for name in (
        "events_seen_up_to",
        "agent_last_event_created_at",
        "customer_last_event_created_at",
    ):
        when: int | None = getattr(who, name)
        if when is not None:
            payload[name] = moment(when)
    statistics = who.statistics
    if version >= Version.V3_6:
        if who.visit is not None:
            payload["visit"] = visit(who.visit)
        statistics = statistics | {"tickets_count": len(who.tickets)}
        payload |= who.extras
        if who.tickets:
            payload["tickets"] = [
                {"ticket_id": ticket_id, "created_at": moment(created_at)}
                for ticket_id, created_at in who.tickets
            ]
    elif who.visit is not None:
        payload["last_visit"] = visit(who.visit)
    payload["statistics"] = statistics
    if who.session_fields:
        payload["session_fields"] = who.session_fields
    return payload


def visit(record: Visit) -> Json:
    """Make a visit to the website."""
    payload: Json = {"started_at": moment(record.started_at)}
    if record.ended_at is not None:
        payload["ended_at"] = moment(record.ended_at)
    if record.referrer is not None:
        payload["referrer"] = record.referrer
    payload["ip"] = record.ip
    payload["user_agent"] = record.user_agent
    payload["geolocation"] = record.geolocation
    payload["last_pages"] = [
        {"opened_at": moment(page.opened_at), "url": page.url, "title": page.title}
        for page in record.last_pages
    ]
    return payload


# --- Threads and chats --------------------------------------------------------------------------


def _thread_head(record: Thread) -> Json:
    """Make what a thread and its summary have in common."""
    payload: Json = {
        "id": record.id,
        "created_at": moment(record.created_at),
        "active": record.active,
        "user_ids": record.user_ids,
        "properties": record.properties,
        "access": {"group_ids": record.group_ids},
    }
    if record.tags:
        payload["tags"] = record.tags
    if record.queue is not None:
        payload["queue"] = {
            "position": record.queue.position,
            "wait_time": record.queue.wait_time,
            "queued_at": moment(record.queue.queued_at),
        }
    return payload


def thread(chat: Chat, index: int, version: Version, *, sees_deleted: bool) -> Json:
    """Make the thread at that place in the chat, with all its events."""
    record = chat.threads[index]
    payload = _thread_head(record)
    if record.restricted_access is not None:
        payload["restricted_access"] = record.restricted_access
    else:
        events = (event(e, version, sees_deleted=sees_deleted) for e in record.events)
        payload["events"] = [e for e in events if e is not None]
    if record.queues_duration is not None:
        payload["queues_duration"] = record.queues_duration
    if index > 0:
        payload["previous_thread_id"] = chat.threads[index - 1].id
    if index + 1 < len(chat.threads):
        payload["next_thread_id"] = chat.threads[index + 1].id
    if version >= Version.V3_6:
        if record.summary is not None and record.restricted_access is None:
            payload["summary"] = {
                "status": "ok",
                "text": record.summary,
                "updated_at": moment(record.events[-1].created_at),
            }
        if record.visit.ip or record.visit.user_agent:
            payload["customer_visit"] = {
                "ip": record.visit.ip,
                "user_agent": record.visit.user_agent,
                "geolocation": record.visit.geolocation,
            }
    return payload


def chat_with_thread(
    record: Chat, index: int | None, version: Version, *, sees_deleted: bool, followed: bool
) -> Json:
    """Make a chat with the thread at that place, or with none."""
    payload: Json = {"id": record.id}
    if index is not None:
        payload["thread"] = thread(record, index, version, sees_deleted=sees_deleted)
    return payload | {
        "users": users(record, version),
        "properties": record.properties,
        "access": {"group_ids": record.group_ids},
        "is_followed": followed,
    }


def chat_summary(chat: Chat, version: Version, *, sees_deleted: bool) -> Json:
    """Make the summary of a chat, called "chat info" from version 3.7 on.

    Whether the chat is followed depends on who asks, and is left to the caller.
    """
    payload: Json = {"id": chat.id}
    last = chat.last_thread
    # assumed: a chat without threads has neither a last thread nor last events in its summary.
    # Its type in lc-sdk-go (objects.ChatSummary) allows for both to be left out.
    if last is not None:
        shown = partial(event, version=version, sees_deleted=sees_deleted)
        head = _thread_head(last)
        if version >= Version.V3_7:
            found = last_events([last], shown)
            if found:
                head["last_event_per_type"] = per_type_of_thread(found)
            payload["last_thread_info"] = head
        else:
            payload["last_thread_summary"] = head
            # assumed: of all threads of the chat, as each entry names its thread.
            found = last_events(reversed(chat.threads), shown)
            if found:
                payload["last_event_per_type"] = per_type(found)
    payload["users"] = users(chat, version)
    payload["properties"] = chat.properties
    payload["access"] = {"group_ids": chat.group_ids}
    return payload
