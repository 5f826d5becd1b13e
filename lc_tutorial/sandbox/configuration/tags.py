"""The methods for tags, which agents put on threads.

Source: livechat-public-docs, management/configuration-api (Tags) of versions 3.5 to 3.7.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lc_tutorial.sandbox.api import ApiError, Call, Requester, Source, announce
from lc_tutorial.sandbox.world import MOST_TAGS, Sandbox, Tag, moment

# assumed: the greatest length; no source names one.
Name = Annotated[str, Meta(min_length=1, max_length=200)]
GroupIds = Annotated[list[int], Meta(max_length=200)]


class GivenTag(Struct):
    """The parameters of create_tag and update_tag."""

    name: Name
    group_ids: GroupIds | None = None


class DeleteTag(Struct):
    """The parameters of delete_tag."""

    name: Name


class TagFilters(Struct):
    """The filters of list_tags."""

    group_ids: GroupIds


class ListTags(Struct):
    """The parameters of list_tags."""

    filters: TagFilters | None = None


def list_tags(world: Sandbox, call: Call) -> bytes:
    """Answer a call of list_tags."""
    requester = call.requester
    requester.demand("tags--all:ro", "tags--groups:ro")
    filters = call.parameters(ListTags).filters
    # assumed: an empty list of groups filters nothing, as in list_agents.
    wanted = set(filters.group_ids) if filters and filters.group_ids else None
    own = None if requester.may("tags--all:ro") else set(requester.account.group_ids)
    tags = [
        _tag(tag)
        for tag in world.settings[requester.organization_id].tags.values()
        if (wanted is None or not wanted.isdisjoint(tag.group_ids))
        and (own is None or not own.isdisjoint(tag.group_ids))
    ]
    return msgspec.json.encode(tags)


def create_tag(world: Sandbox, call: Call) -> bytes:
    """Answer a call of create_tag."""
    requester = call.requester
    requester.demand("tags--all:rw", "tags--groups:rw")
    given = call.parameters(GivenTag)
    tags = world.settings[requester.organization_id].tags
    group_ids = _groups(world, requester, given.group_ids or [])
    if any(name.casefold() == given.name.casefold() for name in tags):
        raise ApiError("already_exists", why="there is such a tag; letter case does not count")
    if len(tags) >= MOST_TAGS:
        raise ApiError("limit_reached", why=f"the sandbox keeps {MOST_TAGS} tags at most")
    tag = Tag(given.name, group_ids, requester.agent_id, world.chat_time.now())
    tags[tag.name] = tag
    _announce(world, requester, "tag_created", _tag(tag))
    return b"{}"


def update_tag(world: Sandbox, call: Call) -> bytes:
    """Answer a call of update_tag."""
    requester = call.requester
    requester.demand("tags--all:rw", "tags--groups:rw")
    given = call.parameters(GivenTag)
    tag = _find(world, requester, given.name)
    if given.group_ids is not None:  # assumed: without them the tag stays as it is
        tag.group_ids = _groups(world, requester, given.group_ids)
    _announce(world, requester, "tag_updated", {"name": tag.name, "group_ids": tag.group_ids})
    return b"{}"


def delete_tag(world: Sandbox, call: Call) -> bytes:
    """Answer a call of delete_tag. Threads that have the tag keep it."""
    # assumed: what becomes of those threads.
    requester = call.requester
    requester.demand("tags--all:rw", "tags--groups:rw")
    tag = _find(world, requester, call.parameters(DeleteTag).name)
    del world.settings[requester.organization_id].tags[tag.name]
    _announce(world, requester, "tag_deleted", {"name": tag.name})
    return b"{}"


def _find(world: Sandbox, requester: Requester, name: str) -> Tag:
    """Find a tag that the requester may change; letter case counts."""
    tag = world.settings[requester.organization_id].tags.get(name)
    if tag is None:
        raise ApiError("not_found", why="there is no such tag; letter case counts")
    _check_reach(requester, tag.group_ids)
    return tag


def _groups(world: Sandbox, requester: Requester, group_ids: Iterable[int]) -> list[int]:
    wanted = sorted(set(group_ids))
    known = {group.id for group in world.organizations[requester.organization_id].groups}
    if not known.issuperset(wanted):
        raise ApiError("group_not_found", why="the organization has no such group")
    _check_reach(requester, wanted)
    return wanted


def _check_reach(requester: Requester, group_ids: Iterable[int]) -> None:
    """Refuse groups that are not the requester's to a token for those alone."""
    # assumed: that all of them have to be the requester's.
    own = set(requester.account.group_ids)
    if not requester.may("tags--all:rw") and not own.issuperset(group_ids):
        why = "tags--groups:rw reaches the requester's own groups only"
        raise ApiError("authorization", why=why)


def _tag(tag: Tag) -> dict[str, Any]:
    return {
        "name": tag.name,
        "group_ids": tag.group_ids,
        "author_id": tag.author_id,
        "created_at": moment(tag.created_at),
    }


def _announce(world: Sandbox, requester: Requester, action: str, payload: dict[str, Any]) -> None:
    announce(world, Source.of(requester), action, payload, configuration=True)
