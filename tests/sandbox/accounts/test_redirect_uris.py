"""Source, where a case names none: livechat-public-docs, authorization/oauth-authorization."""

import pytest

from lc_tutorial.sandbox.accounts import redirect_uris

THE_ELEVEN = [
    (1, "http://livechat.com", "http://livechat.com", True),
    (2, "http://livechat.com", "http://livechat.com/archives", True),
    (3, "http://livechat.com", "http://livechat.com/archives/../", False),
    (4, "http://livechat.com/archives", "http://livechat.com", False),
    (5, "http://livechat.com/archives", "http://livechat.com/archives", True),
    (6, "http://livechat.com/archives", "http://livechat.com/archives/chats", True),
    (7, "http://localhost:3000", "http://localhost:3000", True),
    (8, "http://127.0.0.1:3000", "http://127.0.0.1:3000", True),
    (9, "http://localhost:3000", "http://localhost:4000", False),
    (10, "https://livechat.com", "http://livechat.com", False),
    (11, "http://livechat.com", "https://livechat.com", False),
]


@pytest.mark.parametrize(
    ("configured", "requested", "valid"),
    [pytest.param(*case[1:], id=f"oauth-authorization, example {case[0]}") for case in THE_ELEVEN],
)
def test_examples_of_the_documentation(configured: str, requested: str, valid: bool) -> None:
    assert redirect_uris.is_allowed([configured], requested) is valid


@pytest.mark.parametrize(
    ("configured", "requested", "valid"),
    [
        # assumed: "a substring" is the start of the path, up to the end of a segment
        ("http://a.example/archives", "http://a.example/archives-evil", False),
        ("http://a.example/archives", "http://a.example/archivesevil/x", False),
        ("http://a.example/archives", "http://a.example/evil/archives", False),
        ("http://a.example/archives", "http://a.example/archives/", True),
        # troubleshooting: "including the slash at the end if you used it"
        ("http://a.example/archives/", "http://a.example/archives", False),
        ("http://a.example/archives/", "http://a.example/archives/", True),
        ("http://a.example/archives/", "http://a.example/archives/chats", True),
        ("https://www.livechat.com/", "https://www.livechat.com/", True),
        ("https://www.livechat.com/", "https://www.livechat.com", False),
        ("https://www.livechat.com/", "https://www.livechat.com/hello-again/", True),
        # "a hostname or IP and an optional port; required and must match exactly"
        ("http://a.example", "http://a.example:80", False),
        ("http://a.example", "http://A.example", False),
        ("http://a.example", "http://a.example.evil.example", False),
        ("http://a.example", "http://b.a.example", False),
        ("http://127.0.0.1:8377/callback", "http://localhost:8377/callback", False),
        ("http://127.0.0.1:8377/callback", "http://127.0.0.1:8377/callback", True),
        ("http://127.0.0.1:83", "http://127.0.0.1:8377", False),
        ("http://[::1]:8377/callback", "http://[::1]:8377/callback", True),
        ("my_app://callback", "my_app://callback", True),
        ("my_app://callback", "my_app://other", False),
        ("my_app://callback", "my-app://callback", False),
        ("http://a.example/Archives", "http://a.example/archives", False),
    ],
)
def test_matching(configured: str, requested: str, valid: bool) -> None:
    assert redirect_uris.is_allowed([configured], requested) is valid


# "path traversals are forbidden"; assumed: in whatever encoding
TRAVERSALS = [
    "/archives/..",
    "/archives/../",
    "/archives/../evil",
    "/archives/%2e%2e/evil",
    "/archives/%2E%2E/evil",
    "/archives/.%2e/evil",
    "/archives/%2e./evil",
    "/archives/..%2fevil",
    "/archives%2f..%2fevil",
    "/archives/%252e%252e/evil",
    "/archives/%25252e%25252e/evil",
    "/archives/..%252fevil",
    "/archives/..;/evil",
    "/archives/..;a=b/evil",
    "/archives/%2e%2e%3b/evil",
    "/archives/..\\evil",
    "/archives\\..\\evil",
    "/archives/..%5cevil",
    "/archives/..%255cevil",
    "/archives/%c0%ae%c0%ae/evil",
    "/archives/%25c0%25ae/evil",
    "/archives/%u002e%u002e/evil",
    "/archives/%ef%bc%8e%ef%bc%8e/evil",
    "/archives/%e2%80%a5/evil",
    "/archives/..%00/evil",
    "/archives/../archives",
]


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("configured", ["http://a.example", "http://a.example/archives"])
def test_path_traversal_is_refused_in_every_encoding(configured: str, path: str) -> None:
    assert redirect_uris.is_allowed([configured], f"http://a.example{path}") is False


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "callback",
        "/callback",
        "//a.example/callback",
        "a.example/callback",
        "http:/a.example",
        "http:a.example",
        "http://",
        "http:///callback",
        "http://a.example?",
        "http://a.example/?size=20",
        "http://a.example/#paragraph",
        "http://a.example#",
        "http://user@a.example",
        "http://user:password@a.example",
        "http://b.example@a.example",
        "http://a.example\\@b.example",
        "http://a.example\\.b.example",
        " http://a.example",
        "http://a.example ",
        "http://a.example/a b",
        "http://a.example/\r\nSet-Cookie: a=b",
        "http://a.example/%0d%0aSet-Cookie:%20a=b",
        "http://a.example/%250d%250a",
        "http://a.example/\x00",
        "http://a.example/%00",
        "http://a.example/\x7f",
        "http://a.example/\t",
        "http://a.example/100%",
        "http://a.example/%zz",
        "http://a.example/ñ",
        "http://ａ.example",
        "http://a..example",
        "http://a.example:port",
        "http://a.example:",
        "http://*.example",
        "http://a.example,http://b.example",
        "javascript://a.example/%0aalert(1)",
        "JavaScript://a",
        "data://a",
        "file:///etc/passwd",
        "http://a.example/" + "a" * 3000,
        "http://a.example/%" + "25" * 900 + "2e",
    ],
)
def test_what_is_no_redirect_uri_can_neither_be_whitelisted_nor_requested(uri: str) -> None:
    assert redirect_uris.problem(uri)
    assert redirect_uris.is_allowed([uri, "http://a.example", "http://b.example"], uri) is False


@pytest.mark.parametrize(
    "uri",
    [
        "http://a.example",
        "https://www.livechat.com/",
        "http://127.0.0.1:8377/callback",
        "http://[::1]:8377/",
        "https://hub.example.org/user/ada/proxy/8377/callback",
        "https://hub.example.org/user/ada%40example.org/proxy/8377/callback",
        "http://a.example/a%20b/100%25/..a/a../...",
        "my_app://callback",
        "com.example.app://",
    ],
)
def test_what_can_be_whitelisted(uri: str) -> None:
    assert redirect_uris.problem(uri) is None
    assert redirect_uris.is_allowed([uri], uri) is True


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("", "empty"),
        ("http://a.example?b", "query"),
        ("http://a.example#b", "fragment"),
        ("http://b@a.example", "user name"),
        ("http://a b.example", "space"),
        ("http://a.example/../b", "path traversal"),
        ("a.example", "full address"),
        ("javascript://a", "javascript:"),
        ("http://a.example/%", "hexadecimal"),
    ],
)
def test_the_fault_is_named(uri: str, said: str) -> None:
    assert said in (redirect_uris.problem(uri) or "")


def test_an_unreadable_entry_of_the_whitelist_lets_nothing_through() -> None:
    assert redirect_uris.is_allowed(["", "nonsense"], "http://a.example") is False


def test_one_entry_of_several_is_enough() -> None:
    whitelist = ["http://a.example/x", "http://b.example"]
    assert redirect_uris.is_allowed(whitelist, "http://b.example/y") is True


@pytest.mark.parametrize(
    ("uri", "custom"), [("my_app://a", True), ("http://a.example", False), ("https://a", False)]
)
def test_custom_schemes_are_told_from_the_web(uri: str, custom: bool) -> None:
    assert redirect_uris.is_custom_scheme(uri) is custom


@pytest.mark.parametrize(
    ("requested", "said"),
    [
        ("https://127.0.0.1:8377/callback", "starts with https://, not with http://"),
        ("http://localhost:8377/callback", "localhost:8377, not 127.0.0.1:8377"),
        ("http://127.0.0.1:8378/callback", "127.0.0.1:8378, not 127.0.0.1:8377"),
        ("http://127.0.0.1:8377/callbak", "/callbak, and does not start with /callback"),
        ("http://127.0.0.1:8377", "its path is empty"),
        ("http://127.0.0.1:9/app", "slash at its end is missing"),
        ("http://127.0.0.1:8377/callback?a=b", "a query"),
    ],
)
def test_the_difference_is_named(requested: str, said: str) -> None:
    whitelist = ["http://127.0.0.1:9/app/", "http://127.0.0.1:8377/callback"]
    assert said in redirect_uris.difference(whitelist, requested)


def test_the_difference_to_an_empty_whitelist() -> None:
    assert "empty" in redirect_uris.difference([], "http://a.example")
