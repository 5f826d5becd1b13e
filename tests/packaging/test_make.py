"""What ``make`` says on a machine where something is missing."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from ast import literal_eval
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from tests.needed import missing

ROOT = Path(__file__).parents[2]


def environment(**other: str) -> dict[str, str]:
    """This test's own, without what a make that runs it has told it."""
    told = ("MAKEFLAGS", "MAKELEVEL", "PYTHON")
    return {name: value for name, value in os.environ.items() if name not in told} | other


def run_make(folder: Path, *what: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make there, with these variables besides this test's own."""
    return subprocess.run(
        ["make", *what],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def make(tmp_path: Path, condition: str, target: str = "tutorial") -> str:
    """Run make with a Python of which ``condition`` (in shell words of its arguments) fails."""
    if shutil.which("make") is None:
        pytest.fail("make is missing.")
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in {condition}) exit 1;; esac\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    finished = run_make(tmp_path, f"PYTHON={python}", target)
    assert finished.returncode != 0
    assert not (tmp_path / ".venv").exists()
    return finished.stdout


def test_a_missing_venv_module(tmp_path: Path) -> None:
    assert "sudo apt install python3-venv" in make(tmp_path, "*ensurepip*")


def test_an_old_python(tmp_path: Path) -> None:
    said = make(tmp_path, "*version_info*")
    assert "This needs Python 3.11 or newer" in said
    assert "make PYTHON=python3.12 tutorial" in said


@pytest.mark.parametrize(
    ("has", "named", "used"),
    [
        ("3.11", "3.11", ".venv"),
        ("3.11", "3.13", ".venv-3.13"),
        ("3.11", None, ".venv"),
        (None, "3.13", ".venv"),
    ],
)
def test_the_environment_of_another_python_is_not_taken(
    has: str | None, named: str | None, used: str, tmp_path: Path
) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for folder, version in ((".venv/bin", has), ("elsewhere", named)):
        if version:
            python = tmp_path / folder / "python"
            python.parent.mkdir(parents=True)
            python.write_text(f"#!/bin/sh\necho {version}\n")
            python.chmod(0o755)
    if has:
        (tmp_path / ".venv" / "pyvenv.cfg").touch()
    naming = [f"PYTHON={tmp_path}/elsewhere/python"] if named else []
    told = run_make(tmp_path, "--dry-run", *naming, "typing")
    assert told.stdout.splitlines()[-1:] == [f"{used}/bin/mypy"], told.stderr


@pytest.mark.parametrize(
    ("made_by", "installed_in", "fits"),
    [
        ("version = {own}.7", "{prefix}", True),
        ("version_info = {own}.7", "{prefix}", True),  # as uv writes it
        ("version = {own}.7", None, True),
        ("version = {own}.7", "/where/it/was", False),
        ("version = 3.9.2", "{prefix}", False),
        ("home = /usr/bin", "{prefix}", False),
    ],
)
def test_an_environment_that_was_moved_or_has_another_python_is_not_used(
    made_by: str, installed_in: str | None, fits: bool, tmp_path: Path
) -> None:
    place = tmp_path / "in ümlauts"
    place.mkdir()
    for name in ("Makefile", "pyproject.toml", "tools"):
        (place / name).symlink_to(ROOT / name)
    venv = place / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv / ".course").touch()
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    (venv / "pyvenv.cfg").write_text(f"home = {sys.prefix}/bin\n{made_by.format(own=own)}\n")
    program = venv / "bin" / "lc-tutorial"
    if installed_in:
        home = installed_in.format(prefix=venv)
        program.write_text(f"#!/bin/sh\n: {home}/bin/python\necho It opens.\n")
        program.chmod(0o755)
    told = run_make(place, "tutorial")
    assert ("make clean" in told.stdout) == (not fits)
    assert ("It opens." in told.stdout) == (fits and installed_in is not None)


def test_an_environment_whose_python_is_gone_is_not_used(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(tmp_path / "gone")
    (venv / "pyvenv.cfg").touch()
    told = run_make(tmp_path, "tutorial")
    assert told.returncode != 0
    assert told.stdout.endswith("Run make clean, and then this again.\n")


NPM = """#!/bin/sh
# As npm does, it keeps its reasons to itself where it is asked to be silent.
case "$*" in *--silent*|*loglevel=silent*) exit 1;; esac
echo "npm error code E404: configurable-http-proxy is not in this registry" >&2
exit 1
"""


@pytest.mark.parametrize("target", [".hub-proxy", ".postman", ".browser-apps"])
def test_where_npm_fails_its_reason_is_said(target: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / "npm").write_text(NPM)
    (tmp_path / "npm").chmod(0o755)
    failed = run_make(
        tmp_path, f".venv/{target}", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    )
    assert failed.returncode != 0
    assert "npm error code E404" in failed.stderr
    assert "npm could not install what" in failed.stdout
    assert not (tmp_path / ".venv" / target).exists()


def test_a_fresh_machine_is_told_what_happens_and_how_far_it_is(tmp_path: Path) -> None:
    """From the first step to the last, with a stand-in for pip that waits until it was seen."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "still_fits.py", tmp_path / "tools")
    tool = (ROOT / "tools" / "install.py").read_text()
    (tmp_path / "tools" / "install.py").write_text(tool.replace("EVERY = 5.0", "EVERY = 0.1"))
    stand_in = tmp_path / "modules" / "pip"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").touch()
    (stand_in / "__main__.py").write_text(PIP.format(seen=str(tmp_path / "seen")))
    with subprocess.Popen(
        ["make", f"PYTHON={sys.executable}", ".venv/.course"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(stand_in.parent)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        told = []
        for line in running.stdout:
            told.append(line.strip())
            if "installed" in line:
                (tmp_path / "seen").touch()
    assert running.returncode == 0, told
    assert told[0].startswith("Making .venv")
    assert told[1].startswith("Installing JupyterLab")
    assert re.fullmatch(r"\d+ s: packages installed: \d+ of 3", told[-2])
    assert re.fullmatch(r"\d+ s: done", told[-1])


UV = """#!/bin/sh
echo "$@" >> {log}
exit {status}
"""

SAID = "Installing collected packages: six"


#: A stand-in for pip, which has settings, or fetches uv.
PIP_AND_UV = """
import pathlib, sys
if "config" in sys.argv:
    print({settings!r})
elif "--target" in sys.argv:
    if not {fetched!r}:
        sys.exit("ERROR: no uv for this machine")
    uv = pathlib.Path(sys.argv[sys.argv.index("--target") + 1], "bin", "uv")
    uv.parent.mkdir()
    uv.write_bytes({fetched!r})
    uv.chmod(0o755)
else:
    assert "--no-compile" in sys.argv
    print({said!r})
"""

WITHOUT_UV = [
    folder
    for folder in os.environ["PATH"].split(os.pathsep)
    if shutil.which("uv", path=folder) is None
]


def install(
    folder: Path,
    uv: bytes | None = None,
    settings: str = "",
    fetched: bytes | None = None,
    what: tuple[str, ...] = ("-e", "."),
    aloud: str = ":env:.quiet='0'",
    **variables: str,
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Install with stand-ins for uv and pip; what was said, and what is in the log."""
    if uv is not None:
        (folder / "uv").write_bytes(uv)
        (folder / "uv").chmod(0o755)
    pip = folder / "modules" / "pip"
    pip.mkdir(parents=True)
    (pip / "__init__.py").touch()
    (pip / "__main__.py").write_text(
        PIP_AND_UV.format(settings=f"{settings}\n{aloud}", fetched=fetched, said=SAID)
    )
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    path = os.pathsep.join([str(folder), *WITHOUT_UV])
    installed = subprocess.run(
        [venv / "bin" / "python", ROOT / "tools" / "install.py", *what],
        env=environment(PYTHONPATH=str(pip.parent), PATH=path, **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert installed.stdout.rstrip().endswith("done")
    return installed, (venv / "pip.log").read_text()


@pytest.mark.parametrize(("status", "by"), [(0, "uv"), (2, "pip")])
def test_where_there_is_uv_it_installs_and_where_it_fails_pip_does(
    status: int, by: str, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    uv = UV.format(log=asked, status=status).encode()
    installed, log = install(tmp_path, uv)
    python = tmp_path / "venv" / "bin" / "python"
    assert asked.read_text().splitlines() == [f"pip install --python {python} -e ."]
    assert (SAID in log) == (by == "pip")
    assert ("pip tries now" in installed.stdout) == (by == "pip")


def test_where_uv_can_not_be_run_pip_installs(tmp_path: Path) -> None:
    installed, log = install(tmp_path, b"\x7fELF of another machine")
    assert "pip tries now" in installed.stdout
    assert "Exec format error" in log
    assert SAID in log


#: A stand-in for uv, which says what it was asked, and told.
ASKED = b"#!/bin/sh\necho uv was asked: $@\nenv | grep -E '^(UV_|SSL_CERT_FILE)' | sort\n"


@pytest.mark.parametrize(
    ("settings", "fetched", "by"),
    [
        ("", ASKED, "uv"),
        (":env:.timeout='60'\nglobal.cache-dir='/x'", ASKED, "uv"),
        ("global.index-url='https://packages.example/simple'", ASKED, "uv"),
        ("global.proxy='http://proxy.example:8080'", ASKED, "pip"),
        ("global.no-index='1'", ASKED, "pip"),
        ("global.index-url='https://packages.example/simple'\ninstall.pre='1'", ASKED, "pip"),
        ("freeze.proxy='http://proxy.example:8080'", ASKED, "uv"),
        ("global.index-url=https://packages.example/simple", ASKED, "pip"),
        ("global.index-url='https://a.example'\nglobal.index-url='https://b'", ASKED, "pip"),
        ("", None, "pip"),
        ("", b"#!/bin/sh\nexit 2", "pip"),
    ],
    ids=[
        *("none", "of no account", "an index", "a proxy", "no index", "an index and more"),
        *("not to install", "what can't be read", "two files that say different things"),
        *("no uv to fetch", "a uv that fails"),
    ],
)
def test_where_there_is_no_uv_pip_fetches_it_unless_uv_lacks_a_setting_of_pips(
    settings: str, fetched: bytes | None, by: str, tmp_path: Path
) -> None:
    fresh = tmp_path / "temporary"
    fresh.mkdir()
    installed, log = install(tmp_path, None, settings, fetched, TMPDIR=str(fresh))
    assert ("uv was asked: pip install --python" in log) == (by == "uv")
    assert (SAID in log) == (by == "pip")
    assert ("pip tries now" in installed.stdout) == (fetched == b"#!/bin/sh\nexit 2")
    assert [*fresh.iterdir()] == []


def test_where_pip_does_not_say_all_that_it_was_told_pip_installs(tmp_path: Path) -> None:
    _, log = install(tmp_path, None, "", ASKED, aloud="")
    assert SAID in log


def test_uv_is_told_where_pip_was_told_that_packages_come_from(tmp_path: Path) -> None:
    """The nearer setting counts. What is secret in one is kept nowhere."""
    settings = "\n".join(
        [
            ":env:.find-links='/near /nearer'",
            "global.cert='/a/ca.pem'",
            "global.constraint='/a/constraints.txt'",
            "global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'",
            "global.find-links='/far'",
            "global.index-url='https://me:not-a-real-password@far.example/simple'",
            "install.index-url='https://me:not-a-real-password@packages.example/simple'",
        ]
    )
    says = ASKED.replace(b"sort", b"grep -v password | sort")
    says += b'test "$UV_DEFAULT_INDEX" = "https://me:$WORD@packages.example/simple"\n'
    own = {"UV_EXTRA_INDEX_URL": "https://three.example", "UV_INDEX_STRATEGY": "first-index"}
    _, log = install(tmp_path, None, settings, says, WORD="not-a-real-password", **own)
    told = [line for line in log.splitlines() if line.startswith(("UV_", "SSL_"))]
    assert [line for line in told if not line.startswith("UV_CACHE_DIR")] == [
        "SSL_CERT_FILE=/a/ca.pem",
        "UV_CONSTRAINT=/a/constraints.txt",
        "UV_FIND_LINKS=/nearer,/near",
        "UV_INDEX=https://two.example/simple https://one.example/simple",
        "UV_INDEX_STRATEGY=unsafe-best-match",
        "UV_NO_CONFIG=1",
    ]
    assert "password" not in log
    # Its last line has looked at the address.
    assert SAID not in log


def test_uv_itself_installs_from_where_pip_was_told(tmp_path: Path) -> None:
    wheel = tmp_path / "simple" / "lc-tiny" / "lc_tiny-1.0-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    about = "lc_tiny-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        metadata = "Metadata-Version: 2.1\nName: lc-tiny\nVersion: 1.0\n"
        file.writestr(f"{about}/METADATA", metadata)
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        file.writestr(f"{about}/WHEEL", tag)
        file.writestr(f"{about}/RECORD", "")
    (wheel.parent / "index.html").write_text(f"<a href='{wheel.name}'>{wheel.name}</a>")
    uv = f'#!/bin/sh\nexec "{Path(sys.executable).parent / "uv"}" "$@"\n'.encode()
    index = f"global.index-url='{(tmp_path / 'simple').as_uri()}'"
    _, log = install(tmp_path, None, index, uv, ("lc-tiny",), UV_CACHE_DIR=str(tmp_path / "cache"))
    assert SAID not in log, log
    installed = {path.name for path in (tmp_path / "venv").rglob("*.dist-info")}
    assert installed == {about}


INDEX = "https://packages.example/simple"


@pytest.mark.parametrize(
    ("written", "variables", "told"),
    [
        ("", {}, {}),
        (f"[global]\nindex-url = {INDEX}", {}, {"UV_DEFAULT_INDEX": INDEX}),
        (f"[global]\nindex-url = {INDEX}\nquiet = 2", {}, {"UV_DEFAULT_INDEX": INDEX}),
        (f"[install]\nindex-url = {INDEX}", {"PIP_QUIET": "1"}, {"UV_DEFAULT_INDEX": INDEX}),
        ("", {"PIP_INDEX_URL": INDEX}, {"UV_DEFAULT_INDEX": INDEX}),
        ("[global]\nindex-url = https://far.example", {"PIP_INDEX_URL": ""}, None),
        ("", {"PIP_INDEX_URL": INDEX, "PIP_ISOLATED": "1"}, None),
        ("", {"PIP_INDEX_URL": "http://packages.example/simple"}, None),
        ("", {"PIP_INDEX_URL": "https://[me@packages.example"}, None),
        ("", {"PIP_FIND_LINKS": "/a,b"}, None),
        ("", {"PIP_FIND_LINKS": "~/wheels"}, None),
        ("", {"PIP_FIND_LINKS": "/a /b"}, {"UV_FIND_LINKS": "/b,/a"}),
        ("", {"PIP_CERT": "/my folder/ca.pem"}, None),
        ("", {"PIP_NO_INDEX": "false"}, None),
        ("[global]\nindex-url = https://me:pässwörd@packages.example", {"LC_ALL": "C"}, ...),
        ("no section", {}, None),
    ],
)
def test_what_pip_itself_says_of_its_settings(
    written: str, variables: dict[str, str], told: Any, tmp_path: Path
) -> None:
    """Where it isn't certain, or uv would take it for something else, uv isn't asked."""
    # A machine may have some for all of its users, perhaps with one among them that uv lacks.
    always = told_by_pip(tmp_path, "", {})
    answer = told_by_pip(tmp_path, written, variables)
    if always is None:
        assert answer is None
    elif told is ...:  # Either will do, but for a place that pip would not have asked.
        assert answer is None or answer["UV_DEFAULT_INDEX"].endswith("@packages.example")
    else:
        assert answer == (None if told is None else {**always, **told})


def told_by_pip(folder: Path, written: str, variables: dict[str, str]) -> Any:
    """What uv is told where a file and variables say so to the real pip."""
    (folder / "pip.conf").write_text(written, encoding="utf-8")
    ask = f"""import sys; sys.path.insert(0, {str(ROOT / "tools")!r}); import install
print(ascii(install._as_uv_is_told(install._settings_of_pip())))"""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    own |= {"XDG_CONFIG_DIRS": str(folder), "HOME": str(folder)}
    asked = subprocess.run(
        [sys.executable, "-c", ask],
        env={**own, "PIP_CONFIG_FILE": str(folder / "pip.conf"), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return literal_eval(asked.stdout)


PIP = """
import pathlib, sys, time
if "config" in sys.argv:
    sys.exit(print("global.index-url='https://packages.example/simple'"))
print("Collecting pandas<4,>=2.2 (from lc-tutorial==0.1.0)")
print("Installing collected packages: six, numpy, pandas")
while not pathlib.Path({seen!r}).exists():
    time.sleep(0.05)
"""


@pytest.fixture
def progress(tmp_path: Path) -> Any:
    """Of tools/install.py, which is a program and not part of the package."""
    specification = spec_from_file_location("install", ROOT / "tools" / "install.py")
    assert specification
    assert specification.loader
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    (tmp_path / "pip-25.dist-info").mkdir()
    return module.Progress(tmp_path)


def test_what_pip_says_is_told_as_how_far_it_is(progress: Any, tmp_path: Path) -> None:
    told = []
    for line in """Obtaining file:///here
  Installing build dependencies: started
Collecting pandas<4,>=2.2 (from lc-tutorial==0.1.0)
  Downloading pandas-2.3.3-cp311-cp311-manylinux_2_17_x86_64.whl.metadata (91 kB)
Collecting six>=1.5 (from python-dateutil->pandas)
Requirement already satisfied: idna in ./lib (from requests)
Downloading pandas-2.3.3-cp311-cp311-manylinux_2_17_x86_64.whl (12.8 MB)
Installing collected packages: six, pandas""".splitlines():
        progress.read(line)
        told.append(str(progress))
    assert told == [
        "packages found: 0",
        "packages found: 0, one is being prepared",
        "packages found: 1",
        "packages found: 1",
        "packages found: 2",
        "packages found: 3",
        "packages found: 3, now pandas (12.8 MB)",
        "packages installed: 0 of 2",
    ]
    (tmp_path / "six-1.17.0.dist-info").mkdir()
    assert str(progress) == "packages installed: 1 of 2"


def test_where_pip_fails_its_reasons_are_said() -> None:
    failed = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "install.py"), "--no-index", "lc-no-such-package"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert "ERROR: No matching distribution found for lc-no-such-package" in failed.stdout
    assert "pip.log" in failed.stdout


def test_what_is_assumed_is_listed() -> None:
    if not (ROOT / ".git").exists():
        missing("This is not a checkout: git has nothing to search.")
    listed = subprocess.run(
        ["make", "-s", "assumed"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    limit = next(line for line in listed if "CODE_LIFETIME" in line)
    assert re.fullmatch(
        r"lc_tutorial/sandbox/world/grants\.py:\d+:CODE_LIFETIME = 300  # assumed: .+", limit
    )
    # A remark of two lines is there as a whole, and nothing of the code below it.
    first = next(i for i, line in enumerate(listed) if "we read it as the start" in line)
    assert re.search(r"\.py-\d+- +# so that /archives does not let", listed[first + 1])
    assert not [line for line in listed if "assumed" not in line and "#" not in line]
