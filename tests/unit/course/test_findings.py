"""A check, and what the teacher told the room below it."""

from lc_tutorial import memory
from lc_tutorial.course.findings import RIGHT, Check, Finding


def test_the_teachers_line_stands_below_the_next_check_and_no_other() -> None:
    memory.note_line("Stop at <b>2</b>")
    first, second = (Check("A check", (Finding(RIGHT, "So."),), "Go on.") for _ in range(2))
    assert repr(first).endswith("Go on.\nYour teacher: Stop at <b>2</b>")
    assert repr(first) == repr(first)
    assert "<b>Your teacher:</b> Stop at &lt;b&gt;2&lt;/b&gt;</p></div>" in first._repr_html_()
    assert "teacher" not in repr(second) + second._repr_html_()
