"""A transcript as HTML, for the light and the dark theme, and readable where styles are dropped.

JupyterLab removes style sheets from notebooks that it doesn't trust, so the meaning is in the
elements: a ``pre`` for JSON, ``details`` for what is folded, words beside each colour.
"""

from html import escape
from typing import Any

from lc_tutorial.display.exchange import Exchange
from lc_tutorial.display.parts import Body

#: JSON of at most so many lines is shown unfolded.
_UNFOLDED_LINES = 40

#: A list or object without others in it is shown on one line of so many characters.
_LINE = 72

#: Lists and objects at this depth and below are folded: in List Chats, each chat.
_FOLD_DEPTH = 2


# JupyterLab sets numbers, so cells, to the right.
_LEFT = 'style="text-align:left"'


def render(transcript: Exchange) -> str:
    """The transcript as one ``div`` with its style sheet."""
    tone = "good" if transcript.status < 400 else "bad"
    return (
        f'<div class="lc-transcript"><style>{_STYLE}</style>'
        f'<div class="lc-line"><b>{escape(transcript.method)}</b> '
        f"<code>{escape(transcript.url)}</code></div>"
        f'<div class="lc-line"><b class="lc-status lc-{tone}">{transcript.status} '
        f"{escape(transcript.reason)}</b> {escape(transcript.meaning)}"
        f'<span class="lc-facts"> · {" · ".join(map(escape, transcript.facts))}</span></div>'
        f"{_remarks(transcript)}"
        f"{_fold('The request', _outline(transcript), _request(transcript))}"
        f"{_fold('The headers of the answer', len(transcript.headers), _table(transcript.headers))}"
        f"{_body(transcript.body)}"
        f"{_raw(transcript)}"
        "</div>"
    )


def _remarks(transcript: Exchange) -> str:
    return "".join(f'<div class="lc-line">{escape(each)}</div>' for each in transcript.remarks)


def _raw(transcript: Exchange) -> str:
    if transcript.raw is None:
        return ""
    shown = f'<pre class="lc-json lc-raw" tabindex="0">{escape(transcript.raw.content)}</pre>'
    note = f'<p class="lc-note">{escape(transcript.raw.note)}</p>' if transcript.raw.note else ""
    return _fold("The raw answer", "as it came", shown + note)


def _request(transcript: Exchange) -> str:
    return (
        '<div class="lc-label">Headers</div>'
        f"{_table(transcript.request_headers)}"
        '<div class="lc-label">Body</div>'
        f"{_body(transcript.request_body, empty='There was none.')}"
    )


def _outline(transcript: Exchange) -> str:
    """What is folded away of the request."""
    headers = len(transcript.request_headers)
    body = {
        "json": "a body of JSON",
        "form": "a form as its body",
        "text": "a body of text",
        "binary": "a stream as its body",
        "empty": "no body",
    }[transcript.request_body.kind]
    return f"{headers} {'header' if headers == 1 else 'headers'}, {body}"


def _fold(title: str, hint: str | int, content: str) -> str:
    return (
        f'<details class="lc-fold"><summary>{title} <span class="lc-facts">· {hint}</span>'
        f"</summary>{content}</details>"
    )


def _table(pairs: tuple[tuple[str, str], ...]) -> str:
    rows = "".join(
        f"<tr><th {_LEFT}>{escape(name)}</th><td {_LEFT}>{escape(value)}</td></tr>"
        for name, value in pairs
    )
    return f"<table><tbody>{rows}</tbody></table>" if rows else "<p>There were none.</p>"


def _body(body: Body, empty: str = "") -> str:
    note = f'<p class="lc-note">{escape(body.note or empty)}</p>' if body.note or empty else ""
    if body.kind == "json":
        return f'<pre class="lc-json" tabindex="0">{_json(body.content)}</pre>' + (
            note if body.note else ""
        )
    if body.kind == "form":
        return _table(body.content)
    if body.kind == "text":
        shown = f'<pre class="lc-json" tabindex="0">{escape(body.content)}</pre>'
        return shown + (note if body.note else "")
    return note


# --- JSON ---------------------------------------------------------------------------------------


def _json(data: Any) -> str:
    html = _value(data, 0, folding=False)
    if html.count("\n") < _UNFOLDED_LINES:
        return html
    return _value(data, 0, folding=True)


def _value(data: Any, depth: int, *, folding: bool, name: str = "", comma: str = "") -> str:
    """One value with its name, its indentation and its line end."""
    indent = "  " * depth
    if not isinstance(data, dict | list) or _is_short(data):
        return f"{indent}{name}{_inline(data)}{comma}\n"
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    inside = _inside(data, depth + 1, folding=folding)
    end = f"{indent}{closing}{comma}"
    if not folding or depth == 0:
        return f"{indent}{name}{opening}\n{inside}{end}\n"
    is_open = " open" if depth < _FOLD_DEPTH else ""
    # The triangle stands where the last two spaces of the indentation would.
    return (
        f'<details{is_open}><summary>{indent[2:]}<span class="lc-mark"></span>{name}{opening}'
        f'<span class="lc-closed">{_hint(data)}{closing}{comma}</span></summary>'
        f"{inside}{end}</details>"
    )


def _inside(data: Any, depth: int, *, folding: bool) -> str:
    pairs = list(data.items()) if isinstance(data, dict) else [(None, value) for value in data]
    lines = []
    for position, (key, value) in enumerate(pairs, start=1):
        comma = "," if position < len(pairs) else ""
        name = f'<span class="lc-k">{escape(_quoted(key))}</span>: ' if key is not None else ""
        lines.append(_value(value, depth, folding=folding, name=name, comma=comma))
    return "".join(lines)


def _inline(data: Any) -> str:
    if isinstance(data, dict):
        pairs = (
            f'<span class="lc-k">{escape(_quoted(key))}</span>: {_inline(value)}'
            for key, value in data.items()
        )
        return f"{{{', '.join(pairs)}}}"
    if isinstance(data, list):
        return f"[{', '.join(map(_inline, data))}]"
    if isinstance(data, str):
        return f'<span class="lc-s">{escape(_quoted(data))}</span>'
    if data is None or isinstance(data, bool):
        word = {None: "null", True: "true", False: "false"}[data]
        return f'<span class="lc-w">{word}</span>'
    if isinstance(data, int | float):
        return f'<span class="lc-n">{data}</span>'
    return f'<span class="lc-c">… {escape(str(data))}</span>'


def _is_short(data: Any) -> bool:
    """Whether a list or an object reads well on one line: it is flat, or nearly so."""
    return _length(data, levels=2) <= _LINE


def _length(data: Any, levels: int) -> int:
    """About how many characters it takes on one line; too many where it is nested deeper."""
    if not isinstance(data, dict | list):
        return len(str(data)) + 2
    if len(data) > _LINE // 3 or (data and levels == 0):
        return _LINE + 1
    names = sum(len(key) + 6 for key in data) if isinstance(data, dict) else 0
    values = data.values() if isinstance(data, dict) else data
    return names + 2 + sum(_length(value, levels - 1) + 2 for value in values)


def _hint(data: Any) -> str:
    """What a folded list or object holds."""
    if isinstance(data, list):
        return f'<span class="lc-c"> {len(data)} {"item" if len(data) == 1 else "items"} </span>'
    name = next((key for key in ("id", "name") if isinstance(data.get(key), str)), None)
    begin = f"{_quoted(name)}: {_quoted(data[name])}, … " if name is not None else ""
    fields = f"{len(data)} {'field' if len(data) == 1 else 'fields'}"
    return f'<span class="lc-c"> {escape(begin)}{fields} </span>'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


# The second value of each colour is for front ends without JupyterLab's variables; it can be read
# on white and on black. On the background of JupyterLab's editor its own green can't.
_STYLE = """
.lc-transcript { color: var(--jp-content-font-color1, inherit);
  font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; max-width: 900px; margin: 4px 0; }
.lc-transcript .lc-line { margin: 2px 0; overflow-wrap: anywhere; }
.lc-transcript .lc-status { display: inline-block; padding: 0 8px; margin-right: 6px;
  border: 1px solid; border-radius: 4px; font-weight: 600; }
.lc-transcript .lc-good { border-color: var(--jp-success-color1, #388e3c); }
.lc-transcript .lc-bad { border-color: var(--jp-error-color1, #d32f2f); border-width: 2px; }
.lc-transcript .lc-facts, .lc-transcript .lc-note, .lc-transcript .lc-c, .lc-transcript .lc-label {
  color: var(--jp-content-font-color2, #767676); }
.lc-transcript .lc-facts { white-space: nowrap; }
.lc-transcript .lc-note { margin: 4px 0; }
.lc-transcript .lc-label { margin: 6px 0 2px; font-weight: 600; }
.lc-transcript summary { cursor: pointer; }
.lc-transcript summary:focus-visible, .lc-transcript pre:focus-visible {
  outline: 2px solid var(--jp-brand-color1, #1976d2); outline-offset: 1px; }
.lc-transcript .lc-fold { margin: 4px 0; padding-left: 0; }
.lc-transcript .lc-fold > table, .lc-transcript .lc-fold > pre, .lc-transcript .lc-fold > p,
.lc-transcript .lc-fold > .lc-label { margin-left: 18px; }
.lc-transcript table { border-collapse: collapse; margin: 2px 0 4px; table-layout: auto;
  font-size: inherit; }
.lc-transcript table tr, .lc-transcript table tbody tr:nth-child(odd),
.lc-transcript table tbody tr:hover { background: none !important; }
.lc-transcript table th, .lc-transcript table td { border: 0; padding: 1px 16px 1px 0;
  text-align: left; vertical-align: baseline; white-space: normal; max-width: none; }
.lc-transcript table th { font-weight: 600; white-space: nowrap; }
.lc-transcript table td { font-family: var(--jp-code-font-family, monospace);
  overflow-wrap: anywhere; }
.lc-transcript pre.lc-json { font-family: var(--jp-code-font-family, monospace);
  font-size: var(--jp-code-font-size, 13px); line-height: 1.45; white-space: pre-wrap;
  overflow-wrap: anywhere; word-break: normal; margin: 6px 0;
  padding: 8px 12px; max-height: 44em; overflow: auto; border-radius: 4px;
  border: 1px solid var(--jp-border-color2, rgba(128, 128, 128, .4));
  background: var(--jp-layout-color0, transparent); color: inherit; }
.lc-transcript pre.lc-raw { max-height: 22em; }
.lc-transcript .lc-json details { margin: 0; padding: 0; }
.lc-transcript .lc-json summary { list-style: none; margin: 0; padding: 0; font-weight: inherit; }
.lc-transcript .lc-json summary::-webkit-details-marker { display: none; }
.lc-transcript .lc-json summary:hover { text-decoration: underline; }
.lc-transcript .lc-mark { display: inline-block; width: 2ch;
  color: var(--jp-content-font-color2, #767676); }
.lc-transcript .lc-mark::before { content: "\\25B8"; }
.lc-transcript details[open] > summary > .lc-mark::before { content: "\\25BE"; }
.lc-transcript details[open] > summary > .lc-closed { display: none; }
.lc-transcript .lc-k { color: var(--jp-mirror-editor-property-color, #3b78b5); }
.lc-transcript .lc-s { color: var(--jp-mirror-editor-string-color, #c24f4b); }
.lc-transcript .lc-n { color: var(--jp-mirror-editor-number-color, #2e8656); }
.lc-transcript .lc-w { color: var(--jp-mirror-editor-keyword-color, #2e8656); }
"""
