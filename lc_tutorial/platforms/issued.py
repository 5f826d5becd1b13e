"""What a sandbox says of values: whether it issued them. It is asked by their digests."""

import http.client
import json
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from lc_tutorial.platforms.platform import Platform

#: Seconds. It answers within a few milliseconds; a machine under load takes longer.
_PATIENCE = 1.0

#: Digests in one question.
_MOST = 32


def issued_by(platform: Platform) -> Callable[[Collection[str]], Collection[str]]:
    """Make the question for the mask.

    Args:
        platform: a sandbox.

    Returns:
        What takes digests (SHA-256, in hex) and returns those of values that the sandbox issued.
        It raises TimeoutError if no answer comes within a second.
    """
    address = urlsplit(platform.accounts_url)
    nonce = str(platform.login.nonce) if platform.login else ""

    def known(digests: Collection[str]) -> Collection[str]:
        # Not through requests: this is no call of the learner's, and there may be a proxy.
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=_PATIENCE
        )
        headers = {"X-Sandbox-Nonce": nonce, "Content-Type": "application/json"}
        body = json.dumps({"digests": list(digests)})
        try:
            connection.request("POST", "/_sandbox/known", body, headers)
            answer = connection.getresponse()
            values = json.loads(answer.read())["values"] if answer.status == 200 else {}
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            # It has ended, and what it issued with it.
            return set()
        finally:
            connection.close()
        return set(values)

    def question(digests: Collection[str]) -> Collection[str]:
        asked = list(digests)
        return {
            digest
            for first in range(0, len(asked), _MOST)
            for digest in known(asked[first : first + _MOST])
        }

    return question
