"""From a request to what goes over the wire: references filled in, everything encoded."""

from urllib.parse import urlencode

import requests

from lc_tutorial.errors import InputError
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Pairs, Request, TextBody
from lc_tutorial.lab.vault import Vault
from lc_tutorial.messages import basic


def prepare(request: Request, vault: Vault) -> requests.PreparedRequest:
    """Make a request ready to be sent. It holds secrets from here on: show nothing of it.

    Args:
        request: with references.
        vault: that has their values.

    Raises:
        InputError: a value is missing, or something can't be sent as it is.
    """
    headers = dict(_resolved(headers_of(request), vault))
    body = _body(request, vault)
    if isinstance(request.authorization, Basic):
        user, password = request.authorization.user, request.authorization.password
        pair = basic.encode(vault.resolve(user), vault.resolve(password))
        headers["Authorization"] = f"Basic {pair}"
    query = urlencode(_resolved(request.query, vault))
    url = vault.resolve(request.url)
    made = requests.Request(
        request.method,
        f"{url}?{query}" if query else url,
        headers={name: value.encode("utf-8", "replace") for name, value in headers.items()},
        data=body,
    )
    try:
        return made.prepare()
    except (requests.RequestException, ValueError) as problem:
        # Not "from problem": its text holds the address or a header's value.
        raise _cannot_be_sent(problem) from None


def headers_of(request: Request, *, with_type: bool = True) -> Pairs:
    """The headers of a request that somebody has to set, but for those of the Basic scheme.

    Of two with the same name the last one counts, as with ``requests``.

    Args:
        request: with references, and so are the headers.
        with_type: whether the body's Content-Type has to be set, too.
    """
    headers = {name.lower(): (name, value) for name, value in request.headers}
    match request.authorization:
        case Bearer(token):
            headers["authorization"] = ("Authorization", f"Bearer {token}")
        case Basic():
            headers.pop("authorization", None)
    if with_type and request.body is not None:
        headers.setdefault("content-type", ("Content-Type", request.body.content_type))
    return tuple(headers.values())


def _body(request: Request, vault: Vault) -> bytes | None:
    match request.body:
        case FormBody(fields):
            return urlencode(_resolved(fields, vault)).encode()
        case JsonBody(text):
            return vault.resolve(text, in_json=True).encode("utf-8", "replace")
        case TextBody(text):
            return vault.resolve(text).encode("utf-8", "replace")
    return None


def _resolved(pairs: Pairs, vault: Vault) -> list[tuple[str, str]]:
    return [(vault.resolve(name), vault.resolve(value)) for name, value in pairs]


def _cannot_be_sent(problem: Exception) -> InputError:
    if isinstance(problem, requests.exceptions.InvalidHeader):
        return InputError(
            what="A header can't be sent.",
            why="Its name or its value has a character that headers can't have, such as a line "
            "break or a space at its beginning.",
            remedy="Look at the headers and the authorization, and take it out.",
        )
    return InputError(
        what="This address can't be used.",
        why="Its host or its path can't be read.",
        remedy="Write it like https://api.livechatinc.com/v3.6/agent/action/list_chats.",
    )
