"""Which scheme an ``Authorization`` header means, and whether that is what goes with its token.

The platform's samples say ``Basic <your_personal_access_token>`` since version 3.5 and mean the
Base64 of the account's id, a colon and that token. Learners put their access token there, which
goes with Bearer, and are refused.

Sources: livechat-public-docs, messaging/agent-chat-api (the samples), authorization/
personal-access-tokens; RFC 6750 and RFC 7617.
"""

import re
from dataclasses import dataclass, replace

from lc_tutorial.lab.request import REFERENCE, Basic, Bearer, Request
from lc_tutorial.lab.vault import Vault
from lc_tutorial.messages import basic

#: Access tokens look like this, and personal ones too.
_TOKEN = re.compile(r"(?:dal|fra|fra-[ab]):[\w-]{10,}", re.ASCII)
_ACCESS_TOKEN = re.compile(r"\{\{access_token(_\d+)?\}\}")

#: What the samples of the platform mean with Basic.
PERSONAL = Basic("{{account_id}}", "{{personal_access_token}}")


@dataclass(frozen=True)
class Question:
    """Which of the two is meant.

    Attributes:
        bearer: the access token.
        basic: what the sample says.
        note: why it is asked.
    """

    bearer: Bearer
    basic: Basic
    note: str


def read_authorization(request: Request, notes: list[str]) -> tuple[Request, bool]:
    """The request with its ``Authorization`` header taken apart, as the lab edits it.

    It stays a header where its scheme is another, or there is no telling what it holds.

    Args:
        request: placeholders in it are references already; secrets are as they were pasted.
        notes: gets what was mended, as sentences.

    Returns:
        The request; and whether it said Basic before what looks like an access token.
    """
    header = request.header("Authorization")
    if header is None or request.authorization is not None:
        return request, False
    scheme, _, credential = header.partition(" ")
    credential = credential.strip()
    if scheme.lower() == "basic" and _looks_like_token(credential):
        return with_authorization(request, Bearer(credential)), True
    authorization: Bearer | Basic | None = None
    if scheme.lower() == "bearer" and credential:
        authorization = _bearer(credential, notes)
    elif scheme.lower() == "basic" and credential:
        authorization = _basic(credential, notes)
    return with_authorization(request, authorization) if authorization else request, False


def _bearer(credential: str, notes: list[str]) -> Bearer:
    if credential == PERSONAL.password:
        notes.append(
            "It says Bearer, and a personal access token goes with Basic: the platform will "
            "refuse it. Choose Basic below."
        )
    return Bearer(credential)


def _basic(credential: str, notes: list[str]) -> Basic | None:
    if credential == PERSONAL.password:
        return PERSONAL
    user, colon, password = basic.decode(credential).partition(":")
    if colon:
        return Basic(user, password)
    user, colon, password = credential.partition(":")
    if colon:
        notes.append(
            "Basic wants the Base64 of what stands behind it here. The lab takes care of that."
        )
        return Basic(user, password)
    if not REFERENCE.fullmatch(credential):
        notes.append(
            "What stands behind Basic is no Base64 of a user and a password: the platform will "
            "refuse it. Choose a scheme below."
        )
    return None


def question_about(request: Request, vault: Vault, *, doubted: bool) -> Question | None:
    """Whether it is open which scheme is meant.

    Args:
        request: with references in the place of secrets.
        vault: what the learner has.
        doubted: whether it said Basic before what looks like an access token.
    """
    match request.authorization:
        case Bearer(token) if doubted:
            return Question(
                Bearer(token),
                Basic(PERSONAL.user, token),
                "It says Basic, and what stands there looks like an access token, which goes with "
                "Bearer. Is it one? Or a personal access token, which goes with Basic?",
            )
        case Basic(_, password) as basic if _ACCESS_TOKEN.fullmatch(password):
            return Question(
                Bearer(password),
                basic,
                "It says Basic, and the password in it is your access token, which goes with "
                "Bearer. Which one is meant?",
            )
        case Basic() as basic if basic == PERSONAL and _has_only_access_token(vault):
            return Question(
                Bearer("{{access_token}}"),
                basic,
                "It says Basic, which goes with a personal access token. You have an access "
                "token, which goes with Bearer. Which one is meant?",
            )
    return None


def _has_only_access_token(vault: Vault) -> bool:
    personal = vault.value("personal_access_token")
    return personal is None and vault.value("access_token") is not None


def with_authorization(request: Request, authorization: Bearer | Basic) -> Request:
    """The request with this in the place of its authorization, also of one in the headers."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "authorization")
    return replace(request, headers=headers, authorization=authorization)


def _looks_like_token(credential: str) -> bool:
    return _TOKEN.fullmatch(credential) is not None or (
        _ACCESS_TOKEN.fullmatch(credential) is not None
    )
