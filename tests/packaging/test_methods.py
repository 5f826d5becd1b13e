"""README's list of methods is what the code imitates."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from lc_tutorial.sandbox.api import CATALOGUE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def methods() -> ModuleType:
    spec = spec_from_file_location("methods", ROOT / "docs" / "methods.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_what_the_script_writes_today(methods: ModuleType) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert methods.put_into(readme) == readme, "the methods have changed: run make methods"


def test_every_documented_method_is_in_it_once_for_each_api(methods: ModuleType) -> None:
    listed = methods.listed()
    names = [name for api in CATALOGUE.values() for name in api]
    for name in names:
        assert listed.count(f"`{name}`") == names.count(name)
