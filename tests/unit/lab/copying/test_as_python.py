"""Code to copy: run by Python, and compared with what the lab sends."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorder import SECRETS, Recorder, environment, requests_to, vault

import lc_tutorial as lc
from lc_tutorial.lab.copying.as_python import as_cell, as_python
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody
from tests.drawn import examples

LIST_CHATS = "https://api.livechatinc.com/v3.6/agent/action/list_chats"

thorough = settings(
    deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(40)
)


@thorough
@given(data=st.data())
def test_what_was_copied_sends_what_the_lab_sends(recorder: Recorder, data: st.DataObject) -> None:
    recorder.take()
    request = data.draw(requests_to(recorder.origin))
    expected = recorder.sent_by_us(request, vault())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        exec(compile(as_python(request), "copied", "exec"), {"print": lambda text: None})
    assert recorder.take() == [expected]


@thorough
@given(data=st.data())
def test_a_cell_sends_it_with_the_names_of_the_notebook(
    recorder: Recorder, data: st.DataObject
) -> None:
    recorder.take()
    request = data.draw(requests_to(recorder.origin))
    expected = recorder.sent_by_us(request, vault())
    shown: list[requests.Response] = []
    values = SimpleNamespace(**SECRETS)
    notebook = {"app": values, "token": values, "authorization": values}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSONAL_ACCESS_TOKEN", SECRETS["personal_access_token"])
        patch.setattr(lc, "show", shown.append)
        exec(compile(as_cell(request), "copied", "exec"), notebook)
    assert recorder.take() == [expected]
    assert len(shown) == 1


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(3))
@given(data=st.data())
def test_it_runs_as_a_program_by_itself(
    recorder: Recorder, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    recorder.take()
    request = data.draw(requests_to(recorder.origin))
    expected = recorder.sent_by_us(request, vault())
    program = tmp_path_factory.mktemp("copied") / "request.py"
    program.write_text(as_python(request), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)],
        env={"PATH": os.environ["PATH"], **environment()},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert recorder.take() == [expected]
    assert done.stdout.decode() == "204\n\n"


def test_ruff_leaves_it_as_it_is(tmp_path: Path) -> None:
    copied: set[str] = set()

    @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples(100))
    @given(requests_to("https://api.livechatinc.com"), st.sampled_from([as_python, as_cell]))
    def copy(request: Request, kind: object) -> None:
        copied.add(kind(request))  # type: ignore[operator]

    copy()
    for number, code in enumerate(sorted(copied)):
        (tmp_path / f"copied_{number}.py").write_text(code, encoding="utf-8")
    for length in ("88", "100"):  # its default, and this project's
        command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--diff"]
        options = ["--target-version", "py311", "--line-length", length]
        done = subprocess.run(
            [*command, *options, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[:3000] + done.stderr[-500:]


@thorough
@given(requests_to("https://api.example.com"))
def test_no_secret_is_in_it(request_: Request) -> None:
    for text in (as_python(request_), as_cell(request_)):
        assert not [value for value in SECRETS.values() if value in text]


def test_it_reads_as_the_notebook_does() -> None:
    listing = Request(
        "POST",
        LIST_CHATS,
        authorization=Bearer("{{access_token}}"),
        body=JsonBody('{"limit": 100, "filters": {"active": true, "group_ids": null}}'),
    )
    assert as_cell(listing) == (
        "import requests\n\n"
        "import lc_tutorial as lc\n\n"
        "response = requests.post(\n"
        f'    "{LIST_CHATS}",\n'
        "    timeout=30,\n"
        '    headers={"Authorization": f"Bearer {token.access_token}"},\n'
        '    json={"limit": 100, "filters": {"active": True, "group_ids": None}},\n'
        ")\n"
        "lc.show(response)\n"
    )
    assert as_python(listing).startswith(
        "import os\n\nimport requests\n\n"
        'access_token = os.environ["ACCESS_TOKEN"]  # the access token\n\n'
        "response = requests.post(\n"
    )


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (Request(query=(("a", "1"), ("a", "2"))), 'params=[("a", "1"), ("a", "2")]'),
        (Request(query=(("a", ""),)), 'params={"a": ""}'),
        (Request(body=FormBody((("a", "1"), ("a", "1")))), 'data=[("a", "1"), ("a", "1")]'),
        (Request(authorization=Basic("{{account_id}}", "x")), 'auth=(account_id, "x")'),
        (Request(authorization=Basic("ü", "x")), 'auth=("ü".encode(), "x")'),
        (Request("PUT", body=JsonBody("[1, 2.5, -3e-07]")), "json=[1, 2.5, -3e-07]"),
        (Request("PUT", body=JsonBody('{"a": 1, "a": 2}')), 'data=\'{"a": 1, "a": 2}\''),
        (Request("PUT", body=JsonBody("1.50")), 'data="1.50"'),
        (Request("PUT", body=JsonBody("null")), 'data="null"'),
        (Request("PUT", body=JsonBody('{"a": NaN}')), "data='{\"a\": NaN}'"),
        (Request("PUT", body=JsonBody("9" * 5000)), f'data="{"9" * 5000}"'),
        (Request("PUT", body=JsonBody("[" * 50_000)), f'data="{"[" * 50_000}"'),
        (Request("PUT", body=TextBody("é")), 'data="é".encode()'),
        (Request("PUT", body=TextBody("a\0{\n")), 'data="a\\x00{\\n"'),
        (Request("PUT", body=TextBody("a{b}{{code}}")), 'data=f"a{{b}}{code}"'),
        (Request("PURGE"), 'requests.request("PURGE", "https://example.com/"'),
    ],
)
def test_how_it_is_written(request_: Request, line: str) -> None:
    from dataclasses import replace

    assert line in as_python(replace(request_, url="https://example.com/"))


@pytest.mark.parametrize("name", ["class", "os", "response", "print", "json"])
def test_a_name_that_python_needs_is_changed(name: str) -> None:
    code = as_python(Request(url="https://example.com/", query=(("a", f"{{{{{name}}}}}"),)))
    assert f'{name}_ = os.environ["{name.upper()}"]' in code
    assert f'params={{"a": {name}_}}' in code


def test_values_in_json_that_is_sent_as_text_are_escaped(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODE", 'a"b\\')
    body = JsonBody('{"a": 1, "a": "{{code}}"}')
    exec(as_python(Request("POST", recorder.origin, body=body)), {"print": lambda text: None})
    (arrived,) = recorder.take()
    assert arrived.body == ("an object", [("a", ("a number", "1")), ("a", 'a"b\\')])
