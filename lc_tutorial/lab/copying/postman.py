"""Entries as a Postman collection v2.1, for those who go on there, and back.

Postman writes its variables as the lab writes its references, so these stay what they are. They are
listed as variables of the collection, without values. The addresses and the version of the API are
variables too, with values: who changes from the sandbox to the live platform changes three lines.

Source: schema.getpostman.com, Postman Collection Format v2.1.0.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.files import write_whole
from lc_tutorial.lab.collection import Entry
from lc_tutorial.lab.request import (
    Authorization,
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Pairs,
    Request,
    TextBody,
    around_references,
)
from lc_tutorial.lab.vault import MEANINGS, PUBLIC
from lc_tutorial.memory import place_of
from lc_tutorial.system import in_words

NAME = "lc_tutorial: authorization and chats"

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

_ABOUT = (
    "The requests of the course lc_tutorial. Give the variables of this collection their values "
    "first, as current values: Postman keeps those to itself. accounts_url and api_url say which "
    "platform is asked."
)

_SECRET = "A secret: enter it as the current value only, which Postman does not share."  # noqa: S105

#: A method of one of the APIs: its origin, and the version in it.
_METHOD = re.compile(r"(https?://[^?#{]+?)/v(\d+\.\d+)/(?:agent|customer|configuration)/action/")

#: Variables that stand in addresses and have values.
_ADDRESSES = ("accounts_url", "api_url", "version")

#: What a query may hold as it is; Postman leaves the rest to whoever writes it.
_AS_IT_IS = "-._~/:@,;!$()*"

_TEXT = {"type": "string"}


def collection(entries: Sequence[Entry], name: str = NAME) -> dict[str, Any]:
    """The entries as a Postman collection.

    Args:
        entries: those of a folder stand together.
        name: what Postman calls it.

    Returns:
        The collection, ready for JSON. No secret is in it, as none is in a request.
    """
    addresses = _addresses(entries)
    folders: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        folders.setdefault(entry.folder, []).append(_item(entry, addresses))
    return {
        "info": {"name": name, "description": _ABOUT, "schema": SCHEMA},
        "item": [{"name": folder, "item": items} for folder, items in folders.items()],
        "variable": [
            *({"key": key, "value": value, **_TEXT} for key, value in addresses.items()),
            *_variables(entry.request for entry in entries),
        ],
    }


def write(path: Path, entries: Sequence[Entry], name: str = NAME) -> None:
    """Write the entries into a file to import in Postman, whole or not at all.

    Raises:
        TutorialError: the file can't be written. What was there before is still there.
    """
    text = json.dumps(collection(entries, name), ensure_ascii=False, indent=2) + "\n"
    try:
        write_whole(path, text, mode=0o600)
    except OSError as problem:
        raise _not_written(path, problem) from None


def read(data: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The entries of a collection that :func:`collection` made.

    Raises:
        InputError: it is no such collection, or has something that a request here can't have.
    """
    try:
        if data["info"]["schema"] != SCHEMA:
            raise _unreadable("It does not say that it is a collection of version 2.1.")
        variables = {variable["key"]: variable["value"] for variable in data["variable"]}
        addresses = {name: variables[name] for name in _ADDRESSES if name in variables}
        return tuple(
            _entry(item, folder["name"], addresses)
            for folder in data["item"]
            for item in folder["item"]
        )
    except (KeyError, TypeError, AttributeError, IndexError):
        raise _unreadable("A part is missing, or is not where it should be.") from None


# --- Variables ------------------------------------------------------------------------------------


def _addresses(entries: Sequence[Entry]) -> dict[str, str]:
    """Where the entries go to: the first address of each kind is the value of its variable."""
    found: dict[str, str] = {}
    for entry in entries:
        if method := _METHOD.match(entry.request.url):
            found.setdefault("api_url", method[1])
            found.setdefault("version", method[2])
        elif re.match(r"https?://[^/{]+(?=/|$)", entry.request.url):
            found.setdefault("accounts_url", place_of(entry.request.url))
    return {name: found[name] for name in _ADDRESSES if name in found}


def _variables(requests: Iterable[Request]) -> list[dict[str, Any]]:
    names = dict.fromkeys(name for request in requests for name in request.references)
    return [{"key": name, "value": "", **_TEXT, "description": _meaning(name)} for name in names]


def _meaning(name: str) -> str:
    meaning = MEANINGS.get(name, "")
    parts = [f"{meaning[0].upper()}{meaning[1:]}."] if meaning else []
    return " ".join(parts if name in PUBLIC else [*parts, _SECRET])


# --- Writing --------------------------------------------------------------------------------------


def _item(entry: Entry, addresses: Mapping[str, str]) -> dict[str, Any]:
    request = entry.request
    headers = list(request.headers)
    body = request.body
    # Postman adds it by itself not for every kind of body.
    if body is not None and request.header("Content-Type") is None:
        headers.append(("Content-Type", body.content_type))
    made: dict[str, Any] = {
        "method": request.method,
        "header": [{"key": name, "value": value} for name, value in headers],
        "auth": _auth(request.authorization),
        "url": _url(request, addresses),
        "description": entry.about,
    }
    if body is not None:
        made["body"] = _body(body)
    item: dict[str, Any] = {"name": entry.name, "request": made, "response": []}
    if body is not None and request.method in ("GET", "HEAD", "OPTIONS"):
        item["protocolProfileBehavior"] = {"disableBodyPruning": True}
    return item


def _auth(authorization: Authorization) -> dict[str, Any]:
    match authorization:
        case Bearer(token):
            return {"type": "bearer", "bearer": [{"key": "token", "value": token, **_TEXT}]}
        case Basic(user, password):
            pair = {"username": user, "password": password}
            return {
                "type": "basic",
                "basic": [{"key": key, "value": value, **_TEXT} for key, value in pair.items()],
            }
    return {"type": "noauth"}


def _url(request: Request, addresses: Mapping[str, str]) -> dict[str, Any]:
    address = _with_variables(request.url, addresses)
    query = [{"key": _encoded(name), "value": _encoded(text)} for name, text in request.query]
    raw = "&".join(f"{pair['key']}={pair['value']}" for pair in query)
    url: dict[str, Any] = {"raw": f"{address}?{raw}" if query else address}
    if address.startswith("{{"):
        host, slash, path = address.partition("/")
        url["host"] = [host]
    else:
        parts = urlsplit(address)
        _, _, path = address.partition("://")[2].partition("/")
        slash = parts.path
        url["protocol"] = parts.scheme
        host, colon, port = parts.netloc.rpartition(":")
        if colon and port.isdigit():
            url["port"] = port
        else:
            host = parts.netloc
        url["host"] = [host] if host.startswith("[") else host.split(".")
    if slash:
        url["path"] = path.split("/")
    if query:
        url["query"] = query
    return url


def _with_variables(url: str, addresses: Mapping[str, str]) -> str:
    method = _METHOD.match(url)
    name = "api_url" if method else "accounts_url"
    origin = addresses.get(name)
    if origin is None or not (url == origin or url.startswith(f"{origin}/")):
        return url
    rest = url[len(origin) :]
    if method and method[2] == addresses["version"]:
        rest = rest.replace(f"/v{method[2]}/", "/v{{version}}/", 1)
    return f"{{{{{name}}}}}{rest}"


def _encoded(text: str) -> str:
    """Percent-encode what Postman would send as it is, though it means something in a query."""
    return around_references(text, lambda part: quote(part, safe=_AS_IT_IS, errors="replace"))


def _body(body: FormBody | JsonBody | TextBody) -> dict[str, Any]:
    match body:
        case FormBody(fields):
            pairs = [{"key": name, "value": value, "type": "text"} for name, value in fields]
            return {"mode": "urlencoded", "urlencoded": pairs}
        case JsonBody(text):
            return {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    return {"mode": "raw", "raw": body.text, "options": {"raw": {"language": "text"}}}


# --- Reading --------------------------------------------------------------------------------------


def _entry(item: Mapping[str, Any], folder: str, addresses: Mapping[str, str]) -> Entry:
    made = item["request"]
    body = _read_body(made.get("body"))
    headers = tuple((header["key"], header["value"]) for header in made["header"])
    if body is not None and headers and headers[-1] == ("Content-Type", body.content_type):
        headers = headers[:-1]
    url, query = made["url"], made["url"].get("query", ())
    address = url["raw"].partition("?")[0]
    for name, value in addresses.items():
        address = address.replace(f"{{{{{name}}}}}", value)
    request = Request(
        method=made["method"],
        url=address,
        query=tuple((unquote(pair["key"]), unquote(pair["value"])) for pair in query),
        headers=headers,
        authorization=_read_auth(made["auth"]),
        body=body,
    )
    return Entry(item["name"], folder, made["description"], request)


def _read_auth(auth: Mapping[str, Any]) -> Authorization:
    values = {each["key"]: each["value"] for each in auth.get(auth["type"], ())}
    match auth["type"]:
        case "bearer":
            return Bearer(values["token"])
        case "basic":
            return Basic(values["username"], values["password"])
        case "noauth":
            return None
    raise _unreadable(f"It has an authorization of the type {auth['type']!r}.")


def _read_body(body: Mapping[str, Any] | None) -> Body:
    if body is None:
        return None
    match body["mode"]:
        case "urlencoded":
            return FormBody(_read_pairs(body["urlencoded"]))
        case "raw":
            is_json = body["options"]["raw"]["language"] == "json"
            return JsonBody(body["raw"]) if is_json else TextBody(body["raw"])
    raise _unreadable(f"It has a body of the mode {body['mode']!r}.")


def _read_pairs(pairs: Iterable[Mapping[str, str]]) -> Pairs:
    return tuple((pair["key"], pair["value"]) for pair in pairs)


def _unreadable(why: str) -> InputError:
    return InputError(
        what="This collection can't be read here.",
        why=why,
        remedy="Use one that the lab exported, or import a request as cURL.",
    )


def _not_written(path: Path, problem: OSError) -> TutorialError:
    return TutorialError(
        what=f"The file {path.name} could not be written.",
        why=f"The system says: {in_words(problem)}.",
        remedy="Look whether the folder is there, may be written in, and has room; then try again.",
    )
