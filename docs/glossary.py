"""Writes glossary.md, the page of the course's words, from what lc.glossary shows.

python docs/glossary.py
"""

from pathlib import Path

from lc_tutorial.course.glossary import Term, terms

PAGE = Path(__file__).with_name("glossary.md")

_HEAD = """# Glossary

The words of the standard beside those of the platform. In a notebook, `lc.glossary("redirect URI")`
shows one of them.

<!-- Made from lc_tutorial/course/glossary.toml by python docs/glossary.py: change it there. -->
"""


def page() -> str:
    """Return the page, in Markdown."""
    return "\n".join([_HEAD, *map(_entry, terms())])


def _entry(term: Term) -> str:
    called = f"On the platform: {term.platform}.\n\n" if term.platform else ""
    links = ", ".join(f"[{words}]({address})" for words, address in term.references)
    stands = f"\n\n{links}." if links else ""
    return f"## {term.name}\n\n{called}{term.text}{stands}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
