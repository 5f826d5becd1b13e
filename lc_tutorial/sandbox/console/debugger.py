"""The Console's page Tools > Token Debugger: what a token is good for.

It tells what `/v2/info` tells of an access token, and knows personal access tokens too; it is not
for tokens of customers.

Source: livechat-public-docs, authorization/troubleshooting (the tool, and what it is for).
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.accounts import describe
from lc_tutorial.sandbox.console.page import page, world_of
from lc_tutorial.sandbox.web import checked_form
from lc_tutorial.sandbox.world import REGIONS, PersonalAccessToken, Sandbox, same, scopes

_PAGE = "/console/tools/token-debugger"


class Fact(NamedTuple):
    """One line of what is known: the field as `/v2/info` names it, its value, what that means."""

    name: str
    value: str
    meaning: str = ""


@dataclass
class Finding:
    """What the page says of a token; never the token itself.

    Attributes:
        title: What it is, in a few words.
        valid: Whether it can be examined here, and is valid.
        advice: What to do with it, or instead.
        facts: What is known of it.
        scopes: Names of what it allows.
    """

    title: str
    valid: bool
    advice: str
    facts: list[Fact] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)


async def debugger(request: Request) -> Response:
    """Ask for a token, and tell what it is good for."""
    finding = None
    if request.method == "POST":
        form = await checked_form(request)
        finding = examine(world_of(request), form.get("token", ""))
    return page(
        request,
        "console_debugger.html",
        section="tools",
        finding=finding,
        scope_label=scopes.label,
    )


def examine(world: Sandbox, text: str) -> Finding:
    """Find out what was pasted."""
    value = text.strip()
    for scheme in ("bearer ", "basic "):
        if value.lower().startswith(scheme):
            value = value[len(scheme) :].strip()
    if not value:
        return Finding("There is nothing to look at", False, "Paste a token into the field first.")
    token = world.grants.access_token(value)
    if token is not None:
        facts = [Fact(name, *told) for name, told in _told(world, describe(world, token))]
        advice = "Send it as Authorization: Bearer, with a space before the token."
        return Finding("A valid access token", True, advice, facts, list(token.scopes))
    personal = _personal(world, value)
    if personal is not None:
        account = world.accounts[personal.account_id]
        facts = [
            Fact("name", personal.name),
            Fact("account_id", account.id, account.name),
            Fact("organization_id", personal.organization_id, _organization(world, personal)),
        ]
        advice = (
            "Send it as Authorization: Basic, with the Base64 of account id, colon and token. "
            "The documentation names no end for it. It does not open the Customer Chat API."
        )
        title = "A valid Personal Access Token"
        return Finding(title, True, advice, facts, list(personal.scopes))
    return _unknown(world, value)


def _told(
    world: Sandbox, info: dict[str, str | int]
) -> Iterator[tuple[str, tuple[str] | tuple[str, str]]]:
    """Put what `/v2/info` says into words, with the secrets masked."""
    for name, value in info.items():
        match name:
            case "access_token" | "refresh_token":
                yield name, (masked(str(value)),)
            case "account_id":
                yield name, (str(value), world.accounts[str(value)].name)
            case "organization_id":
                yield name, (str(value), world.organizations[str(value)].name)
            case "client_id":
                client = world.client(str(value))
                yield name, (str(value), f"the app {client[0].name}" if client else "")
            case "expires_in":
                hours, minutes = divmod(int(value) // 60, 60)
                yield name, (str(value), f"seconds: {hours} h {minutes} min")
            case "scope":
                pass  # has a list of its own
            case _:
                yield name, (str(value),)


def masked(value: str) -> str:
    """Return a token's region, if it has one, and dots for the rest."""
    region, colon, _ = value.partition(":")
    return f"{region}:******" if colon and region in REGIONS else "******"


def _personal(world: Sandbox, value: str) -> PersonalAccessToken | None:
    """Find a personal access token by its value, or by the Base64 that goes behind `Basic`."""
    try:
        account_id, colon, inside = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if colon:
        return world.personal_access_token(account_id, inside)
    tokens = world.personal_access_tokens.values()
    return next((token for token in tokens if same(token.value, value)), None)


def _organization(world: Sandbox, token: PersonalAccessToken) -> str:
    return world.organizations[token.organization_id].name


def _unknown(world: Sandbox, value: str) -> Finding:
    if "%3a" in value.lower():
        return Finding(
            "Not a valid token as it stands",
            False,
            "It has %3A where a token has a colon: it was copied out of an address. Change %3A "
            "to : and try again.",
        )
    if world.customers.token(value) is not None:
        return Finding(
            "A customer's access token",
            False,
            "This tool is not for it. GET /v2/customer/info tells what it is good for.",
        )
    if world.grants.refresh_token(value) is not None:
        return Finding(
            "A refresh token",
            False,
            "No API takes it, and it cannot be inspected. Exchange it for an access token.",
        )
    if world.grants.code(value) is not None:
        return Finding(
            "A code, not a token",
            False,
            "Exchange it for an access token first, with POST /v2/token.",
        )
    return Finding(
        "Not a valid token",
        False,
        "No access token and no Personal Access Token of this sandbox looks like that. It may be "
        "mistyped or cut off, expired, revoked or deleted, or from a sandbox that was ended since.",
    )


routes = [Route(_PAGE, debugger, methods=["GET", "POST"])]
