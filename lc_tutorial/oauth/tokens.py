"""Tokens, and what the accounts service does with them: exchange, refresh, inspect, revoke.

Notebook 01 sends the exchange by hand, because it is the lesson. :func:`exchange` sends the same
request, for what comes later.
"""

from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Self
from urllib.parse import urlsplit

import requests

from lc_tutorial import memory
from lc_tutorial.errors import ConnectionProblem, InputError, PlatformAnswerError, TokenError
from lc_tutorial.masking import Secret
from lc_tutorial.messages import json_object, lifetime_of, split_scopes
from lc_tutorial.pasting import Kind, read
from lc_tutorial.platforms import Platform

#: Seconds to wait for the accounts service.
_PATIENCE = 10.0

_TABLE = "border-collapse:collapse;color:var(--jp-content-font-color1,inherit);text-align:left"
_CELL = (
    "padding:4px 14px 4px 0;vertical-align:top;text-align:left;"
    "border-bottom:1px solid var(--jp-border-color2,#d0d0d0)"
)
_VALUE = (
    # A long id shall leave room for the words beside it.
    "font-family:var(--jp-code-font-family,monospace);overflow-wrap:anywhere;white-space:pre-line;"
    "min-width:11em"
)


@dataclass(frozen=True)
class Token:
    """An access token with all that came with it.

    Source: livechat-public-docs, authorization/oauth-authorization.

    Attributes:
        access_token: opens the APIs.
        account_id: of the user who allowed it, a UUID.
        organization_id: of the user's organization, a UUID.
        client_id: of the app that it was issued to; empty where the answer doesn't say.
        scopes: what it allows.
        expires_in: seconds from its arrival to its end; None where the answer doesn't say, or in a
            way that can't be read. RFC 6749, section 5.1, only recommends to say it.
        expires_at: the same as an aware time in UTC, or None.
        token_type: ``Bearer``.
        refresh_token: gets a new access token; None where there is none.
    """

    access_token: Secret
    account_id: str
    organization_id: str
    client_id: str
    scopes: frozenset[str]
    expires_in: int | None
    expires_at: datetime | None
    token_type: str = "Bearer"  # noqa: S105
    refresh_token: Secret | None = field(default=None)

    @classmethod
    def from_response(cls, response: requests.Response) -> Self:
        """Read the answer of the token endpoint, or of the inspection of a token.

        Raises:
            TokenError: the answer is a refusal.
            PlatformAnswerError: the answer is something else.
            InputError: it is no answer at all.
        """
        if not isinstance(response, requests.Response):
            raise InputError(
                what="A token is made of the answer to a request.",
                why=f"This is a {type(response).__name__}.",
                remedy="Pass what requests.post returned: lc.Token.from_response(token_response).",
            )
        memory.observe(response)
        if not response.ok:
            raise TokenError.from_response(response)
        answer = json_object(response)
        value, seconds = answer.get("access_token"), lifetime_of(answer)
        if not isinstance(value, str) or not value:
            raise PlatformAnswerError.from_response(response, "a token")
        refresh = answer.get("refresh_token")
        return cls(
            access_token=Secret(value),
            account_id=_text(answer, "account_id"),
            organization_id=_text(answer, "organization_id"),
            client_id=_text(answer, "client_id"),
            scopes=split_scopes(_text(answer, "scope")),
            expires_in=seconds,
            expires_at=None if seconds is None else datetime.now(UTC) + timedelta(seconds=seconds),
            token_type=_text(answer, "token_type") or "Bearer",
            refresh_token=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        )

    @property
    def region(self) -> str:
        """The data centre of the account, as ``dal`` or ``fra``; empty where the token has none."""
        region, colon, _ = self.access_token.partition(":")
        return region if colon else ""

    @property
    def authorization(self) -> Secret:
        """What goes into the header Authorization: Bearer, a space and the access token."""
        return Secret(f"Bearer {self.access_token}")

    @property
    def expired(self) -> bool:
        """Whether its time is known to be over. A token that was revoked doesn't know it."""
        return self.expires_at is not None and datetime.now(UTC) >= self.expires_at

    def __repr__(self) -> str:
        values = {each.name: repr(getattr(self, each.name)) for each in fields(self)}
        # A set has another order in each kernel.
        if self.scopes:
            values["scopes"] = f"frozenset({{{', '.join(map(repr, sorted(self.scopes)))}}})"
        return f"Token({', '.join(f'{name}={value}' for name, value in values.items())})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="{_CELL}"><b>{name}</b></td>'
            f'<td style="{_CELL};{_VALUE}">{escape(value)}</td>'
            f'<td style="{_CELL}">{escape(meaning)}</td></tr>'
            for name, value, meaning in self._explained()
        )
        head = "".join(
            f'<th style="{_CELL}">{name}</th>' for name in ("Field", "Value", "What it is")
        )
        return (
            f'<table class="lc-token" style="{_TABLE}"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _explained(self) -> list[tuple[str, str, str]]:
        refresh = (
            "Gets a new access token when this one has expired, without asking the user again."
            if self.refresh_token
            else "There is none: when the token has expired, the user is asked again."
        )
        region = f" It begins with the region, {self.region}." if self.region else ""
        return [
            (
                "access_token",
                _shown(self.access_token),
                f"Opens the API. It goes into the header of each call.{region}",
            ),
            ("refresh_token", _shown(self.refresh_token), refresh),
            (
                "token_type",
                self.token_type,
                "How it is sent: Authorization: Bearer. Whoever bears it may use it.",
            ),
            ("expires_in", *_life(self.expires_in)),
            (
                "scope",
                ",\n".join(sorted(self.scopes)),
                "What it allows. It keeps these scopes to its end.",
            ),
            ("account_id", self.account_id, "The user who allowed it."),
            ("organization_id", self.organization_id, "The organization of that user."),
            ("client_id", self.client_id, "Your app, which it was issued to."),
        ]


def exchange(
    platform: Platform,
    *,
    client_id: str,
    client_secret: str | None,
    redirect_uri: str,
    code: str,
    code_verifier: str | None = None,
) -> Token:
    """Exchange a code for a token: the request of step 3.

    Args:
        platform: whose code it is.
        client_id: of the app.
        client_secret: of the app; None for a JavaScript app, which has none.
        redirect_uri: the one of step 2, to the letter.
        code: from :func:`lc_tutorial.oauth.parse_redirect`.
        code_verifier: if step 2 sent a challenge.

    Raises:
        InputError: a value is a placeholder, or has dots in it that hide it.
        TokenError: the platform refused.
        PlatformAnswerError: its answer can't be understood.
        ConnectionProblem: it did not answer.
    """
    return _token(
        platform,
        {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client_id,
            "client_secret": client_secret,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        },
    )


def refresh(
    platform: Platform, *, client_id: str, client_secret: str | None, refresh_token: str
) -> Token:
    """Get a new access token for a refresh token.

    A server-side app's refresh token stays the same; a JavaScript app gets a new one each time.

    Raises:
        InputError: a value is a placeholder, or has dots in it that hide it.
        TokenError: the platform refused.
        PlatformAnswerError: its answer can't be understood.
        ConnectionProblem: it did not answer.
    """
    return _token(
        platform,
        {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        },
    )


def inspect(platform: Platform, access_token: str) -> Token:
    """Ask the platform what it knows of an access token. Its time counts from now.

    Raises:
        InputError: a value is a placeholder, or has dots in it that hide it.
        TokenError: the token is not valid (any more).
        PlatformAnswerError: the answer can't be understood.
        ConnectionProblem: nobody answered.
    """
    return Token.from_response(_send(platform, "GET", platform.info_url, _bearer(access_token)))


def inspect_at(origin: str, access_token: str) -> Token:
    """The same as :func:`inspect`, where only the accounts service's origin is known.

    Args:
        origin: of the service that issued it, as :func:`lc_tutorial.memory.seen_token` says.
        access_token: the token.

    Raises:
        TokenError, PlatformAnswerError, ConnectionProblem: as there.
    """
    with requests.Session() as session:
        session.trust_env = urlsplit(origin).hostname not in ("127.0.0.1", "localhost", "::1")
        url = f"{origin}/v2/info"
        return Token.from_response(_sent(session, "GET", url, _bearer(access_token)))


def revoke(platform: Platform, access_token: str) -> None:
    """End an access token, and the refresh token that came with it.

    Raises:
        InputError: a value is a placeholder, or has dots in it that hide it.
        TokenError: there is no such token (any more).
        ConnectionProblem: nobody answered.
    """
    response = _send(platform, "DELETE", platform.token_url, _bearer(access_token))
    memory.observe(response)
    if not response.ok:
        raise TokenError.from_response(response)


def _token(platform: Platform, fields: dict[str, str | None]) -> Token:
    sent = {
        name: _readable(value, _KINDS[name]) if name in _KINDS else value
        for name, value in fields.items()
        if value is not None
    }
    return Token.from_response(_send(platform, "POST", platform.token_url, data=sent))


def _send(
    platform: Platform,
    method: str,
    url: str,
    headers: dict[str, str] | None = None,
    data: dict[str, str] | None = None,
) -> requests.Response:
    with platform.session() as session:
        return _sent(session, method, url, headers, data)


def _sent(
    session: requests.Session,
    method: str,
    url: str,
    headers: dict[str, str] | None = None,
    data: dict[str, str] | None = None,
) -> requests.Response:
    try:
        return session.request(
            method,
            url,
            headers=headers,
            data=data,
            # Else a .netrc file with an entry for the host would replace the header.
            auth=_as_it_is,
            timeout=_PATIENCE,
            allow_redirects=False,
        )
    except requests.RequestException as problem:
        raise ConnectionProblem.from_exception(problem, url) from None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {_readable(access_token, Kind.ACCESS_TOKEN)}"}


# Not the redirect URI, which has to be the one of step 2, whatever that was.
_KINDS = {
    "code": Kind.CODE,
    "client_id": Kind.CLIENT_ID,
    "client_secret": Kind.CLIENT_SECRET,
    "code_verifier": Kind.CODE_VERIFIER,
    "refresh_token": Kind.REFRESH_TOKEN,
}


def _readable(value: str, kind: Kind) -> str:
    """A value without what was copied along; nothing else is sent than a value."""
    reading = read(value, kind)
    if reading.fault:
        raise InputError(
            what=f"Nothing was sent: this can't be the {kind.value}.",
            why=reading.fault,
            remedy="Use the name that holds it, such as app.client_secret, authorization.code or "
            "token.access_token. What a notebook shows of a secret has dots in it.",
        )
    return reading.value


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def _shown(secret: Secret | None) -> str:
    return repr(secret).removeprefix("Secret('").removesuffix("')") if secret else "none"


def _life(seconds: int | None) -> tuple[str, str]:
    """The field ``expires_in`` and its meaning."""
    if seconds is None:
        return (
            "not known",
            "The answer doesn't say how long it lives, or not in seconds: a call that is refused "
            "will tell.",
        )
    return f"{seconds:,} seconds", f"Its life: {_duration(seconds)} from its arrival."


def _duration(seconds: int) -> str:
    if seconds % 3600 == 0 and seconds:
        return "1 hour" if seconds == 3600 else f"{seconds // 3600} hours"
    minutes = seconds // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
