"""The form of step 1: the app's Client Id, Client Secret and redirect URI."""

import os
import re
from html import escape
from typing import Any

import ipywidgets as widgets

from lc_tutorial import memory
from lc_tutorial.errors import StepIncomplete, TutorialError
from lc_tutorial.forms import base
from lc_tutorial.forms.courier import SecretField, reach
from lc_tutorial.masking import Secret, mask
from lc_tutorial.oauth import Credentials, check_credentials
from lc_tutorial.pasting import CLIENT_ID, Kind, read
from lc_tutorial.platforms import Platform

#: One long word: no address looks like that, a secret does.
_SECRET_LIKE = re.compile(r"[\w+=-]{16,}")

#: What a Client Id looks like, also one that was not copied whole, or with something more.
_LIKE_AN_ID = re.compile(r"[0-9a-fA-F]{28,36}")

_TYPES = [("Server-side app", "server"), ("JavaScript app: no secret", "javascript")]
_RECEIVED = "•••••••• received; type again to replace it"


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
        super().__init__(
            "Your app's credentials",
            "A form for the Client Id, the Client Secret and the redirect URI of your app.",
        )
        self.platform = platform
        self._accepted: Credentials | None = None
        # Typed, and not used yet.
        self._secret = ""
        self._is_filling = False
        self._make_fields()
        use = self.button("Use these", self._submit, "lc-use-credentials", "primary")
        base.submits(self._id_field, self._secret_field, self._uri_field, button=use)
        row = [use]
        if platform.is_sandbox:
            row.append(self.button("Do it for me", self.do_it_for_me, "lc-do-it-for-me"))
        self._start_over_button = self.button("Start over", self.start_over, "lc-start-over")
        row.append(self._start_over_button)
        self._lay_out(
            widgets.HTML(self._console_links()),
            self._type,
            self._id_field,
            self._secret_field,
            self._uri_field,
            base.buttons(*row),
        )
        self._begin(known or _entered_before(platform))

    def _make_fields(self) -> None:
        self._type = reach(widgets.Dropdown(description="Client type", options=_TYPES))
        self._type.add_class("lc-client-type")
        self._id_field = base.field(
            widgets.Text, "Client Id", "32 letters and digits", "lc-client-id"
        )
        self._secret_field = base.field(
            SecretField, "Client Secret", "shown once in the Console", "lc-client-secret"
        )
        self._uri_field = base.field(
            widgets.Text, "Redirect URI", "the address you whitelisted", "lc-redirect-uri"
        )
        # What a field that shows its text may not keep: it may be the secret, misplaced.
        self._misplaced = {self._id_field: "", self._uri_field: ""}
        for each in (self._type, self._id_field, self._secret_field, self._uri_field):
            each.add_class("lc-shows-use")
        self._type.observe(self._change_type, names="value")
        self._id_field.observe(self._look_at_id, names="value")
        self._uri_field.observe(self._look_at_uri, names="value")
        self._secret_field.observe(self._take_secret, names="value")

    def _begin(self, known: Credentials | None) -> None:
        """Show what is done already; else what the environment knows; else wait."""
        self._start_over_button.layout.display = "none"
        if known is not None:
            self._accept(known)
            self.say(
                "done",
                "This app was entered before, and is used; change it here. Go on with step 2.",
            )
            return
        self._fill_from_environment()
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
                what="Step 1 is not done yet.",
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
        return tuple(each.description for each in self._changed_fields())

    def do_it_for_me(self) -> None:
        """Let the scripted learner create the app in the Console; then submit the form."""
        from lc_tutorial.forms.scripted import configure_app

        app = configure_app(self.platform)
        self._fill(app)
        self._secret = app.client_secret or ""
        self._submit()
        banner = base.AUTOPILOT_BANNER if base.autopilot_is_on(self.platform) else ""
        self.say(
            "done",
            "The scripted learner created the app <b>List Chats</b> in the Console, with the block "
            "<b>App Authorization</b>, a server-side client, this redirect URI and the scope "
            f"<code>chats--all:ro</code>. Go on with step 2. {banner}",
        )

    def start_over(self) -> None:
        """Forget the app that was entered, here and in the kernel's memory; empty the fields."""
        memory.forget_entered(self.platform.accounts_url)
        self._accepted, self._secret = None, ""
        self._fill(Credentials("", Secret(""), ""))
        self._secret_field.placeholder = "shown once in the Console"
        self._start_over_button.layout.display = "none"
        self._mark()
        self.say("waiting", "Fill in the fields, then press <b>Use these</b>.")

    def _submit(self) -> None:
        before = self._accepted
        swapped = self._put_right()
        try:
            entered = check_credentials(
                self._id_field.value or self._misplaced[self._id_field],
                self._typed_secret(),
                self._uri_field.value or self._misplaced[self._uri_field],
                platform=self.platform,
            )
        except TutorialError as problem:
            self.explain(problem)
            if before is not None:
                self._add(f"<b>Not used yet.</b> {_still_used(before)}")
            return
        self._accept(entered)
        memory.note_entered(memory.SeenApp(*entered, self.platform.accounts_url))
        again = (
            " Build the authorization URL again in step 2." if before not in (None, entered) else ""
        )
        mended = (
            "The Client Id and the Client Secret were in each other's place; they are swapped now. "
            if swapped
            else ""
        )
        values = "The three values are" if entered.client_secret else "The two values are"
        self.say("done", f"{mended}{values} in this kernel. Go on with step 2.{again}")
        self._tell_done()

    def _accept(self, entered: Credentials) -> None:
        """From here on these are used, and the fields show them as they are used."""
        self._accepted, self._secret = entered, ""
        self._fill(entered)
        self._secret_field.placeholder = _RECEIVED
        self._start_over_button.layout.display = None
        self._mark()

    def _fill(self, app: Credentials) -> None:
        self._is_filling = True
        self._type.value = "javascript" if app.client_secret is None else "server"
        self._id_field.value, self._uri_field.value = app.client_id, app.redirect_uri
        self._misplaced = dict.fromkeys(self._misplaced, "")
        self._is_filling = False

    def _typed_secret(self) -> str | None:
        """What the form has of a secret: the one that is used stays until another is typed."""
        if self._type.value == "javascript":
            return None
        if self._secret or self._accepted is None:
            return self._secret
        # Of another app it is another one, too.
        same = self._text_of(self._id_field, Kind.CLIENT_ID) == self._accepted.client_id
        return (self._accepted.client_secret or "") if same else ""

    def _put_right(self) -> bool:
        """Swap id and secret where each is in the other's field; say whether that was so."""
        misplaced = self._misplaced[self._id_field]
        if not (misplaced and self._secret and CLIENT_ID.fullmatch(self._secret)):
            return False
        self._is_filling = True
        self._id_field.value, self._secret = self._secret, misplaced
        self._is_filling = False
        return True

    # --- What is entered ------------------------------------------------------------------------

    def _change_type(self, change: dict[str, Any]) -> None:
        self._secret_field.layout.display = None if change["new"] == "server" else "none"
        self._changed()

    def _look_at_id(self, change: dict[str, Any]) -> None:
        client_id = read(change["new"], Kind.CLIENT_ID).value
        self._keep_out(self._id_field, client_id, _LIKE_AN_ID.fullmatch(client_id) is not None)
        self._changed()

    def _look_at_uri(self, change: dict[str, Any]) -> None:
        text = read(change["new"], Kind.REDIRECT_URI).value
        is_right = mask(text) == text and not _SECRET_LIKE.fullmatch(text)
        self._keep_out(self._uri_field, text, is_right)
        self._changed()

    def _keep_out(self, field: Any, text: str, is_right: bool) -> None:
        """Take a text out of a field, and so out of what Jupyter may save, if it isn't right."""
        if not field.value:
            return
        self._misplaced[field] = "" if is_right else _secret_unless_public(field.value)
        if is_right:
            # Without what was copied along, which may have been the secret.
            field.value = text
        else:
            field.value = ""
            field.placeholder = f"•••••••• received, but it is no {field.description}"

    def _take_secret(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        self._secret = _secret_unless_public(change["new"])
        self._secret_field.value = ""
        self._secret_field.placeholder = _RECEIVED
        self._changed()

    def _fill_from_environment(self) -> None:
        self._id_field.value = os.environ.get("LC_CLIENT_ID", "")
        self._uri_field.value = os.environ.get("LC_REDIRECT_URI", "")
        if secret := os.environ.get("LC_CLIENT_SECRET"):
            self._take_secret({"new": secret})

    # --- What is used ---------------------------------------------------------------------------

    def _changed(self) -> None:
        """A person changed a field: what was said before is of the values before."""
        if self._is_filling:
            return
        self._mark()
        if self._accepted is None:
            self.say("waiting", "Press <b>Use these</b> when the fields are filled in.")
        elif self.not_used_yet:
            self.say(
                "note",
                f"<b>Not used yet</b>: press <b>Use these</b>. {_still_used(self._accepted)}",
            )
        else:
            self.say("done", "The fields say what is used. Go on with step 2.")

    def _mark(self) -> None:
        """Mark the fields that say something else than what is used."""
        changed = self._changed_fields()
        for each in (self._type, self._id_field, self._secret_field, self._uri_field):
            if each in changed:
                each.add_class("lc-not-used")
            else:
                each.remove_class("lc-not-used")

    def _changed_fields(self) -> list[Any]:
        used = self._accepted
        if used is None:
            return []
        is_server = self._type.value == "server"
        differs = {
            self._type: is_server != bool(used.client_secret),
            self._id_field: self._text_of(self._id_field, Kind.CLIENT_ID) != used.client_id,
            self._secret_field: is_server
            and bool(self._secret)
            and read(self._secret, Kind.CLIENT_SECRET).value != used.client_secret,
            self._uri_field: self._text_of(self._uri_field, Kind.REDIRECT_URI) != used.redirect_uri,
        }
        return [field for field, is_other in differs.items() if is_other]

    def _text_of(self, field: Any, kind: Kind) -> str:
        return read(field.value or self._misplaced[field], kind).value

    def _console_links(self) -> str:
        links = base.link("Open the Developer Console", self.platform.console_url, "lc-console")
        if self.platform.direct_url:
            direct = f"{self.platform.direct_url}console/"
            links += f'<span class="lc-aside">or {base.plain_link("directly", direct)}</span>'
        notice = self.platform.warning.html() if self.platform.warning else ""
        return links + notice


def _entered_before(platform: Platform) -> Credentials | None:
    """The app that a form for this platform accepted in this kernel."""
    app = memory.entered_app(platform.accounts_url)
    if app is None or app.redirect_uri is None:
        return None
    return Credentials(app.client_id, app.client_secret, app.redirect_uri)


def _secret_unless_public(text: str) -> str:
    """What may be a secret is masked from here on; ids and addresses are public everywhere.

    What was typed into a wrong field by a slip would otherwise be dots in every output.
    """
    secret = read(text, Kind.CLIENT_SECRET).value
    is_address = "://" in secret and mask(secret) == secret
    if is_address or _LIKE_AN_ID.fullmatch(secret):
        return secret
    # The secret is masked, and what was pasted, which the check of all three reads again.
    Secret(secret)
    return Secret(text.strip())


def _still_used(app: Credentials) -> str:
    return (
        f"Until then the app <code>{escape(app.client_id)}</code> with "
        f"<code>{escape(app.redirect_uri)}</code> is used, as it was."
    )
