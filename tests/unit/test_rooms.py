"""The rooms: what each offers to the others, and that the others take nothing else.

Which way imports go between rooms is in pyproject.toml; ``make lint`` holds it.
"""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

import pytest

import lc_tutorial

PACKAGE = Path(lc_tutorial.__file__).parent


def names_of(paths: Iterable[Path]) -> set[str]:
    """The names of modules and packages, as imports have them."""
    parts = (path.relative_to(PACKAGE.parent).with_suffix("").parts for path in paths)
    return {".".join(each).removesuffix(".__init__") for each in parts}


def is_within(module: str, package: str) -> bool:
    return module.startswith(f"{package}.")


MODULES = names_of(PACKAGE.rglob("*.py"))

#: What holds the rooms: the package, and the side of it that is the sandbox.
SIDES = {"lc_tutorial", "lc_tutorial.sandbox"}

ROOMS = {
    each for each in names_of(PACKAGE.rglob("__init__.py")) if each.rpartition(".")[0] in SIDES
}
ROOMS -= SIDES

#: Packages with a face; a room in a room, such as lab.importing, may have one too.
FACES = names_of(PACKAGE.rglob("__init__.pyi")) - SIDES


class Import(NamedTuple):
    """Who imports, from which module or package, which name; "" where it is the module whole."""

    importer: str
    module: str
    name: str

    @property
    def whole(self) -> str:
        return f"{self.module}.{self.name}".rstrip(".")

    def __str__(self) -> str:
        return f"{self.importer} imports {self.whole}"


def imports() -> Iterator[Import]:
    """Each import of the package's modules, wherever it stands, and however it is written."""
    for path in sorted(PACKAGE.rglob("*.py")):
        (importer,) = names_of([path])
        package = importer if path.stem == "__init__" else importer.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = resolve_name("." * node.level + (node.module or ""), package)
                yield from (Import(importer, module, alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (Import(importer, alias.name, "") for alias in node.names)


def said(found: Iterable[Import]) -> str:
    return "\n".join(map(str, found))


def test_every_room_has_a_face() -> None:
    assert ROOMS <= FACES


@pytest.mark.parametrize("face", sorted(FACES))
def test_each_name_of_a_face_is_there(face: str) -> None:
    room = import_module(face)
    assert room.__doc__
    for name in room.__all__:
        assert getattr(room, name) is not None, name


def test_a_room_takes_of_another_what_its_face_offers_and_nothing_else() -> None:
    assert not said(each for each in imports() if not is_by_the_door(each))


def is_by_the_door(taken: Import) -> bool:
    """Whether what it takes of a room that it isn't in is in the room's face, or the face whole."""
    entered = [
        face
        for face in FACES
        if is_within(taken.whole, face) and not is_within(taken.importer, face)
    ]
    return all(
        taken.whole in {f"{face}.{name}" for name in import_module(face).__all__}
        for face in entered
    )


def test_nobody_takes_of_the_face_of_the_room_that_it_is_in() -> None:
    """What a face loads on first use no contract sees: neither a circle nor a way up."""
    assert not said(
        each
        for each in imports()
        if each.module in FACES | SIDES
        and is_within(each.importer, each.module)
        and each.whole not in MODULES - SIDES | {"lc_tutorial.__version__"}
    )


def test_what_holds_the_rooms_loads_none_of_them() -> None:
    assert not said(
        each
        for each in imports()
        if each.importer in SIDES and is_within(each.whole, "lc_tutorial")
    )


def test_no_name_of_an_import_is_made_by_a_program() -> None:
    """No contract could read it."""
    makers = {"importlib", "importlib.import_module", "importlib.util", "pkgutil", "runpy"}
    assert not said(each for each in imports() if {each.module, each.whole} & makers)


def test_the_import_loads_nothing_heavy() -> None:
    assert not {"pandas", "matplotlib", "ipywidgets", "requests"} & loaded_by("import lc_tutorial")


def test_making_forms_loads_no_pandas() -> None:
    loaded = loaded_by("import lc_tutorial as lc; lc.PlatformChoice(); lc.CredentialsForm; lc.show")
    assert "ipywidgets" in loaded
    assert not {"pandas", "matplotlib"} & loaded


def loaded_by(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_all_modules_import() -> None:
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            import_module(".".join(parts).removesuffix(".__init__"))
