"""What the authorization page refuses, is made to happen there and explained with its cause."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from lc_tutorial import masking, memory
from lc_tutorial.errors import AuthorizationError, Known, Likely
from lc_tutorial.memory import SeenApp, SentRequest
from lc_tutorial.oauth import build_authorization_url, new_state, parse_redirect
from lc_tutorial.platforms import Platform
from lc_tutorial.sandbox.learner.browser import Browser
from lc_tutorial.sandbox.world.people import FERN_AND_FILTER, PAPER_LANTERN
from tests.unit.errors.scene import REDIRECT_URI, Scene


class Row(NamedTuple):
    """A link that is refused.

    Attributes:
        case: what is wrong.
        change: of the link's parameters, and of the scene.
        name: of the error, and its details.
        cause: what is said of it, in part.
        remedy: what to do, in part.
    """

    case: str
    change: Callable[[Scene], dict[str, str]]
    name: str
    cause: str
    remedy: str


def deleted(s: Scene) -> dict[str, str]:
    client_id = s.app.client_id
    s.deleted(str(s.token.access_token))
    return {"client_id": client_id}


def entered(s: Scene) -> dict[str, str]:
    app = SeenApp(s.app.client_id, None, REDIRECT_URI, s.platform.accounts_url)
    memory.note_entered(app)
    memory.note_redirect_uri(s.app.client_id, REDIRECT_URI)
    return {}


ROWS = [
    Row(
        "a Client Id in capital letters",
        lambda s: {"client_id": s.app.client_id.upper()},
        "unauthorized_client, client_id_not_found",
        "It has capital letters",
        "Copy the Client Id",
    ),
    Row(
        "a Client Id of no app",
        lambda s: {"client_id": "0" * 32},
        "unauthorized_client, client_id_not_found",
        "No app has it",
        "Copy the Client Id",
    ),
    Row(
        "another Client Id than the form's",
        lambda s: entered(s) | {"client_id": "0" * 32},
        "unauthorized_client, client_id_not_found",
        "It is not the one that was entered in the form.",
        "Build the link with app.client_id",
    ),
    Row(
        "an app that was deleted",
        deleted,
        "unauthorized_client, client_id_not_found",
        "An app had it before: it was deleted, or",
        "Make the app again, then",
    ),
    Row(
        "another path than the form's",
        lambda s: entered(s) | {"redirect_uri": "http://127.0.0.1:8377/back"},
        "invalid_request, invalid_redirect_uri",
        "It is not the one that you entered in the form",
        "Build the link with app.redirect_uri",
    ),
    Row(
        "localhost for 127.0.0.1",
        lambda s: {"redirect_uri": REDIRECT_URI.replace("127.0.0.1", "localhost")},
        "invalid_request, invalid_redirect_uri",
        "does not fit the only entry in the whitelist of your app",
        "Correct one of the two",
    ),
    Row(
        "another response_type",
        lambda s: {"response_type": "id_token"},
        "unsupported_response_type, ",
        "It must be code here.",
        "response_type=code",
    ),
    Row(
        "a JavaScript app without PKCE",
        lambda s: {"client_id": s.javascript_app.client_id},
        "unsupported_response_type, ",
        "Of a JavaScript app the link takes PKCE, too: a code_challenge.",
        "for a JavaScript app, add code_challenge and code_challenge_method",
    ),
    Row(
        "a scope that the app does not have",
        lambda s: {"scope": "chats--all:ro,agents--all:ro"},
        "invalid_scope, ",
        "The app does not have agents--all:ro.",
        "Add it to the app",
    ),
]


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    masking.forget_all()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case)
def test_what_the_page_refuses_has_its_cause_and_its_remedy(sandbox: Platform, row: Row) -> None:
    problem = refused(Scene(sandbox), row.change)
    assert f"{problem.name}, {problem.details}" == row.name
    assert isinstance(problem.cause, Known)
    assert row.cause in problem.why
    assert row.remedy in problem.remedy


def refused(scene: Scene, change: Callable[[Scene], dict[str, str]]) -> Any:
    """Open a link in the browser of the scene; the error in the address where that ends."""
    state = new_state()
    asked = {
        "response_type": "code",
        "client_id": scene.app.client_id,
        "redirect_uri": REDIRECT_URI,
        "state": state,
        **change(scene),
    }
    scopes = frozenset(asked.get("scope", "").split(",")) - {""}
    origin = scene.platform.accounts_url
    request = SentRequest(asked["client_id"], asked["redirect_uri"], scopes, origin)
    memory.note_request(state, request)
    ended = scene.learner.authorize(f"{scene.platform.authorization_url}?{urlencode(asked)}")
    with pytest.raises(AuthorizationError) as caught:
        parse_redirect(ended, state=state)
    return caught.value


class Asked(NamedTuple):
    """Somebody who follows a link that has to be refused, and why.

    Attributes:
        case: what is wrong.
        email: of who signs in; empty for the app's author.
        installed: whether the app is installed for its organization.
        name: of the error.
        cause: what is said of it.
        remedy: what to do, in part.
    """

    case: str
    email: str
    installed: bool
    name: str
    cause: str
    remedy: str


AGENT = next(agent.email for agent in FERN_AND_FILTER.agents if agent.role == "normal")
PEOPLE = [
    Asked(
        "Cancel on the consent page",
        "",
        False,
        "missing_grant",
        "Cancel was chosen.",
        "press Allow",
    ),
    Asked(
        "somebody of another organization",
        PAPER_LANTERN.owner.email,
        True,
        "access_denied",
        "The app is private to another organization.",
        "publish the app",
    ),
    Asked(
        "a colleague, where the app is not installed",
        AGENT,
        False,
        "access_denied",
        "The app is private and not installed, and the person is not its author.",
        "install it in the Console",
    ),
    Asked(
        "a plain agent, who can't give chats--all:ro",
        AGENT,
        True,
        "invalid_scope",
        "The person's role cannot give a scope.",
        "sign in as an Owner or Admin",
    ),
]


@pytest.mark.parametrize("asked", PEOPLE, ids=lambda asked: asked.case)
def test_of_several_causes_the_sandbox_tells_the_one(sandbox: Platform, asked: Asked) -> None:
    scene, state = Scene(sandbox), new_state()
    problem = refused_to(scene, asked, state)
    assert problem.name == asked.name
    assert problem.cause == Known(asked.cause)
    assert asked.remedy in problem.remedy


def test_without_the_sandbox_they_are_likely(sandbox: Platform) -> None:
    scene, state = Scene(sandbox), new_state()
    refused_to(scene, PEOPLE[0], state)
    memory.forget_all()
    with pytest.raises(AuthorizationError) as caught:
        parse_redirect(f"{sandbox.accounts_url}/ooops?oauth_exception=missing_grant", state=state)
    assert isinstance(caught.value.cause, Likely)


def test_a_reason_is_of_one_refusal(sandbox: Platform) -> None:
    """The same link was refused for another reason later: of the first nothing wrong is said."""
    scene, state = Scene(sandbox), new_state()
    assert refused_to(scene, PEOPLE[2], state).name == "access_denied"
    scene.learner._browser = Browser(sandbox.accounts_url)
    assert refused_to(scene, PEOPLE[0], state).name == "missing_grant"
    with pytest.raises(AuthorizationError) as caught:
        parse_redirect(f"{sandbox.accounts_url}/ooops?oauth_exception=access_denied", state=state)
    assert caught.value.cause == Known(PEOPLE[2].cause)


def refused_to(scene: Scene, asked: Asked, state: str) -> Any:
    """Follow a link as somebody, and press Cancel where there is that choice."""
    browser = scene.learner._browser
    url = build_authorization_url(
        scene.platform,
        client_id=scene.app.client_id,
        redirect_uri=REDIRECT_URI,
        state=state,
        prompt="consent",
    )
    if asked.installed:
        page = scene._open(scene.name, "installation")
        browser.press(page, page.need("button", id="install-app"))
    page = browser.open(url)
    if page.find("button", id="sign-in"):
        email = asked.email or scene.learner._email
        fill_in = page.need("button", **{"data-email": email})
        entered = {"email": email, "password": fill_in.get("data-password")}
        page = browser.press(page, page.need("button", id="sign-in"), entered)
    cancel = page.find("button", name="decision", value="cancel")
    if cancel is not None:
        page = browser.press(page, cancel)
    with pytest.raises(AuthorizationError) as caught:
        parse_redirect(page.url, state=state)
    return caught.value


def test_a_whitelist_that_was_corrected_since(sandbox: Platform) -> None:
    scene, state = Scene(sandbox), new_state()
    request = SentRequest(scene.app.client_id, REDIRECT_URI, origin=sandbox.accounts_url)
    memory.note_request(state, request)
    # The page had refused it before the address got into the whitelist.
    page = f"{sandbox.accounts_url}/ooops?oauth_exception=invalid_request"
    with pytest.raises(AuthorizationError) as caught:
        parse_redirect(f"{page}&exception_details=invalid_redirect_uri", state=state)
    assert "It is by now." in caught.value.why
    assert caught.value.remedy == "Follow the link again."
