"""What this kernel sent is kept without secrets, and nothing that is sent notices."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routed import Routed

from lc_tutorial import AgentChat, Control, masking, memory, oauth
from lc_tutorial.forms.catch_up import CatchUp
from lc_tutorial.lab import history, hook, values_at_hand
from lc_tutorial.lab.history import Sent, entries
from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.recorded import from_prepared, with_references
from lc_tutorial.lab.request import (
    Authorization,
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Request,
    TextBody,
)
from lc_tutorial.lab.secret_names import secret_name
from lc_tutorial.lab.sending import send
from lc_tutorial.lab.values_at_hand import kept_at, vault_of
from lc_tutorial.lab.vault import Vault
from lc_tutorial.masking import DOTS
from lc_tutorial.memory import kernel
from lc_tutorial.platforms import launch
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.tables.frames import tables
from tests.drawn import examples

TOKEN = "dal:not_a_real_token_0000000000"
CODE = "dal:not_a_real_code_00000000000"
SECRET = "not-a-real-secret-of-an-app"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    hook.install()
    history.clear()
    values_at_hand.forget_all()
    yield
    history.clear()
    hook.uninstall()
    values_at_hand.forget_all()
    masking.forget_all()


@pytest.fixture
def server() -> Iterator[Routed]:
    with Routed() as server:
        yield server


def only() -> Sent:
    (sent,) = entries()
    return sent


# --- What is kept ---------------------------------------------------------------------------------


def test_plain_requests_in_a_cell(server: Routed) -> None:
    server.answers["/v2/token"] = (401, {}, b'{"error": "unauthorized_client"}')
    response = requests.post(
        f"{server.origin}/v2/token?x=a+b",
        data={"grant_type": "authorization_code", "code": CODE, "client_secret": SECRET},
        timeout=9,
    )
    sent = only()
    assert (sent.number, sent.by, sent.after, sent.problem) == (1, "cell", None, "")
    assert sent.request == Request(
        "POST",
        f"{server.origin}/v2/token",
        query=(("x", "a b"),),
        body=FormBody(
            (
                ("grant_type", "authorization_code"),
                ("code", "{{sent_code}}"),
                ("client_secret", "{{sent_client_secret}}"),
            )
        ),
    )
    assert sent.transcript is not None
    assert sent.transcript.status == 401
    assert sent.transcript.size == len(response.content)
    assert sent.at.tzinfo is not None


@pytest.mark.parametrize(
    "send_it",
    [
        lambda url: requests.get(url, timeout=9),
        lambda url: requests.request("GET", url, timeout=9),
        lambda url: requests.Session().get(url, timeout=9),
        lambda url: requests.Session().send(requests.Request("GET", url).prepare(), timeout=9),
        lambda url: type("Own", (requests.Session,), {})().get(url, timeout=9),
    ],
)
def test_every_way_to_send(server: Routed, send_it: Any) -> None:
    send_it(server.origin)
    assert only().request.method == "GET"


def test_no_secret_is_in_what_it_shows_and_holds(server: Routed) -> None:
    server.answers["/"] = (200, {}, json.dumps({"access_token": TOKEN}).encode())
    requests.post(
        f"{server.origin}/?code={CODE}",
        json={"refresh_token": "not-a-real-refresh-token", "deep": [{"client_secret": SECRET}]},
        headers={"Authorization": f"Bearer {TOKEN}", "Cookie": "a=not-a-real-session"},
        auth=None,
        timeout=9,
    )
    requests.get(server.origin, auth=("mia", "not-a-real-password"), timeout=9)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:1/?code={CODE}", timeout=9)
    for sent in entries():
        texts = [repr(sent), str(sent), repr(sent.request), sent.problem, history.about()]
        if sent.transcript is not None:
            texts += [repr(sent.transcript), sent.transcript._repr_html_()]
        for text in texts:
            assert "not-a-real" not in text
            assert "not_a_real" not in text


def test_secrets_are_kept_under_names_and_can_be_sent_again(server: Routed) -> None:
    requests.post(
        server.origin,
        json={"a": SECRET, "client_secret": SECRET},
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=9,
    )
    vault = vault_of(server.platform)
    send(only().request, vault, server.platform)
    first, second = server.arrived
    assert second == first


def test_a_wrong_token_is_sent_as_it_was(server: Routed) -> None:
    """Also where it is nearly the right one."""
    kernel._tokens[TOKEN] = memory.SeenToken("access token", server.origin)
    for token in (TOKEN, f"{TOKEN}x", f"Bearer {TOKEN}", "dal%3Anot_a_real_token_0000000000"):
        requests.get(server.origin, headers={"Authorization": f"Bearer {token}"}, timeout=9)
    vault = vault_of(server.platform)
    for sent, arrived in zip(entries(), list(server.arrived), strict=True):
        assert "not_a_real" not in repr(sent.request)
        send(sent.request, vault, server.platform)
        assert server.arrived[-1] == arrived


def test_it_is_sent_with_the_values_of_that_later_time(sandbox: Platform) -> None:
    CatchUp(sandbox)
    history.clear()
    token = memory.newest_token("access token", sandbox.accounts_url)
    headers = {"Authorization": f"Bearer {token}"}
    requests.post(sandbox.list_chats_url, json={}, headers=headers, timeout=9)
    request = only().request
    assert request.authorization == Bearer("{{access_token}}")
    oauth.revoke(sandbox, str(token))
    assert send(request, vault_of(sandbox), sandbox).status_code == 401
    CatchUp(sandbox)
    assert send(request, vault_of(sandbox), sandbox).status_code == 200


def test_the_flow_in_plain_code_is_known_by_its_names(sandbox: Platform) -> None:
    """As notebook 01 sends it."""
    from lc_tutorial.forms.scripted import acquire_code, configure_app

    app = configure_app(sandbox)
    pkce, state = oauth.Pkce.new(), oauth.new_state()
    url = oauth.build_authorization_url(
        sandbox, client_id=app.client_id, redirect_uri=app.redirect_uri, state=state, pkce=pkce
    )
    code = oauth.parse_redirect(acquire_code(sandbox, url), state=state).code
    assert entries() == ()
    response = requests.post(
        sandbox.token_url,
        timeout=9,
        data={
            "grant_type": "authorization_code",
            "code": code,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "code_verifier": pkce.verifier,
        },
    )
    names = ("code", "client_id", "client_secret", "redirect_uri", "code_verifier")
    assert only().request.body == FormBody(
        (("grant_type", "authorization_code"), *((name, f"{{{{{name}}}}}") for name in names))
    )
    assert vault_of(sandbox).value("access_token") == response.json()["access_token"]


def test_whose_request_it_was(sandbox: Platform) -> None:
    session = CatchUp(sandbox)
    exchange = only()
    assert (exchange.by, exchange.request.url) == ("cell", sandbox.token_url)
    written = Request(
        "POST",
        sandbox.list_chats_url,
        authorization=Bearer("{{access_token}}"),
        body=JsonBody('{ "limit" : 1 }'),
    )
    send(written, vault_of(sandbox), sandbox)
    with AgentChat(sandbox, session.token) as client:
        client.list_chats(limit=2)
    _, by_lab, by_cell = entries()
    assert (by_lab.by, by_lab.request) == ("lab", written)
    assert by_cell.by == "cell"
    assert by_cell.request.authorization == Bearer("{{access_token}}")
    assert by_cell.answer is not None
    assert len(tables(by_cell.answer).chats) == 2


def test_a_secret_that_was_typed_into_the_lab_is_none_in_the_history(server: Routed) -> None:
    request = Request("POST", server.origin, body=JsonBody(json.dumps({"a": TOKEN})))
    send(request, Vault(), server.platform)
    assert only().request.body == JsonBody('{"a": "{{sent_access_token}}"}')


# --- What is not kept -----------------------------------------------------------------------------


def test_what_the_package_sends_for_itself_is_not_kept(sandbox: Platform) -> None:
    from lc_tutorial.forms.scripted import configure_app

    launch.join_or_start()
    Control.of(sandbox).state()
    configure_app(sandbox)
    assert entries() == ()


def test_many_requests(server: Routed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_ENTRIES", 3)
    for number in range(5):
        requests.get(f"{server.origin}/{number}", timeout=9)
    assert [sent.number for sent in entries()] == [3, 4, 5]
    assert history.about() == (
        "5 requests sent since the kernel started. The oldest 2 of them are no longer here."
    )


def test_many_bytes(server: Routed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 2_500)
    server.answers["/"] = (200, {}, b"x" * 1_000)
    for _ in range(4):
        requests.get(server.origin, timeout=9)
    assert [sent.number for sent in entries()] == [3, 4]


def test_of_a_very_long_answer_only_the_size_is_kept(server: Routed) -> None:
    server.answers["/"] = (200, {}, b"x" * 1_500_000)
    response = requests.get(server.origin, timeout=9)
    assert len(response.content) == 1_500_000
    sent = only()
    assert sent.bytes_kept == 0
    assert sent.size == 1_500_000
    assert sent.transcript is not None
    assert sent.transcript.facts[1] == "1.5 MB"
    assert "1.5 MB, which is too much to keep" in sent.transcript._repr_html_()


def test_of_a_very_long_request_the_body_is_left_out(server: Routed) -> None:
    requests.post(server.origin, data="x" * 1_500_000, timeout=9)
    sent = only()
    assert sent.request.body is None
    assert sent.note == "The body that was sent, 1.5 MB, is not kept."
    assert sent.transcript is not None
    assert sent.note in sent.transcript._repr_html_()


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", iter([b"a", b"b"])])
def test_a_body_that_is_no_text_arrives_and_is_left_out(server: Routed, body: Any) -> None:
    requests.put(server.origin, data=body, timeout=9)
    assert only().request.body is None
    assert "no text" in only().note


def test_a_file_that_is_sent_arrives_whole(server: Routed) -> None:
    requests.post(server.origin, files={"file": ("a.bin", b"\xff\x00" * 10)}, timeout=9)
    assert b"\xff\x00" * 10 in server.arrived[0].body
    assert "no text" in only().note


# --- Nobody notices -------------------------------------------------------------------------------


def test_a_streamed_answer_is_the_cells_to_read(server: Routed) -> None:
    server.answers["/"] = (200, {}, b"line\n" * 1_000)
    with requests.get(server.origin, stream=True, timeout=9) as response:
        assert not response._content_consumed  # type: ignore[attr-defined]
        sent = only()
        assert sent.transcript is not None
        assert sent.size is None
        assert "left for the code to read" in sent.transcript._repr_html_()
        assert sum(1 for _ in response.iter_lines()) == 1_000
    requests.get(server.origin, stream=True, timeout=9).close()


def test_the_connection_of_an_answer_is_not_held(server: Routed) -> None:
    response = requests.get(server.origin, timeout=9)
    answer = only().answer
    assert answer is not None
    assert answer is not response
    assert answer.raw is None
    assert not hasattr(answer, "connection")


def test_what_the_code_sees_is_what_it_saw_before(server: Routed) -> None:
    def sent() -> Any:
        response = requests.post(f"{server.origin}/a", json={"x": 1}, timeout=9)
        return response.status_code, response.request.headers, response.request.body, response.url

    recorded = sent()
    hook.uninstall()
    assert sent() == recorded
    assert len(entries()) == 1


def test_an_exception_reaches_the_code_and_is_kept_as_a_word(server: Routed) -> None:
    server.answers["/drop"] = (0, {}, b"")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.origin}/drop?code={CODE}", timeout=9)
    with pytest.raises(requests.exceptions.InvalidSchema):
        requests.get(f"nonsense://x/?code={CODE}", timeout=9)
    server.answers["/broken"] = (-1, {}, b"x")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{server.origin}/broken", timeout=9)
    server.release.clear()
    with pytest.raises(requests.Timeout):
        requests.get(f"{server.origin}/?code={CODE}", timeout=0.2)
    assert [sent.problem for sent in entries()] == [
        "The sandbox closed the connection without an answer.",
        "It could not be sent: InvalidSchema.",
        "The answer broke off.",
        "The sandbox did not answer in time.",
    ]
    assert all(sent.transcript is None for sent in entries())


def test_an_interruption_is_kept_too(server: Routed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        requests.get(server.origin, timeout=9)
    assert only().problem == "It was interrupted."


@pytest.mark.parametrize("broken", ["from_prepared", "detached", "_keep"])
def test_an_error_of_its_own_stays_here_and_is_told(
    server: Routed, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(history, broken, fail)
    assert requests.get(server.origin, timeout=9).json() == {}
    with pytest.raises(requests.ConnectionError):
        requests.get("http://127.0.0.1:1/", timeout=9)
    monkeypatch.undo()
    assert "could not be recorded" in history.about()
    assert "not_a_real" not in history.about()
    requests.get(server.origin, timeout=9)
    assert entries()[-1].transcript is not None


def test_from_many_threads_at_once(server: Routed) -> None:
    def send_some() -> None:
        for _ in range(10):
            requests.get(server.origin, timeout=9)

    threads = [threading.Thread(target=send_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entries()) == 80
    assert len({sent.number for sent in entries()}) == 80
    assert all(sent.after is None for sent in entries())


# --- Redirects ------------------------------------------------------------------------------------


def test_each_request_of_a_redirect_is_kept_in_its_order(server: Routed) -> None:
    server.redirects("/a", "/b", 302)
    server.redirects("/b", "/c", 307)
    response = requests.post(f"{server.origin}/a", data={"x": "y"}, timeout=9)
    assert [each.status_code for each in response.history] == [302, 307]
    seen = [
        (
            sent.number,
            sent.request.method,
            sent.request.url[-2:],
            sent.transcript.status,
            sent.after,
        )
        for sent in entries()
        if sent.transcript is not None
    ]
    assert seen == [
        (1, "POST", "/a", 302, None),
        (2, "GET", "/b", 307, 1),
        (3, "GET", "/c", 200, 1),
    ]


def test_a_redirect_that_the_lab_follows(server: Routed) -> None:
    server.redirects("/a", "/b", 307)
    send(Request("POST", f"{server.origin}/a"), Vault(), server.platform)
    first, second = entries()
    assert (first.by, first.after, second.by, second.after) == ("lab", None, "lab", first.number)


def test_a_redirect_into_the_void(server: Routed) -> None:
    server.redirects("/a", "http://127.0.0.1:1/b")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.origin}/a", timeout=9)
    first, second = entries()
    assert first.problem == "Its answer led to another address, and that request failed."
    assert second.problem == "The sandbox is gone."
    assert second.after == first.number


def test_a_redirect_for_ever(server: Routed) -> None:
    server.redirects("/a", "/a")
    with pytest.raises(requests.TooManyRedirects):
        requests.get(f"{server.origin}/a", timeout=9)
    first, *others = entries()
    assert first.transcript is not None
    assert first.transcript.status == 302
    assert "to no end" in first.problem
    assert len(others) == 30


def test_what_a_hook_sends_meanwhile_is_no_redirect(server: Routed) -> None:
    def ask_more(response: requests.Response, **_: Any) -> None:
        requests.Session().get(f"{server.origin}/more", timeout=9, allow_redirects=False)

    requests.get(f"{server.origin}/a", hooks={"response": ask_more}, timeout=9)
    assert [(sent.number, sent.request.url[-2:], sent.after) for sent in entries()] == [
        (1, "/a", None),
        (2, "re", None),
    ]


# --- From the wire and back -----------------------------------------------------------------------

# What comes back is the same, but for: an empty body, which is none; two headers of one name, of
# which the last one counts; a JSON string with a secret in it, if it spells a character in an
# unusual way; and a public value that stands where no field ends with it.
VALUES = {
    "access_token": "dal:not_a_real_token_0000000000",
    "refresh_token": "not-a-real-refresh/token+&=",
    "client_secret": "not-a-real-'secret'-\"of\"-an-app",
    "client_id": "0123456789abcdef0123456789abcdef",
    "personal_access_token": "dal:not_a_real_pat_000000000000",
}

# Not what looks like a secret or a reference by itself.
LETTERS = st.characters(codec="utf-8", exclude_characters="{}", exclude_categories=("Cs",))
TEXT = st.text(LETTERS, max_size=12)
REFERENCES = st.sampled_from([f"{{{{{name}}}}}" for name in VALUES if name != "client_id"])
VALUE = TEXT | REFERENCES | st.builds("{} {}".format, REFERENCES, TEXT) | st.just("{{client_id}}")
# Nor one by its name, such as CODE.
NAMES = st.text(LETTERS, max_size=8).filter(lambda name: secret_name(name) is None)
NAME = NAMES.filter(len)
PAIRS = st.lists(st.tuples(NAME, VALUE), max_size=4).map(tuple)
HEADER_NAME = st.from_regex(r"X-[A-Z][a-z]{1,8}", fullmatch=True)
HEADER_TEXT = st.from_regex(r"[!-z][ -z]{0,9}[!-z]", fullmatch=True)
HEADERS = st.lists(
    st.tuples(HEADER_NAME, HEADER_TEXT | REFERENCES), max_size=3, unique_by=lambda pair: pair[0]
).map(tuple)
SCALAR = VALUE | st.integers(-9, 9) | st.booleans() | st.none() | st.just(1.5)
DATA = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
BODY: st.SearchStrategy[Body] = st.one_of(
    st.none(),
    PAIRS.filter(len).map(FormBody),
    DATA.map(lambda data: JsonBody(json.dumps(data, ensure_ascii=False))),
    # In a text a public value is a word like others.
    st.builds(TextBody, VALUE.filter(lambda text: text and "client_id" not in text)),
)
AUTHORIZATION: st.SearchStrategy[Authorization] = st.one_of(
    st.none(),
    st.just(Bearer("{{access_token}}")),
    st.just(Basic("mia@example.com", "{{personal_access_token}}")),
    st.just(Basic("{{client_id}}", "{{client_secret}}")),
)
PATH = st.from_regex(r"/[a-z0-9./_-]{0,12}", fullmatch=True).filter(lambda path: "/." not in path)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    url=PATH.map("https://api.livechatinc.com{}".format),
    query=PAIRS,
    headers=HEADERS,
    authorization=AUTHORIZATION,
    body=BODY,
)


def filled() -> Vault:
    vault = Vault()
    for name, value in VALUES.items():
        vault.put(name, value)
    return vault


@given(REQUESTS)
@settings(max_examples=examples(75), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_from_the_wire_it_is_the_same_request(request_: Request) -> None:
    vault = filled()
    back = from_prepared(prepare(request_, vault), vault)
    assert back == request_


LITERAL = st.sampled_from([*VALUES.values(), TOKEN + "x", CODE, "fra:not_a_real_token_1111111111"])
FIELD = st.sampled_from(["code", "client_secret", "access_token", "a", "refresh_token"])


@given(
    st.dictionaries(FIELD, LITERAL | TEXT, max_size=4),
    st.sampled_from(["data", "json", "params"]),
    st.none()
    | st.builds("{} {}".format, st.sampled_from(["Bearer", "Basic", "bearer", "X"]), LITERAL),
)
@settings(max_examples=examples(75), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_recorded_holds_no_secret_and_is_the_same_on_the_wire(
    fields: dict[str, str], where: str, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    made = requests.Request("POST", "https://x.example/p", headers=headers, **{where: fields})
    prepared = made.prepare()
    vault = filled()
    request = from_prepared(prepared, vault)
    assert "not_a_real" not in repr(request)
    assert "not-a-real" not in repr(request)
    again = prepare(request, vault)
    assert (again.method, words(again)) == (prepared.method, words(prepared))
    assert (requote(again.url), plain(again.body)) == (requote(prepared.url), plain(prepared.body))


def words(prepared: requests.PreparedRequest) -> dict[str, str]:
    """The headers but for the length, as texts."""
    return {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in prepared.headers.items()
        if name != "Content-Length"
    }


def requote(url: str | None) -> str:
    return requests.utils.requote_uri(url or "")


def plain(body: Any) -> Any:
    text = body.decode() if isinstance(body, bytes) else body or ""
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize(
    ("name", "value", "authorization", "headers"),
    [
        ("Authorization", "Bearer <your_access_token>", Bearer("<your_access_token>"), ()),
        (
            "Authorization",
            "Basic <your_personal_access_token>",
            None,
            (("Authorization", "Basic <your_personal_access_token>"),),
        ),
        (
            "Authorization",
            f"Basic {TOKEN}",
            None,
            (("Authorization", "Basic {{sent_basic_credential}}"),),
        ),
        (
            "Authorization",
            "Digest not-a-real-digest",
            None,
            (("Authorization", "Digest {{sent_credential}}"),),
        ),
        ("Authorization", "alone-not-a-real", None, (("Authorization", "{{sent_authorization}}"),)),
        # Base64 that others would write in another way.
        (
            "Authorization",
            "Basic bWlhOm5vdC1hLXJlYWwtcGFzc3dvcmR=",
            None,
            (("Authorization", "Basic {{sent_basic_credential}}"),),
        ),
        ("Cookie", "a=b; c=d", None, (("Cookie", "{{sent_cookie}}"),)),
        ("X-Note", f"see {TOKEN}", None, (("X-Note", "see {{sent_access_token}}"),)),
        ("User-Agent", "mine/1", None, (("User-Agent", "mine/1"),)),
        ("Accept", "*/*", None, ()),
    ],
)
def test_headers(name: str, value: str, authorization: Any, headers: Any) -> None:
    prepared = requests.Request("GET", "https://x.example/", headers={name: value}).prepare()
    request = from_prepared(prepared, kept_at("https://x.example"))
    assert (request.authorization, request.headers) == (authorization, headers)


def test_a_password_in_an_address_goes_where_it_belongs() -> None:
    prepared = requests.Request("GET", "https://mia:not-a-real-password@x.example/").prepare()
    request = from_prepared(prepared, kept_at("https://x.example"))
    assert request.url == "https://x.example/"
    assert request.authorization == Basic("mia", "{{sent_personal_access_token}}")


@pytest.mark.parametrize(
    "body", ["a=%FF", "{broken", "a b c", "&&", "client_secret=not-a-real-secret-x"]
)
def test_a_body_that_belies_its_type_is_kept_to_the_letter(body: str) -> None:
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        made = requests.Request(
            "POST", "https://x.example/", data=body, headers={"Content-Type": kind}
        )
        prepared = made.prepare()
        vault = kept_at("https://x.example")
        request = from_prepared(prepared, vault)
        assert "not-a-real" not in repr(request)
        again = prepare(request, vault)
        assert words(again)["Content-Type"] == kind
        if not isinstance(request.body, FormBody):
            assert plain(again.body) == body


def test_references_stay_references() -> None:
    request = Request("POST", "https://x.example/{{a}}", authorization=Bearer("{{access_token}}"))
    assert with_references(request, filled()) == request


def test_dots_are_no_secret() -> None:
    prepared = requests.Request("POST", "https://x.example/", json={"note": DOTS}).prepare()
    assert from_prepared(prepared, Vault()).body == JsonBody(json.dumps({"note": DOTS}))
