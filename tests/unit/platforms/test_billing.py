"""Calls that the live platform bills, counted without a call. No test here leaves the machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from urllib3.util.retry import RequestHistory

import lc_tutorial as lc
from lc_tutorial.platforms import billing
from lc_tutorial.platforms.platform import LIVE
from tests.mapped.live import Authority
from tests.unit.stand_in import StandIn

API = LIVE.list_chats_url
TOKEN = "dal:not-a-real-token-not-a-real"


@pytest.fixture(autouse=True)
def from_zero() -> Iterator[None]:
    billing.forget_all()
    yield
    billing.forget_all()


def answer(
    url: str = API, status: int = 200, retried: tuple[int | None, ...] = ()
) -> requests.Response:
    """An answer as `requests` makes it, from a host that no test may ask."""
    made = requests.Response()
    made.url, made.status_code = url, status
    made.request = requests.Request("POST", url, json={}).prepare()
    made._content = b"{}"
    history = tuple(RequestHistory("POST", url, None, each, None) for each in retried)
    made.raw = urllib3.HTTPResponse(retries=urllib3.Retry(history=history))
    return made


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[requests.Response], str]:
    def show(response: requests.Response) -> str:
        lc.show(response)
        return capsys.readouterr().out

    return show


def test_the_billed_host_is_the_one_that_is_called() -> None:
    assert urlsplit(LIVE.api_url).hostname == billing.BILLED_HOST


def test_each_call_is_counted_and_said_below_its_answer(
    shown: Callable[[requests.Response], str],
) -> None:
    first, second = shown(answer()), shown(answer(API.replace("list_chats", "get_chat")))
    assert first.splitlines()[-1].startswith("Billed calls so far in this kernel: 1 (")
    assert second.splitlines()[-1].startswith("Billed calls so far in this kernel: 2 (")
    assert "USD 0.27 per 1,000" in first


def test_an_answer_that_tables_are_made_of_counts() -> None:
    response = answer()
    response._content = b'{"chats_summary": []}'
    for _ in range(2):
        lc.tables(response)
    lc.show(response)
    assert billing.calls() == 1


def test_an_answer_shown_twice_counts_once(shown: Callable[[requests.Response], str]) -> None:
    response = answer()
    assert shown(response) == shown(response)
    assert billing.calls() == 1


def test_answers_that_are_gone_still_count(shown: Callable[[requests.Response], str]) -> None:
    for _ in range(3):
        shown(answer())
    assert billing.calls() == 3


@pytest.mark.parametrize(
    ("status", "billed"), [(400, 1), (401, 1), (403, 1), (429, 1), (500, 0), (502, 1), (503, 1)]
)
def test_failed_calls_count_but_for_status_500(
    status: int, billed: int, shown: Callable[[requests.Response], str]
) -> None:
    # Source: livechat-public-docs, getting-started/api-pricing.
    assert f"in this kernel: {billed} (" in shown(answer(status=status))


def test_calls_sent_again_count_each() -> None:
    # Two answered with a status that is billed, one with 500, one not at all.
    billing.note(answer(retried=(429, 503, 500, None)))
    assert billing.calls() == 3


def test_signing_in_is_free_and_says_so(shown: Callable[[requests.Response], str]) -> None:
    shown(answer())
    told = shown(answer(LIVE.token_url))
    assert "in this kernel: 1 (this one is free" in told


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v3.6/agent/action/list_chats",
        "https://api.livechatinc.com.example/v3.6/agent/action/list_chats",
        "https://example.com/api.livechatinc.com",
        "http://[broken/",
    ],
)
def test_elsewhere_nothing_is_counted_or_said(
    url: str, shown: Callable[[requests.Response], str]
) -> None:
    response = answer()
    response.url = url
    assert "Billed" not in shown(response)
    assert billing.calls() == 0


def test_the_clients_calls_count_too_and_once(
    map_hosts: Callable[[int], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shown: Callable[[requests.Response], str],
) -> None:
    authority = Authority.make(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.bundle))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with StandIn() as server:
        server.serve_tls(authority.certificate, authority.key)
        names = map_hosts(int(server.origin.rpartition(":")[2]))
        with lc.AgentChat(LIVE, TOKEN) as client:
            response = client.call("list_chats")
            assert billing.calls() == 1
            assert "in this kernel: 1 (" in shown(response)
            server.answers(403, {"error": {"type": "authorization", "message": "no"}})
            with pytest.raises(lc.TutorialError):
                client.call("get_chat")
            assert billing.calls() == client.calls == 2
    assert set(names) == {"name api.livechatinc.com"}


def test_in_a_notebook_it_is_text_for_every_reader() -> None:
    html = billing.Notice(1, "a <b> call").html()
    assert "<b>Billed calls so far in this kernel: 1</b>" in html
    assert "(a &lt;b&gt; call)" in html
    assert 'class="lc-billing"' in html
