"""Why somebody could not join, in words."""

import ssl

import requests
from urllib3.exceptions import ProtocolError

from lc_tutorial.errors import ConnectionProblem, InputError, Likely, TutorialError

_COPY_IT = "Copy the whole line that your teacher gave, and try again."


def refused(status: int) -> TutorialError:
    """What an answer means that is not the board's yes.

    Args:
        status: of the answer; 0 where it is no board's.
    """
    if status == 403:
        return InputError(
            what="The board does not know this code.",
            why="It is mistyped, or the board was started anew since, with another code.",
            remedy=_COPY_IT,
        )
    if status == 507:
        return TutorialError(
            what="The room is full.",
            why="The board takes no more learners.",
            remedy="Tell your teacher: lc-tutorial board --learners takes a larger number.",
        )
    if status == 429:
        return TutorialError(
            what="Too many are joining at this moment.",
            why="The board takes so many a minute.",
            remedy="Run the cell again in a minute.",
        )
    return TutorialError(
        what="What answers at this address does not answer as a board does.",
        why=Likely("another program listens there, or the board is of another edition."),
        remedy=_COPY_IT,
    )


def no_answer(problem: Exception, url: str) -> TutorialError:
    """What it means that there was no answer at all.

    Args:
        problem: the failure; its text is not used.
        url: of the board.
    """
    if isinstance(problem, requests.exceptions.SSLError):
        return _no_certificate() if _is_about_certificates(problem) else _no_https()
    if url.startswith("http:") and _was_cut_off(problem):
        return ConnectionProblem(
            what="What listens there ended the connection without an answer.",
            why=Likely("the address begins with https://, and not with http://."),
            remedy=_COPY_IT,
        )
    return ConnectionProblem(
        what="The board does not answer.",
        why=Likely("it has ended, the address is mistyped, or you are in another network."),
        remedy="Ask your teacher for the address. The course goes on without it.",
    )


def _no_https() -> TutorialError:
    return ConnectionProblem(
        what="What listens there and your notebook found no way to encrypt.",
        why=Likely("the address begins with http://, and not with https://."),
        remedy=_COPY_IT,
    )


def _no_certificate() -> TutorialError:
    return TutorialError(
        what="Who answers there could not show that it is the board.",
        why=Likely(
            "the end of the address is missing, which names the certificate; or somebody else "
            "answers there."
        ),
        remedy=_COPY_IT,
    )


def _is_about_certificates(problem: requests.exceptions.SSLError) -> bool:
    """Whether a certificate came, and is not the one; else the two did not even speak TLS."""
    reason = getattr(problem.args[0], "reason", None) if problem.args else None
    first = reason.args[0] if isinstance(reason, Exception) and reason.args else reason
    # A fingerprint that differs is told by a text of urllib3's.
    return isinstance(first, ssl.SSLCertVerificationError) or not isinstance(first, ssl.SSLError)


def _was_cut_off(problem: Exception) -> bool:
    return bool(problem.args) and isinstance(problem.args[0], ProtocolError)
