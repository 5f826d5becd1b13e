"""The picture of the flow: browser, app, accounts service and API, and what goes between them.

It is SVG within HTML. Lines and letters take the colours of JupyterLab's theme, or else of the text
around, so that it can be read on light and dark.
"""

from collections.abc import Collection
from html import escape

#: The steps of notebook 01, as its headings name them.
STEPS = {
    1: "Configure the app",
    2: "Acquire the code",
    3: "Exchange it for a token",
    4: "Send a request",
    5: "Eight hours later",
}

_INK = "var(--jp-content-font-color1, currentColor)"
_PALE = "var(--jp-content-font-color2, currentColor)"
_LINE = "var(--jp-border-color1, #8a8a8a)"
#: Readable on white and on black.
_MARK = "var(--jp-brand-color1, #2a7de1)"
_FRONT, _BACK = "rgba(230, 150, 30, .13)", "rgba(60, 130, 220, .12)"

_LEFT, _RIGHT = 206, 488

#: Boxes: x, y, height, title, and what is said of each.
_BOXES = (
    (12, 34, 92, "The user's browser", ("Signs in, and says yes.", "The secret is never here.")),
    (12, 158, 206, "Your app", ()),
    (_RIGHT, 34, 224, "Accounts service", ("Asks who you are, and", "whether you allow it.")),
    (_RIGHT, 292, 72, "API", ("Has the chats.",)),
)

#: Where the secrets are and where they never are: x, y, the text, and whether it is bold.
_SECRETS = (
    (24, 202, "This notebook.", False),
    (24, 230, "The secret is here,", True),
    (24, 249, "and so are the tokens.", False),
    (24, 280, "Your password", True),
    (24, 299, "is never here.", False),
    (_RIGHT + 12, 116, "Your password", True),
    (_RIGHT + 12, 135, "goes here alone.", False),
)

#: What goes between them: the step, y, the text, and where heads are: "<", ">" or both.
_WAYS = (
    (2, 66, "link: client_id, state, challenge", ">"),
    (2, 104, "code, state", "<"),
    (1, 192, "Client Id, secret, redirect URI", "<"),
    (3, 220, "code, secret, verifier ⇄ tokens", "<>"),
    (5, 248, "refresh token, secret ⇄ new token", "<>"),
    (4, 330, "access token ⇄ chats", "<>"),
)


def alternative(step: int | None, done: Collection[int]) -> str:
    """The picture in words.

    Args:
        step: whose arrows are marked, or None.
        done: the steps that are done.
    """
    marked = {
        1: "The platform's Console gives the app its Client Id and its secret, and knows its "
        "redirect URI.",
        2: "The app's link goes through the browser to the accounts service, and the code comes "
        "back the same way, with the state.",
        3: "The app sends code, secret and verifier to the accounts service itself, and gets "
        "tokens.",
        4: "The app sends the access token to the API, and gets chats.",
        5: "The app sends the refresh token and its secret to the accounts service, and gets a new "
        "access token.",
    }
    now = f" Now, step {step}: {marked[step]}" if step in marked else ""
    over = f" Done: {', '.join(f'step {each}' for each in sorted(done))}." if done else ""
    return (
        "Four parties: the user's browser, the app, the accounts service and the API. Front "
        "channel: what app and accounts service tell each other through the browser, where it can "
        "be seen. Back channel: what the app sends to the accounts service and to the API itself. "
        "The secret is in the app and never in the user's browser; the password is never in the "
        "app."
        f"{now}{over}"
    )


def draw(step: int | None, done: Collection[int]) -> str:
    """The picture as an ``svg`` element.

    Args:
        step: whose arrows are marked; None marks none.
        done: the steps that have a tick.
    """
    parts = [
        _channel(6, 18, 688, 116, _FRONT, "Front channel: through the browser, in sight"),
        _channel(6, 142, 688, 230, _BACK, "Back channel: the app itself"),
        *(_box(*box) for box in _BOXES),
        *(_text(x, y, said, bold=bold) for x, y, said, bold in _SECRETS),
        *_between_browser_and_app(step, done),
        *(_way(*way, marked=way[0] == step, is_done=way[0] in done) for way in _WAYS),
    ]
    words = escape(alternative(step, done))
    return (
        f'<svg class="lc-flow-picture" viewBox="0 0 700 378" role="img" aria-label="{words}" '
        'style="width:100%;max-width:700px;height:auto;display:block" '
        f'font-family="system-ui, sans-serif" font-size="12.5" fill="{_INK}">{"".join(parts)}</svg>'
    )


def _channel(x: int, y: int, width: int, height: int, colour: str, name: str) -> str:
    # Its name stands where no box is.
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{colour}"/>'
        + _text(347, y + 17, name, colour=_PALE, anchor="middle", size="12")
    )


def _box(x: int, y: int, height: int, title: str, lines: tuple[str, ...]) -> str:
    width = 194 if x < _LEFT else 200
    frame = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" '
        f'fill="var(--jp-layout-color1, none)" stroke="{_LINE}" stroke-width="1.5"/>'
    )
    said = (_text(x + 12, y + 44 + 19 * n, line) for n, line in enumerate(lines))
    return frame + _text(x + 12, y + 23, title, bold=True, size="14") + "".join(said)


def _between_browser_and_app(step: int | None, done: Collection[int]) -> list[str]:
    colour, width = _stroke(2, step)
    return [
        _line(150, 126, 150, 158, colour, width, "<"),
        _line(176, 126, 176, 158, colour, width, ">"),
        _badge(130, 142, 2, marked=step == 2, is_done=2 in done),
    ]


def _way(step: int, y: int, text: str, heads: str, *, marked: bool, is_done: bool) -> str:
    colour, width = _stroke(step, step if marked else None)
    return (
        _line(_LEFT, y, _RIGHT, y, colour, width, heads, dashed=step == 1)
        + _badge(_LEFT + 20, y - 11, step, marked=marked, is_done=is_done)
        + _text(_LEFT + 34, y - 7, text, bold=marked)
    )


def _stroke(of: int, step: int | None) -> tuple[str, float]:
    return (_MARK, 3) if of == step else (_PALE, 1.3)


def _line(
    x1: int,
    y1: int,
    x2: int,
    y2: int,
    colour: str,
    width: float,
    heads: str,
    *,
    dashed: bool = False,
) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    made = (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" '
        f'stroke-width="{width}"{dashes}/>'
    )
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    if ">" in heads:
        made += _head(x2, y2, dx, dy, colour)
    if "<" in heads:
        made += _head(x1, y1, -dx, -dy, colour)
    return made


def _head(x: int, y: int, dx: int, dy: int, colour: str) -> str:
    back_x, back_y, side_x, side_y = x - 10 * dx, y - 10 * dy, 5 * dy, 5 * dx
    points = f"{x},{y} {back_x + side_x},{back_y + side_y} {back_x - side_x},{back_y - side_y}"
    return f'<polygon points="{points}" fill="{colour}"/>'


def _badge(x: int, y: int, step: int, *, marked: bool, is_done: bool) -> str:
    fill = _MARK if marked else "var(--jp-layout-color1, none)"
    number = "#ffffff" if marked else _INK
    circle = (
        f'<circle cx="{x}" cy="{y}" r="9" fill="{fill}" stroke="{_MARK if marked else _LINE}"/>'
    )
    sign = "✓" if is_done and not marked else str(step)
    return circle + _text(x, y + 4, sign, bold=True, anchor="middle", colour=number, size="12")


def _text(
    x: int,
    y: int,
    text: str,
    *,
    bold: bool = False,
    colour: str = _INK,
    anchor: str = "start",
    size: str = "12.5",
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}" '
        f'font-size="{size}"{weight}>{escape(text)}</text>'
    )
