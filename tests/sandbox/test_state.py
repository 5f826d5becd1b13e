import re

import pytest

from lc_tutorial.sandbox.records import Account, AuthorizationBlock
from lc_tutorial.sandbox.state import Sandbox, same

CALLBACK = "http://127.0.0.1:8377/callback"
SCOPES = ("chats--all:ro", "chats--my:ro")


@pytest.fixture
def world() -> Sandbox:
    return Sandbox()


@pytest.fixture
def author(world: Sandbox) -> Account:
    return world.accounts[world.ready_made.author_id]


@pytest.fixture
def block(world: Sandbox) -> AuthorizationBlock:
    assert world.ready_made.block is not None
    return world.ready_made.block


def pair(world: Sandbox, block: AuthorizationBlock, author: Account) -> tuple[str, str]:
    refresh = world.issue_refresh_token(block.client_id, author.id, SCOPES)
    access = world.issue_access_token(block.client_id, author.id, SCOPES, refresh)
    return access.value, refresh.value


def test_the_ready_made_app() -> None:
    world = Sandbox(callback_port=8399)
    app = world.ready_made
    assert app.block is not None
    assert (app.name, app.published, app.block.client_type) == ("List Chats", False, "server_side")
    assert app.block.redirect_uris == ["http://127.0.0.1:8399/callback"]
    assert set(app.block.scopes) == {"chats--all:ro", "chats--access:ro", "chats--my:ro"}
    assert world.accounts[app.author_id].role == "owner"
    assert world.client(app.block.client_id) == (app, app.block)


def test_credentials_have_the_form_of_the_platforms(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    # Source: livechat-public-docs, authorization/authorization-in-practice
    assert re.fullmatch(r"[0-9a-f]{32}", block.client_id)
    code = world.issue_code(block.client_id, author, CALLBACK, SCOPES)
    access, refresh = pair(world, block, author)
    for value in (code.value, access):
        assert re.fullmatch(r"dal:[A-Za-z0-9_-]{27}", value)
    # Source: livechat-public-docs, authorization/oauth-authorization: no region prefix
    assert re.fullmatch(r"[A-Za-z0-9_-]{27}", refresh)


def test_another_organisation_can_be_in_another_region(world: Sandbox) -> None:
    home = world.accounts[world.ready_made.author_id].organization_id
    stranger = next(a for a in world.accounts.values() if a.organization_id != home)
    assert world.issue_access_token("c", stranger.id, SCOPES).value.startswith("fra:")


def test_two_sandboxes_share_people_and_no_secret() -> None:
    one, other = Sandbox(), Sandbox()
    assert one.accounts.keys() == other.accounts.keys()
    passwords = [a.password for world in (one, other) for a in world.accounts.values()]
    assert len(set(passwords)) == len(passwords)
    assert one.ready_made.block != other.ready_made.block


def test_no_record_shows_its_secrets(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    code = world.issue_code(block.client_id, author, CALLBACK, SCOPES)
    access, refresh = pair(world, block, author)
    personal = world.create_personal_access_token(author.id, "mine", SCOPES)
    shown = repr(
        [
            block,
            author,
            code,
            world.access_token(access),
            world.refresh_token(refresh),
            personal,
        ]
    )
    for secret in (
        block.client_secret,
        author.password,
        code.value,
        access,
        refresh,
        personal.value,
    ):
        assert secret not in shown


def test_signing_in(world: Sandbox, author: Account) -> None:
    assert world.sign_in(author.email, author.password) == author
    assert world.sign_in(f" {author.email.upper()} ", author.password) == author
    assert world.sign_in(author.email, author.password + "x") is None
    assert world.sign_in(author.email, "") is None
    assert world.sign_in("nobody@example.com", author.password) is None


@pytest.mark.parametrize(
    ("secret", "given", "equal"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a", "", False),
        ("ä", "ä", True),
        ("a", "\ud800", False),
    ],
)
def test_comparing_secrets(secret: str, given: str, equal: bool) -> None:
    assert same(secret, given) is equal


class TestApps:
    def test_without_a_block_an_app_is_no_client(self, world: Sandbox, author: Account) -> None:
        app = world.create_app("New", author.id)
        assert (app.block, app.organization_id) == (None, author.organization_id)
        assert list(world.apps.values())[-1] is app

    def test_a_javascript_app_has_no_secret(self, world: Sandbox, author: Account) -> None:
        app = world.create_app("New", author.id)
        assert world.add_authorization(app, "javascript").client_secret == ""

    def test_a_new_secret_replaces_the_old_one(
        self, world: Sandbox, block: AuthorizationBlock
    ) -> None:
        old, block.secret_seen = block.client_secret, True
        assert world.new_secret(block) == block.client_secret != old
        assert not block.secret_seen

    def test_changing_the_client_type(self, world: Sandbox, block: AuthorizationBlock) -> None:
        old = block.client_secret
        world.set_client_type(block, "server_side")
        assert block.client_secret == old
        world.set_client_type(block, "javascript")
        assert block.client_secret == ""
        world.set_client_type(block, "server_side")
        assert block.client_secret not in ("", old)

    def test_deleting_an_app_takes_its_tokens_along(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        kept = world.issue_access_token("another client", author.id, SCOPES).value
        world.delete_app(world.ready_made)
        assert world.client(block.client_id) is None
        assert world.access_token(access) is None
        assert world.refresh_token(refresh) is None
        assert world.access_token(kept)


class TestCodes:
    def test_a_code_lives_five_minutes(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        code = world.issue_code(block.client_id, author, CALLBACK, SCOPES)
        world.clock.advance(295)
        assert world.code(code.value) is code
        world.clock.advance(6)
        assert world.code(code.value) is None

    def test_a_used_code_is_none(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        code = world.issue_code(block.client_id, author, CALLBACK, SCOPES)
        code.used = True
        assert world.code(code.value) is None

    def test_expired_codes_are_forgotten(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        for _ in range(3):
            world.issue_code(block.client_id, author, CALLBACK, SCOPES)
        world.clock.advance(301)
        world.issue_code(block.client_id, author, CALLBACK, SCOPES)
        assert len(world._codes) == 1


class TestTokens:
    def test_an_access_token_lives_eight_hours(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        # Source: livechat-public-docs, authorization/oauth-authorization: 28800 seconds
        access, _ = pair(world, block, author)
        token = world.access_token(access)
        assert token is not None
        assert (token.account_id, token.scopes) == (author.id, SCOPES)
        world.clock.advance(28_795)
        assert world.access_token(access) is token
        world.clock.advance(6)
        assert world.access_token(access) is None

    # Source: livechat-public-docs, authorization/oauth-authorization, "Token limitations"
    def test_of_26_access_tokens_the_oldest_is_gone(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        other = world.issue_access_token("another client", author.id, SCOPES).value
        colleague = world.issue_access_token(
            block.client_id, world.invite("normal").id, SCOPES
        ).value
        refresh = world.issue_refresh_token(block.client_id, author.id, SCOPES)
        tokens = [
            world.issue_access_token(block.client_id, author.id, SCOPES, refresh).value
            for _ in range(26)
        ]
        assert [world.access_token(value) is not None for value in tokens] == [False] + [True] * 25
        assert world.access_token(other)
        assert world.access_token(colleague)
        assert world.refresh_token(refresh.value)

    def test_of_26_refresh_tokens_the_oldest_is_gone(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        colleague = world.issue_refresh_token(block.client_id, world.invite("normal").id, SCOPES)
        tokens = [
            world.issue_refresh_token(block.client_id, author.id, SCOPES).value for _ in range(26)
        ]
        assert [world.refresh_token(value) is not None for value in tokens] == [False] + [True] * 25
        assert world.refresh_token(colleague.value)

    def test_a_refresh_token_may_have_a_prefix(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        _, refresh = pair(world, block, author)
        for prefix in ("dal:", "fra:", "fra-a:", "fra-b:", ""):
            assert world.refresh_token(prefix + refresh)
        assert world.refresh_token("xyz:" + refresh) is None

    def test_revoking_an_access_token_takes_its_twin_along(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        kept, kept_refresh = pair(world, block, author)
        assert world.revoke(access)
        assert world.access_token(access) is None
        assert world.refresh_token(refresh) is None
        assert world.access_token(kept)
        assert world.refresh_token(kept_refresh)

    def test_revoking_a_refresh_token_takes_its_access_tokens_along(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        record = world.refresh_token(refresh)
        assert record is not None
        bought = world.issue_access_token(block.client_id, author.id, SCOPES, record).value
        assert world.revoke(f"dal:{refresh}")
        assert world.refresh_token(refresh) is None
        assert world.access_token(access) is world.access_token(bought) is None

    def test_revoking_an_implicit_token(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        token = world.issue_access_token(block.client_id, author.id, SCOPES)
        assert world.revoke(token.value)
        assert world.access_token(token.value) is None

    def test_what_does_not_exist_cannot_be_revoked(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, _ = pair(world, block, author)
        assert not world.revoke("")
        assert not world.revoke("dal:nothing")
        assert world.revoke(access)
        assert not world.revoke(access)

    def test_a_token_that_went_with_the_limit_can_still_be_followed(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        for _ in range(25):
            world.issue_refresh_token(block.client_id, author.id, SCOPES)
        assert world.refresh_token(refresh) is None
        assert world.revoke(access)


class TestRedirects:
    # Source: livechat-public-docs, authorization/oauth-authorization, "Token limitations"
    def test_three_in_thirty_seconds(self, world: Sandbox) -> None:
        assert [world.may_redirect("c", "a") for _ in range(4)] == [True, True, True, False]
        assert world.may_redirect("c", "another")
        assert world.may_redirect("another", "a")
        world.clock.advance(25)
        assert not world.may_redirect("c", "a")
        world.clock.advance(6)
        assert world.may_redirect("c", "a")


def test_consent_is_remembered_per_person_and_client(world: Sandbox) -> None:
    assert not world.has_consent("c", "a", ["chats--my:ro"])
    world.remember_consent("c", "a", ["chats--my:ro"])
    world.remember_consent("c", "a", ["chats--all:ro"])
    assert world.has_consent("c", "a", ["chats--my:ro", "chats--all:ro"])
    assert not world.has_consent("c", "a", ["customers:ro"])
    assert not world.has_consent("c", "b", ["chats--my:ro"])
    assert not world.has_consent("d", "a", ["chats--my:ro"])


def test_personal_access_tokens(world: Sandbox, author: Account) -> None:
    token = world.create_personal_access_token(author.id, "My script", SCOPES)
    assert world.personal_access_token(author.id, token.value) is token
    assert world.personal_access_token(author.id, token.value + "x") is None
    assert world.personal_access_token("another", token.value) is None
    assert world.access_token(token.value) is None


def test_each_kind_of_token_is_only_that(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    access, refresh = pair(world, block, author)
    assert world.access_token(refresh) is None
    assert world.refresh_token(access) is None
