"""The fields of an app's credentials: what was typed into them, and what none of them may keep.

What the fields show Jupyter may save into the notebook. So a secret is taken out of its field as
soon as it is there, and out of a field that it was put into by mistake.
"""

import os
import re
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.courier import SecretField, reach
from lc_tutorial.masking import Secret, mask
from lc_tutorial.oauth import Credentials
from lc_tutorial.pasting import CLIENT_ID, Kind, read, stand_in

#: One long word: no address looks like that, a secret does.
_SECRET_LIKE = re.compile(r"[\w+=-]{16,}")

#: What a Client Id looks like, also one that was not copied whole, or with something more.
_LIKE_AN_ID = re.compile(r"[0-9a-fA-F]{28,36}")

_TYPES = [("Server-side app", "server"), ("JavaScript app: no secret", "javascript")]
_SHOWN_ONCE = "shown once in the Console"
_RECEIVED = "•••••••• received; type again to replace it"


class CredentialFields:
    """The client type, the Client Id, the Client Secret and the redirect URI, as widgets.

    Args:
        changed: called when a person has changed one of them.

    Attributes:
        type: the field of the client type.
        id: of the Client Id.
        secret: of the Client Secret; it is empty again as soon as one was typed.
        uri: of the redirect URI.
        all: the four, from top to bottom.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._is_filling = False
        self.type = reach(widgets.Dropdown(description="Client type", options=_TYPES))
        self.type.add_class("lc-client-type")
        self.id = base.field(widgets.Text, "Client Id", "32 letters and digits", "lc-client-id")
        self.secret = base.field(SecretField, "Client Secret", _SHOWN_ONCE, "lc-client-secret")
        self.uri = base.field(
            widgets.Text, "Redirect URI", "the address you whitelisted", "lc-redirect-uri"
        )
        self.all = (self.type, self.id, self.secret, self.uri)
        # Typed, and not used yet.
        self._secret = ""
        # What a field that shows its text may not keep: it may be the secret, misplaced.
        self._misplaced = {self.id: "", self.uri: ""}
        for each in self.all:
            each.add_class("lc-shows-use")
        self.type.observe(self._change_type, names="value")
        self.id.observe(self._look_at_id, names="value")
        self.uri.observe(self._look_at_uri, names="value")
        self.secret.observe(self._take_secret, names="value")

    # --- What they say --------------------------------------------------------------------------

    def text(self, field: Any) -> str:
        """What was entered as Client Id or as redirect URI, also what the field may not show."""
        return field.value or self._misplaced[field]

    def typed_secret(self, used: Credentials | None) -> str | None:
        """The secret as the fields have it; None for a JavaScript app.

        Args:
            used: the app that is used so far. Its secret stays until another one is typed.
        """
        if self.type.value == "javascript":
            return None
        if self._secret or used is None:
            return self._secret
        # Of another app it is another one, too.
        same = self._read(self.id, Kind.CLIENT_ID) == used.client_id
        return (used.client_secret or "") if same else ""

    def differing(self, used: Credentials | None) -> list[Any]:
        """The fields that say something else than what is used."""
        if used is None:
            return []
        is_server = self.type.value == "server"
        differs = {
            self.type: is_server != bool(used.client_secret),
            self.id: self._read(self.id, Kind.CLIENT_ID) != used.client_id,
            self.secret: is_server
            and bool(self._secret)
            and read(self._secret, Kind.CLIENT_SECRET).value != used.client_secret,
            self.uri: self._read(self.uri, Kind.REDIRECT_URI) != used.redirect_uri,
        }
        return [field for field, is_other in differs.items() if is_other]

    def _read(self, field: Any, kind: Kind) -> str:
        return read(self.text(field), kind).value

    # --- What is put into them ------------------------------------------------------------------

    def show(self, app: Credentials) -> None:
        """Show an app as it is used; its secret as dots."""
        self._fill(app)
        self.secret.placeholder = _RECEIVED

    def enter(self, app: Credentials) -> None:
        """Put an app in, as a person would who has yet to press the button."""
        self._fill(app)
        self._secret = app.client_secret or ""

    def empty(self) -> None:
        """Forget all that was entered."""
        self._fill(Credentials("", Secret(""), ""))
        self.secret.placeholder = _SHOWN_ONCE

    def enter_from_environment(self) -> None:
        """Put in what ``LC_CLIENT_ID``, ``LC_CLIENT_SECRET`` and ``LC_REDIRECT_URI`` say."""
        self.id.value = os.environ.get("LC_CLIENT_ID", "")
        self.uri.value = os.environ.get("LC_REDIRECT_URI", "")
        if secret := os.environ.get("LC_CLIENT_SECRET"):
            self._take_secret({"new": secret})

    def put_right(self) -> bool:
        """Swap id and secret where each is in the other's field; say whether that was so."""
        misplaced = self._misplaced[self.id]
        if not (misplaced and self._secret and CLIENT_ID.fullmatch(self._secret)):
            return False
        self._is_filling = True
        self.id.value, self._secret = self._secret, misplaced
        self._is_filling = False
        return True

    def mark(self, used: Credentials | None) -> None:
        """Mark the fields that say something else than what is used."""
        differing = self.differing(used)
        for each in self.all:
            if each in differing:
                each.add_class("lc-not-used")
            else:
                each.remove_class("lc-not-used")

    def _fill(self, app: Credentials) -> None:
        self._is_filling = True
        self._secret = ""
        self.type.value = "javascript" if app.client_secret is None else "server"
        self.id.value, self.uri.value = app.client_id, app.redirect_uri
        self._misplaced = dict.fromkeys(self._misplaced, "")
        self._is_filling = False

    # --- What a person enters -------------------------------------------------------------------

    def _tell(self) -> None:
        if not self._is_filling:
            self._changed()

    def _change_type(self, change: dict[str, Any]) -> None:
        self.secret.layout.display = None if change["new"] == "server" else "none"
        self._tell()

    def _look_at_id(self, change: dict[str, Any]) -> None:
        client_id = read(change["new"], Kind.CLIENT_ID).value
        self._keep_out(self.id, client_id, _LIKE_AN_ID.fullmatch(client_id) is not None)
        self._tell()

    def _look_at_uri(self, change: dict[str, Any]) -> None:
        text = read(change["new"], Kind.REDIRECT_URI).value
        is_right = mask(text) == text and not _SECRET_LIKE.fullmatch(text)
        self._keep_out(self.uri, text, is_right)
        self._tell()

    def _keep_out(self, field: Any, text: str, is_right: bool) -> None:
        """Take a text out of a field, and so out of what Jupyter may save, if it isn't right."""
        if not field.value:
            return
        self._misplaced[field] = "" if is_right else _secret_unless_public(field.value)
        if is_right:
            # Without what was copied along, which may have been the secret.
            field.value = text
        else:
            field.placeholder = f"•••••••• received, but it is no {field.description}"
            field.value = ""

    def _take_secret(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        self._secret = _secret_unless_public(change["new"])
        self.secret.placeholder = _RECEIVED
        self.secret.value = ""
        self._tell()


def _secret_unless_public(text: str) -> str:
    """What may be a secret is masked from here on; ids and addresses are public everywhere.

    What was typed into a wrong field by a slip would otherwise be dots in every output.
    """
    secret = read(text, Kind.CLIENT_SECRET).value
    if stand_in(secret, Kind.CLIENT_SECRET):
        # Else the word null, for example, would be dots in every output from here on.
        return text
    is_address = "://" in secret and mask(secret) == secret
    if is_address or _LIKE_AN_ID.fullmatch(secret):
        return secret
    # The secret is masked, and what was pasted, which the check of all three reads again.
    Secret(secret)
    return Secret(text.strip())
