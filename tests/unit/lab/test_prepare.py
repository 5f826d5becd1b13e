"""From a request to what goes over the wire."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from recorder import SECRETS, Recorder, requests_to, vault

from lc_tutorial.errors import InputError
from lc_tutorial.lab.prepare import headers_of, prepare
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
from lc_tutorial.lab.vault import Vault
from tests.drawn import examples

URL = "https://api.livechatinc.com/v3.6/agent/action/list_chats"


def prepared(**parts: Any) -> Any:
    return prepare(Request("POST", URL, **parts), vault())


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        (None, None, None),
        (FormBody(()), b"", "application/x-www-form-urlencoded"),
        (FormBody((("code", "{{code}}"), ("a b", "é&="), ("x", ""))),
         b"code=dal%3Afake-code_A&a+b=%C3%A9%26%3D&x=", "application/x-www-form-urlencoded"),
        (JsonBody('{"code":  "{{code}}"}'), b'{"code":  "dal:fake-code_A"}', "application/json"),
        (TextBody("é {{code}}"), "é dal:fake-code_A".encode(), "text/plain; charset=utf-8"),
    ],
)  # fmt: skip
def test_the_body_and_its_type(body: Body, sent: bytes | None, kind: str | None) -> None:
    made = prepared(body=body)
    assert (made.body or b"") == (sent or b"")
    assert made.headers.get("Content-Type") == (kind.encode() if kind else None)


def test_a_type_that_was_set_by_hand_stays() -> None:
    made = prepared(body=JsonBody("{}"), headers=(("content-TYPE", "application/x"),))
    assert made.headers["Content-Type"] == b"application/x"


def test_a_value_in_json_is_escaped() -> None:
    values = Vault()
    values.put("code", 'a"b\\c\n')
    made = prepare(Request("POST", URL, body=JsonBody('{"x": "{{code}}"}')), values)
    assert isinstance(made.body, bytes)
    assert json.loads(made.body) == {"x": 'a"b\\c\n'}


@pytest.mark.parametrize(
    ("authorization", "sent"),
    [
        (None, None),
        (Bearer("{{access_token}}"), f"Bearer {SECRETS['access_token']}"),
        (Basic("{{account_id}}", "{{personal_access_token}}"),
         "Basic " + base64.b64encode(f"{SECRETS['account_id']}:{SECRETS['personal_access_token']}"
                                     .encode()).decode()),
        (Basic("münchen", ":"), "Basic " + base64.b64encode("münchen::".encode()).decode()),
    ],
)  # fmt: skip
def test_the_authorization(authorization: Authorization, sent: str | None) -> None:
    header = prepared(authorization=authorization).headers.get("Authorization")
    assert (header.decode() if isinstance(header, bytes) else header) == sent


def test_the_authorization_takes_the_place_of_a_header() -> None:
    headers = (("authorization", "Token fake"), ("X-A", "1"), ("x-a", "2"))
    request = Request(headers=headers, authorization=Bearer("{{code}}"), body=JsonBody("{}"))
    assert headers_of(request) == (
        ("Authorization", "Bearer {{code}}"),
        ("x-a", "2"),
        ("Content-Type", "application/json"),
    )
    assert headers_of(request, with_type=False)[-1] == ("x-a", "2")
    basic = Request(headers=headers, authorization=Basic("a", "b"))
    assert headers_of(basic) == (("x-a", "2"),)


def test_the_query_is_encoded() -> None:
    made = prepared(query=(("a b", "é&=+"), ("code", "{{code}}"), ("code", "2"), ("", "x")))
    assert made.url == f"{URL}?a+b=%C3%A9%26%3D%2B&code=dal%3Afake-code_A&code=2&=x"
    assert prepared().url == URL


def test_references_in_the_address_and_in_headers() -> None:
    url = "https://x.example/{{account_id}}"
    made = prepare(Request("GET", url, headers=(("X", "a {{code}}"),)), vault())
    assert made.url == f"https://x.example/{SECRETS['account_id']}"
    assert made.headers["X"] == f"a {SECRETS['code']}".encode()


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"headers": (("X", "a\r\nY: b"),)}, "A header can't be sent."),
        ({"headers": (("X\n", "a"),)}, "A header can't be sent."),
        ({"headers": (("X", " a{{code}}"),)}, "A header can't be sent."),
        ({"authorization": Bearer("{{code}}\n")}, "A header can't be sent."),
        ({"body": TextBody("{{nothing}}")}, "There is no value for {{nothing}}."),
        ({"authorization": Basic("{{nothing}}", "")}, "There is no value for {{nothing}}."),
    ],
)
def test_what_can_not_be_sent_is_said_without_its_values(parts: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError) as problem:
        prepared(**parts)
    assert problem.value.what == what
    assert problem.value.remedy
    assert SECRETS["code"] not in str(problem.value)
    assert problem.value.__cause__ is None


@pytest.mark.parametrize("url", ["", "x.example", "https://", "https://[x/", "https://*/a"])
def test_an_address_that_can_not_be_used(url: str) -> None:
    with pytest.raises(InputError, match="This address can't be used"):
        prepare(Request("GET", url), Vault())


@settings(deadline=None, max_examples=examples(30), suppress_health_check=list(HealthCheck))
@given(requests_to("http://127.0.0.1"))
def test_what_arrives_is_what_was_meant(recorder: Recorder, request_: Request) -> None:
    values = vault()
    url = request_.url.replace("http://127.0.0.1", recorder.origin)
    request = Request(request_.method, url, *list(vars(request_).values())[2:])
    arrived = recorder.sent_by_us(request, values)

    def meant(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
        return [(values.resolve(name), values.resolve(value)) for name, value in pairs]

    assert arrived.method == request.method
    assert list(arrived.query) == meant(request.query)
    match request.body:
        case FormBody(fields):
            assert arrived.body == meant(fields)
        case TextBody(text):
            assert arrived.body == values.resolve(text).encode()
