"""The form of step 1: the app's Client Id, Client Secret and redirect URI."""

from html import escape

from lc_tutorial import memory
from lc_tutorial.errors import StepIncomplete, TutorialError, with_steps
from lc_tutorial.forms import base
from lc_tutorial.forms.credential_fields import CredentialFields
from lc_tutorial.forms.doorway import Doorway
from lc_tutorial.masking import Secret
from lc_tutorial.oauth import Credentials, check_credentials
from lc_tutorial.platforms import Platform, callback_address, check_platform


class CredentialsForm(base.Form):
    """Takes what the Developer Console shows of an app.

    What it accepted stays in the kernel: a form made anew for this platform shows it, and is done.
    The secret is never a part of the widget's state, which Jupyter may save into the notebook.

    Args:
        platform: from :func:`lc_tutorial.connect`.
        known: an app that is set up already, as by :func:`lc_tutorial.catch_up`. Without it, the
            form takes what was entered before in this kernel.

    The id and the redirect URI are filled in from the environment variables ``LC_CLIENT_ID`` and
    ``LC_REDIRECT_URI``, the secret from ``LC_CLIENT_SECRET``, where these are set.
    """

    def __init__(self, platform: Platform, *, known: Credentials | None = None) -> None:
        check_platform(platform, "lc.CredentialsForm(platform)")
        super().__init__(
            "Your app's credentials",
            "A form for the Client Id, the Client Secret and the redirect URI of your app.",
        )
        self.platform = platform
        self._accepted: Credentials | None = None
        self._fields = CredentialFields(self._changed)
        self._type, self._id_field, self._secret_field, self._uri_field = self._fields.all
        use = self.button("Use these", self._submit, "lc-use-credentials", "primary")
        base.submits(self._id_field, self._secret_field, self._uri_field, button=use)
        row = [use]
        if platform.is_sandbox:
            row.append(self.button("Do it for me", self.do_it_for_me, "lc-do-it-for-me"))
        self._start_over_button = self.button("Start over", self.start_over, "lc-start-over")
        row.append(self._start_over_button)
        door = Doorway(
            self,
            platform,
            "Open the Developer Console",
            platform.console_url,
            "lc-console",
            aside=self._beside_the_link,
        )
        self._links = door.links
        self._lay_out(*door.parts, *self._fields.all, base.buttons(*row))
        self._begin(known or _entered_before(platform))

    def _begin(self, known: Credentials | None) -> None:
        """Show what is done already; else what the environment knows; else wait."""
        self._start_over_button.layout.display = "none"
        if known is not None:
            self._accept(known)
            self.say(
                "done",
                "This app was entered before, and it is used. Change it here, or go on with "
                f"{_next()}.",
            )
            return
        self._fields.enter_from_environment()
        self.say("waiting", "Fill in the fields, then press <b>Use these</b>.")
        if base.autopilot_is_on(self.platform):
            self.attempt(self.do_it_for_me)

    @property
    def client_id(self) -> str:
        """The app's public identifier.

        Raises:
            StepIncomplete: before the form is done; so do the other two.
        """
        return self.entered.client_id

    @property
    def client_secret(self) -> Secret | None:
        """The app's secret: shown as dots, sent as it is. None for a JavaScript app."""
        return self.entered.client_secret

    @property
    def redirect_uri(self) -> str:
        """The whitelisted address that receives the code."""
        return self.entered.redirect_uri

    @property
    def entered(self) -> Credentials:
        """All three.

        Raises:
            StepIncomplete: before the form is done.
        """
        if self._accepted is None:
            raise StepIncomplete(
                what=with_steps("Step 1 is not done yet.", "The form is not done yet."),
                why="The credentials form has not accepted your app's values.",
                remedy="Fill in the form above and press Use these, then run this cell again.",
            )
        return self._accepted

    @property
    def is_complete(self) -> bool:
        """Whether the form has what step 2 needs."""
        return self._accepted is not None

    @property
    def not_used_yet(self) -> tuple[str, ...]:
        """The labels of the fields that say something else than what is used."""
        return tuple(each.description for each in self._fields.differing(self._accepted))

    def do_it_for_me(self) -> None:
        """Let the scripted learner create the app in the Console; then submit the form."""
        from lc_tutorial.forms.scripted import SCOPES_OF_STEP_1, configure_app

        self._fields.enter(configure_app(self.platform, scopes=SCOPES_OF_STEP_1))
        self._submit()
        banner = base.AUTOPILOT_BANNER if base.autopilot_is_on(self.platform) else ""
        self.say(
            "done",
            "The scripted learner created the app <b>List Chats</b> in the Console, with the block "
            "<b>App Authorization</b>, a server-side client, this redirect URI and the scopes "
            "<code>chats--all:ro</code> and <code>chats--my:ro</code>, and installed it. "
            f"Go on with {_next()}. {banner}",
        )

    def start_over(self) -> None:
        """Forget the app that was entered, here and in the kernel's memory; empty the fields."""
        memory.forget_entered(self.platform.accounts_url)
        self._accepted = None
        self._fields.empty()
        self._start_over_button.layout.display = "none"
        self._fields.mark(None)
        self.say("waiting", "Fill in the fields, then press <b>Use these</b>.")

    def _submit(self) -> None:
        before = self._accepted
        swapped = self._fields.put_right()
        try:
            entered = check_credentials(
                self._fields.text(self._id_field),
                self._fields.typed_secret(before),
                self._fields.text(self._uri_field),
                platform=self.platform,
            )
        except TutorialError as problem:
            self.explain(problem)
            if before is not None:
                self._add(f"<b>Not used yet.</b> {_still_used(before)}")
            return
        self._accept(entered)
        memory.note_entered(memory.SeenApp(*entered, self.platform.accounts_url))
        again = ", and build the authorization URL again there" * (before not in (None, entered))
        mended = (
            "The Client Id and the Client Secret were in each other's place; they are swapped now. "
            if swapped
            else ""
        )
        values = "The three values are" if entered.client_secret else "The two values are"
        self.say("done", f"{mended}{values} in this kernel. Go on with {_next()}{again}.")
        self._tell_done()

    def _accept(self, entered: Credentials) -> None:
        """From here on these are used, and the fields show them as they are used."""
        self._accepted = entered
        self._fields.show(entered)
        self._start_over_button.layout.display = None
        self._fields.mark(entered)

    def _changed(self) -> None:
        """A person changed a field: what was said before is of the values before."""
        self._fields.mark(self._accepted)
        if self._accepted is None:
            self.say("waiting", "Press <b>Use these</b> when the fields are filled in.")
        elif self.not_used_yet:
            self.say(
                "note",
                f"<b>Not used yet</b>: press <b>Use these</b>. {_still_used(self._accepted)}",
            )
        else:
            self.say("done", f"The fields say what is used. Go on with {_next()}.")

    def _beside_the_link(self) -> str:
        links = ""
        if self.platform.direct_url:
            direct = f"{self.platform.direct_url}console/"
            links += f'<span class="lc-aside">or {base.plain_link("directly", direct)}</span>'
        notice = self.platform.warning.html() if self.platform.warning else ""
        # The sandbox's own Console shows the address.
        return links + notice + ("" if self.platform.is_sandbox else _callback())


def _callback() -> str:
    """The address to register, which the live platform's Console can't know."""
    address = callback_address()
    uri = f'<code class="lc-callback-address">{escape(address.uri)}</code>'
    told = (
        ""
        if address.arrives
        else " It leads to the computer with your browser, most likely not the one of this "
        "notebook: if the browser then says <i>connection refused</i>, you paste the address in "
        f"its address bar into the form of {_next()}."
    )
    return (
        f'<p class="lc-aside">Your callback address, for the Redirect URI whitelist and for the '
        f"field below: {uri}.{told}</p>"
    )


def _entered_before(platform: Platform) -> Credentials | None:
    """The app that a form for this platform accepted in this kernel."""
    app = memory.entered_app(platform.accounts_url)
    if app is None or app.redirect_uri is None:
        return None
    return Credentials(app.client_id, app.client_secret, app.redirect_uri)


def _next() -> str:
    """What comes after the app: its link."""
    return with_steps("step 2", "the link")


def _still_used(app: Credentials) -> str:
    return (
        f"Until then the app <code>{escape(app.client_id)}</code> with "
        f"<code>{escape(app.redirect_uri)}</code> is used, as it was."
    )
