"""Which scheme an ``Authorization`` header means, and whether that is what goes with its token.

The platform's samples say ``Basic <your_personal_access_token>`` since version 3.5 and mean the
Base64 of the account's id, a colon and that token. Learners put their access token there, which
goes with Bearer, and are refused.

Sources: livechat-public-docs, messaging/agent-chat-api (the samples), authorization/
personal-access-tokens; RFC 6750 and RFC 7617.
"""

import base64
import binascii
import re
from dataclasses import dataclass, replace

from lc_tutorial.lab.request import REFERENCE, Basic, Bearer, Request
from lc_tutorial.lab.vault import Vault

#: Access tokens look like this, and personal ones too.
_TOKEN = re.compile(r"(?:dal|fra|fra-[ab]):[\w-]{10,}", re.ASCII)
_ACCESS_TOKEN = re.compile(r"\{\{access_token(_\d+)?\}\}")

_PERSONAL = Basic("{{account_id}}", "{{personal_access_token}}")


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


def read_authorization(request: Request, notes: list[str]) -> Request:
    """The request with its ``Authorization`` header taken apart, as the lab edits it.

    It stays a header where its scheme is another, or there is no telling what it holds.

    Args:
        request: placeholders in it are references already; secrets are as they were pasted.
        notes: gets what was mended, as sentences.
    """
    header = request.header("Authorization")
    if header is None or request.authorization is not None:
        return request
    scheme, _, credential = header.partition(" ")
    credential = credential.strip()
    if scheme.lower() == "bearer" and credential:
        if credential == _PERSONAL.password:
            notes.append(
                "It says Bearer, and a personal access token goes with Basic: the platform will "
                "refuse it. Choose Basic below."
            )
        return with_authorization(request, Bearer(credential))
    if scheme.lower() != "basic" or not credential:
        return request
    if (pair := _decoded(credential)) is not None:
        return with_authorization(request, pair)
    if credential == _PERSONAL.password:
        return with_authorization(request, _PERSONAL)
    if _is_token(credential):
        # Not what the scheme wants: the question about it comes later.
        return with_authorization(request, Basic("", credential))
    user, colon, password = credential.partition(":")
    if colon:
        notes.append(
            "Basic wants the Base64 of what stands behind it here. The lab takes care of that."
        )
        return with_authorization(request, Basic(user, password))
    if not REFERENCE.fullmatch(credential):
        notes.append(
            "What stands behind Basic is no Base64 of a user and a password: the platform will "
            "refuse it. Choose a scheme below."
        )
    return request


def question_about(request: Request, vault: Vault) -> Question | None:
    """Whether it is open which scheme is meant.

    Args:
        request: with references in the place of secrets.
        vault: what the learner has.
    """
    if not isinstance(request.authorization, Basic):
        return None
    basic = request.authorization
    if _ACCESS_TOKEN.fullmatch(basic.password):
        return Question(
            Bearer(basic.password),
            replace(basic, user=basic.user or _PERSONAL.user),
            "It says Basic, and what stands there looks like an access token, which goes with "
            "Bearer. Is it one? Or is it a personal access token, which goes with Basic?",
        )
    has_access_token = vault.value("access_token") is not None
    if basic != _PERSONAL or not has_access_token or vault.value("personal_access_token"):
        return None
    return Question(
        Bearer("{{access_token}}"),
        basic,
        "It says Basic, which goes with a personal access token. You have an access token, which "
        "goes with Bearer. Which one is meant?",
    )


def with_authorization(request: Request, authorization: Bearer | Basic) -> Request:
    """The request with this in the place of its authorization, also of one in the headers."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "authorization")
    return replace(request, headers=headers, authorization=authorization)


def _is_token(credential: str) -> bool:
    return _TOKEN.fullmatch(credential) is not None or (
        _ACCESS_TOKEN.fullmatch(credential) is not None
    )


def _decoded(credential: str) -> Basic | None:
    try:
        pair = base64.b64decode(credential, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    user, colon, password = pair.partition(":")
    return Basic(user, password) if colon else None
