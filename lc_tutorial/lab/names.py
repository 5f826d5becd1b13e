"""The names that the values of the vault have elsewhere: in samples, in fields, in variables.

Source: livechat-public-docs, the samples of all APIs and of authorization/*; the page
"Authorization in practice".
"""

import re
from collections.abc import Mapping

from lc_tutorial.lab.vault import MEANINGS

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
