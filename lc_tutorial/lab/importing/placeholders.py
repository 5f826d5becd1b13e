"""What samples write in the place of one's own values: ``<your_access_token>``, ``YOUR_CODE_HERE``.

Source: livechat-public-docs, the samples of all APIs and of authorization/*; the page
"Authorization in practice".
"""

import re
from collections.abc import Callable, Mapping

from lc_tutorial.lab.request import REFERENCE
from lc_tutorial.lab.vault import MEANINGS

#: The forms that placeholders have, and who uses them.
_PLACEHOLDER = re.compile(
    r"<(?P<angles>[A-Za-z][\w |./-]{0,60})>"  # the documentation
    r"|\{\{(?P<braces>[A-Za-z][\w .-]{0,60})\}\}"  # Postman
    r"|(?<![\w$-])(?P<here>[A-Z][A-Za-z_]{1,60}_HERE)(?!\w)>?"  # "Authorization in practice"
    r"|(?<![\w$-])(?P<yours>YOUR_[A-Z][A-Z_]{1,60})(?!\w)"
    r"|(?<![\w$-])(?P<lower>your[_-][a-z][a-z_-]{1,60})(?!\w)"
    r"|(?<![\w$-])(?P<upper>[A-Z]{2,20}(?:_[A-Z]{2,20}){1,3})(?!\w)"
)

#: Unknown ones are told of; <b> and <script> are none.
_SURELY_ONE = re.compile(r".*[_ |-].*(?<!/)|action|version|id|email|name|token|code|value")

#: What adds nothing to the name of a value.
_FILLERS = frozenset({"your", "my", "the", "a", "an", "app", "apps", "of", "here", "livechat"})

_NAMES: Mapping[str, str] = {
    **{name: name for name in MEANINGS},
    "token": "access_token",
    "agent_access_token": "access_token",
    "agent_token": "access_token",
    "bearer_token": "access_token",
    "pat": "personal_access_token",
    "personal_token": "personal_access_token",
    "username": "account_id",  # beside <your_PAT>, in the Configuration API
    "auth_code": "code",
    "authorization_code": "code",
    "verifier": "code_verifier",
    "redirect_url": "redirect_uri",
    "uri_you_defined_in_developer_console": "redirect_uri",
    "entity_id_customer": "entity_id",
    "customer_token": "customer_access_token",
}

#: Words that mean this only in a sample that says YOUR_…_HERE.
_SHORT_NAMES: Mapping[str, str] = {
    "id": "client_id",
    "secret": "client_secret",
    "redirect": "redirect_uri",
}


def name_of(placeholder: str) -> str | None:
    """The name of the value that a placeholder stands for; None if it is not known.

    >>> name_of("YOUR_redirect_HERE")
    'redirect_uri'
    >>> name_of("access_token|refresh token")
    'access_token'
    """
    first = placeholder.partition("|")[0]
    snake = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", first).lower()
    words = [word for word in re.split(r"[^a-z0-9]+", snake) if word]
    told = "_".join(word for word in words if word not in _FILLERS)
    if told in _NAMES:
        return _NAMES[told]
    return _SHORT_NAMES.get(told) if words[:1] == ["your"] or words[-1:] == ["here"] else None


def replaced(text: str, found: Callable[[str, str | None], object]) -> str:
    """Put references in the place of placeholders.

    Args:
        text: in which they may stand.
        found: is called with each placeholder and the name that it got, None where nobody knows
            what it stands for; that one stays.
    """

    def reference(match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        inner = match[kind]
        if kind == "braces" and REFERENCE.fullmatch(match[0]):
            return match[0]
        name = name_of(inner)
        if name is None and not _is_told(kind, inner):
            return match[0]
        found(match[0], name)
        return match[0] if name is None else f"{{{{{name}}}}}"

    return _PLACEHOLDER.sub(reference, text)


def _is_told(kind: str, inner: str) -> bool:
    """Whether it is worth a word that nobody knows this one: it may be markup, or a word."""
    if kind == "angles":
        return _SURELY_ONE.fullmatch(inner) is not None
    return kind in ("braces", "here", "yours")
