"""Which platform the course talks to: the sandbox or the live one.

They differ here and nowhere else: the rest of the package takes a :class:`Platform` and asks it for
addresses. ``lc.connect`` gives one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from typing import Any

import requests

from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.platforms import jupyter

#: Makes the frame that shows a platform's pages; ``lc.connect`` says what does.
_frame: "Callable[[Platform, str | None], Any] | None" = None

#: The versions of the Agent Chat API that the course teaches.
#: Source: livechat-public-docs, messaging (3.6 stable, 3.5 legacy, 3.4 deprecated, 3.7 preview).
VERSIONS = ("3.4", "3.5", "3.6", "3.7")

STABLE = "3.6"

#: Of the live platform only; the sandbox serves all of them.
#: Sources: livechat-public-docs, messaging (3.4 is deprecated since 2026-03-31, for 3 to 6 months);
#: the official Python SDK, whose release of 2026-10-21 knows 3.5 to 3.7.
_LIKELY_GONE = "3.4"

#: The instant at which the sandbox's chats end.
_SANDBOX_NOW = datetime(2026, 6, 15, 14, 30, tzinfo=UTC)


@dataclass(frozen=True)
class SandboxLogin:
    """Who signs in to the sandbox when a form does its step for the learner, and what controls it.

    Attributes:
        email: of the author of the ready-made app. Fake.
        password: of the same. Fake.
        callback_port: the port that the sandbox's Console suggests for the redirect URI.
        nonce: opens the sandbox's control plane.
    """

    email: str
    password: str = field(repr=False)
    callback_port: int
    nonce: str = field(default="", repr=False)


@dataclass(frozen=True)
class Platform:
    """The addresses of one platform, and what differs in its behaviour.

    It has two kinds of addresses: those that the learner's browser opens (``authorization_url``,
    ``console_url``) and those that this kernel calls (all others). On a hub they differ.

    Attributes:
        name: ``"sandbox"`` or ``"live"``.
        authorization_url: where an authorization request goes, for the browser.
        console_url: the Developer Console, for the browser.
        accounts_url: origin of the accounts service, for this kernel.
        api_url: origin of the APIs, for this kernel.
        version: of the Agent Chat API.
        direct_url: the sandbox's own address, where the browser's addresses lead through a proxy
            and the browser may yet be on this machine.
        login: who the scripted learner signs in as; None on the live platform.
        warning: what to know before the first click, if anything.
    """

    name: str
    authorization_url: str
    console_url: str
    accounts_url: str
    api_url: str
    version: str = STABLE
    direct_url: str | None = None
    login: SandboxLogin | None = field(default=None, repr=False)
    warning: TutorialError | None = field(default=None, repr=False)

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing here is real and nothing costs anything."""
        return self.login is not None

    @property
    def now(self) -> datetime:
        """What time it is for the chats: in the sandbox always the instant at which they end."""
        return _SANDBOX_NOW if self.is_sandbox else datetime.now(UTC)

    @property
    def token_url(self) -> str:
        """Where a code is exchanged for a token."""
        return f"{self.accounts_url}/v2/token"

    @property
    def info_url(self) -> str:
        """Where a token can be inspected."""
        return f"{self.accounts_url}/v2/info"

    @property
    def list_chats_url(self) -> str:
        """The List Chats method of the Agent Chat API, in this platform's version."""
        return self.action_url("list_chats")

    def action_url(self, action: str) -> str:
        """The address of a method of the Agent Chat API, such as ``"get_chat"``."""
        return f"{self.api_url}/v{self.version}/agent/action/{action}"

    @property
    def opens_in_notebook(self) -> bool:
        """Whether the browser can't open the sandbox's pages in a tab, as far as is known.

        Then forms show them in the notebook.
        """
        is_direct = self.authorization_url == f"{self.accounts_url}/"
        return self.is_sandbox and is_direct and jupyter.browser_is_elsewhere()

    def in_notebook(self, address: str | None = None) -> Any:
        """The sandbox's pages in a frame of the notebook, for where no tab of the browser can.

        The frame has an address bar, a way back, and cookies of its own; links and forms work. It
        is the value of a cell, or of ``display``.

        Args:
            address: of a page of the sandbox, such as an authorization URL; the Console, if not
                given.

        Returns:
            A widget.

        Raises:
            InputError: on the live platform, whose pages open in tabs; or the address is none of
                the sandbox's.
        """
        if _frame is None:
            raise InputError(
                what="There is nothing to show pages with.",
                why="This platform was not made by lc.connect().",
                remedy="Use platform = lc.connect(), then platform.in_notebook().",
            )
        return _frame(self, address)

    def with_version(self, version: str) -> "Platform":
        """The same platform with another version of the API.

        Raises:
            InputError: for a version that the course doesn't know.
        """
        if version not in VERSIONS:
            raise InputError(
                what=f"There is no version {version!r} of the Agent Chat API in this course.",
                why="The platform serves a few versions at a time.",
                remedy=f"Use one of these: {', '.join(VERSIONS)}.",
            )
        return replace(self, version=version)

    def session(self) -> requests.Session:
        """A session for this kernel's calls; to the sandbox it takes no proxy."""
        session = requests.Session()
        session.trust_env = not self.is_sandbox
        return session

    def __repr__(self) -> str:
        if self.is_sandbox:
            return f"Connected to the sandbox, Agent Chat API {self.version}."
        about = f"Connected to the live platform, Agent Chat API {self.version}."
        return f"{about} {self._likely_gone()}".rstrip()

    def _likely_gone(self) -> str:
        if self.is_sandbox or self.version != _LIKELY_GONE:
            return ""
        return (
            f"Version {self.version} is deprecated, and the live platform has likely ended it by "
            f"now: use {STABLE}, or 3.5. The sandbox still has it."
        )

    def _repr_html_(self) -> str:
        links = self._links()
        if self.is_sandbox:
            about = (
                "<b>Connected to the sandbox.</b> It runs on the same machine as this notebook. "
                "Nothing in it is real and nothing costs anything. "
                f"Its chats end on {self.now:%d %B %Y at %H:%M} UTC: for them, that moment is now."
            )
        else:
            about = (
                "<b>Connected to the live platform.</b> You work on a real account. "
                "API calls are billed: USD 0.27 per 1,000 after the first 1,000, failed ones too. "
                "This notebook says how many it makes."
            )
        notice = self.warning.html() if self.warning else ""
        gone = f". <b>{self._likely_gone()}</b>" if self._likely_gone() else ""
        return (
            f"<div class='lc-platform'>{about} {links} · API version {self.version}"
            f"{gone}{self._where_links_begin()}</div>{notice}"
        )

    def _links(self) -> str:
        if self.opens_in_notebook:
            return (
                "Your browser can't reach it from here, so its pages open in the notebook: the "
                "forms have buttons for that, and <code>platform.in_notebook()</code> in a cell "
                "shows the Console."
            )
        return f'<a href="{escape(self.console_url)}" target="_blank" rel="noopener">Console</a>'

    def _where_links_begin(self) -> str:
        if not self.authorization_url.startswith("/"):
            return ""
        return (
            "<br>The addresses of its pages begin with a slash: links lead there from here, but "
            "what you print can't be opened elsewhere as it is. Put what your browser's address "
            "bar shows before its first single slash in front, such as <code>https://hub.example"
            "</code>."
        )


def show_pages_with(frame: Callable[[Platform, str | None], Any]) -> None:
    """Say what :meth:`Platform.in_notebook` makes its frames with, which is a widget.

    Args:
        frame: gets the platform, and the address to begin at.
    """
    global _frame
    _frame = frame


LIVE = Platform(
    name="live",
    authorization_url="https://accounts.livechat.com/",
    console_url="https://platform.text.com/console/",
    accounts_url="https://accounts.livechat.com",
    api_url="https://api.livechatinc.com",
)


def check_platform(given: object, call: str) -> None:
    """Refuse what is no platform before anything is made of it.

    Args:
        given: in the place of one.
        call: how it is written in a cell, such as ``lc.CredentialsForm(platform)``.

    Raises:
        InputError: it is something else.
    """
    if not isinstance(given, Platform):
        raise InputError(
            what="This is not a platform.",
            why="A platform is what lc.connect() gives: it knows where to call.",
            remedy=f"Use {call}, with platform = lc.connect().",
        )
