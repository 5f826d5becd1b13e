"""The form of step 1: the app's Client Id, Client Secret and redirect URI."""

import os
import re
from typing import Any

import ipywidgets as widgets

from lc_tutorial.errors import StepIncomplete
from lc_tutorial.forms import base
from lc_tutorial.masking import Secret, mask
from lc_tutorial.oauth import Credentials, check_credentials
from lc_tutorial.pasting import CLIENT_ID, Kind, read
from lc_tutorial.platforms import Platform

#: One long word: no address looks like that, a secret does.
_SECRET_LIKE = re.compile(r"[\w+=-]{16,}")


class CredentialsForm(base.Form):
    """Takes what the Developer Console shows of an app.

    The secret leaves its field as soon as it arrives in the kernel, so that it is never part of
    the widget's state, which Jupyter may save into the notebook.

    Args:
        platform: from :func:`lc_tutorial.connect`.

    The id and the redirect URI are filled in from the environment variables ``LC_CLIENT_ID`` and
    ``LC_REDIRECT_URI``, the secret from ``LC_CLIENT_SECRET``, where these are set.
    """

    def __init__(self, platform: Platform) -> None:
        super().__init__(
            "Your app's credentials",
            "A form for the Client Id, the Client Secret and the redirect URI of your app.",
        )
        self.platform = platform
        self._accepted: Credentials | None = None
        self._secret = ""
        self._id_field = _field(widgets.Text, "Client Id", "32 letters and digits", "lc-client-id")
        self._secret_field = _field(
            widgets.Password, "Client Secret", "shown once in the Console", "lc-client-secret"
        )
        self._uri_field = _field(
            widgets.Text, "Redirect URI", "the address you whitelisted", "lc-redirect-uri"
        )
        # What a field that shows its text may not keep: it may be the secret, misplaced.
        self._misplaced = {self._id_field: "", self._uri_field: ""}
        self._id_field.observe(self._look_at_id, names="value")
        self._uri_field.observe(self._look_at_uri, names="value")
        self._secret_field.observe(self._take_secret, names="value")
        self._fill_from_environment()
        use = self.button("Use these", self._submit, "lc-use-credentials", "primary")
        row = [use]
        if platform.is_sandbox:
            row.append(self.button("Do it for me", self.do_it_for_me, "lc-do-it-for-me"))
        self._lay_out(
            widgets.HTML(self._console_links()),
            self._id_field,
            self._secret_field,
            self._uri_field,
            base.buttons(*row),
        )
        self.say("waiting", "Fill in the three fields, then press <b>Use these</b>.")
        if base.autopilot_is_on(platform):
            self.attempt(self.do_it_for_me)

    @property
    def client_id(self) -> str:
        """The app's public identifier.

        Raises:
            StepIncomplete: before the form is done; so do the other two.
        """
        return self.entered.client_id

    @property
    def client_secret(self) -> Secret:
        """The app's secret: shown as dots, sent as it is."""
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
                why="The credentials form has not accepted your app's three values.",
                remedy="Fill in the form above and press Use these, then run this cell again.",
            )
        return self._accepted

    @property
    def is_complete(self) -> bool:
        """Whether the form has what step 2 needs."""
        return self._accepted is not None

    def do_it_for_me(self) -> None:
        """Let the scripted learner create the app in the Console; then submit the form."""
        from lc_tutorial.forms.scripted import configure_app

        app = configure_app(self.platform)
        self._id_field.value, self._uri_field.value = app.client_id, app.redirect_uri
        self._keep_secret(app.client_secret)
        self._submit()
        banner = base.AUTOPILOT_BANNER if base.autopilot_is_on(self.platform) else ""
        self.say(
            "done",
            "The scripted learner created the app <b>List Chats</b> in the Console, with the block "
            "<b>App Authorization</b>, a server-side client, this redirect URI and the scope "
            f"<code>chats--all:ro</code>. Go on with step 2. {banner}",
        )

    def _submit(self) -> None:
        swapped = self._put_right()
        entered = check_credentials(
            self._id_field.value or self._misplaced[self._id_field],
            self._secret,
            self._uri_field.value or self._misplaced[self._uri_field],
            platform=self.platform,
        )
        changed = self._accepted not in (None, entered)
        self._accepted = entered
        # Without what was copied along.
        self._id_field.value, self._uri_field.value = entered.client_id, entered.redirect_uri
        again = " Build the authorization URL again in step 2." if changed else ""
        mended = (
            "The Client Id and the Client Secret were in each other's place; they are swapped now. "
            if swapped
            else ""
        )
        self.say("done", f"{mended}The three values are in this kernel. Go on with step 2.{again}")
        self._tell_done()

    def _put_right(self) -> bool:
        """Swap id and secret where each is in the other's field; say whether that was so."""
        misplaced = self._misplaced[self._id_field]
        if not (misplaced and self._secret and CLIENT_ID.fullmatch(self._secret)):
            return False
        self._id_field.value, self._secret = self._secret, misplaced
        return True

    def _look_at_id(self, change: dict[str, Any]) -> None:
        client_id = read(change["new"], Kind.CLIENT_ID).value
        self._keep_out(self._id_field, client_id, CLIENT_ID.fullmatch(client_id) is not None)

    def _look_at_uri(self, change: dict[str, Any]) -> None:
        text = read(change["new"], Kind.REDIRECT_URI).value
        is_right = mask(text) == text and not _SECRET_LIKE.fullmatch(text)
        self._keep_out(self._uri_field, text, is_right)

    def _keep_out(self, field: Any, text: str, is_right: bool) -> None:
        """Take a text out of a field, and so out of what Jupyter may save, if it isn't right."""
        if not field.value:
            return
        self._misplaced[field] = "" if is_right else _secret_unless_id(field.value)
        if is_right:
            # Without what was copied along, which may have been the secret.
            field.value = text
        else:
            field.value = ""
            field.placeholder = f"•••••••• received, but it is no {field.description}"

    def _take_secret(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        self._keep_secret(_secret_unless_id(change["new"]))

    def _keep_secret(self, secret: str) -> None:
        self._secret = secret
        self._secret_field.value = ""
        self._secret_field.placeholder = "•••••••• received; type again to replace it"

    def _fill_from_environment(self) -> None:
        self._id_field.value = os.environ.get("LC_CLIENT_ID", "")
        self._uri_field.value = os.environ.get("LC_REDIRECT_URI", "")
        if secret := os.environ.get("LC_CLIENT_SECRET"):
            self._take_secret({"new": secret})

    def _console_links(self) -> str:
        links = base.link("Open the Developer Console", self.platform.console_url, "lc-console")
        if self.platform.direct_url:
            direct = f"{self.platform.direct_url}console/"
            links += f'<span class="lc-aside">or {base.plain_link("directly", direct)}</span>'
        notice = self.platform.warning.html() if self.platform.warning else ""
        return links + notice


def _secret_unless_id(text: str) -> str:
    """What may be a secret is masked from here on; a Client Id is public, wherever it was typed."""
    secret = read(text, Kind.CLIENT_SECRET).value
    if CLIENT_ID.fullmatch(secret):
        return secret
    # The secret is masked, and what was pasted, which the check of all three reads again.
    Secret(secret)
    return Secret(text.strip())


def _field(kind: Any, label: str, hint: str, css_class: str) -> Any:
    field = kind(description=label, placeholder=hint, continuous_update=False)
    field.add_class(css_class)
    return field
