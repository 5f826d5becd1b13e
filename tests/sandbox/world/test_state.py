import re

from lc_tutorial.sandbox.world import PropertyDefinition, Version, Webhook
from lc_tutorial.sandbox.world.records import Account, AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import CALLBACK, SCOPES, pair


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
    code = world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
    access, refresh = pair(world, block, author)
    for value in (code.value, access):
        assert re.fullmatch(r"dal:[A-Za-z0-9_-]{27}", value)
    # Source: livechat-public-docs, authorization/oauth-authorization: no region prefix
    assert re.fullmatch(r"[A-Za-z0-9_-]{27}", refresh)


def test_another_organisation_can_be_in_another_region(world: Sandbox) -> None:
    home = world.accounts[world.ready_made.author_id].organization_id
    stranger = next(a for a in world.accounts.values() if a.organization_id != home)
    assert world.grants.issue_access_token("c", stranger.id, SCOPES).value.startswith("fra:")


def test_two_sandboxes_share_people_and_no_secret() -> None:
    one, other = Sandbox(), Sandbox()
    assert one.accounts.keys() == other.accounts.keys()
    passwords = [a.password for world in (one, other) for a in world.accounts.values()]
    assert len(set(passwords)) == len(passwords)
    assert one.ready_made.block != other.ready_made.block


def test_no_record_shows_its_secrets(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    code = world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
    access, refresh = pair(world, block, author)
    personal = world.create_personal_access_token(author.id, "mine", SCOPES)
    shown = repr(
        [
            block,
            author,
            code,
            world.grants.access_token(access),
            world.grants.refresh_token(refresh),
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
        kept = world.grants.issue_access_token("another client", author.id, SCOPES).value
        world.delete_app(world.ready_made)
        assert world.client(block.client_id) is None
        assert world.grants.access_token(access) is None
        assert world.grants.refresh_token(refresh) is None
        assert world.grants.access_token(kept)


def test_personal_access_tokens(world: Sandbox, author: Account) -> None:
    token = world.create_personal_access_token(author.id, "My script", SCOPES)
    assert world.personal_access_token(author.id, token.value) is token
    assert world.personal_access_token(author.id, token.value + "x") is None
    assert world.personal_access_token("another", token.value) is None
    assert world.grants.access_token(token.value) is None


def test_a_world_as_new_knows_nothing_of_what_was_set_up(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    home = author.organization_id
    world.settings[home].tags.clear()
    world.settings[home].routing_statuses[author.email] = "not_accepting_chats"
    definition = PropertyDefinition("int", {"license": {"agent": ["read"]}})
    world.properties.register(block.client_id, "mine", definition)
    hook = Webhook(
        version=Version.V3_6,
        action="tag_created",
        url="https://hooks.example.com/",
        secret_key="not-a-real-secret-key",
        owner_client_id=block.client_id,
        type="license",
    )
    world.webhooks.add(hook)
    assert "not-a-real-secret-key" not in repr(hook)
    new = world.renewed()
    assert new.settings == Sandbox().settings
    assert not new.properties.of(block.client_id)
    assert new.webhooks.secret_keys() == []
