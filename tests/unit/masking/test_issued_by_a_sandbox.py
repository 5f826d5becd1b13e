"""Values that a real sandbox issued, shown alone and in whatever they stand in, in a real kernel.

Nobody told the kernel that they are secret, and no name says so: the sandbox it is connected to
does, which is asked by digest. It is another process, and it may hang, or be gone.
"""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import left_of
from real_kernel import Kernel

#: `value` is one of the values that the sandbox issued.
WAYS = {
    "alone": "display(value)",
    "printed": "print(value)",
    "in a list": "display([value], (value, 1), {value})",
    "in a dict": "display({'x': value}, {value: 1})",
    "bytes": "display(value.encode()); print(value.encode())",
    "a bytearray": "display(bytearray(value.encode()), memoryview(value.encode()).tobytes())",
    "cells of a DataFrame": "display(pd.DataFrame({'a': [value], 'b': [[value]]}))",
    "a styled DataFrame": "display(pd.DataFrame({'a': [value]}).style.set_caption(value))",
    "a Series": "display(pd.Series([value]), pd.Index([value]))",
    "an array": "display(np.array([value]))",
    "the text of an error": "raise RuntimeError(value)",
    "a key that is missing": "{}[value]",
    "an error with notes": "e = ValueError('x'); e.add_note(value); raise e",
    "the text of an answer": "display(response.text, response.content); print(response.text)",
    "a dataclass": "display(dataclasses.make_dataclass('D', ['x'])(value))",
    "a namedtuple": "display(collections.namedtuple('N', 'x')(value))",
    "an Enum": "display(enum.Enum('E', {'x': value}).x)",
    "a repr of one's own": "display(type('T', (), {'__repr__': lambda self: value})())",
    "HTML of one's own": "display(type('T', (), {'_repr_html_': lambda self: f'<p>{value}'})())",
    "a path": "display(pathlib.Path('a') / value)",
    "an address": "display(urllib.parse.urlsplit('https://x.example/' + value))",
    "a formatted line": "print(f'{value!r:>60}', '%s' % value, value.join('ab'))",
    "the log": "logging.getLogger('x').error('got %s', value)",
    "the last results": "value\nOut.update({1: value}); display(Out)",
}

BEFORE = """
import collections, dataclasses, enum, json, logging, pathlib, urllib.parse
import numpy as np, pandas as pd, requests
from IPython.display import display
import lc_tutorial as lc
from lc_tutorial import masking
platform = lc.connect("sandbox", fresh=True)
session = lc.catch_up(platform)
values = [str.__str__(each) for each in (
    session.token.access_token, session.token.refresh_token, session.app.client_secret)]
# The bare value: the region in front of it would give it away.
values = [each.rpartition(":")[2] for each in values]
def use(one):
    global value, response
    masking.forget_all()
    value, response = one, requests.Response()
    response._content, response.encoding = one.encode(), 'utf-8'
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def kernel(home: Path) -> Iterator[Kernel]:
    runtime = {"JUPYTER_RUNTIME_DIR": str(home / "runtime"), "LC_TUTORIAL_AUTOPILOT": "1"}
    started = Kernel(home, runtime, BEFORE)
    yield started
    started.run("from lc_tutorial.platforms import launch; launch.stop_all()")
    started.stop()


@pytest.fixture(scope="module")
def values(kernel: Kernel, home: Path) -> list[str]:
    kernel.run("pathlib.Path('values').write_text(json.dumps(values))")
    told: list[str] = json.loads((home / "values").read_text())
    assert all(len(value) > 20 for value in told)
    return told


def left(kernel: Kernel, code: str, values: list[str]) -> list[str]:
    """What can be read of the values after a cell that shows one of them, for each."""
    numbers = range(len(values))
    shown = kernel.run(*(cell for n in numbers for cell in (f"use(values[{n}])", code)))
    assert shown.count("••••") >= len(values)
    return [piece for value in values for piece in left_of(value, shown)]


@pytest.mark.parametrize("way", WAYS)
def test_what_a_sandbox_issued_is_masked(kernel: Kernel, values: list[str], way: str) -> None:
    assert left(kernel, WAYS[way], values) == []


def test_a_sandbox_that_hangs_holds_up_no_notebook(
    kernel: Kernel, values: list[str], home: Path
) -> None:
    (record,) = (home / "runtime").glob("lc_tutorial-sandbox-*.json")
    pid = json.loads(record.read_text())["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        assert left(kernel, "for _ in range(30): print(value, flush=True)", values[:1]) == []
    finally:
        os.kill(pid, signal.SIGCONT)
