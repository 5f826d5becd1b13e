"""Whether the body is of a kind that the service reads: its type, its encoding, its JSON."""

import json
import re

from lc_tutorial.errors.explaining.explanation import Finding, Known, first
from lc_tutorial.errors.explaining.refused import Refused
from lc_tutorial.messages import at_the_same_place

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"

#: What a body that can't be read is refused with.
_NAMES = ("invalid_request", "validation", "bad_request", "entity_too_large", "")

#: A body that is compressed begins with one of these. Source: RFC 1952; RFC 8878.
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")


def wrong_for_accounts(refused: Refused) -> Finding | None:
    """What is wrong with a body for the accounts service, which reads forms and JSON.

    Source: livechat-public-docs, authorization/oauth-authorization.
    """
    if refused.name not in _NAMES or refused.method != "POST":
        return None
    return first(
        refused, _too_large, _encoded, _a_set, _empty_form, _no_kind_of_ours, _json, _json_as_form
    )


def wrong_for_api(refused: Refused) -> Finding | None:
    """What is wrong with a body for a product API, which reads JSON.

    Source: livechat-public-docs, messaging/agent-chat-api.
    """
    if refused.name not in _NAMES:
        return None
    return first(
        refused, _too_large, _encoded, _a_set, _empty, _multipart, _form, _json, _not_an_object
    )


# --- How it is packed ---------------------------------------------------------------------------


def _too_large(refused: Refused) -> Finding | None:
    if refused.status != 413 and refused.name != "entity_too_large":
        return None
    return Finding(Known("The request is larger than 10 MB."), "Send less at once.")


def _encoded(refused: Refused) -> Finding | None:
    encoding = refused.header("Content-Encoding").strip().lower()
    if encoding not in ("", "identity") or refused.body.startswith(_COMPRESSED):
        by = f" ({encoding})" if re.fullmatch(r"[a-z, -]{1,20}", encoding) else ""
        return Finding(
            Known(f"The body was sent compressed{by}, and only plain ones are read."),
            "Send it as it is, without the header Content-Encoding.",
        )
    if not refused.body:
        return None
    try:
        refused.body.decode()
    except UnicodeDecodeError as problem:
        return Finding(
            Known(f"The body is not UTF-8: its byte {problem.start + 1} can't be read as such."),
            f"Encode the text as UTF-8. {refused.place.say('json')}",
        )
    if refused.body.startswith(b"\xef\xbb\xbf"):
        return Finding(
            Known("The body begins with a byte order mark, an invisible character."),
            'Save the file as UTF-8 without it, or read it in Python with encoding="utf-8-sig".',
        )
    return None


def _a_set(refused: Refused) -> Finding | None:
    """A comma in the place of a colon makes a set of what shall be a dict."""
    sent = refused.request.body if refused.request is not None else None
    if not isinstance(sent, set | frozenset):
        return None
    return Finding(
        Known("The body is a set, of which requests sends the texts one after the other."),
        "Write a colon between each name and its value: with a comma it is a set, and no dict. "
        f"{refused.place.say('again')}",
    )


def _empty(refused: Refused) -> Finding | None:
    if refused.text.strip() or refused.is_streamed or refused.status != 400:
        return None
    return Finding(
        Known("The request had no body, and the API wants one even where nothing is asked."),
        f"Send at least {{}}. {refused.place.say('json')}",
    )


def _empty_form(refused: Refused) -> Finding | None:
    if refused.text.strip() or refused.is_streamed:
        return None
    known = ("grant_type", "code", "client_id", "refresh_token", "client_secret")
    if any(name in refused.query for name in known):
        return Finding(
            Known("The fields are in the address, and belong in the body."),
            refused.place.say("form"),
        )
    return Finding(Known("The request had no fields in its body."), refused.place.say("form"))


def _no_kind_of_ours(refused: Refused) -> Finding | None:
    if found := _multipart(refused):
        return found
    kind = refused.content_type
    if kind in ("", _FORM, _JSON):
        return None
    shown = kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else "something else"
    return Finding(
        Known(f"The body was sent as {shown}. The service reads forms and JSON."),
        refused.place.say("form"),
    )


def _multipart(refused: Refused) -> Finding | None:
    if not refused.content_type.startswith("multipart/"):
        return None
    wants = "JSON" if refused.service else "forms of the plain kind, and JSON"
    return Finding(
        Known(
            "The body was sent as multipart/form-data, as files are (files={...}, or form-data in "
            f"Postman). The service reads {wants}."
        ),
        refused.place.say("json" if refused.service else "form"),
    )


def _form(refused: Refused) -> Finding | None:
    if refused.content_type != _FORM or refused.asked is not None:
        return None
    return Finding(
        Known("The body was sent as a form, and the API wants JSON."), refused.place.say("json")
    )


# --- JSON ---------------------------------------------------------------------------------------


def _json_as_form(refused: Refused) -> Finding | None:
    """JSON that is not said to be any: requests sends a text without a type, curl as a form."""
    if refused.content_type == _JSON or not isinstance(refused.asked, dict):
        return None
    said = "as a form" if refused.content_type == _FORM else "without a Content-Type"
    return Finding(
        Known(f"The body is JSON, but it was sent {said}, and so it was read as a form."),
        f"{refused.place.say('json')} Or send the fields as a form.",
    )


def _json(refused: Refused) -> Finding | None:
    is_meant = refused.content_type == _JSON or refused.text.lstrip()[:1] in ("{", "[")
    if not is_meant and not refused.service:
        return None
    text = refused.text
    try:
        json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        return Finding(Known("The body is nested too deeply."), "Send a simpler one.")
    except _NoJson as constant:
        return Finding(
            Known(f"The body has {constant} in it, which is no JSON, though Python writes it."),
            "Leave the field out, or send a number.",
        )
    except json.JSONDecodeError as problem:
        return _broken(refused, text, at_the_same_place(problem))
    return _not_an_object(refused)


class _NoJson(Exception):
    """A word that Python's reader takes, and JSON does not have."""


def _no_constant(name: str) -> None:
    raise _NoJson(name)


def _broken(refused: Refused, text: str, problem: json.JSONDecodeError) -> Finding:
    where = f"line {problem.lineno}, column {problem.colno}"
    hint = _slip(text, problem.pos)
    return Finding(
        Known(f"The body is not JSON: it breaks at {where}.{hint}"), refused.place.say("json")
    )


def _slip(text: str, position: int) -> str:
    """What the character says at which JSON breaks."""
    rest, before = text[position:], text[:position].rstrip()
    if rest[:1] == "'" or re.match(r"(True|False|None)\b", rest):
        return " There it is written as Python is: JSON has double quotes, true, false and null."
    if rest[:1] in ("}", "]") and before[-1:] == ",":
        return " A comma stands before the closing bracket."
    if rest[:1] in ("“", "”", "„", "‘", "’"):
        return " The quotation marks are curly ones, as word processors make them."
    if before[-1:] == "," and rest[:1] == '"':
        return ""
    if rest[:2] in ("//", "/*") or rest[:1] == "#":
        return " JSON has no comments."
    if re.match(r'"', rest):
        return " Likely a comma is missing before it."
    if not rest.strip():
        return " It ends too early."
    return ""


def _not_an_object(refused: Refused) -> Finding | None:
    asked = refused.asked
    if asked is None and refused.text.strip() != "null":
        return None
    if isinstance(asked, dict):
        return None
    kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return Finding(
        Known(
            f"The body is {kinds.get(type(asked), 'a number')}, and the service wants an object."
        ),
        "Send an object: names and values between { and }.",
    )
