"""The example app's page, as far as it can be looked at without a browser."""

import re
from itertools import pairwise
from urllib.parse import urljoin

import pytest
import requests

from lc_tutorial.sandbox.learner.browser import parse
from tests.sandbox.conftest import RunningSandbox

PATH = "/example-app"


@pytest.mark.parametrize("query", ["", "?code=dal%3Anot-a-real-code&state=x"])
def test_its_script_may_call_this_origin_and_no_other(
    sandbox: RunningSandbox, http: requests.Session, query: str
) -> None:
    answer = http.get(f"{sandbox.url}{PATH}{query}")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "connect-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "code=" not in answer.text, "what came back is for the script alone"
    other = http.get(f"{sandbox.url}/console/").headers["Content-Security-Policy"]
    assert "connect-src" not in other, "no other page's script calls anything"


def test_no_other_page_may_read_it(sandbox: RunningSandbox, http: requests.Session) -> None:
    answer = http.get(f"{sandbox.url}{PATH}", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_its_links_go_through_a_proxy(sandbox: RunningSandbox, http: requests.Session) -> None:
    page = parse(http.get(f"{sandbox.url}{PATH}").text)
    targets = [each.get("href") or each.get("src") for each in page]
    targets = [target for target in targets if target and not target.startswith("#")]
    proxied = f"https://hub.example/user/mia/proxy/8000{PATH}"
    assert len(targets) > 4
    for target in targets:
        assert urljoin(proxied, target).startswith("https://hub.example/user/mia/proxy/8000/")
        here = urljoin(f"{sandbox.url}{PATH}", target)
        assert http.get(here).status_code == 200, target


def test_each_field_has_a_label_and_each_heading_its_place(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    page = parse(http.get(f"{sandbox.url}{PATH}").text)
    labels = {label.get("for") for label in page.find_all("label")}
    for field in page.find_all("input"):
        assert field.get("id") in labels or field.inside("label"), field
    levels = [int(each.tag[1]) for each in page if re.fullmatch("h[1-6]", each.tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_its_script_keeps_no_token(sandbox: RunningSandbox, http: requests.Session) -> None:
    script = http.get(f"{sandbox.url}/static/example_app.js").text
    stored = re.search(r"let kept = \{(.*?)\};", script)
    assert stored is not None
    assert re.findall(r"(\w+):", stored[1]) == ["clientId", "flow", "state", "verifier", "passed"]
    assert "localStorage" not in script
    assert "client_secret" not in script
