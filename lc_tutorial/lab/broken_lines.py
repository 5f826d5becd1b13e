"""What broken lines leave in a form and in an address, and what they are without it.

The platform's own samples break a quoted form behind each ``&``, and a shell keeps the blanks that
the next line begins with: the token endpoint is then sent a parameter named ``"  code"``. Copied
from the page as one line, there is a backslash in front of the blank, too.

Source: livechat-public-docs, authorization/oauth-authorization; the page "Authorization in
practice", steps 2 and 3.
"""

import re

from lc_tutorial.lab.shell_words import INVISIBLE

_EDGES = " \t\n\v\f\u00a0\\"
_RUN = re.compile(r"[\\\s]++")


def mended_form(text: str, notes: list[str]) -> str:
    """A form without the blanks that broken lines leave around its parameters.

    A blank before a name is never meant. One behind a value may be, and goes only where the lines
    are broken indeed.
    """
    pieces = text.split("&")
    starts = [_start(piece) for piece in pieces]
    mended = sum(0 < start < len(piece) for start, piece in zip(starts, pieces, strict=True))
    pieces = [
        piece[start:] if not mended and "\n" not in piece else piece[start : _end(piece, start)]
        for start, piece in zip(starts, pieces, strict=True)
    ]
    if mended:
        notes.append(
            f"Blanks before {'one parameter' if mended == 1 else f'{mended} parameters'} were "
            "taken out: the broken lines of the sample left them there, and the platform would "
            "not have known the names."
        )
    return "&".join(pieces)


def _start(piece: str) -> int:
    start = len(piece) - len(piece.lstrip(_EDGES))
    return start if piece[:start].strip("\\") else 0


def _end(piece: str, start: int) -> int:
    end = max(start, len(piece.rstrip(_EDGES)))
    return end if piece[end:].strip("\\") else len(piece)


def mended_url(text: str, notes: list[str]) -> str:
    """An address without blanks at its ends and beside ``?`` and ``&``; others are left."""

    def mended(run: re.Match[str]) -> str:
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        beside = before in ("", "?", "&") or after in ("", "?", "&")
        return "" if beside and run[0].strip("\\") else run[0]

    text = INVISIBLE.sub("", text).strip()
    url = _RUN.sub(mended, text)
    if url != text:
        notes.append(
            "Blanks in the address were taken out: the broken lines of the sample left them there."
        )
    return url
