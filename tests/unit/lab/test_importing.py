"""What people paste: samples of the documentation, of browsers, and what is none of these."""

from typing import Any

import pytest
from recorder import SECRETS

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing import MOST_CHARACTERS, Imported, import_request
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody
from lc_tutorial.lab.vault import Vault

TOKEN = "https://accounts.livechat.com/v2/token"
LIST_CHATS = "https://api.livechatinc.com/v3.6/agent/action/list_chats"
FAKE_TOKEN = "dal:FakeFakeFakeFakeFakeFakeFa"
FAKE_ID = "0123456789abcdef0123456789abcdef"


def vault(*names: str) -> Vault:
    made = Vault()
    for name in names:
        made.put(name, SECRETS[name])
    return made


def imported(text: str, *names: str) -> Imported:
    return import_request(text, vault(*names))


def refused(text: str) -> str:
    with pytest.raises(InputError) as problem:
        imported(text)
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
    'curl "https://accounts.livechat.com/v2/token" \\ -X POST \\ '
    '-d "grant_type=authorization_code&\\ code=YOUR_CODE_HERE&\\ client_id=YOUR_ID_HERE&\\ '
    'client_secret=YOUR_SECRET_HERE&\\ redirect_uri=YOUR_redirect_HERE"',
]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_tutorials_token_snippet_works_as_it_stands(snippet: str) -> None:
    found = imported(snippet, "code", "client_id", "client_secret", "redirect_uri")
    assert found.request == Request("POST", TOKEN, body=EXCHANGE)
    assert any("Blanks beside 4 parameters were taken out" in note for note in found.notes)
    assert "YOUR_CODE_HERE was taken for the code of step 2 that you have." in found.notes
    assert not found.asks_scheme


def test_what_the_learner_has_not_yet_is_said() -> None:
    notes = " ".join(imported(SNIPPETS[0], "client_id").notes)
    assert "YOUR_ID_HERE was taken for the app's Client Id that you have." in notes
    assert "YOUR_CODE_HERE was taken for the code of step 2. You don't have it yet" in notes


def test_the_link_of_step_2_works_with_its_blanks() -> None:
    found = imported(
        "https://accounts.livechat.com/ ?response_type=code &client_id=CLIENT_ID_HERE> "
        "&redirect_uri=REDIRECT_URI_HERE>",
        "client_id",
    )
    assert found.request == Request(
        "GET",
        "https://accounts.livechat.com/",
        query=(
            ("response_type", "code"),
            ("client_id", "{{client_id}}"),
            ("redirect_uri", "{{redirect_uri}}"),
        ),
    )
    assert any("Blanks in the address were taken out" in note for note in found.notes)


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
    basic = Basic("{{account_id}}", "{{personal_access_token}}")
    assert found.request.authorization == basic
    assert found.asks_scheme
    assert found.with_scheme("bearer").authorization == Bearer("{{access_token}}")
    assert found.with_scheme("basic").authorization == basic
    assert any(note.endswith("Which one is meant?") for note in found.notes)


@pytest.mark.parametrize("names", [(), ("access_token", "personal_access_token")])
def test_it_asks_only_where_it_is_open(names: tuple[str, ...]) -> None:
    assert not imported(sample("Basic <your_personal_access_token>"), *names).asks_scheme


def test_an_access_token_under_basic_is_noticed() -> None:
    kept = vault()
    found = import_request(sample(f"Basic {FAKE_TOKEN}"), kept)
    assert found.asks_scheme
    assert FAKE_TOKEN not in str(found)
    assert found.with_scheme("bearer").authorization == Bearer("{{access_token}}")
    assert found.with_scheme("bearer").header("Authorization") is None
    assert kept.value("access_token") == FAKE_TOKEN
    # One that the learner has stays what it is.
    found = imported(sample(f"Basic {FAKE_TOKEN}"), "access_token")
    assert found.with_scheme("bearer").authorization == Bearer("{{access_token_2}}")


# --- Placeholders ---------------------------------------------------------------------------------

#: From livechat-public-docs: messaging/agent-chat-api, authorization/*, extending-chat-widget.
PLACEHOLDERS = [
    ("<your_access_token>", "access_token"),
    ("<access_token>", "access_token"),
    ("<ACCESS_TOKEN>", "access_token"),
    ("<access_token|refresh token>", "access_token"),
    ("<your_personal_access_token>", "personal_access_token"),
    ("<YOUR_API_TOKEN>", "personal_access_token"),
    ("<YOUR_CODE>", "code"),
    ("YOUR_CODE_HERE", "code"),
    ("YOUR_CODE", "code"),
    ("<YOUR_CLIENT_ID>", "client_id"),
    ("<your_app_client_id>", "client_id"),
    ("CLIENT_ID_HERE>", "client_id"),
    ("YOUR_ID_HERE", "client_id"),
    ("<YOUR_CLIENT_SECRET>", "client_secret"),
    ("YOUR_SECRET_HERE", "client_secret"),
    ("<YOUR_REDIRECT_URI>", "redirect_uri"),
    ("<your_app_redirect_uri>", "redirect_uri"),
    ("REDIRECT_URI_HERE>", "redirect_uri"),
    ("YOUR_redirect_HERE", "redirect_uri"),
    ("<customer_access_token>", "customer_access_token"),
    ("<organization_id>", "organization_id"),
    ("{{access_token}}", "access_token"),
    ("$ACCESS_TOKEN", "access_token"),
    ("${CLIENT_SECRET}", "client_secret"),
]


@pytest.mark.parametrize(("placeholder", "name"), PLACEHOLDERS)
@pytest.mark.parametrize("place", ["-d 'x={}'", "-H 'X-Value: {}'", '--json \'{{"x": "{}"}}\''])
def test_placeholders(placeholder: str, name: str, place: str) -> None:
    option = place.format(placeholder)
    if placeholder.startswith("$"):
        option = f'-d "x={placeholder}"'
    request = imported(f"curl {TOKEN} {option}").request
    assert request.references == (name,)


def test_a_placeholder_that_nobody_knows_stays_and_is_named() -> None:
    found = imported("curl https://api.livechatinc.com/v3.6/agent/action/<action> -d '{}'")
    assert found.request.url.endswith("/agent/action/<action>")
    assert any("Nobody but you knows what <action> stands for" in note for note in found.notes)


def test_markup_is_no_placeholder() -> None:
    found = imported("""curl https://api.livechatinc.com/x --json '{"text": "<b>hi</b> <br>"}'""")
    assert found.request.body == JsonBody('{"text": "<b>hi</b> <br>"}')
    assert not found.notes


# --- Secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "secret", "name"),
    [
        (f"curl {LIST_CHATS} -H 'Authorization: Bearer {FAKE_TOKEN}'", FAKE_TOKEN, "access_token"),
        (
            f"curl {TOKEN} -d client_secret=fake-secret-fake-1",
            "fake-secret-fake-1",
            "client_secret",
        ),
        (f"curl {TOKEN} -d code=dal%3AFakeFakeFakeFake12", "dal:FakeFakeFakeFake12", "code"),
        (f"curl '{TOKEN}?code=dal:FakeFakeFakeFake12'", "dal:FakeFakeFakeFake12", "code"),
        (f"curl {TOKEN} -d refresh_token=fake-refresh-99", "fake-refresh-99", "refresh_token"),
        (f"curl -u {FAKE_ID}:fake-password-1 {LIST_CHATS}", "fake-password-1", None),
        (f"curl -b 'sid=fake-session-1' {LIST_CHATS}", "fake-session-1", None),
        (f"""curl {TOKEN} --json '{{"code_verifier": "{"v" * 43}"}}'""", "v" * 43, "code_verifier"),
    ],
)
def test_a_secret_that_is_pasted_goes_into_the_vault(
    command: str, secret: str, name: str | None
) -> None:
    kept = vault()
    found = import_request(command, kept)
    assert secret not in f"{found}"
    assert len(found.request.references) == 1
    reference = found.request.references[0]
    assert secret in str(kept.value(reference))
    assert name is None or reference == name
    assert any("in the memory of this kernel only" in note for note in found.notes)


def test_errors_hold_no_secret() -> None:
    text = f"curl {LIST_CHATS} -H 'Authorization: Bearer {FAKE_TOKEN}'"
    for broken in (f"{text} --strange", f"{text} 'open", f"{text}\nls {FAKE_TOKEN}", text + " | x"):
        assert FAKE_TOKEN not in refused(broken)


# --- curl, as it is written -----------------------------------------------------------------------

SAME = Request(
    "POST", LIST_CHATS, authorization=Bearer("{{access_token}}"), body=JsonBody('{"limit": 5}')
)
WRITTEN = {
    "long options": f"curl --location --request POST --url '{LIST_CHATS}' "
    "--header 'Content-Type: application/json' --header 'Authorization: Bearer $ACCESS_TOKEN' "
    "--data-raw '{\"limit\": 5}'".replace("$ACCESS_TOKEN", "<your_access_token>"),
    "a variable": f'curl "{LIST_CHATS}" -H "Content-Type: application/json" '
    '-H "Authorization: Bearer $ACCESS_TOKEN" -d "{\\"limit\\": 5}"',
    "--json": f"curl --json '{{\"limit\": 5}}' -H 'Authorization: Bearer <access_token>' "
    f"{LIST_CHATS} -H 'Accept: */*'".replace(" -H 'Accept: */*'", ""),
    "ANSI-C quotes": f"curl -sSLXPOST {LIST_CHATS} -H $'Content-Type: application\\x2fjson' "
    "-H $'Authorization: Bearer <access_token>' --data-binary $'{\\u0022limit\\u0022: 5}'",
    "a prompt": f"$ curl -X POST {LIST_CHATS} \\\n> -H 'Content-Type: application/json' \\\n"
    "> -H 'Authorization: Bearer <access_token>' \\\n> -d '{\"limit\": 5}'",
    "curly quotes": f"curl -X POST {LIST_CHATS} -H \u201cContent-Type: application/json\u201d "
    "-H \u201cAuthorization: Bearer <access_token>\u201d -d '{\"limit\": 5}'",
    "no backslashes": f'curl "{LIST_CHATS}"\n  -H "Content-Type: application/json"\n'
    '  -H "Authorization: Bearer <access_token>"\n  -d \'{"limit": 5}\'',
    "comments": f"# all chats\ncurl -X POST {LIST_CHATS} \\\n"
    "  -H 'Content-Type: application/json' \\\n  -H 'Authorization: Bearer <access_token>' \\\n"
    "  -d '{\"limit\": 5}' # five",
    "--oauth2-bearer": f"curl --oauth2-bearer '{{{{access_token}}}}' {LIST_CHATS} "
    "-H 'content-type: application/json' -d '{\"limit\": 5}'",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_the_same_request_however_it_is_written(text: str) -> None:
    assert imported(text, "access_token").request == SAME


def test_comments_in_sample_json_are_taken_out() -> None:
    body = '{\n  // payload\n  "limit": 5, /* few */\n  "url": "https://x.example//y",\n}'
    found = imported(sample("Bearer <access_token>", body))
    assert isinstance(found.request.body, JsonBody)
    assert found.request.body.data() == {"limit": 5, "url": "https://x.example//y"}
    assert "Comments were taken out of the JSON, which has none." in found.notes


def test_json_that_is_none_is_imported_and_its_place_is_said() -> None:
    found = imported(sample("Bearer <access_token>", '{\n  "limit" 5\n}'))
    assert found.request.body == JsonBody('{\n  "limit" 5\n}')
    assert any("Line 2, column 11: A colon is missing" in note for note in found.notes)


def test_json_without_its_type_is_sent_as_json_and_said() -> None:
    found = imported("""curl https://accounts.livechat.com/v2/customer/token -d '{"a": 1}'""")
    assert found.request.body == JsonBody('{"a": 1}')
    assert any("curl would call this JSON a form" in note for note in found.notes)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("-d a=1 -d b=2", Request("POST", TOKEN, body=FormBody((("a", "1"), ("b", "2"))))),
        ("--data-urlencode 'a=x y&z'", Request("POST", TOKEN, body=FormBody((("a", "x y&z"),)))),
        ("--data-urlencode '=a=1'", None),
        ("-G -d a=1 --data-urlencode 'b=x y'",
         Request("GET", TOKEN, query=(("a", "1"), ("b", "x y")))),
        ("-X DELETE", Request("DELETE", TOKEN)),
        ("-I", Request("HEAD", TOKEN)),
        ("-d ''", Request("POST", TOKEN, body=FormBody(()))),
        ("-d hello", Request("POST", TOKEN, headers=(("Content-Type", FormBody.content_type),),
                             body=TextBody("hello"))),
        ("-A me -e https://a.example/ -H 'X-Empty;' -H 'Accept:'",
         Request("GET", TOKEN, headers=(("User-Agent", "me"), ("Referer", "https://a.example/"),
                                        ("X-Empty", "")))),
        ("-XPUT -da=1", Request("PUT", TOKEN, body=FormBody((("a", "1"),)))),
        ("-H 'Content-Type: text/plain; charset=utf-8' -d x",
         Request("POST", TOKEN, body=TextBody("x"))),
    ],
)  # fmt: skip
def test_options(options: str, expected: Request | None) -> None:
    found = imported(f"curl {TOKEN} {options}").request
    assert found == expected or (expected is None and found.body == TextBody("a%3D1"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("-k", "--insecure was left out: the lab always checks certificates."),
        ("-s", "--silent was left out"),
        ("-L", "--location was left out: the lab follows redirects itself"),
        ("-o x.json", "--output was left out"),
        ("--compressed", "--compressed was left out"),
        ("-m 10", "--max-time was left out"),
        ("-H 'X-A: 1' -H 'x-a: 2'", "Of headers with the same name the lab sends the last one."),
    ],
)
def test_what_is_left_out_is_said(options: str, said: str) -> None:
    assert any(note.startswith(said) for note in imported(f"curl {TOKEN} {options}").notes)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (f"curl {TOKEN} --strange", "doesn't know this option: --strange"),
        (f"curl {TOKEN} --strange=1 -j", "doesn't know these options: --strange, -j"),
        (f"curl {TOKEN} --request=POST", "doesn't know this option: --request"),
        (f"curl {TOKEN} -F a=b", "multipart"),
        (f"curl {TOKEN} -d @/etc/hostname", "reads no files"),
        (f"curl {TOKEN} --data-urlencode a@/etc/hostname", "reads no files"),
        (f"curl {TOKEN} -H @headers", "reads no files"),
        (f"curl {TOKEN} -T file", "neither"),
        (f"curl {TOKEN} -x http://127.0.0.1:1", "straight to the host"),
        (f"curl {TOKEN} --next {TOKEN}", "one request at once"),
        (f"curl {TOKEN} {TOKEN}", "There are 2 addresses"),
        ("curl -X POST", "no address"),
        (f"curl {TOKEN} -H", "Nothing follows -H"),
        (f"curl {TOKEN} -H nonsense", "a header without a colon"),
        ("curl 'https://x.example/[1-9]'", "brackets in the address"),
        ("curl ftp://x.example/", "does not begin with https://"),
    ],
)
def test_what_can_not_be_imported_is_named(command: str, said: str) -> None:
    assert said in refused(command)


def test_an_address_without_a_scheme() -> None:
    assert imported("curl accounts.livechat.com/v2/info").request.url.startswith("https://acc")
    assert imported("curl localhost:8000/v2/info").request.url == "http://localhost:8000/v2/info"


# --- What is no command, or a hostile one ---------------------------------------------------------

HOSTILE = [
    (f"curl {TOKEN} -d \"$(touch '{{}}')\"", "command substitution"),
    (f"curl {TOKEN} -d `touch '{{}}'`", "backtick"),
    (f"curl {TOKEN} | tee '{{}}'", "pipe"),
    (f"curl {TOKEN}; touch '{{}}'", "semicolon"),
    (f"curl {TOKEN} && touch '{{}}'", "ampersand"),
    (f"curl {TOKEN} > '{{}}'", "redirection"),
    (f"curl {TOKEN} -d <(touch '{{}}')", "process substitution"),
    (f"curl {TOKEN} <<EOF\n{{}}\nEOF", "here-document"),
    (f"curl {TOKEN} -d $HOME/{{}}", "shell variable"),
    ("touch '{}'", "neither a cURL command nor a URL"),
    (f"X=1 curl {TOKEN} {{}}", "neither a cURL command nor a URL"),
    (f"curl {TOKEN}\ntouch '{{}}'", "does not belong to the curl command"),
    (f"curl {TOKEN}\ncurl {TOKEN} -o '{{}}'", "more than one command"),
]


@pytest.mark.parametrize(("command", "said"), HOSTILE)
def test_nothing_that_is_pasted_is_run(command: str, said: str, tmp_path: Any) -> None:
    victim = tmp_path / "victim"
    assert said in refused(command.format(victim))
    assert not victim.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nothing is pasted"),
        (" \n ", "Nothing is pasted"),
        ("a" * (MOST_CHARACTERS + 1), "too long"),
        ("curl " + "x" * 1_000_000, "too long"),
        ("\x00\x01\x02PNG", "binary data"),
        (f"curl {TOKEN} -d '\x00'", "binary data"),
        ("<script>alert(1)</script>", "HTML"),
        ('{"limit": 5}', "JSON"),
        ("wget https://x.example/", "wget"),
        ("http POST x.example a=b", "HTTPie"),
        ("import requests\nrequests.get('https://x.example')", "Python"),
        ("fetch('https://x.example')", "JavaScript"),
        ("Invoke-WebRequest -Uri https://x.example", "PowerShell"),
        ("POST /v2/token HTTP/1.1\nHost: x.example", "HTTP request"),
        ('curl ^"https://x.example/^" ^\n -H ^"a: b^"', "command prompt of Windows"),
        ("hello there", "neither a cURL command nor a URL"),
        (f'curl "{TOKEN}', "never closed"),
        ("https://", "names no host"),
        ("https://user:pass@x.example/", "user name"),
    ],
)
def test_what_is_something_else_is_named(text: str, said: str) -> None:
    assert said in refused(text)


def test_a_script_in_an_address_stays_a_text() -> None:
    found = imported("https://x.example/?q=<script>alert(1)</script>")
    assert found.request.query == (("q", "<script>alert(1)</script>"),)


def test_the_largest_text_is_read_in_one_go() -> None:
    # Twice as much would be refused; what takes time with its square would take minutes here.
    for filling in ("a=b&", "\\\n ", "$'", "'", "<x_", "&\\ "):
        text = f'curl {TOKEN} -d "{filling * (250_000 // len(filling))}"'
        try:
            imported(text)
        except InputError:
            continue
