"""``lc.glossary``: the standard's words beside the platform's, in a sentence or two each.

They are in ``glossary.toml``. The page ``docs/glossary.md`` is made of the same file.
"""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from html import escape
from pathlib import Path

import msgspec

from lc_tutorial.course.inline import as_html, as_plain
from lc_tutorial.errors import InputError

_LEFT = 'style="text-align: left; vertical-align: top"'

#: OAuth 2.1 is a draft: its chapters keep their names, not their numbers.
_DRAFT = "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1"


class Term(msgspec.Struct, forbid_unknown_fields=True):
    """A word.

    Attributes:
        name: as the standard has it, or, where only the platform has it, as it is there.
        text: a plain sentence or two, with `code` and *emphasis*.
        sources: where the standard says what, and why, such as ``"6749 3.1.2"``.
        also: other ways to write it.
        platform: what the platform calls it, where that is another word.
    """

    name: str
    text: str
    sources: list[str]
    also: list[str] = []
    platform: str = ""

    @property
    def references(self) -> list[tuple[str, str]]:
        """Where the standard says what and why: in words, and the address."""
        return [_reference(source) for source in self.sources]


@dataclass(frozen=True)
class Glossary:
    """Words, which a notebook shows as a table."""

    terms: tuple[Term, ...]

    def __repr__(self) -> str:
        return "\n".join(map(_line, self.terms))

    def _repr_html_(self) -> str:
        heads = "".join(
            f'<th scope="col" {_LEFT}>{head}</th>'
            for head in ("Word", "On the platform", "What it is", "Where it stands")
        )
        rows = "".join(map(_row, self.terms))
        return (
            f'<div class="lc-glossary"><table><thead><tr>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )


def glossary(word: str | None = None) -> Glossary:
    """Explain a word of the course, or list all of them.

    Args:
        word: as you know it: the standard's or the platform's, in any case, with or without
            hyphens; all words, if not given.

    Raises:
        InputError: it is not in the glossary; the error names those that are like it.
    """
    if word is None:
        return Glossary(terms())
    wanted = _comparable(str(word))
    names = _names()
    found = names.get(wanted) or names.get(wanted.removesuffix("s"))
    if found is not None:
        return Glossary((found,))
    near = get_close_matches(wanted, names, n=5, cutoff=0.6)
    near += [name for name in names if wanted and wanted in name]
    meant = list(dict.fromkeys(names[name].name for name in near))[:3]
    hint = f"Is {' or '.join(meant)} meant? " if meant else ""
    raise InputError(
        what=f"The glossary has no word {str(word)[:60]!r}.",
        why="It has those that the course uses.",
        remedy=f"{hint}lc.glossary() lists all of them.",
    )


@cache
def terms() -> tuple[Term, ...]:
    """All words, in the order of the alphabet."""
    path = Path(__file__).with_name("glossary.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    found = msgspec.convert(data["term"], list[Term])
    return tuple(sorted(found, key=lambda term: term.name.lower()))


@cache
def _names() -> dict[str, Term]:
    """Each way to write a word; a word's own name before what others are also called."""
    names: dict[str, Term] = {}
    for term in terms():
        names.setdefault(_comparable(term.name), term)
    for term in terms():
        for other in (*term.also, term.platform):
            names.setdefault(_comparable(other), term)
    names.pop("", None)
    return names


def _comparable(word: str) -> str:
    """Case, hyphens, blanks and British spelling don't count."""
    return re.sub(r"[^a-z0-9]", "", word.casefold().replace("authoris", "authoriz"))


def _reference(source: str) -> tuple[str, str]:
    number, _, section = source.partition(" ")
    if number == "2.1":
        return f"OAuth 2.1, “{section}”", _DRAFT
    return (
        f"RFC {number}, section {section}",
        f"https://www.rfc-editor.org/rfc/rfc{number}#section-{section}",
    )


def _line(term: Term) -> str:
    called = f" (on the platform: {term.platform})" if term.platform else ""
    stands = "; ".join(words for words, _ in term.references)
    return f"{term.name}{called}: {as_plain(term.text)}" + (f" [{stands}]" if stands else "")


def _row(term: Term) -> str:
    links = "<br>".join(
        f'<a href="{escape(address)}" target="_blank" rel="noopener">{escape(words)}</a>'
        for words, address in term.references
    )
    cells = (as_html(term.platform) or "the same word", as_html(term.text), links or "–")
    return f'<tr><th scope="row" {_LEFT}>{escape(term.name)}</th>' + (
        "".join(f"<td {_LEFT}>{cell}</td>" for cell in cells) + "</tr>"
    )
