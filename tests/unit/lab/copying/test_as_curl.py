"""Commands to copy: run by the real curl from real shells, and compared with what the lab sends."""

import os
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from recorder import SECRETS, TRICKY, Recorder, environment, requests_to, vault

from lc_tutorial.errors import InputError
from lc_tutorial.lab.copying.as_curl import as_curl
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody
from tests.drawn import examples
from tests.needed import missing

#: Read from a file, and typed in: then bash looks for "!" in every line.
SHELLS = {
    "bash": ["bash"],
    "interactive bash": ["bash", "--norc", "--noprofile", "-i"],
    "sh": ["sh"],
    "dash": ["dash"],
    "zsh": ["zsh", "-f"],
    "interactive zsh": ["zsh", "-f", "-i"],
}

TOKEN_URL = "https://accounts.livechat.com/v2/token"
LIST_CHATS = "https://api.livechatinc.com/v3.6/agent/action/list_chats"


def shell(name: str) -> list[str]:
    command = SHELLS[name]
    for program in (command[0], "curl"):
        if shutil.which(program) is None:
            missing(f"There is no {program} here. `make test-setup` gets it.")
    return command


def run(command: list[str], script: str) -> str:
    """Run commands in a shell that has the secrets as variables, and nothing else."""
    done = subprocess.run(
        command,
        input=script.encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment()},
        timeout=120,
    )
    return done.stderr.decode()


def has_keys(text: str) -> bool:
    """Whether it has characters that are keys to press, unless a terminal knows of pasting."""
    return any(unicodedata.category(character) == "Cc" for character in text.replace("\n", ""))


@pytest.mark.parametrize("name", SHELLS)
@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # To shrink would take minutes of shells; what differs is seen without.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_what_was_copied_sends_what_the_lab_sends(
    recorder: Recorder, name: str, data: st.DataObject
) -> None:
    command = shell(name)
    recorder.take()
    requests = data.draw(st.lists(requests_to(recorder.origin), min_size=1, max_size=10))
    if "interactive" in name:
        requests = [request for request in requests if not has_keys(as_curl(request))]
    expected = [recorder.sent_by_us(request, vault()) for request in requests]
    errors = run(command, "\n\n".join(map(as_curl, requests)) + "\n")
    arrived = recorder.take()
    assert arrived == expected, errors


@pytest.mark.parametrize("name", ["bash", "sh", "zsh"])
def test_every_tricky_text_arrives_from_every_place(recorder: Recorder, name: str) -> None:
    command = shell(name)
    recorder.take()
    requests = []
    for text in TRICKY:
        for pair in ((text, text), (text, "x"), ("x", f"{text}{{{{access_token}}}}{text}")):
            requests.append(Request(url=recorder.origin, query=(pair,)))
            requests.append(Request("POST", recorder.origin, body=FormBody((pair,))))
        requests.append(Request("POST", recorder.origin, body=TextBody(text)))
        requests.append(Request("POST", recorder.origin, body=TextBody(text + "{{code}}" + text)))
    expected = [recorder.sent_by_us(request, vault()) for request in requests]
    errors = run(command, "\n".join(map(as_curl, requests)) + "\n")
    assert recorder.take() == expected, errors


def test_curl_does_not_wait_for_a_body_that_never_comes() -> None:
    assert "--head" in as_curl(Request("HEAD", TOKEN_URL))
    assert "-X" not in as_curl(Request("HEAD", TOKEN_URL))


@given(requests_to("https://api.example.com"))
def test_no_secret_is_in_it(request_: Request) -> None:
    text = as_curl(request_)
    assert not [value for value in SECRETS.values() if value in text]
    for name in request_.references:
        assert f"#   export {name.upper()}='…'" in text


def test_it_reads_well() -> None:
    form = FormBody(
        (
            ("grant_type", "authorization_code"),
            ("code", "{{code}}"),
            ("redirect_uri", "http://127.0.0.1:8377/callback"),
        )
    )
    assert as_curl(Request("POST", TOKEN_URL, body=form)) == (
        "# Set these first, with your own values:\n"
        "#   export CODE='…'  # the code that came back\n"
        "curl 'https://accounts.livechat.com/v2/token' \\\n"
        "  --data-urlencode 'grant_type=authorization_code' \\\n"
        '  --data-urlencode "code=$CODE" \\\n'
        "  --data-urlencode 'redirect_uri=http://127.0.0.1:8377/callback'"
    )
    bearer = Request(
        "POST",
        LIST_CHATS,
        headers=(("X-Region", "fra"),),
        authorization=Bearer("{{access_token}}"),
        body=JsonBody('{\n  "limit": 10\n}'),
    )
    assert as_curl(bearer).splitlines()[2:] == [
        f"curl '{LIST_CHATS}' \\",
        "  -H 'X-Region: fra' \\",
        '  -H "Authorization: Bearer $ACCESS_TOKEN" \\',
        "  -H 'Content-Type: application/json' \\",
        "  --data-raw '{",
        '  "limit": 10',
        "}'",
    ]
    basic = Basic("{{account_id}}", "{{personal_access_token}}")
    assert '-u "$ACCOUNT_ID:$PERSONAL_ACCESS_TOKEN"' in as_curl(
        Request("POST", LIST_CHATS, authorization=basic, body=JsonBody("{}"))
    )


def test_a_link_has_one_parameter_a_line() -> None:
    link = Request(
        url="https://accounts.livechat.com/",
        query=(("client_id", "{{client_id}}"), ("redirect_uri", "{{redirect_uri}}")),
    )
    assert as_curl(link).splitlines()[3:] == [
        "curl 'https://accounts.livechat.com/' \\",
        "  --get \\",
        '  --data-urlencode "client_id=$CLIENT_ID" \\',
        '  --data-urlencode "redirect_uri=$REDIRECT_URI"',
    ]


def test_an_id_stays_in_the_address_for_curls_that_cannot_encode_beside_a_body() -> None:
    query = (("organization_id", "{{organization_id}}"),)
    request = Request("POST", "https://api.example.com/x", query=query, body=JsonBody("{}"))
    assert '"https://api.example.com/x?organization_id=$ORGANIZATION_ID"' in as_curl(request)


def test_values_inside_json_are_said_to_stand_there_as_they_are() -> None:
    remark = "no quotation marks and no backslashes"
    body = JsonBody('{"entity_id": "{{entity_id}}"}')
    assert remark in as_curl(Request("POST", TOKEN_URL, body=body))
    assert remark not in as_curl(Request("POST", TOKEN_URL, body=TextBody("{{entity_id}}")))


@pytest.mark.parametrize("name", ["Header: x\nOther", "@/etc/hostname", "a b", ""])
def test_a_header_that_curl_would_take_for_another_thing_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="header"):
        as_curl(Request(url=TOKEN_URL, headers=((name, "x"),)))
    with pytest.raises(InputError, match="header"):
        as_curl(Request(url=TOKEN_URL, headers=(("X-A", "x\r\nX-B: y"),)))


@pytest.mark.parametrize("text", ["a\0b", "x" * 131_072, "é" * 70_000])
def test_what_no_command_line_can_hold_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        as_curl(Request("POST", TOKEN_URL, body=TextBody(text)))
    assert "Python" in caught.value.remedy


def test_the_longest_word_still_runs(recorder: Recorder) -> None:
    request = Request("POST", recorder.origin, body=TextBody("x" * 131_071))
    run(shell("bash"), as_curl(request))
    (arrived,) = recorder.take()
    assert len(arrived.body) == 131_071


@pytest.mark.parametrize("url", ["", "-o/etc/x", "file:///etc/hostname", "ftp://x/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="address"):
        as_curl(Request(url=url))
