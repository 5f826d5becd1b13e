"""What was copied elsewhere becomes a request: a cURL command, or a URL.

Nothing that is pasted is ever run, and no file is read. Secrets in it go into the vault at once,
and the request has references in their place.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from lc_tutorial.errors import InputError
from lc_tutorial.lab.curl import mended_url, read_curl
from lc_tutorial.lab.placeholders import name_of, replaced
from lc_tutorial.lab.recorded import with_references
from lc_tutorial.lab.request import (
    REFERENCE,
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Pairs,
    Request,
    TextBody,
)
from lc_tutorial.lab.shell_words import split
from lc_tutorial.lab.vault import MEANINGS, PUBLIC, Vault

#: Characters. No request of these APIs comes near.
MOST_CHARACTERS = 256 * 1024

_CURL = re.compile(r"(?:\S*[/\\])?curl(?:\.exe)?", re.IGNORECASE)
_URL = re.compile(r"https?://|[\w-]+(?:\.[\w-]+)+(?::\d+)?/", re.IGNORECASE)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
# Source of the shape: livechat-public-docs, authorization/oauth-authorization.
_ACCESS_TOKEN = re.compile(r"(?:dal|fra(?:-[ab])?):[\w-]{10,}", re.ASCII)
_MISPLACED = re.compile(r"basic (\{\{access_token(?:_\d+)?\}\})", re.IGNORECASE)
# Only its first line tells: further down a ^ may be anybody's text.
_FOR_WINDOWS = re.compile(r"\A[^\n]*?[ \t]\^(?:[\"']|[ \t]*(?:\n|\Z))")

# What else people copy: how it begins, and what it is.
_OTHERS = (
    (re.compile(r"wget\b"), "a command for wget"),
    (re.compile(r"https?\s+(GET|POST|PUT|DELETE|:|\S+=)"), "a command for HTTPie"),
    (re.compile(r"(import|from)\s+\w|\w+\s*=\s*requests\.|requests\.\w+\("), "Python code"),
    (re.compile(r"(await\s+)?fetch\(|const\s|var\s|let\s"), "JavaScript"),
    (re.compile(r"\$?\w*\s*=?\s*(Invoke-(WebRequest|RestMethod)|iwr)\b", re.IGNORECASE),
     "a command for PowerShell"),
    (re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+\S+(\s+HTTP/[\d.]+)?\s*(\n|$)"),
     "the text of an HTTP request"),
    (re.compile(r"HTTP/\d"), "the text of an answer"),
    (re.compile(r"[{\[]"), "JSON"),
    (re.compile(r"<"), "HTML or XML"),
)  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What came out.

    Attributes:
        request: to edit and to send.
        notes: what was mended, filled in and left out, as sentences for the learner.
        asks_scheme: whether it is open if the access token is meant, with Bearer, or what the
            sample says: a personal access token, with Basic. The samples of the platform say Basic
            since version 3.5; an access token is refused there.
    """

    request: Request
    notes: tuple[str, ...] = ()
    asks_scheme: bool = False

    def with_scheme(self, scheme: Literal["bearer", "basic"]) -> Request:
        """The request with the answer to that question."""
        if scheme == "bearer":
            token = _misplaced_token(self.request) or "{{access_token}}"
            return _with_authorization(self.request, Bearer(token))
        return _with_authorization(
            self.request, Basic("{{account_id}}", "{{personal_access_token}}")
        )


def import_request(text: str, vault: Vault) -> Imported:
    """Read a cURL command or a URL.

    Args:
        text: as it was pasted.
        vault: has what the learner has, for placeholders; and gets the secrets in the text.

    Raises:
        InputError: it is something else, or can't be imported; what, why, and what to do.
    """
    _check(text)
    notes: list[str] = []
    request = _read(text, notes, _variables(vault))
    request = _filled(request, notes, vault)
    known = set(request.references)
    request = _authorized(with_references(_token_kept(request, vault), vault))
    notes += [
        f"What stood in it as {MEANINGS.get(name, 'a secret')} is {{{{{name}}}}} now. The value is "
        "in the memory of this kernel only."
        for name in request.references
        if name not in known and name not in PUBLIC
    ]
    asks = _asks_scheme(request, vault)
    if asks:
        notes.append(
            "It says Basic, which goes with a personal access token; you have an access token, "
            "which goes with Bearer. Which one is meant?"
        )
    return Imported(request, tuple(dict.fromkeys(notes)), asks)


def _check(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            what=f"This is too long: {len(text):,} characters.",
            why=f"The lab takes {MOST_CHARACTERS:,} at most, which is more than any request needs.",
            remedy="Paste one cURL command or one URL.",
        )
    if not text.strip():
        raise InputError(
            what="Nothing is pasted.",
            why="The text is empty.",
            remedy="Paste a cURL command or a URL.",
        )
    if _BINARY.search(text):
        raise InputError(
            what="This is binary data.",
            why="It has characters that no command and no address has.",
            remedy="Paste a cURL command or a URL, as text.",
        )


def _read(text: str, notes: list[str], variable: Callable[[str], str | None]) -> Request:
    start = text.strip()
    if _URL.match(start) and "\n" not in re.sub(r"\s*\n\s*(?=[?&])", "", start):
        return Request.to(mended_url(start, notes))
    if _FOR_WINDOWS.search(start) and "curl" in start[:200].lower():
        raise InputError(
            what="This command was copied for the command prompt of Windows.",
            why="It has ^ before quotes and at the ends of lines, which mean other things there.",
            remedy="In the browser choose Copy as cURL (bash), and paste that.",
        )
    for pattern, name in _OTHERS:
        if pattern.match(start):
            raise _something_else(f"This is {name}.")
    words = split(text, variable)
    notes += words.notes
    if not words.words or not _CURL.fullmatch(words.words[0]):
        raise _something_else("This is neither a cURL command nor a URL.")
    request, more = read_curl(words.words[1:])
    notes += more
    return request


def _something_else(what: str) -> InputError:
    return InputError(
        what=what,
        why="The lab reads commands that begin with curl, and addresses that begin with https://.",
        remedy="The documentation shows each request as cURL; a browser has Copy as cURL in the "
        "Network tab of its developer tools.",
    )


# --- Placeholders ---------------------------------------------------------------------------------


def _variables(vault: Vault) -> Callable[[str], str | None]:
    """What stands for a shell variable: ``$ACCESS_TOKEN`` is a reference to the access token."""

    def variable(name: str) -> str | None:
        known = name_of(name)
        if known is None and vault.value(name.lower()) is not None:
            known = name.lower()
        return None if known is None else f"{{{{{known}}}}}"

    return variable


def _filled(request: Request, notes: list[str], vault: Vault) -> Request:
    """References in the place of placeholders."""
    found: dict[str, str | None] = {}

    def fill(text: str) -> str:
        return replaced(text, found.__setitem__)

    def pairs(each: Pairs) -> Pairs:
        return tuple((name, fill(value)) for name, value in each)

    def filled(body: Body) -> Body:
        match body:
            case FormBody(fields):
                return FormBody(pairs(fields))
            case JsonBody(text):
                return JsonBody(fill(text))
            case TextBody(text):
                return TextBody(fill(text))
        return None

    authorization = request.authorization
    match authorization:
        case Bearer(token):
            authorization = Bearer(fill(token))
        case Basic(user, password):
            authorization = Basic(fill(user), fill(password))
    request = replace(
        request,
        url=fill(request.url),
        query=pairs(request.query),
        headers=pairs(request.headers),
        authorization=authorization,
        body=filled(request.body),
    )
    for placeholder, name in found.items():
        if name is None:
            notes.append(f"Nobody but you knows what {placeholder} stands for: write it below.")
        elif vault.value(name) is not None:
            notes.append(f"{placeholder} was taken for {MEANINGS[name]} that you have.")
        else:
            notes.append(
                f"{placeholder} was taken for {MEANINGS[name]}. You don't have it yet: do the step "
                "that gets it, or enter it below."
            )
    return request


# --- Authorization --------------------------------------------------------------------------------


def _authorized(request: Request) -> Request:
    """The scheme and the reference out of an ``Authorization`` header, as the lab edits them."""
    header = request.header("Authorization")
    if header is None or request.authorization is not None:
        return request
    scheme, _, credential = header.partition(" ")
    reference = REFERENCE.fullmatch(credential.strip())
    if reference is None:
        return request
    if scheme.lower() == "bearer":
        return _with_authorization(request, Bearer(reference[0]))
    if scheme.lower() == "basic" and reference[1] == "personal_access_token":
        # The samples mean the Base64 of both, as the Console shows it.
        return _with_authorization(request, Basic("{{account_id}}", reference[0]))
    return request


def _with_authorization(request: Request, authorization: Bearer | Basic) -> Request:
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "authorization")
    return replace(request, headers=headers, authorization=authorization)


def _asks_scheme(request: Request, vault: Vault) -> bool:
    if _misplaced_token(request):
        return True
    is_sample = request.authorization == Basic("{{account_id}}", "{{personal_access_token}}")
    has = {
        name: vault.value(name) is not None for name in ("access_token", "personal_access_token")
    }
    return is_sample and has["access_token"] and not has["personal_access_token"]


def _token_kept(request: Request, vault: Vault) -> Request:
    """Know an access token for one, though it stands behind Basic."""
    scheme, _, credential = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic" or not _ACCESS_TOKEN.fullmatch(credential):
        return request
    kept = f"{scheme} {vault.keep('access_token', credential)}"
    headers = [pair for pair in request.headers if pair[0].lower() != "authorization"]
    return replace(request, headers=(*headers, ("Authorization", kept)))


def _misplaced_token(request: Request) -> str | None:
    """The reference to an access token that stands where a personal one belongs."""
    found = _MISPLACED.fullmatch(request.header("Authorization") or "")
    return found[1] if found else None
