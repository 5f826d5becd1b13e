"""What becomes of a page's policy in the frame: nothing is allowed that was not."""

import pytest

from lc_tutorial.forms.frame.policy import (
    Inlined,
    Policy,
    allows_self,
    digest,
    in_frame,
    may_fetch,
    read_policies,
)

SCRIPT, STYLE = digest("the script of every page"), digest("a style")


def kept(header: str, inlined: Inlined | None = None) -> list[Policy]:
    """The page's own policies, as they are in the frame; ours comes before them."""
    texts = in_frame(read_policies(header), inlined or Inlined([SCRIPT], [STYLE]))
    return [read_policies(text)[0] for text in texts][1:]


def test_the_sandbox_s_policy() -> None:
    (policy,) = kept(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self' http://127.0.0.1:8377; frame-ancestors 'none'; base-uri 'none'"
    )
    assert policy == {
        "default-src": ("'none'",),
        "style-src": (STYLE,),
        "script-src": (SCRIPT,),
        "img-src": ("'none'",),
        "form-action": ("'none'",),
        "base-uri": ("'none'",),
    }


@pytest.mark.parametrize(
    ("header", "directive", "sources"),
    [
        # What a directive that is missing falls back to stays its limit.
        ("default-src 'none'", "script-src", (SCRIPT,)),
        ("default-src 'self' https://a.example", "style-src", ("https://a.example", STYLE)),
        ("default-src 'none'", "img-src", ("'none'",)),
        # A nonce is the page's own; this one is as it was.
        ("style-src 'nonce-abc'", "style-src", ("'nonce-abc'", STYLE)),
        ("script-src 'self'; script-src *", "script-src", (SCRIPT,)),
        ("SCRIPT-SRC 'none'", "script-src", (SCRIPT,)),
        ("script-src-elem 'self'", "script-src-elem", (SCRIPT,)),
        ("connect-src 'self'", "connect-src", ("'none'",)),
    ],
)
def test_each_directive(header: str, directive: str, sources: tuple[str, ...]) -> None:
    assert kept(header)[0][directive] == sources


def test_what_only_a_header_can_say_is_left_out() -> None:
    header = "sandbox; report-uri /x; report-to y; frame-ancestors https://a.example"
    assert kept(header)[0].keys() == {"form-action", "base-uri"}


def test_all_of_several_policies_hold() -> None:
    policies = kept("script-src 'self', default-src 'none'")
    assert [policy["script-src"] for policy in policies] == [(SCRIPT,), (SCRIPT,)]


def test_a_page_without_a_policy_gets_ours() -> None:
    (text,) = in_frame([], Inlined([SCRIPT]))
    ours = read_policies(text)[0]
    assert ours["default-src"] == ("'none'",)
    assert ours["script-src"] == (SCRIPT,)
    assert ours["form-action"] == ("'none'",)


def test_pictures_are_allowed_where_one_is_inlined() -> None:
    inlined = Inlined([SCRIPT], has_images=True)
    assert kept("img-src 'self'", inlined)[0]["img-src"] == ("data:",)
    assert kept("img-src 'self'")[0]["img-src"] == ("'none'",)


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        ("script-src 'self'", True),
        ("default-src 'self'", True),
        ("default-src 'self'; script-src 'none'", False),
        ("default-src 'none'", False),
        ("script-src 'self', script-src 'none'", False),
        ("script-src https://a.example", False),
    ],
)
def test_what_a_page_may_load_from_its_own_place(header: str, allowed: bool) -> None:
    assert allows_self(read_policies(header), "script-src") is allowed


def test_which_pages_ask_the_server_by_themselves() -> None:
    assert may_fetch(read_policies("default-src 'none'; connect-src 'self'"))
    assert not may_fetch(read_policies("default-src 'none'"))
    assert not may_fetch(read_policies("default-src 'none'; connect-src 'none'"))
    assert not may_fetch(read_policies("connect-src 'self', default-src 'none'"))
    assert not may_fetch([])
