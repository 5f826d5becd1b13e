"""Chats as the Customer Chat API shows them: what their customer may see, in each version's shape.

Other than agents, a customer sees neither what agents say among themselves, nor who looks on, nor
what was deleted, nor anybody's e-mail address but their own.

Source: livechat-public-docs, customer-chat-api and customer-chat-api/data-structures of versions
3.4 to 3.7.
"""

import hashlib
from functools import partial
from typing import Any

from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.payloads.shapes import (
    Json,
    customer_head,
    last_events,
    per_type,
    per_type_of_thread,
)
from lc_tutorial.sandbox.world import Chat, Customer, Event, Participant, Version, moment

_EXTRAS = ("phone_number", "omnichannel", "address")


def chat_summary(chat: Chat, version: Version) -> Json:
    """Make the summary of a chat, called "chat info" from version 3.7 on."""
    payload: Json = {"id": chat.id}
    last = chat.last_thread
    if last is not None:
        shown = partial(_event, chat, version=version)
        if version >= Version.V3_7:
            info: Json = {"id": last.id, "created_at": moment(last.created_at)}
            found = last_events([last], shown)
            if found:
                info["last_event_per_type"] = per_type_of_thread(found)
            payload["last_thread_info"] = info
        else:
            payload["last_thread_id"] = last.id
            payload["last_thread_created_at"] = moment(last.created_at)
            found = last_events(reversed(chat.threads), shown)
            if found:
                payload["last_event_per_type"] = per_type(found)
    payload["users"] = _users(chat, version)
    payload["access"] = {"group_ids": chat.group_ids}
    payload["properties"] = chat.properties
    payload["active"] = chat.active
    return payload


def chat_with_thread(chat: Chat, index: int | None, version: Version) -> Json:
    """Make a chat with the thread at that place, or with none."""
    payload: Json = {"id": chat.id}
    if index is not None:
        payload["thread"] = _thread(chat, index, version)
    return payload | {
        "users": _users(chat, version),
        "access": {"group_ids": chat.group_ids},
        "properties": chat.properties,
    }


def _thread(chat: Chat, index: int, version: Version) -> Json:
    record = chat.threads[index]
    customer_id = chat.customer.id if chat.customer else None
    onlookers = {one.agent.email for one in chat.participants if one.visibility == "agents"}
    payload: Json = {
        "id": record.id,
        "created_at": moment(record.created_at),
        "active": record.active,
        "user_ids": [
            who if who == customer_id else agent_id(who)
            for who in record.user_ids
            if who not in onlookers
        ],
        "properties": record.properties,
        "access": {"group_ids": record.group_ids},
    }
    if record.restricted_access is None:
        shown = (_event(chat, event, version=version) for event in record.events)
        payload["events"] = [event for event in shown if event is not None]
    else:  # assumed: what the plan hides from agents, customers are not shown either
        payload["events"] = []
    if index > 0:
        payload["previous_thread_id"] = chat.threads[index - 1].id
    if index + 1 < len(chat.threads):
        payload["next_thread_id"] = chat.threads[index + 1].id
    return payload


def _users(chat: Chat, version: Version) -> list[Json]:
    customers = [customer(chat.customer, version)] if chat.customer else []
    return [*customers, *(_agent(one) for one in chat.participants if one.visibility == "all")]


def customer(who: Customer, version: Version) -> Json:
    """Make the customer."""
    payload = customer_head(who)
    if who.events_seen_up_to is not None:
        payload["events_seen_up_to"] = moment(who.events_seen_up_to)
    if who.session_fields:
        payload["session_fields"] = who.session_fields
    if version >= Version.V3_6:
        payload |= {name: who.extras[name] for name in _EXTRAS if name in who.extras}
    return payload


def _agent(participant: Participant) -> Json:
    who = participant.agent
    payload: Json = {
        "id": agent_id(who.email),
        "name": who.name,
        "type": "agent",
        "present": participant.present,
        "avatar": who.avatar,
        "job_title": who.job_title,
    }
    if participant.events_seen_up_to is not None:
        payload["events_seen_up_to"] = moment(participant.events_seen_up_to)
    return payload


def agent_id(email: str) -> str:
    """Return the id by which customers know an agent: 32 hex digits, and not the address."""
    # assumed: how it is made; samples show only what it looks like.
    return hashlib.sha256(email.encode()).hexdigest()[:32]


def _event(chat: Chat, record: Event, *, version: Version) -> Json | None:
    """Make an event, or None where the customer does not see it."""
    # assumed for deleted ones: that there was one is told to agents only.
    if record.visibility == "agents" or record.deleted:
        return None
    payload: dict[str, Any] | None = payloads.event(record, version, sees_deleted=False)
    if payload is None:
        return None
    del payload["visibility"]
    customer_id = chat.customer.id if chat.customer else None
    if record.author_id is not None and record.author_id != customer_id:
        payload["author_id"] = agent_id(record.author_id)
    return payload
