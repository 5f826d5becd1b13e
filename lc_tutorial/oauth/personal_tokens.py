"""Personal access tokens: for a person's own scripts, without an app and without the flow.

Whoever makes one in the Console sees three values once: the account id, the token, and the Base64
of both. The APIs take it with the scheme Basic.

Source: livechat-public-docs, authorization/personal-access-tokens; RFC 7617.
"""

from dataclasses import dataclass
from typing import Self

from lc_tutorial import memory
from lc_tutorial.errors import InputError
from lc_tutorial.masking import Secret, remember
from lc_tutorial.messages import basic
from lc_tutorial.pasting import Kind, read


@dataclass(frozen=True)
class PersonalAccessToken:
    """A token that a person made for scripts of their own.

    It keeps the scopes that it was made with, and can't be inspected or refreshed.
    Source: livechat-public-docs, authorization/personal-access-tokens, which names no end for it.

    Attributes:
        account_id: of the person, a UUID.
        personal_access_token: opens the APIs, with the account id.
    """

    account_id: str
    personal_access_token: Secret

    def __post_init__(self) -> None:
        memory.note_personal_token(self.personal_access_token)
        # By itself it is secret as well.
        remember(basic.encode(self.account_id, self.personal_access_token))

    @classmethod
    def find(cls, text: str) -> Self | None:
        """The token in a text as :meth:`parse` reads it; None if there is none."""
        reading = read(text, Kind.PERSONAL_ACCESS_TOKEN)
        if not reading.account_id or reading.fault:
            return None
        return cls(reading.account_id, Secret(reading.value))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what the Console shows: the Base64 of account id and token, or both with a colon.

        Args:
            text: also with what was copied along, such as the word Basic before it.

        Raises:
            InputError: it is neither.
        """
        if found := cls.find(text):
            return found
        fault = read(text, Kind.PERSONAL_ACCESS_TOKEN).fault
        raise InputError(
            what="This is not a personal access token with its account id.",
            why=fault
            or "The platform takes the two together: the account id says whose token it is.",
            remedy=(
                "Paste the Base64 encoded token that the Console shows; or the account id, a colon "
                "and the token."
            ),
        )

    @property
    def authorization(self) -> Secret:
        """What goes into the header Authorization."""
        return Secret(f"Basic {basic.encode(self.account_id, self.personal_access_token)}")
