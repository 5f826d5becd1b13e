"""The webhooks of what happens in a chat: what each of them says.

Source: livechat-public-docs, management/webhooks of versions 3.4 to 3.7 (Chats, Chat access, Chat
users, Events).
"""

from collections.abc import Sequence
from typing import Any

from lc_tutorial.sandbox.api.announcing import Source, announce
from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.world import (
    Chat,
    Customer,
    Event,
    Participant,
    Sandbox,
    Thread,
    Version,
    moment,
)


def incoming_chat(world: Sandbox, source: Source, chat: Chat) -> None:
    """Tell of a chat's new thread, which is its last one, with its initial events."""

    def payload(version: Version) -> dict[str, Any]:
        last = len(chat.threads) - 1
        # assumed: what only an owner sees of deleted events is in no webhook.
        told = payloads.chat_with_thread(chat, last, version, sees_deleted=False, followed=False)
        del told["is_followed"]  # that depends on who asks, and here nobody does
        return {"chat": told}

    announce(world, source, "incoming_chat", payload, chat=chat)


def chat_deactivated(world: Sandbox, source: Source, chat: Chat, thread: Thread) -> None:
    """Tell of a thread that was closed."""
    said = {"chat_id": chat.id, "thread_id": thread.id, "user_id": source.user_id}
    announce(world, source, "chat_deactivated", said, chat=chat)


def chat_transferred(
    world: Sandbox, source: Source, chat: Chat, thread: Thread, agent_ids: Sequence[str]
) -> None:
    """Tell to which groups and agents a chat went by hand."""

    def payload(version: Version) -> dict[str, Any]:
        said: dict[str, Any] = {
            "chat_id": chat.id,
            "thread_id": thread.id,
            "requester_id": source.user_id,
            "reason": "manual",
            "transferred_to": {"group_ids": chat.group_ids, "agent_ids": agent_ids},
        }
        queue = thread.queue
        if queue is not None:
            # So it is called in the samples of these versions.
            since = "queued_at" if version >= Version.V3_6 else "queued_at_us"
            said["queue"] = {
                "position": queue.position,
                "wait_time": queue.wait_time,
                since: moment(queue.queued_at),
            }
        return said

    announce(world, source, "chat_transferred", payload, chat=chat)


def chat_access_updated(world: Sandbox, source: Source, chat: Chat) -> None:
    """Tell which groups have access to a chat from now on."""
    said = {"id": chat.id, "access": {"group_ids": chat.group_ids}}
    announce(world, source, "chat_access_updated", said, chat=chat)


def user_added_to_chat(
    world: Sandbox, source: Source, chat: Chat, user: Participant | Customer
) -> None:
    """Tell of somebody whom an agent added to a chat."""

    def payload(version: Version) -> dict[str, Any]:
        if isinstance(user, Customer):
            shown = {"user_type": "customer", "user": payloads.customer(user, version)}
        else:
            shown = {"user_type": "agent", "user": payloads.agent(user)}
        return _of_a_user(source, chat) | shown

    announce(world, source, "user_added_to_chat", payload, chat=chat)


def user_removed_from_chat(world: Sandbox, source: Source, chat: Chat, agent_id: str) -> None:
    """Tell of an agent whom an agent removed from a chat."""
    said = _of_a_user(source, chat) | {"user_id": agent_id, "user_type": "agent"}
    announce(world, source, "user_removed_from_chat", said, chat=chat)


def _of_a_user(source: Source, chat: Chat) -> dict[str, Any]:
    said = {"chat_id": chat.id, "reason": "manual", "requester_id": source.user_id}
    if chat.active:
        said["thread_id"] = chat.threads[-1].id
    return said


def incoming_event(
    world: Sandbox, source: Source, chat: Chat, thread: Thread, event: Event
) -> None:
    """Tell of an event in a chat."""

    def payload(version: Version) -> dict[str, Any] | None:
        shown = payloads.event(event, version, sees_deleted=False)
        if shown is None:
            return None
        return {"chat_id": chat.id, "thread_id": thread.id, "event": shown}

    author_id = event.author_id
    announce(world, source, "incoming_event", payload, chat=chat, author_id=author_id)


def incoming_rich_message_postback(
    world: Sandbox, source: Source, chat: Chat, ids: dict[str, str], postback: dict[str, Any]
) -> None:
    """Tell of a button that was pressed.

    Args:
        world: Where the webhooks are registered.
        source: Who pressed it.
        chat: Where the rich message is.
        ids: Those of its thread and of its event.
        postback: As it was sent; what came with version 3.6 is for those versions.

    """

    def payload(version: Version) -> dict[str, Any]:
        told = postback
        if version < Version.V3_6:
            told = {name: postback[name] for name in ("id", "toggled")}
        return {"user_id": source.user_id, "chat_id": chat.id, **ids, "postback": told}

    announce(world, source, "incoming_rich_message_postback", payload, chat=chat)
