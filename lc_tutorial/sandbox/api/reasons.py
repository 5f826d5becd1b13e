"""Why the product APIs and the authorization page refused, for who controls the sandbox.

The platform's answer says "Wrong format of request" and no more, and so does the sandbox's. What
exactly was wrong is kept here for a while, under the digest of the request, without a value of it.
An authorization request is known by its `state`, with the name of the error that it got: the link
may be followed again, and be refused for another reason.
"""

import hashlib
from collections import OrderedDict

#: How many reasons are kept; the oldest goes.
MOST = 500


def digest_of_request(path: str, body: bytes) -> str:
    """Return what a request is known by: the SHA-256 of its path, a line break and its body."""
    return hashlib.sha256(path.encode() + b"\n" + body).hexdigest()


class Reasons:
    """The reasons of late."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()

    def note(self, path: str, body: bytes, why: str) -> None:
        """Note why a request was refused. The same request may be refused for another reason."""
        digest = digest_of_request(path, body)
        self._known.pop(digest, None)
        self._known[digest] = why
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def of(self, digest: str) -> str:
        """Return why the request with this digest was refused last; empty if nobody knows."""
        return self._known.get(digest, "")
