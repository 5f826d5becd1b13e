"""What a check finds, line by line, and how a notebook shows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from lc_tutorial import memory
from lc_tutorial.course import records
from lc_tutorial.errors import InputError, TutorialError

RIGHT, MISSING, NOTE = "right", "missing", "note"
_SIGN = {RIGHT: "✓ right", MISSING: "✗ missing", NOTE: "· note"}


@dataclass(frozen=True)
class Finding:
    """One line of a check: how it stands, and a sentence.

    Attributes:
        standing: how.
        text: the sentence.
        problem: the explained error that it tells, if it is one.
    """

    standing: str
    text: str
    problem: TutorialError | None = None


@dataclass(frozen=True)
class Check:
    """The result of a check, which a notebook shows as a list, and which counts as progress.

    Attributes:
        title: what was checked.
        findings: line by line.
        next: what to do if all is right.
        told: what the teacher told the room since the check before; empty for nothing.
    """

    title: str
    findings: tuple[Finding, ...]
    next: str
    told: str = field(default_factory=memory.take_line, init=False, compare=False)

    def __post_init__(self) -> None:
        problem = next((each.problem for each in self.findings if each.problem), None)
        records.note_check(self.title, passed=self.passed, problem=problem)

    @property
    def passed(self) -> bool:
        """Whether nothing is missing."""
        return all(finding.standing != MISSING for finding in self.findings)

    @property
    def verdict(self) -> str:
        """One sentence: go on, or mend what is marked."""
        return self.next if self.passed else "Mend what is marked as missing, then run this again."

    def __repr__(self) -> str:
        lines = [f"{_SIGN[finding.standing]}: {finding.text}" for finding in self.findings]
        told = [f"Your teacher: {self.told}"] if self.told else []
        return "\n".join([self.title, *lines, self.verdict, *told])

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>"
            f'<td style="text-align: left; white-space: nowrap; vertical-align: top">'
            f"<b>{_SIGN[finding.standing]}</b></td>"
            f'<td style="text-align: left">{escape(finding.text)}</td></tr>'
            for finding in self.findings
        )
        told = f"<p><b>Your teacher:</b> {escape(self.told)}</p>" if self.told else ""
        return (
            f'<div class="lc-check"><b>{escape(self.title)}</b>'
            f"<table>{rows}</table>{escape(self.verdict)}{told}</div>"
        )


def nothing_yet(wanted: str, hint: str) -> Iterator[Finding]:
    """What an exercise says as long as its answer is None.

    Args:
        wanted: what is to stand in the place of None.
        hint: a sentence or two that help to begin.
    """
    yield Finding(MISSING, f"{wanted}, in the place of None.")
    yield Finding(NOTE, f"A hint: {hint}")


def refuse_others(given: object, call: str, *names: str) -> None:
    """Refuse what a check is not for.

    Args:
        given: to the check.
        call: how the check stands in its cell.
        names: that what is meant has.

    Raises:
        InputError: it has not all of them.
    """
    # Not with hasattr, which asks a form for what it may not have yet.
    if isinstance(given, type) or not {*names} <= {*dir(given)}:
        kind = f"A {type(given).__name__}"
        if isinstance(given, type):
            kind = f"The class {given.__name__} itself, without its brackets,"
        elif given is None:
            kind = "None"
        raise InputError(
            what=f"{kind} is not what this checks.",
            why="Each check is for what its own step made.",
            remedy=f"Write it as it stood in the cell: {call}.",
        )
