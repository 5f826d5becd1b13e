"""What a learner's notebook may tell the board, and what the board answers. Nothing else travels.

Both sides use these types. All but the name is a number or one of a few words, and what is no part
of a type is refused: so a secret, an id or a cell's text has no place in which to stand.
"""

import re
import unicodedata
from enum import Enum
from typing import Annotated

import msgspec

#: Characters of the name that a learner chooses.
MOST_OF_A_NAME = 40

#: Characters of the line that the teacher sends the room.
MOST_OF_A_LINE = 140

#: Reports in one request.
MOST_REPORTS = 64

#: Bytes of a request's body: so many reports fit, with room to spare.
MOST_BYTES = 16 * 1024

Position = Annotated[int, msgspec.Meta(ge=0, le=99)]
_CODE = Annotated[str, msgspec.Meta(max_length=32)]


class State(Enum):
    """How a learner stands at a step."""

    UNDER_WAY = "under way"
    DONE = "done"
    STUCK = "stuck"


class ErrorName(Enum):
    """Which error was explained to the learner; the words are :data:`WORDS`."""

    CHECK = "check"
    STEP_INCOMPLETE = "step_incomplete"
    CREDENTIALS = "credentials"
    REDIRECT_URI = "redirect_uri"
    CAME_BACK = "came_back"
    NOT_SENT = "not_sent"
    INPUT = "input"
    NOT_WHITELISTED = "not_whitelisted"
    UNKNOWN_CLIENT = "unknown_client"
    PAGE_SCOPE = "page_scope"
    PAGE_DENIED = "page_denied"
    PAGE = "page"
    TOKEN_CLIENT = "token_client"  # noqa: S105  (a name, no secret)
    TOKEN_GRANT = "token_grant"  # noqa: S105
    TOKEN_REQUEST = "token_request"  # noqa: S105
    TOKEN = "token"  # noqa: S105
    API_AUTHENTICATION = "api_authentication"
    API_AUTHORIZATION = "api_authorization"
    API_VALIDATION = "api_validation"
    API_LIMIT = "api_limit"
    API_REGION = "api_region"
    API = "api"
    SANDBOX_GONE = "sandbox_gone"
    NO_NETWORK = "no_network"
    CONNECTION_LOST = "connection_lost"
    PORT_TAKEN = "port_taken"
    PROXY_MISSING = "proxy_missing"
    ANSWER = "answer"
    OTHER = "other"


#: What the board says of each: what was refused or missed, and no cause that nobody knows.
WORDS = {
    ErrorName.CHECK: "a check found something missing",
    ErrorName.STEP_INCOMPLETE: "a cell above was not run, or a step not done",
    ErrorName.CREDENTIALS: "Client Id or Client Secret that can't be right",
    ErrorName.REDIRECT_URI: "redirect URI that can't be right",
    ErrorName.CAME_BACK: "what came back from the authorization page can't be used",
    ErrorName.NOT_SENT: "a request that can't be sent as it is",
    ErrorName.INPUT: "an input that can't be right",
    ErrorName.NOT_WHITELISTED: "redirect URI not on the whitelist",
    ErrorName.UNKNOWN_CLIENT: "Client Id that the platform does not know",
    ErrorName.PAGE_SCOPE: "scopes refused on the authorization page (invalid_scope)",
    ErrorName.PAGE_DENIED: "access denied on the authorization page (access_denied)",
    ErrorName.PAGE: "the authorization page refused",
    ErrorName.TOKEN_CLIENT: "refused at the token endpoint: unauthorized_client",
    ErrorName.TOKEN_GRANT: "refused at the token endpoint: invalid_grant",
    ErrorName.TOKEN_REQUEST: "refused at the token endpoint: invalid_request",
    ErrorName.TOKEN: "the accounts service refused",
    ErrorName.API_AUTHENTICATION: "the API refused the token (authentication)",
    ErrorName.API_AUTHORIZATION: "the API does not allow it (authorization)",
    ErrorName.API_VALIDATION: "the API can't read the request (validation)",
    ErrorName.API_LIMIT: "too many calls of the API",
    ErrorName.API_REGION: "the account lives in another region",
    ErrorName.API: "the API refused",
    ErrorName.SANDBOX_GONE: "the sandbox does not answer",
    ErrorName.NO_NETWORK: "the platform can't be reached",
    ErrorName.CONNECTION_LOST: "the connection was lost",
    ErrorName.PORT_TAKEN: "the port of the redirect URI is taken",
    ErrorName.PROXY_MISSING: "the browser can't reach this machine",
    ErrorName.ANSWER: "an answer of another kind than was expected",
    ErrorName.OTHER: "another error that was explained",
}


class _Telling(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What has its own members and no others."""


class Join(_Telling, frozen=True):
    """A learner comes in.

    Attributes:
        code: of the room, from the address that the teacher gave.
        name: as the learner wrote it; it is made :func:`plain` here, before it is shown.
        edition: of the learner's course.
    """

    code: _CODE
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_OF_A_NAME)]
    edition: int


class Admitted(_Telling, frozen=True):
    """The answer to it.

    Attributes:
        token: what opens the board for this learner's reports from now on.
        edition: of the board's course.
    """

    token: Annotated[str, msgspec.Meta(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
    edition: int


class AtStep(_Telling, tag="step", frozen=True):
    """How the learner stands at a step.

    Attributes:
        notebook: its position in the course.
        step: its position in the notebook.
        state: how it stands.
        error: the explained error, where one is the reason.
    """

    notebook: Position
    step: Position
    state: State
    error: ErrorName | None = None


class Answered(_Telling, tag="answer", frozen=True):
    """How a question of a quiz was answered."""

    notebook: Position
    question: Position
    right: bool


Report = AtStep | Answered


class Reports(_Telling, frozen=True):
    """What one request tells: nothing at all, where it only asks for the teacher's line."""

    edition: int
    reports: Annotated[list[Report], msgspec.Meta(max_length=MOST_REPORTS)] = []


class Heard(_Telling, frozen=True):
    """The answer to it.

    Attributes:
        line: the teacher's; empty for none.
        number: the how manieth line it is; 0 before the first.
        is_new: whether the board knew nothing of this learner before, as after it was started anew.
    """

    line: Annotated[str, msgspec.Meta(max_length=MOST_OF_A_LINE)] = ""
    number: Annotated[int, msgspec.Meta(ge=0)] = 0
    is_new: bool = False


_BLANKS = re.compile(r"\s+")

#: Letters and signs that show as an empty place: fillers of Hangul, and Braille without a dot.
_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc")


def plain(text: str, most: int) -> str:
    r"""One line of plain text: no control characters, none that turn the direction of writing.

    Args:
        text: from outside.
        most: characters to keep.

    >>> plain("  Mia \n\u202eaiM ", 40)
    'Mia aiM'
    """
    visible = "".join(
        each if unicodedata.category(each)[0] != "C" or each == "\u200d" else " " * each.isspace()
        for each in text
    )
    line = _BLANKS.sub(" ", visible).strip()[:most].strip()
    return line if any(map(_is_seen, line)) else ""


def _is_seen(char: str) -> bool:
    # A mark is seen on a letter, and a joiner joins; alone they are nothing.
    return char not in _EMPTY and unicodedata.category(char)[0] not in "CMZ"
