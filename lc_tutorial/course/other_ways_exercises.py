"""The exercises of notebook 05: a customer who comes again, and who came in through an app.

As all checks, they never raise for what the learner has not done yet.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import requests

from lc_tutorial.course.answers import count, ids_in, kind_of, some
from lc_tutorial.course.findings import MISSING, RIGHT, Check, Finding, nothing_yet, refuse_others
from lc_tutorial.errors import InputError
from lc_tutorial.messages import json_object

if TYPE_CHECKING:
    from lc_tutorial.tables import Tables


def check_same_customer(first: requests.Response | None, again: Any) -> Check:
    """Exercise: a new token for a customer who exists.

    Args:
        first: the answer that brought the customer's first token; None, if there is none.
        again: the learner's: the answer that brought another one; None, if there is none yet.

    Raises:
        InputError: the first is no answer.
    """
    if first is not None:
        call = "lc.check_same_customer(customer_response, again)"
        refuse_others(first, call, "status_code", "request")
    return Check(
        "Your turn: the same customer, eight hours later",
        tuple(_same_customer(first, again)),
        "Well done. Keep the entity_id, and the customer stays who they are.",
    )


def _same_customer(first: requests.Response | None, again: Any) -> Iterable[Finding]:
    if first is None or not {"entity_id", "access_token"} <= {*json_object(first)}:
        yield Finding(
            MISSING,
            "The customer's first token: run the cells of part 5. The live platform leaves them "
            "out.",
        )
        return
    if again is None:
        yield from nothing_yet(
            "Your request",
            "it is the request of part 5 with one more parameter, which says who the "
            "customer is. The first answer has its value.",
        )
        return
    if not isinstance(again, requests.Response):
        yield Finding(
            MISSING,
            f"The answer itself, as requests.post gives it: this is {kind_of(again)}.",
        )
        return
    if not again.ok:
        yield Finding(
            MISSING,
            f"An answer of 200: the platform refused with {again.status_code}. lc.show(again) says "
            "why.",
        )
        return
    before, now = json_object(first), json_object(again)
    if not {"entity_id", "access_token"} <= {*now}:
        yield Finding(MISSING, "A customer's token: this answer brings none.")
        return
    if now.get("entity_id") != before["entity_id"]:
        yield Finding(
            MISSING,
            "The same customer: this token is of another one. A hint: without an entity_id the "
            "platform makes a new customer.",
        )
        return
    yield Finding(RIGHT, "It is the same customer.")
    if now["access_token"] == before["access_token"]:
        yield Finding(
            MISSING, "Another token: this is the first answer. Send a request of its own."
        )
    else:
        yield Finding(RIGHT, "The token is a new one.")


def check_came_in(came_in: Any, tables: "Tables | None", client_id: str) -> Check:
    """Exercise: which chats came in through the app?

    Args:
        came_in: the learner's answer: chat ids as a list, a set, an array or a column; a table
            with a column ``chat_id``; or None, if there is none yet.
        tables: made of List Chats; None, if there are none yet.
        client_id: of the app.

    Raises:
        InputError: the tables are something else, or the Client Id is no text.
    """
    if tables is not None:
        call = "lc.check_came_in(came_in, tables, client_id)"
        refuse_others(tables, call, "chats", "events", "with_all_events")
    if not isinstance(client_id, str):
        raise InputError(
            what="This is no Client Id.",
            why=f"It is {kind_of(client_id)}.",
            remedy="Write lc.check_came_in(came_in, tables, session.app.client_id).",
        )
    return Check(
        "Your turn: who came in through your app?",
        tuple(_came_in(came_in, tables, client_id)),
        "Well done. So one sees what an integration brings.",
    )


def _came_in(came_in: Any, tables: "Tables | None", client_id: str) -> Iterable[Finding]:
    source = "properties.source.client_id"
    if tables is None:
        yield Finding(
            MISSING, "The tables: run the cells above. The live platform leaves them out."
        )
        return
    if came_in is None:
        yield from nothing_yet(
            "Your answer: chat ids",
            "the platform notes where a chat comes from. Look at the columns of "
            "tables.chats whose names have source in them.",
        )
        return
    given = ids_in(came_in)
    if given is None:
        yield Finding(
            MISSING,
            f"Chat ids: this is {kind_of(came_in)}. Give the column chat_id of "
            "your table, or a list of ids.",
        )
        return
    chats = tables.chats
    ours = chats[(chats[source] == client_id).fillna(False)] if source in chats else chats[:0]
    expected = set(ours["chat_id"])
    if strangers := given - set(chats["chat_id"]):
        yield Finding(MISSING, f"Ids of chats: {some(strangers)} in your answer can't be found.")
    if others := (given & set(chats["chat_id"])) - expected:
        yield Finding(
            MISSING,
            f"Only chats of your app: {some(others)} came another way. A hint: your app has the "
            "Client Id in session.app.client_id.",
        )
    if left_out := expected - given:
        yield Finding(MISSING, f"{count(left_out, 'chat')} more of your app.")
    if given == expected:
        yield Finding(RIGHT, f"{count(expected, 'chat')}, and the right ones.")
