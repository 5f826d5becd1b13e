"""What the course gives, used in another way than it can be: a name that it has not, a call.

Python says what it can't do; this says what was meant. What is the learner's own is left to Python.
"""

import builtins
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from types import FunctionType, MethodType, ModuleType, TracebackType
from typing import Any

import requests

from lc_tutorial.course import columns, makers
from lc_tutorial.course.as_it_stood import CALLS, LINES, line_of
from lc_tutorial.course.cells import asked_for, failed_itself, failing_text, named_in, namespace_of
from lc_tutorial.errors import TutorialError
from lc_tutorial.masking import Secret
from lc_tutorial.messages import json_object

_PACKAGE = __name__.partition(".")[0]
_NO_SUCH_NAME = re.compile(rf"No {_PACKAGE} attribute (\w+)")
_NO_SETTER = re.compile(r"property '(\w+)' of '(\w+)' object has no setter")
_WRONG_CALL = re.compile(r"[\w.<>]+\(\) (?:missing|got|takes) ")
_NEEDS = re.compile(r"missing \d+ required (?:positional|keyword-only) arguments?: (.+)")
_UNKNOWN = re.compile(r"got an unexpected keyword argument '(\w+)'")
_NO_FUNCTION = re.compile(r"'(\w+)' object is not callable")
_NO_ITEMS = re.compile(r"'(\w+)' object is not subscriptable")
_NO_ITEMS_OF_A_FUNCTION = re.compile(
    r"'(?:builtin_function_or_)?(?:function|method)' object is not subscriptable"
)
_NO_TEXT = re.compile(r'can only concatenate str \(not "(\w+)"\) to str')
_CALLED = re.compile(r"([A-Za-z_][\w.]*)\s*\(")


class Misused(TutorialError):
    """A name of the course was used in a way that it does not have."""


def attribute(problem: AttributeError, trace: TracebackType | None) -> TutorialError | None:
    """What is meant by a name behind a dot that is not there.

    Args:
        problem: what the cell raised.
        trace: of it.

    Returns:
        None, if neither the name before the dot nor what it stands for is the course's.
    """
    if missing := _NO_SUCH_NAME.fullmatch(str(problem)):
        return _no_such_name("lc", missing[1], _names_of(namespace_of(trace).get("lc")))
    if not asked_for(trace):
        return None
    if fixed := _NO_SETTER.search(str(problem)):
        return Misused(
            what=f"{fixed[1]} can't be set like this.",
            why=f"A {fixed[2]} has it from what was entered or received.",
            remedy="Change it in the form, and press the form's button.",
        )
    name, value = problem.name or "", problem.obj
    called = next((each for each, is_ in named_in(trace).items() if is_ is value), "")
    if isinstance(value, Secret):
        return Misused(
            what=f"A secret has no .{name}.",
            why="It is the text itself. It shows as dots, and is sent as it is.",
            remedy=f"Leave .{name} out.",
        )
    if _is_ours(value) and not isinstance(value, FunctionType | MethodType | type):
        names = _names_of(value)
        if called in LINES and not _near(name, names):
            return _replaced(called, name, value)
        return _no_such_name(called or f"A {type(value).__name__}", name, names)
    if called in LINES:
        return _replaced(called, name, value)
    return _of_others(called, name, value)


def _no_such_name(owner: str, name: str, names: list[str]) -> Misused:
    near = _near(name, names)
    return Misused(
        what=f"{owner} has no {name[:60]}.",
        why="It is spelt in another way, or belongs to something else.",
        remedy=f"Is {near} meant?" if near else f"It has {', '.join(names)}.",
    )


def _near(name: str, names: Iterable[str]) -> str:
    """The name that is meant, most likely; empty if none is near."""
    lowered = {each.lower(): each for each in names}
    near = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    near = near or [each for each in lowered if name.lower() in each][:1]
    return lowered[near[0]] if near else ""


def _replaced(called: str, name: str, value: Any) -> Misused:
    """A name of the notebook that stands for something else by now."""
    kind = "a function" if isinstance(value, FunctionType | MethodType) else _a(type(value))
    if isinstance(value, type):
        kind = f"the class {value.__name__} itself"
    forgotten = " Its brackets are missing." if callable(value) else ""
    return Misused(
        what=f"{called} is not what {makers.place_of(called)} makes.",
        why=f"It is {kind} now, which has no {name[:60]}.{forgotten}",
        remedy=f"Write the line as it stood, and run its cell again: {line_of(called)}",
    )


def _of_others(called: str, name: str, value: Any) -> TutorialError | None:
    """What requests and pandas gave, and a dict of JSON: a name that is a little different."""
    if isinstance(value, requests.Response):
        fields = json_object(value)
        if name in fields and called:
            return Misused(
                what=f"{called} has no {name[:60]} of its own.",
                why="It is the whole answer, with its status and its headers.",
                remedy=f'Its JSON has the field: {called}.json()["{name}"]',
            )
        return _no_such_name(called or "An answer", name, _public(value))
    if value is requests:
        methods = ["get", "post", "delete", "put", "patch", "head", "Session"]
        return _no_such_name(called, name, methods) if called else None
    if isinstance(value, dict) and name in value and called:
        return Misused(
            what=f"{called} has {name[:60]}, but not behind a dot.",
            why="It is a dict, as JSON makes them.",
            remedy=f'Write {called}["{name}"].',
        )
    if hasattr(value, "columns") and _near(name, map(str, value.columns)):
        return columns.no_column(name, [str(each) for each in value.columns])
    return None


def _public(value: object) -> list[str]:
    return [name for name in dir(value) if not name.startswith("_")]


def call(problem: TypeError, trace: TracebackType | None) -> TutorialError | None:
    """What is meant by a call or by brackets that Python can't make sense of.

    Args:
        problem: what the cell raised.
        trace: of it.

    Returns:
        None, if it is not the course's.
    """
    if not failed_itself(trace):
        return None
    said, text = str(problem), failing_text(trace)
    if _WRONG_CALL.match(said):
        return _wrong_arguments(said, text, trace)
    if joined := _NO_TEXT.match(said):
        return _no_text(joined[1], named_in(trace))
    root = re.split(r"[.\[(]", text, maxsplit=1)[0]
    if hasattr(builtins, root) or root not in makers.all_names():
        return None  # Who gave the name of one of Python's functions away means the function.
    if no_function := _NO_FUNCTION.fullmatch(said):
        given = _a_name(no_function[1])
        value = text[: text.rfind("(")] if "(" in text else root
        return Misused(
            what=f"{value} is no function.",
            why=f"It is {given}, and what follows it in round brackets would call it.",
            remedy=f"Leave the brackets out: {value}",
        )
    if _NO_ITEMS_OF_A_FUNCTION.fullmatch(said):
        before, bracket, rest = text.rpartition("[") if "[" in text else (root, "", "")
        return Misused(
            what=f"{before} is a function.",
            why="It has no parts in square brackets; what it returns has.",
            remedy=f"Call it first: {before}(){bracket}{rest}",
        )
    if no_items := _NO_ITEMS.fullmatch(said):
        return _not_with_brackets(no_items[1], root, text, namespace_of(trace).get(root))
    return None


def _wrong_arguments(said: str, text: str, trace: TracebackType | None) -> Misused | None:
    found = _CALLED.match(text)
    target = _resolved(found[1], namespace_of(trace)) if found else None
    if found is None or target is None or not _is_ours(target):
        return None
    name = found[1]
    needs, unknown = _NEEDS.search(said), _UNKNOWN.search(said)
    if needs:
        why = f"It needs {needs[1].replace(chr(39), '')}."
    elif unknown:
        why = f"It takes no {unknown[1]}."
    else:
        why = "It was given more than it takes."
    return Misused(
        what=f"{name} can't be called like this.",
        why=why,
        remedy=f"Write it so: {CALLS.get(name) or _usage(name, target)}",
    )


def _no_text(kind: str, named: Mapping[str, Any]) -> Misused | None:
    """Something of the course's that was to be a part of a text."""
    found = ((n, v) for n, v in named.items() if type(v).__name__ == kind and _is_ours(v))
    name, value = next(found, ("", None))
    if not name:
        return None
    return Misused(
        what=f"{name} is no text, and can't be put together with one.",
        why=f"It is {_a_name(kind)}, whose parts have names behind a dot.",
        remedy=f"Write the part that is meant: it has {', '.join(_names_of(value))}.",
    )


def _not_with_brackets(kind: str, root: str, text: str, value: Any) -> Misused | None:
    rest = text[len(root) :]
    if isinstance(value, requests.Response):
        return Misused(
            what=f"{root} has no fields of its own.",
            why="It is the whole answer, with its status and its headers.",
            remedy=f"Its JSON has the fields: {root}.json(){rest}",
        )
    if not _is_ours(value):
        return None
    item = rest.strip("[]\"'")
    names = _names_of(value)
    near = item if item in names else ""
    return Misused(
        what=f"{root} takes no square brackets.",
        why=f"It is {_a_name(kind)}, whose parts have names behind a dot.",
        remedy=f"Write {root}.{near}" if near else f"It has {', '.join(names)}.",
    )


# --- Whose it is --------------------------------------------------------------------------------


def _is_ours(value: Any) -> bool:
    if isinstance(value, ModuleType):
        return value.__name__ == _PACKAGE
    if isinstance(value, MethodType):
        value = value.__func__
    owner = value if isinstance(value, type | FunctionType) else type(value)
    return owner.__module__.split(".", 1)[0] == _PACKAGE


def _names_of(value: Any) -> list[str]:
    """The public names of something that is the course's own, without what it inherits."""
    if isinstance(value, ModuleType):
        return _public(value)
    owners = [each for each in type(value).__mro__ if _is_ours(each)]
    names = {name for each in owners for name in (*vars(each), *_fields_of(each))}
    return sorted(name for name in names if not name.startswith("_"))


def _fields_of(owner: type) -> tuple[str, ...]:
    return tuple(getattr(owner, "__dataclass_fields__", {}))


def _resolved(name: str, namespace: Any) -> Callable[..., Any] | None:
    """What a dotted name in the cell stands for, as long as it is the course's."""
    root, *rest = name.split(".")
    value = namespace.get(root)
    for each in rest:
        if not _is_ours(value):
            return None
        value = getattr(value, each, None)
    return value if callable(value) else None


def _usage(name: str, target: Callable[..., Any]) -> str:
    """How it is called: what it needs by position, and the rest by name."""
    given = inspect.signature(target).parameters.values()
    shown = [p.name if p.default is p.empty else f"{p.name}=…" for p in given]
    return f"{name}({', '.join(shown)})"


def _a(kind: type) -> str:
    return _a_name(kind.__name__)


def _a_name(kind: str) -> str:
    words = {"str": "text", "Secret": "text", "dict": "dict", "int": "number", "float": "number"}
    word = words.get(kind, kind)
    return f"an {word}" if word[0] in "AEIOUaeiou" else f"a {word}"
