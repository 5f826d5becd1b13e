"""Writes errors.md, the page of all errors, for people who search for the one that they have.

python docs/errors.py

What the platform refuses is made to happen in a sandbox, row by row of the tests' table of errors,
and written down as the notebooks explain it. What a sandbox can't bring about is taken from where
the explanations are.
"""

import json
import os
import re
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import requests
from requests import exceptions

from lc_tutorial import connect, masking, memory
from lc_tutorial.display.transcript import explanation
from lc_tutorial.errors import Place, PlatformRefusal, TokenError
from lc_tutorial.errors.explaining import api, authorization, connection
from lc_tutorial.platforms import launch

PAGE = Path(__file__).with_name("errors.md")

_HEAD = """# Errors, and what to do

Every error of the Text Platform (LiveChat) that this course knows: what happened, why, and what to
do. Search this page for the name that you got, such as `unauthorized_client`.

Which of several reasons it is, the notebooks find out from the request: `lc.show(response)` says
it. Steps 1 to 4 are those of
[Authorization in practice](../notebooks/01_authorization_in_practice.ipynb): configure the app,
acquire a code, exchange it, list chats. The sandbox is the course's practice platform. Where it
says what it knows, the live platform says the error's name only.
[When it fails](../notebooks/04_when_it_fails.ipynb) makes fifteen of these errors on purpose.

<!-- Made from the tests' table of errors by python docs/errors.py: change it there. -->
"""

#: The parts of the page, and what stands at the beginning of each.
ON_PAGES, LOGIN = "At the authorization page", "At the login"
ACCOUNTS, API = "From the accounts service", "From an API"
NO_ANSWER = "No answer"
_BEGINNINGS = {
    ON_PAGES: "The page sends the browser on, with the error in the address: as `oauth_exception`, "
    "often with `exception_details`.",
    LOGIN: "The error is in the address, as `identity_exception`. It is about who signs in.",
    ACCOUNTS: "About codes and tokens: the addresses below `accounts.livechat.com`, such as "
    "`/v2/token`. The answer has the name as `error`.",
    API: "About chats, agents and customers: the addresses below `api.livechatinc.com`, such as "
    "`/v3.6/agent/action/list_chats`. The answer has the name as `type`, in `error`.",
    NO_ANSWER: "Nothing came back, or nothing was sent. The names are those of what `requests` "
    "raises.",
}


class Told(NamedTuple):
    """What is said of one refusal.

    Attributes:
        part: of the page.
        error: its heading there.
        what: happened.
        case: what was done; empty where an error has one reason only.
        why: it was refused.
        remedy: what to do.
    """

    part: str
    error: str
    what: str
    case: str
    why: str
    remedy: str


def of_refusal(case: str, status: int, problem: PlatformRefusal) -> Told:
    """A refusal, as the notebooks explain it."""
    is_of_accounts = isinstance(problem, TokenError)
    part = ACCOUNTS if is_of_accounts else API
    name = getattr(problem, "name" if is_of_accounts else "type")
    error = f"{status} {name or 'without a name'}"
    if name in _OF_THE_SANDBOX:
        error += ", about tokens" if is_of_accounts else ", about chats"
    return Told(part, error, problem.what, case, problem.why, problem.remedy)


#: A name that the sandbox alone has, in both of its parts.
_OF_THE_SANDBOX = ("not_imitated",)


# --- What is said -------------------------------------------------------------------------------


def from_the_table() -> Iterator[Told]:
    """Make each error of the tests' table happen in a sandbox."""
    table = _table()
    from tests.unit.errors.scene import Scene

    platform = connect("sandbox", fresh=True)
    shared = Scene(platform)
    for row in (row for rows in table.values() for row in rows):
        # What one row has shown is no fact for the next.
        masking.forget_all()
        memory.forget_all()
        response = row.send(Scene(platform) if row.alone else shared)
        problem = explanation(response)
        assert problem is not None, row.case  # noqa: S101
        yield of_refusal(row.case, response.status_code, problem)
        shared.control.real_time()
        shared.control.clear_faults()
        shared.control.limit_rate()


def _table() -> dict[str, list[Any]]:
    """The tests' table; the tests are beside the package, and no part of it."""
    sys.path.insert(0, str(PAGE.parents[1]))
    from tests.unit.errors.table import TABLE

    return TABLE


def others() -> list[Told]:
    """What is said where no sandbox is, or where it can't bring an error about."""
    return [*_on_pages(), *_by_name(), *_types(), *_no_answer()]


def _on_pages() -> Iterator[Told]:
    of_login = authorization._IDENTITY
    names = [name for name in authorization._AUTHORIZATION if name not in of_login]
    shared = [name for name in authorization._AUTHORIZATION if name in _OF_BOTH]
    for name in [*names, *shared, *_DETAILS[:1]]:
        parameter = "exception_details" if name in _DETAILS else "oauth_exception"
        told = authorization.authorization("", name, None)
        yield Told(ON_PAGES, f"{parameter}: {name}", told.what, "", str(told.why), told.remedy)
    for name in of_login:
        told = authorization.authorization(name, "", None, "identity_exception")
        yield Told(LOGIN, f"identity_exception: {name}", told.what, "", str(told.why), told.remedy)


#: Names that the link's error and the login's share.
_OF_BOTH = ("access_denied", "invalid_request", "server_error")

#: What comes as a detail.
#: Source: livechat-public-docs, authorization/troubleshooting.
_DETAILS = (
    *("invalid_redirect_uri", "client_id_not_found", "redirect_uri_not_set", "too_many_redirects"),
)

_EXCHANGE = {
    "grant_type": "authorization_code",
    "code": "dal:not_a_real_code_00000000000",
    "client_id": "0123456789abcdef" * 2,
    "client_secret": "not-a-real-secret",
    "redirect_uri": "http://127.0.0.1:8377/callback",
}
_REFRESH = {
    "grant_type": "refresh_token",
    "refresh_token": "not-a-real-refresh-token",
    "client_id": "0123456789abcdef" * 2,
    "client_secret": "not-a-real-secret",
}
#: What is left where neither the request nor anybody shows more than the error's name.
_NAME_ALONE = (
    (401, "unauthorized_client", _EXCHANGE),
    (401, "unauthorized_client", _REFRESH),
    (401, "invalid_client", _REFRESH),
    (403, "invalid_grant", _EXCHANGE),
    (403, "invalid_grant", _REFRESH),
    (403, "unsupported_grant_type", _EXCHANGE),
    (403, "access_denied", _EXCHANGE),
    (403, "invalid_scope", _EXCHANGE),
    (422, "invalid_request", _EXCHANGE),
)


def _by_name() -> Iterator[Told]:
    for status, name, fields in _NAME_ALONE:
        answer = requests.Response()
        url = "https://accounts.livechat.com/v2/token"
        answer.status_code, answer.url = status, url
        answer.request = requests.Request("POST", url, data=fields).prepare()
        answer._content = json.dumps({"error": name}).encode()
        problem = TokenError.from_response(answer, Place.CELL)
        grant = "an exchange" if fields is _EXCHANGE else "a refresh"
        yield of_refusal(f"{grant} of which no more is known", status, problem)


def _types() -> Iterator[Told]:
    in_the_table = {row.error.partition(" ")[2] for rows in _table().values() for row in rows}
    for name, (why, remedy) in api._TYPES.items():
        if name not in in_the_table:
            yield Told(API, name, "The API refuses the call.", "", str(why), remedy)


_FAR, _HERE = "https://api.livechatinc.com/", "http://127.0.0.1:9/"
_FAILURES = (
    ("MissingSchema", exceptions.MissingSchema(), _FAR),
    ("InvalidSchema", exceptions.InvalidSchema(), _FAR),
    ("InvalidURL", exceptions.InvalidURL(), _FAR),
    ("InvalidHeader", exceptions.InvalidHeader(), _FAR),
    ("UnicodeEncodeError: 'latin-1'", UnicodeEncodeError("latin-1", "•", 0, 1, ""), _FAR),
    ("InvalidJSONError", exceptions.InvalidJSONError(), _FAR),
    ("RemoteDisconnected", exceptions.ConnectionError(ConnectionResetError()), _FAR),
    ("ChunkedEncodingError", exceptions.ChunkedEncodingError(), _FAR),
    ("ContentDecodingError", exceptions.ContentDecodingError(), _FAR),
    ("NameResolutionError", exceptions.ConnectionError(socket.gaierror()), _FAR),
    ("ConnectionError", exceptions.ConnectionError(), _FAR),
    ("ConnectionError, in the sandbox", exceptions.ConnectionError(), _HERE),
    ("ReadTimeout, ConnectTimeout", exceptions.Timeout(), _FAR),
    ("ReadTimeout, in the sandbox", exceptions.Timeout(), _HERE),
    ("ProxyError", exceptions.ProxyError(), _FAR),
    ("SSLError", exceptions.SSLError(), _FAR),
    ("SSLError, in the sandbox", exceptions.SSLError(), _HERE),
)


def _no_answer() -> Iterator[Told]:
    for error, problem, url in _FAILURES:
        _, told = connection.failure(problem, url)
        yield Told(NO_ANSWER, error, told.what, "", str(told.why), told.remedy)


# --- The page -----------------------------------------------------------------------------------


def page(told: Iterable[Told]) -> str:
    """Return the page, in Markdown."""
    parts: dict[str, dict[str, list[Told]]] = {part: {} for part in _BEGINNINGS}
    for each in told:
        parts[each.part].setdefault(each.error, []).append(each)
    lines = [_HEAD]
    for part, errors in parts.items():
        lines += [f"## {part}\n", f"{_BEGINNINGS[part]}\n"]
        for error in sorted(errors):
            lines += [heading(errors[error][0]), *map(entry, errors[error])]
    return "\n".join(lines)


def heading(told: Told) -> str:
    """The heading of an error, and what happened."""
    return f"### {told.error}\n\n{_escaped(told.what)}\n"


def entry(told: Told) -> str:
    """One refusal."""
    why, remedy = _escaped(told.why), f"**What to do:** {_escaped(told.remedy)}"
    if told.case:
        return f"{_escaped(told.case)}\n: {why}\n\n  {remedy}\n"
    return f"**Why:** {why}\n\n{remedy}\n"


def _escaped(text: str) -> str:
    """A text as Markdown leaves it alone, but for the code in it."""
    text = re.sub(r"(127\.0\.0\.1|localhost):(?!8377)\d+", r"\1:PORT", text)
    return re.sub(r"([\\*<>\[\]{}|])", r"\\\1", " ".join(text.split()))


def main() -> None:
    """Write the page."""
    with TemporaryDirectory() as runtime:
        os.environ["JUPYTER_RUNTIME_DIR"] = runtime
        os.environ.pop("JPY_PARENT_PID", None)
        try:
            told = [*from_the_table(), *others()]
        finally:
            launch.stop_all()
    PAGE.write_text(page(told), encoding="utf-8")


if __name__ == "__main__":
    main()
