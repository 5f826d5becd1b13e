"""Getting a token in one cell: for later notebooks, and after a kernel restart."""

import hashlib
import os
from collections.abc import Iterable
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from lc_tutorial import memory, oauth
from lc_tutorial.errors import InputError, StepIncomplete, TokenError, with_steps
from lc_tutorial.forms import base
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.courier import SecretField
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import PersonalAccessToken
from lc_tutorial.pasting import read_token
from lc_tutorial.platforms import Platform, check_platform

_WAYS = """Paste a token, <b>or</b> enter your app's credentials.
<details class="lc-aside"><summary>Which tokens?</summary>
An access token that still lives. Or a personal access token, which goes with the account id: paste
the <b>Base64 encoded token</b> that the Console shows, or account id, colon, token.</details>"""

#: The scope that all notebooks need.
_LEAST = "chats--all:ro"

_VARIABLES = ("LC_ACCESS_TOKEN", "LC_PERSONAL_ACCESS_TOKEN")


class CatchUp(base.Form):
    """Steps 1 to 3 in one form: it ends with a token.

    In the sandbox the scripted learner does them. On the live platform the learner has three ways:
    an access token that still lives, a personal access token, or the app's credentials and one
    link. A token is taken from the environment variable ``LC_ACCESS_TOKEN`` or
    ``LC_PERSONAL_ACCESS_TOKEN``, where one is set.

    Args:
        platform: from :func:`lc_tutorial.connect`.
        client_type: of the app that the scripted learner makes: ``"server_side"``, or
            ``"javascript"``, an app without a secret.
        scopes: that the notebook needs beside ``chats--all:ro``.

    Raises:
        InputError: there is no such type of app.
    """

    def __init__(
        self,
        platform: Platform,
        client_type: str = "server_side",
        *,
        scopes: tuple[str, ...] = (),
    ) -> None:
        check_platform(platform, "lc.catch_up(platform)")
        memory.note_caught_up()
        # Notebooks begin with it, right below their title, and the form of step 1 is a part of it.
        way = with_steps("steps 1 to 3", "the whole flow")
        super().__init__(
            "Catch up",
            f"A form that gets you a token: {way} in one go.",
            level=2,
        )
        if client_type not in ("server_side", "javascript"):
            raise InputError(
                what=f"There are no apps of the type {client_type!r}.",
                why="The platform knows two.",
                remedy='Write "server_side" or "javascript".',
            )
        self.platform = platform
        self.client_type = client_type
        self.scopes = scopes
        self._token: oauth.Token | PersonalAccessToken | None = None
        self._app: CredentialsForm | None = None
        self._authorization: AuthorizationForm | None = None
        self._pasted = base.field(
            SecretField, "Token", "an access token, or a personal one", "lc-access-token"
        )
        self._pasted.observe(self._take_token, names="value")
        self._rest = widgets.VBox()
        self.add_class("lc-catch-up")
        if platform.is_sandbox:
            self._lay_out()
            self.attempt(self._scripted)
            return
        self._credentials = CredentialsForm(platform)
        self._credentials.when_done(self._offer_link)
        self._rest.children = (self._credentials,)
        needed = "".join(f", <code>{escape(scope)}</code>" for scope in scopes)
        needs = f"<p>This notebook needs the scopes <code>{_LEAST}</code>{needed}.</p>"
        ways = f"{needs if scopes else ''}{_WAYS}"
        self._lay_out(widgets.HTML(ways), self._pasted, self._rest)
        self.say("waiting", "One of the two is enough.")
        self._take_token({"new": next(filter(None, map(os.environ.get, _VARIABLES)), "")})

    @property
    def token(self) -> oauth.Token | PersonalAccessToken:
        """The token.

        Raises:
            StepIncomplete: before there is one.
        """
        if self._token is None:
            raise StepIncomplete(
                what="There is no token yet.",
                why="The form is waiting for you.",
                remedy="Fill in the form, then run this cell again.",
            )
        return self._token

    @property
    def app(self) -> CredentialsForm | None:
        """The app that the token was issued to, as step 1 makes it; None where a token was pasted.

        ``lc.AgentChat(platform, session.token, app=session.app)`` can refresh the token with it.
        """
        return self._app

    @property
    def authorization(self) -> AuthorizationForm | None:
        """The code that was exchanged, as step 2 makes it; None where a token was pasted."""
        return self._authorization

    @property
    def is_complete(self) -> bool:
        """Whether there is a token that lives."""
        return self._token is not None and not _expired(self)

    def _scripted(self) -> None:
        from lc_tutorial.forms.scripted import acquire_code, configure_app

        app = configure_app(self.platform, self.client_type, scopes=(_LEAST, *self.scopes))
        url, state, pkce = self._new_link(app)
        answer = acquire_code(self.platform, url)
        code = oauth.parse_redirect(answer, state=state, strict=True).code
        memory.note_arrival(state, code)
        authorization = AuthorizationForm(self.platform, url)
        self._exchange(CredentialsForm(self.platform, known=app), authorization, pkce)
        way = with_steps("steps 1 to 3", "the whole flow")
        self._finished(f"The scripted learner went through {way} with a new app.")

    def _offer_link(self) -> None:
        url, _, pkce = self._new_link(self._credentials.entered)
        authorization = AuthorizationForm(self.platform, url)

        def exchange() -> None:
            self._exchange(self._credentials, authorization, pkce)
            self._finished("The code is exchanged.")

        authorization.when_done(lambda: self.attempt(exchange))
        self._rest.children = (self._credentials, authorization)

    def _new_link(self, app: oauth.Credentials) -> tuple[str, str, oauth.Pkce]:
        state, pkce = oauth.new_state(), oauth.Pkce.new()
        url = oauth.build_authorization_url(
            self.platform,
            client_id=app.client_id,
            redirect_uri=app.redirect_uri,
            state=state,
            pkce=pkce,
        )
        return url, state, pkce

    def _exchange(
        self, app: CredentialsForm, authorization: AuthorizationForm, pkce: oauth.Pkce
    ) -> None:
        self._token = oauth.exchange(
            self.platform,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=app.redirect_uri,
            code=authorization.code,
            code_verifier=pkce.verifier,
        )
        self._app, self._authorization = app, authorization
        if memory.entered_app(self.platform.accounts_url) is None:
            memory.note_entered(memory.SeenApp(*app.entered, self.platform.accounts_url))

    def _take_token(self, change: dict[str, Any]) -> None:
        pasted = change["new"]
        if not pasted.strip():
            return
        self._pasted.value = ""
        self.attempt(partial(self._read, pasted))

    def _read(self, pasted: str) -> None:
        reading = read_token(pasted)
        if reading.fault or not reading.value:
            raise InputError(
                what="This token can't be used.",
                why=reading.fault or "There is no token in it.",
                remedy="Paste another one. Or enter your app's credentials.",
            )
        if reading.account_id:
            # Nothing inspects it but a call of an API, and live that one is billed.
            personal = PersonalAccessToken(reading.account_id, Secret(reading.value))
            self._token, self._app, self._authorization = personal, None, None
            self._finished("It is a personal access token; the first call shows whether it serves.")
        else:
            self._inspect(Secret(reading.value))

    def _inspect(self, access_token: Secret) -> None:
        try:
            self._token = oauth.inspect(self.platform, access_token)
            self._app = self._authorization = None
        except TokenError as refusal:
            raise InputError(
                what="The platform doesn't know this token.",
                why=refusal.cause,
                remedy=(
                    "Paste another one. Of a personal access token paste the Base64 encoded token: "
                    "the account id is in it. Or enter your app's credentials."
                ),
            ) from None
        self._finished("The platform knows this token.")

    def _finished(self, how: str) -> None:
        self._rest.children = ()
        self.say("done", f"{how} You have a token: go on.")
        self._tell_done()


_last: dict[tuple[str, tuple[str, ...]], CatchUp] = {}


def catch_up(
    platform: Platform, client_type: str = "server_side", *, scopes: str | Iterable[str] = ()
) -> CatchUp:
    """Show the form that gets a token; run again, the same form as long as it serves.

    Args:
        platform: from :func:`lc_tutorial.connect`.
        client_type: of the app that is made in the sandbox: ``"server_side"``, or
            ``"javascript"``, an app without a secret. On the live platform the form asks.
        scopes: that the notebook needs beside ``chats--all:ro``. In the sandbox the new app has
            them; on the live platform the form names them.

    Returns:
        The form; its ``token`` raises :class:`~lc_tutorial.errors.StepIncomplete` until it is done.
    """
    # One scope is a text, whose letters are no scopes.
    scopes = (scopes,) if isinstance(scopes, str) else tuple(scopes)
    form = _last.get((client_type, scopes))
    if form is None or form.platform != platform or _ended(form):
        form = _last[client_type, scopes] = CatchUp(platform, client_type, scopes=scopes)
    display(form)
    return form


def _ended(form: CatchUp) -> bool:
    """Whether the token is known to serve no more: to this kernel, or to the sandbox."""
    token = form._token
    if token is None or _expired(form):
        return token is not None
    access_token = (
        token.access_token if isinstance(token, oauth.Token) else token.personal_access_token
    )
    seen = memory.seen_token(access_token)
    witness = memory.witness_of(form.platform.accounts_url)
    if witness is None or (seen is not None and seen.revoked):
        return seen is not None and seen.revoked
    digest = hashlib.sha256(access_token.encode()).hexdigest()
    known = witness({"digests": [digest]}).get("values")
    return known is not None and known.get(digest, {}).get("state") != "live"


def _expired(form: CatchUp) -> bool:
    return isinstance(form._token, oauth.Token) and form._token.expired
