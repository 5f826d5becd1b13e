"""The picture of the flow: which arrow is marked, and which steps this kernel has done."""

import xml.etree.ElementTree as ElementTree
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial import oauth
from lc_tutorial.course.flow_picture import STEPS, alternative, draw
from lc_tutorial.course.flow_steps import Flow, steps_done
from lc_tutorial.errors import InputError
from lc_tutorial.lab import hook
from lc_tutorial.platforms.platform import LIVE, Platform


@pytest.fixture(autouse=True)
def recorded() -> None:
    hook.install()


def bearer(token: oauth.Token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.access_token}"}


def test_a_step_has_its_tick_when_it_is_done(sandbox: Platform) -> None:
    assert steps_done(sandbox) == set()
    app = lc.CredentialsForm(sandbox)
    app.do_it_for_me()
    assert steps_done(sandbox) == {1}
    sent = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": lc.new_state(),
    }
    form = lc.AuthorizationForm(sandbox, f"{sandbox.authorization_url}?{urlencode(sent)}")
    assert steps_done(sandbox) == {1}
    form.do_it_for_me()
    assert steps_done(sandbox) == {1, 2}
    token = oauth.exchange(
        sandbox,
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        code=form.code,
    )
    assert steps_done(sandbox) == {1, 2, 3}
    # A refusal is no step.
    refused = requests.post(sandbox.list_chats_url, timeout=9, json={})
    assert refused.status_code == 401
    assert steps_done(sandbox) == {1, 2, 3}
    requests.post(sandbox.list_chats_url, timeout=9, json={}, headers=bearer(token))
    assert steps_done(sandbox) == {1, 2, 3, 4}
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": token.refresh_token,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    }
    requests.post(sandbox.token_url, timeout=9, data={**fields, "client_secret": "not-a-secret"})
    assert steps_done(sandbox) == {1, 2, 3, 4}
    requests.post(sandbox.token_url, timeout=9, json=fields)
    assert steps_done(sandbox) == {1, 2, 3, 4, 5}
    assert steps_done(LIVE) == set(), "another platform has its own"


@pytest.mark.parametrize(
    ("step", "done", "line"),
    [
        (None, set(), "○ 1 Configure the app → ○ 2 Acquire the code → ○ 3"),
        (2, {1}, "✓ 1 Configure the app → ● 2 Acquire the code → ○ 3"),
        (2, {1, 2}, "✓ 1 Configure the app → ✓ 2 Acquire the code → ○ 3"),
        (3, set(), "○ 1 Configure the app → ○ 2 Acquire the code → ● 3"),
    ],
)
def test_the_line_says_where_one_is(step: int | None, done: set[int], line: str) -> None:
    shown = Flow(step, frozenset(done))
    assert shown.line.startswith(line)
    # In a narrow window it breaks between two steps.
    for each in line.split(" → ")[:2]:
        assert f'<span style="white-space:nowrap">{each}</span>' in shown._repr_html_()


@pytest.mark.parametrize("step", [None, *STEPS])
def test_the_picture_marks_the_arrows_of_the_moment(step: int | None) -> None:
    picture = ElementTree.fromstring(draw(step, {1}))
    lines = [line.get("stroke-width") for line in picture.iter("line")]
    marked = {None: 0, 2: 4}.get(step, 1)
    assert lines.count("3") == marked
    assert picture.get("aria-label") == alternative(step, {1})
    assert picture.get("role") == "img"
    assert ("Now, step" in alternative(step, {1})) is (step is not None)
    signs = [text.text for text in picture.iter("text")]
    assert ("✓" in signs) is (step != 1)


def test_outside_a_notebook_it_is_printed(
    sandbox: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    lc.flow(sandbox, step=1)
    assert "● 1 Configure the app" in capsys.readouterr().out


@pytest.mark.parametrize("step", [0, 6, "2", [1], 1.5])
def test_there_is_no_such_step(sandbox: Platform, step: Any) -> None:
    with pytest.raises(InputError, match="no such step"):
        lc.flow(sandbox, step=step)


@pytest.mark.parametrize("step", [None, *STEPS])
def test_the_words_are_there_where_the_drawing_is_left_out(step: int | None) -> None:
    html = Flow(step, frozenset({1}))._repr_html_()
    before, _, rest = html.partition("<svg")
    left = before + rest.partition("</svg>")[2]
    assert escape(alternative(step, frozenset({1}))) in left
    assert "✓ 1 Configure the app" in left
