"""A clean copy of the project, its wheel, and what is made of that: each once for all tests.

The copy has the files that git knows, and none that a run left behind. The kit for computers
without a network is packed from the wheel, and installed where there is none.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.offline import Kit, alone, run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)
    return copy


@pytest.fixture(scope="session")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", directory, checkout, cwd=directory)
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def packed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit for this computer, as a zip file, by the command of the guide."""
    directory = tmp_path_factory.mktemp("packed")
    # The environment in which the tests run has what the target asks for.
    environment = [f"VENV={sys.prefix}", f"--old-file={sys.prefix}/.course"]
    options = f"KIT=--wheel {wheel} --out {directory}"
    run("make", "-C", ROOT, *environment, "offline-kit", options, cwd=directory)
    (made,) = directory.glob("lc-tutorial-kit-*.zip")
    return made


@pytest.fixture(scope="session")
def kit(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """In a folder whose name has all that names have, started twice at the same moment."""
    directory = tmp_path_factory.mktemp("a kit für Łódź")
    with zipfile.ZipFile(packed) as file:
        file.extractall(directory)
    start = directory / "lc-tutorial-kit" / "start.py"
    both = [
        subprocess.Popen(
            [*alone(), sys.executable, str(start), "--install-only"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    first, second = (each.communicate()[0] for each in both)
    assert [each.returncode for each in both] == [0, 0], first + second
    return Kit(start.parent, (first, second))
