"""The values that a request refers to by name: tokens, secrets, ids.

A name in double braces stands for a value wherever a request is edited, kept or copied. So a
secret is in no field, no history and no exported text; it comes in at the moment of sending.
"""

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus

from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.lab.request import REFERENCE, Request
from lc_tutorial.masking import Secret

#: What each name stands for, for a person. Others can be kept too.
MEANINGS: Mapping[str, str] = {
    "access_token": "the access token",
    "refresh_token": "the refresh token",
    "client_id": "the app's Client Id",
    "client_secret": "the app's Client Secret",
    "redirect_uri": "the app's redirect URI",
    "code": "the code that came back",
    "code_verifier": "the PKCE verifier of the link",
    "account_id": "the account's id",
    "personal_access_token": "a personal access token",
    "organization_id": "the organization's id",
    "customer_access_token": "the access token of a customer",
    "entity_id": "the customer's id",
    "state": "a value that nobody can guess",
    "code_challenge": "the PKCE challenge, made from the verifier",
    "chat_id": "the id of a chat",
    "page_id": "the next_page_id of an answer",
}

#: Names whose values everybody may see.
PUBLIC = frozenset(
    {
        "client_id",
        "redirect_uri",
        "account_id",
        "organization_id",
        "entity_id",
        "state",
        "code_challenge",
        "chat_id",
        "page_id",
    }
)

# Shorter values are words that may stand anywhere.
_SHORTEST = 8

Source = Callable[[], str | None]


class Vault:
    """Values by their names.

    Args:
        sources: what gives a value when it is asked for, None where there is none yet. It may
            raise :class:`~lc_tutorial.errors.StepIncomplete` for that too.
        beyond: a vault that is asked for what this one doesn't have.
    """

    def __init__(
        self, sources: Mapping[str, Source] | None = None, beyond: "Vault | None" = None
    ) -> None:
        self._entered: dict[str, str] = {}
        self._sources = dict(sources or {})
        self._came_along: dict[str, str] = {}
        self._beyond = beyond

    @property
    def names(self) -> tuple[str, ...]:
        """The names that have a value now."""
        here = dict.fromkeys([*self._entered, *self._came_along, *self._sources])
        names = [name for name in here if self.value(name) is not None]
        beyond = self._beyond.names if self._beyond is not None else ()
        return (*names, *(name for name in beyond if name not in here))

    def value(self, name: str) -> str | None:
        """The value of a name: a :class:`Secret`, unless it is public; None if there is none.

        What was entered by hand comes first, then what the source gives, then what came along with
        a request: so a token that was pasted serves until there is one of the learner's own.
        """
        value = self._entered.get(name) or self._from_source(name) or self._came_along.get(name)
        if value is None and name not in self._sources and self._beyond is not None:
            return self._beyond.value(name)
        return value if value is None or name in PUBLIC else Secret(value)

    def _from_source(self, name: str) -> str | None:
        try:
            return (self._sources[name]() or None) if name in self._sources else None
        except StepIncomplete:
            return None

    def put(self, name: str, value: str) -> None:
        """Enter a value under a name, in the place of the one that is there."""
        self._entered[name] = value if name in PUBLIC else Secret(value)

    def keep(self, name: str, value: str) -> str:
        """Keep a value that came along, and return its reference.

        One that is there already keeps its name; where the name has another value, the new one
        is numbered: ``access_token_2``.
        """
        number, free = 1, name
        while (there := self.value(free)) is not None:
            if there == value:
                return f"{{{{{free}}}}}"
            number += 1
            free = f"{name}_{number}"
        self._came_along[free] = value if free in PUBLIC else Secret(value)
        return f"{{{{{free}}}}}"

    def missing(self, request: Request) -> tuple[str, ...]:
        """The names that a request refers to and that have no value."""
        return tuple(name for name in request.references if self.value(name) is None)

    def resolve(self, text: str, *, in_json: bool = False) -> str:
        """Put the values in the place of their references.

        Args:
            text: with references.
            in_json: whether they stand within strings of JSON.

        Raises:
            InputError: a name has no value.
        """

        def value_of(name: str) -> str:
            value = self.value(name)
            if value is None:
                raise _no_value(name)
            return json.dumps(value)[1:-1] if in_json else str(value)

        return REFERENCE.sub(lambda found: value_of(found[1]), text)

    def conceal(self, text: str) -> str:
        """Put references in the place of the secrets that are known, also of encoded ones."""
        known = {name: str(self.value(name)) for name in self.names if name not in PUBLIC}
        # The longest first: one may be part of another.
        for name, value in sorted(known.items(), key=lambda item: -len(item[1])):
            if len(value) >= _SHORTEST:
                for form in dict.fromkeys((value, quote(value, safe=""), quote_plus(value))):
                    text = text.replace(form, f"{{{{{name}}}}}")
        return text

    def __repr__(self) -> str:
        return f"<Vault: {', '.join(self.names) or 'empty'}>"


def _no_value(name: str) -> InputError:
    meaning = MEANINGS.get(name)
    return InputError(
        what=f"There is no value for {{{{{name}}}}}.",
        why=f"It stands for {meaning}, which is not here yet."
        if meaning
        else "Nobody has given it one.",
        remedy="Do the step of notebook 01 that gets it, or enter it in the lab at Enter a value.",
    )
