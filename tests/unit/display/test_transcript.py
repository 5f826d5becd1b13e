"""What a person sees of a request and its answer."""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import masking, memory
from lc_tutorial.display import html as transcript_html
from lc_tutorial.display import transcript
from lc_tutorial.display.transcript import Transcript, explanation, show
from lc_tutorial.errors import ApiError, InputError, TokenError
from lc_tutorial.masking import DOTS

FORM = {
    "grant_type": "authorization_code",
    "code": "dal:not_a_real_code_00000000000",
    "client_id": "0" * 32,
    "client_secret": "not-a-real-secret",
    "redirect_uri": "http://127.0.0.1:8377/callback",
}
TOKEN = {
    "access_token": "dal:not_a_real_token_0000000000",
    "refresh_token": "not_a_real_refresh_token",
    "expires_in": 28800,
    "token_type": "Bearer",
}
SECRETS = ("not_a_real", "not-a-real")


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


def shown(response: requests.Response) -> str:
    """Both forms of its transcript, after a look at each."""
    made = Transcript.from_response(response)
    html = made._repr_html_()
    check_nesting(html)
    return f"{made!r}\n{html}"


def check_nesting(html: str) -> None:
    """Every element that is opened is closed, in order."""
    open_elements: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            open_elements.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_elements.pop() == tag

    checker = Checker()
    checker.feed(html)
    assert open_elements == []


def text_of(html: str) -> str:
    """What is to be read, without the style sheet."""
    unstyled = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", unstyled))


# --- What it says -------------------------------------------------------------------------------


def test_it_takes_down_the_request_and_the_answer(server: StandIn) -> None:
    server.answers(200, {"found_chats": 3})
    response = requests.post(
        f"{server.origin}/v3.6/agent/action/list_chats",
        json={"limit": 10},
        headers={"Authorization": "Bearer dal:not_a_real_token_0000000000"},
        timeout=9,
    )
    made = Transcript.from_response(response)
    assert (made.method, made.url) == ("POST", f"{server.origin}/v3.6/agent/action/list_chats")
    assert (made.status, made.reason, made.meaning) == (200, "OK", "it worked")
    assert made.request_body.content == {"limit": 10}
    assert made.body.content == {"found_chats": 3}
    assert made.size == len(response.content)
    assert made.elapsed > 0
    assert dict(made.request_headers)["Authorization"] == f"Bearer dal:{DOTS}"
    assert dict(made.headers)["Content-Type"] == "application/json"


def test_its_plain_form(server: StandIn) -> None:
    server.answers(200, {"found_chats": 3})
    made = Transcript.from_response(requests.post(server.origin, timeout=9))
    first, second, third, *rest = repr(made).splitlines()
    assert first == f"POST {server.origin}/"
    assert second == "200 OK: it worked"
    assert re.fullmatch(r"[\d,]+ ms, 18 bytes", third)
    assert rest == ["{", '  "found_chats": 3', "}"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "200 OK: it worked"),
        (201, "201 Created: it worked, and something was created"),
        (206, "206 Partial Content: it worked"),
        (401, "401 Unauthorized: the server doesn't accept who is asking"),
        (403, "403 Forbidden: the server knows who is asking, and it is not allowed"),
        (418, "something is wrong with the request"),
        (429, "429 Too Many Requests: too many requests in a short time"),
        (500, "500 Internal Server Error: the server failed"),
        (507, "the server failed"),
        (777, "unknown status: this status has no meaning in HTTP"),
    ],
)
def test_the_status_in_words(server: StandIn, status: int, words: str) -> None:
    server.answers(status, {})
    made = Transcript.from_response(requests.get(server.origin, timeout=9))
    assert words in repr(made)
    assert words.partition(": ")[2] in text_of(made._repr_html_())


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1_234, "1.2 kB"), (2_500_000, "2.5 MB")],
)
def test_the_size_in_words(server: StandIn, count: int, words: str) -> None:
    server.answers(200, b"a" * count, "text/plain")
    assert words in Transcript.from_response(requests.get(server.origin, timeout=9)).facts


# --- Secrets ------------------------------------------------------------------------------------


def test_no_secret_of_the_exchange_is_shown(server: StandIn) -> None:
    server.answers(200, TOKEN)
    for body in ({"data": FORM}, {"json": FORM}):
        response = requests.post(f"{server.origin}/v2/token", timeout=9, **body)
        seen = shown(response)
        assert not any(secret in seen for secret in SECRETS)
        assert f"dal:{DOTS}" in seen
        assert FORM["redirect_uri"] in seen
        assert "28800" in seen


def test_what_was_shown_is_known_from_then_on(server: StandIn) -> None:
    server.answers(200, TOKEN)
    Transcript.from_response(requests.post(f"{server.origin}/v2/token", data=FORM, timeout=9))
    text = f"{TOKEN['refresh_token']} {FORM['client_secret']}"
    assert masking.mask(text) == f"{DOTS} {DOTS}"
    code = memory.seen_code(FORM["code"])
    assert code is not None
    assert code.exchanged


def test_the_values_in_a_query_are_masked(server: StandIn) -> None:
    url = f"{server.origin}/v2/info?code=dal%3Anot_a_real_code_0000&x="
    made = Transcript.from_response(requests.get(url, timeout=9))
    assert made.url == f"{server.origin}/v2/info?code={DOTS}&x={DOTS}"


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [
        ("Authorization", "Basic bm90LWEtcmVhbDpzZWNyZXQ=", f"Basic {DOTS}"),
        ("Authorization", "bare-not-a-real-token", DOTS),
        ("Authorization", "Digest a b", DOTS),
        (
            "Authorization",
            "Basic <your_personal_access_token>",
            "Basic <your_personal_access_token>",
        ),
        ("Cookie", "session=not-a-real-session", DOTS),
        ("X-Note", "about dal:not_a_real_token_0000", f"about dal:{DOTS}"),
        ("X-Region", "dal", "dal"),
    ],
)
def test_secret_headers_are_masked(server: StandIn, name: str, value: str, seen: str) -> None:
    response = requests.get(server.origin, headers={name: value}, timeout=9)
    assert dict(Transcript.from_response(response).request_headers)[name] == seen


def test_a_cookie_in_the_answer_is_masked(server: StandIn) -> None:
    server.headers["Set-Cookie"] = "session=not-a-real-session"
    assert "not-a-real" not in shown(requests.get(server.origin, timeout=9))


# --- Bodies of every kind -----------------------------------------------------------------------


def test_no_body_at_all(server: StandIn) -> None:
    server.answers(204, b"")
    seen = shown(requests.post(server.origin, timeout=9))
    assert "The answer has no body." in seen
    assert "There was none." in seen


def test_a_text_is_shown_and_escaped(server: StandIn) -> None:
    server.answers(502, b"<h1>Bad & gone</h1>", "text/html")
    made = Transcript.from_response(requests.get(server.origin, timeout=9))
    assert "&lt;h1&gt;Bad &amp; gone&lt;/h1&gt;" in made._repr_html_()
    assert "<h1>Bad & gone</h1>" in repr(made)


@pytest.mark.parametrize(
    ("content", "kind"), [(b"\x89PNG\0\0", "image/png"), (b"a\0b", "application/octet-stream")]
)
def test_what_is_no_text_is_only_described(server: StandIn, content: bytes, kind: str) -> None:
    server.answers(200, content, kind)
    assert f"{len(content)} bytes of {kind}, not shown." in shown(
        requests.get(server.origin, timeout=9)
    )


def test_a_stream_that_was_sent(server: StandIn) -> None:
    response = requests.post(server.origin, data=iter([b"a"]), timeout=9)
    assert "The body was a stream." in shown(response)


def test_a_text_that_was_sent(server: StandIn) -> None:
    response = requests.post(server.origin, data="{not json", timeout=9)
    assert "{not json" in shown(response)


def test_a_response_that_was_never_sent() -> None:
    response = requests.Response()
    response.status_code = 200
    assert "200 OK" in shown(response)


def test_json_of_every_type(server: StandIn) -> None:
    data = {"a": None, "b": True, "c": -1.5, "d": "ż\n\"'<&>", "e": [], "f": {}, "g": [[1], []]}
    server.answers(200, data)
    made = Transcript.from_response(requests.get(server.origin, timeout=9))
    assert json.loads(repr(made).split("\n", 3)[3]) == data
    seen = made._repr_html_()
    check_nesting(seen)
    for part in ("null", "true", "-1.5", r"ż\n\"'<&>", "[]", "{}", "[[1], []]"):
        assert part in text_of(seen)


@pytest.mark.parametrize("data", [[], {}, "text", 1, None, [1, 2]])
def test_json_that_is_no_object(server: StandIn, data: Any) -> None:
    server.answers(200, data)
    assert json.dumps(data, indent=2) in shown(requests.get(server.origin, timeout=9))


# --- Long bodies --------------------------------------------------------------------------------


def chat(number: int) -> dict[str, Any]:
    return {
        "id": f"CHAT{number}",
        "users": [{"id": f"u{n}", "name": "Mia", "statistics": {"chats": n}} for n in range(3)],
        "properties": {"routing": {"continuous": False}},
        "last_thread_summary": {f"field_{n}": "value" for n in range(12)},
    }


def test_a_long_answer_is_folded_and_a_short_one_is_not(server: StandIn) -> None:
    server.answers(200, {"chats_summary": [chat(n) for n in range(10)], "found_chats": 10})
    long = Transcript.from_response(requests.get(server.origin, timeout=9))._repr_html_()
    body = long.partition('<pre class="lc-json"')[2]
    assert body.count("<details open>") == 1
    assert body.count("<details>") >= 10
    assert "&quot;id&quot;: &quot;CHAT0&quot;, … 4 fields" in body
    assert "10 items" in body
    server.answers(200, TOKEN)
    short = Transcript.from_response(requests.get(server.origin, timeout=9))._repr_html_()
    assert "<details" not in short.partition('<pre class="lc-json"')[2].partition("</pre>")[0]


def test_unfolded_it_reads_as_the_json_that_came(server: StandIn) -> None:
    data = {"chats_summary": [chat(n) for n in range(10)], "found_chats": 10, "x": [[{"y": []}]]}
    server.answers(200, data)
    html = Transcript.from_response(requests.get(server.origin, timeout=9))._repr_html_()
    body = html.partition('<pre class="lc-json" tabindex="0">')[2].partition("</pre>")[0]
    unfolded = re.sub(r'<span class="lc-closed">.*?</span></summary>', "\n", body, flags=re.DOTALL)
    assert json.loads(unescape(re.sub(r"<[^>]+>", "", unfolded))) == data


def test_a_very_long_answer_is_cut_and_says_so(server: StandIn) -> None:
    chats = [chat(n) for n in range(25_000)]
    server.answers(200, {"chats_summary": chats, "text": "x" * 1_000_000, "found_chats": 25_000})
    response = requests.get(server.origin, timeout=30)
    assert len(response.content) > 10_000_000
    seen = shown(response)
    assert len(seen) < 500_000
    assert "more items" in seen
    assert "Shortened for display; response.json() has it all." in seen
    assert "25000" in seen


def test_an_object_of_very_many_fields_is_cut_too(server: StandIn) -> None:
    server.answers(200, {f"field_{n}": {"a": n} for n in range(5_000)})
    seen = shown(requests.get(server.origin, timeout=9))
    assert "field_1000" in seen
    assert "field_4000" not in seen
    assert "more fields" in seen


def test_a_secret_is_not_cut_in_half(server: StandIn) -> None:
    server.answers(200, {"text": f"{'y' * 150} {TOKEN['access_token']}{'z' * 100}"})
    assert "dal:not" not in shown(requests.get(server.origin, timeout=9))
    text = "y" * 150 + TOKEN["access_token"] + "z" * 100  # type: ignore[operator]
    server.answers(200, {"text": f"{'y' * 140} {TOKEN['access_token']} {text}"})
    made = Transcript.from_response(requests.get(server.origin, timeout=9))
    assert "not_a_real" not in str(made.body.content)
    server.answers(200, f"{'y' * 3990} {TOKEN['access_token']} {text}".encode(), "text/plain")
    assert "not_a_real" not in shown(requests.get(server.origin, timeout=9))


def test_a_long_text_is_cut_and_says_so(server: StandIn) -> None:
    server.answers(200, b"line\n" * 200_000, "text/plain")
    made = Transcript.from_response(requests.get(server.origin, timeout=9))
    assert "more characters" in made._repr_html_()
    assert len(repr(made).splitlines()) <= 41
    assert "more lines" in repr(made)


# --- Always the same ----------------------------------------------------------------------------


def test_but_for_time_it_is_always_the_same(server: StandIn) -> None:
    server.answers(200, {"chats_summary": [chat(n) for n in range(10)]})
    first, second = (shown(requests.get(server.origin, timeout=9)) for _ in range(2))
    vary = re.compile(r"[\d,]+ ms|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT")
    assert vary.sub("", first) == vary.sub("", second)


# --- show ---------------------------------------------------------------------------------------


def test_show_prints_outside_ipython(server: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers(200, {"found_chats": 3})
    show(requests.post(server.origin, timeout=9))
    assert "200 OK: it worked" in capsys.readouterr().out


def test_show_explains_a_refusal(server: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers(401, {"error": {"type": "authentication", "message": "x"}})
    show(requests.post(server.platform.list_chats_url, json={}, timeout=9))
    assert "The request had no Authorization header." in capsys.readouterr().out


def test_show_displays_both_forms_in_ipython(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    displayed: list[Any] = []
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: displayed.append(thing))
    server.answers(401, {"error": "unauthorized_client"})
    show(requests.post(server.platform.token_url, data=FORM, timeout=9))
    made, problem = displayed
    assert isinstance(made, Transcript)
    assert set(problem) == {"text/html", "text/plain"}
    assert "lc-problem" in problem["text/html"]


@pytest.mark.parametrize("thing", [None, {}, "text", b"bytes"])
def test_show_takes_answers_only(thing: Any) -> None:
    with pytest.raises(InputError, match=type(thing).__name__):
        show(thing)


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/v2/token", {"error": "x"}, TokenError),
        ("/v2/token", {}, TokenError),
        ("/v2/info", {"error": "x"}, TokenError),
        ("/v2/customer/token", {"oauth_exception": "x"}, TokenError),
        ("/v3.6/agent/action/list_chats", {"error": {"type": "x"}}, ApiError),
        ("/v3.6/agent/action/list_chats", {}, ApiError),
        ("/else", b"<html>", ApiError),
    ],
)
def test_a_refusal_is_explained_by_whose_it_is(
    server: StandIn, path: str, body: Any, kind: type[Exception]
) -> None:
    server.answers(400, body)
    response = requests.post(f"{server.origin}{path}", timeout=9)
    assert isinstance(explanation(response), kind)
    assert not any(secret in str(explanation(response)) for secret in SECRETS)


def test_nothing_is_explained_where_nothing_is_wrong(server: StandIn) -> None:
    assert explanation(requests.get(server.origin, timeout=9)) is None
    assert transcript.show(requests.get(server.origin, timeout=9)) is None  # type: ignore[func-returns-value]


def test_what_comes_behind_a_long_list_is_still_shown(server: StandIn) -> None:
    chats = [{"id": f"T{number:09}", "users": list(range(100))} for number in range(100)]
    server.answers(200, {"chats_summary": chats, "found_chats": 250, "next_page_id": "page-2"})
    body = Transcript.from_response(requests.get(server.origin, timeout=9)).body.content
    assert list(body) == ["chats_summary", "found_chats", "next_page_id"]
    assert (body["found_chats"], body["next_page_id"]) == (250, "page-2")
    assert "more items" in str(body["chats_summary"][-1])


# --- As it came ---------------------------------------------------------------------------------


def raw_of(response: requests.Response) -> str:
    raw = Transcript.from_response(response).raw
    assert raw is not None
    return str(raw.content)


def test_the_raw_answer_is_there_to_the_letter(server: StandIn) -> None:
    came = '{ "b":1,\r\n\t"a": "\\u00e9 <b>é</b>",  "n": 1.50, "l":[ ] }'
    server.answers(200, came.encode())
    response = requests.get(server.origin, timeout=9)
    assert raw_of(response) == came
    html = Transcript.from_response(response)._repr_html_()
    check_nesting(html)
    assert "&lt;b&gt;é&lt;/b&gt;" in html
    assert "The raw answer" in html


@pytest.mark.parametrize(
    "came",
    [
        f'{{"access_token": "{TOKEN["access_token"]}"}}',
        '{"access_token":"\\u0064al:not_a_real_token_0000000000"}',
        '{"refresh_token" : "not_a_real\\/refresh&<token>"}',
        '{"a": [{"client_secret": "not_a_real\\"secret\\"00"}, 1]}',
        '{"note": "it is \\u0064al:not_a_real_token_0000000000 today"}',
        '{"note": "code=dal%3Anot_a_real_code_000000000&state=x"}',
        '{"code_verifier": ' + json.dumps("not_a_real_é" * 5) + "}",
    ],
)
def test_however_json_spells_a_secret_the_raw_answer_does_not_show_it(
    server: StandIn, came: str
) -> None:
    json.loads(came)
    server.answers(400, came.encode())
    raw = raw_of(requests.get(server.origin, timeout=9))
    assert "not_a_real" not in raw
    assert DOTS in raw
    json.loads(raw)


def test_megabytes_of_raw_answer_are_cut_with_a_word(server: StandIn) -> None:
    server.answers(200, {"x": [TOKEN["access_token"]] * 60_000})
    made = Transcript.from_response(requests.get(server.origin, timeout=30))
    assert made.raw is not None
    assert len(made.raw.content) <= 20_000
    assert re.fullmatch(r"… [\d,]+ more characters; response\.text has them all\.", made.raw.note)
    assert made.raw.note in text_of(made._repr_html_())
    assert "not_a_real" not in made.raw.content


def test_a_raw_string_that_is_cut_shows_no_half_of_a_secret(server: StandIn) -> None:
    for length in range(19_970, 20_010, 3):
        server.answers(200, {"x": "y" * length, "refresh_token": TOKEN["refresh_token"]})
        assert "not_a_real" not in raw_of(requests.get(server.origin, timeout=9))
    server.answers(200, {"x": f"{'y' * 39_970} {TOKEN['access_token']} {'z' * 99}"})
    assert "not_a_real" not in raw_of(requests.get(server.origin, timeout=9))


@pytest.mark.parametrize("body", [b"", b"text", b"a\0b"])
def test_what_the_body_shows_anyway_is_not_shown_twice(server: StandIn, body: bytes) -> None:
    server.answers(200, body, "text/plain")
    assert Transcript.from_response(requests.get(server.origin, timeout=9)).raw is None


def test_lists_in_lists_without_end_are_shown_as_text(server: StandIn) -> None:
    server.answers(200, b"[" * 100_000)
    assert "[[[" in shown(requests.get(server.origin, timeout=9))


# --- Redirects ----------------------------------------------------------------------------------


def test_it_says_where_an_answer_leads(server: StandIn) -> None:
    server.answers(302, b"")
    server.headers["Location"] = "/there?code=dal%3Anot_a_real_code_000000000"
    response = requests.get(server.origin, timeout=9, allow_redirects=False)
    seen = shown(response)
    assert seen.count(f"It leads to {server.origin}/there?code={DOTS}.") == 2
    assert "not_a_real" not in seen


def test_it_says_which_redirects_led_to_it(server: StandIn) -> None:
    server.answers(302, b"")
    server.headers["Location"] = "/"
    with pytest.raises(requests.TooManyRedirects) as caught:
        requests.get(f"{server.origin}/?code=not_a_real_code_0000", timeout=9)
    last = caught.value.response
    assert last is not None
    made = Transcript.from_response(last)
    assert len(made.came_by) == 30
    assert made.way[0] == (
        f"It was reached by a redirect: GET {server.origin}/?code={DOTS} answered 302."
    )


# --- Colours ------------------------------------------------------------------------------------

THEMES = Path(sys.prefix, "share/jupyter/lab/themes/@jupyterlab")


def luminance(colour: tuple[float, ...]) -> float:
    linear = [
        x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4
        for x in (part / 255 for part in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Source: WCAG 2.2, "contrast ratio"."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def colour_of(text: str, on: tuple[float, ...] = (0, 0, 0)) -> tuple[float, ...]:
    """A colour of a style sheet, laid over another where one can see through it."""
    text = {"white": "#fff", "green": "#008000"}.get(text, text)
    if text.startswith("#"):
        digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
        return tuple(int(digits[i : i + 2], 16) for i in (0, 2, 4))
    *parts, alpha = map(float, re.findall(r"[\d.]+", text))
    return tuple(alpha * part + (1 - alpha) * below for part, below in zip(parts, on, strict=True))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_colour_can_be_read_in_both_themes(theme: str) -> None:
    sheet = (THEMES / f"theme-{theme}-extension/index.css").read_text()
    defined = dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", sheet))

    def value(name: str) -> str:
        text = defined[name].strip()
        inner = re.fullmatch(r"var\((--[\w-]+)(?:,\s*([^)]+))?\)", text)
        return text if inner is None else value(inner[1]) if inner[1] in defined else inner[2]

    used = dict(re.findall(r"(?<!-)color: var\((--[\w-]+), ([#\w]+)\)", transcript_html._STYLE))
    assert {name for name in used if "mirror-editor" in name} == {
        f"--jp-mirror-editor-{kind}-color" for kind in ("property", "string", "number", "keyword")
    }
    background = re.search(r"background: var\((--[\w-]+)", transcript_html._STYLE)
    assert background is not None
    below = colour_of(value(background[1]))
    for name, otherwise in used.items():
        assert contrast(colour_of(value(name), below), below) >= 4.5, (theme, name)
        if otherwise != "inherit":
            for plain in ((255.0,) * 3, (0.0,) * 3):
                assert contrast(colour_of(otherwise), plain) >= 4.5, otherwise


def test_a_body_that_was_sent_compressed_is_not_shown() -> None:
    packed = gzip.compress(b"client_secret=not-a-real-secret")
    response = requests.Response()
    response.status_code, response.url = 422, "https://accounts.livechat.com/v2/token"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    response.request = requests.Request(
        "POST", response.url, data=packed, headers=headers
    ).prepare()
    shown = Transcript.from_response(response).request_body
    assert shown.kind == "binary"
    assert shown.content is None
    assert shown.note == f"The body was sent compressed, {len(packed)} bytes, not shown."


def test_what_the_platform_ignored_is_said(server: StandIn) -> None:
    url = f"{server.origin}/v3.6/agent/action/list_chats"
    server.answers(200, {"chats_summary": []})
    text = shown(requests.post(url, json={"filters": {"activ": True}}, timeout=5))
    said = "The platform ignored filters.activ: List Chats of version 3.6 has no such parameter."
    assert f"{said} Did you mean filters.active?" in text.partition("<div")[0]
    assert f"{said} Did you mean filters.active?" in text_of(text.partition("<div")[2])


def test_a_secret_in_the_place_of_a_name_is_masked(server: StandIn) -> None:
    url = f"{server.origin}/v3.6/agent/action/list_chats"
    made = Transcript.from_response(requests.post(url, json={TOKEN["access_token"]: 1}, timeout=5))
    assert made.ignored[0].startswith(f"The platform ignored dal:{DOTS}: List Chats")


def test_a_failure_without_an_answer_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get("http://127.0.0.1:9/?code=dal%3Anot_a_real_code_000000000", timeout=9)
    show(caught.value)
    printed = capsys.readouterr().out
    assert printed.startswith("The sandbox is gone.")
    assert "not_a_real" not in printed
