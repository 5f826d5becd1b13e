"""Asking the connected sandbox about values: whether it issued them, and what became of them.

Only digests go out, to its control plane. The mask asks for what is secret, and whoever explains a
refusal for its cause.
"""

import http.client
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from lc_tutorial.memory import Witness
from lc_tutorial.platforms.platform import Platform
from lc_tutorial.platforms.within import within

#: Seconds, for all that is asked at once. It answers within a few milliseconds; a machine under
#: load takes longer. All that is displayed waits for the mask; an explanation comes after a call
#: that has taken its time.
_PATIENCE_OF_THE_MASK = 1.0
_PATIENCE_OF_AN_EXPLANATION = 1.5

#: Digests in one question: the sandbox refuses more (:mod:`lc_tutorial.sandbox.control.controls`).
_MOST = 256


def issued_by(platform: Platform) -> Callable[[Collection[str]], Collection[str]]:
    """Make the question for the mask.

    Args:
        platform: a sandbox.

    Returns:
        What takes digests (SHA-256, in hex) and returns those of values that the sandbox issued.
        It raises TimeoutError if no answer comes within a second.
    """
    nonce = str(platform.login.nonce) if platform.login else ""

    def ask_all(digests: Collection[str]) -> Collection[str]:
        asked = list(digests)
        issued: set[str] = set()
        for first in range(0, len(asked), _MOST):
            some = {"digests": asked[first : first + _MOST]}
            values = _ask(platform.accounts_url, nonce, some, _PATIENCE_OF_THE_MASK).get("values")
            issued.update(values if isinstance(values, dict) else ())
        return issued

    return lambda digests: within(_PATIENCE_OF_THE_MASK, lambda: ask_all(digests))


def witness(url: str, nonce: str) -> Witness:
    """Make what asks a sandbox about values that were refused.

    Args:
        url: its address on this machine, without a slash at the end; it may have a path.
        nonce: opens its control plane.

    Returns:
        What takes a question (``digests``, ``request``, ``client_id``, ``path``, each if wanted)
        and returns what the sandbox says; nothing where it does not answer.
    """

    def question(about: Mapping[str, Any]) -> Mapping[str, Any]:
        patience = _PATIENCE_OF_AN_EXPLANATION
        # What is too much comes from behind in the body, where no credential stands.
        asked = {**about, "digests": about.get("digests", [])[:_MOST]}
        try:
            return within(patience, lambda: _ask(url, str(nonce), asked, patience))
        except TimeoutError:
            # Why the call was refused is explained all the same, if with a guess.
            return {}

    return question


def _ask(url: str, nonce: str, question: Mapping[str, Any], patience: float) -> dict[str, Any]:
    """What the sandbox says; nothing if it has ended, and what it knew with it.

    Not through requests: this is no call of the learner's, and there may be a proxy.

    Raises:
        TimeoutError: no answer came in time.
    """
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=patience)
    headers = {"X-Sandbox-Nonce": nonce, "Content-Type": "application/json"}
    try:
        connection.request(
            "POST", f"{address.path}/_sandbox/known", json.dumps(dict(question)), headers
        )
        answer = connection.getresponse()
        said = json.loads(answer.read()) if answer.status == 200 else {}
    except TimeoutError:
        raise
    except (OSError, http.client.HTTPException, ValueError, RecursionError):
        return {}
    finally:
        connection.close()
    return said if isinstance(said, dict) else {}
