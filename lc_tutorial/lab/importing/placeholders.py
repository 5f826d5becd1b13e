"""What samples write in the place of one's own values: ``<your_access_token>``, ``YOUR_CODE_HERE``.

Source: livechat-public-docs, the samples of all APIs and of authorization/*; the page
"Authorization in practice".
"""

import re
from collections.abc import Callable

from lc_tutorial.lab.names import name_of
from lc_tutorial.lab.request import REFERENCE
from lc_tutorial.pasting import MARKED

#: Placeholders without marks, and who writes them.
_UNMARKED = (
    r"(?<![\w$-])(?P<here>[A-Z][A-Za-z_]{1,60}_HERE)(?!\w)>?"  # "Authorization in practice"
    r"|(?<![\w$-])(?P<yours>YOUR_[A-Z][A-Z_]{1,60})(?!\w)"
    r"|(?<![\w$-])(?P<lower>your[_-][a-z][a-z_-]{1,60})(?!\w)"
    r"|(?<![\w$-])(?P<camel>[yY]our[A-Z][A-Za-z]{1,60})(?!\w)"
    r"|(?<![\w$-])(?P<upper>[A-Z]{2,20}(?:[_-][A-Z]{2,20}){1,3})(?!\w)"
)
_PLACEHOLDER = re.compile(f"{MARKED.pattern}|{_UNMARKED}")

_VARIABLE = re.compile(r"%([A-Za-z]\w{2,60})%")

#: Marks that stand in pairs, also around a placeholder that has some of its own.
_PAIRS = {"{": "}", "<": ">", "[": "]", "(": ")", "\u00ab": "\u00bb", "\u2039": "\u203a", "%": "%"}
_BEFORE_MARK = "$#@"

#: Unknown ones are told of; <b> and <script> are none.
_SURELY_ONE = re.compile(r".*[_ |-].*(?<!/)|action|version|id|email|name|token|code|value")
_ONE_WORD = re.compile(r"[A-Za-z]+(?:[_-][A-Za-z]+)+")


def replaced(text: str, found: Callable[[str, str | None], object]) -> str:
    """Put references in the place of placeholders.

    Args:
        text: in which they may stand.
        found: is called with each placeholder and the name that it got, None where nobody knows
            what it stands for; that one stays.
    """
    made, end = [], 0
    for match in _PLACEHOLDER.finditer(text):
        kind = match.lastgroup or ""
        inner = match[kind]
        if match.start() < end or not _is_apart(match, kind) or _is_reference(match):
            continue
        name = name_of(inner)
        if name is None and not _is_told(kind, inner):
            continue
        begin, stop = _with_marks(text, match.start(), match.end(), end)
        found(text[begin:stop], name)
        if name is not None:
            made += [text[end:begin], f"{{{{{name}}}}}"]
            end = stop
    return "".join([*made, text[end:]])


def replaced_variables(text: str, found: Callable[[str, str | None], object]) -> str:
    """The same for the variables of Windows alone, ``%ACCESS_TOKEN%``, if they are known.

    What stands for a percent-encoded character begins in the same way.
    """

    def reference(match: re.Match[str]) -> str:
        name = name_of(match[1])
        if name is None:
            return match[0]
        found(match[0], name)
        return f"{{{{{name}}}}}"

    return _VARIABLE.sub(reference, text)


def is_named_like_itself(name: str, value: str) -> bool:
    """Whether the value of a field is only its own name: ``code=code``, ``clientId=client_id``."""
    if not value.replace("_", "").replace("-", "").isalpha() or value == "state":
        return False
    known = name_of(value)
    return known is not None and known == name_of(name)


def _with_marks(text: str, begin: int, end: int, least: int) -> tuple[int, int]:
    """Where a placeholder begins and ends with all the marks around it."""
    while begin > least and end < len(text) and _PAIRS.get(text[begin - 1]) == text[end]:
        begin, end = begin - 1, end + 1
    if begin > least and text[begin - 1] in _BEFORE_MARK and text[begin] in "{[(":
        begin -= 1
    return begin, end


def _beside(match: re.Match[str]) -> tuple[str, str]:
    begin, end = match.span()
    return match.string[max(0, begin - 1) : begin], match.string[end : end + 1]


def _is_reference(match: re.Match[str]) -> bool:
    """Whether it is written as the lab does. With one brace or bracket more it is a sample's.

    So is one whose value has another name here: ``{{token}}`` of Postman.
    """
    reference = REFERENCE.fullmatch(match[0])
    if reference is None or "".join(_beside(match)) in ("{}", "<>"):
        return False
    return name_of(reference[1]) in (None, reference[1])


def _is_apart(match: re.Match[str], kind: str) -> bool:
    """Whether it stands where a value can. A colon or a bracket is mostly something else."""
    before, after = _beside(match)
    if kind == "colon":
        return before in ("", *" /=\"'") and after in ("", *" /&\"'")
    return kind != "brackets" or not (before.isalnum() or before == "_")


def _is_told(kind: str, inner: str) -> bool:
    """Whether it is worth a word that nobody knows this one: it may be markup, or a word."""
    if kind in ("angles", "braces"):
        return _SURELY_ONE.fullmatch(inner) is not None
    if kind in ("brackets", "guillemets", "single_guillemets", "percents"):
        return _ONE_WORD.fullmatch(inner) is not None
    return kind in ("double_braces", "shell_braces", "here", "yours")
