"""What is exported as cURL, imported again, is the same request."""

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from recorder import SECRETS, requests_to, vault

from lc_tutorial.errors import InputError
from lc_tutorial.lab import collection
from lc_tutorial.lab.collection import Entry
from lc_tutorial.lab.copying import postman
from lc_tutorial.lab.copying.as_curl import as_curl
from lc_tutorial.lab.copying.as_python import as_cell, as_python
from lc_tutorial.lab.importing.importing import import_request
from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.request import FormBody, JsonBody, Request
from lc_tutorial.lab.vault import PUBLIC, Vault
from lc_tutorial.pasting import shows_nothing
from lc_tutorial.platforms.platform import LIVE, VERSIONS
from tests.drawn import examples


def arrives_as_pasted(text: str) -> bool:
    """Whether nothing is in it that the import refuses as binary, or mends as damaged."""
    kinds = {unicodedata.category(character) for character in text if character not in " \n\t"}
    return kinds.isdisjoint({"Cc", "Cf", "Zs", "Zl", "Zp"}) and not set(text) & set("‘’‚‛“”„‟<>")


def names_show(request: Request) -> bool:
    """Whether no name has a character that shows nothing. The import takes it out, and says so."""
    fields = request.body.fields if isinstance(request.body, FormBody) else ()
    return not any(shows_nothing(each) for name, _ in (*request.query, *fields) for each in name)


def is_whole(request: Request) -> bool:
    """Whether its JSON needs no mending."""
    if not isinstance(request.body, JsonBody):
        return True
    try:
        return request.body.data() is not None
    except (ValueError, RecursionError):
        return False


def sent(request: Request, values: Vault) -> tuple[object, ...]:
    made = prepare(request, values)
    return made.method, made.url, made.body, dict(made.headers)


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(75))
@given(requests_to("https://api.livechatinc.com"))
def test_any_request_comes_back_as_it_was(request_: Request) -> None:
    text = as_curl(request_)
    command = text[text.index("curl ") :]
    assume(arrives_as_pasted(command))
    assume(names_show(request_))
    assume(is_whole(request_))
    assume("your_access_token" not in command)  # a placeholder, which is filled
    kept = vault()
    back = import_request(text, kept).request
    # What stood there in the clear may have become a reference, so look at what is sent.
    assert sent(back, kept) == sent(request_, vault())
    if set(back.references) == set(request_.references):
        assert back == replace(request_, url=back.url)  # as it is sent: é encoded


@pytest.mark.parametrize("version", VERSIONS)
def test_the_entries_of_the_course_come_back_to_the_letter(version: str) -> None:
    for entry in collection.entries(LIVE.with_version(version)):
        assert import_request(as_curl(entry.request), vault()).request == entry.request, entry.name


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(40))
@given(requests_to("https://api.livechatinc.com"))
def test_a_secret_that_was_pasted_is_in_no_copy(request_: Request) -> None:
    """With the values in the vault, pasted in the clear, and copied again in each form."""
    kept = vault()
    text = as_curl(request_)
    command = text[text.index("curl ") :]
    assume(arrives_as_pasted(command))
    for name, value in SECRETS.items():
        command = command.replace(f"${{{name.upper()}}}", value).replace(f"${name.upper()}", value)
    try:
        request = import_request(command, kept).request
    except InputError:
        assume(False)  # a value broke a quote
    entry = Entry("x", "x", "", request)
    copies = [as_curl(request), as_python(request), as_cell(request)]
    copies.append(json.dumps(postman.collection([entry])))
    for name, value in SECRETS.items():
        if name not in PUBLIC:
            assert not [copy for copy in copies if value in copy], name


def test_what_does_not_show_in_a_name_is_taken_out_and_said() -> None:
    found = import_request("curl 'https://api.livechatinc.com/?A%1F0=b%1Fc'", vault())
    assert found.request.query == (("A0", "b\x1fc"),)
    assert found.notes == ("Invisible characters in the name A0 were taken out.",)
