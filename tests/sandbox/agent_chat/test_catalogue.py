"""The documented methods: what has them, what says so, and that who asks comes first."""

import logging
from functools import partial

import pytest
from starlette.routing import Route

from lc_tutorial.errors.explaining import methods
from lc_tutorial.sandbox.api import API_NAMES, CATALOGUE, Documented
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.world import Sandbox, Version
from tests.sandbox.chat_api import ChatApi, refused, serve


@pytest.fixture
def api(_server, http) -> ChatApi:
    return partial(serve, _server, http)()


def imitated(api: str) -> frozenset[str]:
    """The names of the methods that have a function."""
    return next(
        route.endpoint.actions
        for route in create_app(Sandbox()).routes
        if isinstance(route, Route) and route.path == f"/v{{version}}/{api}/action/{{action}}"
    )


EVERY = [method for api in CATALOGUE.values() for method in api.values()]
CALLED = [method for method in EVERY if method.api != "customer" and not method.by_get]
#: Source: management/configuration-api (List Webhook Names): "no authorization" is required.
OPEN = ("list_webhook_names",)
LACKING = [method for method in CALLED if method.name not in imitated(method.api)]
NAME = "{0.api}-{0.name}".format


def test_every_method_is_there_once_and_well_formed():
    assert {api: len(methods) for api, methods in CATALOGUE.items()} == {
        # Source: the method pages, counted by their headings "Method URL".
        "agent": 38,
        "configuration": 78,
        "customer": 36,
    }
    for method in EVERY:
        assert method.since <= method.until
        assert method.group


@pytest.mark.parametrize("api", CATALOGUE)
def test_what_is_imitated_is_documented(api):
    assert imitated(api) <= set(CATALOGUE[api])


# The client's side imports nothing of the sandbox: both read the same file, each by itself.


def test_the_client_side_knows_the_same_methods():
    assert methods.API_NAMES == API_NAMES
    assert {api: set(names) for api, names in methods.METHODS.items()} == {
        api: set(names) for api, names in CATALOGUE.items()
    }
    assert {
        (api, name): since_until
        for api, names in methods.VERSIONS.items()
        for name, since_until in names.items()
    } == {
        (method.api, method.name): (method.since.number, method.until.number)
        for method in EVERY
        if (method.since, method.until) != (min(Version), max(Version))
    }


@pytest.mark.parametrize("method", EVERY, ids=NAME)
def test_the_client_side_knows_the_same_of_it(method: Documented):
    (told,) = (m for m in methods.DOCUMENTED if (m.api, m.name) == (method.api, method.name))
    assert (told.scopes, told.by_get) == (method.scopes, method.by_get)
    # Of customers' methods, whose tokens have no scopes, and of those with more rules: none.
    plain = method.api != "customer" and not told.has_more_rules
    assert methods.scopes_of(method.api, method.name) == (method.scopes if plain else None)


def test_each_method_that_a_token_may_call_says_what_it_does():
    for told in methods.DOCUMENTED:
        assert bool(told.does) == (told.api != "customer"), told.name
        assert not told.does.endswith("."), "it stands in a table"


#: Those whose pages have footnotes beside the scopes. Source: management/configuration-api.
WITH_MORE_RULES = {
    "create_agent", "update_agent", "delete_agent", "suspend_agent", "unsuspend_agent",
    "approve_agent", "update_license_properties", "list_license_properties",
    "delete_license_properties", "update_group_properties", "delete_group_properties",
    "list_group_properties", "check_product_limits_for_plan",
    # These require what their single equivalents do.
    "batch_create_agents", "batch_delete_agents",
}  # fmt: skip


def test_where_the_rules_are_more_than_one_of_these_it_says_so():
    assert {told.name for told in methods.DOCUMENTED if told.has_more_rules} == WITH_MORE_RULES


# --- Over HTTP ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [m for m in CALLED if m.name not in OPEN], ids=NAME)
def test_who_asks_comes_before_what_is_asked(api: ChatApi, method: Documented):
    for headers in ({}, {"Authorization": "Bearer dal:not-a-real-token"}):
        answer = api.post(method.name, api=method.api, headers=headers)
        assert refused(answer)[:2] == (401, "authentication")


@pytest.mark.parametrize("action", ["list_chats", "no_such_method", "x" * 500])
@pytest.mark.parametrize("version", ["3.6", "2.0", "nonsense"])
def test_who_asks_comes_before_the_version_and_the_action(api: ChatApi, version, action):
    answer = api.post(action, version=version, headers={}, data=b"no JSON")
    assert refused(answer) == (401, "authentication", "Authentication error")


@pytest.mark.parametrize("method", LACKING, ids=NAME)
def test_what_the_sandbox_lacks_says_so(api: ChatApi, method: Documented, caplog):
    with caplog.at_level(logging.INFO, "lc_tutorial.sandbox"):
        answer = api.post(method.name, api=method.api, version=method.until.number, data=b"no JSON")
    words = f"The sandbox does not imitate {method.name}. The real {API_NAMES[method.api]} has it."
    assert refused(answer) == (501, "not_imitated", words)
    assert caplog.messages == [
        f"{method.name}: not_imitated: {words}, the platform has it, the sandbox has not"
    ]


@pytest.mark.parametrize(
    ("method", "version"),
    [
        pytest.param(method, version, id=f"{NAME(method)}-{version.number}")
        for method in CALLED
        for version in Version
        if not method.is_in(version)
    ],
)
def test_what_another_version_has_says_which(api: ChatApi, method: Documented, version: Version):
    answer = api.post(method.name, api=method.api, version=version.number)
    status, kind, words = refused(answer)
    assert (status, kind) == (404, "not_found")
    assert words == f"Not found: {method.name} is in {method.span} only."


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("list_chats", "versions 3.4 to 3.7"),
        ("send_event_preview", "versions 3.6 to 3.7"),
        ("get_license_info", "version 3.5"),
    ],
)
def test_versions_in_words(name, span):
    assert CATALOGUE["agent"][name].span == span
