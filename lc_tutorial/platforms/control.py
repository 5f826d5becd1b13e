"""Control of the sandbox: what no platform lets its users do, and what a lesson needs.

::

    control = lc.Control.of(platform)
    control.expire_tokens()                                # the token expires now
    control.inject(429, path="/v*/agent/action/*", times=2)
    control.journal()                                      # what was asked and answered, masked

A sandbox is shared by all notebooks of one Jupyter: what is done here, all of them feel. For a
private one, connect with ``lc.connect("sandbox", fresh=True)``.
"""

from typing import Any

import requests

from lc_tutorial.errors import (
    ConnectionProblem,
    InputError,
    Likely,
    PlatformAnswerError,
    SandboxGone,
)
from lc_tutorial.masking import Secret
from lc_tutorial.messages import json_object
from lc_tutorial.platforms import jupyter
from lc_tutorial.platforms.platform import Platform

#: Seconds; making 100,000 chats takes the longest.
_PATIENCE = 300.0


class Control:
    """The handles of a sandbox; made by :meth:`of`.

    Every method raises :class:`~lc_tutorial.errors.SandboxGone` if the sandbox has ended, and
    :class:`~lc_tutorial.errors.InputError` for a value that it does not take.
    """

    def __init__(self, platform: Platform) -> None:
        login = platform.login
        if login is None:
            raise InputError(
                what="Only a sandbox can be controlled.",
                why="This notebook is connected to the live platform, which is real.",
                remedy='Connect to a sandbox: platform = lc.connect("sandbox", fresh=True).',
            )
        self._platform = platform
        self._nonce = login.nonce

    @classmethod
    def of(cls, platform: Platform) -> "Control":
        """Take control of a sandbox.

        Args:
            platform: what ``lc.connect("sandbox")`` returned.

        Raises:
            InputError: it is the live platform.
        """
        return cls(platform)

    def __repr__(self) -> str:
        return "Control of the sandbox."

    # --- The world --------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What is in the sandbox, without secrets.

        Returns:
            ``clock`` (``now``, and ``ahead_by`` in seconds), ``chats`` (``seed``, ``number``),
            ``sessions`` (how many browsers), ``people``, ``apps``, ``codes``, ``access_tokens``,
            ``refresh_tokens``, ``customer_tokens``, ``personal_access_tokens`` (each with the last
            4 characters of its value at most), ``rate_limit`` and ``faults``.
        """
        return self._object("GET", "state")

    def reset(self) -> dict[str, Any]:
        """Make the sandbox as new: clock, chats, faults, rate limit and journal, too.

        All apps, codes, tokens and sign-ins are gone. The ready-made app "List Chats" is a new
        one, with another client id and secret. Who was invited is gone, too; the others keep their
        passwords, so ``platform`` and "Do it for me" go on working.

        Returns:
            The new :meth:`state`.
        """
        return self._object("POST", "reset")

    def invite(self, number: int = 1, role: str = "administrator") -> list[dict[str, str]]:
        """Take more people in, for example one for each learner of a class.

        They belong to the first organisation, and to its group General. The login page lists them,
        with their passwords.

        Args:
            number: how many, up to 500 at a time.
            role: ``"administrator"``, who may give an app access to all chats, or ``"normal"``.

        Returns:
            ``name``, ``email``, ``password`` and ``role`` of each.
        """
        invited = self._list("POST", "people", {"number": number, "role": role})
        return [{**person, "password": Secret(person["password"])} for person in invited]

    def end_access(self, client_id: str, email: str = "") -> dict[str, int]:
        """End an app's access: a person takes their consent back or leaves, or the app is removed.

        Its tokens are refused from now on, as tokens that were revoked are; who follows its link
        again is asked again, where a consent page is shown.

        Args:
            client_id: of the app.
            email: of the person whose account it is; everybody's, if not given.

        Returns:
            How many ``access_tokens`` and ``refresh_tokens`` lived until now.
        """
        return self._object("POST", "end-access", {"client_id": client_id, "email": email})

    def customer_writes(self, text: str, name: str = "", group_id: int = 0) -> dict[str, str]:
        """Let a customer come to the website of the sandbox's company, and start a chat.

        It waits for an answer then, and webhooks tell of it.

        Args:
            text: what they write, up to 1,000 characters.
            name: of the customer, up to 60 characters; one who doesn't say, if not given.
            group_id: who is to answer: 0 is General, 1 Orders, 2 Plant care, 3 Wholesale.

        Returns:
            ``chat_id`` and ``thread_id``.
        """
        order = {"text": text, "name": name, "group_id": group_id}
        return self._object("POST", "customer", order)

    def reseed(self, seed: int | None = None, chats: int | None = None) -> dict[str, Any]:
        """Put other chats in the place of those that are there.

        Args:
            seed: what they are made of; the same seed gives the same chats. That of the start, if
                not given.
            chats: how many the first organisation has, up to 100,000 (half a minute, and more than
                a gigabyte of memory); 250, if not given.

        Returns:
            ``seed`` and ``number``.
        """
        return self._object("POST", "seed", _given(seed=seed, chats=chats))

    # --- Time -------------------------------------------------------------------------------------

    def advance(self, seconds: float) -> dict[str, Any]:
        """Let so many seconds pass at once.

        Returns:
            ``now``, and ``ahead_by``: by how many seconds the clock is ahead of real time.
        """
        return self._object("POST", "clock", {"advance": seconds})

    def expire_tokens(self) -> dict[str, Any]:
        """Move the clock to where the last access token has just expired.

        Codes and customers' tokens expire with them; refresh tokens and personal access tokens
        live on.

        Returns:
            As :meth:`advance` does.
        """
        return self._object("POST", "clock", {"expire_tokens": True})

    def real_time(self) -> dict[str, Any]:
        """Take all moves of the clock back. What had expired by them alone is valid again.

        Returns:
            As :meth:`advance` does.
        """
        return self._object("POST", "clock", {"real": True})

    # --- Bad days ---------------------------------------------------------------------------------

    def inject(
        self,
        fault: int | str,
        path: str = "*",
        times: int | None = 1,
        *,
        retry_after: int | None = None,
        seconds: float | None = None,
    ) -> list[dict[str, Any]]:
        """Make calls fail as they do on a bad day.

        Args:
            fault: 429, 500, 503 or 408, answered in the form of the service that is called;
                ``"drop"``, the connection closes without an answer; ``"slow"``; or
                ``"truncate"``, the call is done but the body of its answer breaks off.
            path: which calls: a path such as ``"/v2/token"``, in which ``*`` stands for any text.
            times: for how many calls; None for all, until :meth:`clear_faults`.
            retry_after: what a 429 says in ``Retry-After``, in seconds; 2, if not given.
            seconds: how long a slow answer takes, up to 120; 5, if not given.

        Returns:
            The faults that are set now. Of two for the same call the older one strikes first.
        """
        order = {"fault": str(fault), "path": path, "times": times}
        return self._list(
            "POST", "faults", {**order, **_given(retry_after=retry_after, seconds=seconds)}
        )

    def clear_faults(self) -> None:
        """Take all faults back."""
        self._list("DELETE", "faults")

    def limit_rate(self, calls: int | None = None, seconds: float = 60.0) -> dict[str, Any]:
        """Allow each account only so many calls of the product APIs in a row of seconds.

        Args:
            calls: how many; the generous number of the start, if not given.
            seconds: after how many seconds an account may call anew.

        Returns:
            ``calls`` and ``seconds``.
        """
        return self._object("POST", "rate-limit", {"calls": calls, "seconds": seconds})

    # --- What passed ------------------------------------------------------------------------------

    def journal(self) -> list[dict[str, Any]]:
        """The last requests to the sandbox and its answers, oldest first, secrets masked.

        It keeps 200, and of each no body above 16 KB. ``pandas.DataFrame(control.journal())``
        makes a table of it.

        Returns:
            Each with ``number``, ``at``, ``method``, ``url``, ``status`` (None: no answer),
            ``milliseconds``, ``fault``, and headers and body of request and response.
        """
        return self._list("GET", "journal")

    def clear_journal(self) -> None:
        """Empty the journal."""
        self._list("DELETE", "journal")

    def page_url(self) -> str:
        """A link to the sandbox's control page, for a browser.

        It opens the page once, within ten minutes; the browser that opened it stays let in.

        Returns:
            The whole address. On a hub whose name nobody has told this kernel yet (the first form
            that shows does), it begins with a slash, and what to put in front is printed.
        """
        ticket = self._object("POST", "ticket")["ticket"]
        page = f"{self._platform.authorization_url}_sandbox/enter?ticket={ticket}"
        if not page.startswith("/"):
            return page
        origin = jupyter.public_origin()
        if origin is None:
            print(
                "This address begins with a slash: put what your browser's address bar shows "
                "before its first single slash in front, such as https://hub.example."
            )
        return f"{origin or ''}{page}"

    # --- Calls ------------------------------------------------------------------------------------

    def _object(
        self, method: str, name: str, order: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        response = self._call(method, name, order)
        answer = json_object(response)
        if not answer:
            raise PlatformAnswerError.from_response(response, "one of a sandbox")
        return answer

    def _list(
        self, method: str, name: str, order: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        response = self._call(method, name, order)
        answer = response.json()
        if not isinstance(answer, list):
            raise PlatformAnswerError.from_response(response, "one of a sandbox")
        return answer

    def _call(self, method: str, name: str, order: dict[str, Any] | None) -> requests.Response:
        url = f"{self._platform.accounts_url}/_sandbox/{name}"
        for key, value in (order or {}).items():
            # Anything else can't be sent; lists and dicts it refuses itself, where it takes none.
            if not isinstance(value, str | int | float | list | tuple | dict | None):
                raise _refused(
                    f"{key} is a text or a number, and this is a {type(value).__name__}."
                )
        try:
            with self._platform.session() as session:
                response = session.request(
                    method,
                    url,
                    json=order,
                    headers={"X-Sandbox-Nonce": self._nonce},
                    timeout=_PATIENCE,
                    allow_redirects=False,
                )
        except requests.exceptions.InvalidJSONError:
            raise _refused("A number has to be finite.") from None
        except requests.RequestException as problem:
            raise ConnectionProblem.from_exception(problem, url) from None
        if response.status_code in (403, 410):
            raise SandboxGone(
                what="This sandbox is not the one that the notebook connected to.",
                why=Likely("it ended, and another one was started at the same address."),
                remedy='Run the cell that connects again: platform = lc.connect("sandbox").',
            )
        if response.status_code == 422:
            raise _refused(str(json_object(response).get("error", "")))
        if response.status_code != 200:
            raise PlatformAnswerError.from_response(response, "one of a sandbox")
        return response


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _refused(why: str) -> InputError:
    return InputError(
        what="The sandbox can't do that.",
        why=f"It says: {why}",
        remedy="Correct the value, and run the cell again.",
    )
