"""The sandbox's people are plain, complete and fictional."""

import re
import uuid

import pytest

from lc_tutorial.sandbox.world import people

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
