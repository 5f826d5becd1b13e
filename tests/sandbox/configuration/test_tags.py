"""The methods for tags.

Source: livechat-public-docs, management/configuration-api (Tags) of versions 3.5 to 3.7.
"""

from typing import Any

import pytest

from lc_tutorial.sandbox.configuration import tags as module
from lc_tutorial.sandbox.seed import generate
from lc_tutorial.sandbox.seed.phrases import load
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.tags import seeded_tags
from tests.sandbox.chat_api import NORMAL, OWNER
from tests.sandbox.configuration.conftest import (
    ALREADY_EXISTS,
    AUTHORIZATION,
    GROUP_NOT_FOUND,
    LIMIT_REACHED,
    NOT_FOUND,
    VALIDATION,
    Configuration,
    Refusal,
)

#: NORMAL is in the groups 1 and 3.
ALL, OWN = ("tags--all:rw",), ("tags--groups:rw",)


def listed(configuration: Configuration, body: Any = None, **arguments: Any) -> dict[str, Any]:
    arguments = {"scopes": ("tags--all:ro",)} | arguments
    return {tag["name"]: tag for tag in configuration.call("list_tags", body, **arguments)}


def test_the_tags_from_the_start_look_as_in_the_sample(configuration: Configuration) -> None:
    # Source: livechat-public-docs, payloads/management, listTags
    assert listed(configuration)["coffee"] == {
        "name": "coffee",
        "group_ids": [0],
        "author_id": "",
        "created_at": "2025-01-01T09:00:00.000000Z",
    }


@pytest.mark.parametrize("organization", people.ORGANIZATIONS, ids=lambda one: one.name)
def test_the_tags_of_the_seeded_threads_are_among_them(organization: people.Organization) -> None:
    tags = seeded_tags(organization)
    for script in load(organization):
        for name in script.tags:
            assert tags[name].group_ids == [script.group_id]
    for chat in generate(organization, 250, 1):
        for thread in chat.threads:
            for name in thread.tags:
                assert set(tags[name].group_ids) & set(thread.group_ids)


@pytest.mark.parametrize("version", ["3.5", "3.6", "3.7"])
def test_a_tag_that_was_created_is_listed(configuration: Configuration, version: str) -> None:
    body = {"name": "docs_feedback", "group_ids": [0, 3]}
    assert configuration.call("create_tag", body, scopes=ALL, version=version) == {}
    tag = listed(configuration, version=version)["docs_feedback"]
    assert tag["group_ids"] == [0, 3]
    assert tag["author_id"] == OWNER
    assert tag["created_at"] > "2026-06-15T14:30"


def test_a_tag_that_was_updated_or_deleted(configuration: Configuration) -> None:
    configuration.call("update_tag", {"name": "coffee", "group_ids": [2, 1]}, scopes=ALL)
    assert listed(configuration)["coffee"]["group_ids"] == [1, 2]
    configuration.call("update_tag", {"name": "coffee", "group_ids": []}, scopes=ALL)
    assert listed(configuration)["coffee"]["group_ids"] == []
    configuration.call("delete_tag", {"name": "coffee"}, scopes=ALL)
    assert "coffee" not in listed(configuration)


REFUSED: list[tuple[str, dict[str, Any], tuple[str, ...], Refusal]] = [
    ("create_tag", {}, ALL, VALIDATION),
    ("create_tag", {"name": ""}, ALL, VALIDATION),
    ("create_tag", {"name": "new", "group_ids": ["0"]}, ALL, VALIDATION),
    ("create_tag", {"name": "new", "group_ids": [99]}, ALL, GROUP_NOT_FOUND),
    # "Letter case is ignored when checking if a tag already exists."
    ("create_tag", {"name": "coffee"}, ALL, ALREADY_EXISTS),
    ("create_tag", {"name": "COFFEE"}, ALL, ALREADY_EXISTS),
    ("create_tag", {"name": "new", "group_ids": [0]}, OWN, AUTHORIZATION),
    ("create_tag", {"name": "new", "group_ids": [1, 2]}, OWN, AUTHORIZATION),
    # "Both Update Tag and Delete Tag methods respect the letter case when matching the tag."
    ("update_tag", {"name": "Coffee", "group_ids": [1]}, ALL, NOT_FOUND),
    ("update_tag", {"name": "coffee", "group_ids": [99]}, ALL, GROUP_NOT_FOUND),
    ("update_tag", {"name": "coffee", "group_ids": [1]}, OWN, AUTHORIZATION),
    ("update_tag", {"name": "delivery", "group_ids": [0]}, OWN, AUTHORIZATION),
    ("delete_tag", {"name": "Coffee"}, ALL, NOT_FOUND),
    ("delete_tag", {"name": "coffee"}, OWN, AUTHORIZATION),
    ("delete_tag", {}, ALL, VALIDATION),
    ("list_tags", {"filters": {}}, ("tags--all:ro",), VALIDATION),
]


@pytest.mark.parametrize(("action", "body", "scopes", "refusal"), REFUSED)
def test_what_is_refused(
    configuration: Configuration,
    action: str,
    body: dict[str, Any],
    scopes: tuple[str, ...],
    refusal: Refusal,
) -> None:
    before = listed(configuration)
    assert configuration.refusal(action, body, scopes=scopes, email=NORMAL) == refusal
    assert listed(configuration) == before


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("create_tag", {"name": "new", "group_ids": [1]}),
        ("create_tag", {"name": "new", "group_ids": [1, 3]}),
        ("create_tag", {"name": "new"}),
        ("update_tag", {"name": "delivery", "group_ids": [3]}),
        ("delete_tag", {"name": "delivery"}),
    ],
)
def test_what_a_token_for_the_own_groups_may(
    configuration: Configuration, action: str, body: dict[str, Any]
) -> None:
    assert configuration.call(action, body, scopes=OWN, email=NORMAL) == {}


@pytest.mark.parametrize(
    ("scopes", "group_ids", "seen", "not_seen"),
    [
        (("tags--all:ro",), [0], {"coffee", "gave up waiting"}, {"delivery", "quote"}),
        (("tags--all:ro",), [1, 3], {"delivery", "quote"}, {"coffee"}),
        (("tags--all:ro",), [], {"delivery", "coffee"}, set()),
        (("tags--groups:ro",), [], {"delivery", "quote", "gave up waiting"}, {"coffee"}),
        (("tags--groups:ro",), [1], {"delivery"}, {"coffee", "quote"}),
        (("tags--groups:ro",), [0], set(), {"coffee", "delivery"}),
    ],
)
def test_the_groups_of_a_list(
    configuration: Configuration,
    scopes: tuple[str, ...],
    group_ids: list[int],
    seen: set[str],
    not_seen: set[str],
) -> None:
    body = {"filters": {"group_ids": group_ids}}
    found = set(listed(configuration, body, scopes=scopes, email=NORMAL))
    assert seen <= found
    assert not not_seen & found


def test_there_is_an_end_to_tags(configuration: Configuration, monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_TAGS", len(listed(configuration)) + 1)
    configuration.call("create_tag", {"name": "one"}, scopes=ALL)
    assert configuration.refusal("create_tag", {"name": "two"}, scopes=ALL) == LIMIT_REACHED


def test_each_organisation_has_its_own(configuration: Configuration) -> None:
    configuration.call("delete_tag", {"name": "delivery"}, scopes=ALL)
    assert "delivery" in listed(configuration, email="ruth.okafor@example.org")
