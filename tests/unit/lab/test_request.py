"""A request before it is sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lc_tutorial.errors import InputError
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody, split_url


@pytest.mark.parametrize(
    ("url", "address", "query"),
    [
        ("https://x.example", "https://x.example", ()),
        (" https://x.example/a?b=1&b=2&c\n", "https://x.example/a",
         (("b", "1"), ("b", "2"), ("c", ""))),
        ("https://x.example/?a=x%20y+z%2B", "https://x.example/", (("a", "x y z+"),)),
        ("https://x.example/?a=1#b?c=2", "https://x.example/", (("a", "1"),)),
        ("https://x.example/#b?c=2", "https://x.example/", ()),
        ("http://[::1]:8000/a", "http://[::1]:8000/a", ()),
        ("https://x.example/{{account_id}}?a={{code}}", "https://x.example/{{account_id}}",
         (("a", "{{code}}"),)),
    ],
)  # fmt: skip
def test_a_url_in_its_parts(url: str, address: str, query: tuple[tuple[str, str], ...]) -> None:
    assert split_url(url) == (address, query)
    assert Request.to(url, method="PUT") == Request("PUT", address, query)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "does not begin with https://"),
        ("x.example/a", "does not begin with https://"),
        ("ftp://x.example/", "does not begin with https://"),
        ("javascript:alert(1)", "does not begin with https://"),
        ("https:///a", "names no host"),
        ("https://:8000/", "names no host"),
        ("https://x.example:0/", "names no host"),
        ("https://x.example:a/", "can't be read"),
        ("https://x.example:99999/", "can't be read"),
        ("https://[x/", "can't be read"),
        ("https://x.example/a b", "spaces or line breaks"),
        ("https://me:fake-password@x.example/", "a user name"),
        ("https://me@x.example/", "a user name"),
    ],
)
def test_what_is_no_address(url: str, why: str) -> None:
    with pytest.raises(InputError) as problem:
        Request.to(url)
    assert why in problem.value.why
    assert "fake-password" not in str(problem.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://X.example:8000/a", "x.example:8000"),
        ("https://me@x.example/", "x.example"),
        ("", ""),
        ("https://[x/", ""),
    ],
)
def test_the_host(url: str, host: str) -> None:
    assert Request(url=url).host == host


def test_the_last_header_of_a_name_counts_whatever_its_case() -> None:
    request = Request(headers=(("X-A", "1"), ("x-a", "2"), ("X-B", "3")))
    assert request.header("X-a") == "2"
    assert request.header("X-C") is None


def test_the_references_of_all_parts_each_once() -> None:
    request = Request(
        url="https://x.example/{{account_id}}",
        query=(("{{a}}", "{{b}}{{c}}"),),
        headers=(("X", "{{d}} {{a}}"),),
        authorization=Basic("{{e}}", "{{f}}"),
        body=JsonBody('{"x": "{{g_2}}"}'),
    )
    assert request.references == ("account_id", "a", "b", "c", "d", "e", "f", "g_2")
    assert Request(authorization=Bearer("{{a}}"), body=FormBody((("{{b}}", "{{c}}"),))).references \
        == ("a", "b", "c")  # fmt: skip
    assert Request(body=TextBody("{{a}} {{A}} {{ b }} {c} {{2}} {{}}")).references == ("a",)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_json_is_kept_to_the_letter(data: object) -> None:
    text = json.dumps(data)
    assert JsonBody(text).text == text
    assert JsonBody(text).data() == data


def test_json_that_is_none_says_where() -> None:
    with pytest.raises(json.JSONDecodeError) as problem:
        JsonBody('{\n "a" 1}').data()
    assert (problem.value.lineno, problem.value.colno) == (2, 6)
