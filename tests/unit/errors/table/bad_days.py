"""Nothing is wrong with the request: a bad day; and a sandbox that was made as new."""

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.table.row import Row, once
from tests.unit.errors.table.ways import CUSTOMER, bad_day, before_reset, limited

_API = "/v3.6/agent/action/list_chats"
_AGAIN = "Run the cell again."

BAD_DAYS = [
    Row(
        "429 at an API, with Retry-After",
        lambda s: bad_day(s, 429, _API, retry_after=2),
        "429 too_many_requests",
        Known("Too many calls came in a short time."),
        "Wait 2 seconds, as the answer asks.",
    ),
    Row(
        "too many calls for the rate limit",
        lambda s: limited(s),
        "429 too_many_requests",
        Known("Too many calls came in a short time."),
        "Wait a minute.",
    ),
    Row(
        "500 at an API",
        lambda s: bad_day(s, 500, _API),
        "500 internal",
        Known("The fault is on the service's side. Such calls are not billed."),
        _AGAIN,
    ),
    Row(
        "503 at an API",
        lambda s: bad_day(s, 503, _API),
        "503 service_unavailable",
        Known("The service is not available for the moment"),
        _AGAIN,
    ),
    Row(
        "408 at an API",
        lambda s: bad_day(s, 408, _API),
        "408 request_timeout",
        Known("The API needed more than 15 seconds."),
        "Ask for less",
    ),
    *(
        Row(
            f"{status} at {path}",
            lambda s, status=status, path=path: bad_day(s, status, path),  # type: ignore[misc]
            f"{status} {name}",
            Known(cause),
            _AGAIN,
        )
        for path in ("/v2/token", CUSTOMER)
        for status, name, cause in (
            (429, "temporarily_unavailable", "Too many calls came in a short time."),
            (500, "server_error", "The fault is on the service's side."),
            (503, "temporarily_unavailable", "The service is not available for the moment"),
            (408, "temporarily_unavailable", "The service took too long."),
        )
    ),
]

RESET = [
    once(
        "a token from before a reset",
        lambda s: s.call(token=before_reset(s)),
        "401 authentication",
        Known("The sandbox was made as new since: all that it had issued is gone."),
        "Begin again with step 1.",
    ),
]
