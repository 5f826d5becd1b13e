"""The picture of the rooms shows the code as it is."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rooms() -> ModuleType:
    spec = spec_from_file_location("rooms", ROOT / "docs" / "rooms.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_what_the_script_draws_today(rooms: ModuleType, theme: str) -> None:
    kept = (ROOT / "docs" / f"rooms-{theme}.svg").read_text(encoding="utf-8")
    assert rooms.draw(theme) == kept, "the rooms have changed: run make picture"


def test_the_readme_shows_it_for_both_themes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for theme in ("light", "dark"):
        assert f"docs/rooms-{theme}.svg" in readme


def test_every_room_is_in_it_and_every_arrow_leads_down(rooms: ModuleType) -> None:
    client, sandbox, across = rooms.read()
    faces = {path.parent for path in (ROOT / "lc_tutorial").glob("*/__init__.pyi")}
    assert {face.name for face in faces} == client.rooms.keys() - {"cli", "connect"}
    for house in (client, sandbox):
        floor = {room: n for n, row in enumerate(rooms.floors(house)) for room in row}
        assert floor.keys() == house.rooms.keys()
        assert all(floor[a] < floor[b] for a, b in house.imports)
    assert across == {
        ("board", "sandbox.web"),
        ("cli", "sandbox.server"),
        ("forms", "sandbox.learner"),
        ("sandbox.server", "system"),
        ("sandbox.web", "system"),
    }
