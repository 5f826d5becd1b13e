from lc_tutorial.sandbox.world.endings import digest_of
from lc_tutorial.sandbox.world.records import Account, AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox
from tests.sandbox.conftest import CALLBACK, SCOPES, pair


class TestCodes:
    def test_a_code_lives_five_minutes(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        code = world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
        world.clock.advance(295)
        assert world.grants.code(code.value) is code
        world.clock.advance(6)
        assert world.grants.code(code.value) is None

    def test_a_used_code_is_none(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        code = world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
        code.used = True
        assert world.grants.code(code.value) is None

    def test_expired_codes_are_forgotten(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        for _ in range(3):
            world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
        world.clock.advance(301)
        world.grants.issue_code(block.client_id, author, CALLBACK, SCOPES)
        assert len(world.grants.issued()[0]) == 1


class TestTokens:
    def test_an_access_token_lives_eight_hours(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        # Source: livechat-public-docs, authorization/oauth-authorization: 28800 seconds
        access, _ = pair(world, block, author)
        token = world.grants.access_token(access)
        assert token is not None
        assert (token.account_id, token.scopes) == (author.id, SCOPES)
        world.clock.advance(28_795)
        assert world.grants.access_token(access) is token
        world.clock.advance(6)
        assert world.grants.access_token(access) is None

    # Source: livechat-public-docs, authorization/oauth-authorization, "Token limitations"
    def test_of_26_access_tokens_the_oldest_is_gone(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        other = world.grants.issue_access_token("another client", author.id, SCOPES).value
        colleague = world.grants.issue_access_token(
            block.client_id, world.invite("normal").id, SCOPES
        ).value
        refresh = world.grants.issue_refresh_token(block.client_id, author.id, SCOPES)
        tokens = [
            world.grants.issue_access_token(block.client_id, author.id, SCOPES, refresh).value
            for _ in range(26)
        ]
        lives = [world.grants.access_token(value) is not None for value in tokens]
        assert lives == [False] + [True] * 25
        assert world.grants.access_token(other)
        assert world.grants.access_token(colleague)
        assert world.grants.refresh_token(refresh.value)

    def test_of_26_refresh_tokens_the_oldest_is_gone(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        colleague = world.grants.issue_refresh_token(
            block.client_id, world.invite("normal").id, SCOPES
        )
        tokens = [
            world.grants.issue_refresh_token(block.client_id, author.id, SCOPES).value
            for _ in range(26)
        ]
        lives = [world.grants.refresh_token(value) is not None for value in tokens]
        assert lives == [False] + [True] * 25
        assert world.grants.refresh_token(colleague.value)

    def test_a_refresh_token_may_have_a_prefix(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        _, refresh = pair(world, block, author)
        for prefix in ("dal:", "fra:", "fra-a:", "fra-b:", ""):
            assert world.grants.refresh_token(prefix + refresh)
        assert world.grants.refresh_token("xyz:" + refresh) is None

    def test_revoking_an_access_token_takes_its_twin_along(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        kept, kept_refresh = pair(world, block, author)
        assert world.grants.revoke(access)
        assert world.grants.access_token(access) is None
        assert world.grants.refresh_token(refresh) is None
        assert world.grants.access_token(kept)
        assert world.grants.refresh_token(kept_refresh)

    def test_revoking_a_refresh_token_takes_its_access_tokens_along(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        record = world.grants.refresh_token(refresh)
        assert record is not None
        bought = world.grants.issue_access_token(block.client_id, author.id, SCOPES, record).value
        assert world.grants.revoke(f"dal:{refresh}")
        assert world.grants.refresh_token(refresh) is None
        assert world.grants.access_token(access) is world.grants.access_token(bought) is None

    def test_the_access_of_an_app_ends(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        colleague = world.invite("normal")
        expired, _ = pair(world, block, author)
        world.clock.advance(28_801)
        values = {"author": pair(world, block, author), "colleague": pair(world, block, colleague)}
        other = world.grants.issue_access_token("another client", author.id, SCOPES).value
        codes = {
            person.id: world.grants.issue_code(block.client_id, person, CALLBACK, SCOPES).value
            for person in (author, colleague)
        }
        for person in (author, colleague):
            world.grants.remember_consent(block.client_id, person.id, SCOPES)

        def lives(whose: str) -> tuple[bool, bool]:
            access, refresh = values[whose]
            return bool(world.grants.access_token(access)), bool(
                world.grants.refresh_token(refresh)
            )

        # One access token of two had expired.
        assert world.grants.end_access(block.client_id, author.id) == (1, 2)
        assert (lives("author"), lives("colleague")) == ((False, False), (True, True))
        assert world.grants.code(codes[author.id]) is None
        assert world.grants.code(codes[colleague.id])
        assert not world.grants.has_consent(block.client_id, author.id, SCOPES)
        assert world.grants.has_consent(block.client_id, colleague.id, SCOPES)

        def ended(value: str) -> str:
            ending = world.endings.of(digest_of(value))
            assert ending is not None
            return ending.how

        assert ended(expired) == "expired"
        assert [ended(value) for value in (*values["author"], codes[author.id])] == ["revoked"] * 3
        assert world.grants.end_access(block.client_id) == (1, 1)
        assert lives("colleague") == (False, False)
        assert world.grants.access_token(other)
        # Who follows the link again gets tokens as before.
        access, _ = pair(world, block, author)
        assert world.grants.access_token(access)

    def test_revoking_an_implicit_token(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        token = world.grants.issue_access_token(block.client_id, author.id, SCOPES)
        assert world.grants.revoke(token.value)
        assert world.grants.access_token(token.value) is None

    def test_what_does_not_exist_cannot_be_revoked(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, _ = pair(world, block, author)
        assert not world.grants.revoke("")
        assert not world.grants.revoke("dal:nothing")
        assert world.grants.revoke(access)
        assert not world.grants.revoke(access)

    def test_a_token_that_went_with_the_limit_can_still_be_followed(
        self, world: Sandbox, block: AuthorizationBlock, author: Account
    ) -> None:
        access, refresh = pair(world, block, author)
        for _ in range(25):
            world.grants.issue_refresh_token(block.client_id, author.id, SCOPES)
        assert world.grants.refresh_token(refresh) is None
        assert world.grants.revoke(access)


class TestRedirects:
    # Source: livechat-public-docs, authorization/oauth-authorization, "Token limitations"
    def test_three_in_thirty_seconds(self, world: Sandbox) -> None:
        assert [world.grants.may_redirect("c", "a") for _ in range(4)] == [True, True, True, False]
        assert world.grants.may_redirect("c", "another")
        assert world.grants.may_redirect("another", "a")
        world.clock.advance(25)
        assert not world.grants.may_redirect("c", "a")
        world.clock.advance(6)
        assert world.grants.may_redirect("c", "a")


def test_consent_is_remembered_per_person_and_client(world: Sandbox) -> None:
    assert not world.grants.has_consent("c", "a", ["chats--my:ro"])
    world.grants.remember_consent("c", "a", ["chats--my:ro"])
    world.grants.remember_consent("c", "a", ["chats--all:ro"])
    assert world.grants.has_consent("c", "a", ["chats--my:ro", "chats--all:ro"])
    assert not world.grants.has_consent("c", "a", ["customers:ro"])
    assert not world.grants.has_consent("c", "b", ["chats--my:ro"])
    assert not world.grants.has_consent("d", "a", ["chats--my:ro"])


def test_each_kind_of_token_is_only_that(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    access, refresh = pair(world, block, author)
    assert world.grants.access_token(refresh) is None
    assert world.grants.refresh_token(access) is None


def test_a_client_can_be_forgotten(
    world: Sandbox, block: AuthorizationBlock, author: Account
) -> None:
    client_id = block.client_id
    ours = pair(world, block, author)
    kept = world.grants.issue_access_token("another client", author.id, SCOPES)
    for client in (client_id, "another client"):
        world.grants.remember_consent(client, author.id, SCOPES)
        assert [world.grants.may_redirect(client, author.id) for _ in range(4)][-1] is False
    world.grants.forget_client(client_id)
    assert world.grants.access_token(ours[0]) is world.grants.refresh_token(ours[1]) is None
    assert not world.grants.has_consent(client_id, author.id, SCOPES)
    assert world.grants.may_redirect(client_id, author.id)
    assert world.grants.access_token(kept.value) is kept
    assert world.grants.has_consent("another client", author.id, SCOPES)
    assert not world.grants.may_redirect("another client", author.id)
