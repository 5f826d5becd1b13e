"""The authorization request: what the link of step 2 asks for, with ``state`` and PKCE."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from lc_tutorial import memory
from lc_tutorial.errors import InputError
from lc_tutorial.masking import Secret
from lc_tutorial.messages import split_scopes
from lc_tutorial.oauth.redirect_uris import check_redirect_uri
from lc_tutorial.pasting import CLIENT_ID, Kind, shows_nothing, stand_in, what_surrounds
from lc_tutorial.platforms import Platform


def new_state() -> str:
    """A value that nobody can guess, to recognise the answer to one's own request.

    It is not masked: it stands in the link that the learner follows, and is worth nothing after.
    """
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Pkce:
    """A proof that whoever exchanges the code is whoever asked for it.

    Source: RFC 7636; livechat-public-docs, authorization/oauth-authorization, "PKCE extension".

    Attributes:
        verifier: 43 to 128 characters, kept until the exchange.
        challenge: goes into the link.
        method: how the challenge is made from the verifier.
    """

    verifier: Secret
    challenge: str
    method: str = "S256"

    @classmethod
    def new(cls) -> Self:
        """A random verifier and its challenge."""
        verifier = secrets.token_urlsafe(64)
        memory.note_verifier(verifier)
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        return cls(Secret(verifier), challenge)


@dataclass(frozen=True)
class AuthorizationRequest:
    """What the link to the authorization page asks for.

    Attributes:
        client_id: of the app.
        redirect_uri: where the code shall go.
        state: comes back unchanged.
        scopes: a part of the app's scopes; empty for all of them.
        prompt: ``consent`` to see the consent page even as the app's author; else empty.
        code_challenge: of PKCE; empty without.
        code_challenge_method: of PKCE; empty without.
        response_type: ``code``.
    """

    client_id: str
    redirect_uri: str
    state: str
    scopes: frozenset[str] = frozenset()
    prompt: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    response_type: str = "code"

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read the link that the learner built.

        Raises:
            InputError: a parameter is missing, comes twice, or can't be right.
        """
        fields = _parameters(url)
        _no_objects(fields)
        if fields["response_type"] != "code":
            raise InputError(
                what=f"The link asks for response_type={fields['response_type']}.",
                why="This flow needs a code, which the server exchanges for a token.",
                remedy="Build the link with response_type=code.",
            )
        if not CLIENT_ID.fullmatch(fields["client_id"]):
            raise InputError(
                what="The client_id in the link is no Client Id.",
                why=stand_in(fields["client_id"], Kind.CLIENT_ID)
                or what_surrounds(fields["client_id"], Kind.CLIENT_ID)
                or "An id is 32 digits and letters a to f.",
                remedy="Use app.client_id, and check that nothing is before or behind it.",
            )
        check_redirect_uri(fields["redirect_uri"])
        _check_challenge(fields)
        scopes = split_scopes(fields.get("scope", ""))
        memory.note_request(
            fields["state"],
            memory.SentRequest(
                fields["client_id"],
                fields["redirect_uri"],
                scopes,
                origin=_origin(url),
                code_challenge=fields.get("code_challenge", ""),
                code_challenge_method=fields.get("code_challenge_method", ""),
            ),
        )
        return cls(
            client_id=fields["client_id"],
            redirect_uri=fields["redirect_uri"],
            state=fields["state"],
            scopes=scopes,
            prompt=fields.get("prompt", ""),
            code_challenge=fields.get("code_challenge", ""),
            code_challenge_method=fields.get("code_challenge_method", ""),
            response_type=fields["response_type"],
        )


def check_leads_to(url: str, platform: Platform) -> None:
    """Check that a link leads to the authorization page of this platform, and to nowhere else.

    Raises:
        InputError: it leads elsewhere.
    """
    address = _plain(url.strip().partition("?")[0]).removesuffix("/signin")
    right = [platform.authorization_url, platform.direct_url or "", f"{platform.accounts_url}/"]
    # Behind a hub's proxy the page may be known by its path alone.
    if {address, urlsplit(address).path} & {_plain(each) for each in right if each}:
        return
    raise InputError(
        what="The link does not lead to the authorization page of this platform.",
        why=f"It begins with {address[:100]}, and the page is at {platform.authorization_url}",
        remedy="Begin it with platform.authorization_url, then a question mark.",
    )


def _plain(address: str) -> str:
    """Without what makes no difference: the slash at its end, and this machine's other name."""
    return re.sub(r"^(https?://)localhost(?=[:/])", r"\g<1>127.0.0.1", address.rstrip("/"))


#: How Python shows what is no text, such as a function whose brackets are missing.
_OBJECT = re.compile(r"<(function|bound method|built-in|class|module|[\w.]+ object)\b.*>")
# Source: livechat-public-docs, authorization/oauth-authorization, "PKCE extension".
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_METHODS = ("", "S256", "s256", "plain")


def _no_objects(fields: dict[str, str]) -> None:
    for name, value in fields.items():
        if found := _OBJECT.fullmatch(value):
            raise InputError(
                what=f"{name} in the link is no text.",
                why=f"It is what Python shows of a {found[1].split('.')[-1]}.",
                remedy="Put round brackets behind its name, where it is a function: "
                "lc.new_state(). Of an object, name the part that is meant: app.client_id.",
            )
        if name in ("client_id", "redirect_uri") and len(value.split()) > 2 and "://" not in value:
            raise InputError(
                what=f"{name} in the link is a text of several words.",
                why="An object in the place of a value goes into a link as such a text.",
                remedy=f"Name the part of it that is meant: app.{name}.",
            )


def _check_challenge(fields: dict[str, str]) -> None:
    challenge = fields.get("code_challenge", "")
    method = fields.get("code_challenge_method", "")
    if method not in _METHODS:
        raise InputError(
            what=f"The platform has no code_challenge_method {method[:40]}.",
            why="It is S256 for a digest, or plain for the verifier itself.",
            remedy='Write "code_challenge_method": "S256".',
        )
    if challenge and not _CHALLENGE.fullmatch(challenge):
        raise InputError(
            what="The code_challenge in the link can't be one.",
            why="One has 43 to 128 characters: letters, digits, - . _ and ~; "
            f"this has {len(challenge)} or an odd one.",
            remedy="Use pkce.challenge, of pkce = lc.Pkce.new().",
        )


def _origin(url: str) -> str:
    """Whose authorization page it is; empty for a page behind a proxy, whose link is a path."""
    address = url.strip()
    return memory.place_of(address) if urlsplit(address).netloc else ""


def _parameters(url: str) -> dict[str, str]:
    """The parameters of an authorization URL, each once, the needed ones all there."""
    if not isinstance(url, str):
        raise InputError(
            what=f"This is no link, but a {type(url).__name__}.",
            why="A link is a text: the authorization page's address with the parameters in it.",
            remedy="Use lc.AuthorizationForm(platform, authorization_url), in this order.",
        )
    if any(character.isspace() for character in url.strip()):
        raise InputError(
            what="There are spaces or line breaks in the link.",
            why="An address has none; a snippet that was copied over several lines does.",
            remedy='Put the parameters together with urlencode: f"{platform.authorization_url}?'
            '{urlencode(parameters)}".',
        )
    if any(map(shows_nothing, url)):
        raise InputError(
            what="This link can't be used.",
            why="A character in it shows nothing.",
            remedy="Begin it with platform.authorization_url, and put the parameters together with "
            "urlencode.",
        )
    if "://" not in url and not url.startswith("/"):
        raise InputError(
            what="This is no link.",
            why="It does not begin with the address of the authorization page.",
            remedy="Begin it with platform.authorization_url, then a question mark.",
        )
    try:
        query = urlsplit(url.strip()).query
    except ValueError:
        raise InputError(
            what="This link can't be read.",
            why="Its host can't be read: what stands between // and the path is no name of one.",
            remedy="Begin it with platform.authorization_url, then a question mark.",
        ) from None
    pairs = parse_qsl(query, keep_blank_values=True)
    fields = dict(pairs)
    doubled = sorted({name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1})
    if doubled:
        raise InputError(
            what=f"The link has this parameter more than once: {', '.join(doubled)}.",
            why="The platform refuses a request that says something twice.",
            remedy="Leave one of them in.",
        )
    missing = [name for name in _NEEDED if not fields.get(name)]
    if missing:
        raise InputError(
            what=f"The link lacks {_listed(missing)}.",
            why=" ".join(_NEEDED[name] for name in missing),
            remedy="Add it to the parameters in the cell, and run the cell again.",
        )
    return fields


_NEEDED = {
    "response_type": "response_type says that a code is wanted.",
    "client_id": "client_id says which app asks.",
    "redirect_uri": "redirect_uri says where the code shall go.",
    "state": "state lets you recognise the answer to your own request. The platform doesn't insist "
    "on it, and no app should go without.",
}


def _listed(names: list[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def build_authorization_url(
    platform: Platform,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    scope: str | Iterable[str] | None = None,
    prompt: str | None = None,
    pkce: Pkce | None = None,
) -> str:
    """The link to the authorization page: what the cell of step 2 builds by hand.

    Args:
        platform: whose authorization page it is.
        client_id: of the app.
        redirect_uri: one that the app's whitelist covers.
        state: from :func:`new_state`.
        scope: a part of the app's scopes; None for all of them.
        prompt: ``"consent"`` to see the consent page even as the app's author.
        pkce: sends its challenge; its verifier goes into the exchange.
    """
    parameters = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if scope is not None:
        parameters["scope"] = scope if isinstance(scope, str) else ",".join(scope)
    if prompt is not None:
        parameters["prompt"] = prompt
    if pkce is not None:
        parameters["code_challenge"] = pkce.challenge
        parameters["code_challenge_method"] = pkce.method
    url = f"{platform.authorization_url}?{urlencode(parameters)}"
    AuthorizationRequest.from_url(url)
    return url
