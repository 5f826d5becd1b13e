"""The words of a pasted command, as a shell would split it.

Nothing is executed and no file is read: what only a shell can do (run a program for its output,
pipe, redirect, look up a variable) is refused by its name. What word processors and web pages do
to a command on its way is mended, and said.

Source of the rules: the Bash reference manual, "Quoting" and "Shell Expansions".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.ansi_c import unescaped
from lc_tutorial.pasting import shows_nothing

_SINGLE = "\u2018\u2019\u201a\u201b"
_DOUBLE = "\u201c\u201d\u201e\u201f"

_BLANKS = re.compile(r"[^\S\n]++")
# Letters, digits, and the signs that mean nothing to a shell.
_PLAIN = re.compile(r"[!%*-:=?-\[\]-_a-{}~\w]++|#")
_IN_DOUBLE = re.compile(r'[^"\\$`]*+')
_IN_CURLY = re.compile(rf'[^"\\$`{_DOUBLE}]*+')
_CLOSES_SINGLE = re.compile(f"['{_SINGLE}]")
_ANSI_C = re.compile(r"(?:[^'\\]++|\\.)*+", re.DOTALL)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.ASCII)
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w.-]*>")
_MORE_OF_A_QUERY = re.compile(r"&++(?=[\w.%\[\]-]++=)")
_OPTION = re.compile(r"[-\u2010-\u2015\u2212]")

_CURLY = "Curly quotes, as a word processor makes them, were taken for straight ones."
_CONTINUED = (
    "A line break without a backslash in front of it was read as if the command went on; "
    "a shell would have ended it there."
)
_LOST = (
    "A backslash with a space behind it was read as the line break that it was before it was "
    "copied."
)
_UNQUOTED = (
    "The address stands without quotes. A shell would have cut it at the first &; "
    "the lab took all of it."
)

_OPERATORS = {
    "|": ("a pipe (|)", "It hands what curl prints to another program"),
    ";": ("a semicolon (;)", "Behind it a shell would run another command"),
    "&": ("an ampersand (&)", "Behind it a shell would run another command"),
    "<": ("a redirection (<)", "It makes a shell read a file"),
    ">": ("a redirection (>)", "It makes a shell write a file"),
    "(": ("a bracket outside of quotes", "A shell would run what is in it"),
    ")": ("a bracket outside of quotes", "A shell would run what is in it"),
    "<<": ("a here-document (<<)", "It takes text from the lines below"),
    "<(": ("a process substitution (<)", "It runs another program"),
    ">(": ("a process substitution (>)", "It runs another program"),
}


@dataclass(frozen=True)
class Words:
    """A command, split.

    Attributes:
        words: without their quotes.
        notes: what was mended, as sentences.
    """

    words: tuple[str, ...]
    notes: tuple[str, ...] = ()


def _no_variable(_: str) -> str | None:
    return None


def split(text: str, variable: Callable[[str], str | None] = _no_variable) -> Words:
    """Split one command into its words.

    Args:
        text: with comments and with lines that are continued.
        variable: what to write in the place of a shell variable such as ``ACCESS_TOKEN``; None
            where it is unknown.

    Raises:
        InputError: there is more than one command, a quote is left open, or only a shell could
            do what is asked.
    """
    lexer = _Lexer(text.replace("\r\n", "\n").replace("\r", "\n"), variable)
    return Words(tuple(lexer.run()), tuple(dict.fromkeys(lexer.notes)))


class _Lexer:
    """Goes through the text once, from its beginning to its end."""

    def __init__(self, text: str, variable: Callable[[str], str | None]) -> None:
        self.text = text
        self.variable = variable
        self.at = 0
        self.words: list[str] = []
        self.parts: list[str] | None = None  # of the word that is being read
        self.notes: list[str] = []
        self.in_query = False  # of a URL without quotes

    def run(self) -> list[str]:
        while self.at < len(self.text):
            self._step(self.text[self.at])
        self._end_word()
        return self.words

    def _step(self, char: str) -> None:
        if blanks := _BLANKS.match(self.text, self.at):
            self._end_word()
            self.at = blanks.end()
            if blanks[0].strip(" \t"):
                self.notes.append("Spaces of a special kind were taken for plain ones.")
        elif char == "\n":
            self._end_line()
        elif char == "\\":
            self._backslash()
        elif char == "'":
            self._single()
        elif char in _SINGLE:
            self.notes.append(_CURLY)
            self._single()
        elif char == '"':
            self._double(_IN_DOUBLE)
        elif char in _DOUBLE:
            self.notes.append(_CURLY)
            self._double(_IN_CURLY)
        elif char == "$":
            self._dollar(quoted=False)
        elif char == "`":
            raise self._backticks()
        elif char == "#" and self.parts is None:
            self._skip_line()
        elif plain := _PLAIN.match(self.text, self.at):
            if self.parts is None and plain[0] == "//":
                self._skip_line()
            else:
                self._add(plain[0], plain.end())
        elif char.isascii() and char.isprintable():
            self._operator(char)
        elif shows_nothing(char):
            self.notes.append("Invisible characters were taken out.")
            self.at += 1
        else:
            self._add(char, self.at + 1)

    # --- words and lines ------------------------------------------------------------------------

    def _add(self, part: str, end: int) -> None:
        if self.parts is None:
            self.parts = []
        self.parts.append(part)
        self.at = end

    def _end_word(self) -> None:
        if self.parts is not None:
            self.words.append("".join(self.parts))
            self.parts = None
            self.in_query = False

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _end_line(self) -> None:
        """At a line break: the command's end, unless what follows can only belong to it."""
        self._end_word()
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        rest = self.text[self.at : self.at + 8]
        if not rest or rest[0] == "#" or rest.startswith("// ") or not self.words:
            return
        if _OPTION.match(rest) or rest[0] in f"'\"{_SINGLE}{_DOUBLE}" or rest.startswith("http"):
            self.notes.append(_CONTINUED)
        elif rest[0] not in "|;&<>()`$":
            raise self._more_than_one(rest)

    def _more_than_one(self, rest: str) -> InputError:
        if rest.startswith("curl"):
            why = f"Line {self._line} begins another curl, and the lab imports one request at once."
            return InputError("There is more than one command.", why, "Paste one after the other.")
        return InputError(
            what=f"Line {self._line} does not belong to the curl command.",
            why="The line above it has no backslash at its end, so the command ends there; "
            "and this line is no option of curl.",
            remedy="Paste the command alone, without what it answers and without other commands.",
        )

    @property
    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _backslash(self) -> None:
        rest = self.at + 1
        if rest >= len(self.text):
            self.notes.append("The command ends in a backslash: a line may be missing at its end.")
            self.at = rest
        elif self.text[rest] == "\n":
            self.at = rest + 1
        elif blanks := _BLANKS.match(self.text, rest):
            after = self.text[blanks.end() : blanks.end() + 2]
            ends = not after or after[0] in "\n\\"
            if ends or self.parts is None or _OPTION.match(after):
                self._end_word()
                self.notes.append(_LOST)
                self.at = blanks.end() + (after[:1] == "\n")
            else:
                self._add(self.text[rest], rest + 1)
        else:
            self._add(self.text[rest], rest + 1)

    # --- quotes ---------------------------------------------------------------------------------

    def _single(self) -> None:
        begin = self.at + 1
        end = self.text.find("'", begin) if self.text[self.at] == "'" else -1
        if end < 0:
            # Opened by a curly quote, or closed by one.
            closing = _CLOSES_SINGLE.search(self.text, begin)
            if closing is None:
                raise self._left_open("single quote (')")
            end = closing.start()
        self._add(self.text[begin:end], end + 1)

    def _double(self, plain: re.Pattern[str]) -> None:
        begin, self.at = self.at, self.at + 1
        self._add("", self.at)
        while True:
            found = plain.match(self.text, self.at)
            assert found is not None  # noqa: S101  (it matches nothing, too)
            self._add(found[0], found.end())
            char = self.text[self.at : self.at + 1]
            if char == "\\":
                self._backslash_in_double()
            elif char == "$":
                self._dollar(quoted=True)
            elif char == "`":
                raise self._backticks()
            elif char:
                self.at += 1
                return
            elif self._ends_in_escaped_quote():
                return
            else:
                self.at = begin
                raise self._left_open('double quote (")')

    def _ends_in_escaped_quote(self) -> bool:
        """Whether the backslash before the last quote was meant for a line break."""
        parts = self.parts or []
        if len(parts) < 2 or parts[-1].strip() or parts[-2] != '"':
            return False
        del parts[-2:]
        self.notes.append("The backslash before the last double quote was taken out.")
        return True

    def _backslash_in_double(self) -> None:
        escaped = self.text[self.at + 1 : self.at + 2]
        if escaped == "\n":
            self.at += 2
        elif escaped and escaped in f'$`"\\{_DOUBLE}':
            self._add(escaped, self.at + 2)
        else:
            self._add("\\", self.at + 1)

    def _ansi_c(self) -> None:
        found = _ANSI_C.match(self.text, self.at + 2)
        assert found is not None  # noqa: S101  (it matches nothing, too)
        if not self.text.startswith("'", found.end()):
            raise self._left_open("single quote ($')")
        self._add(unescaped(found[0]), found.end() + 1)

    # --- what only a shell can do ---------------------------------------------------------------

    def _dollar(self, *, quoted: bool) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if not quoted and following == "'":
            self._ansi_c()
        elif not quoted and following == '"':
            self.at += 1  # $"…": text to be translated, else as "…"
        elif found := _VARIABLE.match(self.text, self.at):
            name = found[1] or found[2]
            value = self.variable(name)
            if value is None:
                raise self._unknown_variable(name)
            self._add(value, found.end())
        elif following == "(":
            raise self._refused(
                "a command substitution ($(…))", "A shell would run what stands in it"
            )
        elif following == "{" or following.isdigit() or following in tuple("?$!@*#-"):
            raise self._refused("a shell expansion ($…)", "Only a shell knows what it stands for")
        else:
            self._add("$", self.at + 1)

    def _operator(self, char: str) -> None:
        if char == "<" and (found := _PLACEHOLDER.match(self.text, self.at)):
            self._add(found[0], found.end())
            return
        if char == ">" and self.parts and self.parts[-1].endswith("_HERE"):
            self._add(">", self.at + 1)
            return
        if char == "&" and (found := _MORE_OF_A_QUERY.match(self.text, self.at)):
            before = self.parts[-1] if self.parts else ""
            self.in_query = self.in_query or ("://" in before and "?" in before)
            if self.parts and self.in_query:
                self.notes.append(_UNQUOTED)
                self._add(found[0], found.end())
                return
        pair = self.text[self.at : self.at + 2]
        name, why = _OPERATORS.get(pair) or _OPERATORS[char]
        raise InputError(
            what=f"There is {name} on line {self._line}, outside of quotes.",
            why=f"{why}, and the lab runs no programs: it reads one curl command.",
            remedy="Paste the curl command alone, up to there.",
        )

    def _backticks(self) -> InputError:
        return self._refused("a backtick (`)", "A shell would run what stands between two of them")

    def _refused(self, name: str, why: str) -> InputError:
        return InputError(
            what=f"There is {name} on line {self._line}.",
            why=f"{why}, and nothing that is pasted here is ever run.",
            remedy="Write the value itself in its place. In single quotes the sign is plain text.",
        )

    def _unknown_variable(self, name: str) -> InputError:
        return InputError(
            what=f"There is a shell variable on line {self._line}: ${name[:40]}.",
            why="Only the shell that it comes from knows its value. The lab knows variables such "
            "as $ACCESS_TOKEN, $CLIENT_ID and $CLIENT_SECRET.",
            remedy="Write the value itself in its place.",
        )

    def _left_open(self, quote: str) -> InputError:
        return InputError(
            what=f"The {quote} on line {self._line} is never closed.",
            why="The end of the command is missing, or there is a quote too many.",
            remedy="Copy the whole command again, to its last line.",
        )
