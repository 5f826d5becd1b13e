"""The form of step 2: follow the link, and get the code back."""

import threading
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import ipywidgets as widgets

from lc_tutorial import masking, memory
from lc_tutorial.errors import (
    CODE_LIFE,
    PortTaken,
    RedirectError,
    StepIncomplete,
    TutorialError,
    with_steps,
)
from lc_tutorial.forms import base
from lc_tutorial.forms.courier import when_followed
from lc_tutorial.forms.doorway import Doorway
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import (
    Authorization,
    AuthorizationRequest,
    CallbackListener,
    check_leads_to,
    leads_through_a_proxy,
    listening_port,
    parse_redirect,
)
from lc_tutorial.platforms import Platform, check_platform, jupyter


class AuthorizationForm(base.Form):
    """Offers the authorization URL as a link and waits for the code.

    Where the redirect URI leads to this machine, a listener waits for the browser there and the
    code arrives by itself. It can always be pasted too. What is pasted leaves its field at once.

    A code that arrived stays in the kernel's memory: a form made anew for the same link has it, as
    long as it serves.

    Args:
        platform: from :func:`lc_tutorial.connect`.
        authorization_url: built in the cell.

    Raises:
        InputError: the URL lacks something that an authorization request needs.
    """

    #: The form that waits now: a new one takes over from the one before, with its listener.
    _waiting: "AuthorizationForm | None" = None
    # The listener's thread and the kernel's may both bring the code, also while a form is made.
    _lock = threading.RLock()

    def __init__(self, platform: Platform, authorization_url: str) -> None:
        check_platform(platform, "lc.AuthorizationForm(platform, authorization_url)")
        super().__init__(
            "Get the code",
            "A form with the link to the authorization page, which waits for the code.",
        )
        self.platform = platform
        self.request = AuthorizationRequest.from_url(authorization_url)
        check_leads_to(authorization_url, platform)
        self._url = authorization_url
        self._authorization: Authorization | None = None
        self._received_at: datetime | None = None
        self._listener: CallbackListener | None = None
        self._paste_field = base.field(
            widgets.Text, "Or paste it", "the whole address, or the code", "lc-paste"
        )
        self._paste_field.observe(self._take_pasted, names="value")
        use = self.button("Use what I pasted", self._nothing_pasted, "lc-use-pasted")
        base.submits(self._paste_field, button=use)
        row = [use]
        if platform.is_sandbox:
            row.append(self.button("Do it for me", self.do_it_for_me, "lc-do-it-for-me"))
        self._start_over_button = self.button("Start over", self.start_over, "lc-start-over")
        self._start_over_button.layout.display = "none"
        row.append(self._start_over_button)
        door = Doorway(
            self,
            platform,
            "Open the authorization page",
            self._url,
            "lc-authorize",
            aside=self._directly,
            when_opened=lambda: self._link_followed(self.explained),
        )
        when_followed(door.links, self._link_followed)
        self._lay_out(*door.parts, self._paste_field, base.buttons(*row))
        self._begin()
        if not self.is_complete and base.autopilot_is_on(platform):
            self.attempt(self.do_it_for_me)

    def _begin(self) -> None:
        """Show the code that this request has brought already, as long as it serves; else wait."""
        with self._lock:
            self._take_over()
            arrived = memory.arrived_code(self.request.state)
            if arrived is None or not _serves(arrived.seen):
                self.attempt(self._wait)
            elif self._listener is not None and self._listener.is_listening:
                self._listener.rest()
        if arrived is None:
            return
        if not _serves(arrived.seen):
            gone = "was exchanged" if arrived.seen.exchanged else f"is over {CODE_LIFE} minutes old"
            self._add(
                f"The code that this link brought before {gone}. For another one, follow the link "
                "again."
            )
            return
        self._authorization = Authorization(
            Secret(arrived.code), self.request.state, arrived.state_came_back
        )
        self._received_at = arrived.seen.received_at
        self._start_over_button.layout.display = None
        self.say(
            "done",
            "The code of this link arrived before, and was not exchanged yet: go on with "
            f"{_next()}, soon.",
        )

    @property
    def code(self) -> Secret:
        """The authorization code: shown as dots, sent as it is.

        Raises:
            StepIncomplete: before the code is there.
        """
        return self._done().code

    @property
    def state(self) -> str:
        """The state that was sent; :attr:`state_came_back` says whether it came back.

        Raises:
            StepIncomplete: before the code is there.
        """
        return self._done().state

    @property
    def state_came_back(self) -> bool:
        """Whether the state came with the code, and was checked: a code alone brings none."""
        return self._authorization is not None and self._authorization.state_came_back

    @property
    def received_at(self) -> datetime | None:
        """When the code arrived (aware, UTC); None before."""
        return self._received_at

    @property
    def is_complete(self) -> bool:
        """Whether the code is there."""
        return self._authorization is not None

    def do_it_for_me(self) -> None:
        """Let the scripted learner follow the link, sign in and allow; then submit its answer."""
        from lc_tutorial.forms.scripted import acquire_code

        self.receive(acquire_code(self.platform, self._url))
        banner = base.AUTOPILOT_BANNER if base.autopilot_is_on(self.platform) else ""
        self.say(
            "done",
            "The scripted learner followed the link, signed in, and brought back the code. "
            f"{self._came()} Go on with {_next()}. {banner}",
        )

    def receive(self, text: str) -> None:
        """Take what came back: from the listener, pasted, or from the scripted learner.

        Args:
            text: a whole URL, its query, or the code.

        Raises:
            TutorialError: what is wrong with it.
        """
        with self._lock:
            authorization = parse_redirect(
                text, state=self.request.state, strict=self.platform.is_sandbox
            )
            replaces = self._authorization not in (None, authorization)
            newer = " It takes the place of the one before." if replaces else ""
            self._authorization = authorization
            arrived = memory.note_arrival(
                self.request.state,
                authorization.code,
                state_came_back=authorization.state_came_back,
            )
            self._received_at = arrived.seen.received_at
            if self._listener is not None:
                # Whoever reloads the page, or follows the link again, is still answered.
                self._listener.rest()
        self._start_over_button.layout.display = None
        self.say(
            "done",
            f"{self._came()}{newer} The code lives for a few minutes and works once: go on with "
            f"{_next()}.",
        )
        self._tell_done()

    def _came(self) -> str:
        """What came back, with the code masked. The state is public: it stood in the link."""
        code = f"<code>code={escape(masking.mask(self.code))}</code>"
        if not self.state_came_back:
            return (
                f"{code} is here. No <code>state</code> came with it, so nothing shows that it "
                "answers your own request; the whole address would."
            )
        return (
            f"{code} is here, and with it <code>state={escape(self.state)}</code>, which is the "
            "one you sent."
        )

    def start_over(self) -> None:
        """Forget the code that arrived, here and in the kernel's memory, and wait for another."""
        with self._lock:
            memory.forget_arrival(self.request.state)
            self._authorization = self._received_at = None
        self._start_over_button.layout.display = "none"
        self._wait()

    def _take_over(self) -> None:
        """Be the form that waits, in the place of the one before."""
        previous, AuthorizationForm._waiting = AuthorizationForm._waiting, self
        if previous is None or previous is self:
            return
        if previous.request.redirect_uri == self.request.redirect_uri:
            # It goes on listening: a browser that comes back just now finds somebody.
            self._listener, previous._listener = previous._listener, None
            if self._listener is not None and not previous.is_complete:
                previous._tell_retired()
        else:
            previous.retire()

    def _wait(self) -> None:
        self._take_over()
        if listening_port(self.request.redirect_uri) is None:
            self.say(
                "waiting",
                f"{self._first()}. Your redirect URI is not on this machine, so the code can't "
                "arrive by itself: copy the address of the page where you end, and paste it.",
            )
            return
        if not self._listens():
            return
        if self.platform.opens_in_notebook:
            self.say(
                "waiting",
                f"{self._first()}: it opens here, in a frame with an address bar of its own. The "
                "code arrives by itself; you can copy it out of that address bar, too.",
            )
            return
        if jupyter.browser_is_elsewhere() and not leads_through_a_proxy(self.request.redirect_uri):
            self.say(
                "waiting",
                "Follow the link. Your redirect URI leads to the computer with your browser, most "
                "likely not the one of this notebook: if the browser then says <i>connection "
                "refused</i>, copy the address in its address bar, and paste it.",
            )
            return
        self.say("waiting", "Follow the link; the code arrives here by itself.")

    def _first(self) -> str:
        """What to do first, in words."""
        return "Open the page" if self.platform.opens_in_notebook else "Follow the link"

    def _listens(self) -> bool:
        """Whether a listener is there, or could be started; if not, the form says why."""
        try:
            if self._listener is None:
                self._listener = CallbackListener(self.request.redirect_uri, _bring)
            self._listener.start()
        except PortTaken as problem:
            self._listener = None
            self.explain(problem)
        return self._listener is not None

    def retire(self) -> None:
        """Stop waiting: a newer link has taken over."""
        with self._lock:
            waited = self._listener is not None and self._authorization is None
            self._stop_listening()
        if waited:
            self._tell_retired()

    def _tell_retired(self) -> None:
        self.say("note", "A newer link has taken over. Use the form of the newest cell.")

    def _link_followed(self, mark: str) -> None:
        """What was wrong with the way before is over, unless the new way brought it just now."""
        with self._lock:
            if self.is_complete:
                self._be_there_for_another()
            if not self.still_explains(mark):
                return
            if self.is_complete:
                self.say("done", "The code that arrived before is here until another one comes.")
            else:
                self.attempt(self._wait)

    def _be_there_for_another(self) -> None:
        """Somebody else may say yes this time, or the code that arrived may be used or old."""
        waits = AuthorizationForm._waiting is self
        if not waits or listening_port(self.request.redirect_uri) is None:
            return
        if self._listens() and self._listener is not None:
            self._listener.rest()

    def _redirected(self, query: str) -> str | None:
        """Called by the listener in its thread; answers what the browser's page shall say."""
        try:
            self.receive(f"{self.request.redirect_uri}?{query}")
        except TutorialError as problem:
            self.explain(problem)
            return str(problem)
        return None

    def _take_pasted(self, change: dict[str, Any]) -> None:
        pasted = change["new"]
        if not pasted:
            return
        self._paste_field.value = ""
        self.attempt(lambda: self._receive_pasted(pasted))

    def _receive_pasted(self, pasted: str) -> None:
        try:
            self.receive(pasted)
        except TutorialError as problem:
            self.explain(problem)
            if self.is_complete:
                self._add("<b>Not used.</b> The code that arrived before is still the one here.")

    def _nothing_pasted(self) -> None:
        # The field hands over what it holds when it loses the focus, so before this click.
        if self._authorization is None and "lc-problem" not in self._speech.value:
            raise RedirectError(
                what="Nothing is pasted yet.",
                why="The field is empty.",
                remedy="Paste the address of the page where the browser ended, or the code in it.",
            )

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    def _directly(self) -> str:
        """The same page without the proxy, where there is such a way."""
        if not self.platform.direct_url:
            return ""
        if not self._url.startswith(self.platform.authorization_url):
            return ""
        direct = f"{self.platform.direct_url}?{self._url.partition('?')[2]}"
        return f'<span class="lc-aside">or {base.plain_link("directly", direct)}</span>'

    def _done(self) -> Authorization:
        if self._authorization is None:
            raise StepIncomplete(
                what=with_steps("Step 2 is not done yet.", "The form is not done yet."),
                why="The code has not come back.",
                remedy="Follow the link in the form above, then run this cell again.",
            )
        return self._authorization


def _bring(query: str) -> str | None:
    """Hand a redirect to the form that waits now."""
    with AuthorizationForm._lock:
        waiting = AuthorizationForm._waiting
        return waiting._redirected(query) if waiting is not None else None


def _next() -> str:
    """What comes after the code: its exchange."""
    return with_steps("step 3", "its exchange")


def _serves(code: memory.SeenCode) -> bool:
    """Whether a code that arrived can still be exchanged, as far as this kernel knows."""
    age = datetime.now(UTC) - code.received_at
    return not code.exchanged and age < timedelta(minutes=CODE_LIFE)
