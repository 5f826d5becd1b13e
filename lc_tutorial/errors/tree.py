"""What can go wrong, each with its reason and its remedy.

::

    TutorialError
    ├── StepIncomplete             a step that this one builds on is not done
    ├── InputError (ValueError)    what was entered can't be right
    │   ├── CredentialsError       the Client Id or the Client Secret
    │   ├── RedirectUriError       the redirect URI
    │   ├── RedirectError          what came back from the authorization page
    │   └── NotSent                a request that can't be sent as it is
    ├── PlatformRefusal            the platform said no
    │   ├── AuthorizationError     on its pages, in the browser
    │   ├── TokenError             at the token endpoint
    │   └── ApiError               at an API
    ├── ConnectionProblem          nobody answered
    │   ├── SandboxGone
    │   ├── NoNetwork
    │   ├── ConnectionLost         somebody was there, but no whole answer came
    │   ├── PortTaken              nobody could: the port belongs to another program
    │   └── ProxyMissing           nobody could: the browser can't reach this machine
    └── PlatformAnswerError        an answer came and can't be understood

:mod:`lc_tutorial.errors.tutorial_error` tells a person of them. A cause is stated as a fact where
this kernel knows it, else as likely: see :mod:`lc_tutorial.errors.explaining`.
"""

from typing import Any, Self
from urllib.parse import urlsplit

import requests

from lc_tutorial import memory
from lc_tutorial.errors import explaining
from lc_tutorial.errors.explaining import Cause, Place
from lc_tutorial.errors.tutorial_error import TutorialError
from lc_tutorial.masking import mask
from lc_tutorial.messages import LOOPBACK, json_object


class StepIncomplete(TutorialError):
    """A step that this one builds on is not done."""


class InputError(TutorialError, ValueError):
    """What was entered can't be right."""


class CredentialsError(InputError):
    """The Client Id or the Client Secret can't be right."""


class RedirectUriError(InputError):
    """The redirect URI can't be right."""


class RedirectError(InputError):
    """What came back from the authorization page can't be used."""


class NotSent(InputError):
    """A request that can't be sent as it is: its address, a header or its JSON."""


class PlatformRefusal(TutorialError):
    """The platform said no."""


class AuthorizationError(PlatformRefusal):
    """The authorization page refused, and said so in an address.

    Attributes:
        name: such as ``access_denied``.
        details: such as ``invalid_redirect_uri``; empty where there are none.
    """

    def __init__(
        self, what: str, why: str | Cause = "", remedy: str = "", *, name: str, details: str = ""
    ) -> None:
        super().__init__(what, why, remedy)
        self.name = name
        self.details = details

    @classmethod
    def from_parameters(
        cls,
        name: str,
        details: str = "",
        request: memory.SentRequest | None = None,
        parameter: str = "oauth_exception",
    ) -> Self:
        """Explain an error that came in an address.

        Args:
            name: the value of ``error``, ``oauth_exception`` or ``identity_exception``.
            details: the value of ``exception_details`` or ``error_description``.
            request: the authorization request that was refused, where it is known.
            parameter: which of the three parameters it was: the same name can mean two things.
        """
        explained = explaining.authorization.authorization(name, details, request, parameter)
        return cls(*explained, name=name, details=details)


class TokenError(PlatformRefusal):
    """The accounts service refused: at ``/v2/token`` or ``/v2/info``.

    Attributes:
        status: of the HTTP answer.
        name: such as ``unauthorized_client``; empty where the answer has none.
        description: the platform's own sentence.
        sub_error: such as ``insufficient_scope``; empty where there is none.
        request_id: what to quote to the vendor's support.
    """

    def __init__(
        self,
        what: str,
        why: str | Cause = "",
        remedy: str = "",
        *,
        status: int,
        name: str = "",
        description: str = "",
        sub_error: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(what, why, remedy)
        self.status = status
        self.name = name
        self.description = mask(description)
        self.sub_error = sub_error
        self.request_id = request_id

    @classmethod
    def from_response(cls, response: requests.Response, place: Place | None = None) -> Self:
        """Read and explain a refusal, in either of the service's two forms.

        What the request held, and what this kernel and the connected sandbox know, tell the cause
        in most cases.

        Source: livechat-public-docs, Global Accounts and Customer Accounts API.

        Args:
            response: the refusal.
            place: where the explanation is shown; where this thread works, if not given.
        """
        memory.observe(response)
        answer = json_object(response)
        name = _text(answer, "error", "oauth_exception", "identity_exception")
        description = _text(answer, "error_description", "exception_description")
        sub_error = _text(answer, "sub_error")
        place = place or Place.here()
        refused = explaining.Refused(response, name, description, place=place)
        return cls(
            *explaining.token.refusal(refused),
            status=response.status_code,
            name=name,
            description=description,
            sub_error=sub_error,
            request_id=_text(answer, "request_id"),
        )


class ApiError(PlatformRefusal):
    """An API refused a call.

    Attributes:
        status: of the HTTP answer.
        type: such as ``authentication``; empty where the answer has none.
        message: the platform's own sentence.
        data: what else the platform said about it.
    """

    def __init__(
        self,
        what: str,
        why: str | Cause = "",
        remedy: str = "",
        *,
        status: int,
        type: str = "",  # noqa: A002  (the platform's name for it)
        message: str = "",
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(what, why, remedy)
        self.status = status
        self.type = type
        self.message = mask(message)
        self.data = data or {}

    @classmethod
    def from_response(cls, response: requests.Response, place: Place | None = None) -> Self:
        """Read and explain a refusal.

        Source: livechat-public-docs, messaging/agent-chat-api, "Error format".

        Args:
            response: the refusal.
            place: where the explanation is shown; where this thread works, if not given.
        """
        memory.observe(response)
        error = json_object(response).get("error")
        error = error if isinstance(error, dict) else {}
        data = error.get("data")
        data = data if isinstance(data, dict) else {}
        kind, message = _text(error, "type"), _text(error, "message")
        refused = explaining.Refused(response, kind, message, data, place or Place.here())
        return cls(
            *explaining.api.refusal(refused),
            status=response.status_code,
            type=kind,
            message=message,
            data=data,
        )


class ConnectionProblem(TutorialError):
    """Nobody answered."""

    @staticmethod
    def from_exception(problem: Exception, url: str | None = None) -> TutorialError:
        """What a failure of ``requests`` means.

        Args:
            problem: the failure. Its own text holds the URL with its query, and is not used.
            url: of the call; the one in ``problem``, if not given.

        Returns:
            :class:`NotSent` for a request that can't be sent, :class:`ConnectionLost` where
            somebody was there; else :class:`SandboxGone` for an address on this machine, and
            :class:`NoNetwork`.
        """
        request = getattr(problem, "request", None)
        if url is None and request is not None:
            url = request.url
        kind, explained = explaining.connection.failure(problem, url or "")
        if kind == "not_sent":
            return NotSent(*explained)
        if kind == "lost":
            return ConnectionLost(*explained)
        is_here = (urlsplit(url or "").hostname or "") in LOOPBACK
        return (SandboxGone if is_here else NoNetwork)(*explained)


class SandboxGone(ConnectionProblem):
    """The sandbox doesn't answer."""

    @classmethod
    def not_started(cls, printed: str) -> Self:
        """The sandbox ended before it was ready.

        Args:
            printed: what it said; the end of it is repeated.
        """
        last = " ".join(printed.split())[-300:]
        return cls(
            what="The sandbox could not be started.",
            why=f"It said: {last}" if last else "It ended without saying why.",
            remedy=(
                "Run the cell again. If it comes back, run `lc-tutorial sandbox` in a terminal "
                "to see all that it says."
            ),
        )


class NoNetwork(ConnectionProblem):
    """The platform can't be reached from this machine."""


class ConnectionLost(ConnectionProblem):
    """Somebody was there, but no whole answer came."""


class PortTaken(ConnectionProblem):
    """A port to listen on, such as the redirect URI's, belongs to another program."""

    @classmethod
    def from_port(cls, port: int, why: str) -> Self:
        """Another program listens on this port, or keeps it; ``why`` says which, as a sentence."""
        return cls(
            what=f"The code can't arrive by itself: port {port} is taken.",
            why=why,
            remedy=(
                "Follow the link all the same, and paste the address of the page where you end; "
                "or end the other program and run this cell again."
            ),
        )

    @classmethod
    def not_allowed(cls, port: int, instead: int) -> Self:
        """The user may not listen on this port; on the other one, most likely."""
        return cls(
            what=f"The code can't arrive by itself: this kernel may not listen on port {port}.",
            why="On most systems ports below 1024 are reserved for the administrator.",
            remedy=(
                "Follow the link all the same, and paste the address of the page where you end; "
                f"or whitelist a redirect URI with a port such as {instead}, and use that."
            ),
        )


class ProxyMissing(ConnectionProblem):
    """The browser can't reach this machine: jupyter-server-proxy is missing, or leads astray."""

    @classmethod
    def on_hub(cls) -> Self:
        """The kernel runs on a hub whose server has no jupyter-server-proxy."""
        return cls(
            what="Your browser can't reach the sandbox on this hub.",
            why="The Jupyter server has no jupyter-server-proxy, which leads the browser to it.",
            remedy=(
                "The forms open the sandbox's pages here, in the notebook. To have them in tabs, "
                "run `pip install jupyter-server-proxy` in a terminal of this hub, and restart "
                "your server from the hub's control panel."
            ),
        )

    @classmethod
    def leads_astray(cls) -> Self:
        """The proxy of the hub's server changes where the sandbox's pages redirect to."""
        return cls(
            what="In tabs, the sandbox's pages would lead you astray on this hub.",
            why=(
                "The jupyter-server-proxy of your server puts its own address before redirects "
                "that need none, as its version 4.5.0 does: what they lead to isn't there."
            ),
            remedy=(
                "The forms open the sandbox's pages here, in the notebook. To have them in tabs, "
                "run `pip install 'jupyter-server-proxy!=4.5.0' --upgrade` in a terminal of this "
                "hub, and restart your server from the hub's control panel."
            ),
        )


class PlatformAnswerError(TutorialError):
    """An answer came and can't be understood."""

    @classmethod
    def from_response(cls, response: requests.Response, expected: str) -> Self:
        """Say what the answer is instead of what was expected.

        Args:
            response: the answer.
            expected: such as "a token".
        """
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip() or "no type"
        return cls(
            what=f"The answer is not {expected}.",
            why=(
                f"It came with status {response.status_code}, {len(response.content):,} bytes "
                f"of {kind}."
            ),
            remedy="Check the address and the body of the request, then send it again.",
        )


def _text(answer: dict[str, Any], *names: str) -> str:
    """The first of these fields that holds a text."""
    return next((answer[name] for name in names if isinstance(answer.get(name), str)), "")
