"""What was copied elsewhere becomes a request: a cURL command, or a URL.

Nothing that is pasted is ever run, and no file is read. Secrets in it go into the vault at once,
and the request has references in their place.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lc_tutorial.lab.importing.curl import read_curl
from lc_tutorial.lab.importing.pasted_url import read_address
from lc_tutorial.lab.importing.placeholders import (
    is_named_like_itself,
    replaced,
    replaced_variables,
)
from lc_tutorial.lab.importing.schemes import (
    PERSONAL,
    Question,
    question_about,
    read_authorization,
    with_authorization,
)
from lc_tutorial.lab.importing.shell_words import split
from lc_tutorial.lab.importing.unwrapping import Kind, check, unwrapped
from lc_tutorial.lab.importing.values import what_is_hidden, with_plain_values
from lc_tutorial.lab.names import name_of
from lc_tutorial.lab.recorded import with_references
from lc_tutorial.lab.request import (
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Pairs,
    Request,
    TextBody,
)
from lc_tutorial.lab.vault import MEANINGS, PUBLIC, Vault


@dataclass(frozen=True)
class Imported:
    """What came out.

    Attributes:
        request: to edit and to send.
        notes: what was mended, filled in and left out, as sentences for the learner.
        question: about the scheme, where it is open which one is meant.
    """

    request: Request
    notes: tuple[str, ...] = ()
    question: Question | None = None

    @property
    def asks_scheme(self) -> bool:
        """Whether it is open which token is meant.

        An access token goes with Bearer. The samples of the platform say Basic since version 3.5,
        which goes with a personal access token; an access token is refused there.
        """
        return self.question is not None

    def with_scheme(self, scheme: Literal["bearer", "basic"]) -> Request:
        """The request with the answer to that question; as it is, where there is none."""
        if self.question is None:
            return self.request
        chosen = self.question.bearer if scheme == "bearer" else self.question.basic
        return with_authorization(self.request, chosen)


def import_request(text: str, vault: Vault) -> Imported:
    """Read a cURL command or a URL.

    Args:
        text: as it was pasted.
        vault: has what the learner has, for placeholders; and gets the secrets in the text.

    Raises:
        InputError: it is something else, or can't be imported; what, why, and what to do.
    """
    check(text)
    notes: list[str] = []
    placeholders: dict[str, str | None] = {}
    request = _read(text, notes, placeholders, vault)
    request = _filled(request, placeholders)
    notes += _of_placeholders(placeholders, vault)
    request = with_plain_values(request, notes)
    named = set(request.references)
    request, doubted = read_authorization(request, notes)
    notes += what_is_hidden(request)
    request = with_references(request, vault)
    if doubted and request.authorization == Bearer(PERSONAL.password):
        # It looked like an access token, and is the personal one that the learner has.
        request, doubted = with_authorization(request, PERSONAL), False
    question = question_about(request, vault, doubted=doubted)
    notes += _of_secrets(name for name in request.references if name not in named)
    notes += [
        f"{{{{{name}}}}} has no value yet: enter it below."
        for name in vault.missing(request)
        if name not in MEANINGS
    ]
    if question is None:
        return Imported(request, tuple(dict.fromkeys(notes)))
    notes.append(question.note)
    return Imported(request, tuple(dict.fromkeys(notes)), question)


def _read(
    text: str, notes: list[str], placeholders: dict[str, str | None], vault: Vault
) -> Request:
    kind, text = unwrapped(text, notes)
    # Before anything is decoded: the beginning of %ACCESS_TOKEN% would be an encoded character.
    text = replaced_variables(text, placeholders.__setitem__)
    if kind is Kind.URL:
        address, query, authorization = read_address(text, notes)
        return Request(url=address, query=query, authorization=authorization)
    words = split(text, _variables(vault))
    request, more = read_curl(words.words[1:])
    notes += [*words.notes, *more]
    return request


# --- Placeholders ---------------------------------------------------------------------------------


def _variables(vault: Vault) -> Callable[[str], str | None]:
    """What stands for a shell variable: ``$ACCESS_TOKEN`` is a reference to the access token."""

    def variable(name: str) -> str | None:
        known = name_of(name)
        if known is None and vault.value(name.lower()) is not None:
            known = name.lower()
        return None if known is None else f"{{{{{known}}}}}"

    return variable


def _filled(request: Request, found: dict[str, str | None]) -> Request:
    """References in the place of placeholders; all of these are added to what was found."""

    def fill(text: str) -> str:
        return replaced(text, found.__setitem__)

    def field(name: str, value: str) -> str:
        # code=code: the name in the place of the value. Not response_type=code.
        if is_named_like_itself(name, value):
            found[value] = name_of(value)
            return f"{{{{{found[value]}}}}}"
        return fill(value)

    def pairs(each: Pairs) -> Pairs:
        return tuple((name, field(name, value)) for name, value in each)

    def filled(body: Body) -> Body:
        match body:
            case FormBody(fields):
                return FormBody(pairs(fields))
            case JsonBody(text):
                return JsonBody(fill(text))
            case TextBody(text):
                return TextBody(fill(text))
        return None

    authorization = request.authorization
    match authorization:
        case Bearer(token):
            authorization = Bearer(fill(token))
        case Basic(user, password):
            authorization = Basic(fill(user), fill(password))
    return replace(
        request,
        url=fill(request.url),
        query=pairs(request.query),
        headers=pairs(request.headers),
        authorization=authorization,
        body=filled(request.body),
    )


def _of_placeholders(found: Mapping[str, str | None], vault: Vault) -> Iterator[str]:
    for placeholder, name in found.items():
        if name is None:
            yield f"Nobody but you knows what {placeholder} stands for: write it below."
        elif vault.value(name) is not None:
            yield f"{placeholder} was taken for {MEANINGS[name]}, which you have."
        else:
            yield (
                f"{placeholder} was taken for {MEANINGS[name]}. You don't have it yet: do the step "
                "that gets it, or enter it below."
            )


# --- Secrets --------------------------------------------------------------------------------------


def _of_secrets(names: Iterable[str]) -> list[str]:
    return [
        f"{_meaning(name)} in it is {{{{{name}}}}} now, here and in all that is kept and copied. "
        "The value stays in the memory of this kernel."
        for name in names
        if name not in PUBLIC
    ]


def _meaning(name: str) -> str:
    numbered = re.fullmatch(r"(.+)_\d+", name)
    if numbered and numbered[1] in MEANINGS:
        return f"Another value for {MEANINGS[numbered[1]]}"
    meaning = MEANINGS.get(name, "the cookie" if name == "cookie" else "a secret")
    return f"{meaning[0].upper()}{meaning[1:]}"
