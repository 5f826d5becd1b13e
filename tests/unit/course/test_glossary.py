"""The words of the course: found however one writes them, and the same in notebook and page."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import lc_tutorial as lc
from lc_tutorial.course.glossary import terms
from lc_tutorial.errors import InputError

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("redirect URI", "redirect URI"),
        ("Redirect-Uri", "redirect URI"),
        ("redirect_uri", "redirect URI"),
        ("callback URL", "redirect URI"),
        ("CLIENT ID", "client identifier"),
        ("Server-side app", "confidential client"),
        ("access tokens", "access token"),
        ("scopes", "scope"),
        ("authorisation server", "authorization server"),
        ("pat", "personal access token"),
        ("code_verifier", "PKCE"),
        ("basic", "Basic"),
        ("token", "access token"),
        ("client", "client"),
        ("app", "client"),
    ],
)
def test_a_word_is_found_however_it_is_written(word: str, name: str) -> None:
    (term,) = lc.glossary(word).terms
    assert term.name == name


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("redirct uri", "redirect URI"),
        ("refresh tokne", "refresh token"),
        ("pkec", "PKCE"),
        ("introspect", "inspect"),
    ],
)
def test_a_near_miss_names_what_may_be_meant(word: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        lc.glossary(word)
    assert meant in caught.value.remedy


@pytest.mark.parametrize("word", ["", "zebra", "<b>"])
def test_what_is_not_there_is_said(word: str) -> None:
    with pytest.raises(InputError, match=r"lc\.glossary\(\) lists all of them"):
        lc.glossary(word)


def test_all_of_them_are_listed() -> None:
    shown = lc.glossary()
    assert len(shown.terms) == len(terms()) > 30
    assert "redirect URI: Where the browser brings the code." in repr(shown)
    assert 'href="https://www.rfc-editor.org/rfc/rfc7636#section-4.2"' in shown._repr_html_()


def test_no_word_is_there_twice_and_none_is_another_one_s() -> None:
    names = [term.name.casefold() for term in terms()]
    assert len(names) == len(set(names))
    ways = [way.casefold() for term in terms() for way in {term.name, *term.also}]
    assert len(ways) == len(set(ways))


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
def test_each_is_short_and_its_sources_lead_somewhere(term) -> None:  # type: ignore[no-untyped-def]
    assert 5 < len(term.text.split()) < 75
    assert term.text.endswith(".")
    for source in term.sources:
        assert re.fullmatch(r"(6749|6750|7009|7617|7636|7662|9700) [\d.]+|2\.1 [A-Z].+", source)


def test_the_words_that_a_text_refers_to_are_there() -> None:
    for term in terms():
        for word in re.findall(r"See \*([^*]+)\*", term.text):
            assert lc.glossary(word)


def test_the_page_is_made_of_the_same_words() -> None:
    spec = spec_from_file_location("glossary_page", ROOT / "docs" / "glossary.py")
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run python docs/glossary.py"
