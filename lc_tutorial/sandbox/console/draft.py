"""What stands on a browser's page "App Authorization", saved or not.

The page's two cards are saved apart. Whatever button is pressed, the whole page is sent along and
kept here, so that nothing typed anywhere on it is lost before it is saved.
"""

from dataclasses import dataclass, field

from starlette.datastructures import ImmutableMultiDict

from lc_tutorial.sandbox.accounts import redirect_uris
from lc_tutorial.sandbox.console.page import CLIENT_TYPES
from lc_tutorial.sandbox.world import AuthorizationBlock, ClientType, Sandbox, Scope, scopes

MAX_REDIRECT_URIS = 50  # assumed: no source names a limit


@dataclass
class Draft:
    """The contents of the page.

    Attributes:
        redirect_uris: The whitelist, as it will be once saved.
        scopes: Each chosen scope's name, and whether the app requires it; as it will be.
        typed_uri: What stands in the field for another redirect URI.
        uri_problem: What is wrong with it, for the person who typed it.
        ticked: Scopes ticked in the list, not yet chosen.
        search: What stands in the field that searches the list.
        scope_problem: What is wrong with these two.
        client_edited: Whether the first card differs from what is saved.
        client_note: What to say of the first card, once.
        scopes_edited: Whether the second card differs from what is saved.
        scopes_note: What to say of the second card, once.
        on_screen: A token of the page that shows the secret, so that it can keep showing it.
        keep_secret: Whether the next page shows the secret once more.
    """

    client_type: ClientType
    redirect_uris: list[str]
    scopes: dict[str, bool]
    typed_uri: str = ""
    uri_problem: str = ""
    ticked: list[str] = field(default_factory=list)
    search: str = ""
    scope_problem: str = ""
    client_edited: bool = False
    client_note: str = ""
    scopes_edited: bool = False
    scopes_note: str = ""
    on_screen: str = field(default="", repr=False)
    keep_secret: bool = False

    @classmethod
    def of(cls, block: AuthorizationBlock) -> "Draft":
        """Return what the page holds when everything is saved."""
        return cls(block.client_type, list(block.redirect_uris), dict(block.scopes))

    def read(self, form: ImmutableMultiDict[str, str]) -> None:
        """Take over what the page's form holds."""
        self.client_type = CLIENT_TYPES.get(form.get("client_type", ""), self.client_type)
        self.redirect_uris = list(dict.fromkeys(form.getlist("redirect_uri")))
        required = set(form.getlist("required"))
        chosen = [name for name in form.getlist("chosen_scope") if name in scopes.CATALOGUE]
        self.scopes = {name: name in required for name in chosen}
        self.typed_uri = form.get("typed_uri", "").strip()
        self.ticked = [name for name in form.getlist("scope") if name in scopes.CATALOGUE]
        self.search = form.get("search", "").strip()
        self.uri_problem = self.scope_problem = self.client_note = self.scopes_note = ""

    def compare(self, block: AuthorizationBlock) -> None:
        """Note which of the cards differ from what is saved."""
        saved = (block.client_type, block.redirect_uris)
        self.client_edited = (self.client_type, self.redirect_uris) != saved
        self.scopes_edited = self.scopes != block.scopes

    def catch_up(self, block: AuthorizationBlock) -> None:
        """Take over what was saved elsewhere, in another tab perhaps, in cards without edits."""
        if not self.client_edited:
            self.client_type, self.redirect_uris = block.client_type, list(block.redirect_uris)
        if not self.scopes_edited:
            self.scopes = dict(block.scopes)

    def is_complete(self, block: AuthorizationBlock) -> bool:
        """Whether everything is there that an app needs to ask for access, and saved."""
        edited = self.client_edited or self.scopes_edited
        return bool(block.redirect_uris and block.scopes) and not edited

    # --- The first card: the client -----------------------------------------------------------

    def add_uri(self, uri: str) -> bool:
        """Put an address into the whitelist; if it cannot be there, say why and return False."""
        if uri in self.redirect_uris:
            self.uri_problem = "It is in the list already."
        elif len(self.redirect_uris) >= MAX_REDIRECT_URIS:
            self.uri_problem = f"The list is full: {MAX_REDIRECT_URIS} is the most."
        else:
            self.uri_problem = redirect_uris.problem(uri) or ""
        if self.uri_problem:
            return False
        self.redirect_uris.append(uri)
        return True

    def add_typed_uri(self) -> None:
        """Put what was typed into the whitelist; it stays in its field if that cannot be."""
        if self.add_uri(self.typed_uri):
            self.typed_uri = ""

    def remove_uri(self, uri: str) -> None:
        """Take an address out of the whitelist."""
        self.redirect_uris = [other for other in self.redirect_uris if other != uri]

    def save_client(self, block: AuthorizationBlock, world: Sandbox) -> None:
        """Save the first card; an address typed and not added would be lost, so it is added."""
        typed = self.typed_uri if self.typed_uri not in self.redirect_uris else ""
        if typed and not self.add_uri(typed):
            return
        for uri in self.redirect_uris:
            if problem := redirect_uris.problem(uri):
                self.uri_problem = f"{uri} cannot be saved. {problem}"
                return
        self.typed_uri = ""
        world.set_client_type(block, self.client_type)
        block.redirect_uris[:] = self.redirect_uris
        if typed:
            self.client_note = f"Saved, with the address that stood in the field: {typed}"

    def discard_client(self, block: AuthorizationBlock) -> None:
        """Forget what is not saved of the first card."""
        self.client_type, self.redirect_uris = block.client_type, list(block.redirect_uris)
        self.typed_uri = ""

    # --- The second card: the scopes ----------------------------------------------------------

    def offered(self) -> list[Scope]:
        """Return the scopes that can be chosen: those that the search finds, else all others."""
        others = [scope for scope in scopes.CATALOGUE.values() if scope.name not in self.scopes]
        found = [scope for scope in others if scope.name in self.ticked or self._finds(scope)]
        return found or others

    def _finds(self, scope: Scope) -> bool:
        text = f"{scope.name} {scope.label}".casefold()
        return all(word in text for word in self.search.casefold().split())

    def add_scopes(self) -> None:
        """Choose the ticked scopes, or else the one that the search means without a doubt."""
        wanted = list(self.ticked)
        if not wanted and self.search:
            found = [scope.name for scope in self.offered() if self._finds(scope)]
            if self.search in found:
                wanted = [self.search]
            elif len(found) == 1:
                wanted = found
            elif found:
                # Only a search, done without JavaScript: the list now holds what it found.
                return
            else:
                self.scope_problem = f"No other scope has \u201c{self.search}\u201d in it."
                return
        if not wanted:
            self.scope_problem = "Tick one or more scopes in the list first."
            return
        self._choose(wanted)
        self.search = ""

    def _choose(self, names: list[str]) -> None:
        # As in the real Console, a scope is required until that is unticked.
        self.scopes.update({name: True for name in names if name not in self.scopes})
        self.ticked = []

    def save_scopes(self, block: AuthorizationBlock) -> None:
        """Save the second card; scopes ticked and not added would be lost, so they are added."""
        added = [name for name in self.ticked if name not in self.scopes]
        self._choose(added)
        block.scopes.clear()
        block.scopes.update(self.scopes)
        if added:
            self.scopes_note = f"Saved, with the ones that were ticked: {', '.join(added)}"

    def discard_scopes(self, block: AuthorizationBlock) -> None:
        """Forget what is not saved of the second card."""
        self.scopes, self.ticked, self.search = dict(block.scopes), [], ""
