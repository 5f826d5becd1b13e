"""The exercise of notebook 01: a token that may do less, what it is refused, and the repair."""

from collections.abc import Iterable
from typing import Any

import requests

from lc_tutorial.course.answers import kind_of
from lc_tutorial.course.checks import LIST_CHATS_SCOPES
from lc_tutorial.course.findings import MISSING, NOTE, RIGHT, Check, Finding
from lc_tutorial.errors import TutorialError
from lc_tutorial.messages import header_of
from lc_tutorial.oauth import Token

_METHOD = "/agent/action/list_chats"


def check_narrower(narrower: Any, refused: Any, repaired: Any) -> Check:
    """Notebook 01: a token with a narrower scope, the refusal that follows, and the repair.

    Args:
        narrower: a token that doesn't open List Chats, or the answer that brought it; or None.
        refused: the answer of List Chats to it; or None.
        repaired: the answer of List Chats to a token that may; or None.
    """
    token = _token(narrower)
    return Check(
        "Your turn: a token that can do less",
        (*_narrower(narrower, token), *_refused(refused, token), *_repaired(repaired, token)),
        "Well done. A token can do what its scopes say, and no more.",
    )


def _token(given: Any) -> Token | None:
    if isinstance(given, requests.Response):
        try:
            return Token.from_response(given)
        except TutorialError:
            return None
    return given if isinstance(given, Token) else None


def _narrower(given: Any, token: Token | None) -> Iterable[Finding]:
    if given is None:
        yield Finding(MISSING, "narrower: a token that has only the scope chats--my:ro.")
        yield Finding(
            NOTE,
            "A hint: the refresh of step 5 takes one field more. Its name stands in each answer "
            "with a token.",
        )
    elif token is None and isinstance(given, requests.Response):
        yield Finding(
            MISSING, "narrower: a token. The answer brings none; lc.show says why it was refused."
        )
    elif token is None:
        yield Finding(
            MISSING,
            f"narrower: a token. This is {kind_of(given)}; lc.Token.from_response makes one of the "
            "answer.",
        )
    elif _opens_list_chats(token):
        yield Finding(
            MISSING,
            f"narrower: a token that can't list chats. This one has {_listed(token)}.",
        )
    elif not token.scopes:
        yield Finding(MISSING, "narrower: a token whose answer names its scope. This one has none.")
    else:
        yield Finding(RIGHT, f"narrower can do less: it has {_listed(token)}.")


def _refused(given: Any, token: Token | None) -> Iterable[Finding]:
    name = "refused: the answer of List Chats to narrower"
    wrong = _not_of_list_chats(given)
    if wrong:
        yield Finding(MISSING, f"{name}. {wrong}")
    elif token is None or not _was_sent_with(given, token):
        yield Finding(MISSING, f"{name}. This request was sent with another token.")
    elif given.status_code == 403:
        yield Finding(RIGHT, "refused is 403: the token is good, and may not do this.")
    elif given.status_code == 401:
        yield Finding(
            MISSING,
            f"{name}, while it lives. 401 says that the token itself isn't accepted; 403 is what "
            "is missing here.",
        )
    else:
        yield Finding(MISSING, f"{name}, which is 403. This one is {given.status_code}.")


def _repaired(given: Any, token: Token | None) -> Iterable[Finding]:
    name = "repaired: the answer of List Chats to a token that may"
    wrong = _not_of_list_chats(given)
    if wrong:
        yield Finding(MISSING, f"{name}. {wrong}")
    elif token is not None and _was_sent_with(given, token):
        yield Finding(
            MISSING,
            f"{name}. This was sent with narrower, and a token keeps its scopes: get another one.",
        )
    elif given.status_code != 200:
        yield Finding(MISSING, f"{name}, which is 200. This one is {given.status_code}.")
    else:
        yield Finding(RIGHT, "repaired is 200: this token has a scope for List Chats.")


def _not_of_list_chats(given: Any) -> str:
    """What is wrong with an answer, if it is none of List Chats."""
    if given is None:
        return "There is none yet: send the request of step 4."
    if not isinstance(given, requests.Response):
        return f"This is {kind_of(given)}: keep what requests.post returned."
    path = (given.url or "").partition("?")[0].rstrip("/")
    return "" if path.endswith(_METHOD) else "This one is of another address."


def _was_sent_with(answer: requests.Response, token: Token) -> bool:
    scheme, _, value = header_of(answer.request, "Authorization").strip().partition(" ")
    return scheme.lower() == "bearer" and value.strip() == str(token.access_token)


def _opens_list_chats(token: Token) -> bool:
    # A scope to write contains the one to read.
    return any(scope.replace(":rw", ":ro") in LIST_CHATS_SCOPES for scope in token.scopes)


def _listed(token: Token) -> str:
    return ", ".join(sorted(token.scopes))
