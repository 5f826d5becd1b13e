"""When a call is sent again, and how long is waited before.

Only for calls that read: whatever became of the first try, a second one changes nothing.
"""

import random
import time
from collections.abc import Callable
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ContentDecodingError
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from lc_tutorial.messages import seconds_asked

#: The longest wait before a call is sent again, in seconds.
LONGEST_WAIT = 30

#: How many times a call is sent again at most.
MOST_RETRIES = 4

# How often after a connection that was dropped, or an answer that broke off.
_MOST_BROKEN = 3

# Worth another try: too many requests, and what is the platform's own trouble.
_RETRIED = (408, 429, 500, 502, 503, 504)


class Retrying(Retry):
    """As urllib3's, but it tells of each answer that made it wait, and keeps nobody for long.

    Args:
        told: is called with the status of each answer after which the call is sent again.
    """

    def __init__(self, *args: Any, told: Callable[[int], None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told = told

    def new(self, **changes: Any) -> Self:
        """The same with changes; urllib3 makes one for each try."""
        return super().new(told=self._told, **changes)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Self:
        """Note a try that failed. Raises if it was the last."""
        following = super().increment(method, url, response, *args, **kwargs)
        if response is not None:
            self._told(response.status)
        return following

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """The wait that the platform asks for, within bounds; None where it can't be read.

        With some jitter: those who were sent away together would come back together.
        """
        # urllib3's own reading raises at what is no whole number and no date of this era.
        seconds = seconds_asked(response.headers.get("Retry-After"))
        return None if seconds is None else min(seconds, LONGEST_WAIT) + _jitter()

    def get_backoff_time(self) -> float:
        """The wait where the platform asks for none; urllib3's first one would be none at all."""
        return super().get_backoff_time() or _jitter()


def adapter(told: Callable[[int], None], *, patient: bool) -> HTTPAdapter:
    """What makes a session send its calls again.

    Args:
        told: is called with the status of each answer after which the call is sent again.
        patient: whether to wait for a server that can't be reached.
    """
    return HTTPAdapter(
        max_retries=Retrying(
            total=MOST_RETRIES,
            connect=2 if patient else 0,
            read=_MOST_BROKEN,
            status_forcelist=_RETRIED,
            # All methods of this API are POST, and what this client calls only reads.
            allowed_methods={"POST"},
            backoff_factor=0.5,
            backoff_jitter=0.5,
            backoff_max=LONGEST_WAIT,
            raise_on_status=False,
            told=told,
        )
    )


def until_whole(
    send: Callable[[], requests.Response], told: Callable[[int], None]
) -> requests.Response:
    """Send a call until its answer has come to its end.

    urllib3 sends again what was not answered. Here it is what was: an answer whose body broke off.

    Args:
        send: sends the call.
        told: is called with the status of each answer that broke off.

    Raises:
        requests.RequestException: it can't be had.
    """
    for retry in range(_MOST_BROKEN + 1):
        try:
            response = send()
            if _is_whole(response) or retry == _MOST_BROKEN:
                return response
            told(response.status_code)
        except requests.RequestException as problem:
            if not _broke_off(problem):
                raise
            told(200)
            if retry == _MOST_BROKEN:
                raise
        time.sleep(2**retry / 2 + _jitter())
    raise AssertionError  # the last retry returns or raises


def _broke_off(problem: requests.RequestException) -> bool:
    """Whether an answer began, and did not come to its end."""
    cause = problem.args[0] if problem.args else None
    return isinstance(problem, ChunkedEncodingError | ContentDecodingError) or isinstance(
        cause, ReadTimeoutError
    )


def _is_whole(response: requests.Response) -> bool:
    """Whether a JSON answer ends as one. Without Content-Length nothing else tells."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_object = kind == "application/json" and response.content.lstrip()[:1] == b"{"
    return not is_object or response.content.rstrip()[-1:] == b"}"


def _jitter() -> float:
    """Up to half a second."""
    return random.uniform(0.05, 0.5)  # noqa: S311
