"""How much room the installed course takes, and which of the packages it asks for takes it.

    .venv/bin/python benchmarks/install_size.py

counts the blocks on the disk of all that lc_tutorial needs, in the environment of this Python.
What would be saved without a package is its own size, with all that only it needs: what JupyterLab
brings anyway costs nothing.
"""

import re
from collections import deque
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

COURSE = "lc-tutorial"


def name_of(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


INSTALLED = {name_of(each.metadata["Name"]): each for each in distributions()}


def files(distribution: Distribution) -> list[Path]:
    listed = (Path(str(distribution.locate_file(file))) for file in distribution.files or ())
    return [path for path in listed if path.is_file()]


def size(paths: list[Path]) -> float:
    """In MB of 10^6 bytes, as blocks on the disk; where the system doesn't tell these, bytes."""
    found = (path.stat() for path in paths)
    return sum(getattr(each, "st_blocks", each.st_size / 512) * 512 for each in found) / 1e6


def needs(name: str, extras: frozenset[str] = frozenset()) -> set[tuple[str, frozenset[str]]]:
    needed = set()
    for line in INSTALLED[name].requires or ():
        asked = Requirement(line)
        marker = asked.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            needed.add((name_of(asked.name), frozenset(asked.extras)))
    return {(each, extras) for each, extras in needed if each in INSTALLED}


def closure(*roots: str) -> set[str]:
    """The packages, and all that they need."""
    seen = set()
    waiting = deque((root, frozenset[str]()) for root in roots)
    while waiting:
        one = waiting.popleft()
        if one not in seen:
            seen.add(one)
            waiting.extend(needs(*one))
    return {name for name, _ in seen}


def main() -> None:
    direct = sorted(name for name, _ in needs(COURSE))
    everything = closure(COURSE)
    sizes = {name: size(files(INSTALLED[name])) for name in everything}
    compiled = [
        path for name in everything for path in files(INSTALLED[name]) if path.suffix == ".pyc"
    ]
    print(f"{len(everything)} packages, {sum(sizes.values()):.0f} MB, of it")
    print(f"compiled by pip, which Python would do itself as needed: {size(compiled):.0f} MB\n")
    print("Asked for, and what would be saved without it, in MB:")
    for saved, name in sorted(
        (
            (
                sum(sizes[one] for one in everything - closure(*(set(direct) - {name})) - {COURSE}),
                name,
            )
            for name in direct
        ),
        reverse=True,
    ):
        print(f"{saved:8.1f}  {name}")
    print("\nThe largest, in MB:")
    for name in sorted(sizes, key=lambda one: -sizes[one])[:12]:
        print(f"{sizes[name]:8.1f}  {name}")


if __name__ == "__main__":
    main()
