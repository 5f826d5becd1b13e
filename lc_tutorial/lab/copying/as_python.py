"""From a request to Python code that sends it with ``requests``, as the notebooks write it.

There are two kinds. :func:`as_python` is a program by itself: it takes the secrets from the
environment, where every terminal and every service can put them. :func:`as_cell` is for a cell of
notebook 01: there the secrets have names already, ``token.access_token``. Neither holds a value,
and both are laid out as ruff and black would.
"""

import builtins
import json
import keyword
from collections.abc import Callable, Mapping
from typing import Any

from lc_tutorial.lab.copying.as_curl import variable
from lc_tutorial.lab.copying.python_layout import (
    LINE_LENGTH,
    Brackets,
    Node,
    lay_out,
    string,
    width,
)
from lc_tutorial.lab.prepare import headers_of
from lc_tutorial.lab.request import (
    METHODS,
    REFERENCE,
    Basic,
    Body,
    FormBody,
    JsonBody,
    Pairs,
    Request,
)
from lc_tutorial.lab.vault import MEANINGS

#: Where notebook 01 has what a reference stands for.
IN_THE_NOTEBOOK: Mapping[str, str] = {
    "access_token": "token.access_token",
    "refresh_token": "token.refresh_token",
    "account_id": "token.account_id",
    "organization_id": "token.organization_id",
    "client_id": "app.client_id",
    "client_secret": "app.client_secret",
    "redirect_uri": "app.redirect_uri",
    "code": "authorization.code",
    "code_verifier": "pkce.verifier",
    "code_challenge": "pkce.challenge",
}

#: Seconds. Without a limit ``requests`` waits forever.
_TIMEOUT = "30"

_TAKEN = frozenset({"json", "lc", "os", "requests", "response", *dir(builtins)})

#: Python reads no more than some hundred brackets within brackets; data never needs that.
_DEEPEST = 40

_SHOW = ["print(response.status_code)", "print(response.text)"]
_SHOW_IN_CELL = ["lc.show(response)"]


def as_python(request: Request) -> str:
    """The request as a program by itself: secrets are variables of the environment.

    >>> print(as_python(Request.to("https://accounts.livechat.com/v2/info")), end="")
    import requests
    <BLANKLINE>
    response = requests.get("https://accounts.livechat.com/v2/info", timeout=30)
    print(response.status_code)
    print(response.text)
    """
    return _code(request, {}, imports=[["requests"]], show=_SHOW)


def as_cell(request: Request) -> str:
    """The request as a cell of notebook 01: secrets are the names that they have there.

    What has no name there is a variable of the environment, too.
    """
    imports = [["requests"], ["lc_tutorial as lc"]]
    return _code(request, IN_THE_NOTEBOOK, imports=imports, show=_SHOW_IN_CELL)


def _code(
    request: Request, there: Mapping[str, str], *, imports: list[list[str]], show: list[str]
) -> str:
    names = {name: there.get(name) or _own_name(name) for name in request.references}
    taken = [name for name in names if name not in there]
    standard = ["json"] if _needs_escapes(request.body) else []
    standard += ["os"] if taken else []
    paragraphs = [[f"import {name}" for name in group] for group in [standard, *imports]]
    paragraphs.append([_from_environment(names[name], name) for name in taken])
    response = lay_out(_call(request, names.__getitem__), before=len("response = "))
    paragraphs.append([f"response = {response}", *show])
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def _own_name(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


def _from_environment(own_name: str, name: str) -> str:
    line = f'{own_name} = os.environ["{variable(name)}"]'
    with_meaning = f"{line}  # {MEANINGS.get(name, '')}"
    return with_meaning if name in MEANINGS and width(with_meaning) <= LINE_LENGTH else line


# --- The call -------------------------------------------------------------------------------------

Expression = Callable[[str], str]


def _call(request: Request, expression: Expression) -> Brackets:
    arguments: list[tuple[str, Node]] = [("", string(request.url, expression))]
    function = f"requests.{request.method.lower()}("
    if request.method not in METHODS:
        function = "requests.request("
        arguments.insert(0, ("", string(request.method, expression)))
    arguments.append(("timeout=", _TIMEOUT))
    if request.query:
        arguments.append(("params=", _pairs(request.query, expression)))
    if headers := _headers(request, expression):
        arguments.append(("headers=", Brackets("{", tuple(headers), "}")))
    if isinstance(request.authorization, Basic):
        pair = (request.authorization.user, request.authorization.password)
        elements = tuple(("", _text(text, expression)) for text in pair)
        arguments.append(("auth=", Brackets("(", elements, ")")))
    return Brackets(function, (*arguments, *_body(request.body, expression)), ")")


def _headers(request: Request, expression: Expression) -> list[tuple[str, Node]]:
    return [
        (f"{string(name, expression)}: ", _text(value, expression))
        for name, value in headers_of(request, with_type=not _says_its_type(request.body))
    ]


def _says_its_type(body: Body) -> bool:
    """Whether ``requests`` sets the right Content-Type by itself."""
    match body:
        case FormBody(fields):
            return bool(fields)
        case JsonBody(text):
            return _data(text) is not None
    return False


def _body(body: Body, expression: Expression) -> list[tuple[str, Node]]:
    match body:
        case None:
            return []
        case FormBody(fields):
            return [("data=", _pairs(fields, expression))] if fields else []
        case JsonBody(text) if (data := _data(text)) is not None:
            return [("json=", _literal(data, expression))]
    if not body.text:
        return []
    if _needs_escapes(body):
        return [("data=", _text(body.text, lambda name: _in_json(expression(name))))]
    return [("data=", _text(body.text, expression))]


def _in_json(expression: str) -> str:
    return f"json.dumps({expression})[1:-1]"


def _pairs(pairs: Pairs, expression: Expression) -> Brackets:
    """A dict, or a list of pairs where a dict would lose some."""
    pairs = tuple((_sendable(name), _sendable(value)) for name, value in pairs)
    written = [(string(name, expression), string(value, expression)) for name, value in pairs]
    if len(dict(pairs)) == len(pairs):
        return Brackets("{", tuple((f"{name}: ", value) for name, value in written), "}")
    tuples = tuple(("", Brackets("(", (("", name), ("", value)), ")")) for name, value in written)
    return Brackets("[", tuples, "]")


def _text(text: str, expression: Expression) -> str:
    """A text that is sent in UTF-8; left to itself, ``requests`` writes headers in Latin-1."""
    written = string(_sendable(text), expression)
    return written if text.isascii() else f"{written}.encode()"


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# --- JSON -----------------------------------------------------------------------------------------


def _data(text: str) -> Any:
    """What the JSON says, if ``json=`` sends the same, but for blanks and escapes; else None.

    It doesn't where a name comes twice, for numbers such as ``1.50``, and for ``null`` alone, which
    ``requests`` takes for no body.
    """
    try:
        data = json.loads(text, parse_constant=_refuse)
        if _depth(data) > _DEEPEST:
            return None
        sent = json.dumps(data)
        same = _to_the_letter(text) == _to_the_letter(sent)
    except (ValueError, RecursionError):
        return None
    references = REFERENCE.findall(json.dumps(data, ensure_ascii=False))
    return data if same and references == REFERENCE.findall(text) else None


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _to_the_letter(text: str) -> Any:
    """JSON with numbers as they are written, and objects as pairs."""
    number = "number {}".format
    return json.loads(
        text,
        parse_int=lambda digits: (number(digits),),
        parse_float=lambda digits: (number(digits),),
        object_pairs_hook=lambda pairs: ("object", pairs),
    )


def _depth(data: Any) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + max(map(_depth, inner), default=0)


def _literal(data: Any, expression: Expression) -> Node:
    match data:
        case dict():
            elements = (
                (f"{string(name, expression)}: ", _literal(value, expression))
                for name, value in data.items()
            )
            return Brackets("{", tuple(elements), "}")
        case list():
            return Brackets("[", tuple(("", _literal(value, expression)) for value in data), "]")
        case str():
            return string(data, expression)
    return repr(data).replace("e+", "e")  # as formatters write 1e+16; no text comes here


def _needs_escapes(body: Body) -> bool:
    """Whether values come into JSON that is sent as a text."""
    if not isinstance(body, JsonBody) or not REFERENCE.search(body.text):
        return False
    return _data(body.text) is None
