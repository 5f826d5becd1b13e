"""An error for people: what happened, why, and what to do now; as text, and as a box.

It never holds a secret, a header or the query of a URL.
"""

from html import escape

from lc_tutorial import memory
from lc_tutorial.errors.explaining import Cause, Known
from lc_tutorial.masking import mask

_BOX = (
    "border:1px solid var(--jp-border-color1,#9e9e9e);"
    "border-left:4px solid var(--jp-warn-color1,#b26a00);border-radius:4px;"
    "background:var(--jp-layout-color1,transparent);"
    "color:var(--jp-content-font-color1,inherit);"
    "padding:8px 14px;margin:6px 0;max-width:760px;line-height:1.5;overflow-wrap:anywhere"
)
_LABEL = "color:var(--jp-content-font-color2,inherit);font-size:0.85em;font-weight:600"


class TutorialError(Exception):
    """An error that tells a person what to do.

    Attributes:
        what: what happened, as one sentence.
        why: the reason, or the likely ones.
        remedy: what to do now.
        cause: the reason as :class:`~lc_tutorial.errors.explaining.explanation.Known` or
            :class:`~lc_tutorial.errors.explaining.explanation.Likely`.
    """

    def __init__(self, what: str, why: str | Cause = "", remedy: str = "") -> None:
        super().__init__(what, str(why), remedy)
        self.cause: Cause = Known(why) if isinstance(why, str) else why
        self.what = mask(what)
        self.why = mask(str(why))
        self.remedy = mask(remedy)

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.remedy) if part)

    def html(self) -> str:
        """The error as a box for a notebook or a form, in the light and the dark theme."""
        memory.tell(memory.Explained(self))
        labelled = (
            ("What happened", self.what),
            ("Why", self.why),
            ("What to do", self.remedy),
        )
        rows = "".join(
            f'<div style="margin:3px 0"><div style="{_LABEL}">{label}</div>'
            f"<div>{escape(text)}</div></div>"
            for label, text in labelled
            if text
        )
        return f'<div class="lc-problem" style="{_BOX}">{rows}</div>'

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        memory.tell(memory.Explained(self))
        lines = [" ".join(part for part in (self.what, self.why) if part)]
        if self.remedy:
            lines.append(f"What to do: {self.remedy}")
        return ["\n".join(lines)]
