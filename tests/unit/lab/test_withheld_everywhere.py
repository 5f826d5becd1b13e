"""A credential in a place where nobody looks for one, and what the lab gives away of the request.

The pair is the Base64 of an account's id and a personal access token, made by hand as the
documentation shows it: whoever has it has the token. It is sent by a cell or typed into the lab,
and then copied as a cURL command, a script, a cell and a Postman collection.
"""

import base64
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import requests
from fakes import ACCOUNT, KINDS, left_of

from lc_tutorial import masking
from lc_tutorial.lab import (
    Entry,
    Request,
    TextBody,
    Vault,
    as_cell,
    as_curl,
    as_python,
    postman,
    withheld,
)
from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.recorded import from_prepared

URL = "https://api.livechatinc.com/v3.6/agent/action/list_chats"
TOKEN = KINDS["personal access token"]
OF_APP = "0123456789abcdef" * 2

#: What a program makes of the token.
MADE: dict[str, Callable[[], str]] = {
    "a pair": lambda: base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode(),
    "a pair without padding": lambda: MADE["a pair"]().rstrip("="),
    "a pair in the other alphabet": lambda: base64.urlsafe_b64encode(
        f"{ACCOUNT}:{TOKEN}".encode()
    ).decode(),
    "a pair with an app": lambda: base64.b64encode(f"{OF_APP}:{TOKEN}".encode()).decode(),
}
#: What nobody can tell who does not know the token.
MADE_OF_KNOWN: dict[str, Callable[[], str]] = {
    "Base64": lambda: base64.b64encode(TOKEN.encode()).decode(),
    "hexadecimal digits": lambda: TOKEN.encode().hex(),
}

#: Where it stands in a request of a cell.
SENT: dict[str, Callable[[str], requests.Request]] = {
    "a value of JSON": lambda v: _to(json={"note": v}),
    "a value deep in JSON": lambda v: _to(json={"a": [{"b": [v]}]}),
    "a name of JSON": lambda v: _to(json={v: 1}),
    "JSON in JSON": lambda v: _to(json={"a": json.dumps({"x": v})}),
    "a sentence in JSON": lambda v: _to(json={"a": f"see {v}, please"}),
    "a query": lambda v: _to(params={"q": v}),
    "a name of a query": lambda v: _to(params={v: "q"}),
    "a path": lambda v: _to(f"{URL}/{quote(v, safe='')}/x"),
    "a header": lambda v: _to(headers={"X-Note": v}),
    "a header of another name": lambda v: _to(headers={"X-Auth": f"Basic {v}"}),
    "Authorization without a scheme": lambda v: _to(headers={"Authorization": v}),
    "Authorization": lambda v: _to(headers={"Authorization": f"Basic {v}"}),
    "Authorization with two blanks": lambda v: _to(headers={"Authorization": f"basic  {v}"}),
    "the wrong scheme": lambda v: _to(headers={"Authorization": f"Bearer {v}"}),
    "a cookie": lambda v: _to(headers={"Cookie": f"a={v}"}),
    "a form": lambda v: _to(data={"note": v}),
    "a name of a form": lambda v: _to(data={v: "1"}),
    "text": lambda v: _to(data=f"<a>{v}</a>", headers={"Content-Type": "text/xml"}),
}

#: What is typed into a field of the lab, and the field's name.
TYPED: dict[str, Callable[[str], tuple[str, str]]] = {
    "alone": lambda v: (v, ""),
    "in a sentence": lambda v: (f"see {v}, please", ""),
    "as a parameter": lambda v: (v, "note"),
    "as a header": lambda v: (v, "X-Note"),
    "as JSON": lambda v: (json.dumps({"a": v}), ""),
    "as an address": lambda v: (f"{URL}?a={quote(v, safe='')}", ""),
    "as a command": lambda v: (f"enc={v}", ""),
}


def _to(url: str = URL, **rest: object) -> requests.Request:
    return requests.Request("POST", url, **rest)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


def unknown() -> Vault:
    return Vault()


def known_to_the_mask() -> Vault:
    masking.remember(TOKEN)
    return Vault()


def in_the_vault() -> Vault:
    vault = Vault()
    vault.put("personal_access_token", TOKEN)
    return vault


CASES = [
    pytest.param(state, make, id=f"{name}, {state.__name__}")
    for state in (unknown, known_to_the_mask, in_the_vault)
    for name, make in (MADE if state is unknown else MADE | MADE_OF_KNOWN).items()
]


def copied(request: Request) -> str:
    """All that can be taken along of a request."""
    collected = postman.collection([Entry("name", "folder", "about", request)])
    return "\n".join(
        [as_curl(request), as_python(request), as_cell(request), json.dumps(collected)]
    )


@pytest.mark.parametrize("place", SENT)
@pytest.mark.parametrize(("state", "make"), CASES)
def test_what_a_cell_sent_is_copied_without_it(
    state: Callable[[], Vault], make: Callable[[], str], place: str
) -> None:
    vault = state()
    prepared = SENT[place](make()).prepare()
    request = from_prepared(prepared, vault)
    assert left_of(TOKEN, copied(request)) == []
    # And it is the same request all the same.
    again = prepare(request, vault)
    assert (again.url, again.body or b"") == (prepared.url, _bytes(prepared.body))


@pytest.mark.parametrize("way", TYPED)
@pytest.mark.parametrize(("state", "make"), CASES)
def test_what_was_typed_is_copied_without_it(
    state: Callable[[], Vault], make: Callable[[], str], way: str
) -> None:
    vault = state()
    text = withheld(*_with_vault(TYPED[way](make()), vault))
    assert left_of(TOKEN, copied(Request("POST", URL, body=TextBody(text)))) == []


def _with_vault(typed: tuple[str, str], vault: Vault) -> tuple[str, Vault, str]:
    return typed[0], vault, typed[1]


def _bytes(body: object) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")  # type: ignore[call-overload,no-any-return]
