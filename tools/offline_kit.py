"""Pack the course into one file that installs without a network.

    .venv/bin/python tools/offline_kit.py

makes dist/lc-tutorial-kit-<version>-<platform>.zip for this computer and this Python: all wheels
with their checksums, the notebooks (in the course's own wheel), and start.py. Without a network:

    unzip lc-tutorial-kit-….zip
    python lc-tutorial-kit/start.py

It needs a network, and nothing but Python. For another platform name it as pip does, and the
Pythons that people have there:

    tools/offline_kit.py --platform win_amd64 --python 3.12 --python 3.13

There each package must have a wheel for that platform; for this one pip builds what has none.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kit_needs import environment, lacking
from kit_start import this_machine

ROOT = Path(__file__).resolve().parents[1]
TOP = "lc-tutorial-kit"
THIS_PYTHON = "{}.{}".format(*sys.version_info[:2])
#: What a tag of pip's begins with, and how Python names that system.
_SYSTEMS = {"win": "win32", "macosx": "darwin", "manylinux": "linux", "linux": "linux"}


def pack(out: Path, tags: Sequence[str], pythons: Sequence[str], wheel: Path | None = None) -> Path:
    """Pack a kit.

    Args:
        out: the folder for it.
        tags: of the platform, as pip names it; for this computer, if none is given.
        pythons: for which it is: ``("3.12", "3.13")``.
        wheel: the course's own; built, if not given.

    Returns:
        The zip file. Beside it is its checksum.

    Raises:
        subprocess.CalledProcessError: pip failed, and said why.
    """
    with TemporaryDirectory() as work:
        kit = Path(work) / TOP
        wheels = kit / "wheels"
        wheels.mkdir(parents=True)
        course = wheel or _build(Path(work))
        for python in pythons:
            found = _collect(course, tags, python, Path(work) / python)
            lines = [_requirement(path) for path in sorted(found)]
            (kit / f"requirements-{python}.txt").write_text("\n".join(lines) + "\n")
            for path in found:
                shutil.move(path, wheels / path.name)
        pip = _collect_pip(wheels)
        machine = _machine(tags[0]) if tags else this_machine()
        described = {"machine": machine, "pythons": list(pythons), "pip": pip}
        (kit / "kit.json").write_text(json.dumps(described))
        shutil.copy(Path(__file__).with_name("kit_start.py"), kit / "start.py")
        shutil.copy(ROOT / "LICENSE", kit)
        _write_sums(kit)
        version = course.name.split("-")[1]
        name = f"{TOP}-{version}-{'-'.join(machine)}-py{'-'.join(pythons)}.zip"
        return _zip(kit, out / name)


def _build(work: Path) -> Path:
    _pip("wheel", "--no-deps", "--wheel-dir", work / "course", ROOT)
    (built,) = (work / "course").glob("*.whl")
    return built


def _collect(course: Path, tags: Sequence[str], python: str, to: Path) -> list[Path]:
    """The course's wheel and all that it needs, with the extra that nobody can get there."""
    wanted = f"{course}[parquet]"
    if not tags and python == THIS_PYTHON:
        _pip("wheel", "--wheel-dir", to, wanted)
    else:
        platforms = [option for tag in tags for option in ("--platform", tag)]
        options = ["--only-binary=:all:", "--python-version", python, *platforms]
        where = environment(_machine(tags[0]) if tags else this_machine(), python)
        asked: set[str] = {wanted}
        while asked:
            _pip("download", "--dest", to, *options, *sorted(asked))
            asked = lacking(to.glob("*.whl"), course.name.split("-")[0], where)
    return list(to.glob("*.whl"))


def _collect_pip(wheels: Path) -> str:
    """The wheel of pip, which not every Python has. Return the name of its wheel."""
    _pip("download", "--no-deps", "--dest", wheels, "pip")
    (found,) = wheels.glob("pip-*.whl")
    return found.name


def _pip(command: str, *arguments: str | Path) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pip", command, *quiet, *map(str, arguments)], check=True
    )


def _requirement(wheel: Path) -> str:
    name, version, *_ = wheel.name.split("-")
    return f"{name}=={version} --hash=sha256:{_sum(wheel)}"


def _machine(tag: str) -> tuple[str, str]:
    """Of ``win_amd64``, ``macosx_11_0_arm64``, ``manylinux_2_28_x86_64``."""
    match = re.fullmatch(r"(win|macosx|manylinux|linux)\w*?_(x86_64|amd64|arm64|aarch64)", tag)
    if match is None:
        raise SystemExit(f"{tag} is no platform of pip's, such as win_amd64.")
    return _SYSTEMS[match[1]], {"amd64": "x86_64", "aarch64": "arm64"}.get(match[2], match[2])


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_sums(kit: Path) -> None:
    files = sorted(path for path in kit.rglob("*") if path.is_file())
    lines = [f"{_sum(path)}  {path.relative_to(kit).as_posix()}" for path in files]
    (kit / "SHA256SUMS").write_text("\n".join(lines) + "\n")


def _zip(kit: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    # Wheels are compressed already.
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(kit.rglob("*")):
            packed.write(path, path.relative_to(kit.parent))
    to.with_name(f"{to.name}.sha256").write_text(f"{_sum(to)}  {to.name}\n")
    return to


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Pack the course for computers without a network.")
    parser.add_argument("--platform", action="append", default=[], help="such as win_amd64")
    parser.add_argument("--python", action="append", default=[], help="such as 3.12")
    parser.add_argument("--wheel", type=Path, help="the course's own, if it is built already")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="a folder (default: dist)")
    options = parser.parse_args()
    try:
        made = pack(options.out, options.platform, options.python or [THIS_PYTHON], options.wheel)
    except subprocess.CalledProcessError as problem:
        print("The kit was not packed: pip says why, above.", file=sys.stderr)
        return problem.returncode
    print(f"{made}: {made.stat().st_size / 1e6:.0f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
