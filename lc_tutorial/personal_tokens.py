"""Personal access tokens: for a person's own scripts, without an app and without the flow.

Whoever makes one in the Console sees three values once: the account id, the token, and the Base64
of both. The APIs take it with the scheme Basic.

Source: livechat-public-docs, authorization/personal-access-tokens; RFC 7617.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Self

from lc_tutorial.credentials import trimmed
from lc_tutorial.errors import InputError
from lc_tutorial.masking import Secret

_ACCOUNT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SCHEME = re.compile(r"basic\s+", re.IGNORECASE)


@dataclass(frozen=True)
class PersonalAccessToken:
    """A token that a person made for scripts of their own.

    It has no end, and keeps the scopes that it was made with. It can't be inspected or refreshed.

    Attributes:
        account_id: of the person, a UUID.
        personal_access_token: opens the APIs, with the account id.
    """

    account_id: str
    personal_access_token: Secret

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what the Console shows: the Base64 of account id and token, or both with a colon.

        Args:
            text: also with the word Basic before it, spaces around it, or quotation marks.

        Raises:
            InputError: it is neither.
        """
        pasted = _SCHEME.sub("", trimmed(text), count=1)
        for pair in (pasted, _decoded(pasted)):
            account_id, _, token = (part.strip() for part in pair.partition(":"))
            if _ACCOUNT_ID.fullmatch(account_id) and _can_be_sent(token):
                return cls(account_id, Secret(token))
        raise InputError(
            what="This is not a personal access token with its account id.",
            why="The platform takes the two together: the account id says whose token it is.",
            remedy=(
                "Paste the Base64 encoded token that the Console shows; or the account id, a colon "
                "and the token."
            ),
        )

    @property
    def authorization(self) -> Secret:
        """What goes into the header Authorization."""
        pair = f"{self.account_id}:{self.personal_access_token}"
        return Secret(f"Basic {Secret(base64.b64encode(pair.encode()).decode())}")


def is_personal(text: str) -> bool:
    """Whether a text is a personal access token with its account id, and no access token."""
    try:
        PersonalAccessToken.parse(text)
    except InputError:
        return False
    return True


def _decoded(text: str) -> str:
    """What Base64 says; empty if it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def _can_be_sent(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token
