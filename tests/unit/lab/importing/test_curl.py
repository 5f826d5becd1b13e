"""The options of curl; and curl itself, given the same command, sends the same request."""

import shlex
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from recorder import Recorder

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.curl import read_curl
from lc_tutorial.lab.importing.curl_options import LEFT_OUT, OPTIONS, REFUSED, SHORT
from lc_tutorial.lab.importing.importing import import_request
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody
from lc_tutorial.lab.vault import Vault
from tests.drawn import examples
from tests.needed import missing

URL = "https://accounts.livechat.com/v2/token"
FORM = (("Content-Type", FormBody.content_type),)


def read(options: str) -> Request:
    return read_curl([*shlex.split(options), URL])[0]


def notes(options: str) -> str:
    return "\n".join(read_curl([*shlex.split(options), URL])[1])


def refused(words: str) -> InputError:
    with pytest.raises(InputError) as problem:
        read_curl(shlex.split(words))
    assert problem.value.why
    assert problem.value.remedy
    return problem.value


# --- The options that make the request ------------------------------------------------------------


def form(**fields: str) -> Request:
    return Request("POST", URL, body=FormBody(tuple(fields.items())))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", Request("GET", URL)),
        ("-X DELETE", Request("DELETE", URL)),
        ("-XDELETE", Request("DELETE", URL)),
        ("--request delete", Request("DELETE", URL)),
        ("-I", Request("HEAD", URL)),
        ("-sSLXPUT -da=1", Request("PUT", URL, body=FormBody((("a", "1"),)))),
        ("-d a=1 --data b=2 --data-ascii c=3", form(a="1", b="2", c="3")),
        ("--data-raw a=@x --data-binary b=1", form(a="@x", b="1")),
        ("-d ''", Request("POST", URL, body=FormBody(()))),
        ("-d 'a=x%20y+z'", form(a="x y z")),
        ("--data-urlencode 'a=x y&z'", form(a="x y&z")),
        ("--data-urlencode 'a@b=c'", form(**{"a@b": "c"})),
        ("--data-urlencode 'x y'", Request("POST", URL, headers=FORM, body=TextBody("x+y"))),
        ("--data-urlencode '=a=1'", Request("POST", URL, headers=FORM, body=TextBody("a%3D1"))),
        ("-d hello", Request("POST", URL, headers=FORM, body=TextBody("hello"))),
        ("-G -d a=1 --data-urlencode 'b=x y'",
         Request("GET", URL, query=(("a", "1"), ("b", "x y")))),
        ("-G -I -d a=1", Request("HEAD", URL, query=(("a", "1"),))),
        ("--url-query 'a=x y' --url-query +b=1 -d c=2",
         Request("POST", URL, (("a", "x y"), ("b", "1")), body=FormBody((("c", "2"),)))),
        ("--json '{\"a\": 1}'",
         Request("POST", URL, headers=(("Accept", "application/json"),),
                 body=JsonBody('{"a": 1}'))),
        ("--json '[1,' --json '2]' -H 'Accept: text/csv'",
         Request("POST", URL, headers=(("Accept", "text/csv"),), body=JsonBody("[1,2]"))),
        ("-H Content-type:application/json -d '{}'", Request("POST", URL, body=JsonBody("{}"))),
        ("-H 'Content-Type: application/json; charset=utf-8' -d '{}'",
         Request("POST", URL, headers=(("Content-Type", "application/json; charset=utf-8"),),
                 body=JsonBody("{}"))),
        ("-H 'Content-Type: text/plain; charset=utf-8' -d x",
         Request("POST", URL, body=TextBody("x"))),
        ("-A me -e 'https://a.example/;auto' -H 'X-Empty;' -H 'Accept:'",
         Request("GET", URL, headers=(("X-Empty", ""), ("User-Agent", "me"),
                                      ("Referer", "https://a.example/")))),
        ("-e https://a.example/ -H 'Referer: https://b.example/' -A me -H 'User-Agent:'",
         Request("GET", URL, headers=(("Referer", "https://b.example/"),))),
        ("-b a=1 --cookie 'b=2; c=3'",
         Request("GET", URL, headers=(("Cookie", "a=1;b=2; c=3"),))),
        ("-u me:fake:pass", Request("GET", URL, authorization=Basic("me", "fake:pass"))),
        ("--oauth2-bearer fake", Request("GET", URL, authorization=Bearer("fake"))),
        ("-u me:x -H 'Authorization: Token fake'",
         Request("GET", URL, headers=(("Authorization", "Token fake"),))),
        ("—request PUT –d a=1 –-data b=2",
         Request("PUT", URL, body=FormBody((("a", "1"), ("b", "2"))))),
        ("-X-- ", None),
        ("DELETE", Request("DELETE", URL)),
        ("--", Request("GET", URL)),
    ],
)  # fmt: skip
def test_options(options: str, expected: Request | None) -> None:
    if expected is None:
        assert "no method" in refused(f"{options} {URL}").what
    else:
        assert read(options) == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("-k", "-k was left out: the lab always checks certificates."),
        ("--insecure", "--insecure was left out: the lab always checks certificates."),
        ("-sS -vi -f", "-s, -S, -v, -i and -f were left out: the lab shows the answer"),
        ("-L", "-L was left out: the lab follows redirects itself"),
        ("-o x.json", "-o was left out: the lab shows the answer"),
        ("--compressed", "--compressed was left out: the lab does that anyway."),
        ("--no-progress-meter", "--no-progress-meter was left out"),
        ("--no-keepalive", "--no-keepalive was left out"),
        ("-m 10 --http2", "-m and --http2 were left out: the lab makes its connection"),
        ("-H 'X-A: 1' -H 'x-a: 2'", "x-a is there twice; the lab sends the last one."),
        ("-H 'Content-Length: 5'", "The header Content-Length was left out"),
        ("-H 'Host: accounts.livechat.com'", "The header Host was left out"),
        ("-H 'Accept-Encoding: gzip, xz'", "The header Accept-Encoding was left out"),
        ("-H 'X-Nothing:'", "The header X-Nothing was left out: it has no value."),
        ("-H ':method: GET'", "begins with a colon was left out"),
        ("-H 'X-A:\u00a0b'", "Spaces of a special kind in a header"),
        ("-u me", "curl would ask for the password of -u"),
        ("-X post", "The method is written POST"),
        ("DELETE", "DELETE stands alone in the command; it was read as -X."),
        ("—silent", "Long dashes"),
        ("-u me:x -H 'Authorization: Token fake'", "the header counts"),
    ],
)
def test_what_is_left_out_or_mended_is_said(options: str, said: str) -> None:
    assert said in notes(options)


@pytest.mark.parametrize(
    "name",
    ["Host", "HOST", "X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-URL", "X-Rewrite-URL",
     "X-Forwarded-Server", "X-Original-Host", "X-HTTP-Host-Override"],
)  # fmt: skip
def test_a_header_that_leads_elsewhere_is_named_and_left_out(name: str) -> None:
    text = f"-H '{name}: evil.example' -H 'Authorization: Bearer x'"
    assert read(text).headers == (("Authorization", "Bearer x"),)
    assert f"The header {name} was left out: it names another place" in notes(text)
    assert "evil.example" not in notes(text)


def test_headers_that_mean_something_stay() -> None:
    headers = (("X-Forwarded-For", "192.0.2.1"), ("Accept-Encoding", "gzip;q=1.0, deflate"))
    words = "-H 'X-Forwarded-For: 192.0.2.1' -H 'Accept-Encoding: gzip;q=1.0, deflate'"
    assert read(words) == Request("GET", URL, headers=headers)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"{URL} --strange", "doesn't know this option: --strange."),
        (f"{URL} --strange=1 -j -sl", "doesn't know these options: --strange, -j and -l."),
        (f"{URL} --request=POST", "--request has an equals sign behind it."),
        (f"{URL} -X=POST", "no method"),
        (f"{URL} -F a=b", "can't do what -F asks for. It makes a multipart body"),
        (f"{URL} -FX", "can't do what -F asks for."),
        (f"{URL} -d @/etc/hostname", "reads no files"),
        (f"{URL} --json @/etc/hostname", "reads no files"),
        (f"{URL} --data-urlencode @/etc/hostname", "reads no files"),
        (f"{URL} --data-urlencode a@/etc/hostname", "reads no files"),
        (f"{URL} -H @headers", "reads no files"),
        (f"{URL} -b cookies.txt", "file of cookies, and the lab reads no files"),
        (f"{URL} -T file", "-T"),
        (f"{URL} -x http://127.0.0.1:1", "straight to the host"),
        (f"{URL} --location-trusted", "hands them to nobody else"),
        (f"{URL} --next {URL}", "imports one at once"),
        (f"{URL} {URL}", "There are 2 addresses"),
        ("-X POST", "no address"),
        (f"{URL} -H", "Nothing follows -H"),
        (f"{URL} -H nonsense", "a header without a colon"),
        (f"{URL} -I -d a=1", "both a body and -I"),
        (f"{URL} -d a=%ff", "binary data"),
        (f"{URL}?a=%ff", "binary data"),
        ("'https://x.example/[1-9]'", "brackets in the address"),
        ("'https://x.example/{a,b}'", "brackets in the address"),
        ("ftp://x.example/", "does not begin with https://"),
        ("'https://x.example/a b'", "spaces"),
        ("https://x.example:port/", "port can't be read"),
    ],
)
def test_what_can_not_be_imported_is_named(words: str, said: str) -> None:
    assert said in str(refused(words))


def test_a_value_is_in_no_error() -> None:
    for option in (
        "--user=me:fake-pass",
        "--fake-option=fake-pass",
        "-jfake-pass",
        "-d @fake-pass",
    ):
        assert "fake-pass" not in str(refused(f"{URL} {option}"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("accounts.livechat.com/v2/info", "https://accounts.livechat.com/v2/info"),
        ("localhost:8000/v2/info", "http://localhost:8000/v2/info"),
        ("HTTPS://accounts.livechat.com", "https://accounts.livechat.com"),
        ("x.example/?u=https://y.example", "https://x.example/"),
        ("https://x.example/a#b", "https://x.example/a"),
    ],
)
def test_addresses(address: str, expected: str) -> None:
    assert read_curl([address])[0].url == expected


def test_a_user_in_the_address() -> None:
    request, said = read_curl(["https://me:fake%40pass@x.example/?a=@"])
    basic = Basic("me", "fake@pass")
    assert request == Request("GET", "https://x.example/", (("a", "@"),), authorization=basic)
    assert "authorization now" in said[0]


def test_each_option_is_in_one_table() -> None:
    assert not set(OPTIONS) & set(LEFT_OUT) | set(OPTIONS) & set(REFUSED)
    assert not set(LEFT_OUT) & set(REFUSED)
    assert set(SHORT.values()) <= {*OPTIONS, *LEFT_OUT, *REFUSED}


# --- What the data is -----------------------------------------------------------------------------


def test_a_form_with_broken_lines() -> None:
    request = read("-d 'a=1&\n  b=2 \n&\\ c=3 \\'")
    assert request.body == FormBody((("a", "1"), ("b", "2"), ("c", "3")))
    assert "Blanks before 2 parameters were taken out" in notes("-d 'a=1&\n  b=2 \n&\\ c=3'")


@pytest.mark.parametrize("data", ["a=1 &b=2", "a= 1&b=\\", "a=x y", "\\a=1"])
def test_blanks_that_may_be_meant_stay(data: str) -> None:
    assert read(f"-d '{data}'").body == FormBody(
        tuple(tuple(piece.split("=")) for piece in data.split("&"))  # type: ignore[misc]
    )
    assert not notes(f"-d '{data}'")


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ('{"a": 1}', JsonBody('{"a": 1}')),
        ("[1, 2]", JsonBody("[1, 2]")),
        ('{"a": 1,}', JsonBody('{"a": 1}')),
        ('{"a" 1}', JsonBody('{"a" 1}')),
        ("[0]=x", FormBody((("[0]", "x"),))),
        ("a={}", FormBody((("a", "{}"),))),
    ],
)
def test_json_without_its_type(data: str, body: object) -> None:
    assert read(f"-d '{data}'").body == body
    assert ("curl would call this JSON a form" in notes(f"-d '{data}'")) == (
        isinstance(body, JsonBody)
    )


def test_json_that_is_none_is_imported_and_its_place_is_said() -> None:
    options = """-H 'Content-Type: application/json' -d '{\n  "limit" 5\n}'"""
    assert read(options).body == JsonBody('{\n  "limit" 5\n}')
    assert "Line 2, column 11: A colon is missing" in notes(options)


# --- Beside curl itself ---------------------------------------------------------------------------

_text = st.sampled_from(
    ["a", "", "b c", "it's", '"', "é", "日本", "🎉", "$HOME", "`id`", "x&y", "100%", "+", "=", "\\",
     "a@b", "~", ";", "#", "{x}", "{{", "<b>", " a ", "a\nb", "\u200b", "“x”"]
)  # fmt: skip
_header = st.sampled_from(["a", "it's", '"x"', "a  b", "$HOME", "\\", "#", "a;b", "{x}"])
_name = st.sampled_from(["a", "limit", "x_1", "filters.ids"])
_data = st.sampled_from(["-d", "--data", "--data-raw", "--data-binary", "--data-ascii"])


def _options(*names: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(st.sampled_from(names), value)


_fields = st.one_of(
    st.tuples(_data, st.sampled_from(["a=1", "limit=a+b", "x_1=%20", "a=é", "hello"])),
    _options("--data-urlencode", value=st.builds("{}={}".format, _name, _text)),
    _options("--data-urlencode", value=_text.filter(lambda text: "@" not in text)),
    _options("--json", value=st.sampled_from(['{"limit": 5}', '{"x": "it\'s \\" //"}', "[]"])),
)
_others = st.one_of(
    _options("-H", value=st.builds("X-{0}: {1}".format, st.sampled_from("AB"), _header)),
    _options("-H", value=st.sampled_from(["X-E;", "X-A:", "Cookie: d=4", "Content-Type: text/x"])),
    _options("-H", value=st.sampled_from(["Authorization: Token fake", "Referer: http://r.test/"])),
    _options("-u", "--user", value=st.builds("user:{}".format, _text)),
    _options("--oauth2-bearer", value=st.sampled_from(["fake-token", "a.b_c~d"])),
    _options("-X", "--request", value=st.sampled_from(["POST", "PUT", "PATCH", "DELETE"])),
    _options("-b", "--cookie", value=st.builds("c{0}={0}".format, st.sampled_from("12"))),
    _options("-e", value=st.sampled_from(["http://referer.test/", ""])),
    st.tuples(st.sampled_from(["-s", "-sS", "--compressed", "-XPUT", "-bx=1", "-dz=1"])),
)


def _what(option: tuple[str, ...]) -> object:
    """What it sets. Of two headers with one name requests sends the last, and a note says so."""
    return option[1][:3] if option[0] == "-H" else option


@st.composite
def _commands(draw: st.DrawFn) -> list[str]:
    """An address without its host, and the words behind it."""
    options = draw(st.lists(_others, max_size=4, unique_by=_what))
    options += draw(st.lists(_fields, max_size=3))
    if draw(st.booleans()):
        options.append(("-G",))
    if draw(st.booleans()) and not any(option[0].startswith("-X") for option in options):
        options += [("-G",), ("-I",)]
    if ("-G",) in options:
        # curl does not encode these then: it refuses, or no two servers read it alike.
        options = [each for each in options if each[-1] != "a=é" and each[0] != "--json"]
    options = draw(st.permutations(options))
    query = draw(st.sampled_from(["", "?", "?a=1", "?a=1&b=%20x&a=2", "?q=%C3%A9&r"]))
    return [f"/v3.6/agent/action/list_chats{query}", *(word for each in options for word in each)]


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(words=_commands())
def test_what_is_imported_sends_what_curl_sends(recorder: Recorder, words: list[str]) -> None:
    if shutil.which("curl") is None:
        missing("There is no curl here. `make test-setup` gets it.")
    recorder.take()
    address, *options = words
    command = ["curl", f"{recorder.origin}{address}", *options]
    subprocess.run(
        [*command, "--noproxy", "*", "-q"],
        check=True,
        capture_output=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )
    (by_curl,) = recorder.take()
    vault = Vault()
    imported = import_request(shlex.join(command), vault)
    assert recorder.sent_by_us(imported.request, vault) == by_curl, imported
