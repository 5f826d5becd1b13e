"""A text names a step only where there is one: in notebook 01."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lc_tutorial
from lc_tutorial import memory
from lc_tutorial.errors import Place, has_the_steps, with_steps
from lc_tutorial.errors.explaining.place import _WORDS

PACKAGE = Path(lc_tutorial.__file__).parent
STEP = re.compile(r"\bsteps? \d", re.IGNORECASE)

#: What only notebook 01 shows, what asks before it says so, and the file that has steps itself.
OF_NOTEBOOK_01 = {
    "course/as_it_stood.py",
    "course/checks.py",
    "course/configured_app.py",
    "course/narrower.py",
    "course/standalone_list_chats.py",
    "errors/explaining/place.py",
}


@pytest.mark.parametrize(
    ("notebook", "has"),
    [
        ("", True),
        ("course/01_authorization_in_practice.ipynb", True),
        ("course/03_keep_access.ipynb", False),
        ("01 and more/my own.ipynb", False),
    ],
)
def test_only_notebook_01_has_the_steps(
    monkeypatch: pytest.MonkeyPatch, notebook: str, has: bool
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    assert has_the_steps() is has
    assert with_steps("step 2", "the link") == ("step 2" if has else "the link")
    assert bool(STEP.search(Place.CELL.say("start_over"))) is has
    assert bool(STEP.search(Place.LAB.say("start_over"))) is has


def test_where_nobody_tells_who_has_caught_up_is_past_the_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert has_the_steps()
    memory.note_caught_up()
    assert not has_the_steps()
    # In notebook 01 it mends what a restart took, and the steps are there all the same.
    monkeypatch.setenv("JPY_SESSION_NAME", "01_authorization_in_practice.ipynb")
    assert has_the_steps()
    memory.forget_all()
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert has_the_steps()


@pytest.mark.parametrize("name", _WORDS)
@pytest.mark.parametrize("place", Place)
def test_a_remedy_elsewhere_names_no_step(
    monkeypatch: pytest.MonkeyPatch, name: str, place: Place
) -> None:
    if place in (Place.CELL, Place.LAB):
        monkeypatch.setenv("JPY_SESSION_NAME", "05_other_ways_in.ipynb")
    assert not STEP.search(place.say(name))


def test_every_text_with_a_step_asks_whether_there_is_one() -> None:
    found = [
        f"{path}:{line}: {text}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if (path := file.relative_to(PACKAGE).as_posix()) not in OF_NOTEBOOK_01
        for line, text in texts(ast.parse(file.read_text(encoding="utf-8")))
        if STEP.search(text)
    ]
    assert found == []


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The texts of a module but its docstrings, and but what is said with_steps only."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        # Also a docstring of an attribute stands alone.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)
        elif isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == "with_steps":
                passed.add(node.args[0])
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in passed:
            yield node.lineno, node.value
