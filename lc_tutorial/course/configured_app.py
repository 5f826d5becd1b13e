"""The check of step 1: what the form has, and what the platform knows of it."""

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from lc_tutorial.course.checks import LIST_CHATS_SCOPES
from lc_tutorial.course.findings import MISSING, NOTE, RIGHT, Check, Finding, refuse_others
from lc_tutorial.errors import AuthorizationError, ConnectionProblem, TutorialError
from lc_tutorial.memory import SentRequest
from lc_tutorial.oauth import leads_through_a_proxy, listening_port
from lc_tutorial.platforms import Platform, jupyter


class ConfiguredApp(Protocol):
    """What step 1 made, as far as its check asks: the form, or anything with the same."""

    @property
    def platform(self) -> Platform:
        """Whose app it is."""

    @property
    def is_complete(self) -> bool:
        """Whether the learner has entered all of it."""

    @property
    def client_id(self) -> str:
        """The app's public identifier."""

    @property
    def client_secret(self) -> str | None:
        """The app's secret; None for a JavaScript app."""

    @property
    def redirect_uri(self) -> str:
        """Where the code shall go."""

    @property
    def not_used_yet(self) -> tuple[str, ...]:
        """The labels of fields that say something else than what is used."""


def check_app(app: ConfiguredApp) -> Check:
    """Step 1: does the platform know the app and its redirect URI?

    In the sandbox it asks the platform. The live one tells only in step 2.
    """
    refuse_others(app, "lc.check_app(app)", "is_complete", "not_used_yet", "platform")
    return Check(
        "Step 1: configure the app",
        tuple(_app(app)),
        "Step 1 is done. Next: acquire the code.",
    )


def _app(app: ConfiguredApp) -> Iterable[Finding]:
    if not app.is_complete:
        yield Finding(MISSING, "The app's values. Fill in the form above and press Use these.")
        return
    if app.client_secret is None:
        yield Finding(RIGHT, "The form has a Client Id and a redirect URI; this app has no secret.")
    else:
        yield Finding(RIGHT, "The form has a Client Id, a Client Secret and a redirect URI.")
    if app.not_used_yet:
        yield Finding(
            MISSING,
            f"What the form shows is not used yet ({', '.join(app.not_used_yet)}): press Use "
            "these. The lines below are of what is used.",
        )
    if app.platform.is_sandbox:
        yield from _known_to_sandbox(app)
    else:
        yield Finding(NOTE, "Whether the live platform knows them shows in step 2.")
    if listening_port(app.redirect_uri) is None:
        yield Finding(
            NOTE, "The redirect URI is not on this machine: you will paste the code in step 2."
        )
    elif app.platform.opens_in_notebook:
        yield Finding(
            RIGHT,
            "The redirect URI leads to this notebook, and the pages open in it: the code will "
            "arrive here.",
        )
    elif jupyter.browser_is_elsewhere() and not leads_through_a_proxy(app.redirect_uri):
        shown_by = "the Console" if app.platform.is_sandbox else "the form"
        yield Finding(
            NOTE,
            "The redirect URI leads to the computer with your browser, most likely not the one of "
            "this notebook. Then the browser will say that the connection was refused, and you "
            f"will paste its address in step 2. Or whitelist the callback address that {shown_by} "
            "shows, and use that.",
        )
    else:
        yield Finding(RIGHT, "The redirect URI leads to this notebook: the code will arrive here.")


def _known_to_sandbox(app: ConfiguredApp) -> Iterable[Finding]:
    try:
        _ask_for_code(app, scope=None)
        yield Finding(RIGHT, "The platform knows the app, and its redirect URI is whitelisted.")
    except TutorialError as problem:
        yield Finding(MISSING, str(problem), problem)
        return
    allowed = []
    for scope in LIST_CHATS_SCOPES:
        try:
            _ask_for_code(app, scope=scope)
        except AuthorizationError:
            continue
        allowed.append(scope)
    if allowed:
        yield Finding(RIGHT, f"The app has a scope for List Chats: {allowed[0]}.")
    else:
        yield Finding(
            MISSING,
            "A scope for List Chats. In the Console, under App scopes and API access, add "
            f"{LIST_CHATS_SCOPES[0]} or {LIST_CHATS_SCOPES[1]}, and press Save changes there.",
        )


def _ask_for_code(app: ConfiguredApp, scope: str | None) -> None:
    """Send step 2's request without following it: a refusal shows in where it would lead."""
    origin = app.platform.accounts_url
    parameters = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        # A JavaScript app may not ask without one. Nobody exchanges a code for this.
        "code_challenge": "0" * 43,
        "code_challenge_method": "S256",
    }
    if scope:
        parameters["scope"] = scope
    try:
        with app.platform.session() as session:
            answer = session.get(
                f"{origin}/?{urlencode(parameters)}",
                allow_redirects=False,
                timeout=10,
            )
    except requests.RequestException as problem:
        raise ConnectionProblem.from_exception(problem) from None
    led_to = dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))
    if "oauth_exception" in led_to:
        raise AuthorizationError.from_parameters(
            led_to["oauth_exception"],
            led_to.get("exception_details", ""),
            SentRequest(
                app.client_id, app.redirect_uri, frozenset({scope} if scope else ()), origin=origin
            ),
        )
