"""The checks of notebook 06, where an app writes; and the way to see what it wrote.

They look at what the learner's own cells brought, and call nobody for it but the accounts service,
which is free: on the live platform each call of the APIs is billed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests

from lc_tutorial.agent_chat import WebhookListener, allows, what_can
from lc_tutorial.course.findings import (
    MISSING,
    NOTE,
    RIGHT,
    Check,
    Finding,
    nothing_yet,
    refuse_others,
)
from lc_tutorial.errors import TokenError, TutorialError
from lc_tutorial.messages import json_object
from lc_tutorial.oauth import PersonalAccessToken, Token
from lc_tutorial.platforms import Platform, check_platform

if TYPE_CHECKING:
    from lc_tutorial.tables import Tables

#: What the notebook calls, and the scope of the accounts service that tells who one is.
#: Source of the latter: livechat-public-docs, global-accounts-api (Get account).
_CALLED = ("send_event", "tag_thread", "transfer_chat", "create_tag", "register_webhook")
_WHO_AM_I = "accounts--my:ro"

#: When the notebook writes.
_ONLY_IF = "only if a chat waits, and on the live platform only with the switch on"

#: The agents' application. Source: livechat-public-docs, guides/installing-livechat.
_AGENTS_APPLICATION = "https://my.livechatinc.com/"


def check_may_write(token: Token | PersonalAccessToken) -> Check:
    """Notebook 06: may this token do what the notebook is going to do?

    Raises:
        InputError: it is no token.
    """
    refuse_others(token, "lc.check_may_write(token)", "authorization", "account_id")
    return Check(
        "A token that may write",
        tuple(_may_write(token)),
        "Your app may write now. Next: do it, once and by hand.",
    )


def _may_write(token: Token | PersonalAccessToken) -> Iterable[Finding]:
    if isinstance(token, PersonalAccessToken):
        yield Finding(NOTE, "A personal access token can't be asked what it may do: calls tell.")
        return
    try:
        able = what_can(token)
    except TokenError as refusal:
        yield Finding(MISSING, f"A token that lives. {refusal.why} {refusal.remedy}")
        return
    for method in _CALLED:
        if method in able:
            yield Finding(RIGHT, f"It may call {method}.")
        else:
            wanted = next(each.scope_wanted for each in able.methods if each.method == method)
            yield Finding(MISSING, f"A scope for {method}: {wanted}.")
    if allows(able.scopes, _WHO_AM_I):
        yield Finding(RIGHT, "It may ask the accounts service who you are.")
    else:
        yield Finding(MISSING, f"A scope to ask who you are: {_WHO_AM_I}.")


def check_answered(chat: requests.Response | None, me: str, tag: str) -> Check:
    """Notebook 06: is this chat answered, tagged, handed over and closed?

    Args:
        chat: what Get Chat answered; None, if it was not called yet.
        me: your id as an agent, the e-mail address.
        tag: that was to be put on the thread.

    Raises:
        InputError: the answer is something else.
    """
    if chat is not None:
        refuse_others(chat, "lc.check_answered(chat, me, tag)", "status_code", "content")
    return Check(
        "One chat, answered by an app",
        tuple(_answered(chat, me, tag)),
        "You have been an agent, by requests alone. Next: be told when somebody writes.",
    )


def _answered(chat: requests.Response | None, me: str, tag: str) -> Iterable[Finding]:
    if chat is None:
        yield Finding(
            MISSING, f"A chat that you have written in: run the cells above. They write {_ONLY_IF}."
        )
        return
    if chat.status_code != 200:
        yield Finding(MISSING, f"The chat: Get Chat answered {chat.status_code}. lc.show says why.")
        return
    thread = json_object(chat).get("thread")
    if not isinstance(thread, dict):
        yield Finding(MISSING, "The chat as Get Chat gives it: this answer has no thread in it.")
        return
    events = thread.get("events", [])
    spoken = [each for each in events if each.get("type") == "message"]
    mine = any(each.get("author_id") == me for each in spoken)
    yield _either(mine, "Your app wrote in it.", "A message of yours: call send_event.")
    tagged = tag in thread.get("tags", [])
    yield _either(tagged, f"The thread has the tag {tag}.", f"The tag {tag}: call tag_thread.")
    kinds = {each.get("system_message_type") for each in events}
    yield _either(
        "chat_transferred" in kinds,
        "The platform noted in the chat that it was handed over.",
        "That it was handed over: call transfer_chat.",
    )
    closed = thread.get("active") is False
    yield _either(
        closed, "It is closed, and in the archives.", "That it is closed: call deactivate_chat."
    )


def _either(so: bool, right: str, missing: str) -> Finding:
    return Finding(RIGHT, right) if so else Finding(MISSING, missing)


def check_webhook(listener: WebhookListener) -> Check:
    """Notebook 06: did a webhook come, and was a forged one refused?

    Raises:
        InputError: it is no listener.
    """
    refuse_others(listener, "lc.check_webhook(listener)", "received", "refused", "secret_key")
    return Check(
        "Told of a new chat, by the platform alone",
        tuple(_told(listener)),
        "Your app is told of new chats, and takes nobody's word but the platform's.",
    )


def _told(listener: WebhookListener) -> Iterable[Finding]:
    chats = [each for each in listener.received if each.get("action") == "incoming_chat"]
    yield _either(
        bool(chats),
        f"{len(chats)} webhook{'s' * (len(chats) != 1)} with the right key told of a new chat.",
        "A webhook of the action incoming_chat: register it, and let a customer write.",
    )
    yield _either(
        listener.refused > 0,
        "What came without the key was refused.",
        "A forged webhook, and that it is refused: run the cell that sends one.",
    )


def check_bot(first: Any, again: Any) -> Check:
    """Notebook 06: did the bot answer those who waited, and nobody twice?

    Args:
        first: the ids of the chats that the first run answered; None, if there was none yet.
        again: those of the second run, right after it.
    """
    return Check(
        "A bot that answers once",
        tuple(_answered_once(first, again)),
        "A bot that can be run at any time, as often as one likes.",
    )


def _answered_once(first: Any, again: Any) -> Iterable[Finding]:
    for name, ids in (("first", first), ("second", again)):
        if ids is None:
            yield Finding(
                MISSING,
                f"The {name} run: run the cell above. It does nothing without me, of part 3.",
            )
            yield Finding(NOTE, f"The cells of part 3 write, and find out who you are, {_ONLY_IF}.")
            return
        if not _are_texts(ids):
            yield Finding(MISSING, f"The ids of the chats that the {name} run answered, as a list.")
            return
    if first:
        yield Finding(RIGHT, f"The first run answered {_chats(len(first))}.")
    else:
        yield Finding(NOTE, "The first run found nobody waiting: let a customer write, and try.")
    twice = set(first) & set(again)
    if twice:
        yield Finding(MISSING, f"Nobody answered twice: {_chats(len(twice))} got a second answer.")
    elif again:
        yield Finding(NOTE, f"The second run answered {_chats(len(again))} that came meanwhile.")
    else:
        yield Finding(RIGHT, "The second run answered nobody.")


def _are_texts(ids: Any) -> bool:
    return isinstance(ids, list | tuple | set) and all(isinstance(each, str) for each in ids)


def _chats(number: int) -> str:
    return "1 chat" if number == 1 else f"{number} chats"


#: The exercise's task, and its answer.
_TASK = ("tag_thread", "list_tags")
_LEAST = frozenset({"chats--access:rw", "tags--groups:ro"})


def check_least_scopes(answer: Any) -> Check:
    """Notebook 06, exercise: which scopes are the least that do the task?

    Args:
        answer: the learner's: scopes as a list, a set or one text; or None, if there is none yet.
    """
    return Check(
        "Your turn: the least that does it",
        tuple(_least(answer)),
        "Right. A token like this can do little harm, whoever finds it.",
    )


def _least(answer: Any) -> Iterable[Finding]:
    if answer is None:
        yield from nothing_yet(
            "Your answer: scopes",
            "lc.what_can([]).table has a row for each method. Look up the scope that "
            "tag_thread wants, and the one of list_tags.",
        )
        return
    try:
        able = what_can(answer)
    except TutorialError:
        # Also of a token, which may have ended.
        yield Finding(
            MISSING, 'Scopes as lc.what_can([]) shows them: a list such as ["chats--all:ro"].'
        )
        return
    lacking = [method for method in _TASK if method not in able]
    for method in lacking:
        yield Finding(
            MISSING,
            f"A scope for {method}. A hint: lc.what_can(answer).table says which it wants.",
        )
    for scope in able.scopes:
        rest = what_can([each for each in able.scopes if each != scope])
        if all(method in rest for method in _TASK if method in able):
            yield Finding(MISSING, f"Only what is needed: without {scope} the app can do as much.")
        elif scope not in _LEAST:
            yield Finding(
                MISSING,
                f"Less than {scope}: there is a scope that reaches less far, or only reads, and "
                "does it too.",
            )
    if set(able.scopes) == _LEAST:
        yield Finding(RIGHT, "These two, and no less.")


def check_tag_counts(answer: Any, tables: "Tables") -> Check:
    """Notebook 06, exercise: how many chats that go on have each tag?

    Args:
        answer: the learner's: a column or a dict with a number for each tag; or None.
        tables: made of List Chats.

    Raises:
        InputError: the tables are something else.
    """
    refuse_others(tables, "lc.check_tag_counts(answer, tables)", "chats", "tags")
    return Check(
        "Your turn: chats by tag",
        tuple(_counts(answer, tables)),
        "Well done. Now one sees at a glance what the bot left its mark on.",
    )


def _counts(answer: Any, tables: "Tables") -> Iterable[Finding]:
    if answer is None:
        yield from nothing_yet(
            "Your answer: a number for each tag",
            "tables.tags has a row for each tag of a chat's last thread.",
        )
        return
    tags = tables.tags
    going_on = set(tables.chats.loc[tables.chats["last_thread_active"].fillna(False), "chat_id"])
    here = tags[tags["chat_id"].isin(going_on)]
    expected = {str(tag): int(n) for tag, n in here["tag"].value_counts().items() if n}
    given = _numbers(answer)
    if given is None:
        yield Finding(
            MISSING,
            "Tags with their numbers: a column whose index is the tag, or a dict. A hint: "
            "value_counts makes one.",
        )
        return
    strangers = sorted(set(given) - set(expected))
    if strangers:
        yield Finding(MISSING, f"Tags of chats that go on: {strangers[0]!r} is on none of them.")
    left_out = sorted(set(expected) - set(given))
    if left_out:
        yield Finding(MISSING, f"{len(left_out)} more: {left_out[0]!r} is on a chat that goes on.")
    wrong = sorted(tag for tag in set(given) & set(expected) if given[tag] != expected[tag])
    if wrong:
        yield Finding(
            MISSING,
            f"Chats, each counted once: {wrong[0]!r} is on another number of them. A hint: only "
            "chats that go on count.",
        )
    if given == expected:
        yield Finding(RIGHT, f"{len(expected)} tags, and the right numbers.")


def _numbers(answer: Any) -> dict[str, int] | None:
    """Tags and numbers in whatever a learner may hold them; None if it holds something else."""
    if hasattr(answer, "to_dict") and getattr(answer, "ndim", 0) == 1:
        answer = answer.to_dict()
    if not isinstance(answer, Mapping):
        return None
    try:
        numbers = {str(tag): int(number) for tag, number in answer.items()}
    except (TypeError, ValueError, OverflowError):
        return None
    return {tag: number for tag, number in numbers.items() if number}


@dataclass(frozen=True, repr=False)
class InboxLink:
    """A link to where agents see their chats.

    Attributes:
        url: for the browser.
        is_sandbox: whether it is the stand-in.
    """

    url: str
    is_sandbox: bool

    def __repr__(self) -> str:
        return f"The inbox: {self.url}"

    def _repr_html_(self) -> str:
        about = "the sandbox's stand-in for it" if self.is_sandbox else "your real account"
        return (
            f'<div class="lc-inbox"><a href="{escape(self.url)}" target="_blank" rel="noopener">'
            f"Open the agents' inbox</a> ({about})</div>"
        )


def inbox(platform: Platform, chat_id: str = "") -> Any:
    """Link to where agents see their chats: in the sandbox a page of its Console.

    Where the browser can't reach the sandbox, it is the page itself, in a frame of the notebook.

    Args:
        platform: from ``lc.connect()``.
        chat_id: of the chat to show; all of them, if not given. The live application is opened at
            its beginning.

    Raises:
        InputError: it is no platform.
    """
    check_platform(platform, "lc.inbox(platform)")
    if not platform.is_sandbox:
        return InboxLink(_AGENTS_APPLICATION, is_sandbox=False)
    chat = quote(str(chat_id), safe="") if chat_id else ""
    address = f"{platform.console_url}inbox{chat and f'/{chat}'}"
    if platform.opens_in_notebook:
        return platform.in_notebook(address)
    return InboxLink(address, is_sandbox=True)
