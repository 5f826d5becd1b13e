"""The secrets that are known by their value, and where they stand in a text.

A value is known because somebody said so (:func:`remember`), or because it was displayed under a
name that says it (:func:`learn`). What turns out to be public is forgotten
(:func:`declare_public`).
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import chain

from lc_tutorial.masking.derived import Form, endings_of, forms_of, secrets_in
from lc_tutorial.masking.words import View
from lc_tutorial.system import after_fork

#: What stands in the place of a secret. Always as long, so that it tells nothing.
DOTS = "•" * 8

#: Shorter values are never remembered: masking them would eat ordinary text.
SHORTEST = 8

#: How many values that nobody vouched for are kept; the older half goes. And their characters.
_MOST_LEARNED, _LONGEST_LEARNED = 256, 4096

#: What programs write where they have no value: a word everywhere else.
_NO_VALUE = "undefined"

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-%"

#: Characters of the Base64 around a secret that go with it, on each side.
_AROUND = 1024

#: From where to where in a text.
Span = tuple[int, int]


class Forms:
    """The forms of some secrets, ready to be searched.

    However many words there are, a text is gone through once for all of them: it is cut into blocks
    of 8 letters, and whatever word stands in it, one of these blocks lies within that word whole.

    Attributes:
        secrets: themselves, as keys.
        beginnings: the secrets by their first three characters.
        starts: all their forms by the first three characters.
        endings: what a text with a secret at its end can end with, by its last four characters.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self.secrets: dict[str, None] = {}
        self.beginnings: dict[str, list[str]] = {}
        self.starts: dict[str, list[Form]] = {}
        self.endings: dict[str, list[str]] = {}
        self._texts: list[Form] = []
        self._words: dict[int, list[Form]] = {}
        self._shortest = 1 << 16
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Search for one more secret."""
        self.secrets[secret] = None
        self.beginnings.setdefault(secret[:3], []).append(secret)
        for end in endings_of(secret):
            self.endings.setdefault(end[-4:], []).append(end)
        for form in forms_of(secret):
            self.starts.setdefault(form.text[:3], []).append(form)
            for block in form.blocks:
                self._words.setdefault(block, []).append(form)
            if form.is_word:
                self._shortest = min(self._shortest, form.reach)
            else:
                self._texts.append(form)

    def find(self, view: View) -> Iterator[Span]:
        """Where the secrets stand in a text, in any of their forms."""
        for form in self._texts:
            if form.text in view.text:
                yield from _whole(form, view.data, _occurrences(view.text, form.text))
        if self._words:
            for reading in view.readings:
                yield from self._words_in(reading)

    def _words_in(self, view: View) -> Iterator[Span]:
        # Of long words one of every so many blocks is enough.
        blocks = view.blocks[:: max(1, (self._shortest - 7) // 8)]
        there = {id(forms): forms for forms in filter(None, map(self._words.get, blocks))}
        for form in dict.fromkeys(chain.from_iterable(there.values())):
            yield from _whole(form, view.data, _scattered(view, form.data))


class _Known:
    """What is known now."""

    def __init__(self) -> None:
        self._renew()
        after_fork(self._renew)
        self._remembered: set[str] = set()
        self._learned: OrderedDict[str, None] = OrderedDict()
        self._public: set[str] = set()
        self.forms = Forms()

    def _renew(self) -> None:
        self._lock = threading.Lock()

    def remember(self, value: str, *, certain: bool) -> None:
        for secret in secrets_in(str.__str__(value)):
            with self._lock:
                if certain:
                    self._public.discard(secret)
                if secret in self._remembered or not self._can_be(secret):
                    continue
                self._remembered.add(secret)
                if secret in self._learned:
                    del self._learned[secret]
                else:
                    self.forms.add(secret)

    def learn(self, values: Iterable[str]) -> None:
        different = [v for v in dict.fromkeys(values) if len(v) <= _LONGEST_LEARNED]
        for secret in chain.from_iterable(map(secrets_in, different[-_MOST_LEARNED:])):
            with self._lock:
                if secret in self.forms.secrets or not self._can_be(secret):
                    continue
                self._learned[secret] = None
                self.forms.add(secret)
                if len(self._learned) > _MOST_LEARNED:
                    for _ in range(_MOST_LEARNED // 2):
                        self._learned.popitem(last=False)
                    self._make_forms()

    def declare_public(self, values: Iterable[str]) -> None:
        public = {str.__str__(value) for value in values if value}
        with self._lock:
            self._public |= public
            slips = {s for s in self.forms.secrets if any(s in p or p in s for p in public)}
            if slips:
                self._remembered -= slips
                for slip in slips:
                    self._learned.pop(slip, None)
                self._make_forms()

    def forget_all(self) -> None:
        with self._lock:
            for kept in (self._remembered, self._learned, self._public):
                kept.clear()
            self._make_forms()

    def _can_be(self, secret: str) -> bool:
        return (
            len(secret) >= SHORTEST
            and secret.lower() != _NO_VALUE
            and secret.strip("•*. ") != ""
            and "://" not in secret
            and not any(secret in public for public in self._public)
        )

    def _make_forms(self) -> None:
        # A new one: another thread may be searching with the old one.
        self.forms = Forms([*self._remembered, *self._learned])


_known = _Known()


def remember(value: str, *, certain: bool = False) -> None:
    """Mask this value from now on, wherever it is displayed, and whatever form it has there.

    Ignored are values of fewer than 8 characters, which could be part of any word; addresses, whose
    parameters are masked by their names; and what is public.

    Args:
        value: the secret; or a header, or a pair of user and password, in clear or in Base64, with
            the secret in it.
        certain: whether it is a secret though it was said to be public before.
    """
    _known.remember(value, certain=certain)


def learn(values: Iterable[str]) -> None:
    """Mask values that were displayed as secrets, as long as not too many others come after them.

    What is longer than any credential is masked where it has its name, and not learned.
    """
    _known.learn(values)


def declare_public(*values: str) -> None:
    """Never mask these values: a Client Id, a redirect URI.

    What was remembered and is part of one of them, or has one of them in it, was typed in the wrong
    place, and is forgotten.
    """
    _known.declare_public(values)


def forget_all() -> None:
    """Forget every value. For tests."""
    _known.forget_all()


def known_forms() -> Forms:
    """The forms of all that is known now."""
    return _known.forms


def _occurrences(text: str | bytes, needle: str | bytes) -> Iterator[Span]:
    begin = text.find(needle)  # type: ignore[arg-type]
    while begin >= 0:
        yield begin, begin + len(needle)
        begin = text.find(needle, begin + len(needle))  # type: ignore[arg-type]


def _whole(form: Form, data: bytes, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, with the Base64 around them that they are part of."""
    if not form.is_base64:
        yield from spans
        return
    last = 0
    for begin, end in spans:
        # One piece of Base64 may hold the secret often: it is gone through once.
        if end > last:
            before = data[max(last, begin - _AROUND) : begin]
            after = data[end : end + _AROUND]
            last = end + len(after) - len(after.lstrip(_BASE64).lstrip(b"="))
            yield begin - len(before) + len(before.rstrip(_BASE64)), last


def _scattered(view: View, needle: bytes) -> Iterator[Span]:
    """Where this stands in the text of which only the letters were looked at."""
    together = list(_occurrences(view.data, needle))
    yield from together
    if len(together) < view.letters.count(needle):
        for begin, end in _occurrences(view.letters, needle):
            yield view.places[begin], view.places[end - 1] + 1
