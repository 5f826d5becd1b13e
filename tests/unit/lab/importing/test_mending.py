"""Text that was damaged on its way, and is read as it was meant; and what only looks like that."""

import html
import json
import quopri
from collections.abc import Iterator

import pytest

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.importing import Imported, import_request
from lc_tutorial.lab.request import Bearer, FormBody, JsonBody, Request
from lc_tutorial.lab.vault import Vault

TOKEN = "https://accounts.livechat.com/v2/token"
LIST_CHATS = "https://api.livechatinc.com/v3.6/agent/action/list_chats"
TYPE = "-H 'Content-Type: application/json'"
SAME = Request(
    "POST", LIST_CHATS, authorization=Bearer("{{access_token}}"), body=JsonBody('{"limit": 5}')
)
BODY = """-d '{"limit": 5}'"""
PLAIN = f'curl "{LIST_CHATS}" -H "Authorization: Bearer <access_token>" {TYPE} {BODY}'
#: The same with double quotes alone, and over its lines.
DOUBLE = PLAIN.replace(BODY, r'-d "{\"limit\": 5}"').replace("'", '"')
LINES = PLAIN.replace(" -", " \\\n  -")


def imported(text: str) -> Imported:
    vault = Vault()
    vault.put("access_token", "dal:fake-access_token")
    return import_request(text, vault)


def in_front(marks: Iterator[str], text: str = LINES) -> str:
    return "\n".join(f"{next(marks)}{line}" for line in text.split("\n"))


def always(mark: str) -> Iterator[str]:
    while True:
        yield mark


def numbers(form: str, first: int = 1) -> Iterator[str]:
    while True:
        yield form.format(first)
        first += 1


def mailed(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


# --- By where it came along -----------------------------------------------------------------------

HTML = "The escapes of HTML"
STRING = "The command was a string of JSON or of a program"
LINK = "The link around the address was taken out."
CMD = "The command was written for the command prompt of Windows"
POWERSHELL = "The command was written for PowerShell"
CHROME = (
    f'curl ^"{LIST_CHATS}^" ^\n  -H ^"Authorization: Bearer ^<access_token^>^" ^\n'
    '  -H ^"Content-Type: application/json^" ^\n  --data-raw ^"^{^\\^"limit^\\^": 5^}^"'
)
OLD_CHROME = (
    f'curl "{LIST_CHATS}" -H "Authorization: Bearer ^<access_token^>" '
    '-H "Content-Type: application/json" --data-binary "^{^\\^"limit^\\^": 5^}" --compressed'
)
#: What happened to it, how it looks then, and what is said.
DAMAGED = [
    ("escaped for HTML", html.escape(PLAIN), HTML),
    ("escaped, but for quotes", html.escape(PLAIN, quote=False), HTML),
    ("escaped twice", html.escape(html.escape(PLAIN)), HTML),
    ("escaped with numbers", PLAIN.replace('"', "&#34;").replace("'", "&#x27;"), HTML),
    ("JSON escaped for HTML", PLAIN.replace(BODY, "-d '{&quot;limit&quot;: 5}'"), HTML),
    ("<br>", PLAIN.replace(" -", " \\<br />\n -"), "<br> at the ends of lines"),
    ("a string of JSON", json.dumps(PLAIN), STRING),
    ("a string of JSON with double quotes", json.dumps(DOUBLE), STRING),
    ("its inside", json.dumps(DOUBLE)[1:-1], STRING),
    ("a string over lines", json.dumps(LINES), STRING),
    ("a string of Python", repr(PLAIN), STRING),
    ("escaped slashes", PLAIN.replace("/", "\\/"), "The escapes of JSON"),
    ("a mail", mailed(PLAIN), "The text was encoded for a mail"),
    ("a mail that is answered", in_front(always("> ")), "The > in front of each line"),
    ("a mail, answered twice", in_front(always("> > ")), "The > in front of each line"),
    ("numbers of lines", in_front(numbers("{:3}  ")), "The numbers in front of the lines"),
    ("numbers with a bar", in_front(numbers("{:3} | ", 9)), "The numbers in front of the lines"),
    ("a comparison", in_front(always("+")), "The + in front of each line"),
    ("a comment", in_front(always("# ")), "The sign of a comment in front of each line"),
    ("a fence in a text", f"So:\n\n```bash\n{PLAIN}\n```\nThat's it.", "What stands around"),
    ("tildes", f"~~~\n{PLAIN}\n~~~", ""),
    ("backticks", f"`{PLAIN}`", ""),
    ("escaped in a fence", f"So:\n```\n{html.escape(PLAIN)}\n```", HTML),
    ("a Markdown link", PLAIN.replace(LIST_CHATS, f"[{LIST_CHATS}]({LIST_CHATS})"), LINK),
    ("a link of Slack", PLAIN.replace(LIST_CHATS, f"<{LIST_CHATS}|{LIST_CHATS}>"), LINK),
    ("an address in brackets", PLAIN.replace(f'"{LIST_CHATS}"', f"<{LIST_CHATS}>"), LINK),
    ("blanks behind the backslash", PLAIN.replace(" -", " \\  \n -"), "A backslash with a space"),
    ("two backslashes", PLAIN.replace(" -", " \\\\\n -"), "Two backslashes at the end"),
    ("a line separator", PLAIN.replace(" -", " \\\u2028 -"), ""),
    ("Chrome for cmd", CHROME, CMD),
    ("an older Chrome for cmd", OLD_CHROME, CMD),
    ("carets at the ends of lines", DOUBLE.replace(" -", " ^\r\n  -"), CMD),
    ("Firefox on Windows", DOUBLE.replace(r"\"", '""'), "Doubled quotes, as Windows has them"),
    ("PowerShell", PLAIN.replace(" -", " `\n  -").replace("curl", "curl.exe", 1), POWERSHELL),
    ("PowerShell with its prompts", f"PS C:\\> {PLAIN}".replace(" -", " `\n>>  -"), POWERSHELL),
    ("backticks before quotes", DOUBLE.replace(r"\"", '`"'), POWERSHELL),
    (
        "a variable of PowerShell",
        DOUBLE.replace("<access_token>", "$env:ACCESS_TOKEN"),
        POWERSHELL,
    ),
    ("a here-string", PLAIN.replace("'{", "@'\n{").replace("}'", "}\n'@"), POWERSHELL),
    ("one with variables", PLAIN.replace("'{", '@"\n{').replace("}'", '}\n"@'), POWERSHELL),
    (
        "a here-string in a variable",
        "$body = @'\n{\"limit\": 5}\n'@\n\n" + PLAIN.replace("'{\"limit\": 5}'", "$body"),
        "The values of the variables above",
    ),
    (
        "the same in quotes, with its prompt",
        'PS C:\\> $Body = @"\n{"limit": 5}\n"@\nPS C:\\> '
        + PLAIN.replace("'{\"limit\": 5}'", '"$body"').replace("curl", "curl.exe", 1),
        "The values of the variables above",
    ),
    (
        "two texts in variables",
        f'$url = "{LIST_CHATS}"\n$json = \'{{"limit": 5}}\';\n'
        + PLAIN.replace(f'"{LIST_CHATS}"', "$url").replace("'{\"limit\": 5}'", "${json}"),
        "The values of the variables above",
    ),
    ("backslashes before quotes", PLAIN.replace('"limit"', r"\"limit\""), "The quotes in the JSON"),
    ("doubled quotes", PLAIN.replace('"limit"', '""limit""'), "Doubled quotes in the JSON"),
    (
        "JSON whose lines were joined",
        PLAIN.replace('{"limit": 5}', '{ \\ "limit": 5 \\ }').replace("{ ", "{").replace(" }", "}"),
        "Backslashes between the parts",
    ),
    ("an invisible character", PLAIN.replace("limit", "li\u200bmit"), "in the name limit were"),
    ("one in a header", PLAIN.replace("Bearer", "Bea\u2060rer"), "Invisible characters in a head"),
    ("one in the address", PLAIN.replace("agent", "ag\u00adent"), "Invisible characters in the ad"),
    ("hyphens that don't break", PLAIN.replace(" -d", " --data\u2011raw"), "Long dashes"),
    ("one in a header's name", PLAIN.replace("Content-", "Content\u2011"), "Long dashes"),
    ("a wide colon", PLAIN.replace("Type: ", "Type\uff1a"), "A wide colon in a header"),
]


@pytest.mark.parametrize(
    ("text", "said"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED]
)
def test_damaged_text_is_read_as_it_was_meant_and_that_is_said(text: str, said: str) -> None:
    found = imported(text)
    request = found.request
    assert (request.method, request.url, request.authorization) == (
        SAME.method,
        SAME.url,
        SAME.authorization,
    )
    assert isinstance(request.body, JsonBody)
    assert request.body.data() == {"limit": 5}
    assert not request.headers
    assert said in "\n".join(found.notes)


FORM = (("grant_type", "refresh_token"), ("client_id", "abc"), ("scope", "a b"))


@pytest.mark.parametrize(
    "text",
    [
        f"curl {TOKEN} -d 'grant_type=refresh_token&amp;client_id=abc&amp;scope=a+b'",
        f"curl {TOKEN} -d 'grant_type=refresh_token&amp;amp;client_id=abc&amp;amp;scope=a+b'",
        f"curl {TOKEN} -d 'grant_type=refresh_token&#38;client_id=abc&#x26;scope=a+b'",
        f'curl "{TOKEN}" --data-raw "grant_type=refresh_token^&client_id=abc^&scope=a^%20b"',
        f'curl "{TOKEN}" --data-raw "grant_type=refresh_token"^&"client_id=abc&scope=a b" ^\n -v',
        f"curl {TOKEN} -d 'grant_type=refresh_token\\u0026client_id=abc\\u0026scope=a b'",
        f"curl {TOKEN} -d 'grant_type=3Drefresh_token&client_id=3Dabc&scope=3Da=20b'",
    ],
)
def test_parameters_are_parted_again(text: str) -> None:
    assert imported(text).request.body == FormBody(FORM)


@pytest.mark.parametrize(
    "text",
    [
        f"{TOKEN}?a=1&amp;b=2",
        f"{TOKEN}?a=1\\u0026b=2",
        f"{TOKEN}?a=1&b=2".replace("/", "\\/"),
        "https%3A%2F%2Faccounts.livechat.com%2Fv2%2Ftoken%3Fa%3D1%26b%3D2",
        f"<{TOKEN}?a=1&b=2>",
        f"[{TOKEN}?a=1&b=2]({TOKEN}?a=1&b=2)",
        f"[the documentation]({TOKEN}?a=1&b=2)",
        f"<{TOKEN}?a=1&b=2|accounts.livechat.com/v2/token?a=1&b=2>",
        f"Request URL: {TOKEN}?a=1&b=2",
        f"“{TOKEN}?a=1&b=2”",
        f"({TOKEN}?a=1&b=2).",
        f"**{TOKEN}?a=1&b=2**",
        f"view-source:{TOKEN}?a=1&b=2",
        f"<{TOKEN}?a=1&b=2|{TOKEN}?a=1&amp;b=2>",
        f"```\n{TOKEN}?a=1&b=2\n```",
    ],
)
def test_addresses_are_mended_too(text: str) -> None:
    found = imported(text)
    assert found.request == Request(url=TOKEN, query=(("a", "1"), ("b", "2")))


@pytest.mark.parametrize(
    "text",
    [
        "Fish &amp; chips",
        "&lt;b&gt;hi&lt;/b&gt; he said &quot;hello&quot;",
        "2^3 ^& `x` ^",
        'see ^"',
        "a=3Db",
        "> quoted",
        "[docs](https://x.example)",
        "<https://x.example|x>",
        "#1 $ curl",
        "\\u0026 \\/",
    ],
)
def test_a_text_that_only_looks_damaged_stays(text: str) -> None:
    body = json.dumps({"text": text})
    assert imported(f"curl {LIST_CHATS} {TYPE} -d '{body}'").request.body == JsonBody(body)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLAIN.replace(LIST_CHATS, f"[{LIST_CHATS}](https://evil.example/)"), "leads elsewhere"),
        (PLAIN.replace(LIST_CHATS, f"<https://evil.example/|{LIST_CHATS}>"), "leads elsewhere"),
        ("[accounts.livechat.com](https://evil.example/)", "leads elsewhere"),
        (f"```\n{PLAIN}\n```\nor\n```\n{PLAIN}\n```", "more than one command"),
        (f'curl "{LIST_CHATS}" ^\n | more', "a pipe (|) on line 2"),
        (f'curl "{LIST_CHATS}" ^\n -d "a', "never closed"),
        (f"curl `\n -d $(x) {LIST_CHATS}", "a command substitution"),
        (f"curl -Uri {LIST_CHATS} -Method Post", "a command for PowerShell, which calls"),
        ("{&quot;limit&quot;: 5}", "This is JSON."),
        (html.escape("<p>hello</p>") + "&amp;lt;", "HTML"),
        ("&quot;\x00", "binary"),
        (json.dumps("curl x\x00y"), "binary"),
    ],
)
def test_what_can_not_be_mended_is_named(text: str, said: str) -> None:
    with pytest.raises(InputError) as problem:
        imported(text)
    assert said in str(problem.value)


# --- Prompts --------------------------------------------------------------------------------------

PROMPTS = [
    "$ ", "# ", "% ", "> ", "! ", "!!", "+ ", "++ ", "- ", "• ", "1. ", "  502  ", ">>> ", ">>> !",
    "(base) me@host:~$ ", "(venv) (base) me@host ~ % ", "[me@host ~]$ ", "me@host:~/dir$ ",
    "PS C:\\> ", "PS C:\\Users\\me>", "PS /home/me> ", "C:\\Users\\me>", "In [1]: !", "[3]: !",
    "out = !", "%sx ", "%time !", "time ", "bash-5.1$ ", "root@0abc:/# ", "host:dir me$ ",
    "➜  ~ ", "➜  dir git:(main) ✗ ", "❯ ", "12:30:05 me@host $ ",
    "me@host MINGW64 ~/dir (main)\n$ ", "┌──(me㉿host)-[~]\n└─$ ",
]  # fmt: skip


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_stands_before_the_command_is_a_prompt(prompt: str) -> None:
    found = imported(f"{prompt}{PLAIN}")
    assert found.request == SAME
    assert "The prompt in front of the command was left out." in found.notes


@pytest.mark.parametrize("mark", ["> ", ">> ", "... ", "   ...: ", "dquote> ", "quote> ", "More? "])
def test_prompts_in_front_of_the_lines_that_go_on(mark: str) -> None:
    lines = LINES.replace("\n", f"\n{mark}")
    assert imported(f"$ {lines}").request == SAME


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%sh", "%%bash --out x", "%%script bash", "%%shell", "%%!", "%%cmd"]
)
def test_a_cell_for_a_shell(magic: str) -> None:
    assert imported(f"{magic}\n{LINES}").request == SAME


@pytest.mark.parametrize("before", ["sudo ", "X=1 ", "touch x > ", "a | ", "a; ", "rm $(x) # "])
def test_another_command_is_no_prompt(before: str) -> None:
    with pytest.raises(InputError):
        imported(f"{before}{PLAIN}")
