"""The one reader: a value of each kind in what people have around it, and what it can't mend."""

import base64
import html

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lc_tutorial.pasting import (
    Kind,
    came_back,
    read,
    read_token,
    what_surrounds,
    wrong_as_sent,
)
from lc_tutorial.pasting.surroundings import named_values
from tests.unit.pasting.values import (
    ACCOUNT,
    AROUND,
    BLANKS,
    ENCODED,
    INVISIBLE,
    NAMES,
    PAIR,
    PERSONAL,
    VALUES,
)

TOKEN = VALUES[Kind.ACCESS_TOKEN]
MEANT = {**VALUES, Kind.PERSONAL_ACCESS_TOKEN: PERSONAL}
KINDS = pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.name)


def around(form: str, kind: Kind, value: str, name: str = "") -> str:
    return form.format(value).replace("[]", name or NAMES[kind])


def is_read(text: str, kind: Kind) -> None:
    reading = read(text, kind)
    assert (reading.value, reading.fault) == (MEANT[kind], "")
    assert VALUES[kind] not in repr(reading)


@KINDS
@pytest.mark.parametrize("form", AROUND)
def test_what_surrounds_a_value_is_taken_off(form: str, kind: Kind) -> None:
    for name in (NAMES[kind], NAMES[kind].upper(), f"LC_{NAMES[kind].upper()}"):
        is_read(around(form, kind, VALUES[kind], name), kind)


@KINDS
@pytest.mark.parametrize("char", INVISIBLE + BLANKS, ids=lambda char: f"U+{ord(char):04X}")
def test_characters_that_show_nothing_and_odd_blanks_are_taken_off(char: str, kind: Kind) -> None:
    value = VALUES[kind]
    for text in (char + value, value + char, f"{char}{value}{char}", f'"{char}{value}{char}"'):
        is_read(text, kind)


@KINDS
@pytest.mark.parametrize("char", INVISIBLE, ids=lambda char: f"U+{ord(char):04X}")
def test_characters_that_show_nothing_are_taken_out_of_a_value(char: str, kind: Kind) -> None:
    is_read(char.join(VALUES[kind]), kind)


@given(
    st.sampled_from(sorted(VALUES, key=lambda kind: kind.name)),
    st.lists(st.sampled_from(AROUND[:29]), min_size=1, max_size=3),
    st.sampled_from(AROUND),
    st.sampled_from(INVISIBLE + BLANKS + ("",)),
)
@example(Kind.ACCESS_TOKEN, ["'{}'", "{}\r\n"], '{{"[]":"{}","expires_in":28800}}', "")
@example(Kind.ACCESS_TOKEN, ["&lt;{}&gt;"], "OTHER=1\n[]={}\nMORE=2", "")
@example(Kind.ACCESS_TOKEN, ["'{}'", "`{}`", "{}\r\n"], '$env:[] = "{}"', "")
@example(Kind.CLIENT_SECRET, ["“{}”", "'{}'"], "OTHER=1\n[]={}\nMORE=2", "")
@example(Kind.ACCESS_TOKEN, ["<{}>", "({})"], "OTHER=1\n[]={}\nMORE=2", "")
@example(Kind.ACCESS_TOKEN, ["{}\r\n", "&nbsp;{}", "`{}`"], "[]={}", "")
@example(Kind.ACCESS_TOKEN, ["&nbsp;{}"], "**{}**", "")
def test_a_value_in_several_layers_is_read(
    kind: Kind, inner: list[str], outer: str, char: str
) -> None:
    text = VALUES[kind]
    for form in inner:
        text = form.format(text)
    # What is a quotation mark, as it stands or once it is unescaped, ends a string of JSON.
    if '"' not in html.unescape(html.unescape(html.unescape(text))) and "\\" not in text:
        text = around(outer, kind, text)
    assume("..." not in text)  # three ends of sentences are the dots that hide
    is_read(f"{char}{text}{char}", kind)


@pytest.mark.parametrize("nothing", ['=""', "=''", "=“”", "=", " = ", ": ", "=\n"])
def test_what_is_empty_has_not_the_value_of_the_next_line(nothing: str) -> None:
    next_line = f"client_secret = {VALUES[Kind.CLIENT_SECRET]}"
    assert [*named_values(f"access_token{nothing}\n{next_line}\n")] == [
        ("client_secret", VALUES[Kind.CLIENT_SECRET])
    ]


@pytest.mark.parametrize("wrapped", ["access_token=\n{}", "access_token:\n{}\nscope: x"])
@pytest.mark.parametrize("value", [TOKEN, "bm90LWEtcmVhbA=="])
def test_a_value_may_begin_on_the_next_line(wrapped: str, value: str) -> None:
    assert ("access_token", value) in [*named_values(wrapped.format(value))]


@pytest.mark.parametrize("piece", ["a", "[", "<http://a|", '"a":', "Bearer ", "code=a&", "](x"])
def test_what_is_far_too_long_is_named_and_not_looked_through(piece: str) -> None:
    text = piece * 200_000
    for kind in VALUES:
        reading = read(text, kind)
        assert "far too long" in reading.fault
    assert came_back(text) == ()


@pytest.mark.parametrize(
    ("kind", "name"), [(Kind.CLIENT_SECRET, "client_secret"), (Kind.CODE_VERIFIER, "code_verifier")]
)
@pytest.mark.parametrize("begin", ["-d", "-F", "-H", "-u", "-", "--", "_", "-o", "d-", "curl-d"])
def test_a_value_that_begins_like_an_option_is_whole(kind: Kind, name: str, begin: str) -> None:
    value = f"{begin}not-a-real-secret-at-all_0"
    for text in (value, f"-d {value}", f"-d'{value}'", f"-d{name}={value}"):
        reading = read(text, kind)
        assert (reading.value, reading.fault) == (value, ""), text
    assert wrong_as_sent(value, kind) == ""


@KINDS
def test_reading_what_was_read_changes_nothing(kind: Kind) -> None:
    assert read(MEANT[kind], kind).value == MEANT[kind]


@given(st.text(max_size=60), st.sampled_from(Kind))
def test_any_text_is_read_to_its_end(text: str, kind: Kind) -> None:
    once = read(text, kind)
    assert read(once.value, kind).value == once.value or once.fault or once.layers


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {TOKEN}",
        f"bearer  {TOKEN}",
        f"Bearer: {TOKEN}",
        f"Token {TOKEN}",
        f"Basic {TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        f"authorization:Bearer {TOKEN}",
        f'"Authorization": "Bearer {TOKEN}"',
        f'{{"Authorization": "Bearer {TOKEN}"}}',
        f"-H 'Authorization: Bearer {TOKEN}' \\",
        f'--header "Authorization: Bearer {TOKEN}"',
        f"LC_ACCESS_TOKEN={TOKEN}",
        f"os.environ['LC_ACCESS_TOKEN'] = '{TOKEN}'",
        f"access_token={TOKEN}&token_type=Bearer",
        f"{VALUES[Kind.REDIRECT_URI]}#access_token={TOKEN.replace(':', '%3A')}&expires_in=28800",
        TOKEN.replace(":", "%3A"),
        TOKEN.replace(":", "%3a"),
        TOKEN.replace(":", "%253A"),
        f"Bearer {TOKEN.replace(':', '%3A')}",
        TOKEN.replace(":", "&#58;"),
        '{"access_token": "' + TOKEN.replace(":", "\\u003a") + '", "scope": "chats--all:ro"}',
        '{"refresh_token": "not_a_real_one_000", "access_token": "' + TOKEN + '"}',
        f"Bearer+{TOKEN}",
        f"Bearer%20{TOKEN}",
        f"bearer%2520{TOKEN}".replace(":", "%253A"),
        f"Bearer+{TOKEN}".replace(":", "%3A"),
        f"Authorization:+Bearer+{TOKEN}",
        f"Authorization%3A%20Bearer%20{TOKEN}".replace(":", "%3A"),
        *(f"Bearer{between}{TOKEN}" for between in ("", "_", "-", ",", "=", ": ", "++")),
        f"Bearer Bearer {TOKEN}",
        TOKEN.replace("dal", "DAL"),
        TOKEN.replace("dal:", "Dal%3A"),
        TOKEN.replace(":", " : "),
        TOKEN.replace(":", ": "),
        f"{TOKEN}%0A",
        f"{TOKEN}\\n",
        f"%22{TOKEN}%22",
    ],
)
def test_an_access_token_in_what_carries_it(text: str) -> None:
    reading = read_token(text)
    assert (reading.value, reading.fault, reading.account_id) == (TOKEN, "", "")


WRAPPED = f"{ENCODED[:76]}\n{ENCODED[76:]}\n"


@pytest.mark.parametrize(
    "text",
    [
        PAIR,
        f"{ACCOUNT} : {PERSONAL}",
        ENCODED,
        WRAPPED,
        WRAPPED.replace("\n", "\r\n"),
        f"Basic {WRAPPED}",
        f"Authorization: Basic {WRAPPED}",
        f"Authorization: Basic {WRAPPED}".replace("\n", "\r\n "),
        f"LC_PERSONAL_ACCESS_TOKEN={WRAPPED}",
        f"LC_PERSONAL_ACCESS_TOKEN={ENCODED[:64]}\n{ENCODED[64:]}\nLC_CLIENT_ID=abc\n",
        f'{{"Authorization": "Basic {WRAPPED.strip()}"}}',
        f"b'{ENCODED}'",
        PAIR.replace("dal:", "dal%3A"),
        PAIR.replace("dal:", "DAL:"),
        f"Basic+{ENCODED}",
        f"Basic%20{ENCODED}",
        f"Authorization:+Basic+{ENCODED}",
        ENCODED.rstrip("="),
        base64.urlsafe_b64encode(f"{PAIR}~~~".encode()).decode().rstrip("="),
        f"Authorization: Basic {ENCODED}",
        f"-H 'Authorization: Basic {ENCODED}'",
        f'{{"Authorization": "Basic {ENCODED}"}}',
        f"LC_PERSONAL_ACCESS_TOKEN={ENCODED}",
        f"LC_ACCESS_TOKEN={PAIR}",
        f"curl -u {PAIR}",
        f'{{"account_id": "{ACCOUNT}", "token": "{PERSONAL}"}}',
        f"account_id={ACCOUNT}\npersonal_access_token={PERSONAL}\n",
    ],
)
def test_a_personal_access_token_in_what_carries_it(text: str) -> None:
    reading = read_token(text)
    assert reading.account_id == ACCOUNT
    assert reading.value.rstrip("~") == PERSONAL
    assert reading.fault == ""


DOTS = "It has dots in it, which stand for something hidden."
ASTERISKS = "It has asterisks in it, which stand for something hidden."
PLACEHOLDER = "It is a placeholder: your own value belongs in its place."


@pytest.mark.parametrize("before", ["", "Bearer ", "access_token=", '"'])
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("••••••••", DOTS),
        ("dal:••••••••", DOTS),
        ("●●●●", DOTS),
        ("dal:abc…", DOTS),
        ("dal:abc...", DOTS),
        ("dal:abc...xyz", DOTS),
        ("******", ASTERISKS),
        ("dal:******", ASTERISKS),
        ("dal:abc*****", ASTERISKS),
        ("[REDACTED]", "It has the word REDACTED in it, which stands for something hidden."),
        ("<redacted>", "It has the word redacted in it, which stands for something hidden."),
        ("***REMOVED***", "It has the word REMOVED in it, which stands for something hidden."),
        ("[REDACTED_TOKEN]", "It has the word REDACTED in it, which stands for something hidden."),
        ("<token redacted>", "It has the word redacted in it, which stands for something hidden."),
        ("<REDACTED:dal>", "It has the word REDACTED in it, which stands for something hidden."),
        ("dal:[MASKED]", "It has the word MASKED in it, which stands for something hidden."),
        ("YOUR_ACCESS_TOKEN", PLACEHOLDER),
        ("YOUR_TOKEN_HERE", PLACEHOLDER),
        ("yourAccessToken", PLACEHOLDER),
        ("your-access-token", PLACEHOLDER),
        ("<your_access_token>", PLACEHOLDER),
        ("&lt;your_access_token&gt;", PLACEHOLDER),
        ("<access_token|refresh_token>", PLACEHOLDER),
        ("{token}", PLACEHOLDER),
        ("{{access_token}}", PLACEHOLDER),
        ("${ACCESS_TOKEN}", PLACEHOLDER),
        ("$LC_ACCESS_TOKEN", PLACEHOLDER),
        ("%LC_ACCESS_TOKEN%", PLACEHOLDER),
        ("[ACCESS_TOKEN]", PLACEHOLDER),
        (":access_token", PLACEHOLDER),
        ("«access_token»", PLACEHOLDER),
        ("__ACCESS_TOKEN__", PLACEHOLDER),
        ("access_token", PLACEHOLDER),
        ("xxxxxxxx", PLACEHOLDER),
        ("XXXXXXXX", PLACEHOLDER),
        ("token.access_token", PLACEHOLDER),
        ("dal:{token}", PLACEHOLDER),
        (TOKEN.upper(), "All its letters are capitals"),
        ("null", "It says null, which is no value"),
        ("dal:undefined", "It says undefined, which is no value"),
        ("changeme", PLACEHOLDER),
        ("dal:test_DQTRHGbZCFkAoss4Q", "the documentation's samples"),
        ("dal:not a real token", "It has a space or a line break in it."),
        ("dal:n\u043et-a-real-token", "CYRILLIC SMALL LETTER O"),
        ("dal:not\u2013a\u2013real", "EN DASH"),
        ("dal:not-a-re\ufffdl-token", "A character in it was damaged on its way."),
        ("https://www.example.com/", "It is an address."),
    ],
)
def test_what_can_t_be_mended_is_named(before: str, text: str, fault: str) -> None:
    reading = read(f"{before}{text}", Kind.ACCESS_TOKEN)
    assert fault in reading.fault


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("YOUR_CLIENT_SECRET", Kind.CLIENT_SECRET, PLACEHOLDER),
        ("{{client_secret}}", Kind.CLIENT_SECRET, PLACEHOLDER),
        ("<secret>", Kind.CLIENT_SECRET, PLACEHOLDER),
        ("client_secret=<secret>", Kind.CLIENT_SECRET, PLACEHOLDER),
        ("app.client_secret", Kind.CLIENT_SECRET, PLACEHOLDER),
        ("[CLIENT_ID]", Kind.CLIENT_ID, PLACEHOLDER),
        (":client_id", Kind.CLIENT_ID, PLACEHOLDER),
        ("yourClientId", Kind.CLIENT_ID, PLACEHOLDER),
        ("«client_id»", Kind.CLIENT_ID, PLACEHOLDER),
        ("{CLIENT_ID}", Kind.CLIENT_ID, PLACEHOLDER),
        ("<redirect_uri>", Kind.REDIRECT_URI, PLACEHOLDER),
        ("YOUR_REDIRECT_URI", Kind.REDIRECT_URI, PLACEHOLDER),
        ("https://<your-domain>/x", Kind.REDIRECT_URI, "a placeholder in it: <your-domain>."),
        ("https://{host}/callback", Kind.REDIRECT_URI, "a placeholder in it: {host}."),
        ("http://127.0.0.1:…/callback", Kind.REDIRECT_URI, DOTS),
        ("Qm9nb3Qt…", Kind.CLIENT_SECRET, DOTS),
        ("refresh_token=not_a_real_one_0", Kind.ACCESS_TOKEN, "It is called refresh_token"),
        ("client_id: 0123456789abcdef", Kind.CLIENT_SECRET, "It is called client_id"),
        ('"a":"b","c":"d"', Kind.CLIENT_SECRET, "which a Client Secret never has"),
        ("Basic bm90LWEtcGFpcg==", Kind.ACCESS_TOKEN, "It says Basic"),
    ],
)
def test_what_can_t_be_mended_of_other_kinds(text: str, kind: Kind, fault: str) -> None:
    assert fault in read(text, kind).fault


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("not-a-real-secret", Kind.CLIENT_SECRET),
        ("not-a-real-hidden-secret", Kind.CLIENT_SECRET),
        ("correcthorsebattery", Kind.CLIENT_SECRET),
        ("hunter2!", Kind.CLIENT_SECRET),
        ("nullify-not-a-real-one", Kind.CLIENT_SECRET),
        ("not-a-real-test-string", Kind.CLIENT_SECRET),
        ("not-a-real|one", Kind.CLIENT_SECRET),
        ("token_not_a_real_one", Kind.REFRESH_TOKEN),
        ("basic-not_a_real_one", Kind.REFRESH_TOKEN),
        ("http://a.example/https://b.example/", Kind.REDIRECT_URI),
        ("a+b/c==", Kind.CLIENT_SECRET),
        ("_not-a-real-one-_", Kind.CLIENT_SECRET),
        ("-not_a_real_one_-", Kind.REFRESH_TOKEN),
        ("fra-a:not_a_real_token_0000", Kind.ACCESS_TOKEN),
        ("http://[::1]:8377/callback", Kind.REDIRECT_URI),
        ("https://example.com/a..b/%20c", Kind.REDIRECT_URI),
        ("https://example.com/a_(b)", Kind.REDIRECT_URI),
        ("https://example.com/__callback__", Kind.REDIRECT_URI),
        ("https://example.com/%access%20code/:state", Kind.REDIRECT_URI),
    ],
)
def test_a_value_is_left_as_it_is(text: str, kind: Kind) -> None:
    reading = read(text, kind)
    assert (reading.value, reading.fault, reading.layers) == (text, "", ())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[the callback](http://127.0.0.1:8377/callback)", "http://127.0.0.1:8377/callback"),
        ("[x](<http://127.0.0.1:8377/callback> 'y')", "http://127.0.0.1:8377/callback"),
        ("<http://127.0.0.1:8377/callback|127.0.0.1>", "http://127.0.0.1:8377/callback"),
        ("http%3A%2F%2F127.0.0.1%3A8377%2Fcallback", "http://127.0.0.1:8377/callback"),
        ("http:\\/\\/127.0.0.1:8377\\/callback", "http://127.0.0.1:8377/callback"),
    ],
)
def test_an_address_in_its_own_surroundings(text: str, value: str) -> None:
    assert read(text, Kind.REDIRECT_URI).value == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TOKEN, ""),
        (f"Bearer {TOKEN}", "It has the word Bearer around it."),
        (f'"{TOKEN}"', "It has quotation marks around it."),
        (f"{TOKEN[:9]}\u200b{TOKEN[9:]}", "A character in it shows nothing."),
    ],
)
def test_what_surrounds_a_value_can_be_told(text: str, said: str) -> None:
    assert what_surrounds(text, Kind.ACCESS_TOKEN) == said
