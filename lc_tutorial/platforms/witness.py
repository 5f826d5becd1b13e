"""Asking the connected sandbox what it knows of a value that was refused.

Only digests go out, to the sandbox's control plane, and only when a refusal is explained. Where no
answer comes the explanation does without.
"""

from collections.abc import Mapping
from typing import Any

import requests

from lc_tutorial.memory import Witness
from lc_tutorial.messages import json_object

#: Seconds to connect, and to wait. A sandbox that is asked has just answered.
_PATIENCE = (0.5, 1.5)


def witness(url: str, nonce: str) -> Witness:
    """Make what asks a sandbox.

    Args:
        url: its address on this machine, without a slash at the end.
        nonce: opens its control plane.

    Returns:
        What takes a question (``digests``, ``request``, ``client_id``, ``path``, each if wanted)
        and returns what the sandbox says; nothing where it does not answer.
    """

    def ask(question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    f"{url}/_sandbox/known",
                    json=dict(question),
                    headers={"X-Sandbox-Nonce": str(nonce)},
                    timeout=_PATIENCE,
                    allow_redirects=False,
                )
        except requests.RequestException:
            # Why the call was refused is explained all the same, if with a guess.
            return {}
        return json_object(answer) if answer.status_code == 200 else {}

    return ask
