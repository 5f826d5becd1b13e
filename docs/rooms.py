"""Draw the rooms of the package and the imports between them, from the code itself.

    python docs/rooms.py

writes ``rooms-light.svg`` and ``rooms-dark.svg`` beside this file. An arrow says that a room
imports from another; one that follows from others (forms → errors, where forms → oauth → errors)
is left out, so that the way down can be seen. Imports within functions and for type checkers
count. Dashed is what one side takes of the other's code: the client of the sandbox, and the sandbox
of `system`, on which both stand; else the two meet over HTTP. The board is a process of its own
too, which the kernels tell how they stand.
"""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import NamedTuple

import grimp

HERE = Path(__file__).parent
PACKAGE = "lc_tutorial"

_WIDTH, _HEIGHT, _GAP = 128, 44, 16
_ROW = 74
_MARGIN = 28
_TOP = 86

_THEMES = {
    "light": {"back": "#ffffff", "box": "#eef3fa", "edge": "#5b7796", "text": "#1c2733",
              "quiet": "#51606f", "arrow": "#6d8299", "wire": "#a8570a"},
    "dark": {"back": "#0f1620", "box": "#1d2a3a", "edge": "#7f9dbf", "text": "#eaf1f8",
             "quiet": "#a9b8c7", "arrow": "#8aa0b8", "wire": "#f0a04b"},
}  # fmt: skip

Edges = frozenset[tuple[str, str]]


class House(NamedTuple):
    """One side of the package: its rooms with how many modules each has, and its imports."""

    title: str
    rooms: dict[str, int]
    imports: Edges


class Placed(NamedTuple):
    """A room in the picture."""

    x: float
    y: float
    label: str
    modules: int


def read() -> tuple[House, House, Edges]:
    """The client side, the sandbox, and what each imports of the other."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    rooms: dict[str, int] = {}
    imports = set()
    for module in graph.modules:
        room = _room(module)
        # A room's face has no code of its own.
        rooms[room] = rooms.get(room, 0) + (module != f"{PACKAGE}.{room}" or not _is_face(module))
        for imported in graph.find_modules_directly_imported_by(module):
            if _room(imported) != room:
                imports.add((room, _room(imported)))
    imports = {(a, b) for a, b in imports if a and b and a != "__main__"}
    sandbox = {room for room in rooms if room.startswith("sandbox.")}
    client = {room for room in rooms if room and room != "__main__"} - sandbox - {"sandbox"}
    return (
        House("The kernel, and the board", _only(rooms, client), _within(imports, client)),
        House("Sandbox: a process of its own", _only(rooms, sandbox), _within(imports, sandbox)),
        frozenset((a, b) for a, b in imports if (a in client) != (b in client)),
    )


def _room(module: str) -> str:
    parts = module.split(".")[1:]
    return ".".join(parts[: 2 if parts[:1] == ["sandbox"] else 1])


def _is_face(module: str) -> bool:
    return (HERE.parent.joinpath(*module.split(".")) / "__init__.py").exists()


def _only(rooms: dict[str, int], names: Iterable[str]) -> dict[str, int]:
    return {name: rooms[name] for name in sorted(names)}


def _within(imports: Iterable[tuple[str, str]], names: set[str]) -> Edges:
    return frozenset((a, b) for a, b in imports if a in names and b in names)


def floors(house: House) -> list[list[str]]:
    """The rooms from the top floor down: each below all that import from it."""
    depth: dict[str, int] = {}

    def of(room: str) -> int:
        if room not in depth:
            below = [of(b) for a, b in house.imports if a == room]
            depth[room] = 1 + max(below, default=-1)
        return depth[room]

    highest = max(of(room) for room in house.rooms)
    # A room that nobody here imports from and that imports nothing stands at the top.
    alone = house.rooms.keys() - {room for pair in house.imports for room in pair}
    depth.update(dict.fromkeys(alone, highest))
    return [sorted(r for r in house.rooms if depth[r] == level) for level in range(highest, -1, -1)]


def direct(imports: Edges) -> list[tuple[str, str]]:
    """The imports that don't follow from others."""
    below: dict[str, set[str]] = {}
    for a, b in imports:
        below.setdefault(a, set()).add(b)

    def reaches(start: str, goal: str) -> bool:
        return any(b == goal or reaches(b, goal) for b in below.get(start, ()))

    return sorted((a, b) for a, b in imports if not any(reaches(c, b) for c in below[a] if c != b))


def draw(theme: str) -> str:
    """The picture as SVG."""
    colour = _THEMES[theme]
    client, sandbox, across = read()
    left, left_width = _place(client, _MARGIN)
    right, right_width = _place(sandbox, _MARGIN + left_width + 3 * _MARGIN)
    width = left_width + right_width + 5 * _MARGIN
    places = left | right
    height = max(place.y for place in places.values()) + _HEIGHT + 2 * _MARGIN
    parts = [
        f'<text class="head" x="{x:.0f}" y="{_MARGIN + 6}">{escape(house.title)}</text>'
        for x, house in (
            (_MARGIN + left_width / 2, client),
            (width - _MARGIN - right_width / 2, sandbox),
        )
    ]
    for house in (client, sandbox):
        parts += [_arrow(places[a], places[b]) for a, b in direct(house.imports)]
    ours = direct(client.imports | sandbox.imports | across)
    parts += [_arrow(places[a], places[b], "wire") for a, b in ours if (a, b) in across]
    parts += [_box(place) for place in places.values()]
    imports = sorted(client.imports | sandbox.imports | across)
    said = "; ".join(f"{a} imports {b}" for a, b in imports)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'role="img" aria-labelledby="t d" font-family="system-ui, sans-serif">\n'
        f'<title id="t">The rooms of {PACKAGE} and the imports between them</title>\n'
        f'<desc id="d">{escape(said)}.</desc>\n'
        f"<style>.head{{font-size:17px;font-weight:600;text-anchor:middle;fill:{colour['text']}}}"
        f".name{{font-size:14px;font-weight:600;text-anchor:middle;fill:{colour['text']}}}"
        f".size{{font-size:11px;text-anchor:middle;fill:{colour['quiet']}}}"
        f".room{{fill:{colour['box']};stroke:{colour['edge']};stroke-width:1.5}}"
        f".arrow{{fill:none;stroke:{colour['arrow']};stroke-width:1.5}}"
        f".wire{{fill:none;stroke:{colour['wire']};stroke-width:2;stroke-dasharray:6 4}}"
        f"#a path{{fill:{colour['arrow']}}}#w path{{fill:{colour['wire']}}}</style>\n"
        f"<defs>{_head('a')}{_head('w')}</defs>\n"
        f'<rect width="100%" height="100%" fill="{colour["back"]}"/>\n' + "\n".join(parts) + "\n"
        "</svg>\n"
    )


def _place(house: House, x: float) -> tuple[dict[str, Placed], float]:
    rows = floors(house)
    width = max(len(row) for row in rows) * (_WIDTH + _GAP) - _GAP
    placed = {}
    for number, row in enumerate(rows):
        start = x + (width - len(row) * (_WIDTH + _GAP) + _GAP) / 2
        # A row of one stands a little aside, so that arrows past it can be seen.
        aside = (_WIDTH / 2) * (-1) ** number if len(row) == 1 and width > 2 * _WIDTH else 0
        for column, room in enumerate(row):
            placed[room] = Placed(
                start + aside + column * (_WIDTH + _GAP),
                _TOP + number * _ROW,
                room.removeprefix("sandbox."),
                house.rooms[room],
            )
    return placed, width


def _arrow(start: Placed, end: Placed, kind: str = "arrow") -> str:
    x1, x2 = start.x + _WIDTH / 2, end.x + _WIDTH / 2
    if end.y <= start.y:
        # Over the roofs.
        y1, y2, over = start.y, end.y - 3, start.y - _ROW / 2
        path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {over:.0f} {x2:.0f} {over:.0f} {x2:.0f} {y2:.0f}"
    else:
        y1, y2 = start.y + _HEIGHT, end.y - 3
        half = (y1 + y2) / 2
        path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {half:.0f} {x2:.0f} {half:.0f} {x2:.0f} {y2:.0f}"
    return f'<path class="{kind}" d="{path}" marker-end="url(#{kind[0]})"/>'


def _box(place: Placed) -> str:
    middle = place.x + _WIDTH / 2
    size = f"{place.modules} module{'s' * (place.modules != 1)}"
    return (
        f'<rect class="room" x="{place.x:.0f}" y="{place.y:.0f}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" rx="6"/>'
        f'<text class="name" x="{middle:.0f}" y="{place.y + 19:.0f}">{escape(place.label)}</text>'
        f'<text class="size" x="{middle:.0f}" y="{place.y + 35:.0f}">{size}</text>'
    )


def _head(name: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z"/></marker>'
    )


def main() -> None:
    """Write both pictures."""
    for theme in _THEMES:
        (HERE / f"rooms-{theme}.svg").write_text(draw(theme), encoding="utf-8")


if __name__ == "__main__":
    main()
