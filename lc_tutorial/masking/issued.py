"""Asking the sandbox whether it issued a value.

A token that another library received, shown without its name, is a long word like many others.
The connected sandbox can tell. It is asked by digest, once for each word that looks as if chance
had made it; a text without such words costs no question.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from itertools import islice

from lc_tutorial.masking.known import Span, known_forms, remember
from lc_tutorial.masking.words import View, looks_random

#: Whether values with these digests (SHA-256, in hex) were issued: those that were. Raises
#: TimeoutError if no answer came in time.
Question = Callable[[Collection[str]], Collection[str]]

#: Longer words are asked about by nobody.
_LONGEST = 128

#: Words of one text that are asked about.
_MOST = 512

#: Words that were not issued and are not asked about again, by their digests.
_MOST_KEPT = 8192

_lock = threading.Lock()
_questions: dict[str, Question] = {}
_others: OrderedDict[str, None] = OrderedDict()
_asking = threading.local()


def ask(name: str, question: Question) -> None:
    """Ask this sandbox, too, from now on.

    Args:
        name: of the sandbox; a second question under the same name takes the first one's place.
        question: that it answers.
    """
    with _lock:
        _questions[name] = question
        _others.clear()


def forget_questions() -> None:
    """Ask nobody any more. For tests."""
    with _lock:
        _questions.clear()
        _others.clear()


def doubtful(view: View) -> list[Span]:
    """Find out which words of a text a sandbox issued, and remember these.

    Returns:
        Where words stand that a sandbox may have issued that did not answer in time.
    """
    if not _questions or getattr(_asking, "now", False):
        return []
    words = _unknown(view)
    if not words:
        return []
    with _lock:
        questions = list(_questions.values())
    _asking.now = True
    try:
        found = {digest for question in questions for digest in question(words)}
    except TimeoutError:
        return [span for spans in words.values() for span in spans]
    finally:
        _asking.now = False
    for digest, spans in words.items():
        begin, end = spans[0]
        if digest in found:
            remember(view.text[begin:end])
        else:
            _note_other(digest)
    return []


def _unknown(view: View) -> dict[str, list[Span]]:
    """The words to ask about, by their digests, and where they stand."""
    words: dict[str, list[Span]] = {}
    known = known_forms().secrets
    for begin, end in view.long_words():
        word = view.text[begin:end]
        if len(word) <= _LONGEST and word not in known and looks_random(word):
            words.setdefault(word, []).append((begin, end))
    digests = {hashlib.sha256(word.encode()).hexdigest(): words[word] for word in words}
    with _lock:
        new = (digest for digest in digests if digest not in _others)
        return {digest: digests[digest] for digest in islice(new, _MOST)}


def _note_other(digest: str) -> None:
    with _lock:
        _others[digest] = None
        while len(_others) > _MOST_KEPT:
            _others.popitem(last=False)
