"""What the authorization page refuses, is made to happen there and explained with its cause."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from lc_tutorial import masking, memory
from lc_tutorial.errors import AuthorizationError, Known
from lc_tutorial.memory import SeenApp, SentRequest
from lc_tutorial.oauth import new_state, parse_redirect
from lc_tutorial.platforms import Platform
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
        "It is not the one that was entered in step 1.",
        "Build the link with app.client_id",
    ),
    Row(
        "an app that was deleted",
        deleted,
        "unauthorized_client, client_id_not_found",
        "An app had it before: it was deleted, or",
        "Make the app again in step 1",
    ),
    Row(
        "another path than the form's",
        lambda s: entered(s) | {"redirect_uri": "http://127.0.0.1:8377/back"},
        "invalid_request, invalid_redirect_uri",
        "It is not the one that you entered in step 1",
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
