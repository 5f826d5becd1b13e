"""The stylesheet of the frame, which holds for all of the notebook."""

import re
from pathlib import Path

from lc_tutorial import forms

ROOM = Path(forms.__file__).parent

_CLASS = re.compile(r"(?<![\w-])lc-[a-z0-9-]*[a-z0-9]")


def test_its_classes_are_the_frame_s_alone() -> None:
    css = (ROOM / "frame" / "page_frame.css").read_text(encoding="utf-8")
    elsewhere = [
        path
        for path in ROOM.rglob("*.*")
        if path.suffix in (".py", ".js", ".css") and path.parent.name != "frame"
    ]
    used = {name for path in elsewhere for name in _CLASS.findall(path.read_text(encoding="utf-8"))}
    assert "lc-open-here" in used
    styled = set(_CLASS.findall(css))
    assert "lc-page-frame" in styled
    assert styled & used == set()
