"""The values of a request that was pasted: without what came along with them, and what is none.

Quotes, invisible characters and the like around a token are taken off and said, as they are
everywhere in this package. Dots and ``[REDACTED]`` in the place of one stay, and are named: they
are no secret, and nobody knows what they hide.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lc_tutorial.lab.names import name_of
from lc_tutorial.lab.request import REFERENCE, Basic, Bearer, FormBody, JsonBody, Pairs, Request
from lc_tutorial.lab.secret_names import LONGEST_SECRET, secret_name, stands_in
from lc_tutorial.masking import SECRET_HEADERS
from lc_tutorial.pasting import MARKED, QUOTES, Kind, hidden_sentence, read, without_invisible

#: What is read: these have a form of their own, in which nothing else belongs.
_KINDS = {
    "client_id": Kind.CLIENT_ID,
    "client_secret": Kind.CLIENT_SECRET,
    "code": Kind.CODE,
    "code_verifier": Kind.CODE_VERIFIER,
    "access_token": Kind.ACCESS_TOKEN,
    "refresh_token": Kind.REFRESH_TOKEN,
}

_AROUND_A_PLACEHOLDER = f"{QUOTES}*,;"

# The name of a field, between its quotes.
_NAME_IN_JSON = re.compile(r"(?<=\")[A-Za-z][^\s\"\\\\]{1,60}(?=\"\s*:)")
_NAME = re.compile(r"[A-Za-z]\w+", re.ASCII)


def with_plain_values(request: Request, notes: list[str]) -> Request:
    """The request with its tokens, codes and credentials without what surrounds them.

    Args:
        request: with references in the place of placeholders.
        notes: gets what was taken off, as sentences.
    """

    def pairs(given: Pairs) -> Pairs:
        named = ((with_plain_name(name, notes), value) for name, value in given)
        return tuple((name, _plain(name_of(name) or "", value, notes)) for name, value in named)

    authorization, body = request.authorization, request.body
    if isinstance(authorization, Bearer):
        authorization = Bearer(_plain("access_token", authorization.token, notes))
    if isinstance(body, FormBody):
        body = FormBody(pairs(body.fields))
    elif isinstance(body, JsonBody):
        text = _NAME_IN_JSON.sub(lambda found: with_plain_name(found[0], notes), body.text)
        body = JsonBody(text)
    headers = tuple((name, _plain_header(name, value, notes)) for name, value in request.headers)
    query = pairs(request.query)
    return replace(request, query=query, headers=headers, authorization=authorization, body=body)


def with_plain_name(name: str, notes: list[str]) -> str:
    r"""The name of a field without characters that show nothing, if it is plain but for them.

    >>> with_plain_name("lim\u200bit", [])
    'limit'
    """
    plain = without_invisible(name)
    if plain == name or not _NAME.fullmatch(plain):
        return name
    notes.append(f"Invisible characters in the name {plain[:40]} were taken out.")
    return plain


def _plain_header(name: str, value: str, notes: list[str]) -> str:
    scheme, space, token = value.partition(" ")
    if name.lower() != "authorization" or scheme.lower() != "bearer" or not token.strip():
        return value
    return f"{scheme}{space}{_plain('access_token', token.strip(), notes)}"


def _plain(name: str, value: str, notes: list[str]) -> str:
    kind = _KINDS.get(name)
    if kind is None or len(value) > LONGEST_SECRET:
        return value
    if REFERENCE.search(value):
        # A placeholder stood there, and its marks are gone; quotes around them are not.
        bare = value.strip(_AROUND_A_PLACEHOLDER)
        if bare == value or not REFERENCE.fullmatch(bare):
            return value
        notes.append(f"What came along with the {kind.value} was taken off: quotation marks.")
        return bare
    if stands_in(value):
        return value
    reading = read(value, kind)
    if reading.value == value or not reading.value:
        return value
    inside = "percent-encoding" if "%" in value else "what does not belong into its region"
    taken = " and ".join(reading.layers) or inside
    notes.append(f"What came along with the {kind.value} was taken off: {taken}.")
    return reading.value


def what_is_hidden(request: Request) -> Iterator[str]:
    """What only stands in the place of a secret, and can't be one, as sentences."""
    match request.authorization:
        case Bearer(token) | Basic(_, token):
            yield from _hidden("The token", token)
    for name, value in request.headers:
        if name.lower() in SECRET_HEADERS:
            yield from _hidden(f"The header {name}", value)
    body = request.body
    fields = list(request.query)
    fields += [pair for pair in request.headers if pair[0].lower() not in SECRET_HEADERS]
    if isinstance(body, FormBody):
        fields += body.fields
    elif isinstance(body, JsonBody):
        fields += _texts(body)
    for name, value in fields:
        if secret_name(name) is not None:
            yield from _hidden(name, value)


def _hidden(what: str, value: str) -> Iterator[str]:
    if len(value) > LONGEST_SECRET or REFERENCE.fullmatch(value):
        return
    if said := hidden_sentence(value):
        yield f"{what} is not here: {said[0].lower()}{said[1:]} Write or choose the value below."
    elif stands_in(value):
        marked = MARKED.search(REFERENCE.sub("", value))
        placeholder = marked[0] if marked else value
        yield f"Nobody but you knows what {placeholder[:60]} stands for: write it below."


def _texts(body: JsonBody) -> Iterator[tuple[str, str]]:
    try:
        data = body.data()
    except (ValueError, RecursionError):
        return
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(name, each) for each in value]
        elif isinstance(value, str):
            yield name, value
