"""Nobody but this room asks which system it is, or calls what one of the three has not.

Not asked are the libraries, and ``course/standalone_list_chats.py``: that is the learner's file,
which has nothing of this package in it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import lc_tutorial

PACKAGE = Path(lc_tutorial.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
ROOM = "system/"
APART = {"course/standalone_list_chats.py"}

#: What says which system this is, or is not, or is something else, on one of the three.
NAMES = {
    "os": {
        *("name", "uname", "O_BINARY", "O_NOFOLLOW", "link", "symlink", "mkfifo", "umask"),
        *("remove", "unlink", "removedirs"),
        *("replace", "rename", "renames", "fsync", "sync", "chmod", "fchmod", "chown", "lchmod"),
        *("getuid", "geteuid", "getgid", "getlogin", "kill", "killpg", "fork", "forkpty"),
        *("setsid", "getsid", "getpgid", "setpgid", "register_at_fork", "startfile", "system"),
        *("execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe", "spawnv"),
    },
    "sys": {"platform", "getwindowsversion", "winver"},
    "socket": {"SO_REUSEADDR", "SO_REUSEPORT", "SO_EXCLUSIVEADDRUSE", "AF_UNIX"},
    "errno": {"EDQUOT", "WSAEACCES", "WSAEADDRINUSE", "EADDRINUSE"},
    "shutil": {"rmtree", "move"},
    "stat": {"S_IRWXU"},
}

#: Modules that one of the three has not, or that are all about the system.
IMPORTS = {
    *("ctypes", "fcntl", "grp", "msvcrt", "platform", "posix", "pty", "pwd", "resource", "signal"),
    *("termios", "winreg", "_winapi"),
}

#: Methods of a path, which do the same as a function of ``os``.
METHODS = {"rename", "chmod", "symlink_to", "hardlink_to"}

#: Such methods that take no other path.
BY_THEMSELVES = {"unlink"}

#: What ``subprocess`` takes on one of the three only.
OPTIONS = {"start_new_session", "creationflags", "preexec_fn", "startupinfo", "process_group"}


def tree(module: str) -> ast.AST:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def found(program: ast.AST) -> Iterator[str]:
    """What a module asks or calls of these, with the lines."""
    for node in ast.walk(program):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            yield from (f"{line}: import {name}" for name in names & IMPORTS)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = (node.module or "").partition(".")[0]
            names = {alias.name for alias in node.names} & NAMES.get(module, set())
            yield from (f"{line}: from {module} import {name}" for name in names)
            if module in IMPORTS:
                yield f"{line}: from {module} import"
        elif isinstance(node, ast.Attribute):
            whole = ast.unparse(node)
            module, _, name = whole.partition(".")
            if name in NAMES.get(module, set()):
                yield f"{line}: {whole}"
        elif isinstance(node, ast.Call):
            yield from (f"{line}: {each}" for each in _called(node))


def _called(call: ast.Call) -> Iterator[str]:
    yield from (f"{key.arg}=" for key in call.keywords if key.arg in OPTIONS)
    if isinstance(call.func, ast.Name) and call.func.id in ("hasattr", "getattr") and call.args:
        whose, name = call.args[0], call.args[1] if len(call.args) > 1 else None
        if isinstance(whose, ast.Name) and whose.id in NAMES:
            yield f"{call.func.id}({whose.id}, {ast.unparse(name) if name else ''})"
    if isinstance(call.func, ast.Attribute):
        alone = len(call.args) == 1 and not call.keywords
        # With one argument it is a path's: a text's has two, a moment's has names.
        if call.func.attr == "replace" and alone and not _is_of_room(call.func.value):
            yield f"{ast.unparse(call.func)}({ast.unparse(call.args[0])})"
        if call.func.attr in METHODS and alone:
            yield f"{ast.unparse(call.func)}()"
        if call.func.attr in BY_THEMSELVES:
            yield f"{ast.unparse(call.func)}()"


def _is_of_room(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "system"


def test_nobody_else_asks_for_a_system() -> None:
    others = [each for each in MODULES if not each.startswith(ROOM) and each not in APART]
    assert len(others) > 400
    assert {each: all_found for each in others if (all_found := [*found(tree(each))])} == {}


@pytest.mark.parametrize(
    "program",
    [
        "import os\nif os.name == 'nt': pass",
        "from sys import platform",
        "import sys\nsys.platform",
        "import fcntl",
        "def f():\n    from ctypes import CDLL",
        "import os\nhasattr(os, 'getuid')",
        "import errno\ngetattr(errno, 'EDQUOT', 0)",
        "import os\nos.replace(a, b)",
        "path.replace(other)",
        "Path('a').rename('b')",
        "path.chmod(0o600)",
        "path.unlink(missing_ok=True)",
        "import os\nos.remove(path)",
        "import shutil\nshutil.rmtree(path, ignore_errors=True)",
        "subprocess.Popen(command, start_new_session=True)",
        "import socket\nsocket.SO_REUSEADDR",
    ],
)
def test_it_would_be_found(program: str) -> None:
    assert len(list(found(ast.parse(program)))) >= 1


@pytest.mark.parametrize(
    "program",
    [
        "'a'.replace('b', 'c')",
        "moment.replace(tzinfo=UTC)",
        "system.replace(a, b)",
        "system.remove(path)",
        "names.remove('a')",
        "frame.rename(columns=names)",
        "import os\nos.environ, os.path, os.getpid()",
    ],
)
def test_what_is_the_same_everywhere_is_not(program: str) -> None:
    assert list(found(ast.parse(program))) == []


# --- Texts --------------------------------------------------------------------------------------

#: What reads or writes text in the system's own encoding, where none is named.
_TEXT = {"open", "read_text", "write_text", "fdopen", "TextIOWrapper", "NamedTemporaryFile"}
_PROGRAMS = {"Popen", "run", "check_output"}


def without_encoding(program: ast.AST) -> Iterator[str]:
    """Calls that leave it to the system how characters become bytes."""
    for node in ast.walk(program):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        keys = {key.arg: key.value for key in node.keywords}
        if "encoding" in keys:
            continue
        is_path_s = called in ("read_text", "write_text")
        is_text = any(key in keys for key in ("text", "universal_newlines"))
        if is_path_s or (called in _PROGRAMS and is_text):
            yield f"{node.lineno}: {ast.unparse(node)[:60]}"
        elif called in _TEXT and isinstance(node.func, ast.Name):
            mode = keys.get("mode", node.args[1] if len(node.args) > 1 else None)
            if not (isinstance(mode, ast.Constant) and "b" in str(mode.value)):
                yield f"{node.lineno}: {ast.unparse(node)[:60]}"


def test_each_text_has_its_encoding() -> None:
    """On Windows the system's own is another one in each country."""
    assert {each: left for each in MODULES if (left := [*without_encoding(tree(each))])} == {}


@pytest.mark.parametrize(
    "program",
    [
        "open(path)",
        "open(path, 'w')",
        "path.read_text()",
        "path.write_text(text)",
        "subprocess.run(command, text=True)",
    ],
)
def test_one_without_would_be_found(program: str) -> None:
    assert len(list(without_encoding(ast.parse(program)))) == 1
