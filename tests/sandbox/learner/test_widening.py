"""An app that exists is given more scopes and installed, in the Console's pages."""

import pytest

from lc_tutorial.sandbox.learner.browser import Stuck
from lc_tutorial.sandbox.learner.widening import Widener
from tests.sandbox.conftest import RunningSandbox


def test_the_app_has_more_scopes_and_is_installed(sandbox: RunningSandbox) -> None:
    block = sandbox.new_app(scopes=("chats--all:ro",), installed=False)
    found = sandbox.world.client(block.client_id)
    assert found is not None
    author = sandbox.author
    widener = Widener(sandbox.url, author.email, author.password)
    for _ in range(2):  # a second time changes nothing
        widener.widen(block.client_id, ("chats--all:rw", "tags--all:rw"))
        assert set(block.scopes) == {"chats--all:ro", "chats--all:rw", "tags--all:rw"}
        assert found[0].installed


def test_an_app_of_somebody_else_is_not_found(sandbox: RunningSandbox) -> None:
    other = sandbox.person("administrator")
    widener = Widener(sandbox.url, other.email, other.password)
    with pytest.raises(Stuck, match="has no app with this Client Id"):
        widener.widen(sandbox.block.client_id, ("chats--all:rw",))
