"""What a check finds, line by line, and how a notebook shows it."""

from dataclasses import dataclass
from html import escape

RIGHT, MISSING, NOTE = "right", "missing", "note"
_SIGN = {RIGHT: "✓ right", MISSING: "✗ missing", NOTE: "· note"}


@dataclass(frozen=True)
class Finding:
    """One line of a check: how it stands, and a sentence."""

    standing: str
    text: str


@dataclass(frozen=True)
class Check:
    """The result of a check, which a notebook shows as a list.

    Attributes:
        title: what was checked.
        findings: line by line.
        next: what to do if all is right.
    """

    title: str
    findings: tuple[Finding, ...]
    next: str

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
        return "\n".join([self.title, *lines, self.verdict])

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>"
            f'<td style="text-align: left; white-space: nowrap; vertical-align: top">'
            f"<b>{_SIGN[finding.standing]}</b></td>"
            f'<td style="text-align: left">{escape(finding.text)}</td></tr>'
            for finding in self.findings
        )
        return (
            f'<div class="lc-check"><b>{escape(self.title)}</b>'
            f"<table>{rows}</table>{escape(self.verdict)}</div>"
        )
