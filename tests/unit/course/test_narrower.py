"""The exercise of notebook 01: right answers of several kinds, and what is said of wrong ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial import oauth
from lc_tutorial.forms.scripted import SCOPES_OF_STEP_1, acquire_code, configure_app
from lc_tutorial.platforms.platform import Platform
from tests.unit.course.checked import missing

FREE = "chats--my:ro"


@dataclass
class Learner:
    """Somebody who has done the steps, and does the exercise."""

    platform: Platform
    app: oauth.Credentials
    token: oauth.Token

    def refreshed(self, **more: str) -> requests.Response:
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": self.token.refresh_token,
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            **more,
        }
        return requests.post(self.platform.token_url, timeout=9, data=fields)

    def with_scope(self, **more: str) -> lc.Token:
        return lc.Token.from_response(self.refreshed(**more))

    def chats(self, token: lc.Token) -> requests.Response:
        return requests.post(
            self.platform.list_chats_url,
            timeout=9,
            json={},
            headers={"Authorization": f"Bearer {token.access_token}"},
        )


@pytest.fixture
def learner(sandbox: Platform) -> Learner:
    app = configure_app(sandbox, scopes=SCOPES_OF_STEP_1)
    state = lc.new_state()
    url = oauth.build_authorization_url(
        sandbox, client_id=app.client_id, redirect_uri=app.redirect_uri, state=state
    )
    code = oauth.parse_redirect(acquire_code(sandbox, url), state=state).code
    token = oauth.exchange(
        sandbox,
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        code=code,
    )
    return Learner(sandbox, app, token)


def test_several_right_ways(learner: Learner) -> None:
    answer = learner.refreshed(scope=FREE)
    narrower = lc.Token.from_response(answer)
    refused = learner.chats(narrower)
    for repaired in (
        learner.token,
        learner.with_scope(),
        learner.with_scope(scope="chats--all:ro"),
    ):
        check = lc.check_narrower(narrower, refused, learner.chats(repaired))
        assert check.passed, check
        assert "Well done" in check.verdict
    assert lc.check_narrower(answer, refused, learner.chats(learner.token)).passed


def test_nothing_is_done_yet() -> None:
    check = lc.check_narrower(None, None, None)
    assert len(missing(check)) == 3
    assert "A hint" in repr(check)


#: What is wrong with the right three, and what is said of it.
WRONG: list[tuple[str, Callable[[Learner, list[Any]], list[Any]], str]] = [
    ("the wide token", lambda who, _: [who.token, who.chats(who.token), None], "can't list chats"),
    ("a number", lambda _, right: [3, *right[1:]], "This is an int"),
    (
        "a refusal",
        lambda who, right: [who.refreshed(scope="no-such"), *right[1:]],
        "lc.show says why it was refused",
    ),
    ("no answer", lambda _, right: [right[0], None, right[2]], "There is none yet"),
    ("a status", lambda _, right: [right[0], 403, right[2]], "keep what requests.post returned"),
    (
        "of another address",
        lambda who, right: [right[0], who.refreshed(), right[2]],
        "of another address",
    ),
    (
        "of another token",
        lambda who, right: [right[0], who.chats(who.token), right[2]],
        "was sent with another token",
    ),
    ("not repaired", lambda _, right: [*right[:2], right[1]], "a token keeps its scopes"),
    (
        "repaired with another that can't",
        lambda who, right: [*right[:2], who.chats(who.with_scope(scope=FREE))],
        "which is 200. This one is 403",
    ),
]


@pytest.mark.parametrize(("case", "change", "said"), WRONG, ids=[case for case, *_ in WRONG])
def test_what_is_wrong_is_said(
    case: str, change: Callable[[Learner, list[Any]], list[Any]], said: str, learner: Learner
) -> None:
    narrower = learner.with_scope(scope=FREE)
    right = [narrower, learner.chats(narrower), learner.chats(learner.token)]
    check = lc.check_narrower(*change(learner, right))
    assert not check.passed
    assert any(said in each for each in missing(check)), check


def test_a_token_that_ended_gets_401_and_not_403(learner: Learner) -> None:
    narrower = learner.with_scope(scope=FREE)
    oauth.revoke(learner.platform, narrower.access_token)
    check = lc.check_narrower(narrower, learner.chats(narrower), None)
    assert any("401 says that the token itself isn't accepted" in each for each in missing(check))


def test_the_new_token_of_step_5(learner: Learner) -> None:
    first = learner.refreshed()
    token = lc.Token.from_response(first)
    same = lc.check_refreshed(token, first)
    assert "this is still the one of step 3" in missing(same)[0]
    assert lc.check_refreshed(learner.with_scope(), first).passed
    oauth.revoke(learner.platform, token.access_token)
    gone = lc.check_refreshed(token, learner.refreshed())
    assert any("A token that lives" in each for each in missing(gone))
