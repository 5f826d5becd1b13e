"""Chats of a sandbox in which something can be written, and who may."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
import requests

from lc_tutorial.sandbox.world import GENERAL, Chat, Event, people
from tests.sandbox.chat_api import OWNER, ChatApi, Json, serve

NOBODY = "00000000-0000-4000-8000-000000000000"

#: The chats that the tests write into are few; making them takes a while.
NUMBER = 100


@dataclass
class Conversations:
    """A server with chats of its own."""

    api: ChatApi

    @classmethod
    def serve(cls, server: tuple[Any, str], http: requests.Session) -> "Conversations":
        return cls(serve(server, http, own_chats=True, number=NUMBER))

    @cached_property
    def mine(self) -> Chat:
        """A chat that is going on, not for all agents, with one agent whom the customer sees.

        It is not the owner, who is in the tests for one who is not in the chat.
        """
        return next(
            chat
            for chat in self._going_on
            if not self._sees_all(chat) and OWNER not in self._ids(chat)
        )

    @cached_property
    def me(self) -> str:
        """The agent in it."""
        return next(p.agent.email for p in self.mine.participants if p.present)

    @cached_property
    def elsewhere(self) -> Chat:
        """Another chat within reach of the agent, who is not in it."""
        groups = set(self.api.account(self.me).group_ids)
        return next(
            chat
            for chat in self.api.chats.ordered()
            if chat is not self.mine
            and groups.intersection(chat.group_ids)
            and self.me not in {p.agent.email for p in chat.participants}
        )

    @cached_property
    def far(self) -> Chat:
        """A chat that is going on in none of the agent's groups."""
        return next(
            chat
            for chat in self.api.chats.ordered()
            if chat.active and not self._within(chat) and self.me not in self._ids(chat)
        )

    @cached_property
    def far_over(self) -> Chat:
        """A chat that is over in none of the agent's groups."""
        return next(
            chat
            for chat in self.api.chats.ordered()
            if chat.threads
            and not chat.active
            and not self._within(chat)
            and self.me not in self._ids(chat)
        )

    @cached_property
    def over(self) -> Chat:
        """A chat within reach of the agent that is over, with threads."""
        return next(
            chat
            for chat in self.api.chats.ordered()
            if chat.threads and not chat.active and self._within(chat)
        )

    @cached_property
    def outsider(self) -> str:
        """An agent who has no access to the chat."""
        return next(
            agent.email
            for agent in people.FERN_AND_FILTER.agents
            if not set(agent.group_ids).intersection(self.mine.group_ids)
        )

    @cached_property
    def colleague(self) -> str:
        """Another agent who has access to the chat."""
        return next(
            agent.email
            for agent in people.FERN_AND_FILTER.agents
            if set(agent.group_ids).intersection(self.mine.group_ids)
            and agent.email not in self._ids(self.mine)
        )

    @cached_property
    def first_message(self) -> Event:
        """A message in it."""
        return next(event for event in self.mine.threads[-1].events if event.type == "message")

    @property
    def _going_on(self) -> list[Chat]:
        return [
            chat
            for chat in self.api.chats.ordered()
            if chat.active and [p.visibility for p in chat.participants if p.present] == ["all"]
        ]

    @staticmethod
    def _sees_all(chat: Chat) -> bool:
        return GENERAL in chat.group_ids

    def _within(self, chat: Chat) -> bool:
        groups = set(self.api.account(self.me).group_ids)
        return GENERAL in chat.group_ids or bool(groups.intersection(chat.group_ids))

    @staticmethod
    def _ids(chat: Chat) -> set[str]:
        return {p.agent.email for p in chat.participants}

    def as_me(
        self, method: str, body: Any, *, ignoring: bool = False, **arguments: Any
    ) -> requests.Response:
        """Call a method as the agent who is in the chat, unless somebody else is named."""
        arguments = {"email": self.me, "scopes": ("chats--all:rw",), **arguments}
        if ignoring and isinstance(body, dict):
            body = body | {"ignore_requester_presence": True}
        return self.api.post(method, body, **arguments)

    def done(self, method: str, body: Any, **arguments: Any) -> Any:
        """The same, of a call that is to work."""
        answer = self.as_me(method, body, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rich_message(self) -> Event:
        """A rich message with two buttons in the chat; sent, if it is not there yet."""
        thread = self.mine.threads[-1]
        for event in thread.events:
            if event.type == "rich_message" and event.author_id == self.me:
                return event
        buttons = [
            {"type": "message", "text": text, "value": text, "postback_id": f"action_{number}"}
            for number, text in enumerate(("yes", "no"))
        ]
        sent = {
            "type": "rich_message",
            "template_id": "quick_replies",
            "elements": [{"title": "Again?", "buttons": buttons}],
        }
        self.done("send_event", {"chat_id": self.mine.id, "event": sent})
        return thread.events[-1]

    def postback(self) -> Json:
        """A press of its second button."""
        return {
            "chat_id": self.mine.id,
            "thread_id": self.mine.threads[-1].id,
            "event_id": self.rich_message().id,
            "postback": {"id": "action_1", "toggled": True},
        }

    def look_on(self, email: str) -> None:
        """Let somebody be in the chat, unseen by the customer."""
        self.done(
            "add_user_to_chat",
            {
                "chat_id": self.mine.id,
                "user_id": email,
                "user_type": "agent",
                "visibility": "agents",
                "ignore_requester_presence": True,
            },
            email=email,
        )

    def elsewhere_named(self, method: str, chat_id: str) -> Json:
        """A call of a method that works, but for another chat."""
        bodies: dict[str, Json] = {
            "resume_chat": {"chat": {"id": chat_id}},
            "deactivate_chat": {"id": chat_id},
            "follow_chat": {"id": chat_id},
            "unfollow_chat": {"id": chat_id},
            "transfer_chat": {"id": chat_id, "target": {"type": "group", "ids": [GENERAL]}},
            "add_user_to_chat": {
                "user_id": self._somebody_for(chat_id),
                "user_type": "agent",
                "visibility": "agents",
            },
            "remove_user_from_chat": {"user_id": OWNER, "user_type": "agent"},
            "send_event": {"event": {"type": "message", "text": "Hello"}},
            "send_event_preview": {"event": {"type": "message", "text": "Hello"}},
            "send_typing_indicator": {"is_typing": True},
            "send_thinking_indicator": {},
            "send_rich_message_postback": {
                "thread_id": "x",
                "event_id": "x",
                "postback": {"id": "x", "toggled": True},
            },
        }
        body = bodies[method]
        return body if {"id", "chat"}.intersection(body) else body | {"chat_id": chat_id}

    def _somebody_for(self, chat_id: str) -> str:
        """An agent with access to the chat, who is not in it."""
        chat = self.api.chats.get(chat_id)
        if chat is None:
            return OWNER
        return next(
            agent.email
            for agent in people.FERN_AND_FILTER.agents
            if {GENERAL, *agent.group_ids}.intersection(chat.group_ids)
            and agent.email not in self._ids(chat)
        )

    def far_away(self, method: str, near: Json) -> Json:
        """The same call, of a chat or for a group out of the agent's reach."""
        if method == "start_chat":
            group_id = next(iter(self.far.group_ids))
            return {"chat": {"access": {"group_ids": [group_id]}}}
        chat = self.far_over if method == "resume_chat" else self.far
        return self.elsewhere_named(method, chat.id)

    def picture(self) -> bytes:
        """All that is kept of the chats."""
        return b"".join(map(_picture, self.api.chats.ordered()))


def _picture(chat: Chat) -> bytes:
    rest = msgspec.structs.replace(chat, followers=set(), participants=[])
    apart = repr((sorted(chat.followers), chat.participants))
    return msgspec.json.encode(rest) + apart.encode()
