"""What other people do to an app while it fails, for notebook 04: done in the sandbox's own pages.

The requests that fail are the learner's, in plain code. What leads to them takes a browser, or the
Console: somebody presses Cancel, a colleague generates a new secret. That is done here, as the
scripted learner does it, over HTTP.
"""

import functools
import secrets
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from lc_tutorial import oauth
from lc_tutorial.forms.scripted import colleague, explained, in_the_browser_of
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import AuthorizationRequest, PersonalAccessToken, Token
from lc_tutorial.platforms import Control, Platform, check_platform

_SCOPES = ("chats--all:ro",)

#: The newest secret of each app that the clinic gave one, by the platform and the Client Id. The
#: app's form has an old one then, and the cell that makes the clinic can run again.
_newest: dict[tuple[str, str], Secret] = {}


class KnownApp(Protocol):
    """What step 1 made, as far as the clinic needs it."""

    @property
    def client_id(self) -> str:
        """The app's public identifier."""

    @property
    def client_secret(self) -> str | None:
        """The app's secret."""

    @property
    def redirect_uri(self) -> str:
        """Where the code goes."""


class Clinic:
    """The hands for what a notebook can't do by itself. In a sandbox only, best a fresh one.

    Every method raises :class:`~lc_tutorial.errors.ConnectionProblem` if the sandbox does not
    answer, and :class:`~lc_tutorial.errors.TutorialError` where one of its pages refuses.

    Args:
        platform: from ``lc.connect("sandbox", fresh=True)``.
        app: that the author of the sandbox made, such as ``session.app``.

    Raises:
        InputError: it is the live platform, or none.
    """

    def __init__(self, platform: Platform, app: KnownApp) -> None:
        check_platform(platform, "lc.Clinic(platform, app)")
        self._platform = platform
        self._control = Control.of(platform)
        self._app = app
        self._colleague = colleague(platform)

    def __repr__(self) -> str:
        return "The clinic: it does in the sandbox's pages what people do there."

    # --- In the browser -------------------------------------------------------------------------

    def follow(self, link: str) -> str:
        """Follow a link to the authorization page, sign in as the app's author, and allow.

        Returns:
            The address where the browser ends.
        """
        with explained():
            return self._colleague.authorize(self._for_the_kernel(link))

    def cancel(self, link: str) -> str:
        """Follow a link to the authorization page, sign in, and press Cancel.

        Args:
            link: with ``prompt=consent``: the author of an app is not asked without it.

        Returns:
            The address where the browser ends.
        """
        with explained():
            return self._colleague.refuse(self._for_the_kernel(link))

    def somebody_else(self) -> str:
        """Let somebody else follow a link to the same app, with a state that is not yours.

        They use their own browser and their own account. The app is installed for that, so that
        colleagues may use it.

        Returns:
            The address where their browser ends.
        """
        # Nothing of it is remembered: this kernel did not ask for it.
        asked = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": self._app.redirect_uri,
            "state": oauth.new_state(),
        }
        with explained():
            self._colleague.install(self._app.client_id)
            browser = in_the_browser_of(self._platform, *self._stranger)
            return browser.authorize(f"{self._platform.accounts_url}/?{urlencode(asked)}")

    # --- In the Console -------------------------------------------------------------------------

    def new_secret(self) -> Secret:
        """Generate a new Client Secret, as a colleague would. The one before ends with it."""
        with explained():
            secret = Secret(self._colleague.generate_secret(self._app.client_id))
        _newest[self._platform.accounts_url, self._app.client_id] = secret
        return secret

    def add_scope(self, scope: str) -> None:
        """Let the app ask for one scope more, and save."""
        with explained():
            self._colleague.add_scopes(self._app.client_id, scope)

    def javascript_app(self) -> str:
        """The Client Id of a JavaScript app with the same redirect URI; made the first time."""
        return self._javascript_app

    def personal_token(self, *scopes: str) -> PersonalAccessToken:
        """Create a personal access token with these scopes."""
        # The Console takes each name once.
        name = f"Clinic {secrets.token_hex(3)}"
        with explained():
            encoded = self._colleague.create_personal_access_token(name, scopes)
        return PersonalAccessToken.parse(encoded)

    # --- Steps 2 and 3 --------------------------------------------------------------------------

    def new_code(self) -> Secret:
        """Step 2 once more, without PKCE. The sandbox's clock is put right for it."""
        state = oauth.new_state()
        link = oauth.build_authorization_url(
            self._platform,
            client_id=self._app.client_id,
            redirect_uri=self._app.redirect_uri,
            state=state,
        )
        return oauth.parse_redirect(self.follow(link), state=state, strict=True).code

    def new_token(self) -> Token:
        """Steps 2 and 3 once more, with the newest secret and all scopes of the app."""
        code = self.new_code()
        with explained():
            return oauth.exchange(
                self._platform,
                client_id=self._app.client_id,
                client_secret=_newest.get(
                    (self._platform.accounts_url, self._app.client_id), self._app.client_secret
                ),
                redirect_uri=self._app.redirect_uri,
                code=code,
            )

    # --------------------------------------------------------------------------------------------

    def _for_the_kernel(self, link: str) -> str:
        """The link as this machine reaches it; what it asks for is remembered."""
        query = urlsplit(link).query
        # The other flow's links are nothing to remember: no code comes back from them.
        if dict(parse_qsl(query)).get("response_type") == "code":
            AuthorizationRequest.from_url(link)
        # The pages send a browser to one app three times in half a minute and no more. With the
        # clock they forget how often it was.
        self._control.real_time()
        return f"{self._platform.accounts_url}/?{query}"

    @functools.cached_property
    def _javascript_app(self) -> str:
        with explained():
            made = self._colleague.create_app("In the browser", self._app.redirect_uri, _SCOPES)
            self._colleague.become_javascript(made.client_id)
        return made.client_id

    @functools.cached_property
    def _stranger(self) -> tuple[str, str]:
        """E-mail address and password of somebody of the same organisation."""
        invited = self._control.invite()[0]
        return invited["email"], invited["password"]
