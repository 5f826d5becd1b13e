"""Sending a request of the lab: to the platform, once, and with its secrets to nobody else.

Redirects are followed by hand, because where they lead decides what goes along.
"""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import requote_uri

from lc_tutorial.errors import ConnectionProblem, InputError, PlatformAnswerError
from lc_tutorial.lab import history
from lc_tutorial.lab.hosts import HostNotAllowed, Reach, leads_elsewhere, origin_of
from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.request import REFERENCE, Body, FormBody, JsonBody, Pairs, Request, TextBody
from lc_tutorial.lab.vault import PUBLIC, Vault
from lc_tutorial.masking import SECRET_FIELDS, SECRET_HEADERS, mask
from lc_tutorial.messages import header_text
from lc_tutorial.platforms import Platform, billing

__all__ = ["HostNotAllowed", "send", "why_not_followed"]

#: Seconds to connect, and to wait for an answer. The platform itself gives up after 15.
#: Source: livechat-public-docs, messaging/agent-chat-api, "Possible errors" (request_timeout).
TIMEOUT = (5, 20)

#: How many redirects are followed at most.
MOST_REDIRECTS = 5

_REDIRECTS = (301, 302, 303, 307, 308)


def send(
    request: Request, vault: Vault, platform: Platform, *, also_to: Collection[str] = ()
) -> requests.Response:
    """Send a request, once, and return the answer.

    A redirect is followed to the hosts that are allowed, a few times at most, with the method that
    RFC 9110 asks for (section 15.4). To another host go no Authorization, no cookies and no secret
    fields. One that is not followed is the answer: :func:`why_not_followed` says why. Nothing is
    tried again: what the first try did, a second would do twice.

    Args:
        request: with references.
        vault: that has their values.
        platform: the one that is chosen. In the sandbox no proxy is used.
        also_to: other hosts that the learner allows, as ``"example.com"`` or
            ``"http://example.com"``.

    Returns:
        The last answer; its ``history`` has those that led to it.

    Raises:
        HostNotAllowed: it would go to another host. Nothing was sent.
        InputError: a value is missing, something can't be sent as it is, or a header names another
            place than the address. Nothing was sent.
        SandboxGone, NoNetwork: nobody answered.
        PlatformAnswerError: what came is no answer.
    """
    reach = Reach.of(platform, also_to)
    # Before the values come in: a host that is refused is named.
    reach.check(request.url)
    prepared = prepare(request, vault)
    reach.check(prepared.url or "")
    _check_headers(prepared)
    followed: list[requests.Response] = []
    with platform.session() as session, history.from_lab(request):
        # Also when it follows none, requests looks where an answer leads, and fails if it can't
        # read that.
        session.get_redirect_target = lambda resp: None  # type: ignore[method-assign] # noqa: ARG005
        response = _sent(session, prepared)
        while (target := _target(response)) and _is_followed(reach, target, len(followed)):
            followed.append(response)
            request = _redirected(request, response, target, vault)
            response = _sent(session, _prepared_for(target, request, vault))
    response.history = followed
    return response


def why_not_followed(
    response: requests.Response, platform: Platform, *, also_to: Collection[str] = ()
) -> str:
    """Why the lab did not go where an answer leads, as one sentence; empty if it leads nowhere.

    Args:
        response: from :func:`send`.
        platform: as it was given there.
        also_to: as it was given there.
    """
    target = _target(response)
    if target is None:
        return ""
    origin = origin_of(target)
    if origin is None:
        return "The answer leads to an address that can't be read. The lab did not go there."
    if len(response.history) >= MOST_REDIRECTS:
        return f"The answer leads on, after {MOST_REDIRECTS} redirects. The lab went no further."
    if not Reach.of(platform, also_to).allows(target):
        return (
            f"The answer leads to {origin.name}, which is not the platform. The lab did not go "
            "there, and sent nothing to it."
        )
    return ""


def _check_headers(prepared: requests.PreparedRequest) -> None:
    host = urlsplit(prepared.url or "").netloc
    for name, value in prepared.headers.items():
        if leads_elsewhere(name, header_text(value), host):
            raise InputError(
                what=f"The request was not sent: its header {name[:40]} names another place than "
                "its address does.",
                why="Servers and proxies on the way may go by this header, and lead the request, "
                "with the token in it, to where it says.",
                remedy="Delete this header. If you mean another place, write that in the address.",
            )


# --- One request --------------------------------------------------------------------------------


def _sent(session: requests.Session, prepared: requests.PreparedRequest) -> requests.Response:
    url = prepared.url or ""
    for name, value in requests.utils.default_headers().items():
        prepared.headers.setdefault(name, value)
    settings = session.merge_environment_settings(url, {}, False, None, None)
    try:
        # Not session.request: it would ask a .netrc file for credentials.
        response = session.send(prepared, timeout=TIMEOUT, allow_redirects=False, **settings)
    except (
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
    ):
        raise PlatformAnswerError(
            what="The answer broke off.",
            why="The connection ended before the answer did, or its compression is broken.",
            remedy="Send the request again, if it is one that may be sent twice.",
        ) from None
    except requests.RequestException as problem:
        # Not "from problem": its text and its request hold secrets.
        raise ConnectionProblem.from_exception(problem, url) from None
    except (ValueError, OSError):
        raise InputError(
            what="This request can't be sent, or its answer can't be read.",
            why="Something in it is not allowed in HTTP.",
            remedy="Look at the method, the headers and the address.",
        ) from None
    billing.note(response)
    return response


# --- Redirects ----------------------------------------------------------------------------------


def _target(response: requests.Response) -> str | None:
    """Where the answer leads: a whole address, or None."""
    location = response.headers.get("Location")
    if response.status_code not in _REDIRECTS or not location:
        return None
    try:
        # Headers are read as Latin-1; addresses that are not in ASCII come in UTF-8.
        location = location.encode("latin-1").decode("utf-8", "replace")
        return urljoin(response.url, requote_uri(location))
    except (ValueError, requests.RequestException):
        return location


def _is_followed(reach: Reach, target: str, already: int) -> bool:
    return already < MOST_REDIRECTS and reach.allows(target)


def _redirected(
    request: Request, response: requests.Response, target: str, vault: Vault
) -> Request:
    """What is sent to where the answer leads, but for the address."""
    status, method = response.status_code, request.method
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method = "GET"
    # One that named the place that it comes from would now name another.
    own = tuple(pair for pair in request.headers if not leads_elsewhere(*pair, host=""))
    request = replace(request, headers=own)
    if method != request.method:
        headers = tuple(pair for pair in own if not pair[0].lower().startswith("content-"))
        request = replace(request, method=method, headers=headers, body=None)
    return (
        request if origin_of(response.url) == origin_of(target) else _for_strangers(request, vault)
    )


def _prepared_for(target: str, request: Request, vault: Vault) -> requests.PreparedRequest:
    """The request with this address, to the letter: what looks like a reference in it is none."""
    prepared = prepare(replace(request, url=f"{origin_of(target)}/", query=()), vault)
    prepared.prepare_url(target, None)
    return prepared


def _for_strangers(request: Request, vault: Vault) -> Request:
    """The request without secrets."""

    def is_secret(text: str) -> bool:
        names = set(REFERENCE.findall(text))
        return bool(names - PUBLIC) or vault.conceal(text) != text or mask(text) != text

    def harmless(pairs: Pairs, secret_names: frozenset[str]) -> Pairs:
        return tuple(
            (name, value)
            for name, value in pairs
            if name.strip().lower() not in secret_names and not is_secret(f"{name}\n{value}")
        )

    return replace(
        request,
        authorization=None,
        headers=harmless(request.headers, SECRET_HEADERS),
        body=_harmless_body(request.body, is_secret, harmless),
    )


def _harmless_body(body: Body, is_secret: Any, harmless: Any) -> Body:
    def without(data: Any) -> Any:
        if isinstance(data, dict):
            return {
                name: without(value)
                for name, value in data.items()
                if name not in SECRET_FIELDS and not (isinstance(value, str) and is_secret(value))
            }
        if isinstance(data, list):
            return [
                without(each) for each in data if not (isinstance(each, str) and is_secret(each))
            ]
        return data

    match body:
        case FormBody(fields):
            return FormBody(harmless(fields, SECRET_FIELDS))
        case JsonBody():
            try:
                left = json.dumps(without(body.data()), ensure_ascii=False)
            except ValueError:
                left = body.text
            return None if is_secret(left) else JsonBody(left)
        case TextBody(text):
            return None if is_secret(text) else body
    return None
