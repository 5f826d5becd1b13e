"""The kit for computers without a network: packed, set up, started; and what it refuses."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.needed import missing
from tests.packaging.offline import Kit, alone, run

ROOT = Path(__file__).parents[2]
THIS_PYTHON = "{}.{}".format(*sys.version_info[:2])


def test_it_is_one_file_with_its_checksum(packed: Path) -> None:
    expected, _, name = packed.with_name(f"{packed.name}.sha256").read_text().strip().split(" ")
    assert (hashlib.sha256(packed.read_bytes()).hexdigest(), packed.name) == (expected, name)
    names = zipfile.ZipFile(packed).namelist()
    assert {name.partition("/")[0] for name in names} == {"lc-tutorial-kit"}
    assert "lc-tutorial-kit/start.py" in names
    assert [name for name in names if name.endswith("none-any.whl") and "/lc_tutorial-" in name]


def test_it_is_set_up_without_a_network_by_one_of_two(kit: Kit) -> None:
    if not alone():
        missing("Nobody may take the network away here: that needs root, and unshare.")
    told = sorted(said.splitlines()[0] for said in kit.said)
    # Whoever came second waited, or came when all was done.
    assert sum("Setting up the course" in each for each in told) == 1
    assert all(said.rstrip().endswith("python start.py") for said in kit.said)
    program = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=9)"
    with pytest.raises(AssertionError, match="Network is unreachable"):
        run(*alone(), kit.python, "-c", program, cwd=kit.folder)


def test_it_opens_the_course_at_once(kit: Kit, tmp_path: Path) -> None:
    """JupyterLab answers at the address that it prints."""
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER)
    said = run(*alone(), sys.executable, driver, kit.folder / "start.py", cwd=tmp_path)
    assert "Setting up" not in said
    assert said.endswith("200 00_start_here.ipynb\n")
    assert (kit.folder / "lc-tutorial-course" / "00_start_here.ipynb").exists()


#: Starts it, asks JupyterLab for the first notebook, and ends both. The address is printed a moment
#: before somebody answers there.
DRIVER = """
import json, os, re, signal, subprocess, sys, time, urllib.error, urllib.request
running = subprocess.Popen(
    [sys.executable, sys.argv[1], "--no-browser"], start_new_session=True, text=True,
    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
)
try:
    for line in running.stdout:
        print(line, end="")
        found = re.search(r"(http://127\\.0\\.0\\.1:\\d+/)lab/.*[?]token=(\\w+)", line)
        if found:
            break
    asked = f"{found[1]}api/contents/00_start_here.ipynb?token={found[2]}"
    while running.poll() is None:
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                print(answer.status, json.load(answer)["name"])
            break
        except urllib.error.URLError as problem:
            if not isinstance(problem.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
finally:
    os.killpg(running.pid, signal.SIGTERM)
    running.wait()
"""


# --- For another computer -----------------------------------------------------------------------

ASKS = """Metadata-Version: 2.1
Name: {name}
Version: 1
Requires-Dist: everywhere>=1
Requires-Dist: on-windows<9; sys_platform == "win32"
Requires-Dist: on-windows-too; os_name == "nt" and platform_machine == "AMD64"
Requires-Dist: on-arm; platform_system == "Darwin" and platform_machine == "arm64"
Requires-Dist: old-python; python_version < "3.12"
Requires-Dist: wanted; extra == "more"
"""


@pytest.mark.parametrize(
    ("machine", "python", "lack"),
    [
        (("linux", "x86_64"), "3.11", {"old-python"}),
        (("linux", "x86_64"), "3.13", set()),
        (("win32", "x86_64"), "3.12", {"on-windows<9", "on-windows-too"}),
        (("darwin", "arm64"), "3.12", {"on-arm"}),
    ],
)
def test_what_only_another_computer_needs_is_not_forgotten(
    tmp_path: Path, machine: tuple[str, str], python: str, lack: set[str]
) -> None:
    def wheel(name: str, metadata: str) -> Path:
        path = tmp_path / f"{name}-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(f"{name}-1.dist-info/METADATA", metadata)
        return path

    named = "Metadata-Version: 2.1\nName: {}\nRequires-Dist: "
    wheels = [
        wheel("the_course", named.format("the-course") + "asks[more]"),
        wheel("asks", ASKS.format(name="asks")),
        wheel("everywhere", named.format("everywhere") + "asks"),
    ]
    needs = tool("kit_needs")
    where = needs.environment(machine, python)
    assert needs.lacking(wheels, "the_course", where) == lack | {"wanted"}


@pytest.mark.parametrize(
    ("tag", "machine"),
    [
        ("win_amd64", ("win32", "x86_64")),
        ("macosx_11_0_arm64", ("darwin", "arm64")),
        ("manylinux_2_28_x86_64", ("linux", "x86_64")),
        ("manylinux2014_aarch64", ("linux", "arm64")),
    ],
)
def test_a_platform_is_named_as_pip_does(tag: str, machine: tuple[str, str]) -> None:
    assert tool("offline_kit")._machine(tag) == machine


def tool(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tools")
        return import_module(name)


# --- What it refuses ----------------------------------------------------------------------------


@pytest.fixture
def small(packed: Path, tmp_path: Path) -> Path:
    """A kit with a stand-in for the course that says what it was started with."""
    folder = tmp_path / "małe, größer"
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    with zipfile.ZipFile(packed) as file:
        described = json.loads(file.read("lc-tutorial-kit/kit.json"))
        pip = file.read(f"lc-tutorial-kit/wheels/{described['pip']}")
    (wheels / described["pip"]).write_bytes(pip)
    course = wheels / "lc_tutorial-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(course, "w") as file:
        file.writestr("lc_tutorial/__main__.py", "import sys; print('started with', sys.argv[1:])")
        info = "lc_tutorial-0.1.0.dist-info"
        file.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: lc_tutorial\nVersion: 0.1.0"
        )
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any")
        file.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(course.read_bytes()).hexdigest()
    requirement = f"lc_tutorial==0.1.0 --hash=sha256:{digest}\n"
    (folder / f"requirements-{THIS_PYTHON}.txt").write_text(requirement)
    (folder / "kit.json").write_text(json.dumps(described))
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file()
    ]
    (folder / "SHA256SUMS").write_text("\n".join(sums))
    shutil.copy(ROOT / "tools" / "kit_start.py", folder / "start.py")
    return folder


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*alone(), sys.executable, str(folder / "start.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def another(folder: Path, **described: object) -> None:
    kit = json.loads((folder / "kit.json").read_text())
    (folder / "kit.json").write_text(json.dumps(kit | described))


def cut_off(folder: Path) -> None:
    (wheel,) = (folder / "wheels").glob("lc_tutorial-*")
    wheel.write_bytes(wheel.read_bytes()[:-1])


REFUSED = [
    ("a wheel is cut off", cut_off, r"The kit is damaged: wheels/lc_tutorial\S+ is not what was"),
    (
        "a file is missing",
        lambda folder: (folder / f"requirements-{THIS_PYTHON}.txt").unlink(),
        r"The kit is damaged: requirements-\S+ is not what was packed\. Unpack the zip file once",
    ),
    (
        "its description is missing",
        lambda folder: (folder / "kit.json").unlink(),
        r"The kit is damaged: kit\.json",
    ),
    (
        "another Python",
        lambda folder: another(folder, pythons=["3.8", "3.9"]),
        rf"This kit is for Python 3\.8 or 3\.9, and this is {re.escape(THIS_PYTHON)}: ",
    ),
    (
        "another system",
        lambda folder: another(folder, machine=["win32", "x86_64"]),
        r"This kit is for win32 x86_64, and this computer is \w+ \w+: ",
    ),
    # Root may write everywhere: so a folder stands where a file has to be written.
    (
        "a folder that can't be written",
        lambda folder: (folder / ".lock").mkdir(),
        r"The kit's folder, .*, can't be written \(.*\): copy it to a folder of your own",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "said"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_it_says_in_a_sentence_why_it_cannot(small: Path, spoil, said: str) -> None:
    spoil(small)
    refused = start(small)
    assert refused.returncode == 1
    assert re.fullmatch(f"{said}.*\n", refused.stderr), refused.stderr
    assert not (small / ".environment").exists()


def test_half_an_environment_is_made_anew_and_a_whole_one_is_not(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another course than the kit's, to which the learner's own setting leads Python.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    begun = small / ".environment" / "begun"
    begun.mkdir(parents=True)
    first = start(small, "--no-browser")
    assert first.returncode == 0, first.stderr
    assert not begun.exists()
    assert "Setting up" in first.stdout
    assert "started with ['--no-browser']" in first.stdout
    # Nothing is asked or checked again; and it may have been moved meanwhile.
    (small / "SHA256SUMS").unlink()
    moved = small.rename(small.with_name("moved"))
    assert start(moved, "stop").stdout == "started with ['stop']\n"


def test_an_environment_of_another_computer_is_made_anew(small: Path) -> None:
    assert start(small, "stop").returncode == 0
    (python,) = (small / ".environment").glob("*/python")
    python.unlink()
    python.symlink_to(small / "python-of-another-computer")
    again = start(small, "stop")
    assert again.returncode == 0, again.stderr
    assert "Setting up" in again.stdout
