"""What ``--data`` holds: a form, JSON or a text; and what broken lines leave in a form.

The platform's own samples break a quoted form behind each ``&``, and a shell keeps the blanks that
the next line begins with: the token endpoint is then sent a parameter named ``"  code"``. Copied
from the page as one line, there is a backslash in front of the blank, too. And some samples send
JSON without a Content-Type, which curl calls a form.

Source: livechat-public-docs, authorization/oauth-authorization and customer-authorization; the page
"Authorization in practice", step 3.
"""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing import json_comments
from lc_tutorial.lab.request import Body, FormBody, JsonBody, Pairs, TextBody

#: What may stand around a parameter of a form whose lines are broken.
_EDGES = " \t\n\v\f\u00a0\\"


def body_of(
    text: str, headers: Sequence[tuple[str, str]], notes: list[str]
) -> tuple[Body, list[tuple[str, str]]]:
    """The body that ``--data`` makes, and the headers that go with it.

    Args:
        text: all the data, joined.
        headers: of the command.
        notes: gets what was mended, as sentences.
    """
    said = next((value for name, value in headers if name.lower() == "content-type"), None)
    kind = (said or "").partition(";")[0].strip().lower()
    body: FormBody | JsonBody | TextBody = TextBody(text)
    if kind.endswith(("/json", "+json")):
        body = _json(text, notes)
    elif said is None and _is_json(text):
        notes.append(
            "The command names no Content-Type, so curl would call this JSON a form. "
            "The lab sends it as JSON."
        )
        body = _json(text, notes)
    elif said is None or kind == FormBody.content_type:
        body = _form(text, notes)
        if said is None and isinstance(body, TextBody):
            headers = [*headers, ("Content-Type", FormBody.content_type)]
    return body, [pair for pair in headers if not _says_the_same(pair, body)]


def _is_json(text: str) -> bool:
    """Whether this is JSON, or wants to be: a form may begin with a square bracket, too."""
    start = text.lstrip()[:2]
    if start[:1] == "[":
        return json_comments.problem_in(json_comments.cleaned(text).text) is None
    return start[:1] == "{" and start != "{{"


def _json(text: str, notes: list[str]) -> JsonBody:
    cleaned = json_comments.cleaned(text)
    notes += cleaned.notes
    if problem := json_comments.problem_in(cleaned.text):
        notes.append(f"The body is no JSON yet. {problem} Correct it below, then send it.")
    return JsonBody(cleaned.text)


def _form(text: str, notes: list[str]) -> FormBody | TextBody:
    """A form; a text where it has no fields, or they would not make that form again."""
    text = mended_form(text, notes)
    if not text:
        return FormBody(())
    if not all("=" in piece for piece in text.split("&") if piece):
        return TextBody(text)
    fields = pairs_of(text)
    again = tuple(parse_qsl(urlencode(fields), keep_blank_values=True))
    return FormBody(fields) if again == fields else TextBody(text)


def pairs_of(text: str) -> Pairs:
    """The parameters of a query or a form.

    Raises:
        InputError: its percent signs stand for bytes that are no text.
    """
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise InputError(
            what="There is binary data in this request.",
            why="Percent signs in it stand for bytes that are no text in UTF-8.",
            remedy="Write the text itself in their place.",
        ) from None


def _says_the_same(header: tuple[str, str], body: FormBody | JsonBody | TextBody) -> bool:
    name, value = header
    return name.lower() == "content-type" and value.lower() == body.content_type


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
