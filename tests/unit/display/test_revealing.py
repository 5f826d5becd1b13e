"""Secrets are revealed around Jupyter: once, and to whoever has the link."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import requests
from nbclient import NotebookClient
from stand_in import StandIn

from lc_tutorial import masking
from lc_tutorial.display import revealing
from lc_tutorial.display.revealing import Revealed, reveal
from lc_tutorial.display.transcript import Transcript
from lc_tutorial.errors import InputError, ProxyMissing
from lc_tutorial.platforms import jupyter

TOKEN = "dal:not_a_real_token_0000000000"
SECRET = "not-a-real-secret-of-an-app"


@pytest.fixture
def response() -> Iterator[requests.Response]:
    with StandIn() as server:
        server.answers(200, {"access_token": TOKEN, "note": "<b>&"})
        sent = {"client_secret": SECRET, "code": "dal:not_a_real_code_00000000000"}
        yield requests.post(f"{server.origin}/v2/token?code=x", data=sent, timeout=9)


@pytest.fixture
def revealed(response: requests.Response) -> Iterator[Revealed]:
    made = reveal(response)
    yield made
    made.close()


def opened(link: str, **headers: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(link, headers=headers, timeout=9)


def test_the_page_has_the_secrets(revealed: Revealed) -> None:
    page = opened(revealed.link)
    assert page.status_code == 200
    for secret in (TOKEN, SECRET, "dal:not_a_real_code_00000000000"):
        assert secret in page.text
    assert "&lt;b&gt;&amp;" in page.text
    assert "Whoever sees the secrets below can act for you." in page.text


def test_it_opens_once(revealed: Revealed) -> None:
    assert revealed.is_open
    assert opened(revealed.link).status_code == 200
    assert not revealed.is_open
    try:
        again = opened(revealed.link)
    except requests.RequestException:
        return  # It is closed already.
    assert again.status_code == 404
    assert "not_a_real" not in again.text


def test_of_two_who_ask_at_once_one_gets_it(revealed: Revealed) -> None:
    path = revealed.link.rpartition("/")[2]
    assert [revealed.take(path) is None for _ in range(2)] == [False, True]


def test_nobody_guesses_the_address(revealed: Revealed) -> None:
    origin = revealed.link.rpartition("/")[0]
    for path in ("", "/", "/favicon.ico", f"/{'x' * 32}", revealed.link[len(origin) : -1]):
        assert opened(f"{origin}{path}").status_code == 404
    assert revealed.is_open
    assert len(revealed.link.rpartition("/")[2]) >= 32


def test_a_browser_that_guesses_gets_nothing(revealed: Revealed) -> None:
    assert opened(revealed.link, **{"Sec-Purpose": "prefetch;prerender"}).status_code == 503
    assert opened(revealed.link).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8377"},
        {"Host": "evil.example", "X-Forwarded-Context": "/proxy/1"},
        {"Host": ""},
    ],
)
def test_by_another_name_it_shows_nothing(revealed: Revealed, headers: dict[str, str]) -> None:
    page = opened(revealed.link, **headers)
    assert page.status_code == 421
    assert "not_a_real" not in page.text
    assert revealed.is_open


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.:8377", "127.0.0.2", "[::1]:8377"])
def test_by_this_machines_names_it_opens(revealed: Revealed, host: str) -> None:
    assert opened(revealed.link, Host=host).status_code == 200


def test_through_the_proxy_it_goes_by_the_proxys_name(
    response: requests.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jupyter, "proxied_path", lambda port, *_: f"/user/mia/proxy/{port}/")
    made = reveal(response)
    name = made.link.rpartition("/")[2]
    port = made._server.server_port
    there = f"http://127.0.0.1:{port}/{name}"
    behind = {"Host": "hub.example", "X-Forwarded-Context": f"/user/mia/proxy/{port}"}
    other = behind | {"X-Forwarded-Context": f"/user/ben/proxy/{port}"}
    assert opened(there, **other).status_code == 421
    assert opened(there, **behind).status_code == 200


def test_nothing_keeps_or_frames_the_page(revealed: Revealed) -> None:
    headers = opened(revealed.link).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_closed_it_has_nothing_and_listens_no_more(revealed: Revealed) -> None:
    port = int(revealed.link.split(":")[2].partition("/")[0])
    revealed.close()
    revealed.close()
    assert not revealed.is_open
    for _ in range(200):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.02)
    else:
        pytest.fail("It still listens.")


def test_it_closes_by_itself(response: requests.Response, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revealing, "PATIENCE", 0.05)
    made = reveal(response)
    for _ in range(200):
        if not made.is_open:
            break
        time.sleep(0.02)
    assert not made.is_open


def test_what_the_notebook_gets_has_no_secret_and_warns(revealed: Revealed) -> None:
    for text in (repr(revealed), revealed._repr_html_()):
        assert revealed.link in text
        assert "Whoever sees these secrets can act for you" in text
        assert "not_a_real" not in text
        assert "not-a-real" not in text


def test_a_revealed_transcript_does_not_show_itself(response: requests.Response) -> None:
    made = Transcript.revealed(response)
    assert made.body.content["access_token"] == TOKEN
    for text in (repr(made), str(made), made._repr_html_(), f"{[made]}"):
        assert "not_a_real" not in text
        assert "lc.reveal" in text


def test_on_a_hub_it_leads_through_the_proxy(
    response: requests.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    def proxied(port: int, path: str, expected: str) -> str:
        assert opened(f"http://127.0.0.1:{port}/{path}").text.count(expected) == 1
        return f"/user/mia/proxy/{port}/"

    monkeypatch.setattr(jupyter, "proxied_path", proxied)
    made = reveal(response)
    assert made.link.startswith("/user/mia/proxy/")
    assert made.is_open
    made.close()


def test_on_a_hub_without_the_proxy_it_says_so(
    response: requests.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/mia/")
    with pytest.raises(ProxyMissing):
        reveal(response)


@pytest.mark.parametrize("thing", [None, "text", {}])
def test_only_answers_are_revealed(thing: object) -> None:
    with pytest.raises(InputError, match=type(thing).__name__):
        reveal(thing)  # type: ignore[arg-type]


def test_nothing_secret_is_in_the_saved_notebook(tmp_path: Path) -> None:
    """With widget state and all, in a kernel that shows the link every way there is."""
    with StandIn() as server:
        server.answers(200, {"access_token": TOKEN, "refresh_token": "not_a_real_refresh_token"})
        source = f"""
import requests
import ipywidgets
import lc_tutorial as lc
from lc_tutorial import masking
from lc_tutorial.display import Transcript
masking.install()
response = requests.post("{server.origin}/v2/token", timeout=9)
lc.show(response)
link = lc.reveal(response)
box = ipywidgets.HTML(link._repr_html_())
display(box, link, Transcript.revealed(response))
print(link)
page = requests.get(link.link, timeout=9)
print(page.status_code, len(page.text) > 1000, page.text.count("not_" + "a_real"))
link
"""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        NotebookClient(notebook, store_widget_state=True, timeout=60).execute()
    saved = tmp_path / "saved.ipynb"
    nbformat.write(notebook, saved)
    text = saved.read_text()
    assert "200 True" in text
    assert "200 True 0" not in text
    assert "application/vnd.jupyter.widget-state+json" in text
    assert "not_a_real" not in text
    assert "Whoever sees these secrets" in text


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()
