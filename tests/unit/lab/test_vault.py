"""The values that a request refers to by name."""

import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lc_tutorial import masking
from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.lab.request import REFERENCE, Request, TextBody
from lc_tutorial.lab.vault import MEANINGS, PUBLIC, Vault
from lc_tutorial.masking import Secret, mask

FAKE = "dal:fake-token/with+&=%41"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


def not_yet() -> str:
    raise StepIncomplete("Not yet.")


def test_values_are_asked_for_at_the_moment_of_use() -> None:
    values = ["fake-first", "fake-second"]
    vault = Vault({"code": lambda: values[0]})
    assert vault.value("code") == "fake-first"
    values.pop(0)
    assert vault.value("code") == "fake-second"


def test_a_step_that_is_not_done_is_no_value() -> None:
    vault = Vault({"code": not_yet, "access_token": lambda: None, "refresh_token": lambda: ""})
    assert vault.names == ()
    assert vault.value("code") is None
    assert vault.value("anything") is None


def test_secrets_hide_themselves_and_public_values_do_not() -> None:
    vault = Vault({"access_token": lambda: FAKE, "client_id": lambda: "fake-client-id"})
    vault.put("code", "dal:fake-code-1")
    assert isinstance(vault.value("access_token"), Secret)
    assert isinstance(vault.value("code"), Secret)
    assert not isinstance(vault.value("client_id"), Secret)
    assert FAKE not in repr(vault)
    assert repr(vault) == "<Vault: code, access_token, client_id>"
    assert repr(Vault()) == "<Vault: empty>"
    assert FAKE not in mask(f"it is {FAKE}")
    assert mask("fake-client-id") == "fake-client-id"


def test_what_was_put_comes_before_what_is_looked_up() -> None:
    vault = Vault({"code": lambda: "fake-looked-up"})
    vault.put("code", "fake-entered")
    assert vault.value("code") == "fake-entered"
    vault.put("code", "fake-entered-again")
    assert vault.value("code") == "fake-entered-again"


def test_what_came_along_serves_until_the_learner_has_one() -> None:
    own = [""]
    vault = Vault({"access_token": lambda: own[0]})
    assert vault.keep("access_token", "fake-pasted-1") == "{{access_token}}"
    assert vault.value("access_token") == "fake-pasted-1"
    own[0] = "fake-of-the-learner"
    assert vault.value("access_token") == "fake-of-the-learner"
    assert vault.keep("access_token", "fake-pasted-1") == "{{access_token_2}}"
    vault.put("access_token", "fake-entered")
    assert vault.value("access_token") == "fake-entered"


def test_what_comes_along_is_numbered_and_known_again() -> None:
    vault = Vault({"access_token": lambda: "fake-of-the-learner"})
    assert vault.keep("access_token", "fake-of-the-learner") == "{{access_token}}"
    assert vault.keep("access_token", "fake-other") == "{{access_token_2}}"
    assert vault.keep("access_token", "fake-third") == "{{access_token_3}}"
    assert vault.keep("access_token", "fake-other") == "{{access_token_2}}"
    assert vault.value("access_token") == "fake-of-the-learner"
    assert vault.keep("code", "fake-code") == "{{code}}"


def test_a_vault_beyond_is_asked_for_the_rest() -> None:
    beyond = Vault({"code": lambda: "fake-beyond", "state": lambda: "fake-state"})
    vault = Vault({"code": not_yet}, beyond)
    vault.put("client_id", "fake-id")
    assert vault.value("state") == "fake-state"
    # What has a place here is not looked for elsewhere.
    assert vault.value("code") is None
    assert vault.names == ("client_id", "state")
    assert vault.keep("state", "fake-other") == "{{state_2}}"


def test_references_are_filled_in() -> None:
    vault = Vault()
    vault.put("code", 'a"b\\c')
    vault.put("client_id", "{{code}}")
    assert vault.resolve("x {{code}}{{code}} {y} {{ code }}") == 'x a"b\\ca"b\\c {y} {{ code }}'
    assert json.loads(vault.resolve('{"x": "{{code}}"}', in_json=True)) == {"x": 'a"b\\c'}
    # A value is a value, whatever it looks like.
    assert vault.resolve("{{client_id}}") == "{{code}}"


@given(st.text(min_size=1))
def test_any_value_arrives_in_json(value: str) -> None:
    vault = Vault()
    vault.put("code", value)
    assert json.loads(vault.resolve('["{{code}}"]', in_json=True)) == [value]


@pytest.mark.parametrize(
    ("name", "why"), [("code", "the code that came back"), ("x_1", "Nobody has")]
)
def test_a_value_that_is_missing_is_named(name: str, why: str) -> None:
    request = Request(body=TextBody(f"{{{{{name}}}}} {{{{client_id}}}}"))
    vault = Vault({"client_id": lambda: "fake-id"})
    assert vault.missing(request) == (name,)
    with pytest.raises(InputError) as problem:
        vault.resolve(request.body.text)  # type: ignore[union-attr]
    assert f"{{{{{name}}}}}" in problem.value.what
    assert why in problem.value.why
    assert problem.value.remedy


def test_known_secrets_are_concealed_also_encoded_ones() -> None:
    vault = Vault()
    vault.put("access_token", FAKE)
    vault.put("refresh_token", f"{FAKE}-and-longer")
    vault.put("client_id", "fake-client-id")
    vault.put("code", "short")
    text = f"{FAKE}-and-longer {FAKE} {quote(FAKE, safe='')} {quote_plus(FAKE)}"
    assert vault.conceal(text) == "{{refresh_token}} " + " ".join(["{{access_token}}"] * 3)
    assert vault.conceal("fake-client-id short") == "fake-client-id short"


def test_every_name_can_be_a_reference() -> None:
    assert set(MEANINGS) >= PUBLIC
    for name in MEANINGS:
        assert REFERENCE.fullmatch(f"{{{{{name}}}}}")
