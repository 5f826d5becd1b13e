"""The rooms: what each offers to the others, and that the others take nothing else.

Which way imports go between rooms is in pyproject.toml; ``make lint`` holds it.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import lc_tutorial

PACKAGE = Path(lc_tutorial.__file__).parent

#: Packages whose face others import from; a room in a room, such as lab.importing, among them.
FACES = sorted(
    ".".join(["lc_tutorial", *path.parent.relative_to(PACKAGE).parts])
    for path in PACKAGE.rglob("__init__.pyi")
)


def room_of(module: str) -> str:
    """The room that a module is in: for ``lc_tutorial.lab.importing.curl`` it is the lab."""
    parts = module.split(".")
    return ".".join(parts[: 3 if parts[1:2] == ["sandbox"] else 2])


def imports() -> Iterator[tuple[str, str, str]]:
    """Each import within the package: who imports, from which module, which name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        importer = ".".join(parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lc_tutorial"):
                for alias in node.names:
                    yield importer, node.module or "", alias.name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.startswith("lc_tutorial"):
                        yield importer, alias.name, ""


@pytest.mark.parametrize("face", FACES)
def test_each_name_of_a_face_is_there(face: str) -> None:
    room = import_module(face)
    assert room.__doc__
    for name in room.__all__:
        assert getattr(room, name) is not None, name


def test_a_room_takes_of_another_what_its_face_offers_and_nothing_else() -> None:
    inside = []
    for importer, module, name in imports():
        whole = f"{module}.{name}"
        target = whole if whole in FACES or is_module(whole) else module
        same_room = room_of(importer) == room_of(target)
        # "from lc_tutorial import masking" takes a face whole.
        of_a_face = whole in FACES or (
            module in FACES and module != "lc_tutorial" and name in import_module(module).__all__
        )
        if not (same_room or of_a_face or not is_room(room_of(target))):
            inside.append(f"{importer} imports {name} from {module}")
    assert not inside


def is_room(name: str) -> bool:
    return name.count(".") > 0 and PACKAGE.parent.joinpath(*name.split(".")).is_dir()


def is_module(name: str) -> bool:
    return PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py").is_file()


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
