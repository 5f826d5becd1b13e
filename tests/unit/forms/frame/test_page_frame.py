"""The widget of the frame: what it sends, what it keeps to itself, and whom it refuses."""

import json
import os
from typing import Any

import pytest

from lc_tutorial.connect import connect
from lc_tutorial.errors import InputError
from lc_tutorial.forms import scripted
from lc_tutorial.forms.frame.browser import Shown, Source
from lc_tutorial.forms.frame.page_frame import PageFrame
from lc_tutorial.platforms import LIVE, Platform, jupyter
from lc_tutorial.platforms.platform import SandboxLogin


class Frame:
    """A frame as the script in the browser sees it."""

    def __init__(self, platform: Platform, address: str | None = None) -> None:
        self.widget: PageFrame = platform.in_notebook(address)
        self.sent: list[dict[str, Any]] = []
        self.widget.send = lambda content, buffers=None: self.sent.append(content)

    def ask(self, **content: Any) -> dict[str, Any]:
        """Send a message, and give what the kernel answers."""
        before = len(self.sent)
        self.widget._handle_custom_msg({"number": "view-1", **content}, [])
        assert len(self.sent) == before + 1
        return self.sent[-1]


@pytest.fixture
def frame(sandbox: Platform) -> Frame:
    return Frame(sandbox)


def test_it_begins_with_the_console_once_it_shows(sandbox: Platform, frame: Frame) -> None:
    assert frame.sent == []
    page = frame.ask(kind="shown", origin="null")
    assert page["address"] == f"{sandbox.accounts_url}/console/"
    assert "Developer Console" in page["html"]
    assert page.keys() == {"kind", "word", "address", "html", "back", "moved", "number"}
    assert page["kind"] == "page"
    assert (page["back"], page["moved"], page["number"]) == (False, False, "view-1")
    # Shown once more, elsewhere in the window: the same page, and nothing asked anew.
    frame.ask(kind="link", href="apps/new")
    assert frame.ask(kind="shown")["address"].endswith("/console/apps/new")


def test_a_page_that_is_shown_once_more_is_for_the_new_place_alone(frame: Frame) -> None:
    frame.ask(kind="shown")
    assert frame.ask(kind="link", href="apps/new")["moved"]
    assert frame.ask(kind="back")["moved"]
    again = frame.ask(kind="shown", number="another-1")
    assert (again["moved"], again["number"]) == (False, "another-1")


def test_each_page_has_a_word_that_only_its_own_script_knows(frame: Frame) -> None:
    pages = [frame.ask(kind="shown"), frame.ask(kind="reload"), frame.ask(kind="shown")]
    words = [page["word"] for page in pages]
    assert len(set(words)) == 3
    for page, word in zip(pages, words, strict=True):
        assert len(word) >= 43
        first_script, _, rest = page["html"].partition("</script>")
        assert first_script.endswith(f'("{word}");')
        assert word not in rest
        assert word not in json.dumps(frame.widget.get_state(), default=str)


def test_it_begins_where_it_is_told(sandbox: Platform) -> None:
    url = f"{sandbox.authorization_url}?client_id=x"
    page = Frame(sandbox, url).ask(kind="shown")
    assert page["address"].startswith(f"{sandbox.accounts_url}/")
    assert "oauth_exception" in page["html"]


def test_where_the_browser_goes_through_a_proxy(sandbox: Platform) -> None:
    from dataclasses import replace

    base = "/user/mia/proxy/8000/"
    proxied = replace(sandbox, authorization_url=base, console_url=f"{base}console/")
    assert Frame(proxied).ask(kind="shown")["address"] == f"{sandbox.accounts_url}/console/"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "/etc/passwd", "http://127.0.0.1:1/", 5, b"/console/"]
)
def test_another_address_is_refused(sandbox: Platform, address: Any) -> None:
    with pytest.raises(InputError, match="no address of the sandbox"):
        sandbox.in_notebook(address)


def test_on_the_live_platform_it_says_why_not(sandbox: Platform) -> None:
    with pytest.raises(InputError, match="open in tabs of your browser"):
        connect("live").in_notebook()
    with pytest.raises(InputError, match="not a platform"):
        PageFrame("sandbox")  # type: ignore[arg-type]


def test_a_platform_that_nobody_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    from lc_tutorial.platforms import platform as module

    monkeypatch.setattr(module, "_frame", None)
    with pytest.raises(InputError, match=r"lc\.connect\(\)"):
        LIVE.in_notebook()


def test_the_walk_leaves_nothing_in_the_widget_s_state(
    sandbox: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Login, consent and code, as messages bring them; what the state has is its script."""
    app = scripted.configure_app(sandbox, scopes=scripted.SCOPES_OF_STEP_1)
    url = f"{sandbox.authorization_url}?response_type=code&client_id={app.client_id}"
    url += f"&redirect_uri={app.redirect_uri}&state=a-state-of-ours&prompt=consent"
    frame = Frame(sandbox, url)
    before = json.dumps(frame.widget.get_state(), default=str)
    page = frame.ask(kind="shown")
    login = sandbox.login
    assert login is not None
    csrf = value_of(page["html"], "csrf")
    action = page["html"].partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    fields = [["csrf", csrf], ["email", login.email], ["password", login.password]]
    page = frame.ask(kind="form", action=action, method="POST", fields=fields)
    assert "Allow" in page["html"]
    action = page["html"].partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    fields = [["csrf", value_of(page["html"], "csrf")], ["decision", "allow"]]
    page = frame.ask(kind="form", action=action, method="POST", fields=fields)
    assert page["address"].startswith(f"{app.redirect_uri}?")
    assert "code=" in page["address"]
    assert "state=a-state-of-ours" in page["address"]
    assert "Nothing answers at the redirect URI" in page["html"]
    code = page["address"].partition("code=")[2].partition("&")[0]
    after = json.dumps(frame.widget.get_state(), default=str)
    assert after == before
    for secret in (code, login.password, csrf, "a-state-of-ours", app.client_id):
        assert secret not in after
    assert code not in repr(frame.widget)
    bundle = json.dumps(frame.widget._repr_mimebundle_(), default=str)
    assert code not in bundle
    assert "A frame with the sandbox's pages" in bundle


def value_of(html: str, name: str) -> str:
    return html.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_what_goes_wrong_becomes_a_page(frame: Frame) -> None:
    frame.ask(kind="shown")
    for broken in ({"kind": "link"}, {"kind": "form", "action": 3, "method": "POST", "fields": 1}):
        page = frame.ask(**broken)
        assert "This page could not be shown" in page["html"]
    # A message that nobody knows changes nothing.
    assert "could not be shown" in frame.ask(kind="unheard of")["html"]


def test_a_page_that_can_t_be_read_becomes_a_page(frame: Frame) -> None:
    frame.ask(kind="shown")
    address = f"{frame.widget._site.home}x"
    frame.widget._browser._show(Shown(address, Source("<![foo bar"), is_answer=True))
    for kind in ("unheard of", "shown"):
        page = frame.ask(kind=kind)
        assert "This page could not be shown" in page["html"]
        assert page["address"] == address
    # Still in step; and not sent a second time.
    assert "the answer to a form" in frame.ask(kind="reload")["html"]
    assert "Developer Console" in frame.ask(kind="back")["html"]


def test_closed_and_opened_again_it_is_the_same_browser(sandbox: Platform) -> None:
    closed: list[bool] = []
    widget = PageFrame(sandbox, when_closed=lambda: closed.append(True))
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    assert widget.get_state()["closes"] is True
    widget._handle_custom_msg({"kind": "shown", "number": "a"}, [])
    widget._handle_custom_msg({"kind": "close", "number": "b"}, [])
    assert closed == [True]
    assert len(sent) == 1
    widget.go_to(f"{sandbox.console_url}people")
    assert len(sent) == 1
    widget._handle_custom_msg({"kind": "shown", "number": "c"}, [])
    assert sent[-1]["address"].endswith("/console/people")
    assert sent[-1]["number"] == "c"
    with pytest.raises(InputError):
        widget.go_to("https://evil.example/")


def test_a_page_that_is_open_is_asked_before_the_form_s_button_leads_on(
    sandbox: Platform, frame: Frame
) -> None:
    before = frame.ask(kind="shown")["address"]
    frame.widget.go_to(f"{sandbox.console_url}people")
    assert frame.sent[-1] == {"kind": "leave"}
    # Nobody leaves, yet: links begin at the page that shows.
    assert frame.ask(kind="shown")["address"] == before
    assert frame.ask(kind="go")["address"].endswith("/console/people")
    # In two places somebody could say so.
    frame.ask(kind="link", href="apps/new")
    assert frame.ask(kind="go")["address"].endswith("/apps/new")


def test_the_kernel_learns_where_the_browser_is(
    frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jupyter, "_told", None)
    frame.ask(kind="shown", origin="https://far.example")
    assert jupyter.browser_is_elsewhere()


def test_the_theme_comes_with_each_message(frame: Frame) -> None:
    assert 'content="light"' in frame.ask(kind="shown")["html"]
    assert 'content="dark"' in frame.ask(kind="reload", dark=True)["html"]
    assert 'content="dark"' in frame.ask(kind="shown")["html"]


# --- Where it is offered --------------------------------------------------------------------------


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jupyter, "_told", None)
    for name in list(os.environ):
        if name.startswith(("JUPYTERHUB_", "VSCODE_", "COLAB_", "CODESPACE")):
            monkeypatch.delenv(name)


def sandbox_at(origin: str, home: str = "http://127.0.0.1:8000") -> Platform:
    login = SandboxLogin("somebody@example.com", "fake", 8377)
    return Platform("sandbox", origin, f"{origin}console/", home, home, login=login)


@pytest.mark.parametrize(
    ("variables", "told", "opens"),
    [
        ({}, None, False),
        ({}, "http://localhost:8888", False),
        ({}, "https://gpu.example", True),
        ({"COLAB_RELEASE_TAG": "release-colab"}, None, True),
        ({"CODESPACES": "true"}, None, True),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/user/mia/"}, None, True),
        # There a link may do: the form has both.
        ({"VSCODE_PID": "1"}, None, False),
    ],
)
@pytest.mark.usefixtures("nowhere")
def test_where_pages_open_in_the_notebook(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str | None, opens: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if told:
        jupyter.browser_is_at(told)
    direct = sandbox_at("http://127.0.0.1:8000/")
    assert direct.opens_in_notebook is opens
    assert ("platform.in_notebook()" in direct._repr_html_()) is opens
    assert (">Console</a>" in direct._repr_html_()) is not opens
    # A way through a proxy is a way.
    assert not sandbox_at("/user/mia/proxy/8000/").opens_in_notebook
    assert not LIVE.opens_in_notebook
