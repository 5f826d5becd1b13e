"""What a notebook may use, and the direction of imports."""

import ast
import contextlib
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import lc_tutorial

PACKAGE = Path(lc_tutorial.__file__).parent


NAMES = {
    "AgentChat", "AuthorizationForm", "Control", "CredentialsForm", "PersonalAccessToken", "Pkce",
    "Platform", "PlatformChoice", "RequestLab", "Secret", "Token", "TutorialError", "catch_up",
    "check_app", "check_authorization", "check_chats", "check_environment", "check_token",
    "check_unanswered", "connect", "new_state", "reveal", "show", "tables", "write_standalone",
}  # fmt: skip


def test_every_promised_name_is_there_and_is_documented() -> None:
    assert set(lc_tutorial.__all__) == NAMES
    for name in lc_tutorial.__all__:
        assert getattr(lc_tutorial, name).__doc__, name
    assert lc_tutorial.__all__ == sorted(lc_tutorial.__all__)


def test_a_name_is_what_the_notebook_means_also_where_a_module_is_called_the_same() -> None:
    """``lc.connect`` is a function, whoever imported the module ``lc_tutorial.connect`` before."""
    for name in lc_tutorial.__all__:
        with contextlib.suppress(ModuleNotFoundError):
            import_module(f"lc_tutorial.{name}")
        assert not isinstance(getattr(lc_tutorial, name), ModuleType), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        lc_tutorial.no_such_name  # noqa: B018


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return {name for name in found if name.startswith("lc_tutorial")}


def test_the_sandbox_imports_nothing_of_the_client_side() -> None:
    for path in (PACKAGE / "sandbox").rglob("*.py"):
        strangers = {
            name
            for name in imports_of(path)
            if name not in ("lc_tutorial", "lc_tutorial.sandbox", "lc_tutorial.__version__")
            and not name.startswith("lc_tutorial.sandbox.")
        }
        assert not strangers, path.name


def test_only_the_command_and_the_scripted_learner_import_the_sandbox() -> None:
    importers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "sandbox" not in path.relative_to(PACKAGE).parts
        and any(name.startswith("lc_tutorial.sandbox") for name in imports_of(path))
    }
    assert importers == {"cli.py", "forms/scripted.py"}


@pytest.mark.parametrize("module", ["wire", "errors", "masking"])
def test_the_foundations_import_nothing_above_them(module: str) -> None:
    above = ("forms", "oauth", "callback", "agent_chat", "frames", "transcript", "checks")
    paths = [*PACKAGE.rglob(f"{module}.py"), *PACKAGE.glob(f"{module}/**/*.py")]
    assert paths
    for name in (name for path in paths for name in imports_of(path)):
        assert name.split(".")[1:2] not in [[layer] for layer in above], name


def test_the_import_loads_nothing_heavy() -> None:
    program = "import sys, lc_tutorial; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "lc_tutorial" in loaded
    assert not {"pandas", "matplotlib", "ipywidgets", "requests"} & set(loaded)


def test_making_forms_loads_no_pandas() -> None:
    program = (
        "import sys, lc_tutorial as lc; lc.PlatformChoice(); lc.CredentialsForm; lc.show;"
        "print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "ipywidgets" in loaded
    assert not {"pandas", "matplotlib"} & set(loaded)


def test_all_modules_import() -> None:
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            import_module(".".join(parts).removesuffix(".__init__"))
