"""docs/errors.md says what the notebooks say; of the table of errors test_every_error holds it."""

import re

from tests.unit.errors import page
from tests.unit.errors.table import TABLE

OTHERS = page.SCRIPT.others()


def test_it_has_what_no_sandbox_is_needed_for() -> None:
    assert [told for told in OTHERS if not page.has(told)] == [], "run python docs/errors.py"


def test_it_has_nothing_more() -> None:
    rows = sum(map(len, TABLE.values()))
    assert page.TEXT.count("**What to do:**") == rows + len(OTHERS), "run python docs/errors.py"


def test_an_error_has_one_heading() -> None:
    headings = re.findall(r"^#+ .+", page.TEXT, re.MULTILINE)
    assert len(headings) == len(set(headings))
    for row in (row for rows in TABLE.values() for row in rows):
        status, _, name = row.error.partition(" ")
        assert any(each.startswith(f"### {status} {name or 'without a name'}") for each in headings)
