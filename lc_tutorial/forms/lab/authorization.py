"""Who asks: the authorization of a request, chosen from what the learner has."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from lc_tutorial.forms.base import field
from lc_tutorial.forms.courier import SecretField
from lc_tutorial.forms.lab.fields import Left, choice
from lc_tutorial.lab import MEANINGS, PUBLIC, Authorization, Basic, Bearer, Vault, typed_value

_SCHEMES = [
    ("None", "none"),
    ("Bearer: an access token", "bearer"),
    ("Basic: a personal access token", "basic"),
]


class SecretChoice(widgets.VBox):  # type: ignore[misc]
    """One of the secrets in the vault, or a new one that is typed.

    Args:
        label: what it is for, in a word.
        name: what a new one is called.
        vault: to choose from, and to keep a new one in.
        css_class: of the list.
        changed: called when another one is chosen.
        attempt: runs a callback's work and shows what it raises.
    """

    def __init__(
        self,
        label: str,
        name: str,
        vault: Vault,
        css_class: str,
        changed: Callable[[], None],
        attempt: Callable[[Callable[[], None]], None],
    ) -> None:
        self._name, self._vault, self._changed = name, vault, changed
        self._attempt = attempt
        self._list = choice(label, [("", "")], css_class)
        self._new = field(
            SecretField, "or a new one", "type or paste; it leaves this field", "lc-new-secret"
        )
        super().__init__((self._list, self._new))
        self._is_filling = False
        self._list.observe(self._chosen, names="value")
        self._new.observe(self._take, names="value")
        self.fill(f"{{{{{name}}}}}")

    @property
    def text(self) -> str:
        """The reference that is chosen."""
        return str(self._list.value)

    def fill(self, text: str) -> None:
        """Choose this one."""
        names = [self._name]
        names += [
            name
            for name in dict.fromkeys([*self._vault.names, *MEANINGS])
            if name not in PUBLIC and name != self._name
        ]
        options = [(_label(name, self._vault), f"{{{{{name}}}}}") for name in names]
        if text not in [value for _, value in options]:
            options.insert(0, (text or "(empty)", text))
        self._is_filling = True
        self._list.options = options
        self._list.value = text
        self._is_filling = False

    def refresh(self) -> None:
        """Say anew which of them have a value."""
        self.fill(self.text)

    def _chosen(self, _: Any) -> None:
        if not self._is_filling:
            self._changed()

    def _take(self, change: dict[str, Any]) -> None:
        typed = change["new"]
        if not typed:
            return
        self._new.value = ""
        if typed.strip():
            self._attempt(lambda: self._keep(typed))

    def _keep(self, typed: str) -> None:
        self.fill(self._vault.keep(self._name, typed_value(self._name, typed)))
        self._new.placeholder = f"•••••••• received: it is {self.text} now"
        self._changed()


class AuthorizationEditor(widgets.VBox):  # type: ignore[misc]
    """Takes the scheme and what goes with it.

    Args:
        vault: with the learner's tokens.
        left: called with each field that was left.
        attempt: runs a callback's work and shows what it raises.
    """

    def __init__(
        self, vault: Vault, left: Left, attempt: Callable[[Callable[[], None]], None]
    ) -> None:
        self._left = left
        self._scheme = choice("Scheme", _SCHEMES, "lc-scheme")
        self._token = SecretChoice(
            "Token", "access_token", vault, "lc-token-choice", self._tell, attempt
        )
        self._user = field(widgets.Text, "Account id", "or {{account_id}}", "lc-user")
        self._password = SecretChoice(
            "Token", "personal_access_token", vault, "lc-password-choice", self._tell, attempt
        )
        self._user.value = "{{account_id}}"
        self._user.add_class("lc-enter")
        super().__init__((self._scheme, self._token, self._user, self._password))
        self.add_class("lc-authorization-editor")
        self._scheme.observe(self._change_scheme, names="value")
        self._user.observe(lambda _: left(self._user, ""), names="value")
        self._arrange()

    @property
    def authorization(self) -> Authorization:
        """What the fields say."""
        match self._scheme.value:
            case "bearer":
                return Bearer(self._token.text)
            case "basic":
                return Basic(self._user.value.strip(), self._password.text)
        return None

    def fill(self, authorization: Authorization) -> None:
        """Show this one in the place of what is there."""
        match authorization:
            case Bearer(token):
                self._token.fill(token)
                self._scheme.value = "bearer"
            case Basic(user, password):
                self._user.value = user
                self._password.fill(password)
                self._scheme.value = "basic"
            case _:
                self._scheme.value = "none"
        self._arrange()

    def refresh(self) -> None:
        """Say anew which values there are."""
        self._token.refresh()
        self._password.refresh()

    def _tell(self) -> None:
        self._left(None, "")

    def _change_scheme(self, _: Any) -> None:
        self._arrange()
        self._tell()

    def _arrange(self) -> None:
        scheme = self._scheme.value
        self._token.layout.display = None if scheme == "bearer" else "none"
        for part in (self._user, self._password):
            part.layout.display = None if scheme == "basic" else "none"


def meaning_of(name: str) -> str:
    """What a name stands for, also a numbered one, and one that came along with a request.

    >>> meaning_of("access_token_2")
    'another access token'
    >>> meaning_of("sent_client_secret")
    "the app's Client Secret, as it was sent before"
    """
    came_along = name.startswith("sent_")
    plain = name.removeprefix("sent_").rstrip("0123456789").rstrip("_")
    meaning = MEANINGS.get(name) or MEANINGS.get(plain)
    if meaning is None:
        return "a value that was sent before" if came_along else "a value of your own"
    if came_along:
        return f"{meaning}, as it was sent before"
    return meaning if name in MEANINGS else meaning.replace("the ", "another ", 1)


def _label(name: str, vault: Vault) -> str:
    there = "" if vault.value(name) is not None else ": no value yet"
    return f"{{{{{name}}}}}{there}"
