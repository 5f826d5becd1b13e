"""Whatever form a known secret has, the mask hides it; and it hides nothing else."""

import base64
import html
import json
import pprint
import reprlib
import string
import textwrap
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import pytest
from fakes import ACCOUNT, KINDS, fake, left_of, pair, secret_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lc_tutorial import masking
from lc_tutorial.masking import DOTS, declare_public, mask, remember

#: Each way in which a program writes a secret otherwise.
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "within other text": lambda v: f"<{v}>",
    "bytes": lambda v: repr(v.encode()),
    "a header": lambda v: f"Authorization: Bearer {v}",
    "Base64": lambda v: base64.b64encode(v.encode()).decode(),
    "Base64 without padding": lambda v: base64.b64encode(v.encode()).decode().rstrip("="),
    "Base64 of the other alphabet": lambda v: base64.urlsafe_b64encode(v.encode()).decode(),
    "Base64 of a pair": pair,
    "Base64 of a pair, encoded": lambda v: quote(pair(v), safe=""),
    "Base64 of JSON": lambda v: base64.b64encode(json.dumps({"a": [v, 1]}).encode()).decode(),
    "Base64 of a pair, in bytes": lambda v: repr(pair(v).encode()),
    "wrapped Base64": lambda v: base64.encodebytes(f"{ACCOUNT}:{v}".encode()).decode(),
    "wrapped Base64, escaped": lambda v: repr(base64.encodebytes(f"{ACCOUNT}:{v}".encode())),
    "wrapped at 64": lambda v: "\n".join(textwrap.wrap(pair(v), 64)),
    "hex": lambda v: v.encode().hex(),
    "hex in capital letters": lambda v: base64.b16encode(v.encode()).decode(),
    "encoded": lambda v: quote(v, safe=""),
    "encoded twice": lambda v: quote(quote(v, safe=""), safe=""),
    "encoded for a form": quote_plus,
    "JSON": json.dumps,
    "JSON in JSON": lambda v: json.dumps(json.dumps({"a": v})),
    "HTML": html.escape,
    "divided by pprint": lambda v: pprint.pformat(f"xx{v}xx".encode(), width=20),
    "divided by lines": lambda v: "\n".join(textwrap.wrap(v, 7)),
    "divided by escaped lines": lambda v: repr("\n".join(textwrap.wrap(v, 7))),
    "letter by letter": lambda v: " ".join(v),
    "a list of letters": lambda v: str(list(v)),
    "in colours": lambda v: f"{v[:9]}\x1b[31m{v[9:]}\x1b[0m",
    "cut by reprlib": lambda v: reprlib.repr(f"x={v}"),
    "cut at its end": lambda v: f"{v[:14]}...",
    "cut with one character": lambda v: f"{v[:14]}…",
    "cut by %whos": lambda v: f"{v[:25]}<...>{v[-25:]}",
    "a cut pair": lambda v: f"Basic {pair(v)[:19]}...{pair(v)[-14:]}\\n'",
    "a cut pair in brackets": lambda v: f"{pair(v)[:19]} [...] {pair(v)[-14:]}",
}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_known_secret_is_masked_in_every_form(kind: str, form: str) -> None:
    value = KINDS[kind]
    shown = FORMS[form](value)
    remember(value)
    masked = mask(f"before {shown} after")
    assert DOTS in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert left_of(value, masked.removeprefix("before ").removesuffix(" after")) == []
    assert mask(masked) == masked


def test_what_is_looked_for_can_be_found() -> None:
    value = KINDS["refresh token"]
    for form in FORMS.values():
        assert left_of(value, form(value)), form


secrets_ = st.text(string.ascii_letters + string.digits + "_-", min_size=20, max_size=64).filter(
    lambda v: len(set(v)) > 10 and not v.isalpha()
)


@settings(max_examples=150, deadline=None)
@given(secret=secrets_, form=st.sampled_from(sorted(FORMS)), region=st.sampled_from(["", "dal:"]))
@example(secret=f"{'0' * 53}123456789b", form="divided by escaped lines", region="")
def test_no_form_of_a_random_secret_passes(secret: str, form: str, region: str) -> None:
    masking.forget_all()
    remember(f"{region}{secret}")
    masked = mask(FORMS[form](f"{region}{secret}"))
    assert DOTS in masked
    assert secret not in masked
    assert secret[-12:] not in masked


#: Divided by nines, its last piece is the b alone.
ENDS_IN_B = "notARealSecret_01234567890xb"

#: What a secret is divided by, or stands behind, with letters in it that could be its own.
MARKS = {
    "lines in quotation marks": (ENDS_IN_B, lambda v: f"'{wrapped(v)}'"),
    "escaped lines": (ENDS_IN_B, lambda v: repr(wrapped(v))),
    "a list of pieces": (ENDS_IN_B, lambda v: str(wrapped(v).split("\n"))),
    "bytes in lines": (ENDS_IN_B, lambda v: "\n".join(map(repr, pieces(v)))),
    "bytes in escaped lines": (
        ENDS_IN_B,
        lambda v: json.dumps("\n".join(map(repr, pieces(v)))),
    ),
    "coloured bytes": (ENDS_IN_B, lambda v: f"\x1b[31m{pieces(v)}\x1b[0m"),
    **{
        f"a backslash and {letter}": (f"{letter}ot-a-real-Secret_012345678", lambda v: f"C:\\{v}")
        for letter in "nrtb"
    },
}


def wrapped(value: str) -> str:
    return "\n".join(textwrap.wrap(value, 9))


def pieces(value: str) -> list[bytes]:
    return [piece.encode() for piece in textwrap.wrap(value, 9)]


@pytest.mark.parametrize("mark", MARKS)
def test_letters_that_could_be_marks_are_read_both_ways(mark: str) -> None:
    value, write = MARKS[mark]
    remember(value)
    assert left_of(value, mask(write(value))) == []


# "undefined" is what programs write where they have no value, and is left as it is.
odd_secrets = st.text(
    st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40
).filter(lambda v: v != "undefined")
ODD_FORMS = {
    "as it is": str,
    "JSON": json.dumps,
    "bytes": lambda v: repr(v.encode()),
    "repr": repr,
    "HTML": html.escape,
    "encoded": lambda v: quote(v, safe=""),
    "encoded twice": lambda v: quote(quote(v, safe=""), safe=""),
    "Base64 of a pair": pair,
    "Base64 of the other alphabet": lambda v: base64.urlsafe_b64encode(f"a:{v}".encode()).decode(),
    "hex": lambda v: v.encode().hex(),
}


@settings(max_examples=150, deadline=None)
@given(secret=odd_secrets, form=st.sampled_from(sorted(ODD_FORMS)))
def test_no_form_of_an_odd_secret_passes(secret: str, form: str) -> None:
    if "://" in secret or not secret.strip("•*. ") or secret.count(":"):
        return
    masking.forget_all()
    remember(secret)
    shown = ODD_FORMS[form](secret)
    assert shown not in mask(f"see {shown} here")


# --- A pair makes its token known -----------------------------------------------------------------


@pytest.mark.parametrize(
    "remembered", [pair, lambda v: f"Basic {pair(v)}", lambda v: f"{ACCOUNT}:{v}"]
)
def test_who_knows_the_pair_knows_the_token(remembered: Callable[[str], str]) -> None:
    token = KINDS["personal access token"]
    remember(remembered(token))
    assert mask(secret_of(token)) == DOTS
    assert mask(ACCOUNT) == ACCOUNT


@pytest.mark.parametrize("user", [ACCOUNT, fake("id").encode().hex()[:32]])
def test_a_pair_that_nobody_knows_is_one_by_its_looks(user: str) -> None:
    token = KINDS["personal access token"]
    enc = base64.b64encode(f"{user}:{token}".encode()).decode()
    assert mask(f"enc = '{enc}'") == f"enc = '{DOTS}'"
    # And so is the token from here on.
    assert mask(secret_of(token)) == DOTS


# --- What stays -----------------------------------------------------------------------------------

CLIENT_ID = "0123456789abcdef" * 2
ORDINARY = {
    "prose": "A code is exchanged once; the refresh_token lives on... and on…",
    "code": "token = lc.Token.from_response(response)\nassert token.access_token",
    "camel case": "AuthorizationCodeGrantWithProofKeyForCodeExchange(HTTPBasicAuth2)",
    "a UUID": "id=6f1c2d3e-4b5a-4c7d-8e9f-0a1b2c3d4e5f",
    "a commit": "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "a SHA-256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "a Client Id": f"client_id={CLIENT_ID}",
    "a redirect URI": "redirect_uri=http://127.0.0.1:8377/callback",
    "a link": (
        "https://accounts.livechat.com/?response_type=code&state=Kx7pQ2vLm9Rt4Zb8Wc1Yd5N"
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    ),
    "a link beside names": (
        "<code>code_verifier</code> and <code>access_token</code>: "
        '<a href="/?state=Kx7pQ2vLm9Rt4Zb8Wc1Yd5N">'
    ),
    "a page id": '{"next_page_id": "MTUxNzM5ODEzMTQ5Ng==", "found_chats": 25}',
    "a chat": '{"id": "PJ0MRSHTDG", "code": 200, "user": "b7eff798-f8df-4364-8059-649c35c9ed0c"}',
    "a picture": f'<img src="data:image/png;base64,{"iVBORw0KGgo/AAA+NSUhEUgAA" * 40}">',
    "names without values": "access_token    refresh_token   scope   expires_in",
    "a table of names": "<th>access_token</th><td>required</td><td>a string</td>",
    "a remedy": "refresh_token: use the newest one, see lc.show(response)",
    "the scheme alone": "Authorization: Basic, or Bearer with an access_token",
    "Base64 of a sentence": base64.b64encode(b"A sentence with: a colon, and no secret.").decode(),
}


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_text_stays(text: str) -> None:
    for value in KINDS.values():
        remember(value)
    assert mask(text) == text


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_stays_that_holds_no_secret(text: str) -> None:
    masking.forget_all()
    remember(KINDS["refresh token"])
    if "dal" not in text and "fra" not in text:
        assert mask(text) == text


@settings(max_examples=100, deadline=None)
@given(number=st.uuids(), data=st.binary(min_size=20, max_size=64))
def test_ids_and_digests_stay(number: uuid.UUID, data: bytes) -> None:
    masking.forget_all()
    remember(KINDS["client secret"])
    text = f"{number} {data.hex()} {{'client_id': '{number.hex}'}}"
    assert mask(text) == text


# --- What is public -------------------------------------------------------------------------------

URI = "http://127.0.0.1:8377/callback"


def test_an_address_is_never_remembered_as_a_whole() -> None:
    remember(URI)
    assert mask(f"redirect_uri={URI}") == f"redirect_uri={URI}"


@pytest.mark.parametrize("slip", [CLIENT_ID, CLIENT_ID[:31], CLIENT_ID[1:], f"{CLIENT_ID}0"])
def test_what_was_a_slip_is_forgotten_when_it_is_put_right(slip: str) -> None:
    remember(slip)
    declare_public(CLIENT_ID, URI)
    shown = f"client_id={CLIENT_ID}&redirect_uri={URI} {slip}"
    assert mask(shown) == shown
    # The same slip again.
    remember(slip[:31])
    assert mask(shown) == shown


def test_a_secret_that_was_taken_for_public_is_one_again() -> None:
    secret = KINDS["client secret in hex"]
    declare_public(secret)
    remember(secret)
    assert mask(secret) == secret
    remember(secret, certain=True)
    assert mask(secret) == DOTS


def test_secrets_that_are_no_slips_stay_secret() -> None:
    remember(KINDS["client secret"])
    declare_public(CLIENT_ID, URI)
    assert mask(KINDS["client secret"]) == DOTS
