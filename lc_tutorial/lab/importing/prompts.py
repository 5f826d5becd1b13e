"""What stands in front of a command, or of each of its lines, where it was copied from.

The prompt of a shell, of Python or of a notebook; the ``>`` of a mail that is answered, the numbers
of lines, the ``+`` of ``set -x`` and of a comparison, the ``#`` of a comment.
"""

import re

#: How a command begins: ``curl``, with or without its folder.
CURL = re.compile(r"(?:\S*[/\\])?curl(?:\.exe)?(?=\s|$)", re.IGNORECASE)

# Longer than any prompt. A title has no more either.
_LONGEST = 160

_SIGNS = "$#%>\u276f\u279c\u03bb\u00bb\u203a\u2717\u2718\u2771\u27e9"
# What a notebook wants in front of a command for the shell, maybe with a name for what comes out.
_FOR_A_SHELL = r"(?:%?time\s)?(?:(?:\w{1,40}\s?=\s?)?(?:!{1,2}|%sx\s|%system\s))?[ \t]*"
_PROMPT = re.compile(
    r"[ \t]*(?:"
    rf"[^\n'\"`;&|<=]{{0,{_LONGEST}}}[{_SIGNS}][ \t]*"  # me@host:~$, (base) PS C:\>, [me@host ~]$
    r"|\u279c[ \t]+\S{1,80}[ \t]+"  # ➜  ~
    r"|(?:In )?\[\d{1,5}\]:[ \t]*"  # IPython
    r"|\+{1,4}[ \t]"  # set -x
    r"|\d{1,6}[*]?[ \t]{1,4}"  # history
    r"|[-*\u2022\u2013\u00b7][ \t]|\d{1,2}[.)][ \t]"  # a list
    rf"|){_FOR_A_SHELL}(?=(?:[^\s'\"]{{0,{_LONGEST}}}[/\\])?curl(?:\.exe)?(?:\s|$))",
    re.IGNORECASE,
)
# Words that begin another command than curl. What looks like a prompt behind them is none.
_COMMANDS = re.compile(
    r"[ \t]*(?:sudo|sh|bash|echo|export|cat|cd|rm|ls|touch|python3?|pip|npm|wget|http|https)\s"
)
# What a shell, Python or IPython writes in front of the lines that go on.
_GOES_ON = re.compile(r"[ \t]*(?:(?:[a-z]{0,12}>{1,2}|More\?|\.{3,8}:?)(?:[ \t]|$))|[ \t]*>")
_QUOTED = re.compile(r"[ \t]*>[ \t]?")
_COMMENTED = re.compile(r"[ \t]*(?:#|//|::|REM\b)[ \t]?")
_ADDED = re.compile(r"\+")
_NUMBERED = re.compile(r"[ \t]*(\d{1,6})[ \t]?[.:|)\u2502]?(?:[ \t]|$)")

_MAGIC = re.compile(r"%%(?:bash|sh|zsh|shell|script|system|sx|cmd|powershell|pwsh|!)[^\n]*+\n")


def command_in(line: str) -> str | None:
    """The line from ``curl`` on, without the prompt in front of it; None if there is no ``curl``.

    >>> command_in("(base) me@host:~$ curl -I https://x.example")
    'curl -I https://x.example'
    >>> command_in("touch curl") is None
    True
    """
    found = _PROMPT.match(line)
    if found is None or _COMMANDS.match(line):
        return None
    return line[found.end() :]


def without_prompts(text: str, notes: list[str]) -> str:
    """The text without what stands in front of the command and of its lines.

    Args:
        text: with line feeds as its line breaks.
        notes: gets what was left out, as sentences.
    """
    text = _without_marks(text, notes)
    if magic := _MAGIC.match(text):
        text = text[magic.end() :].lstrip()
    first, newline, rest = text.partition("\n")
    command = command_in(first)
    if command is None:
        return text
    prompt = first[: len(first) - len(command)].strip()
    if prompt:
        notes.append("The prompt in front of the command was left out.")
    lines = rest.split("\n")
    if _all_have(_GOES_ON, lines):
        rest = "\n".join(_GOES_ON.sub("", line, count=1) for line in lines)
    return f"{command}{newline}{rest}"


def _without_marks(text: str, notes: list[str]) -> str:
    """Without what stands in front of every line, from the first one to the last."""
    lines = text.split("\n")
    for mark, said in (
        (_QUOTED, "The > in front of each line was left out: it marks what a mail quotes."),
        (_COMMENTED, "The sign of a comment in front of each line was left out."),
        (_ADDED, "The + in front of each line was left out: it marks what a comparison adds."),
    ):
        if len(lines) > 1 and _all_have(mark, lines):
            notes.append(said)
            return "\n".join(mark.sub("", line, count=1) for line in lines)
    if _are_counted(lines):
        notes.append("The numbers in front of the lines were left out.")
        return "\n".join(_NUMBERED.sub("", line, count=1) for line in lines)
    return text


def _all_have(mark: re.Pattern[str], lines: list[str]) -> bool:
    """Whether all lines that are not empty begin with it."""
    filled = [line for line in lines if line.strip()]
    return bool(filled) and all(mark.match(line) for line in filled)


def _are_counted(lines: list[str]) -> bool:
    found = [_NUMBERED.match(line) for line in lines if line.strip()]
    numbers = [int(each[1]) for each in found if each is not None]
    if len(found) < 2 or len(numbers) < len(found):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
