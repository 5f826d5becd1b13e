"""Which tests use what Windows has not: there they are skipped, and the reason is said.

Found by reading them, so that nobody has to remember: a test is one of them if it, or what it uses
of its own file, a helper or a fixture, has one of these words. The product has none of them outside
of ``lc_tutorial/system``; there, tests try the ways of Windows on the other systems.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

#: What Windows has not: signals, forks, modes, links without a right to them, devices, sh; and
#: calls by which the product asks the other two alone.
WORDS = re.compile(
    r"\bSIG(KILL|STOP|CONT|USR\d|XFSZ)\b|send_signal\(|\bkillpg\b|\bos\.fork\b|preexec_fn"
    r"|\bumask\b|chmod\(|S_IMODE|symlink_to|mkfifo|getuid|setrlimit|\bresource\b|\bpty\b|\bfcntl\b"
    r"|geteuid|fchmod|\bexecv\b|\bos, [\"']kill[\"']|num_fds|\bwaitpid\b|statvfs"
    r"|/dev/|/bin/|/proc\b|[\"'](sh|bash|dash|zsh|linux|darwin)[\"']|\bmortal\b|\.refused\b(?! ==)"
)

REASON = "it uses what Windows has not"


def skip(items: list[pytest.Item]) -> None:
    """Mark those tests to be skipped. To be called on Windows only."""
    for item in items:
        function = getattr(item, "originalname", "") or item.name
        owner = getattr(getattr(item, "cls", None), "__name__", function)
        if {function, owner} & names(item.path):
            item.add_marker(pytest.mark.skip(reason=REASON))


@cache
def names(path: Path) -> frozenset[str]:
    """The names of what a file makes that uses such a thing, itself or by others."""
    return using(path.read_text(encoding="utf-8"))


def using(program: str) -> frozenset[str]:
    """As :func:`names`, for the text of a file."""
    made = dict(_made(program))
    found = {name for name, (text, _) in made.items() if WORDS.search(text)}
    while more := {name for name, (_, uses) in made.items() if uses & found} - found:
        found |= more
    return frozenset(found)


def _made(program: str) -> "list[tuple[str, tuple[str, set[str]]]]":
    """What a file makes at its top: each name with its text, and the words in that."""
    made = []
    for node, text in at_the_top(program):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for each in targets if isinstance(each, ast.Name)]
        elif isinstance(node, ast.ImportFrom) and WORDS.search(node.module or ""):
            names = [alias.asname or alias.name for alias in node.names]
        else:
            continue
        words = set(re.findall(r"\w+", text))
        made += [(name, (text, words)) for name in names]
    return made


def at_the_top(program: str) -> Iterator[tuple[ast.stmt, str]]:
    """The statements of a file, each with its lines, those of what decorates it too."""
    lines = program.splitlines()
    for node in ast.parse(program).body:
        above = [each.lineno for each in getattr(node, "decorator_list", [])]
        yield node, "\n".join(lines[min([node.lineno, *above]) - 1 : node.end_lineno])
