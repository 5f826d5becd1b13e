"""Whether the service was able to answer at all. Where it wasn't, the request is not to blame."""

import math

from lc_tutorial.errors.explaining.explanation import Finding, Known
from lc_tutorial.errors.explaining.refused import Refused
from lc_tutorial.messages import seconds_asked


def trouble(refused: Refused) -> Finding | None:
    """What kept the service from answering; None if it did answer the request."""
    if refused.name == "not_imitated":
        return None  # an answer, if a 501
    if refused.status == 429 or refused.name == "too_many_requests":
        again = refused.place.say("slower")
        return Finding(Known("Too many calls came in a short time."), f"{_wait(refused)} {again}")
    if refused.status == 408 or refused.name == "request_timeout":
        return _took_too_long(refused)
    if refused.status == 503 or refused.name in ("service_unavailable", "temporarily_unavailable"):
        return Finding(
            Known("The service is not available for the moment: overloaded, or being maintained."),
            _wait(refused),
        )
    if refused.status >= 500 or refused.name in ("server_error", "internal"):
        billed = " Such calls are not billed." if refused.name == "internal" else ""
        return Finding(Known(f"The fault is on the service's side.{billed}"), _wait(refused))
    return None


def _took_too_long(refused: Refused) -> Finding:
    if refused.name == "request_timeout":
        # Source: livechat-public-docs, messaging/agent-chat-api, "Possible errors".
        return Finding(
            Known("The API needed more than 15 seconds."),
            f"Ask for less: a smaller limit, or narrower filters. {refused.place.say('again')}",
        )
    return Finding(Known("The service took too long."), _wait(refused))


def _wait(refused: Refused) -> str:
    again = refused.place.say("again")
    seconds = seconds_asked(refused.response.headers.get("Retry-After"))
    if seconds is None:
        return f"Wait a minute. {again}"
    whole = math.ceil(seconds)
    if whole > 86_400:
        return "It asks to wait for more than a day: come back then."
    if whole < 1:
        return again
    wanted = "a second" if whole == 1 else f"{whole:,} seconds"
    return f"Wait {wanted}, as the answer asks. {again}"
