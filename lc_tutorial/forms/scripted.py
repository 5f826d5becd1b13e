"""The scripted learner behind "Do it for me": it uses the sandbox's pages as a person would.

Only the sandbox has one. On the live platform nobody but a person may do the steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import urlencode

import requests

from lc_tutorial.errors import ConnectionProblem, InputError, TutorialError
from lc_tutorial.lab import hook
from lc_tutorial.oauth import (
    Credentials,
    Pkce,
    build_authorization_url,
    check_credentials,
    exchange,
    new_state,
    parse_redirect,
)
from lc_tutorial.platforms import Platform, SandboxLogin, callback_address, check_platform
from lc_tutorial.sandbox.learner import Colleague, Learner, Person, Stuck

#: The least that the course's requests need.
_SCOPES = ("chats--all:ro",)

#: The path of the example app's page, in the sandbox.
EXAMPLE_APP = "example-app"

#: Of step 1: with one more, so that the exercise can ask for less.
SCOPES_OF_STEP_1 = (*_SCOPES, "chats--my:ro")


class App(Protocol):
    """What is needed of an app: the form of step 1 has it, once it is done."""

    @property
    def client_id(self) -> str:
        """Its Client Id."""

    @property
    def redirect_uri(self) -> str:
        """The redirect URI that it uses."""


def configure_app(
    platform: Platform, client_type: str = "server_side", *, scopes: tuple[str, ...] = _SCOPES
) -> Credentials:
    """Step 1: create an app in the Console, whitelist the callback address, add scopes.

    It is installed too, so that others of the organization may use it.

    Args:
        platform: the sandbox.
        client_type: ``"server_side"``, or ``"javascript"``: an app without a secret.
        scopes: of the app.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page refused.
    """
    login = _login(platform)
    # As the Console would show it.
    address = callback_address(login.callback_port, in_notebook=platform.opens_in_notebook)
    with explained():
        app = _learner(platform).create_app(
            "List Chats", address.uri, scopes, client_type, installed=True
        )
    secret = app.client_secret or None
    return check_credentials(app.client_id, secret, app.redirect_uri, platform=platform)


def acquire_code(platform: Platform, authorization_url: str) -> str:
    """Step 2: follow the link, sign in, allow.

    Returns:
        The address to which the browser would go next, with the code in it.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page refused.
    """
    with explained():
        return _learner(platform).authorize(_from_here(platform, authorization_url))


def colleague(platform: Platform) -> Colleague:
    """Somebody who changes the author's apps in the Console.

    Raises:
        InputError: on the live platform.
    """
    login = _login(platform)
    return Colleague(platform.accounts_url, login.email, login.password)


def in_the_browser_of(platform: Platform, email: str, password: str) -> Learner:
    """Another person of the sandbox, in a browser of their own."""
    return Learner(platform.accounts_url, email, password)


def publish_app(platform: Platform, client_id: str) -> None:
    """Publish an app in the Console.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page refused.
    """
    with explained():
        _learner(platform).publish(client_id)


def create_personal_access_token(platform: Platform) -> str:
    """Create a personal access token in the Console.

    Returns:
        The Base64 of account id and token.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page refused.
    """
    with explained():
        return _learner(platform).create_personal_access_token("My script", _SCOPES)


def run_example_app(platform: Platform) -> None:
    """Create a JavaScript app in the Console, and do what the example app's page does in a browser.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page or the platform refused.
    """
    in_browser = platform.authorization_url
    # Of a path alone nobody here knows the origin. The address is only compared, never opened.
    origin = f"{platform.accounts_url}/" if in_browser.startswith("/") else in_browser
    redirect_uri = f"{origin}{EXAMPLE_APP}"
    with explained():
        learner = _learner(platform)
        app = learner.create_app("Chats in my browser", redirect_uri, _SCOPES, "javascript")
        state, pkce = new_state(), Pkce.new()
        url = build_authorization_url(
            platform,
            client_id=app.client_id,
            redirect_uri=redirect_uri,
            state=state,
            pkce=pkce,
        )
        query = url.partition("?")[2]
        answer = learner.authorize(f"{platform.accounts_url}/?{query}")
        token = exchange(
            platform,
            client_id=app.client_id,
            client_secret=None,
            redirect_uri=redirect_uri,
            code=parse_redirect(answer, state=state, strict=True).code,
            code_verifier=pkce.verifier,
        )
        with platform.session() as session:
            headers = {"Authorization": token.authorization}
            url = platform.list_chats_url
            session.post(url, json={"limit": 3}, headers=headers, timeout=30).raise_for_status()


def somebody_else(platform: Platform) -> Person:
    """The owner of another organization of the sandbox than the scripted learner's own.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
    """
    with explained():
        people = _learner(platform).people()
    me = next(person for person in people if person.email == _login(platform).email)
    others = [person for person in people if person.organization != me.organization]
    return next(person for person in others if person.role == "Owner")


def widen_app(platform: Platform, client_id: str, scopes: tuple[str, ...]) -> None:
    """Between steps 1 and 2: let an app ask for more scopes, and install it.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page refused.
    """
    with explained():
        person = colleague(platform)
        person.add_scopes(client_id, *scopes)
        person.install(client_id)


def redirect_of_somebody_else(
    platform: Platform, app: App, authorization_url: str | None = None
) -> str:
    """Let somebody else of the sandbox follow a link for this app, and allow it.

    Args:
        platform: a sandbox.
        app: the form of step 1, once it is done.
        authorization_url: the link; one of their own, with a state of their own, if not given.

    Returns:
        The address to which their browser would go next, with their code and their state in it.

    Raises:
        InputError: on the live platform.
        StepIncomplete: step 1 is not done.
        ConnectionProblem: the sandbox does not answer.
        TutorialError: the app is not installed, or a page refused.
    """
    check_platform(platform, "lc.redirect_of_somebody_else(platform, app)")
    login = _login(platform)
    url = _from_here(platform, authorization_url or _plain_link(platform, app))
    with explained():
        people = _learner(platform).people()
        other = next(person for person in people if person.email != login.email)
        browser = in_the_browser_of(platform, other.email, other.password)
        address = browser.authorize(url)
    if not address.startswith(app.redirect_uri):
        raise TutorialError(
            what="Nobody but you may use this app yet, so there is no code of somebody else.",
            why="It is private, and not installed for your organization.",
            remedy="In the Console, open your app, choose Private installation and Install app. "
            "Then run this cell again.",
        )
    return address


def _from_here(platform: Platform, authorization_url: str) -> str:
    """A link that was made for a browser, which may reach the sandbox through a hub's proxy."""
    return f"{platform.accounts_url}/?{authorization_url.partition('?')[2]}"


def _plain_link(platform: Platform, app: App) -> str:
    """A link as somebody else's browser would have it, without PKCE."""
    sent = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": new_state(),
    }
    return f"{platform.accounts_url}/?{urlencode(sent)}"


def _learner(platform: Platform) -> Learner:
    login = _login(platform)
    return Learner(platform.accounts_url, login.email, login.password)


def _login(platform: Platform) -> SandboxLogin:
    if platform.login is None:
        raise InputError(
            what="Nobody can do this step for you on the live platform.",
            why="It needs your account and your consent.",
            remedy="Do it by hand in the browser; the text above the form says how.",
        )
    return platform.login


@contextmanager
def explained() -> Iterator[None]:
    """Say of what stops the scripted learner what it means, and record none of its requests.

    Raises:
        ConnectionProblem: the sandbox does not answer.
        TutorialError: a page refused.
    """
    try:
        # Its way through the pages is a person's, and no request of the notebook.
        with hook.unrecorded():
            yield
    except requests.RequestException as problem:
        raise ConnectionProblem.from_exception(problem) from None
    except Stuck as problem:
        raise TutorialError(
            what="The scripted learner got stuck in the sandbox.",
            why=str(problem),
            remedy="Do the step by hand to see the page, or start over.",
        ) from None
