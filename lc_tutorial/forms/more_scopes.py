"""Getting a token that may do more: the app asks for more scopes, and its user is asked again."""

from collections.abc import Iterable
from html import escape
from typing import Protocol

import ipywidgets as widgets
from IPython.display import display

from lc_tutorial import memory, oauth
from lc_tutorial.agent_chat import allows
from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.forms import base
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.forms.credentials import CredentialsForm
from lc_tutorial.forms.doorway import Doorway
from lc_tutorial.oauth import PersonalAccessToken
from lc_tutorial.platforms import Platform


class Session(Protocol):
    """What got the first token: the form of ``lc.catch_up``, or anything with the same."""

    @property
    def platform(self) -> Platform:
        """Whose token it is."""

    @property
    def token(self) -> oauth.Token | PersonalAccessToken:
        """The first token."""

    @property
    def app(self) -> CredentialsForm | None:
        """The app that it was issued to; None where it was pasted."""


class MoreScopes(base.Form):
    """The way from one token to another that may do more, in one form.

    A token keeps the scopes that it was issued with. So the app is given more scopes in the
    Console, the user follows a link once more, and the new code is exchanged.

    Args:
        session: what ``lc.catch_up`` returned.
        scopes: that the new token shall have.
    """

    def __init__(self, session: Session, scopes: Iterable[str]) -> None:
        super().__init__("Ask for more", "A form that gets you a token with more scopes.", level=3)
        self.platform = session.platform
        self.scopes = (scopes,) if isinstance(scopes, str) else tuple(scopes)
        self._first, self._app = session.token, session.app
        self._token: oauth.Token | PersonalAccessToken | None = None
        self._rest = widgets.VBox()
        self.add_class("lc-more-scopes")
        if isinstance(self._first, PersonalAccessToken) or not self._lacking(self._first):
            self._lay_out()
            self._keep_the_first()
        elif self._app is None:
            self._lay_out()
            self.attempt(self._refuse)
        else:
            self._offer(self._app)

    @property
    def token(self) -> oauth.Token | PersonalAccessToken:
        """The token.

        Raises:
            StepIncomplete: before there is one with these scopes.
        """
        if self._token is None:
            raise StepIncomplete(
                what="There is no token with these scopes yet.",
                why="The form is waiting for you.",
                remedy="Do what the form says, then run this cell again.",
            )
        return self._token

    @property
    def app(self) -> CredentialsForm | None:
        """The app that asks; None where a token was pasted."""
        return self._app

    @property
    def is_complete(self) -> bool:
        """Whether there is a token with these scopes that lives."""
        token = self._token
        return token is not None and not (isinstance(token, oauth.Token) and token.expired)

    def _lacking(self, token: oauth.Token) -> list[str]:
        return [scope for scope in self.scopes if not allows(token.scopes, scope)]

    def _keep_the_first(self) -> None:
        self._token = self._first
        if isinstance(self._first, PersonalAccessToken):
            self.say(
                "note",
                "This is a personal access token: its page in the Console says which scopes it "
                f"has. It needs {_listed(self.scopes)}.",
            )
        else:
            self.say("done", "Your token has these scopes already: go on.")

    def _refuse(self) -> None:
        raise InputError(
            what="This token can't get more scopes.",
            why="A token keeps those that it was issued with, and the form doesn't know its app.",
            remedy="Get one with the scopes named above, run the cell with lc.catch_up again in a "
            "restarted kernel, and paste it there.",
        )

    def _offer(self, app: CredentialsForm) -> None:
        """Say what to do in the Console, and offer the link."""
        door = Doorway(
            self,
            self.platform,
            "Open the Developer Console",
            self.platform.console_url,
            "lc-console",
        )
        steps = widgets.HTML(
            f"<ol><li>Open your app, the one with the Client Id "
            f"<code>{escape(app.client_id)}</code>. At <b>Authorization</b>, add the scopes "
            f"{_listed(self.scopes)}, and <b>Save changes</b>.</li>"
            f"{self._installation(app)}<li>Then follow the link below, for a new code.</li></ol>"
        )
        steps.add_class("lc-steps")
        rows: list[widgets.Widget] = [*door.parts, steps]
        if self.platform.is_sandbox:
            do_it = self.button("Do all of it for me", self.do_it_for_me, "lc-do-it-for-me")
            rows.append(base.buttons(do_it))
        self._lay_out(*rows, self._rest)
        self.say("waiting", "First the Console, then the link.")
        if base.autopilot_is_on(self.platform):
            self.attempt(self.do_it_for_me)
        else:
            self._new_link(app)

    def _installation(self, app: CredentialsForm) -> str:
        """What to do that the platform sends webhooks for the app, where that is to be done."""
        if not any(scope.startswith("webhooks") for scope in self.scopes):
            return ""
        witness = memory.witness_of(self.platform.accounts_url)
        known = (witness({"client_id": app.client_id}) if witness else {}).get("client") or {}
        if known.get("installed") or known.get("published"):
            return ""
        return (
            "<li>At <b>Private installation</b>, see that it is installed, unless it is published: "
            "webhooks are sent for such apps only.</li>"
        )

    def _new_link(self, app: CredentialsForm) -> None:
        state, self._pkce = oauth.new_state(), oauth.Pkce.new()
        self._url = oauth.build_authorization_url(
            self.platform,
            client_id=app.client_id,
            redirect_uri=app.redirect_uri,
            state=state,
            pkce=self._pkce,
        )
        authorization = AuthorizationForm(self.platform, self._url)
        authorization.when_done(lambda: self.attempt(lambda: self._exchange(app, authorization)))
        self._rest.children = (authorization,)
        if authorization.is_complete:  # the autopilot was there
            self._exchange(app, authorization)

    def do_it_for_me(self) -> None:
        """Let the scripted learner add the scopes, install the app, and follow the link."""
        from lc_tutorial.forms.scripted import widen_app

        app = self._app
        assert app is not None  # noqa: S101  (there is no button without one)
        widen_app(self.platform, app.client_id, self.scopes)
        self._new_link(app)
        authorization = self._rest.children[0] if self._rest.children else None
        if isinstance(authorization, AuthorizationForm) and not authorization.is_complete:
            authorization.do_it_for_me()

    def _exchange(self, app: CredentialsForm, authorization: AuthorizationForm) -> None:
        token = oauth.exchange(
            self.platform,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=app.redirect_uri,
            code=authorization.code,
            code_verifier=self._pkce.verifier,
        )
        lacking = self._lacking(token)
        if lacking:
            self._rest.children = ()
            if not base.autopilot_is_on(self.platform):  # which would follow it without end
                self._new_link(app)
            self.say(
                "note",
                f"The new token lacks {_listed(lacking)}. In the Console, add what is missing, "
                "press Save changes, then follow the link once more.",
            )
            return
        self._token = token
        self._rest.children = ()
        self.say("done", f"A new token, with {_listed(self.scopes)}. The first one lives on.")


def _listed(scopes: Iterable[str]) -> str:
    return ", ".join(f"<code>{escape(scope)}</code>" for scope in scopes)


_last: MoreScopes | None = None


def ask_for_more(session: Session, scopes: Iterable[str]) -> MoreScopes:
    """Show the form that gets a token with more scopes; run again, the same one while it serves.

    Args:
        session: what ``lc.catch_up(platform)`` returned.
        scopes: that the new token shall have, such as ``["chats--all:rw"]``.

    Returns:
        The form; its ``token`` raises :class:`~lc_tutorial.errors.StepIncomplete` until it is done.

    Raises:
        InputError: the session is something else.
    """
    global _last
    if not isinstance(session, base.Form) or not hasattr(type(session), "token"):
        raise InputError(
            what="This is not a session.",
            why="A session is what lc.catch_up(platform) returns: it has a token and its app.",
            remedy="Use lc.ask_for_more(session, scopes), with session = lc.catch_up(platform).",
        )
    wanted = (scopes,) if isinstance(scopes, str) else tuple(scopes)
    made = _last
    if made is None or made.scopes != wanted or made._first is not session.token or _ended(made):
        made = _last = MoreScopes(session, wanted)
    display(made)
    return made


def _ended(form: MoreScopes) -> bool:
    return form._token is not None and not form.is_complete
