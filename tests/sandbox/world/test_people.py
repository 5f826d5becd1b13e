"""The sandbox's people are plain, complete and fictional."""

import re
import uuid
from typing import get_args

import pytest

from lc_tutorial.sandbox.world import people, scopes

EXAMPLE_DOMAINS = {"example.com", "example.org", "example.net"}

every_organization = pytest.mark.parametrize(
    "organization", people.ORGANIZATIONS, ids=lambda organization: organization.name
)


@every_organization
def test_one_owner(organization):
    assert [agent.role for agent in organization.agents].count("owner") == 1
    assert organization.owner.role == "owner"


@every_organization
def test_addresses_are_reserved_for_examples(organization):
    for agent in organization.agents:
        assert agent.email.partition("@")[2] in EXAMPLE_DOMAINS
        assert re.match(r"https://[a-z]+\.example\.(com|org|net)/", agent.avatar)
    assert re.fullmatch(r"https://[a-z]+\.example\.(com|org|net)", organization.website)


@every_organization
def test_agents_are_members_of_groups_that_exist(organization):
    group_ids = {group.id for group in organization.groups}
    assert people.GENERAL in group_ids
    for agent in organization.agents:
        assert agent.priorities
        assert set(agent.group_ids) <= group_ids


@every_organization
def test_roles_and_priorities_are_those_of_the_api(organization):
    assert {agent.role for agent in organization.agents} <= {*get_args(scopes.Role)}
    for agent in organization.agents:
        assert {*agent.priorities.values()} <= {*get_args(people.Priority)}


def test_a_line_of_the_tables_is_a_person():
    assert people.FERN_AND_FILTER.agents[1] == people.Agent(
        account_id="2e9c7b40-81d6-4f25-b3ca-94d17a60e5f2",
        email="tomasz.zielinski@example.com",
        name="Tomasz Zieliński",
        role="administrator",
        job_title="Support lead",
        priorities={0: "last", 1: "last", 2: "last", 3: "last"},
        max_chats_count=4,
    )
    assert people.PAPER_LANTERN.agents[1].priorities == {people.GENERAL: "normal"}


def test_ids_are_unique_uuids():
    ids = [organization.id for organization in people.ORGANIZATIONS]
    ids += [a.account_id for organization in people.ORGANIZATIONS for a in organization.agents]
    assert len(set(ids)) == len(ids)
    for value in ids:
        assert str(uuid.UUID(value)) == value
        assert uuid.UUID(value).version == 4


def test_the_first_organization_is_a_team_worth_looking_into():
    first = people.ORGANIZATIONS[0]
    assert len(first.agents) == 7
    assert len(first.groups) == 4
    assert {agent.role for agent in first.agents} == {"owner", "administrator", "normal"}
    assert len({agent.group_ids for agent in first.agents}) > 3


def test_looking_people_and_groups_up():
    first = people.ORGANIZATIONS[0]
    assert first.agent("priya.raman@example.com").name == "Priya Raman"
    assert first.group(people.PLANT_CARE).name == "Plant care"
    with pytest.raises(KeyError):
        first.agent("ruth.okafor@example.org")
    with pytest.raises(KeyError):
        first.group(19)
