"""Commands that were written for the shells of Windows, written anew as bash has them.

Browsers copy a request "as cURL (cmd)", and people write for PowerShell. Both quote in ways that
mean something else to bash: ``^&``, ``{""limit"":5}``, a backtick at the end of a line. Everything
behind this module knows one way of quoting only.

Sources: Microsoft, "Parsing C command-line arguments" (backslashes and double quotes), the help of
cmd.exe, "about_Quoting_Rules" and "about_Special_Characters" of PowerShell; what Chromium and
Firefox write for *Copy as cURL* on Windows.
"""

import re

# Proofs that it was written for cmd: a caret at the end of a line, before the quote that a word
# begins with, before what separates two parameters, or before the brackets of JSON.
_FOR_CMD = re.compile(
    r"[ \t\"']\^[ \t]*+(?:\n|\Z)|(?:\bcurl(?:\.exe)?|\s--?[\w-]++)\s++\^\""
    r"|\"[^\"'\n]*?\^&[\w.%^\[\]-]++=|\"\^[\[{]",
    re.IGNORECASE,
)
# A here-string of PowerShell: all between two lines, quotes among it.
_HERE = re.compile(r"@([\"'])[ \t]*+\n")
# For PowerShell: a backtick at the end of a line, or before a quote within JSON; a variable of the
# environment, as it is written there only; a here-string.
_FOR_POWERSHELL = re.compile(
    rf"[ \t\"']`[ \t]*+\n|[\[{{,:]\s*+`\"|\$\{{?env:\w|\s{_HERE.pattern}", re.IGNORECASE
)
_UNESCAPED = re.compile(r"(?<!\\)\"")
# For one or the other: quotes that are doubled within JSON. bash would drop them.
_DOUBLED = re.compile(r"\"\s*+[\[{][\s\[{]*+\"\"(?=\s*+[\w.$-])")

_ESCAPED_BREAK = re.compile(r"\"\^\n\n\"|\^\n\n")
# What cmd hands on without its caret, and what reads the words of a command knows. An encoded
# character has a caret behind "%", where cmd would look for a variable.
_CARET = re.compile(r"(?<=%)\^(?=\w)|(\^\^)|\^([\"\\])")
_CONTINUED = re.compile(r"[\^`][ \t]*+(?:\n|\Z)")
# Those before a quote have a meaning of their own.
_RUN = re.compile(r"\\++(?!\")")

_PLAIN_WORD = re.compile(r"[\w./:%+,@=-]+")
_OUTSIDE = re.compile(r"[^\s\"'`\\$^|;&<>()]++")
_IN_DOUBLE = re.compile(r"[^\"\\`$^]++")
_LETTER = re.compile(r"[\w\s]")
_BACKSLASHES = re.compile(r"(\\+)(\")?")
_VARIABLE = re.compile(r"\$(?:\{(?:env:)?([A-Za-z_]\w*)\}|(?:env:)?([A-Za-z_]\w*))", re.IGNORECASE)

# A variable of PowerShell that gets a text, in front of the command that uses it.
_ASSIGNED = re.compile(
    r"(?:PS [^>\n]{0,120}>[ \t]*)?\$(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"
    r"(?P<value>@(?P<quote>[\"'])[ \t]*\n(?:.*\n)*?(?P=quote)@|'[^'\n]*+'|\"[^\"\n`$]*+\")"
    r"[ \t]*;?[ \t]*\n\s*"
)

#: What a backtick makes of a letter behind it, in PowerShell.
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}

_OF_CMD = (
    "The command was written for the command prompt of Windows; its ^ and its quotes were read as "
    "they are meant there."
)
_OF_POWERSHELL = (
    "The command was written for PowerShell; its backticks and its quotes were read as they are "
    "meant there."
)
_OF_EITHER = "Doubled quotes, as Windows has them, were read as single ones."


def as_bash(text: str, notes: list[str]) -> str:
    """The command as bash has it; one that bears no mark of Windows stays as it is.

    >>> as_bash('curl ^"https://x.example/?a=1^&b=2^"', [])
    "curl 'https://x.example/?a=1&b=2'"

    Args:
        text: a command, with line feeds as its line breaks.
        notes: gets what it was read as, as a sentence.
    """
    of_cmd = _FOR_CMD.search(text) is not None
    of_powershell = not of_cmd and _FOR_POWERSHELL.search(text) is not None
    if not of_cmd and not of_powershell and not _DOUBLED.search(text):
        return text
    notes.append(_OF_CMD if of_cmd else _OF_POWERSHELL if of_powershell else _OF_EITHER)
    if of_cmd:
        text = _without_carets(text)
    if of_powershell:
        text = _without_here_strings(text)
    if all(len(run) % 2 == 0 for run in _RUN.findall(text)):
        # Browsers double each, though Windows halves them before a quote only.
        text = _RUN.sub(lambda run: run[0][: len(run[0]) // 2], text)
    return _Rewriter(text, has_carets=of_cmd).run()


def with_variables(text: str, notes: list[str]) -> str:
    r"""The text without the variables of PowerShell that stand in front, their values put in.

    >>> with_variables('$limit = "5"\ncurl.exe -d $limit https://x.example', [])
    'curl.exe -d "5" https://x.example'
    """
    values = dict[str, str]()
    rest = text
    while found := _ASSIGNED.match(rest):
        values[found["name"].lower()] = found["value"]
        rest = rest[found.end() :]
    if not values:
        return text
    names = "|".join(map(re.escape, values))
    used = re.compile(
        rf"\"\$(?:\{{({names})\}}|({names}))\"|\$(?:\{{({names})\}}|({names})\b)", re.IGNORECASE
    )
    notes.append("The values of the variables above the command were put into it.")
    return used.sub(lambda found: values[next(filter(None, found.groups())).lower()], rest)


def _without_here_strings(text: str) -> str:
    """The same with strings in quotes in their place; one that is never closed stays."""
    made, end = "", 0
    for opening in _HERE.finditer(text):
        if opening.start() < end:
            continue
        quote = opening[1]
        closing = text.find(f"\n{quote}@", opening.end() - 1)
        if closing < 0:
            break
        content = text[opening.end() : closing]
        content = content.replace("'", "''") if quote == "'" else _UNESCAPED.sub('""', content)
        made += f"{text[end : opening.start()]}{quote}{content}{quote}"
        end = closing + 3
    return made + text[end:]


def _without_carets(text: str) -> str:
    text = _ESCAPED_BREAK.sub("\n", text)
    return _CARET.sub(lambda found: found[1] or found[2] or "", text)


class _Rewriter:
    """Goes through the text once, and writes each word in quotes of bash."""

    def __init__(self, text: str, *, has_carets: bool) -> None:
        self.text = text
        self.has_carets = has_carets
        self.at = 0
        self.made: list[str] = []
        self.literal: list[str] = []
        self.in_word = False

    def run(self) -> str:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace():
                self._blank(char)
            elif plain := _OUTSIDE.match(self.text, self.at):
                self._add(plain[0], plain.end())
            elif char == '"':
                self._double()
            elif char == "'":
                self._single()
            else:
                self._special(char, quoted=False)
        self._end_word()
        return "".join(self.made).strip()

    # --- words ----------------------------------------------------------------------------------

    def _add(self, text: str, end: int) -> None:
        self.in_word = True
        self.literal.append(text)
        self.at = end

    def _flush(self) -> None:
        """Write down what is to be taken to the letter."""
        if self.literal:
            text = "".join(self.literal)
            is_plain = _PLAIN_WORD.fullmatch(text) is not None
            self.made.append(text if is_plain else "'" + text.replace("'", "'\\''") + "'")
            self.literal = []

    def _end_word(self) -> None:
        self._flush()
        self.in_word = False

    def _blank(self, char: str) -> None:
        self._end_word()
        self.made.append(char)
        self.at += 1

    # --- quotes ---------------------------------------------------------------------------------

    def _double(self) -> None:
        begin = self.at
        self._add("", begin + 1)
        while self.at < len(self.text):
            char = self.text[self.at]
            if plain := _IN_DOUBLE.match(self.text, self.at):
                self._add(plain[0], plain.end())
            elif char != '"':
                self._special(char, quoted=True)
            elif self._is_doubled(begin):
                self._add('"', self.at + 2)
            else:
                self.at += 1
                return
        # Never closed: said by whoever reads it as bash.
        self._flush()
        self.made.append('"')

    def _is_doubled(self, begin: int) -> bool:
        """Whether this quote and the next one stand for one; an empty word is two of them, too."""
        following = self.text[self.at + 1 : self.at + 3]
        is_empty = self.at == begin + 1 and (len(following) < 2 or following[1].isspace())
        return following[:1] == '"' and not is_empty

    def _single(self) -> None:
        """Quotes at the beginning of a word; within one it is an apostrophe."""
        end = self.text.find("'", self.at + 1)
        if self.in_word or end < 0:
            self._add("'", self.at + 1)
            return
        begin = self.at + 1
        while self.text[end + 1 : end + 2] == "'":
            self._add(self.text[begin : end + 1], end + 2)
            begin, end = end + 2, self.text.find("'", end + 2)
            if end < 0:
                end = len(self.text)
        self._add(self.text[begin:end], end + 1)

    def _special(self, char: str, *, quoted: bool) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if char == "\\" and (run := _BACKSLASHES.match(self.text, self.at)):
            # Before a quote each two are one, and a last one makes the quote a plain character.
            count, quote = len(run[1]), run[2]
            if quote and count % 2:
                self._add("\\" * (count // 2) + '"', run.end())
            else:
                self._add("\\" * (count // 2 if quote else count), run.end(1))
        elif char in "^`" and not quoted and (end := _CONTINUED.match(self.text, self.at)):
            self._end_word()
            self.made.append(" \\\n")
            self.at = end.end()
        elif char == "^" and self.has_carets and following and not _LETTER.match(following):
            self._add(following, self.at + 2)
        elif char == "`" and following and (not self.has_carets or following == "`"):
            self._add(_LETTERS.get(following, following), self.at + 2)
        elif char == "$" and not self.has_carets:
            self._dollar()
        elif char in "^`$" or quoted:
            self._add(char, self.at + 1)
        else:
            # An operator: named by whoever reads it as bash.
            self._end_word()
            self.made.append(char)
            self.at += 1

    def _dollar(self) -> None:
        self.in_word = True
        self._flush()
        if found := _VARIABLE.match(self.text, self.at):
            self.made.append(f'"${{{found[1] or found[2]}}}"')
            self.at = found.end()
        elif self.text[self.at + 1 : self.at + 2] in ("(", "{"):
            self.made.append('"$("')
            self.at = len(self.text)
        else:
            self._add("$", self.at + 1)
