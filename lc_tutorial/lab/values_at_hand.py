"""What the learner has by now, by the names that requests refer to it.

A value is looked up when it is needed, not before: a form may be filled in later, and a token be
replaced by a newer one. And each platform gets its own: a token of the sandbox never goes to the
live platform, nor the other way round.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from lc_tutorial import memory as seen
from lc_tutorial.errors import CODE_LIFE, with_steps
from lc_tutorial.lab.addresses import accounts_origin
from lc_tutorial.lab.request import Request
from lc_tutorial.lab.vault import Source, Vault
from lc_tutorial.oauth import PersonalAccessToken
from lc_tutorial.platforms import Platform

#: What this kernel has seen at each accounts service, and what its requests brought along.
_vaults: dict[str, Vault] = {}


def vault_of(
    platform: Platform,
    app: Any = None,
    authorization: Any = None,
    token: Any = None,
    *,
    memory: bool = True,
) -> Vault:
    """The learner's values, each looked up at the moment of its use.

    Args:
        platform: the one that is chosen. What is known to come from another one is not offered,
            also where it is given here.
        app: has ``client_id``, ``client_secret`` and ``redirect_uri``, as the form of step 1.
        authorization: has the ``code``, as the form of step 2.
        token: of step 3; also only its access token, a session of ``lc.catch_up``, or a personal
            access token.
        memory: take what is not given from what this kernel has seen: what came last.
    """
    origin = accounts_origin(platform.accounts_url)
    sources = _seen_at(origin) if memory else {}
    sources |= _given(app, _APP, lambda: _foreign_app(app, origin))
    sources |= _given(authorization, _AUTHORIZATION, lambda: _is_foreign(authorization, origin))
    if token is not None:
        sources |= _token_sources(token, origin)
    return Vault(sources, beyond=kept_at(origin) if memory else None)


class _Kept(Vault):
    """Keeps what came along under names of its own, so that the learner's stay what they are.

    A wrong token that was sent before there was a right one must not be the access token for ever.
    """

    def keep(self, name: str, value: str) -> str:
        """Keep a value, and return its reference: ``{{sent_access_token}}``."""
        if self.value(name) == value:
            return f"{{{{{name}}}}}"
        return super().keep(f"sent_{name}", value)


def kept_at(origin: str) -> Vault:
    """The kernel's own vault for a platform: what it has seen there, and what came along.

    Args:
        origin: of its accounts service, as :func:`~lc_tutorial.lab.addresses.accounts_origin` says.
    """
    if origin not in _vaults:
        _vaults[origin] = _Kept(_seen_at(origin))
    return _vaults[origin]


def remarks(request: Request, vault: Vault) -> tuple[str, ...]:
    """What there is to say about the values of a request before it is sent: that one won't serve.

    They are sent all the same: to see the platform refuse them is a lesson.

    Args:
        request: with references.
        vault: that has their values.
    """
    said = (_remark(name, vault.value(name)) for name in request.references)
    return tuple(remark for remark in said if remark)


def forget_all() -> None:
    """Forget what came along. For tests."""
    _vaults.clear()


# --- What was seen ------------------------------------------------------------------------------


def _seen_at(origin: str) -> dict[str, Source]:
    """The newest of each that this kernel has seen of a platform."""

    def of_app(name: str) -> Source:
        return lambda: getattr(seen.newest_app(origin), name, None)

    def of_token(name: str) -> Source:
        return lambda: _about(seen.newest_token("access token", origin), name)

    return {
        "access_token": lambda: seen.newest_token("access token", origin),
        "refresh_token": lambda: seen.newest_token("refresh token", origin),
        "customer_access_token": lambda: seen.newest_token("customer access token", origin),
        "account_id": of_token("account_id"),
        "organization_id": of_token("organization_id"),
        "client_id": of_app("client_id"),
        "client_secret": of_app("client_secret"),
        "redirect_uri": of_app("redirect_uri"),
        "code": lambda: seen.newest_code(origin),
        "code_verifier": seen.newest_verifier,
    }


def _about(token: str | None, name: str) -> str | None:
    return getattr(seen.seen_token(token), name, None) if token else None


# --- What was given -----------------------------------------------------------------------------

_APP = ("client_id", "client_secret", "redirect_uri")
_AUTHORIZATION = ("code",)
_TOKEN = (
    "access_token",
    "refresh_token",
    "account_id",
    "organization_id",
    "personal_access_token",
)


def _given(
    holder: Any, names: tuple[str, ...], is_foreign: Callable[[], bool]
) -> dict[str, Source]:
    """Sources that ask what was given, and nothing else: half of two apps is none."""
    if holder is None:
        return {}

    def asking(name: str) -> Source:
        return lambda: None if is_foreign() else getattr(holder, name, None)

    return {name: asking(name) for name in names}


def _token_sources(token: Any, origin: str) -> dict[str, Source]:
    def held() -> Any:
        """A token; or a text, of which the kernel may know more."""
        return token.token if hasattr(token, "token") else token

    def ask(name: str) -> str | None:
        of = held()
        if isinstance(of, PersonalAccessToken):
            return None if _is_foreign(token, origin) else getattr(of, name, None)
        value = of if isinstance(of, str) else getattr(of, "access_token", None)
        if not value or _elsewhere(seen.seen_token(value), origin):
            return None
        if name == "access_token":
            return value
        return _about(value, name) if isinstance(of, str) else getattr(of, name, None)

    return {name: partial(ask, name) for name in _TOKEN}


def _foreign_app(app: Any, origin: str) -> bool:
    """Whether an app is known to be of another platform."""
    if isinstance(getattr(app, "platform", None), Platform):
        return _is_foreign(app, origin)
    return seen.is_elsewhere(app.client_id, origin)


def _is_foreign(form: Any, origin: str) -> bool:
    """Whether a form is known to be of another platform."""
    platform = getattr(form, "platform", None)
    return isinstance(platform, Platform) and accounts_origin(platform.accounts_url) != origin


def _elsewhere(token: seen.SeenToken | None, origin: str) -> bool:
    return token is not None and accounts_origin(token.origin) != origin


# --- Words --------------------------------------------------------------------------------------


def _remark(name: str, value: str | None) -> str:
    if value is None:
        return ""
    token, code = seen.seen_token(value), seen.seen_code(value)
    now = datetime.now(UTC)
    if token is not None and token.revoked:
        return f"{{{{{name}}}}} was revoked: get a new one{with_steps(' in steps 2 and 3')}."
    if token is not None and token.expires_at is not None and token.expires_at <= now:
        at = f"{token.expires_at:%H:%M} UTC"
        anew = with_steps(" in steps 2 and 3")
        return f"{{{{{name}}}}} expired at {at}: refresh it, or get a new one{anew}."
    if code is not None and code.exchanged:
        return (
            f"{{{{{name}}}}} was exchanged before, and a code works once: get a new "
            f"one{with_steps(' in step 2')}."
        )
    if code is not None and now - code.received_at > timedelta(minutes=CODE_LIFE):
        return (
            f"{{{{{name}}}}} is older than a code lives: get a new one{with_steps(' in step 2')}."
        )
    return ""
