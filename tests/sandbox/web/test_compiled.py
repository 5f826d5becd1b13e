"""Templates are compiled once a machine, and pages are shown whatever becomes of what is kept."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from lc_tutorial.sandbox.web import pages


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled."""
    names: list[str] = []
    generate = Environment._generate

    def noting(self: Environment, source: Any, name: str, *more: Any, **options: Any) -> str | Any:
        names.append(name)
        return generate(self, source, name, *more, **options)

    monkeypatch.setattr(Environment, "_generate", noting)
    return names


def load() -> None:
    """Load a template as a new process does."""
    assert pages._environment.__wrapped__().get_template("consent.html").blocks


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_second_process_compiles_nothing(kept: Path, compiled: list[str]) -> None:
    load()
    load()
    assert compiled == ["consent.html"]
    assert len(files(kept)) == 1


@pytest.mark.parametrize("content", [b"", b"not what was kept", b"j2"])
def test_what_can_not_be_used_is_compiled_anew(
    kept: Path, compiled: list[str], content: bytes
) -> None:
    load()
    for path in files(kept):
        path.write_bytes(content)
    load()
    load()
    assert compiled == ["consent.html"] * 2


def test_what_was_cut_off_is_compiled_anew(kept: Path, compiled: list[str]) -> None:
    load()
    [path] = files(kept)
    whole = path.read_bytes()
    cuts = [whole[:length] for length in (*range(80), len(whole) - 100)]
    damaged = [whole[:15] + bytes(100), whole[:60] + b"\xff" * 100]
    for content in (*cuts, *damaged):
        path.write_bytes(content)
        load()
    assert compiled == ["consent.html"] * (1 + len(cuts) + len(damaged))


def test_without_a_folder_of_ones_own_each_process_compiles(
    kept: Path, compiled: list[str]
) -> None:
    # Somebody else has taken the name.
    (kept / Path(FileSystemBytecodeCache().directory).name).rmdir()
    (kept / f"_jinja2-cache-{os.getuid()}").write_text("taken")
    load()
    load()
    assert compiled == ["consent.html"] * 2


def test_a_full_disk_makes_a_start_slower_and_no_page_fail(
    kept: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    for path in files(kept):
        path.unlink()
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", no_room)
    load()
    assert compiled == ["consent.html"] * 2


def no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
