"""What people paste: samples of the documentation, of browsers, and what is none of these."""

import builtins
import contextlib
import json
import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorder import SECRETS

from lc_tutorial.errors import InputError
from lc_tutorial.lab.collection import Entry
from lc_tutorial.lab.copying.as_curl import as_curl
from lc_tutorial.lab.copying.as_python import as_cell, as_python
from lc_tutorial.lab.copying.postman import collection
from lc_tutorial.lab.importing.importing import Imported, import_request
from lc_tutorial.lab.importing.unwrapping import MOST_CHARACTERS
from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody
from lc_tutorial.lab.vault import Vault
from tests.drawn import examples

TOKEN = "https://accounts.livechat.com/v2/token"
LIST_CHATS = "https://api.livechatinc.com/v3.6/agent/action/list_chats"
FAKE_TOKEN = "dal:FakeFakeFakeFakeFakeFakeFa"
LONG = "Qm9nFakeFakeFakeFakeFakeFakeFakeFake"
FAKE_ID = "0123456789abcdef0123456789abcdef"
PERSONAL = Basic("{{account_id}}", "{{personal_access_token}}")


def vault(*names: str) -> Vault:
    made = Vault()
    for name in names:
        made.put(name, SECRETS[name])
    return made


def imported(text: str, *names: str) -> Imported:
    return import_request(text, vault(*names))


def told(text: str, *names: str) -> str:
    return "\n".join(imported(text, *names).notes)


def refused(text: str) -> str:
    with pytest.raises(InputError) as problem:
        imported(text)
    assert problem.value.why
    assert problem.value.remedy
    return str(problem.value)


# --- The written tutorial's own snippets ----------------------------------------------------------

EXCHANGE = FormBody(
    (
        ("grant_type", "authorization_code"),
        ("code", "{{code}}"),
        ("client_id", "{{client_id}}"),
        ("client_secret", "{{client_secret}}"),
        ("redirect_uri", "{{redirect_uri}}"),
    )
)
#: Step 3 of "Authorization in practice", over its lines, and as the page's text is copied.
SNIPPETS = [
    'curl "https://accounts.livechat.com/v2/token" \\\n'
    "  -X POST \\\n"
    '  -d "grant_type=authorization_code&\\\n'
    "  code=YOUR_CODE_HERE&\\\n"
    "  client_id=YOUR_ID_HERE&\\\n"
    "  client_secret=YOUR_SECRET_HERE&\\\n"
    '  redirect_uri=YOUR_redirect_HERE"',
    "GENERAL REQUEST FORMAT Copied!\n\n"
    'curl "https://accounts.livechat.com/v2/token" \\ -X POST \\ '
    '-d "grant_type=authorization_code&\\ code=YOUR_CODE_HERE&\\ client_id=YOUR_ID_HERE&\\ '
    'client_secret=YOUR_SECRET_HERE&\\ redirect_uri=YOUR_redirect_HERE"',
]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_tutorials_token_snippet_works_as_it_stands(snippet: str) -> None:
    kept = vault("code", "client_id", "client_secret", "redirect_uri")
    found = import_request(snippet, kept)
    assert found.request == Request("POST", TOKEN, body=EXCHANGE)
    assert any("Blanks before 4 parameters were taken out" in note for note in found.notes)
    assert "YOUR_CODE_HERE was taken for the code that came back, which you have." in found.notes
    assert not found.asks_scheme
    sent = prepare(found.request, kept)
    assert b"&code=dal%3Afake-code_A&client_id=0123" in (sent.body or b"")  # type: ignore[operator]


def test_what_the_learner_has_not_yet_is_said() -> None:
    notes = told(SNIPPETS[0], "client_id")
    assert "YOUR_ID_HERE was taken for the app's Client Id, which you have." in notes
    assert "YOUR_CODE_HERE was taken for the code that came back. You don't have it yet" in notes


@pytest.mark.parametrize("between", [" ", "\n  ", "\n\n\t"])
def test_the_link_of_step_2_works_with_its_blanks(between: str) -> None:
    link = between.join(
        ["https://accounts.livechat.com/", "?response_type=code", "&client_id=CLIENT_ID_HERE>",
         "&redirect_uri=REDIRECT_URI_HERE>"]
    )  # fmt: skip
    query = (
        ("response_type", "code"),
        ("client_id", "{{client_id}}"),
        ("redirect_uri", "{{redirect_uri}}"),
    )
    assert imported(link).request == Request("GET", "https://accounts.livechat.com/", query)
    assert "Blanks in the address were taken out" in told(link)


def test_the_revoking_sample_with_its_broken_address() -> None:
    found = imported(f'curl "{TOKEN}\\\n  ?code=dal:test_FakeFakeFake"\n  -X DELETE').request
    assert found == Request("DELETE", TOKEN, (("code", "{{code}}"),))


# --- The samples of the APIs ----------------------------------------------------------------------


def sample(authorization: str, body: str = "{}") -> str:
    return (
        f"curl -X POST \\\n  {LIST_CHATS} \\\n  -H 'Content-Type: application/json' \\\n"
        f"  -H 'Authorization: {authorization}' \\\n  -d '{body}'"
    )


def test_the_sample_of_3_4_takes_the_access_token() -> None:
    found = imported(sample("Bearer <your_access_token>"), "access_token")
    assert found.request == Request(
        "POST", LIST_CHATS, authorization=Bearer("{{access_token}}"), body=JsonBody("{}")
    )
    assert not found.asks_scheme


def test_the_sample_since_3_5_asks_which_token_is_meant() -> None:
    found = imported(sample("Basic <your_personal_access_token>"), "access_token")
    assert found.request.authorization == PERSONAL
    assert found.asks_scheme
    assert found.with_scheme("bearer").authorization == Bearer("{{access_token}}")
    assert found.with_scheme("basic").authorization == PERSONAL
    assert found.notes[-1].endswith("Which one is meant?")


@pytest.mark.parametrize(
    "names", [(), ("personal_access_token",), ("access_token", "personal_access_token")]
)
def test_it_asks_only_where_it_is_open(names: tuple[str, ...]) -> None:
    found = imported(sample("Basic <your_personal_access_token>"), *names)
    assert not found.asks_scheme
    assert found.with_scheme("bearer") == found.request


@pytest.mark.parametrize("names", [(), ("access_token",)])
def test_an_access_token_under_basic_is_noticed(names: tuple[str, ...]) -> None:
    kept = vault(*names)
    found = import_request(sample(f"Basic {FAKE_TOKEN}"), kept)
    name = "access_token_2" if names else "access_token"
    assert FAKE_TOKEN not in str(found)
    assert kept.value(name) == FAKE_TOKEN
    assert found.asks_scheme
    assert found.with_scheme("bearer").authorization == Bearer(f"{{{{{name}}}}}")
    assert found.with_scheme("basic").authorization == Basic("{{account_id}}", f"{{{{{name}}}}}")
    assert found.request.header("Authorization") is None


def test_the_access_token_that_the_learner_has_is_noticed_in_base64() -> None:
    # The Base64 of "x:" and the fake token.
    found = imported(sample("Basic eDpkYWw6ZmFrZS1hY2Nlc3NfdG9rZW4="), "access_token")
    assert found.asks_scheme
    assert found.with_scheme("bearer").authorization == Bearer("{{access_token}}")
    assert found.with_scheme("basic").authorization == Basic("x", "{{access_token}}")


def test_a_personal_access_token_that_is_known_needs_no_question() -> None:
    found = imported(sample(f"Basic {SECRETS['personal_access_token']}"), "personal_access_token")
    assert not found.asks_scheme
    assert found.request.authorization == PERSONAL


@pytest.mark.parametrize(
    ("value", "expected", "note"),
    [
        ("Bearer <your_PAT>", Bearer("{{personal_access_token}}"), "goes with Basic"),
        ("Basic me@example.com:<your_PAT>", Basic("me@example.com", PERSONAL.password), "Base64"),
        ("Basic <your_username>:<your_PAT>", PERSONAL, "Base64"),
        ("basic bWU6ZmFrZS1wYXNzd29yZA==", Basic("me", "{{personal_access_token}}"), ""),
        ("bearer <token>", Bearer("{{access_token}}"), ""),
        ("Basic nonsense", None, "no Base64 of a user and a password"),
        ("Token fake-fake-fake", None, "A secret in it is {{credential}} now"),
    ],
)
def test_schemes(value: str, expected: Bearer | Basic | None, note: str) -> None:
    found = imported(sample(value))
    assert found.request.authorization == expected
    assert (found.request.header("Authorization") is None) == (expected is not None)
    assert note in "\n".join(found.notes)


def test_comments_in_sample_json_are_taken_out() -> None:
    body = '{\n  // payload\n  "limit": 5, /* few */\n  "url": "https://x.example//y",\n}'
    found = imported(sample("Bearer <access_token>", body))
    assert found.request.body == JsonBody('{\n  "limit": 5,\n  "url": "https://x.example//y"\n}')
    assert "Comments were taken out of the JSON, which has none." in found.notes


def test_placeholders_that_are_unknown_or_have_no_value() -> None:
    text = """curl https://api.livechatinc.com/v3.6/agent/action/<action> --json '{"a": "{{b}}"}'"""
    found = imported(text)
    assert found.request.url.endswith("/agent/action/<action>")
    assert "Nobody but you knows what <action> stands for: write it below." in found.notes
    assert "{{b}} has no value yet: enter it below." in found.notes


#: What stands in the place of a token, and what is said. None of it is the token, nor becomes one.
NO_TOKEN = [
    ("[REDACTED]", "The token is not here: it has the word REDACTED in it"),
    ("<redacted>", "The token is not here: it has the word redacted in it"),
    ("••••••••", "The token is not here: it has dots in it"),
    ("dal:••••••••", "The token is not here: it has dots in it"),
    ("dal:abc…", "The token is not here: it has dots in it"),
    ("dal:abc...", "The token is not here: it has dots in it"),
    ("******", "The token is not here: it has asterisks in it"),
    ("xxxxxxxx", "Nobody but you knows what xxxxxxxx stands for"),
    ("xxx-xxxx-xxx", "Nobody but you knows what xxx-xxxx-xxx stands for"),
    ("your_api_token", "Nobody but you knows what your_api_token stands for"),
    ("{jwt}", "Nobody but you knows what {jwt} stands for"),
    ("<YOUR_API_TOKEN>", "Nobody but you knows what <YOUR_API_TOKEN> stands for"),
    ("[license]", "Nobody but you knows what [license] stands for"),
]


@pytest.mark.parametrize(("text", "said"), NO_TOKEN)
@pytest.mark.parametrize("names", [(), ("access_token",)])
def test_what_hides_a_token_stays_and_is_named(
    text: str, said: str, names: tuple[str, ...]
) -> None:
    kept = vault(*names)
    found = import_request(sample(f"Bearer {text}"), kept)
    assert found.request.authorization == Bearer(text)
    assert kept.names == names
    assert said in "\n".join(found.notes)


@pytest.mark.parametrize(
    "command",
    [
        f"curl {TOKEN} -d client_secret=[REDACTED]",
        f"curl {TOKEN} -d clientSecret=••••••••",
        f"curl '{TOKEN}?code=***'",
        f"""curl {TOKEN} --json '{{"refresh_token": "abc..."}}'""",
        f"curl {TOKEN} -H 'X-Api-Key: ******'",
        f"curl {TOKEN} -H 'Cookie: [REDACTED]'",
        f"curl {TOKEN} -u 'me:[REDACTED]'",
        f"curl {TOKEN} -H 'Authorization: Basic [REDACTED]'",
    ],
)
def test_so_does_what_hides_another_secret(command: str) -> None:
    kept = vault()
    notes = "\n".join(import_request(command, kept).notes)
    assert not kept.names
    assert "is not here: it has" in notes


@pytest.mark.parametrize(
    ("text", "placeholder"),
    [("Bearer {token}", "{token}"), ("Bearer :token", ":token"), ("Bearer [token]", "[token]"),
     ("Bearer %ACCESS_TOKEN%", "%ACCESS_TOKEN%"), ("Bearer yourAccessToken", "yourAccessToken"),
     ("Bearer «your token»", "«your token»"), ("Bearer &lt;token&gt;", "<token>")],
)  # fmt: skip
def test_a_placeholder_becomes_the_token_with_its_marks_and_that_is_said(
    text: str, placeholder: str
) -> None:
    found = imported(sample(text), "access_token")
    assert found.request.authorization == Bearer("{{access_token}}")
    assert f"{placeholder} was taken for the access token, which you have." in found.notes


@pytest.mark.parametrize("around", ['"{}"', "'{}'", "*{}*", "**{}**", "“{}”", '"{}",'])
@pytest.mark.parametrize("placeholder", ["<client_id>", "CLIENT_ID", "{client_id}"])
def test_quotes_around_a_placeholder_do_not_stay(placeholder: str, around: str) -> None:
    text = quote(around.format(placeholder), safe="<>{}*',")
    found = imported(f'curl "{TOKEN}" -d "grant_type=refresh_token&client_id={text}"', "client_id")
    fields = (("grant_type", "refresh_token"), ("client_id", "{{client_id}}"))
    assert found.request.body == FormBody(fields)
    assert "came along with the Client Id was taken off" in "\n".join(found.notes)


def test_a_name_in_the_place_of_its_value_is_a_placeholder() -> None:
    fields = "grant_type=authorization_code&code=code&client_id=clientId&response_type=code"
    found = imported(f"curl {TOKEN} -d '{fields}'", "client_id")
    assert found.request.body == FormBody(
        (
            ("grant_type", "authorization_code"),
            ("code", "{{code}}"),
            ("client_id", "{{client_id}}"),
            ("response_type", "code"),
        )
    )
    assert "clientId was taken for the app's Client Id, which you have." in found.notes


def test_a_variable_of_windows_is_no_encoded_character() -> None:
    found = imported(f"curl '{TOKEN}?code=%CODE%&account=%ACCOUNT_ID%'").request
    assert found.query == (("code", "{{code}}"), ("account", "{{account_id}}"))


def test_variables_of_the_shell() -> None:
    kept = vault("access_token")
    kept.put("my_thing", "fake-thing")
    text = f'curl "{TOKEN}" -d "a=$ACCESS_TOKEN" -d "b=${{CLIENT_ID}}" -d c=$MY_THING'
    assert import_request(text, kept).request.references == (
        "access_token",
        "client_id",
        "my_thing",
    )
    assert "shell variable" in refused(text)


# --- However it is written ------------------------------------------------------------------------

SAME = Request(
    "POST", LIST_CHATS, authorization=Bearer("{{access_token}}"), body=JsonBody('{"limit": 5}')
)
TYPE, BEARER = "Content-Type: application/json", "Authorization: Bearer <access_token>"
PLAIN = f"curl {LIST_CHATS} -H '{TYPE}' -H '{BEARER}' -d '{{\"limit\": 5}}'"
WRITTEN = {
    "plain": PLAIN,
    "long options": f"curl --location --request POST --url '{LIST_CHATS}' --header '{TYPE}' "
    f"--header '{BEARER}' --data-raw '{{\"limit\": 5}}'",
    "a variable": f'curl "{LIST_CHATS}" -H "{TYPE}" -H "Authorization: Bearer $ACCESS_TOKEN" '
    '-d "{\\"limit\\": 5}"',
    "ANSI-C quotes": f"curl -sSLXPOST {LIST_CHATS} -H $'Content-Type: application\\x2fjson' "
    f"-H $'{BEARER}' --data-binary $'{{\\u0022limit\\u0022: 5}}'",
    "Chrome": f"curl '{LIST_CHATS}' \\\n  -H 'content-type: application/json' \\\n"
    "  -H 'authorization: Bearer <access_token>' \\\n  --data-raw $'{\"limit\": 5}' \\\n"
    "  --compressed --insecure",
    "Firefox": f"curl '{LIST_CHATS}' --compressed -X POST -H 'Accept-Encoding: gzip, br, zstd' "
    f"-H '{TYPE}' -H '{BEARER}' -H 'Connection: keep-alive' --data-raw '{{\"limit\": 5}}'",
    "a prompt": f"$ {PLAIN}",
    "a prompt with a name": f"me@host:~/dir$ {PLAIN}",
    "prompts": f"$ curl {LIST_CHATS} \\\n> -H '{TYPE}' \\\n> -H '{BEARER}' \\\n"
    "> -d '{\"limit\": 5}'",
    "a cell": f"!{PLAIN}",
    "a cell of bash": f"%%bash\n{PLAIN}",
    "Markdown": f"```shell\n{PLAIN}\n```",
    "a title": f"SAMPLE REQUEST\n\n{PLAIN}",
    "Windows line ends": PLAIN.replace(" -", " \\\r\n -"),
    "curl.exe": PLAIN.replace("curl", "curl.exe", 1),
    "a path": PLAIN.replace("curl", "/usr/bin/curl", 1),
    "curly quotes": PLAIN.replace("'", "’").replace('"', "”").replace("-H", "–H"),
    "hard spaces": PLAIN.replace(" -", "\u00a0-"),
    "no backslashes": PLAIN.replace(" -", "\n -"),
    "lost backslashes": PLAIN.replace(" -", " \\ -"),
    "comments": f"# all chats\n{PLAIN} # five",
    "--oauth2-bearer": f"curl --oauth2-bearer '{{{{access_token}}}}' {LIST_CHATS} -H '{TYPE}' "
    "-d '{\"limit\": 5}'",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_the_same_request_however_it_is_written(text: str) -> None:
    assert imported(text, "access_token").request == SAME


def test_a_line_that_only_looks_like_a_prompt_stays() -> None:
    found = imported(f"curl {TOKEN} \\\n-H 'Content-Type: text/plain; charset=utf-8' -d 'a\n> b'")
    assert found.request.body == TextBody("a\n> b")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("curly quotes", "Curly quotes, as a word processor makes them"),
        ("curly quotes", "Long dashes, as a word processor makes them"),
        ("curly quotes", "Curly quotes in the JSON"),
        ("hard spaces", "Spaces of a special kind"),
        ("no backslashes", "A line break without a backslash"),
        ("lost backslashes", "A backslash with a space behind it"),
        ("a title", "What stands above the command was left out."),
        ("Chrome", "--insecure was left out: the lab always checks certificates."),
        ("Firefox", "The header Accept-Encoding was left out"),
        ("Firefox", "The header Connection was left out"),
    ],
)
def test_what_was_mended_is_said(how: str, said: str) -> None:
    assert said in told(WRITTEN[how], "access_token")


# --- Secrets --------------------------------------------------------------------------------------

PASTED = [
    (f"curl {LIST_CHATS} -H 'Authorization: Bearer {FAKE_TOKEN}'", FAKE_TOKEN, "access_token"),
    (f"curl {LIST_CHATS} -H 'authorization: bearer {FAKE_TOKEN}'", FAKE_TOKEN, "access_token"),
    (f"curl {TOKEN} -d client_secret=fake-secret-1", "fake-secret-1", "client_secret"),
    (f"curl {TOKEN} -d code=dal%3AFakeFakeFakeFake12", "dal:FakeFakeFakeFake12", "code"),
    (f"curl '{TOKEN}?code=dal:FakeFakeFakeFake12'", "dal:FakeFakeFakeFake12", "code"),
    (f"{TOKEN}?code=dal:FakeFakeFakeFake12", "dal:FakeFakeFakeFake12", "code"),
    (f"curl {TOKEN} -d refresh_token=fake-refresh-99", "fake-refresh-99", "refresh_token"),
    (f"curl -u {FAKE_ID}:fake-password {LIST_CHATS}", "fake-password", "personal_access_token"),
    (f"https://me:fake-password@{TOKEN[8:]}", "fake-password", "personal_access_token"),
    (
        f"curl {LIST_CHATS} -H 'Authorization: Basic bWU6ZmFrZS1wYXNzd29yZA=='",
        "fake-password",
        "personal_access_token",
    ),
    (f"curl {LIST_CHATS} -H 'Authorization: Token fake-fake-1'", "fake-fake-1", "credential"),
    (f"curl -b 'sid=fake-session' {LIST_CHATS}", "sid=fake-session", "cookie"),
    (f"curl -H 'Cookie: sid=fake-session' {LIST_CHATS}", "sid=fake-session", "cookie"),
    (f"""curl {TOKEN} --json '{{"code_verifier": "{"v" * 43}"}}'""", "v" * 43, "code_verifier"),
    (f"curl {LIST_CHATS} -d 'text=see {FAKE_TOKEN}!'", FAKE_TOKEN, "access_token"),
    # A secret is known by the words of its name, however they are written, and by its shape.
    (f"curl {TOKEN} -d clientSecret=fake-secret-1", "fake-secret-1", "client_secret"),
    (f"curl '{TOKEN}?client-secret=fake-secret-1'", "fake-secret-1", "client_secret"),
    (f"curl {TOKEN} -d 'a=1&amp;client_secret=fake-secret-1'", "fake-secret-1", "client_secret"),
    (f"curl {TOKEN} -d CLIENT_SECRET=fake-secret-1", "fake-secret-1", "client_secret"),
    (f"curl {TOKEN} -d your_client_secret=fake-secret-1", "fake-secret-1", "client_secret"),
    (f"curl {TOKEN} -d refreshtoken=fake-refresh-99", "fake-refresh-99", "refresh_token"),
    (f"curl {TOKEN} -d auth_code=dal:FakeFakeFakeFake12", "dal:FakeFakeFakeFake12", "code"),
    (f"curl {TOKEN} -d user_password=hunter", "hunter", "user_password"),
    (f"""curl {TOKEN} --json '{{"accessToken": "{LONG}"}}'""", LONG, "access_token"),
    (f"""curl {TOKEN} --json '{{"a": [{{"apiKey": "{LONG}"}}]}}'""", LONG, "api_key"),
    (f"curl {LIST_CHATS} -H 'X-Api-Key: {LONG}'", LONG, "x_api_key"),
    (f"curl {LIST_CHATS} -H 'X-Auth-Token: {LONG}'", LONG, "x_auth_token"),
    (f"curl {LIST_CHATS} -d 'text=the secret is {LONG}'", LONG, "secret"),
    (f"curl {LIST_CHATS} -d 'text=api key: \"{LONG}\"'", LONG, "api_key"),
    (f"curl {LIST_CHATS} -H 'Authorization: Bearer \"{FAKE_TOKEN}\"'", FAKE_TOKEN, "access_token"),
    (f"curl {LIST_CHATS} -H 'Authorization: Bearer Bearer {FAKE_TOKEN}'", FAKE_TOKEN,
     "access_token"),
    (f"curl {TOKEN} -d 'client_secret= \u2060fake-secret-1'", "fake-secret-1", "client_secret"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "secret", "name"), PASTED)
def test_a_secret_that_is_pasted_goes_into_the_vault(command: str, secret: str, name: str) -> None:
    kept = vault()
    found = import_request(command, kept)
    assert secret not in f"{found}"
    assert found.request.references == (name,)
    assert kept.value(name) == secret
    assert any(f"is {{{{{name}}}}} now" in note for note in found.notes)
    for copied in (as_curl(found.request), as_python(found.request), as_cell(found.request)):
        assert secret not in copied
    entry = Entry("name", "folder", "about", found.request)
    assert secret not in json.dumps(collection([entry]))


@pytest.mark.parametrize(
    "field",
    ["token_type=bearer_token_1", "grant_type=refresh_token", "response_type=code",
     "code_challenge=FakeFakeFakeFakeFake12", "token_type_hint=access_token", "monkey=fake-fake-1",
     "client_id=abc", "chat_id=PJ0MRSHTDG", "secret_question_id=12345678", "sort_key=created_at1"],
)  # fmt: skip
def test_a_name_that_only_speaks_of_a_secret(field: str) -> None:
    found = imported(f"curl {TOKEN} -d {field}")
    assert found.request.body == FormBody((tuple(field.split("=")),))  # type: ignore[arg-type]
    assert not found.notes


def test_a_second_one_gets_a_number_and_the_same_one_does_not() -> None:
    kept = vault("access_token")
    text = f"curl {LIST_CHATS} -H 'Authorization: Bearer {FAKE_TOKEN}'"
    found = import_request(text, kept)
    assert found.request.authorization == Bearer("{{access_token_2}}")
    assert "Another value for the access token in it is {{access_token_2}} now" in found.notes[0]
    assert import_request(text, kept).request == found.request


def test_what_everybody_may_see_needs_no_word() -> None:
    found = imported(f"{TOKEN}?client_id={FAKE_ID}", "client_id")
    assert found.request.query == (("client_id", "{{client_id}}"),)
    assert not found.notes


def test_errors_hold_no_secret() -> None:
    text = f"curl {LIST_CHATS} -H 'Authorization: Bearer {FAKE_TOKEN}'"
    for broken in (
        f"{text} --strange",
        f"{text} --user={FAKE_TOKEN}",
        f"{text} {FAKE_TOKEN}",
        f"{text} 'open",
        f"{text}\nls {FAKE_TOKEN}",
        f"{text} | x",
        f"{text} -H {FAKE_TOKEN[4:]}",
        f"{text} -X {FAKE_TOKEN}",
        FAKE_TOKEN,
    ):
        assert FAKE_TOKEN[4:] not in refused(broken)


# --- What is no command, or a hostile one ---------------------------------------------------------

HOSTILE = [
    (f"curl {TOKEN} -d \"$(touch '{{}}')\"", "command substitution"),
    (f"curl {TOKEN} -d `touch '{{}}'`", "backtick"),
    (f"curl {TOKEN} | tee '{{}}'", "pipe"),
    (f"curl {TOKEN}; touch '{{}}'", "semicolon"),
    (f"curl {TOKEN} && touch '{{}}'", "ampersand"),
    (f"curl '{TOKEN}' &\ntouch '{{}}'", "ampersand"),
    (f"curl {TOKEN} > '{{}}'", "redirection"),
    (f"curl {TOKEN} -d <(touch '{{}}')", "process substitution"),
    (f"curl {TOKEN} <<EOF\n{{}}\nEOF", "here-document"),
    (f"curl {TOKEN} -d $HOME/{{}}", "shell variable"),
    ("touch '{}'", "neither a cURL command nor a URL"),
    (f"touch {{}}\ncurl {TOKEN}", "neither a cURL command nor a URL"),
    (f"python x.py\ncurl {TOKEN} -o {{}}", "for a shell, and not for curl"),
    (f"X=1 curl {TOKEN} -o {{}}", "neither a cURL command nor a URL"),
    (f"sudo curl {TOKEN} -o {{}}", "for a shell, and not for curl"),
    (f"curl {TOKEN}\ntouch '{{}}'", "does not belong to the curl command"),
    (f"curl {TOKEN}\ncurl {TOKEN} -o '{{}}'", "more than one command"),
    (f"curl {TOKEN} -K '{{}}'", "read or write a file"),
    (f"curl {TOKEN} -d '@{{}}'", "reads no files"),
]


@pytest.mark.parametrize(("command", "said"), HOSTILE)
def test_nothing_that_is_pasted_is_run(
    command: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"

    def no(*_: object, **__: object) -> None:
        raise AssertionError("Something was run, or a file was opened.")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", no)
        patch.setattr(os, "system", no)
        patch.setattr(builtins, "open", no)
        message = refused(command.format(victim))
    assert said in message
    assert not victim.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nothing is pasted"),
        (" \n ", "Nothing is pasted"),
        ("a" * (MOST_CHARACTERS + 1), "too long"),
        ("curl " + "x" * 1_000_000, "too long: 1,000,005 characters"),
        ("\x00\x01\x02PNG", "binary data"),
        (f"curl {TOKEN} -d '\x00'", "binary data"),
        ("curl -d '\ud800'", "binary data"),
        (f"curl {TOKEN} -d '\ufffd'", "binary data"),
        ("<script>alert(1)</script>", "HTML"),
        ('{"limit": 5}', "JSON"),
        ("wget https://x.example/", "wget"),
        ("http POST x.example a=b", "HTTPie"),
        ("https x.example/v2", "HTTPie"),
        ("import requests\nrequests.get('https://x.example')", "Python"),
        ("response = requests.post('https://x.example')", "Python"),
        ("fetch('https://x.example')", "JavaScript"),
        ("Invoke-WebRequest -Uri https://x.example", "PowerShell"),
        ("$response = Invoke-RestMethod -Uri https://x.example", "PowerShell"),
        ("$session = New-Object Microsoft.PowerShell", "PowerShell"),
        ("$body = @'\n{\"limit\": 5}\n'@\nInvoke-RestMethod -Body $body", "PowerShell"),
        ("$h = @{ Authorization = 'x' }\nInvoke-RestMethod -Headers $h", "PowerShell"),
        ("$body = @{limit=5} | ConvertTo-Json\niwr https://x.example/ -Body $body", "PowerShell"),
        ("$url = 'https://x.example/'\nirm $url -Method Post", "PowerShell"),
        ("$env:TOKEN = 'x'\nirm https://x.example/", "PowerShell"),
        ("POST /v2/token HTTP/1.1\nHost: x.example", "HTTP request"),
        ("GET https://x.example/", "HTTP request"),
        ("HTTP/1.1 200 OK", "the text of an answer"),
        ("dal:FakeFakeFakeFakeFake", "a token or a code"),
        (FAKE_ID, "a Client Id or a secret"),
        ("hello there", "neither a cURL command nor a URL"),
        (f'curl "{TOKEN}', "never closed"),
        ("https://", "names no host"),
        ("https://x.example/a b", "spaces"),
        ("https://x.example/\nhttps://y.example/", "spaces or line breaks"),
        ("curl", "no address"),
    ],
)
def test_what_is_something_else_is_named(text: str, said: str) -> None:
    assert said in refused(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://x.example/?q=<script>alert(1)</script>", "https://x.example/"),
        ("<https://x.example/>", "https://x.example/"),
        ("api.livechatinc.com/v3.6", "https://api.livechatinc.com/v3.6"),
        ("localhost:8000/v2/info", "http://localhost:8000/v2/info"),
        ("  https://x.example/#fragment\n", "https://x.example/"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    assert imported(text).request.url == url


def test_a_script_stays_a_text() -> None:
    script = "<script>alert(1)</script>"
    found = imported(f"https://x.example/?q={script}")
    assert found.request.query == (("q", script),)
    body = JsonBody(f'{{"text": "{script} <b>hi</b> <br />"}}')
    assert imported(f"curl {LIST_CHATS} --json '{body.text}'").request.body == body


_TOKENS = st.sampled_from(
    ["curl ", TOKEN, "-d ", "-H ", "-u", "-X", "--json ", "'", '"', "$'", "\\", "\n", " ", "$", "{",
     "}", "[", "]", "&", "=", "?", "https://", "x.example", "@", "<", ">", "|", "`", "#", "//",
     "/*", "^", "%", "%ff", "\u00a0", "“", "’", "–", "\u200b", f" {FAKE_TOKEN} ",
     "Authorization: Basic ", "Bearer ", "{{a}}", "YOUR_CODE_HERE", ":", "🎉", "\x1b", "[::1]",
     "code=", "a=1"]
)  # fmt: skip


@settings(deadline=None, max_examples=examples(100), suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["", "curl ", PLAIN, SNIPPETS[0]]), st.lists(_TOKENS, max_size=20))
def test_whatever_is_pasted_is_read_or_explained(start: str, tokens: list[str]) -> None:
    problem = None
    try:
        shown = str(imported(start + "".join(tokens)))
    except InputError as raised:
        shown, problem = str(raised), raised
    assert problem is None or all((problem.what, problem.why, problem.remedy))
    assert FAKE_TOKEN[4:] not in shown


# fmt: off
BEFORE = ["", f"curl {TOKEN} ", f"curl {TOKEN} -d '", f'curl {TOKEN} -d "', f"curl {TOKEN} -H 'A: ",
          f"curl {TOKEN} -H 'Authorization: Basic ", f"curl {TOKEN} --json '", f"{TOKEN}?a=",
          f"{TOKEN} ", "$", "title\n", "a "]
FILLING = ["a=b&", "&\\ ", " ", "\n", "\\\n ", "'", '"', "$'", "\\", "/*", "//", "[", "{{", "<x_",
           "YOUR_", "dal:", "code=", "Basic ", "%41", "-d a ", "“", "\u00a0", "x.", ", "]
# fmt: on


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("filling", FILLING)
def test_a_large_text_is_read_once(before: str, filling: str) -> None:
    """With the square of its length, each of these would take hours; of a quarter, many minutes."""
    length = MOST_CHARACTERS if before in BEFORE[:2] else MOST_CHARACTERS // 4
    text = before + filling * ((length - len(before) - 1) // len(filling))
    with contextlib.suppress(InputError):
        imported(text + ("'" if "'" in before else ""))
