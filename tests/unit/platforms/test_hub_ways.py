"""How a browser on another machine than the kernel reaches the sandbox and the callback."""

import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from lc_tutorial.connect import connect
from lc_tutorial.course.configured_app import check_app
from lc_tutorial.errors import ProxyMissing
from lc_tutorial.forms import scripted
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import (
    Credentials,
    check_credentials,
    leads_through_a_proxy,
    listening_port,
)
from lc_tutorial.platforms import LIVE, Platform, jupyter
from tests.unit.filling import CLIENT_ID, SECRET, every

PREFIX = "/user/mia/"
PUBLIC = "https://hub.example"


class JupyterServer(BaseHTTPRequestHandler):
    """A Jupyter server with jupyter-server-proxy, as far as these tests go."""

    rewrites = False

    def do_GET(self) -> None:
        _, _, rest = self.path.partition("/proxy/")
        port, _, path = rest.partition("/")
        context = f"{PREFIX}proxy/{port}"
        line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=9)
        # The browser's Host goes through, and where we are is added.
        headers = {"Host": self.headers["Host"], "X-Forwarded-Context": context}
        line.request("GET", f"/{path}", headers=headers)
        answer = line.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        location = answer.headers["Location"]
        if location is not None:
            if self.rewrites and not urlsplit(location).scheme:
                location = f"{context}/{location.lstrip('/')}"  # as 4.5.0 does
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        line.close()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of such a server, which runs this kernel."""
    for name in ("JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(jupyter, "_told", None)
    # The sandbox takes this process for the server's.
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    monkeypatch.setattr(JupyterServer, "rewrites", False)
    with ThreadingHTTPServer(("127.0.0.1", 0), JupyterServer) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{running.server_port}{PREFIX}"
        monkeypatch.setattr(jupyter, "running_server", lambda: jupyter.JupyterServer(url, ""))
        yield url
        running.shutdown()


@pytest.fixture
def on_hub(monkeypatch: pytest.MonkeyPatch, server: str) -> str:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    return server


def port_of(platform: Platform) -> int:
    port = urlsplit(platform.accounts_url).port
    assert port is not None
    return port


# --- Addresses ------------------------------------------------------------------------------------


def test_on_a_hub_the_way_is_through_the_proxy_alone(on_hub: str) -> None:
    platform = connect("sandbox", fresh=True)
    assert platform.authorization_url == f"{PREFIX}proxy/{port_of(platform)}/"
    assert platform.direct_url is None
    assert platform.warning is None
    # What can't be pasted elsewhere as it is: how it can.
    assert "begin with a slash" in platform._repr_html_()
    assert "https://hub.example" in platform._repr_html_()


@pytest.mark.parametrize("told_by", ["environment", "browser"])
def test_where_its_name_is_known_the_addresses_are_whole(
    on_hub: str, monkeypatch: pytest.MonkeyPatch, told_by: str
) -> None:
    if told_by == "environment":
        monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", f"{PUBLIC}{PREFIX}")
    else:
        jupyter.browser_is_at(PUBLIC)
    platform = connect("sandbox", fresh=True)
    whole = f"{PUBLIC}{PREFIX}proxy/{port_of(platform)}/"
    assert platform.authorization_url == whole
    assert platform.console_url == f"{whole}console/"
    assert platform.direct_url is None
    assert "begin with a slash" not in platform._repr_html_()


def test_on_this_machine_both_ways_are_offered(server: str) -> None:
    platform = connect("sandbox", fresh=True)
    assert platform.authorization_url == f"{PREFIX}proxy/{port_of(platform)}/"
    assert platform.direct_url == f"{platform.accounts_url}/"


def test_a_browser_elsewhere_without_a_hub(server: str) -> None:
    jupyter.browser_is_at("http://box.example:8888")
    platform = connect("sandbox", fresh=True)
    assert platform.authorization_url.startswith(f"http://box.example:8888{PREFIX}proxy/")
    assert platform.direct_url is None


def test_the_hubs_name_leads_to_the_sandbox(on_hub: str) -> None:
    platform = connect("sandbox", fresh=True)
    through = urljoin(on_hub, platform.console_url)
    for host, status in (("hub.example", 200), ("other.hub.example:8000", 200)):
        answer = requests.get(through, headers={"Host": host}, timeout=9)
        assert answer.status_code == status
    # Not past the proxy: there, a name that the proxy did not bring is a stranger's.
    behind = {"Host": "evil.example", "X-Forwarded-Context": "/user/ben/proxy/1"}
    program = f"""
import http.client
line = http.client.HTTPConnection("127.0.0.1", {port_of(platform)}, timeout=9)
line.request("GET", "/console/", headers={behind!r})
print(line.getresponse().status)
"""

    answered = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answered.stdout.strip() == "421"


# --- A proxy that rewrites redirects --------------------------------------------------------------


def test_a_proxy_that_leads_astray_is_said(on_hub: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JupyterServer, "rewrites", True)
    platform = connect("sandbox", fresh=True)
    assert isinstance(platform.warning, ProxyMissing)
    assert "jupyter-server-proxy!=4.5.0" in platform._repr_html_()
    # Without it, the pages open in the notebook.
    assert platform.opens_in_notebook
    assert "The forms open the sandbox" in platform._repr_html_()
    assert "platform.in_notebook()" in platform._repr_html_()


def test_where_pages_open_in_the_notebook_the_code_arrives_in_it(
    on_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame goes to a listener of this machine, and not out to the hub."""
    jupyter.browser_is_at(PUBLIC)
    monkeypatch.setattr(JupyterServer, "rewrites", True)
    platform = connect("sandbox", fresh=True)
    assert platform.login is not None
    here = f"http://127.0.0.1:{platform.login.callback_port}/callback"
    assert scripted.configure_app(platform).redirect_uri == here


def test_on_this_machine_it_is_done_without(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JupyterServer, "rewrites", True)
    platform = connect("sandbox", fresh=True)
    assert platform.warning is None
    assert platform.authorization_url == f"{platform.accounts_url}/"


# --- The callback address -------------------------------------------------------------------------

LOCAL, THROUGH = "http://127.0.0.1:{}/callback", f"{PREFIX}proxy/{{}}/callback"

#: On a hub or not, what its administrator told, what the browser told; and the address.
CALLBACKS = [
    (False, "", "", LOCAL),
    (False, "", "http://localhost:8888", LOCAL),
    (False, "", "http://127.0.0.1:8888", LOCAL),
    (False, "", "http://box.example:8888", f"http://box.example:8888{THROUGH}"),
    (True, f"{PUBLIC}{PREFIX}", "", f"{PUBLIC}{THROUGH}"),
    (True, f"{PUBLIC}{PREFIX}", "http://inside.example", f"{PUBLIC}{THROUGH}"),
    (True, "", PUBLIC, f"{PUBLIC}{THROUGH}"),
    (True, "", "http://127.0.0.1:8000", f"http://127.0.0.1:8000{THROUGH}"),
    (True, "", "", LOCAL),
    (True, "no address", "", LOCAL),
]


@pytest.mark.parametrize(("hub", "public", "told", "address"), CALLBACKS)
def test_the_scripted_learner_whitelists_what_the_console_shows(
    server: str, monkeypatch: pytest.MonkeyPatch, hub: bool, public: str, told: str, address: str
) -> None:
    if hub:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    if public:
        monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", public)
    jupyter.browser_is_at(told)
    platform = connect("sandbox", fresh=True)
    assert platform.login is not None
    wanted = address.format(platform.login.callback_port)
    assert scripted.configure_app(platform).redirect_uri == wanted


def test_each_click_says_where_the_browser_is(on_hub: str) -> None:
    form = CredentialsForm(connect("sandbox", fresh=True))
    (press,) = (each for each in every(form) if getattr(each, "description", "") == "Do it for me")
    message = {"fields": [], "click": press.model_id, "origin": PUBLIC}
    form._courier._handle_custom_msg(message, [])
    assert form.redirect_uri.startswith(f"{PUBLIC}{PREFIX}proxy/")


@pytest.mark.parametrize("told", ["", PUBLIC])
def test_the_check_says_whether_the_code_will_arrive(on_hub: str, told: str) -> None:
    jupyter.browser_is_at(told)
    form = CredentialsForm(connect("sandbox", fresh=True))
    form.do_it_for_me()
    check = check_app(form)
    assert check.passed
    assert ("the code will arrive here" in repr(check)) is bool(told)
    assert ("leads to the computer with your browser" in repr(check)) is not bool(told)


@pytest.mark.parametrize(
    "origin",
    [
        *("", "null", "vscode-webview://abc", "file://", "https://", "https://hub.example/"),
        *(
            "https://hub.example/user",
            "javascript:alert(1)",
            "https://hub.example?x",
            "https://a b",
        ),
    ],
)
def test_what_is_no_origin_is_not_believed(server: str, origin: str) -> None:
    jupyter.browser_is_at(origin)
    assert jupyter.public_origin() is None
    assert not jupyter.browser_is_elsewhere()


# --- The live platform, whose Console knows of no hub ---------------------------------------------


@pytest.mark.parametrize(("hub", "public", "told", "address"), CALLBACKS)
def test_the_form_says_which_address_to_register_there(
    server: str, monkeypatch: pytest.MonkeyPatch, hub: bool, public: str, told: str, address: str
) -> None:
    monkeypatch.setenv("LC_TUTORIAL_CALLBACK_PORT", "20010")
    if hub:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    if public:
        monkeypatch.setenv("JUPYTERHUB_PUBLIC_URL", public)
    form = CredentialsForm(LIVE)
    # The browser tells where it is when it shows the form, and not before.
    form._courier._handle_custom_msg({"shown": True, "origin": told}, [])
    shown = form._links.value
    wanted = address.format(20010)
    assert f">{wanted}</code>" in shown
    # The one address of this machine that a browser elsewhere can't open, and says so.
    is_refused = address == LOCAL and hub
    assert ("connection refused" in shown) is is_refused
    # What a person does with it is taken.
    check_credentials(CLIENT_ID, SECRET, wanted, platform=LIVE)
    assert (listening_port(wanted), leads_through_a_proxy(wanted)) == (20010, address != LOCAL)


def test_without_the_proxy_in_the_hubs_server_the_code_is_pasted(
    on_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_TUTORIAL_CALLBACK_PORT", "20010")
    monkeypatch.setattr(JupyterServer, "do_GET", lambda self: self.send_error(404))
    jupyter.browser_is_at(PUBLIC)
    shown = CredentialsForm(LIVE)._links.value
    assert ">http://127.0.0.1:20010/callback</code>" in shown
    assert "connection refused" in shown


def test_in_the_sandbox_the_console_shows_it(on_hub: str) -> None:
    form = CredentialsForm(connect("sandbox", fresh=True))
    assert "lc-callback-address" not in form._links.value


def test_the_check_names_who_shows_it(on_hub: str) -> None:
    form = CredentialsForm(LIVE)
    form._accept(Credentials(CLIENT_ID, Secret(SECRET), "http://127.0.0.1:20010/callback"))
    assert "the callback address that the form shows" in repr(check_app(form))
