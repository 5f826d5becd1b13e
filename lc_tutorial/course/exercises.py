"""The checks of exercises: they say how far an answer is right, and give a hint, not the solution.

As all checks, they never raise for what the learner has not done yet.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lc_tutorial.course.answers import count, ids_in, kind_of, number_in, some
from lc_tutorial.course.findings import MISSING, RIGHT, Check, Finding, nothing_yet, refuse_others

if TYPE_CHECKING:
    from pandas import DataFrame

    from lc_tutorial.tables import Tables


#: What names of scopes look like. Source: livechat-public-docs, authorization/scopes.
_SCOPE = re.compile(r"[a-z_.-]+(--[a-z_.]+)?:(ro|rw)")


def check_going_on(going_on: Any, tables: "Tables") -> Check:
    """Notebook 01: how many of these chats go on?

    Args:
        going_on: the learner's answer: a number; or the chats themselves, as a table with a column
            ``chat_id``, or as ids in a list, a set, an array or a column; or None, if there is none
            yet.
        tables: made of List Chats.

    Raises:
        InputError: the tables are something else.
    """
    call = "lc.check_going_on(going_on, tables)"
    refuse_others(tables, call, "chats", "events", "with_all_events")
    return Check(
        "Your turn: how many chats go on?",
        tuple(_going_on(going_on, tables.chats)),
        "Well done: the first question that your table has answered.",
    )


def _going_on(given: Any, chats: "DataFrame") -> Iterable[Finding]:
    active = chats["last_thread_active"].fillna(False)
    expected = set(chats.loc[active, "chat_id"])
    if given is None:
        yield from nothing_yet(
            "Your answer: a number",
            "the column last_thread_active has True for each chat that goes on. For sum, "
            "True counts as 1 and False as 0.",
        )
        return
    ids = None if isinstance(given, str) else ids_in(given)
    number = number_in(given) if ids is None else len(ids)
    if number is None:
        yield Finding(
            MISSING,
            f"A number: this is {kind_of(given)}. A hint: a column of True and False still wants "
            "to be counted, with sum.",
        )
    elif ids is not None and ids != expected:
        yield Finding(MISSING, "The chats that go on: these are others, or not all of them.")
    elif number == len(expected):
        yield Finding(RIGHT, f"{number} of {len(chats)} chats go on.")
    elif number == len(chats):
        yield Finding(
            MISSING, "Only those that go on: this is the number of all chats in the table."
        )
    elif number == len(chats) - len(expected):
        yield Finding(MISSING, "Those that go on: this is the number of those that are over.")
    else:
        yield Finding(
            MISSING, "Another number. A hint: count in tables.chats, where each chat has one row."
        )


def check_missing_scope(missing_scope: Any) -> Check:
    """Notebook 02: is this the scope that List Groups wants, and that the token lacks?

    Args:
        missing_scope: the learner's answer: the name of a scope, or None, if there is none yet.
    """
    return Check(
        "Your turn: what may the token not do?",
        tuple(_missing_scope(missing_scope)),
        "Well done: a refusal read, and understood.",
    )


def _missing_scope(given: Any) -> Iterable[Finding]:
    if given is None:
        yield from nothing_yet(
            "Your answer: the name of a scope",
            "requests.post with headers=headers and json={}, and lc.show of the answer.",
        )
        return
    if isinstance(given, list | tuple | set) and len(given) == 1:
        (given,) = given
    if not isinstance(given, str):
        kind = kind_of(given)
        yield Finding(MISSING, f"The name of a scope, as a text: this is {kind}.")
        return
    scope = given.strip(" \n`'\".").lower()
    # Source: livechat-public-docs, management/configuration-api, List Groups, Required scopes.
    if scope == "groups--all:ro":
        yield Finding(
            RIGHT, "groups--all:ro. With it in the Console, and in a new token, you get the names."
        )
    elif not _SCOPE.fullmatch(scope):
        yield Finding(
            MISSING, "The name of a scope, and nothing else: it looks like chats--all:ro."
        )
    elif scope == "groups--all:rw":
        yield Finding(
            MISSING,
            "The least that does it: this one may change groups, too. A hint: the two letters at "
            "the end say what a scope allows, to read (ro) or to read and write (rw).",
        )
    elif scope.startswith("groups--my"):
        yield Finding(
            MISSING,
            "The scope for all groups: this one is for those that the person belongs to. "
            "A hint: read what the refusal says.",
        )
    elif scope.startswith("chats--"):
        yield Finding(
            MISSING, "A scope for groups: this one is for chats. A hint: read the refusal."
        )
    else:
        yield Finding(MISSING, "Another scope. A hint: the refusal names the one it wants.")


def check_unanswered(unanswered: Any, tables: "Tables") -> Check:
    """Notebook 02: are these the active chats whose last message is the customer's?

    Args:
        unanswered: the learner's answer: chat ids as a list, a set, an array or a column; a table
            with a column ``chat_id``; or None, if there is none yet.
        tables: made of List Chats.

    Raises:
        InputError: the tables are something else.
    """
    call = "lc.check_unanswered(unanswered, tables)"
    refuse_others(tables, call, "chats", "events", "with_all_events")
    return Check(
        "Your turn: who waits for an answer?",
        tuple(_unanswered(unanswered, tables)),
        "Well done. That is the list a support lead wants to see empty.",
    )


def _unanswered(unanswered: Any, tables: "Tables") -> Iterable[Finding]:
    if unanswered is None:
        yield from nothing_yet(
            "Your answer: chat ids",
            "tables.events has the last message of each chat, with its author_id. "
            "tables.chats knows the customer_id, and last_thread_active. merge brings them "
            "together, on chat_id.",
        )
        return
    if tables.with_all_events:
        yield Finding(
            MISSING,
            "Tables of List Chats: these are of the archives, and a chat that goes on is not in "
            "there. Make them anew, in part 1.",
        )
        return
    given = ids_in(unanswered)
    if given is None:
        yield Finding(
            MISSING,
            f"Chat ids: this is {kind_of(unanswered)}. Give the column chat_id of your "
            "table, or a list of ids.",
        )
        return
    expected, active, known = _expected(tables)
    strangers = given - known
    over = (given & known) - active
    answered = (given & active) - expected
    left_out = expected - given
    if strangers:
        yield Finding(
            MISSING,
            f"Ids of chats: {some(strangers)} in your answer {_is(strangers)} none. "
            "The column is chat_id.",
        )
    if over:
        yield Finding(
            MISSING,
            f"Only chats that go on: {some(over)} {_is(over)} over. "
            "A hint: last_thread_active says it.",
        )
    if answered:
        yield Finding(
            MISSING,
            f"Only chats that wait: in {some(answered)} the last message is not the customer's. "
            "A hint: compare author_id with customer_id.",
        )
    if left_out:
        yield Finding(
            MISSING,
            f"{count(left_out, 'chat')} more. A hint: look at events of the type message alone; "
            "a file or a form that came later is none.",
        )
    if given == expected:
        yield Finding(RIGHT, f"{count(expected, 'chat')}, and the right ones.")


def _expected(tables: "Tables") -> tuple[set[str], set[str], set[str]]:
    """The right answer, the chats that go on, and all chats."""
    chats, events = tables.chats, tables.events
    going_on = chats[chats["last_thread_active"].fillna(False)]
    messages = events[events["type"] == "message"].sort_values("created_at")
    last = messages.drop_duplicates("chat_id", keep="last")
    both = going_on.merge(last, on="chat_id")
    waiting = both[(both["author_id"] == both["customer_id"]).fillna(False)]
    return set(waiting["chat_id"]), set(going_on["chat_id"]), set(chats["chat_id"])


def _is(ids: set[str]) -> str:
    return "is" if len(ids) == 1 else "are"
