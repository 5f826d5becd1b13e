"""Where a text stops being JSON, said in the same way by every Python."""

import json

_COMMA = "Illegal trailing comma"


def at_the_same_place(problem: json.JSONDecodeError) -> json.JSONDecodeError:
    """What Python's reader said, as all versions of Python say it.

    From 3.13 on it points at the comma before a closing bracket and has words of its own for it,
    earlier at the bracket. Source: Python's "What's New" 3.13, json.

    >>> try:
    ...     json.loads('{"limit": 10,}')
    ... except json.JSONDecodeError as problem:
    ...     print(at_the_same_place(problem))
    Expecting property name enclosed in double quotes: line 1 column 14 (char 13)
    """
    if not problem.msg.startswith(_COMMA):
        return problem
    behind = problem.doc[problem.pos + 1 :]
    bracket = problem.pos + 1 + len(behind) - len(behind.lstrip())
    of_object = problem.msg.endswith("object")
    said = "Expecting property name enclosed in double quotes" if of_object else "Expecting value"
    return json.JSONDecodeError(said, problem.doc, bracket)
