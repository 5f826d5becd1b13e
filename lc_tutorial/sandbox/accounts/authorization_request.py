"""What an app asks of a person: reading an authorization request and checking it.

Sources: livechat-public-docs, authorization/oauth-authorization (the parameters) and
authorization/troubleshooting (the names of what is wrong with them).
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from lc_tutorial.sandbox.accounts import redirect_uris
from lc_tutorial.sandbox.accounts.pkce import PKCE_FORM
from lc_tutorial.sandbox.world import Account, App, AuthorizationBlock, Challenge, Sandbox, scopes

Pairs = list[tuple[str, str]]

#: Parameters that tell a request for authorization from a mere visit.
_TELLING = frozenset({"client_id", "redirect_uri", "response_type"})
_MAX_PARAMETERS = 100

#: The `flow` that npm @livechat/accounts-sdk sends from a popup or an iframe. Source: that library.
BY_MESSAGE = "button"


class AuthorizationError(Exception):
    """A request that cannot be granted; it leads to the error page, never to the app.

    Args:
        name: The value of `oauth_exception`.
        details: The value of `exception_details`, where there is one.
        hint: What the sandbox knows beyond that, in a sentence or two for the person.
        why: The same for the log, in a few words without anything from the request.
    """

    def __init__(self, name: str, details: str = "", *, hint: str = "", why: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.details = details
        self.hint = hint
        self.why = why


def rejected() -> AuthorizationError:
    """Return what *Cancel* on the consent page means: the one place that names it.

    The sources disagree. `troubleshooting` has `missing_grant` for "grants were rejected", and all
    authorization errors lead to the error page; it gives `access_denied` the sentence of RFC 6749,
    "the resource owner denied the request", but as its reason only scopes that were never granted;
    and the SDK's page speaks of a consent that "is missing" under `identity_exception`.
    """
    # assumed: the first of them, which is the only one that speaks of a refusal.
    return AuthorizationError("missing_grant", hint="You chose Cancel.", why="Cancel was chosen")


@dataclass(frozen=True)
class AuthorizationRequest:
    """An authorization request that is in order, whoever is going to answer it.

    Attributes:
        state: Goes back to the app unchanged; empty if none was sent.
        asked: The scopes named in the request; empty if it named none, which asks for all.
        forces_consent: Whether `prompt=consent` was sent.
        recipient: The origin whose page gets the answer as a message; None where the browser is
            redirected with it.
    """

    app: App
    block: AuthorizationBlock
    redirect_uri: str
    response_type: Literal["code", "token"]
    state: str
    asked: tuple[str, ...]
    forces_consent: bool
    challenge: Challenge | None
    recipient: str | None


def parameters(query: bytes) -> Pairs:
    """Read a query, as it came over the wire.

    Raises:
        AuthorizationError: It has too many parameters to be one.
    """
    try:
        return parse_qsl(
            query.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError as error:
        raise AuthorizationError("invalid_request", why="too many parameters") from error


def is_request(pairs: Pairs) -> bool:
    """Whether somebody tried to make an authorization request."""
    return any(name in _TELLING for name, _ in pairs)


def read(world: Sandbox, pairs: Pairs) -> AuthorizationRequest:
    """Check an authorization request.

    Raises:
        AuthorizationError: With the name and the details that the platform gives to the fault.
    """
    sent = dict(pairs)
    client = world.client(sent.get("client_id", ""))
    if client is None:
        hint = "" if sent.get("client_id") else "The link has no client_id."
        why = "there is no client_id" if hint else "no app has this client_id"
        raise AuthorizationError("unauthorized_client", "client_id_not_found", hint=hint, why=why)
    app, block = client
    repeated = sorted(
        name for name, times in Counter(name for name, _ in pairs).items() if times > 1
    )
    if repeated:
        names = ", ".join(name[:40] for name in repeated[:5])
        raise AuthorizationError(
            "invalid_request",
            hint=f"Sent more than once: {names}.",
            why="a parameter is there more than once",
        )
    challenge = _challenge(sent)
    redirect_uri = _redirect_uri(sent, block)
    response_type = sent.get("response_type", "")
    if response_type not in ("code", "token"):
        # assumed: a response_type that is missing is one that is not supported.
        raise AuthorizationError(
            "unsupported_response_type",
            hint="The response_type has to be code for a server-side app (or with PKCE), or token.",
            why="response_type is neither code nor token",
        )
    if response_type == "code" and block.client_type == "javascript" and challenge is None:
        # assumed: the name of this error.
        raise AuthorizationError(
            "unsupported_response_type",
            hint="This is a JavaScript app: it may ask for a code only with PKCE, that is, with a "
            "code_challenge. Otherwise its response_type is token.",
            why="a JavaScript app asks for a code without a code_challenge",
        )
    if redirect_uris.is_custom_scheme(redirect_uri) and (
        challenge is None or response_type != "code"
    ):
        raise AuthorizationError(
            "invalid_request",
            "invalid_redirect_uri",
            hint="A redirect URI with a scheme of its own needs PKCE, that is, a code_challenge.",
            why="a redirect_uri with a scheme of its own, without a code_challenge",
        )
    return AuthorizationRequest(
        app=app,
        block=block,
        redirect_uri=redirect_uri,
        response_type="code" if response_type == "code" else "token",
        state=sent.get("state", ""),
        asked=_asked(sent, block),
        forces_consent=sent.get("prompt") == "consent",
        challenge=challenge,
        recipient=recipient(world, pairs),
    )


def recipient(world: Sandbox, pairs: Pairs) -> str | None:
    """Return the origin that gets the answer to a request as a message, if any does.

    Also of a request that is refused, but only for a redirect URI that the app has whitelisted:
    nobody else is told anything.
    """
    sent = dict(pairs)
    client = world.client(sent.get("client_id", ""))
    requested = sent.get("redirect_uri", "")
    if client is None or sent.get("flow") != BY_MESSAGE:
        return None
    if not redirect_uris.is_allowed(client[1].redirect_uris, requested):
        return None
    return redirect_uris.origin_of(requested)


def granted_scopes(asked: AuthorizationRequest, account: Account) -> tuple[str, ...]:
    """Return the scopes that this person can give to the app.

    Raises:
        AuthorizationError: The app is not for this person, or needs what the person's role cannot
            give.
    """
    app, needed = asked.app, asked.block.scopes
    if not app.is_for(account):
        raise _not_for(app, account)
    wanted = asked.asked or tuple(needed)
    allowed = tuple(name for name in wanted if scopes.may_grant(account.role, name))
    # assumed: a scope that the app lists but does not require is left out where the person's role
    # cannot give it; one that is required, or named in the request, is an error.
    refused = [name for name in wanted if name not in allowed and (asked.asked or needed[name])]
    if refused or (wanted and not allowed):
        names = ", ".join(refused or wanted)
        raise AuthorizationError(
            "invalid_scope",
            hint=f"Only an Owner or Admin can give this access: {names}. "
            f"{account.name} is an agent without that role.",
            why="the person's role cannot give a scope",
        )
    return allowed


def _not_for(app: App, account: Account) -> AuthorizationError:
    if app.organization_id != account.organization_id:
        return AuthorizationError(
            "access_denied",
            hint=f"The app {app.name} is private to another organization than {account.name}'s. "
            "Its author can publish it in the Developer Console; then it is for everybody.",
            why="the app is private to another organization",
        )
    return AuthorizationError(
        "access_denied",
        hint=f"The app {app.name} is private and not installed, so it is for its author alone, and "
        f"{account.name} is not its author. Under Private installation in the Developer Console, "
        "its author can install it for the whole organization.",
        why="the app is private and not installed, and the person is not its author",
    )


def needs_consent(
    world: Sandbox, asked: AuthorizationRequest, account: Account, granted: tuple[str, ...]
) -> bool:
    """Whether the person has to be asked before the app gets its code or token."""
    app = asked.app
    if asked.forces_consent:
        return True
    if account.id == app.author_id:
        return False
    if not app.published and account.organization_id == app.organization_id:
        return False
    # assumed: a person who allowed the same or more before is not asked again.
    return not world.grants.has_consent(asked.block.client_id, account.id, granted)


def _redirect_uri(sent: dict[str, str], block: AuthorizationBlock) -> str:
    if not block.redirect_uris:
        why = "the app has no redirect URI"
        raise AuthorizationError("invalid_request", "redirect_uri_not_set", why=why)
    requested = sent.get("redirect_uri", "")
    if not redirect_uris.is_allowed(block.redirect_uris, requested):
        if requested:
            hint = redirect_uris.difference(block.redirect_uris, requested)
            why = "the redirect_uri is not on the app's whitelist"
        else:
            hint, why = "The link has no redirect_uri.", "there is no redirect_uri"
        raise AuthorizationError("invalid_request", "invalid_redirect_uri", hint=hint, why=why)
    return requested


def _challenge(sent: dict[str, str]) -> Challenge | None:
    value = sent.get("code_challenge")
    if value is None:
        return None
    if not PKCE_FORM.fullmatch(value):
        raise AuthorizationError(
            "invalid_request",
            hint="The code_challenge must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~.",
            why="code_challenge does not have the form that PKCE demands",
        )
    method = sent.get("code_challenge_method") or "plain"
    if method in ("S256", "s256"):
        return Challenge(value, "S256")
    if method == "plain":
        return Challenge(value, "plain")
    raise AuthorizationError(
        "invalid_request",
        hint="The code_challenge_method has to be S256 or plain.",
        why="code_challenge_method is neither S256 nor plain",
    )


def _asked(sent: dict[str, str], block: AuthorizationBlock) -> tuple[str, ...]:
    asked = tuple(scopes.parse(sent.get("scope", "")))
    unknown = [name[:60] for name in asked if name not in block.scopes]
    if unknown:
        raise AuthorizationError(
            "invalid_scope",
            hint=f"The link asks for what the app does not list: {', '.join(unknown[:5])}.",
            why="a scope is asked for that the app does not list",
        )
    return asked
