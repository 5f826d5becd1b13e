"""The lab sends once, to the platform, and tells strangers nothing."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from routed import Arrived, Routed

from lc_tutorial import masking
from lc_tutorial.display import explanation
from lc_tutorial.errors import (
    ConnectionProblem,
    InputError,
    NoNetwork,
    Place,
    PlatformAnswerError,
    SandboxGone,
)
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.lab import sending
from lc_tutorial.lab.request import Basic, Bearer, Body, FormBody, JsonBody, Request, TextBody
from lc_tutorial.lab.sending import HostNotAllowed, send, why_not_followed
from lc_tutorial.lab.values_at_hand import vault_of
from lc_tutorial.lab.vault import Vault
from lc_tutorial.platforms import billing
from lc_tutorial.platforms.platform import LIVE, Platform

TOKEN = "dal:not_a_real_token_0000000000"
SECRET = "not-a-real-secret-of-an-app"
START = "/v3.6/agent/action/start_chat"


@pytest.fixture
def here() -> Iterator[Routed]:
    """In the place of the platform."""
    with Routed() as server:
        yield server


@pytest.fixture
def there() -> Iterator[Routed]:
    """A stranger."""
    with Routed() as server:
        yield server


@pytest.fixture
def vault() -> Vault:
    vault = Vault()
    vault.put("access_token", TOKEN)
    vault.put("client_secret", SECRET)
    vault.put("client_id", "0" * 32)
    return vault


def posted(here: Routed, body: Body = None, path: str = START, **rest: Any) -> Request:
    rest.setdefault("authorization", Bearer("{{access_token}}"))
    return Request("POST", f"{here.origin}{path}", body=body, **rest)


# --- To the platform ----------------------------------------------------------------------------


def test_it_sends_what_was_written(here: Routed, vault: Vault) -> None:
    request = posted(here, JsonBody('{"a": 1 }'), query=(("b", "c d"),), headers=(("X-Note", "é"),))
    response = send(request, vault, here.platform)
    assert response.json() == {}
    (arrived,) = here.arrived
    assert (arrived.method, arrived.path, arrived.body) == ("POST", f"{START}?b=c+d", b'{"a": 1 }')
    assert arrived.headers["authorization"] == f"Bearer {TOKEN}"
    assert arrived.headers["content-type"] == "application/json"
    assert arrived.headers["user-agent"].startswith("python-requests/")


@pytest.mark.parametrize(
    "name", ["Host", "hOST", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"]
)
def test_a_header_that_leads_elsewhere_is_not_sent(here: Routed, vault: Vault, name: str) -> None:
    request = posted(here, headers=((name, "evil.example"),))
    with pytest.raises(InputError) as caught:
        send(request, vault, here.platform)
    assert name in caught.value.what
    assert "evil.example" not in str(caught.value)
    assert here.arrived == []


def test_a_host_header_that_says_what_the_address_says_is_sent(here: Routed, vault: Vault) -> None:
    host = here.origin.partition("//")[2]
    here.answers[START] = (307, {"Location": "/there"}, b"")
    send(posted(here, headers=(("Host", host),)), vault, here.platform)
    assert [arrived.headers["host"] for arrived in here.arrived] == [host, host]


def test_where_it_is_led_on_to_another_place_it_names_that(
    here: Routed, there: Routed, vault: Vault
) -> None:
    host, other = (server.origin.partition("//")[2] for server in (here, there))
    here.answers[START] = (307, {"Location": f"{there.origin}/x"}, b"")
    send(posted(here, headers=(("Host", host),)), vault, here.platform, also_to=[other])
    assert there.arrived[0].headers["host"] == other


def test_the_sandbox_takes_it(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    vault = vault_of(sandbox, token=session.token)
    request = Request.to(
        sandbox.list_chats_url,
        method="POST",
        authorization=Bearer("{{access_token}}"),
        body=JsonBody('{"limit": 2}'),
    )
    response = send(request, vault, sandbox)
    assert response.status_code == 200
    assert len(response.json()["chats_summary"]) == 2


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD"])
def test_every_method(here: Routed, vault: Vault, method: str) -> None:
    send(Request(method=method, url=f"{here.origin}/x"), vault, here.platform)
    assert here.arrived[0].method == method


def test_no_proxy_and_no_netrc_in_the_sandbox(
    here: Routed, there: Routed, vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, there.origin)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mia password not-a-real-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    send(posted(here, authorization=None), vault, here.platform)
    assert len(here.arrived) == 1
    assert "authorization" not in here.arrived[0].headers
    assert not there.arrived


@pytest.mark.parametrize(
    "url",
    ["{there}/v2/token", "http://{here_host}@{there_host}/", "http://{there_host}\\@{here_host}/"],
)
def test_nothing_goes_to_a_stranger(here: Routed, there: Routed, vault: Vault, url: str) -> None:
    url = url.format(there=there.origin, here_host=here.host, there_host=there.host)
    with pytest.raises(InputError):
        send(Request("POST", url, authorization=Bearer("{{access_token}}")), vault, here.platform)
    assert not here.arrived
    assert not there.arrived


def test_a_host_can_not_come_from_a_value(here: Routed, vault: Vault) -> None:
    with pytest.raises(InputError) as caught:
        send(Request("GET", "http://{{access_token}}/"), vault, here.platform)
    assert "not_a_real" not in str(caught.value).lower()
    vault.put("redirect_uri", "@evil.example/")
    with pytest.raises(InputError):
        send(Request("GET", f"{here.origin}{{{{redirect_uri}}}}"), vault, here.platform)
    assert not here.arrived


def test_a_stranger_is_refused_before_any_value_is_looked_up(here: Routed) -> None:
    request = Request("GET", "https://evil.example/", authorization=Bearer("{{access_token}}"))
    with pytest.raises(HostNotAllowed):
        send(request, Vault(), here.platform)


def test_a_stranger_can_be_allowed_by_name(here: Routed, there: Routed, vault: Vault) -> None:
    request = Request("GET", there.origin, authorization=Bearer("{{access_token}}"))
    with pytest.raises(HostNotAllowed) as caught:
        send(request, vault, here.platform)
    send(request, vault, here.platform, also_to={caught.value.host})
    assert there.arrived[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_value_that_is_missing_sends_nothing(here: Routed) -> None:
    with pytest.raises(InputError, match="access_token"):
        send(posted(here), Vault(), here.platform)
    assert not here.arrived


# --- Redirects ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "method", "then", "keeps_body"),
    [
        (301, "POST", "GET", False),
        (302, "POST", "GET", False),
        (303, "POST", "GET", False),
        (307, "POST", "POST", True),
        (308, "POST", "POST", True),
        (301, "PUT", "PUT", True),
        (302, "DELETE", "DELETE", True),
        (303, "PUT", "GET", False),
        (303, "HEAD", "HEAD", False),
        (301, "HEAD", "HEAD", False),
        (307, "GET", "GET", False),
    ],
)
def test_the_method_after_a_redirect(
    here: Routed, vault: Vault, status: int, method: str, then: str, keeps_body: bool
) -> None:
    here.redirects("/from", "/to?x=%2F&y=a+b", status)
    body = JsonBody('{"client_secret": "{{client_secret}}"}') if keeps_body else None
    if method == "POST":
        body = JsonBody('{"client_secret": "{{client_secret}}"}')
    url = f"{here.origin}/from?q=1"
    request = Request.to(url, method=method, body=body, authorization=Bearer("{{access_token}}"))
    response = send(request, vault, here.platform)
    _, second = here.arrived
    assert (second.method, second.path) == (then, "/to?x=%2F&y=a+b")
    assert (SECRET in second.body.decode()) is keeps_body
    assert ("content-type" in second.headers) is keeps_body
    # The same host may know the token.
    assert second.headers["authorization"] == f"Bearer {TOKEN}"
    assert response.status_code == 200
    assert [earlier.status_code for earlier in response.history] == [status]


BODIES: list[tuple[Body, Any]] = [
    (
        FormBody(
            (("client_secret", "{{client_secret}}"), ("client_id", "{{client_id}}"), ("a", "b"))
        ),
        b"client_id=" + b"0" * 32 + b"&a=b",
    ),
    (FormBody((("x", f"token {TOKEN}"), ("code", "plain"), ("a", "b"))), b"a=b"),
    (
        JsonBody('{"a": [{"b": "{{access_token}}", "c": 1}, "{{client_secret}}"], "code": "x"}'),
        b'{"a": [{"c": 1}]}',
    ),
    (JsonBody('{"{{access_token}}": 1}'), b""),
    (JsonBody("{broken {{access_token}}"), b""),
    (TextBody("the {{client_secret}}"), b""),
    (TextBody(f"the {TOKEN}"), b""),
    (TextBody("the dal:not_a_real_code_that_nobody_knows"), b""),
    (TextBody("nothing secret"), b"nothing secret"),
]


@pytest.mark.parametrize(("body", "left"), BODIES)
@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_to_another_host_drops_all_secrets(
    here: Routed, there: Routed, vault: Vault, body: Body, left: bytes, status: int
) -> None:
    here.redirects(START, f"{there.origin}/to", status)
    headers = (
        ("Cookie", "session=not-a-real-session"),
        ("X-Token", "{{access_token}}"),
        ("X-Plain", "plain"),
    )
    request = posted(here, body, headers=headers, query=(("code", "{{access_token}}"),))
    response = send(request, vault, here.platform, also_to=[there.host])
    assert TOKEN in here.arrived[0].headers["authorization"]
    (stranger,) = there.arrived
    assert (stranger.method, stranger.path, stranger.body) == ("POST", "/to", left)
    assert stranger.headers["x-plain"] == "plain"
    assert not holds_secret(stranger)
    assert not {"authorization", "cookie", "x-token"} & set(stranger.headers)
    assert response.url == f"{there.origin}/to"


def holds_secret(arrived: Arrived) -> bool:
    text = repr(arrived)
    return any(secret in text for secret in ("not_a_real", "not-a-real"))


@pytest.mark.parametrize(
    "authorization", [Bearer("{{access_token}}"), Basic("mia", "{{client_secret}}")]
)
@pytest.mark.parametrize("status", [301, 302, 303])
def test_no_authorization_goes_along(
    here: Routed, there: Routed, vault: Vault, authorization: Any, status: int
) -> None:
    here.redirects(START, f"{there.origin}/to", status)
    send(posted(here, authorization=authorization), vault, here.platform, also_to=[there.host])
    assert "authorization" not in there.arrived[0].headers
    assert there.arrived[0].method == "GET"


def test_and_it_does_not_come_back_on_the_way_home(
    here: Routed, there: Routed, vault: Vault
) -> None:
    here.redirects(START, f"{there.origin}/to", 307)
    there.redirects("/to", f"{here.origin}/home", 307)
    send(posted(here, JsonBody("{}")), vault, here.platform, also_to=[there.host])
    assert here.arrived[1].path == "/home"
    assert "authorization" not in here.arrived[1].headers


def test_a_reference_in_the_target_stays_a_text(here: Routed, vault: Vault) -> None:
    here.redirects(START, "/to/{{access_token}}?x={{client_secret}}")
    send(posted(here), vault, here.platform)
    assert not holds_secret(here.arrived[1]._replace(headers={}))
    assert "access_token" in here.arrived[1].path


@pytest.mark.parametrize(
    "target",
    [
        "{there}/to?code=not-a-real-code",
        "//{there_host}/to",
        "http://{here_host}@{there_host}/to",
        "http://{there_host}\\@{here_host}/to",
        "https://{here_host}/to",
        "http://localhost:{port}/to",
        "ftp://{here_host}/to",
        "file:///etc/hostname",
        "http://[bad/to",
    ],
)
def test_a_redirect_to_a_stranger_is_not_followed(
    here: Routed, there: Routed, vault: Vault, target: str
) -> None:
    port = here.host.rpartition(":")[2]
    target = target.format(
        there=there.origin, there_host=there.host, here_host=here.host, port=port
    )
    here.redirects(START, target)
    response = send(posted(here), vault, here.platform)
    assert response.status_code == 302
    said = why_not_followed(response, here.platform)
    assert "did not go there" in said
    assert "not-a-real" not in said
    assert len(here.arrived) == 1
    assert not there.arrived


def test_an_answer_that_leads_nowhere_needs_no_words(here: Routed, vault: Vault) -> None:
    assert why_not_followed(send(posted(here), vault, here.platform), here.platform) == ""


def test_not_for_ever(here: Routed, vault: Vault) -> None:
    here.redirects(START, START, 307)
    response = send(posted(here, JsonBody("{}")), vault, here.platform)
    assert len(here.arrived) == sending.MOST_REDIRECTS + 1
    assert response.status_code == 307
    assert "after 5 redirects" in why_not_followed(response, here.platform)


# --- Nobody answers -----------------------------------------------------------------------------


def test_nobody_is_there(here: Routed, vault: Vault) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = f"127.0.0.1:{taken.getsockname()[1]}"
        request = Request.to(
            f"http://{gone}/?code={TOKEN}", authorization=Bearer("{{access_token}}")
        )
        with pytest.raises(SandboxGone) as caught:
            send(request, vault, here.platform, also_to=[gone])
    assert "not_a_real" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_name_that_nobody_knows(
    vault: Vault, map_hosts: Callable[[int], list[str]], here: Routed
) -> None:
    map_hosts(1)
    with pytest.raises(NoNetwork) as caught:
        send(Request.to("https://nobody.example/?code=x"), vault, LIVE, also_to=["nobody.example"])
    assert "code" not in caught.value.what


def test_a_connection_that_drops_is_not_tried_again(here: Routed, vault: Vault) -> None:
    here.answers[START] = (0, {}, b"")
    with pytest.raises(ConnectionProblem):
        send(posted(here, JsonBody("{}")), vault, here.platform)
    assert len(here.arrived) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_of_a_bad_day_is_not_tried_again(here: Routed, vault: Vault, status: int) -> None:
    here.answers[START] = (status, {"Retry-After": "0"}, b"{}")
    assert send(posted(here), vault, here.platform).status_code == status
    assert len(here.arrived) == 1


def test_an_answer_that_breaks_off(here: Routed, vault: Vault) -> None:
    here.answers[START] = (-1, {}, b'{"a"')
    with pytest.raises((PlatformAnswerError, ConnectionProblem)) as caught:
        send(posted(here), vault, here.platform)
    assert caught.value.what == "The answer broke off."
    assert len(here.arrived) == 1


def test_it_does_not_wait_for_ever(
    here: Routed, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT", (1, 0.2))
    here.release.clear()
    with pytest.raises(SandboxGone, match="did not answer in time"):
        send(posted(here), vault, here.platform)
    assert len(here.arrived) == 1


# --- Live ---------------------------------------------------------------------------------------


def test_live_calls_of_the_api_are_counted(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, here: Routed
) -> None:
    """Through a transport that leads the live hosts to this machine, without TLS."""
    billing.forget_all()

    def lead_here(self: Any, prepared: requests.PreparedRequest, **options: Any) -> Any:
        url = prepared.url or ""
        prepared = prepared.copy()
        prepared.url = url.replace("https://api.livechatinc.com", here.origin).replace(
            "https://accounts.livechat.com", here.origin
        )
        options["proxies"] = {}
        response = real(self, prepared, **options)
        response.url = url
        return response

    real = requests.adapters.HTTPAdapter.send
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", lead_here)
    bearer = Bearer("{{access_token}}")
    send(Request("POST", LIVE.list_chats_url, authorization=bearer), vault, LIVE)
    assert billing.calls() == 1
    send(Request("GET", LIVE.info_url, authorization=bearer), vault, LIVE)
    assert billing.calls() == 1
    here.answers["/v3.6/agent/action/list_chats"] = (403, {}, b"{}")
    send(Request("POST", LIVE.list_chats_url, authorization=bearer), vault, LIVE)
    assert billing.calls() == 2
    # A redirect from one billed call to another makes two.
    here.redirects("/a", "https://api.livechatinc.com/b", 307)
    send(Request("POST", "https://api.livechatinc.com/a", authorization=bearer), vault, LIVE)
    assert billing.calls() == 4
    billing.forget_all()


def test_a_redirect_between_the_live_hosts_drops_the_token_too(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[requests.PreparedRequest] = []

    def answer(self: Any, prepared: requests.PreparedRequest, **_: Any) -> requests.Response:
        seen.append(prepared)
        response = requests.Response()
        response.status_code = 307 if len(seen) == 1 else 200
        response.url, response.request = prepared.url or "", prepared
        response.headers["Location"] = LIVE.list_chats_url
        response._content = b""
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)
    send(Request("POST", LIVE.token_url, authorization=Bearer("{{access_token}}")), vault, LIVE)
    first, second = seen
    assert "Authorization" in first.headers
    assert second.url == LIVE.list_chats_url
    assert "Authorization" not in second.headers
    billing.forget_all()


def test_what_was_sent_is_masked_from_then_on(here: Routed, vault: Vault) -> None:
    send(posted(here, JsonBody(json.dumps({"a": "{{client_secret}}"}))), vault, here.platform)
    assert masking.mask(f"{SECRET} {TOKEN}").count("•") >= 16


# --- What a refusal of the lab is explained with ------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "dal:not_a_real_token_0000000000",
        "dal%3Anot_a_real_token_0000000000",
        "Bearer dal:not_a_real_token_0000000000",
        "not-a-real-secret-of-an-app",
    ],
)
def test_the_lab_and_a_cell_are_told_the_same_cause(sandbox: Platform, token: str) -> None:
    vault = Vault()
    vault.put("access_token", token)
    request = Request(
        "POST",
        sandbox.list_chats_url,
        authorization=Bearer("{{access_token}}"),
        body=JsonBody("{}"),
    )
    lab = explanation(send(request, vault, sandbox), Place.LAB)
    header = {"Authorization": f"Bearer {token}"}
    cell = explanation(requests.post(sandbox.list_chats_url, json={}, headers=header, timeout=9))
    assert lab is not None
    assert cell is not None
    assert lab.cause == cell.cause
    assert "does not begin with Bearer" not in lab.why
    assert "the cell" not in lab.remedy


def test_a_personal_access_token_of_the_lab(sandbox: Platform) -> None:
    vault = Vault()
    vault.put("token", TOKEN)
    account = "00000000-0000-4000-8000-000000000000"
    request = Request(
        "POST",
        sandbox.list_chats_url,
        authorization=Basic(account, "{{token}}"),
        body=JsonBody("{}"),
    )
    problem = explanation(send(request, vault, sandbox), Place.LAB)
    assert problem is not None
    assert problem.why.startswith("The sandbox knows no such personal access token")
