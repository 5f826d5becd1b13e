"""Writes README's list of the methods that the sandbox imitates, from its code.

python docs/methods.py
"""

from pathlib import Path

from starlette.routing import Route

from lc_tutorial.sandbox.api import API_NAMES, CATALOGUE, Api, Documented
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.world import Sandbox, Version

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- made by make methods -->", "<!-- end of what make methods makes -->"


def imitated(api: Api) -> frozenset[str]:
    """Return the methods of an API that the sandbox answers."""
    for route in create_app(Sandbox()).routes:
        if isinstance(route, Route) and route.path == f"/v{{version}}/{api}/action/{{action}}":
            return frozenset(route.endpoint.actions)
    raise LookupError(api)


def listed() -> str:
    """Return the list, in Markdown."""
    parts = [part for api in CATALOGUE for part in _of(api)]
    return "\n\n".join([BEGIN, *parts, END])


def _of(api: Api) -> list[str]:
    methods, here = CATALOGUE[api].values(), imitated(api)
    there = [method for method in methods if method.name in here]
    lacking = [method for method in methods if method.name not in here]
    groups = dict.fromkeys(method.group for method in there)
    lines = [
        f"- {group}: {_named([method for method in there if method.group == group])}."
        for group in groups
    ]
    if not lacking:
        return [f"**{API_NAMES[api]}**, all its {len(there)} methods:", "\n".join(lines)]
    return [
        f"**{API_NAMES[api]}**, {len(there)} of {len(there) + len(lacking)} methods:",
        "\n".join(lines),
        f"<details><summary>The {len(lacking)} that it does not imitate</summary>\n\n"
        f"{_named(lacking)}.\n\n</details>",
    ]


def _named(methods: list[Documented]) -> str:
    return ", ".join(f"`{method.name}`{_versions(method)}" for method in methods)


def _versions(method: Documented) -> str:
    if (method.since, method.until) == (min(Version), max(Version)):
        return ""
    if method.since == method.until:
        return f" ({method.since.number} only)"
    if method.until == max(Version):
        return f" (from {method.since.number} on)"
    return f" (up to {method.until.number})"


def put_into(readme: str) -> str:
    """Return README's text with the list in its place."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"README has no place for the list, between {BEGIN} and {END}.")
    return before + listed() + after


if __name__ == "__main__":
    README.write_text(put_into(README.read_text(encoding="utf-8")), encoding="utf-8")
