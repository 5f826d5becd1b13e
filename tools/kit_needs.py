"""What a set of wheels lacks on another computer than this.

pip reads the conditions of requirements, such as ``sys_platform == "win32"``, for the computer that
it runs on, also where it downloads for another. So a kit for Windows would lack what is needed
there only.
"""

import re
import zipfile
from collections.abc import Iterable
from email.parser import HeaderParser
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

#: What conditions say of a system, by Python's name for it.
_SYSTEMS = {
    "win32": {"platform_system": "Windows", "os_name": "nt"},
    "darwin": {"platform_system": "Darwin", "os_name": "posix"},
    "linux": {"platform_system": "Linux", "os_name": "posix"},
}


def environment(machine: tuple[str, str], python: str) -> dict[str, str]:
    """What the conditions of requirements are read with, for a system, a processor, a Python."""
    system, processor = machine
    if processor == "arm64" and system == "linux":
        processor = "aarch64"
    if processor == "x86_64" and system == "win32":
        processor = "AMD64"
    return {
        **_SYSTEMS[system],
        "sys_platform": system,
        "platform_machine": processor,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def lacking(wheels: Iterable[Path], root: str, where: dict[str, str]) -> set[str]:
    """The requirements that no wheel meets.

    Args:
        wheels: that there are.
        root: the package whose needs count, and the needs of these.
        where: see :func:`environment`.
    """
    there = {_name(path.name.split("-")[0]): path for path in wheels}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting, lack = [(_name(root), frozenset[str]())], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for asked in _asked(there[one[0]], one[1], where):
            if _name(asked.name) in there:
                waiting.append((_name(asked.name), frozenset(asked.extras)))
            else:
                asked.marker = None
                lack.add(str(asked))
    return lack


def _asked(wheel: Path, extras: frozenset[str], where: dict[str, str]) -> Iterable[Requirement]:
    with zipfile.ZipFile(wheel) as file:
        (name,) = (each for each in file.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(file.read(name).decode())
    for line in metadata.get_all("Requires-Dist") or ():
        asked = Requirement(line)
        readings = [{**where, "extra": extra} for extra in ("", *extras)]
        if asked.marker is None or any(map(asked.marker.evaluate, readings)):
            yield asked


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
