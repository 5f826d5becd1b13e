"""pyarrow as an extra: missing, too old, or broken."""

import importlib.metadata
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import lc_tutorial as lc
from lc_tutorial.tables import parquet
from lc_tutorial.tables.parquet import lack_of_parquet

ROOT = Path(__file__).parents[3]
#: As where it is not installed.
WITHOUT_PYARROW = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name == "pyarrow" else find(name, *more)
"""
INSTALL = "Run `%pip install pyarrow` in a cell, and then this one again"


def other_pyarrow(folder: Path, monkeypatch: pytest.MonkeyPatch, **modules: str) -> None:
    """Have another pyarrow found first, of these modules."""
    package = folder / "pyarrow"
    package.mkdir()
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(folder)


def test_the_one_that_is_here_will_do() -> None:
    assert lack_of_parquet() is None


def test_the_oldest_is_that_of_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (asked,) = map(Requirement, project["optional-dependencies"]["parquet"])
    assert asked.name == "pyarrow"
    assert asked.specifier.contains(f"{parquet.OLDEST}.0.0")
    assert not asked.specifier.contains(f"{parquet.OLDEST - 1}.9.9")


def test_one_that_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    missing = lack_of_parquet()
    assert missing is not None
    assert missing.why == "pyarrow, which writes and reads them, is not installed here."
    assert missing.remedy == INSTALL


@pytest.mark.parametrize(
    ("modules", "why"),
    [
        ({"__init__": "__version__ = '15.0.2'", "parquet": ""}, "pyarrow 15.0.2 is too old here"),
        (
            {"__init__": "raise ImportError('numpy.core.multiarray failed to import')"},
            "Python says: numpy.core.multiarray failed to import.",
        ),
        ({"__init__": "__version__ = '26.0'"}, "Python says: No module named 'pyarrow.parquet'."),
        ({"__init__": "raise OSError('no such library')"}, "Python says: no such library."),
        ({"__init__": "import nothing_of_this_name"}, "No module named 'nothing_of_this_name'."),
        ({"__init__": "None.gone"}, "'NoneType' object has no attribute 'gone'."),
    ],
)
def test_one_that_cannot_be_used_is_not_called_missing(
    modules: dict[str, str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_pyarrow(tmp_path, monkeypatch, **modules)
    found = lack_of_parquet()
    assert found is not None
    assert why in found.why
    assert found.remedy.startswith("Run `%pip install --upgrade pyarrow` in a cell, restart")


def test_what_needs_it_is_there_and_says_so_when_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    folder = tmp_path / "kept"
    for call in (
        lambda: lc.keep_tables([], folder),
        lambda: lc.open_tables(folder),
        lambda: lc.forget_customer(folder, "x"),
    ):
        with pytest.raises(lc.TutorialError) as raised:
            call()
        assert raised.value.remedy == f"{INSTALL}."
    assert not folder.exists()


def test_without_it_all_names_can_be_listed_and_read_about() -> None:
    program = """
import inspect, pydoc
import lc_tutorial as lc
from lc_tutorial import *
assert keep_tables is lc.keep_tables
inspect.getmembers(lc)
assert "Parquet" in pydoc.render_doc(lc.keep_tables)
assert "keep_tables" in pydoc.render_doc(lc)
print(str(inspect.signature(lc.open_tables)))
"""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYARROW + program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(inspect.signature(lc.open_tables))


def test_one_that_comes_while_the_kernel_runs_is_used(tmp_path: Path) -> None:
    """As the remedy says: no restart, after which all answers would have to be asked for again."""
    assert importlib.metadata.version("pyarrow")
    program = """
import pandas
import lc_tutorial as lc
answer = b'{"chats_summary": [{"id": "A", "users": [{"id": "u", "type": "customer"}]}]}'
made = lc.tables(answer)
print(len(made.export("mine").notes))
try:
    lc.keep_tables([answer], "kept")
except lc.TutorialError:
    print("refused")
PathFinder.find_spec = find  # %pip install pyarrow
print(len(made.export("mine", replace=True).notes))
lc.keep_tables([answer], "kept")
opened = lc.open_tables("kept")
print(len(opened.chats), opened.chats.dtypes.equals(made.chats.dtypes))
print(len(pandas.read_parquet("mine/chats.parquet")))
print(lc.forget_customer("kept", "u").chats)
"""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYARROW + program],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["1", "refused", "0", "1", "True", "1", "1"]
